"""Conditions of easing and easings: attested and contested, proposed and consented to, and what an easing covers."""

from __future__ import annotations

from datetime import datetime
from operator import is_not

from msgspec import Struct

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Condition, Easing, Provision
from foedus.compact.operators import Verdict
from foedus.errors import Refused
from foedus.parties.authority import judged, permission, present
from foedus.response import subjects
from foedus.sanctions import acts
from foedus.sanctions.state import Attestation, Listing, Schedule
from foedus.sanctions.state import Easing as Asked
from foedus.state import State


class Appraisal(Struct, frozen=True):
    """How a condition stands: what each party says of it that counts, who is stale, and whether its rule holds."""

    provision: Provision
    clause: Condition
    verdict: Verdict
    counting: dict[str, Attestation]
    stale: tuple[str, ...]


class _Answered(Struct, frozen=True):
    """An answer that holds while what it was read from are the very same objects."""

    when: tuple[datetime, datetime]
    read_from: tuple[object, ...]
    found: tuple[Appraisal, ...]


# The last answer: each way to answer an easing asks again.
_last: _Answered | None = None


def appraised(clauses: Clauses, state: State, at: datetime, known: datetime | None = None) -> tuple[Appraisal, ...]:
    """Every condition of the compact as it stood `at`, as `known` (by then), in the order of the document.

    The rule is judged over the parties of today, whenever one asks about.
    """
    global _last  # noqa: PLW0603 - a memo of a pure function, replaced whole
    when, sanctions, parties = (at, known or at), state.sanctions, state.parties
    read_from = (clauses, sanctions.conditions, sanctions.aggressions, parties.standings, parties.tiers)
    last = _last
    if last is None or last.when != when or any(map(is_not, last.read_from, read_from)):
        found = [appraisal(clauses, state, *pair, *when) for pair in clauses.every(Condition)]
        _last = last = _Answered(when, read_from, tuple(found))
    return last.found


def appraisal(
    clauses: Clauses, state: State, provision: Provision, clause: Condition, at: datetime,
    known_by: datetime | None = None,
) -> Appraisal:  # fmt: skip
    """One condition of the compact, as `appraised` has it."""
    when = (at, known_by or at)
    known = state.sanctions.conditions.get(clause.id)
    since = max((one.place.entry for one in state.sanctions.aggressions if one.place.seen(*when)), default=-1)
    counting, stale = {}, []
    for party, said in known.said.items() if known else ():
        last = next((one for one in reversed(said) if one.place.seen(*when)), None)
        if last is None:
            continue
        if not last.met or (last.place.entry > since and last.stale_at is not None and at < last.stale_at):
            counting[party] = last
        else:
            stale.append(party)
    roll = present(clauses, state)
    yes = frozenset(party for party, last in counting.items() if last.met)
    no = frozenset(party for party, last in counting.items() if not last.met)
    verdict = judged(clauses, state, clause.rule, roll, yes, no)
    return Appraisal(provision, clause, verdict, counting, tuple(stale))


def all_met(clauses: Clauses, state: State, at: datetime) -> None:
    """Refused, citing the first condition that is not met."""
    for one in appraised(clauses, state, at):
        if not one.verdict.holds:
            raise Refused(
                one.provision.id, "condition {condition} is not met: attested by {attested}, contested by {contested}",
                condition=one.clause.id, attested=_parties(one, True), contested=_parties(one, False),
            )  # fmt: skip


def _parties(one: Appraisal, met: bool) -> str:
    return " ".join(sorted(party for party, last in one.counting.items() if last.met == met)) or "–"


def attest(clauses: Clauses, state: State, act: Act, body: acts.AttestCondition, at: datetime) -> tuple[Event, ...]:
    """A party says, with evidence, that a condition is met. It may say so again, whenever that grows stale."""
    permission(clauses, state, act, at)
    clause = _condition(clauses, body.condition)
    _evidenced(act, body, at)
    stale_at = clause.stale_after.after(at)
    return (acts.ConditionAttested(body.condition, act.party, act.seat, body.evidence, stale_at),)


def contest(clauses: Clauses, state: State, act: Act, body: acts.ContestCondition, at: datetime) -> tuple[Event, ...]:
    """A party says, with evidence, that a condition is not met. That lasts until it attests the contrary."""
    permission(clauses, state, act, at)
    _condition(clauses, body.condition)
    _evidenced(act, body, at)
    return (acts.ConditionContested(body.condition, act.party, act.seat, body.evidence),)


def _condition(clauses: Clauses, id_: str) -> Condition:
    clause = next((one for _, one in clauses.every(Condition) if one.id == id_), None)
    if clause is None:
        raise Refused("record/reference", "{condition} is not a condition of this compact", condition=id_)
    return clause


def _evidenced(act: Act, body: acts.AttestCondition | acts.ContestCondition, at: datetime) -> None:
    if not body.evidence:
        raise Refused("record/attachment", "a condition is attested or contested with evidence; none is named")
    subjects.attached(act, body.evidence, at)


# --- easings ------------------------------------------------------------------------------------------------


def propose(clauses: Clauses, state: State, act: Act, body: acts.ProposeEasing, at: datetime) -> tuple[Event, ...]:
    """An easing is put to the parties once every condition is met."""
    permit, _ = permission(clauses, state, act, at)
    clause = clauses.one(Easing)
    if clause is None:
        raise Refused(permit.id, "no clause of the compact says how sanctions are eased together")
    all_met(clauses, state, at)
    asked = (one for one in state.sanctions.easings.values() if one.party == act.party)
    mine = next((one for one in asked if _open(one, at)), None)
    if mine is not None:
        raise Refused(
            clause[0].id, "{easing} of {party} is before the parties already", easing=mine.id, party=act.party
        )
    for step in body.steps:
        if step.until is not None and step.until <= max(at, step.starts_at or at):
            raise Refused("record/time", "a step of an easing ends after it begins, and after it is received")
    id_ = f"E-{len(state.sanctions.easings) + 1}"
    roll = tuple(sorted(present(clauses, state)))
    closes_at = clause[1].closes_within.after(at)
    return (acts.EasingProposed(id_, act.party, clause[0].id, body.steps, roll, closes_at),)


def _open(easing: Asked, at: datetime) -> bool:
    return easing.agreed is None and easing.failed is None and easing.ended is None and at < easing.closes_at


def consent(clauses: Clauses, state: State, act: Act, body: acts.ConsentToEasing, at: datetime) -> tuple[Event, ...]:
    """One party's word; once nothing that others may still say can undo it, and every condition holds, it is agreed."""
    permit, _ = permission(clauses, state, act, at)
    easing = state.sanctions.easings.get(body.easing)
    if easing is None:
        raise Refused("record/reference", "there is no easing {easing}", easing=body.easing)
    if not _open(easing, at):
        raise Refused(easing.provision, "{easing} is no longer before the parties", easing=easing.id)
    if act.party not in easing.roll:
        raise Refused(permit.id, "{party} is not on the roll of {easing}", party=act.party, easing=easing.id)
    answered = acts.EasingAnswered(easing.id, act.party, body.choice)
    if all(one.verdict.holds for one in appraised(clauses, state, at)):
        choices = {**_choices(easing), act.party: body.choice}
        verdict = _verdict(clauses, state, easing, choices)
        if verdict is not None and verdict.settled:
            return (answered, acts.EasingAgreed(easing.id, _saying(choices, "yes")))
    return (answered,)


def _choices(easing: Asked) -> dict[str, str]:
    return {party: said[-1].value for party, said in easing.answers.items()}


def _saying(choices: dict[str, str], choice: str) -> tuple[str, ...]:
    return tuple(sorted(party for party, said in choices.items() if said == choice))


def _verdict(clauses: Clauses, state: State, easing: Asked, choices: dict[str, str]) -> Verdict | None:
    clause = clauses.one(Easing)
    if clause is None:  # amended away: nothing is agreed under it any more
        return None
    yes, no, abstain = (frozenset(_saying(choices, word)) for word in ("yes", "no", "abstain"))
    return judged(clauses, state, clause[1].rule, frozenset(easing.roll), yes, no, abstain)


def comes_to(clauses: Clauses, state: State, easing: Asked) -> tuple[bool, bool]:
    """Whether enough consent to it by now, and whether nothing still said could undo that; conditions apart."""
    verdict = _verdict(clauses, state, easing, _choices(easing))
    return (verdict.holds, verdict.settled) if verdict is not None else (False, False)


def closing(clauses: Clauses, state: State, easing: Asked, at: datetime) -> tuple[Event, ...]:
    """The time to consent is over: agreed if the rule holds over what was said, and every condition is met."""
    choices = _choices(easing)
    verdict = _verdict(clauses, state, easing, choices)
    unmet = tuple(one.clause.id for one in appraised(clauses, state, at) if not one.verdict.holds)
    if verdict is not None and verdict.holds and not unmet:
        return (acts.EasingAgreed(easing.id, _saying(choices, "yes")),)
    silent = tuple(party for party in easing.roll if party not in choices)
    return (acts.EasingFailed(easing.id, silent, unmet),)


def covered(clauses: Clauses, state: State, listing: Listing | Schedule, body: acts.GrantRelief, at: datetime) -> None:
    """Refused unless the easing is agreed, a step of it covers this relief now, and every condition still holds."""
    easing = state.sanctions.easings.get(str(body.easing))
    if easing is None:
        raise Refused("record/reference", "there is no easing {easing}", easing=body.easing)
    if easing.agreed is None or easing.ended is not None:
        raise Refused(easing.provision, "{easing} is not agreed, or has ended: no relief rests on it", easing=easing.id)
    if body.effective_at < easing.agreed.place.at:
        raise Refused(
            easing.provision, "{easing} was agreed at {agreed}: no relief under it has effect before that",
            easing=easing.id, agreed=easing.agreed.place.at.isoformat(),
        )  # fmt: skip
    all_met(clauses, state, at)
    for step in easing.steps:
        fits = step.restriction == listing.restriction and step.regime in (None, listing.regime)
        begun = step.starts_at is None or step.starts_at <= min(at, body.effective_at)
        ends = step.until is None or (body.until is not None and body.until <= step.until)
        if fits and step.kind == body.kind and begun and ends:
            return
    until = body.until.isoformat() if body.until else "–"
    raise Refused(
        easing.provision, "no step of {easing} lets {listing} be {kind} now, until {until}",
        easing=easing.id, listing=listing.id, kind=body.kind, until=until,
    )  # fmt: skip
