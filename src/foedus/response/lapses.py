"""What the passing of time calls for: deadlines that stand, and what is recorded when one lapses.

Nothing is invented.
"""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.history import Deadline, until
from foedus.response import acts, ballots, measures
from foedus.response.state import Clock, Response, split_deadline, standing_deadline
from foedus.state import State


def due(clauses: Clauses, state: State, at: datetime) -> tuple[acts.RecordLapse, ...]:
    """One act for every deadline that stands and is due at `at` or before, in order of time."""
    return tuple(
        acts.RecordLapse(deadline.id, deadline.due_at)
        for deadline in until(state.response.agenda, at)
        if standing_deadline(state.response, deadline)
    )


def began(state: State, body: acts.RecordLapse) -> datetime | None:
    """When the clock of a step began to run; None for deadlines that are always later than what opened them."""
    subject, kind, what = split_deadline(body.deadline)
    clock = state.response.responses[subject].clock(what) if kind == "step" else None
    return clock.place.at if clock else None


def record(clauses: Clauses, state: State, act: Act, body: acts.RecordLapse, at: datetime) -> tuple[Event, ...]:
    """Only the depositary's clock records a lapse, and only one that is due."""
    if act.seat != "depositary":
        raise Refused("record/depositary", "only the depositary's clock records that a time ran out")
    if body.due_at > at or not _known(state, body):
        raise Refused("record/due", "{deadline} is not due", deadline=body.deadline)
    subject, kind, what = split_deadline(body.deadline)
    if kind == "close":
        return ballots.closing(clauses, state, state.response.ballots[subject])
    if kind == "confirm":
        return (acts.PositionLapsed(subject, what),)
    if kind == "transcript":
        return (acts.TranscriptLapsed(subject),)
    response = state.response.responses[subject]
    if kind == "clause":
        return (acts.ClauseLapsed(subject, what),)
    if kind == "owed":
        owed = next(item for item in response.owed if item.measure == what)
        missing = tuple(party for party in owed.parties if party not in owed.performed)
        return (acts.OwedLapsed(subject, what, missing),)
    clock = response.clock(what)
    assert clock is not None, "a step cannot lapse whose clock never started"
    return _step(clauses, state, response, clock)


def _known(state: State, body: acts.RecordLapse) -> bool:
    """Whether the deadline is one this state can have: ids come from outside and may name anything."""
    try:
        return standing_deadline(state.response, Deadline(body.due_at, body.deadline))
    except (KeyError, StopIteration, ValueError):
        return False


def _step(clauses: Clauses, state: State, response: Response, clock: Clock) -> tuple[Event, ...]:
    absent = tuple(party for party in response.roll if party not in response.present)
    if clock.step == "reply":
        return (acts.StepLapsed(response.id, "reply", response.addressed),)
    if clock.step == "acknowledge":
        silent = tuple(party for party in response.roll if party not in response.acknowledged)
        return (acts.StepLapsed(response.id, "acknowledge", silent),)
    if clock.step == "convene":
        failed: tuple[Event, ...] = (
            acts.StepLapsed(response.id, "convene", absent),
            acts.ConveningFailed(response.id, absent, clock.on_lapse),
        )
        return (*failed, acts.ResponseClosed(response.id, "not_convened")) if clock.on_lapse == "ends" else failed
    return _decided(clauses, state, response, absent)


def _decided(clauses: Clauses, state: State, response: Response, absent: tuple[str, ...]) -> tuple[Event, ...]:
    tabled = [state.response.measures[item.value] for item in response.measures]
    outcomes = tuple(measures.outcome(clauses, state, measure, response) for measure in tabled)
    silent = measures.silent(clauses, state, response)
    return (
        acts.StepLapsed(response.id, "decide", silent),
        acts.ResponseDecided(response.id, outcomes, silent, absent),
        acts.ResponseClosed(response.id, "decided"),
    )
