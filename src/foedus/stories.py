"""What people ask of a record first: an attack tonight, a party that withdraws, a renewal that is refused.

Each is a list of supposed acts (`supposing`), made from the clauses and the seats that there are: who may report and
activate is asked of the rules, so that no seat and no state is written here. Nobody is said to do any of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from foedus import rules
from foedus.acts import Body
from foedus.compact.clauses import Clauses
from foedus.compact.model import Evidence
from foedus.errors import Refused
from foedus.parties.acts import GiveNotice
from foedus.response.acts import Activate, ReportIncident
from foedus.sanctions.acts import RefuseRenewal, RenewRegime
from foedus.sanctions.renewals import renewable
from foedus.state import State
from foedus.supposing import Difference, Supposed, suppose

MOST_ITEMS = 20  # of a supposed act


def attack(clauses: Clauses, state: State, at: datetime) -> tuple[Supposed, ...]:
    """The protected party reports an attack with as much evidence as the compact asks for, and activates half an hour
    later. Raises Refused where no seat of it may report.
    """
    party = clauses.compact.protected
    items = max((one.at_least for _, one in clauses.every(Evidence)), default=1)
    offers = ((seat, body) for seat in _seats(state, party) for body in _offered(clauses, state, seat, at))
    for seat, body in offers:
        report = Supposed(seat, _written(body), evidence=min(items, MOST_ITEMS))
        reported = suppose(clauses, state, at, [report], at)
        if _allowed(reported):
            return (report, *_activation(clauses, reported, party, report, at))
    raise Refused("compact", "no seat of {party} may report an attack now", party=party)


def _offered(clauses: Clauses, state: State, seat: str, at: datetime) -> Iterator[Body]:
    yield from rules.offered(clauses, state, seat, at, kinds=frozenset({ReportIncident}))


def _activation(
    clauses: Clauses, reported: Difference, party: str, report: Supposed, at: datetime
) -> Iterator[Supposed]:
    """The act that opens a response to what was reported, by whichever seats may."""
    (incident,) = set(reported.then.response.incidents) - set(reported.now.response.incidents)
    body, seats = Activate(incident), _seats(reported.now, party)
    for seat in seats:
        also = tuple(one for one in seats if one != seat)[: rules.signatures_needed(clauses, body) - 1]
        act = Supposed(seat, _written(body), "PT30M", also)
        if _allowed(suppose(clauses, reported.now, at, [report, act], at + timedelta(minutes=30))):
            yield act
            return


def withdrawal(clauses: Clauses, state: State, at: datetime, party: str) -> tuple[Supposed, ...]:
    """A party gives notice. Raises Refused where none of its seats may."""
    return (_first(clauses, state, at, party, GiveNotice(clauses.compact.id)),)


def withdrawable(clauses: Clauses, state: State, at: datetime) -> list[str]:
    """Who may give notice now, by code."""
    found = {seat.party for seat in state.parties.seats.values() if seat.revoked is None}
    return [party for party in sorted(found) if _may(clauses, state, at, party, GiveNotice(clauses.compact.id))]


def refusal(clauses: Clauses, state: State, at: datetime, party: str, regime: str) -> tuple[Supposed, ...]:
    """A party refuses the next renewal of `ISSUER/REGIME`; a day before it ends its issuer tries to renew it."""
    issuer, _, name = regime.partition("/")
    refuses = _first(clauses, state, at, party, RefuseRenewal(issuer, name))
    ends = state.sanctions.regimes[regime].ends_at[-1].value
    assert ends is not None, "only what ends is renewed"
    days = max((ends - at).days - 1, 0)
    renews = RenewRegime(name, ends.date() + timedelta(days=180), "supposed")
    seats = [seat for seat in _seats(state, issuer) if _permits(clauses, state, seat, renews)]
    tries = [Supposed(seats[0], _written(renews), f"P{days}D" if days else "PT1H")] if seats else []
    return (refuses, *tries)


def refusable(clauses: Clauses, state: State) -> list[tuple[str, str]]:
    """Who can by itself keep which regime, `ISSUER/REGIME`, from being renewed: party and regime, by code."""
    found = []
    for key, one in sorted(state.sanctions.regimes.items()):
        clause = clauses.regime(one.regime)
        if clause is None or one.lapsed or not one.ends_at or one.ends_at[-1].value is None:
            continue
        members = [party.id for party in clauses.compact.parties if one.issuer in party.part_of] or [one.issuer]
        found += [
            (party, key) for party in sorted(members)
            if _seats(state, party) and not renewable(clauses, clause[1], one.issuer, (*one.refusing, party))
        ]  # fmt: skip
    return found


def _first(clauses: Clauses, state: State, at: datetime, party: str, body: Body) -> Supposed:
    """The act by the first seat that may. Raises Refused, as the last was."""
    last: Refused | None = None
    for seat in _seats(state, party):
        act = Supposed(seat, _written(body))
        step = suppose(clauses, state, at, [act], at).steps[-1]
        if step.refused is None:
            return act
        last = step.refused
    raise last or Refused("record/seat", "{party} has no seat that could act", party=party)


def _may(clauses: Clauses, state: State, at: datetime, party: str, body: Body) -> bool:
    try:
        _first(clauses, state, at, party, body)
    except Refused:
        return False
    return True


def _permits(clauses: Clauses, state: State, seat: str, body: Body) -> bool:
    holder = state.parties.seats[seat]
    permits = clauses.permits(type(body).__name__)
    return any(not by.roles or holder.role in by.roles for _, permit in permits for by in permit.by)


def _allowed(found: Difference) -> bool:
    return all(step.refused is None for step in found.steps)


def _seats(state: State, party: str) -> list[str]:
    return sorted(one.id for one in state.parties.seats.values() if one.party == party and one.revoked is None)


def _written(body: Body) -> dict[str, object]:
    written = msgspec.to_builtins(body)
    assert isinstance(written, dict), "an act is written as an object"
    return written
