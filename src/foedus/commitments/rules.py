"""The rules of commitments: decide, follow, due and options. Pure: no clock, network, database or setting.

Each handler lives with its subject: what is owed, what comes, what is needed and offered. What follows from decisions
elsewhere is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from foedus.acts import Act, Event
from foedus.commitments import acts, coming, owing, supply
from foedus.commitments.acts import (
    CommitmentAct,
    ObligationPerformed,
    ObligationsIncurred,
    ObligationsReleased,
    RecordOverdue,
)
from foedus.commitments.options import offered
from foedus.commitments.state import standing_deadline
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.history import Deadline, until
from foedus.response.acts import (
    MeasureOwed,
    OutcomeRecounted,
    PerformanceReported,
    PositionConfirmed,
    ResponseClosed,
    ResponseDecided,
)
from foedus.sanctions.acts import ReinstatementEnacted, SnapbackStopped, SnappedBack
from foedus.state import State

# What each issuer owes when listings came back: an act of its own law.
REINSTATEMENT = "reinstatement"


def decide(clauses: Clauses, state: State, act: Act, at: datetime) -> tuple[Event, ...]:
    """What becomes true because of the act. Raises Refused with the clause."""
    return HANDLERS[type(act.body)](clauses, state, act, act.body, at)


def follow(clauses: Clauses, state: State, event: Event, at: datetime) -> tuple[Event, ...]:
    """Joining creates the obligation; so does an immediate measure; a withdrawn report releases what rested
    on it.
    """
    meaning = FOLLOWED.get(type(event))
    return meaning(state, event) if meaning else ()


def _decided(state: State, event: ResponseDecided) -> tuple[Event, ...]:
    return tuple(
        ObligationsIncurred(outcome.measure, event.response, outcome.measure, parties)
        for outcome in event.outcomes
        if outcome.carried and (parties := outcome.bound or outcome.joined)
    )


def _recounted(state: State, event: OutcomeRecounted) -> tuple[Event, ...]:
    """Who owes by the new count and did not; and who by its own later word owes no more, unless it performed."""
    outcome, known = event.outcome, state.commitments.obligations
    owing = (outcome.bound or outcome.joined) if outcome.carried else ()
    held = {
        party: owed
        for party in state.response.responses[event.response].roll
        if (owed := known.get(f"{outcome.measure}/{party}")) is not None and owed.released is None
    }
    new = tuple(party for party in owing if party not in held)
    gone = tuple(party for party, owed in held.items() if party not in owing and owed.performed is None)
    found: tuple[Event, ...] = ()
    if new:
        found += (ObligationsIncurred(outcome.measure, event.response, outcome.measure, new),)
    return (*found, ObligationsReleased(outcome.measure, gone)) if gone else found


def _confirmed(state: State, event: PositionConfirmed) -> tuple[Event, ...]:
    """Who confirms after the decision owes what it joined, where that was carried and binds it not yet."""
    response = state.response.responses[state.response.measures[event.measure].response]
    outcomes = response.decided.outcomes if response.decided else ()
    return tuple(
        ObligationsIncurred(event.measure, response.id, event.measure, (event.party,))
        for one in outcomes
        if one.measure == event.measure
        and one.carried
        and event.party in one.to_confirm
        and event.party not in one.bound
    )


def _owed(state: State, event: MeasureOwed) -> tuple[Event, ...]:
    subject = f"{event.response}/{event.measure}"
    return (ObligationsIncurred(subject, event.response, event.measure, event.parties, event.due_at),)


def _performed(state: State, event: PerformanceReported) -> tuple[Event, ...]:
    return (ObligationPerformed(f"{event.response}/{event.measure}/{event.party}"),)


def _returned(state: State, event: SnappedBack) -> tuple[Event, ...]:
    """What came back under the compact is law again only when each issuer enacts it."""
    if not event.issuers:
        return ()
    return (ObligationsIncurred(event.snapback, event.snapback, REINSTATEMENT, event.issuers, event.owed_by),)


def _enacted(state: State, event: ReinstatementEnacted) -> tuple[Event, ...]:
    return (ObligationPerformed(f"{event.snapback}/{event.issuer}"),) if event.listing is None else ()


def _stopped(state: State, event: SnapbackStopped) -> tuple[Event, ...]:
    returned = state.sanctions.snapbacks[event.snapback].returned
    left = tuple(
        issuer
        for issuer in (returned.issuers if returned else ())
        if state.commitments.obligations[f"{event.snapback}/{issuer}"].performed is None
    )
    return (ObligationsReleased(event.snapback, left),) if left else ()


def _closed(state: State, event: ResponseClosed) -> tuple[Event, ...]:
    if event.reason != "withdrawn":
        return ()
    return tuple(
        ObligationsReleased(f"{event.response}/{owed.measure}", parties)
        for owed in state.response.responses[event.response].owed
        if (parties := tuple(party for party in owed.parties if party not in owed.performed))
    )


def due(clauses: Clauses, state: State, at: datetime) -> tuple[RecordOverdue, ...]:
    """Tranches whose grace is over at `at` or before, and answers on re-export that did not come."""
    return tuple(
        RecordOverdue(deadline.id, deadline.due_at)
        for deadline in until(state.commitments.agenda, at)
        if standing_deadline(state.commitments, deadline)
    )


def record(clauses: Clauses, state: State, act: Act, body: RecordOverdue, at: datetime) -> tuple[Event, ...]:
    """Only the depositary's clock records that something is overdue, and only when it is."""
    if act.seat != "depositary":
        raise Refused("record/depositary", "only the depositary's clock records that something is overdue")
    if body.due_at > at or not _known(state, body):
        raise Refused("record/due", "{deadline} is not overdue", deadline=body.deadline)
    kind, _, subject = body.deadline.partition("/")
    return (acts.ReexportUnanswered(subject),) if kind == "reexport" else (acts.TrancheOverdue(subject),)


def _known(state: State, body: RecordOverdue) -> bool:
    """Whether the deadline is one this state can have: ids come from outside and may name anything."""
    try:
        return standing_deadline(state.commitments, Deadline(body.due_at, body.deadline))
    except KeyError:
        return False


def options(
    clauses: Clauses,
    state: State,
    seat: str,
    at: datetime,
    about: str | None = None,
    kinds: frozenset[type] | None = None,
) -> Iterator[CommitmentAct]:
    """Acts of commitments that the seat may want to perform; the caller keeps those that decide accepts."""
    return offered(clauses, state, seat, at, about)


HANDLERS: dict[type, Callable[[Clauses, State, Act, Any, datetime], tuple[Event, ...]]] = {
    acts.UndertakeObligation: owing.undertake,
    acts.SettleCondition: owing.settle,
    acts.ScheduleTranche: owing.schedule,
    acts.RequestPerformance: owing.request,
    acts.LinkPledge: owing.link,
    acts.Allocate: coming.allocate,
    acts.ReportDelivery: coming.report,
    acts.ConfirmReceipt: coming.confirm,
    acts.DisputeReceipt: coming.dispute,
    acts.VerifyDelivery: coming.verify,
    acts.ReturnDelivery: coming.give_back,
    acts.TransferFunding: coming.transfer,
    acts.CorrectFigure: coming.correct,
    acts.StateRequirement: supply.require,
    acts.OfferSupply: supply.offer,
    acts.RequestReexport: supply.request,
    acts.AnswerReexport: supply.answer,
    RecordOverdue: record,
}
# Events from which something follows here.
FOLLOWED: dict[type, Callable[[State, Any], tuple[Event, ...]]] = {
    ResponseDecided: _decided,
    OutcomeRecounted: _recounted,
    PositionConfirmed: _confirmed,
    MeasureOwed: _owed,
    PerformanceReported: _performed,
    ResponseClosed: _closed,
    SnappedBack: _returned,
    ReinstatementEnacted: _enacted,
    SnapbackStopped: _stopped,
}
