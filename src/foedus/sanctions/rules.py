"""The rules of sanctions: decide, follow, due and options. Pure: no clock, network, database or setting.

Each handler lives with its subject: listings, renewals, conditions, snapback. This module is their table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from foedus.acts import PLACEHOLDER, Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Condition, Regime
from foedus.errors import Refused
from foedus.history import Deadline, until
from foedus.response.acts import AttackEstablished, Choice, Evidence
from foedus.sanctions import acts, conditions, listings, published, renewals, snapback
from foedus.sanctions.acts import SanctionsAct
from foedus.sanctions.state import found, standing_deadline
from foedus.state import State

# What options are asked about that concerns nothing in the record yet: sanctions as a whole.
SANCTIONS = "sanctions"
# Without one to speak of, options look at so many of the newest schedules, easings and snapbacks.
NEWEST = 5


def decide(clauses: Clauses, state: State, act: Act, at: datetime) -> tuple[Event, ...]:
    """What becomes true because of the act. Raises Refused with the clause."""
    return HANDLERS[type(act.body)](clauses, state, act, act.body, at)


def follow(clauses: Clauses, state: State, event: Event, at: datetime) -> tuple[Event, ...]:
    """An attack that is established renews aggression, and on that what was eased comes back."""
    meaning = FOLLOWED.get(type(event))
    return meaning(clauses, state, event, at) if meaning else ()


def due(clauses: Clauses, state: State, at: datetime) -> tuple[acts.RecordSanctionsLapse, ...]:
    """What runs out at `at` or before: listings, reliefs, regimes, easings, notices, acts owed by law."""
    return tuple(
        acts.RecordSanctionsLapse(deadline.id, deadline.due_at)
        for deadline in until(state.sanctions.agenda, at)
        if standing_deadline(state.sanctions, deadline)
    )


def began(state: State, body: acts.RecordSanctionsLapse) -> datetime | None:
    """Since when a deadline could come true, where that may be later than itself: a relief that a snapback ended and
    that goes on, because the snapback was stopped, may have run out meanwhile.
    """
    stopped = [one.stopped.place.at for one in state.sanctions.snapbacks.values() if one.stopped is not None]
    return max(stopped, default=None) if body.deadline.startswith("relief/") else None


def record(
    clauses: Clauses, state: State, act: Act, body: acts.RecordSanctionsLapse, at: datetime
) -> tuple[Event, ...]:
    """Only the depositary's clock records a lapse, and only one that is due."""
    if act.seat != "depositary":
        raise Refused("record/depositary", "only the depositary's clock records that a time ran out")
    if body.due_at > at or not _known(state, body):
        raise Refused("record/due", "{deadline} is not due", deadline=body.deadline)
    kind, _, subject = body.deadline.partition("/")
    known = state.sanctions
    if kind == "regime":
        regime = known.regimes[subject]
        return (acts.RegimeLapsed(regime.issuer, regime.regime, regime.refusing),)
    if kind == "easing":
        return conditions.closing(clauses, state, known.easings[subject], body.due_at)
    if kind == "snapback":
        return snapback.came_due(clauses, state, known.snapbacks[subject], body.due_at)
    if kind == "enact":
        return (acts.ReinstatementOverdue(subject, known.snapbacks[subject].missing),)
    one = found(known, subject)
    if kind == "relief" and one is not None and not renewals.ended_under(state, one):
        return (acts.ReliefEnded(subject),)
    return (acts.ListingExpired(subject),)  # its term is over, or the regime to which it would have returned


def _known(state: State, body: acts.RecordSanctionsLapse) -> bool:
    """Whether the deadline is one this state can have: ids come from outside and may name anything."""
    try:
        return standing_deadline(state.sanctions, Deadline(body.due_at, body.deadline))
    except (KeyError, AssertionError):
        return False


# What is offered of every regime of the text.
_OF_REGIMES: frozenset[type] = frozenset(
    (acts.AdoptListing, acts.AdoptSchedule, acts.ProposeListing, acts.RefuseRenewal, acts.RenewRegime)
)


# What is offered of every listing.
_OF_LISTINGS: frozenset[type] = frozenset(
    (
        *(acts.AmendListing, acts.GrantRelief, acts.Delist, acts.RecordCase, acts.RecordJudgment),
        acts.GrantExemption,
    )
)


def options(
    clauses: Clauses,
    state: State,
    seat: str,
    at: datetime,
    about: str | None = None,
    kinds: frozenset[type] | None = None,
) -> Iterator[SanctionsAct]:
    """Acts of sanctions that the seat may want to perform; the caller keeps those that decide accepts.

    `kinds`: others need not be offered.
    """
    party = state.parties.seats[seat].party
    known = state.sanctions
    if about in (None, SANCTIONS):
        if kinds is None or not kinds.isdisjoint(_OF_REGIMES):
            yield from _regime_options(clauses, state, party, at)
        evidence = (Evidence(PLACEHOLDER, seat, at, "other"),)
        for _, condition in clauses.every(Condition):
            yield acts.AttestCondition(condition.id, evidence)
            yield acts.ContestCondition(condition.id, evidence)
        yield from _common_options(clauses, state, at)
        yield acts.DepositList("publisher", "list", PLACEHOLDER, PLACEHOLDER, 1)
        yield from _judging(state)
        newest = range(len(known.schedules), max(0, len(known.schedules) - NEWEST), -1)
        if kinds is None or not kinds.isdisjoint(_OF_LISTINGS):
            for number in newest:
                yield from _listing_options(state, f"S-{number}", at)
    elif about in known.listings or about in known.schedules:
        yield from _listing_options(state, about, at)
    if about is not None and about.count("/") == 2:
        yield from _gap_options(clauses, about, at)


def _gap_options(clauses: Clauses, about: str, at: datetime) -> Iterator[SanctionsAct]:
    """How a target comes to be listed, or listed again, by the issuer that the id `ISSUER/RESTRICTION/TARGET` names."""
    issuer, restriction, target = about.split("/")
    for _, regime in clauses.every(Regime):
        if restriction in regime.restrictions:
            kind = next(one for one in regime.restrictions if one == restriction)
            yield acts.AdoptListing(target, kind, regime.id, "instrument", at)
            yield acts.ProposeListing(issuer, target, kind, regime.id)


def _regime_options(clauses: Clauses, state: State, party: str, at: datetime) -> Iterator[SanctionsAct]:
    for _, regime in clauses.every(Regime):
        restriction = regime.restrictions[0]
        number = len(state.sanctions.schedules) + 1
        yield acts.AdoptListing(f"T-{number}", restriction, regime.id, "instrument", at)
        yield acts.AdoptSchedule(PLACEHOLDER, 1, restriction, regime.id, "instrument", at)
        yield acts.ProposeListing(party, f"P-{number}", restriction, regime.id)
        known = [one for one in state.sanctions.regimes.values() if one.regime == regime.id]
        for one in sorted(known, key=lambda regime: regime.issuer):
            yield acts.RefuseRenewal(one.issuer, regime.id)
            yield acts.RefuseRenewal(one.issuer, regime.id, refuses=False)
        mine = state.sanctions.regimes.get(f"{party}/{regime.id}")
        ends_at = mine.ends_at[-1].value if mine else None
        following = renewals.next_end(regime, ends_at) if ends_at else None
        if following is not None:
            yield acts.RenewRegime(regime.id, (following - timedelta(days=1)).date(), "instrument")


def _common_options(clauses: Clauses, state: State, at: datetime) -> Iterator[SanctionsAct]:
    """What concerns easings and snapbacks, of which there are few."""
    choices: tuple[Choice, ...] = ("yes", "no", "abstain")
    yield acts.NotifySnapback()
    for _, regime in clauses.every(Regime):
        yield acts.ProposeEasing((acts.Step(regime.restrictions[0], "eased"),))
    easings, snapbacks = len(state.sanctions.easings), len(state.sanctions.snapbacks)
    for number in range(easings, max(0, easings - NEWEST), -1):
        yield from (acts.ConsentToEasing(f"E-{number}", choice) for choice in choices)
    for number in range(snapbacks, max(0, snapbacks - NEWEST), -1):
        yield from (acts.VoteToContinueRelief(f"SB-{number}", choice) for choice in choices)
        yield acts.EnactReinstatement(f"SB-{number}", "instrument", at)


def _judging(state: State) -> Iterator[acts.JudgeTargets]:
    """What may be said of two entries of lists that are deposited; which, the seat fills in."""
    lists = sorted(state.sanctions.lists)[:2]
    if lists:
        one, other = f"{lists[0]}:1", f"{lists[-1]}:2"
        yield from (acts.JudgeTargets(one, other, said) for said in ("same", "different", "withdrawn"))


def _listing_options(state: State, id_: str, at: datetime) -> Iterator[SanctionsAct]:
    yield acts.AmendListing(id_, "instrument", at)
    easings = state.sanctions.easings
    agreed = [f"E-{number}" for number in range(1, len(easings) + 1) if easings[f"E-{number}"].agreed is not None]
    for easing in (*agreed[-NEWEST:], None):
        for kind in ("suspended", "eased", "lifted"):
            yield acts.GrantRelief(id_, kind, "instrument", at, easing)
    yield acts.Delist(id_, "grounds_gone", "instrument", at)
    yield acts.RecordCase(id_, "case")
    yield acts.RecordJudgment(id_, "case", "dismissed", at)
    yield acts.RecordJudgment(id_, "case", "annulled", at)
    yield acts.GrantExemption(id_, "exemption", "humanitarian")


HANDLERS: dict[type, Callable[[Clauses, State, Act, Any, datetime], tuple[Event, ...]]] = {
    acts.ProposeListing: listings.propose,
    acts.AdoptListing: listings.adopt,
    acts.AdoptSchedule: listings.adopt_schedule,
    acts.AmendListing: listings.amend,
    acts.GrantRelief: listings.relieve,
    acts.Delist: listings.delist,
    acts.RecordCase: listings.record_case,
    acts.RecordJudgment: listings.record_judgment,
    acts.GrantExemption: listings.exempt,
    acts.DepositList: published.deposit,
    acts.JudgeTargets: published.judge,
    acts.RenewRegime: renewals.renew,
    acts.RefuseRenewal: renewals.refuse,
    acts.AttestCondition: conditions.attest,
    acts.ContestCondition: conditions.contest,
    acts.ProposeEasing: conditions.propose,
    acts.ConsentToEasing: conditions.consent,
    acts.NotifySnapback: snapback.notify,
    acts.VoteToContinueRelief: snapback.vote,
    acts.EnactReinstatement: snapback.enact,
    acts.RecordSanctionsLapse: record,
}
# Events from which something follows here.
FOLLOWED: dict[type, Callable[[Clauses, State, Any, datetime], tuple[Event, ...]]] = {
    AttackEstablished: snapback.established,
    acts.RenewedAggressionEstablished: snapback.renewed,
}
