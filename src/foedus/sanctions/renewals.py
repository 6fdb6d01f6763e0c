"""Renewal of regimes: until when each lasts, who may refuse, and what lapses for everyone if nobody renews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Regime
from foedus.compact.operators import holds
from foedus.errors import Refused
from foedus.history import as_of
from foedus.parties.authority import permission
from foedus.sanctions import acts
from foedus.sanctions.state import Listing, Schedule
from foedus.sanctions.state import Regime as Known
from foedus.sanctions.status import standing
from foedus.state import State


def next_end(regime: Regime, after: datetime) -> datetime | None:
    """When the regime ends unless renewed, if it was opened or last ended at `after`; None without a fixed end.

    A regime that lasts until 15 March lasts to the end of that day, in UTC: its text names no hour.
    """
    days = [
        date(year, int(day[:2]), int(day[3:])) for year in (after.year, after.year + 1) for day in regime.renewed_on
    ]
    ends = sorted(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1) for day in days)
    return next((end for end in ends if end > after), None)


class Term(Struct, frozen=True):
    """A regime in force at one issuer: until when, who refuses its renewal, and what lapses if nobody renews.

    `listings`: how many would end with it, rows of schedules counted. `refused`: those who refuse suffice.
    """

    regime: str
    issuer: str
    provision: str
    ends_at: datetime | None
    lapsed: datetime | None
    refusing: tuple[str, ...]
    refused: bool
    listings: int


def calendar(
    clauses: Clauses, state: State, at: datetime, known: datetime, counts: Mapping[str, int] | None = None
) -> tuple[Term, ...]:
    """Every regime as it stood `at`, as `known`: the one that ends first stands first, those without an end last.

    `counts`: how many listings would end with each, by `ISSUER/REGIME`, where the caller knows; counted here otherwise.
    """
    found = lapsing(state, at, known) if counts is None else counts
    stood = (as_of(regime, at, known) for regime in state.sanctions.regimes.values())
    terms = [_term(clauses, regime, found) for regime in stood if regime is not None and regime.ends_at]
    never = datetime.max.replace(tzinfo=UTC)
    return tuple(sorted(terms, key=lambda term: (term.ends_at or never, term.issuer, term.regime)))


def lapsing(state: State, at: datetime, known: datetime) -> Mapping[str, int]:
    """How many listings would lapse with each regime, by `ISSUER/REGIME`: a row of a schedule is one."""
    counts: Counter[str] = Counter()
    wholes: dict[str, bool] = {}
    for schedule in state.sanctions.schedules.values():
        now = standing(state.sanctions, schedule, at, known)
        wholes[schedule.id] = now is not None and now.lapses
        counts[f"{schedule.issuer}/{schedule.regime}"] += schedule.rows if wholes[schedule.id] else 0
    for one in state.sanctions.listings.values():
        now = standing(state.sanctions, one, at, known)
        key = f"{one.issuer}/{one.regime}"
        counts[key] += now is not None and now.lapses
        counts[key] -= one.schedule is not None and wholes[one.schedule]  # its row was counted with the schedule
    return counts


def _term(clauses: Clauses, regime: Known, counts: Mapping[str, int]) -> Term:
    clause = clauses.regime(regime.regime)
    refused = clause is not None and not renewable(clauses, clause[1], regime.issuer, regime.refusing)
    return Term(
        regime.regime, regime.issuer, clause[0].id if clause else "", regime.ends_at[-1].value,
        regime.lapses[-1].at if regime.lapsed else None, regime.refusing, refused,
        counts.get(f"{regime.issuer}/{regime.regime}", 0),
    )  # fmt: skip


def opening(clauses: Clauses, state: State, issuer: str, id_: str, at: datetime) -> tuple[Event, ...]:
    """The clock of a regime, when this is the issuer's first listing under it, or the first after it lapsed."""
    known = state.sanctions.regimes.get(f"{issuer}/{id_}")
    clause = clauses.regime(id_)
    if clause is None or (known is not None and not known.lapsed):
        return ()
    return (acts.RegimeOpened(issuer, id_, next_end(clause[1], at)),)


def ended_under(state: State, one: Listing | Schedule) -> bool:
    """Whether the regime of a listing lapsed since that was last made law: what is left of it is relief alone."""
    known = state.sanctions
    regime = known.regimes.get(f"{one.issuer}/{one.regime}")
    if regime is None or not regime.lapses:
        return False
    whole = known.schedules[one.schedule].facts if isinstance(one, Listing) and one.schedule else ()
    enacted = (fact for snapback in known.snapbacks.values() if (fact := snapback.enacted.get(one.issuer)))
    law = (fact.place.entry for fact in (*whole, *one.facts, *enacted) if fact.what in ("adopted", "enacted"))
    return regime.lapses[-1].entry > max(law, default=-1)


def renew(clauses: Clauses, state: State, act: Act, body: acts.RenewRegime, at: datetime) -> tuple[Event, ...]:
    """The next period, unless those who refuse suffice to prevent it by the rule of the regime."""
    permission(clauses, state, act, at)
    known = state.sanctions.regimes.get(f"{act.party}/{body.regime}")
    clause = clauses.regime(body.regime)
    if known is None or clause is None or known.lapsed:
        raise Refused(
            "record/reference", "{party} has nothing in force under {regime}", party=act.party, regime=body.regime
        )
    provision, regime = clause
    ends_at = known.ends_at[-1].value
    following = next_end(regime, ends_at) if ends_at is not None else None
    if following is None:
        raise Refused(provision.id, "{regime} has no fixed end: it needs no renewal", regime=regime.id)
    asked = datetime(body.until.year, body.until.month, body.until.day, tzinfo=UTC) + timedelta(days=1)
    if asked != following:
        expected = (following - timedelta(days=1)).date().isoformat()
        raise Refused(provision.id, "{regime} is renewed until {expected} next", regime=regime.id, expected=expected)
    against = known.refusing
    if regime.rule is not None and not renewable(clauses, regime, act.party, against):
        raise Refused(
            provision.id, "{regime} is not renewed while {parties} refuse", regime=regime.id, parties=" ".join(against)
        )
    return (acts.RegimeRenewed(act.party, body.regime, body.instrument, following),)


def renewable(clauses: Clauses, regime: Regime, issuer: str, against: tuple[str, ...]) -> bool:
    """Whether the regime can be renewed while these refuse. Those who vote are the issuer's members by their own law,
    whether or not they have signed this compact.
    """
    if regime.rule is None:
        return issuer not in against
    roll = frozenset(party.id for party in clauses.compact.parties if issuer in party.part_of) or frozenset((issuer,))
    no = roll & frozenset(against)
    return holds(regime.rule, clauses, roll, roll - no, no, members=clauses.members)


def refuse(clauses: Clauses, state: State, act: Act, body: acts.RefuseRenewal, at: datetime) -> tuple[Event, ...]:
    """A member's refusal of the next renewal; it counts until it is taken back, or the regime is renewed."""
    permit, _ = permission(clauses, state, act, at)
    known = state.sanctions.regimes.get(f"{body.issuer}/{body.regime}")
    if known is None or known.lapsed:
        raise Refused(
            "record/reference", "{party} has nothing in force under {regime}", party=body.issuer, regime=body.regime
        )
    named = clauses.party(act.party)
    if act.party != body.issuer and (named is None or body.issuer not in named.part_of):
        raise Refused(permit.id, "{party} has no say in the renewals of {issuer}", party=act.party, issuer=body.issuer)
    if (act.party in known.refusing) == body.refuses:
        raise Refused(permit.id, "{party} has said this already", party=act.party)
    return (acts.RenewalRefused(body.issuer, body.regime, act.party, body.refuses),)
