"""What parties owe: obligations under a clause, their conditions and dates, requests, and how pledges belong together.

A party speaks of what it owes itself. What binds less than the text says may be said, what binds more may not.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from foedus.acts import Act, Event
from foedus.commitments import acts
from foedus.commitments.acts import Quantity
from foedus.commitments.reading import named, obligation_of, own, sound, unit_due
from foedus.commitments.state import Obligation, Tranche, bounds
from foedus.compact.clauses import Clauses
from foedus.compact.model import Duty, Measure, Provision
from foedus.errors import Refused
from foedus.parties.authority import belongs, permission
from foedus.state import State

# What a text of each force can bind to, the strongest first.
BINDINGS = ("legal", "political", "intention")
WEAKEST = {"legal": 0, "political": 1, "recommendation": 2}
MOST_TRANCHES = 1_000
CAPPED = ("fixed", "up_to", "units")


def undertake(
    clauses: Clauses, state: State, act: Act, body: acts.UndertakeObligation, at: datetime
) -> tuple[Event, ...]:
    """What the acting party owes, by its own word, under a clause that says so."""
    permit, _ = permission(clauses, state, act, at)
    sound(body.quantity)
    named(clauses, body.owed_to)
    if body.owed_to == act.party:
        raise Refused(permit.id, "{party} owes nothing to itself", party=act.party)
    _in_its_time(body)
    force = _force(clauses, state, act, body)
    if BINDINGS.index(body.binding) < WEAKEST[force]:
        raise Refused(
            permit.id, "{clause} binds as {force}: an obligation under it is no more", clause=body.clause, force=force
        )
    return (
        acts.ObligationUndertaken(
            f"O-{state.commitments.undertaken + 1}", act.party, body.agreement, body.clause, body.kind, body.basis,
            body.quantity, body.binding, body.owed_to, body.starts_on, body.ends_on, body.every, body.within_hours,
            body.conditions,
        ),
    )  # fmt: skip


def _in_its_time(body: acts.UndertakeObligation) -> None:
    if (body.within_hours is None) == (body.basis == "per_request"):
        raise Refused("record/time", "hours belong to what is owed on request, and to nothing else")
    if body.every is not None and body.starts_on is None:
        raise Refused("record/time", "what is owed again and again begins on a day")
    if body.starts_on is not None and body.ends_on is not None and body.ends_on < body.starts_on:
        raise Refused("record/time", "an obligation ends on {ends}, before it begins", ends=body.ends_on.isoformat())


def _force(clauses: Clauses, state: State, act: Act, body: acts.UndertakeObligation) -> str:
    """How the text binds that the obligation names, or Refused where it says nothing of the kind to the party."""
    if body.agreement != clauses.compact.id:
        agreement = clauses.agreement(body.agreement)
        if agreement is None or act.party not in {one.party for one in agreement.parties}:
            raise Refused(
                "record/reference", "{agreement} is no agreement of {party}", agreement=body.agreement, party=act.party
            )
        return agreement.force
    asked: tuple[tuple[Provision, Duty | Measure], ...] = (*clauses.every(Duty), *clauses.every(Measure))
    for provision, clause in asked:
        asks = provision.id == body.clause and clause.kind == body.kind
        if asks and any(belongs(clauses, state, act.party, group) for group in clause.bearers):
            return provision.force
    raise Refused(
        "record/reference", "{clause} asks nothing of the kind {kind} of {party}",
        clause=body.clause, kind=body.kind, party=act.party,
    )  # fmt: skip


def settle(clauses: Clauses, state: State, act: Act, body: acts.SettleCondition, at: datetime) -> tuple[Event, ...]:
    """A condition was met or failed; the newest word counts."""
    permit, _ = permission(clauses, state, act, at)
    one = own(state, act, body.obligation, permit.id)
    if one.terms is None or body.condition not in one.terms.conditions:
        raise Refused(
            "record/reference", "{obligation} has no condition {condition}",
            obligation=one.id, condition=body.condition,
        )  # fmt: skip
    if (body.condition not in one.unmet) == body.met and any(s.condition == body.condition for s in one.settled):
        raise Refused(permit.id, "that is said of {condition} already", condition=body.condition)
    return (acts.ConditionSettled(one.id, body.condition, body.met),)


def day_ends(day: date) -> datetime:
    """The end of a day: midnight after it, UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def schedule(clauses: Clauses, state: State, act: Act, body: acts.ScheduleTranche, at: datetime) -> tuple[Event, ...]:
    """A part of what is owed gets its day."""
    permit, _ = permission(clauses, state, act, at)
    one = own(state, act, body.obligation, permit.id)
    if one.terms is not None and one.terms.basis == "per_request":
        raise Refused(permit.id, "{obligation} falls due when it is requested, on no day", obligation=one.id)
    sound(body.quantity, unit_due(one, None))
    _room(one, permit.id)
    _within_sum(state, one, body.quantity, permit.id)
    due_at = day_ends(body.due_on)
    id_ = f"{one.id}/T-{len(one.tranches) + 1}"
    overdue_at = due_at + timedelta(days=body.grace_days)
    return (acts.TrancheScheduled(id_, one.id, body.quantity, due_at, overdue_at),)


def _room(one: Obligation, permit: str) -> None:
    if len(one.tranches) >= MOST_TRANCHES:
        raise Refused(permit, "{obligation} has {most} tranches, as many as one may have", obligation=one.id,
                      most=MOST_TRANCHES)  # fmt: skip


def _within_sum(state: State, one: Obligation, more: Quantity, permit: str, instead: Tranche | None = None) -> None:
    """Refused where tranches add up to more than a fixed sum, an upper limit or a number of units.

    What recurs is counted for every period.
    """
    if one.terms is None or one.terms.basis not in CAPPED or one.terms.every is not None:
        return
    planned = bounds(more).low
    for tranche in (state.commitments.tranches[each.value] for each in one.tranches):
        if instead is None or tranche.id != instead.id:
            planned += bounds(tranche.figures[-1].value).low
    whole = bounds(one.figures[-1].value)
    if not whole.open and planned > whole.high:
        raise Refused(
            permit, "tranches of {obligation} add up to {planned}, more than the {whole} that are owed",
            obligation=one.id, planned=plain(planned), whole=plain(whole.high),
        )  # fmt: skip


def plain(number: Decimal) -> str:
    """A number without zeros at its end."""
    return f"{number.normalize():f}"


def request(clauses: Clauses, state: State, act: Act, body: acts.RequestPerformance, at: datetime) -> tuple[Event, ...]:
    """The hours run from the receipt of the request."""
    permit, _ = permission(clauses, state, act, at)
    one = obligation_of(state, body.obligation)
    if one.terms is None or one.terms.within_hours is None:
        raise Refused(permit.id, "{obligation} is not owed on request", obligation=one.id)
    if act.party != one.terms.owed_to:
        raise Refused(permit.id, "{obligation} is owed to {party}: it requests it", obligation=one.id,
                      party=one.terms.owed_to)  # fmt: skip
    quantity = body.quantity or one.figures[-1].value
    sound(quantity, one.figures[-1].value.unit)
    _room(one, permit.id)
    id_ = f"{one.id}/T-{len(one.tranches) + 1}"
    return (acts.PerformanceRequested(id_, one.id, quantity, at + timedelta(hours=one.terms.within_hours)),)


def link(clauses: Clauses, state: State, act: Act, body: acts.LinkPledge, at: datetime) -> tuple[Event, ...]:
    """Two obligations of one party that are not two: one of them counts no more."""
    permit, _ = permission(clauses, state, act, at)
    pledge, one = own(state, act, body.pledge, permit.id), own(state, act, body.obligation, permit.id)
    if pledge.id == one.id or not (pledge.counts and one.counts):
        raise Refused(
            permit.id, "{pledge} and {obligation} are not two obligations that both count",
            pledge=pledge.id, obligation=one.id,
        )  # fmt: skip
    return (acts.PledgeLinked(pledge.id, body.link, one.id),)


def corrected(state: State, act: Act, body: acts.CorrectFigure, permit: str) -> Obligation | None:
    """The obligation whose figure, or the figure of whose tranche, is corrected; None where it is of another kind."""
    tranche = state.commitments.tranches.get(body.subject)
    if tranche is None and body.subject not in state.commitments.obligations:
        return None
    one = own(state, act, tranche.obligation if tranche else body.subject, permit)
    subject = tranche or one
    if body.quantity is None or body.value is not None or not subject.figures:
        raise Refused(permit, "{subject} has one figure: its quantity", subject=body.subject)
    sound(body.quantity, subject.figures[-1].value.unit)
    if tranche:
        _within_sum(state, one, body.quantity, permit, tranche)
    return one
