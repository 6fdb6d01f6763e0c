"""What obligations follow from decisions. Pure: no clock, network, database or setting.

There are no acts here yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from foedus.acts import Act, Body, Event
from foedus.commitments.acts import ObligationIncurred, ObligationPerformed, ObligationReleased
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.response.acts import (
    MeasureOwed,
    PerformanceReported,
    PositionConfirmed,
    ResponseClosed,
    ResponseDecided,
)
from foedus.state import State


def decide(clauses: Clauses, state: State, act: Act, at: datetime) -> tuple[Event, ...]:
    """No act belongs to this package."""
    raise Refused("record/reference", "{act} is not an act of commitments", act=type(act.body).__name__)


def follow(clauses: Clauses, state: State, event: Event, at: datetime) -> tuple[Event, ...]:
    """Joining creates the obligation; so does an immediate measure; a withdrawn report releases what rested
    on it.
    """
    if isinstance(event, ResponseDecided):
        return tuple(
            _joined(state, event.response, outcome.measure, party)
            for outcome in event.outcomes
            if outcome.carried
            for party in outcome.bound or outcome.joined
        )
    if isinstance(event, PositionConfirmed):
        response = state.response.responses[state.response.measures[event.measure].response]
        return (_joined(state, response.id, event.measure, event.party),) if response.decided else ()
    if isinstance(event, MeasureOwed):
        return tuple(
            ObligationIncurred(
                f"{event.response}/{event.measure}/{party}",
                party,
                event.response,
                event.measure,
                due_at=event.due_at,
            )
            for party in event.parties
        )
    if isinstance(event, PerformanceReported):
        return (ObligationPerformed(f"{event.response}/{event.measure}/{event.party}"),)
    if isinstance(event, ResponseClosed) and event.reason == "withdrawn":
        return tuple(
            ObligationReleased(f"{event.response}/{owed.measure}/{party}")
            for owed in state.response.responses[event.response].owed
            for party in owed.parties
            if party not in owed.performed
        )
    return ()


def _joined(state: State, response: str, measure: str, party: str) -> ObligationIncurred:
    position = state.response.measures[measure].position(party)
    return ObligationIncurred(
        f"{measure}/{party}",
        party,
        response,
        measure,
        position.contributions if position else (),
        position.starts_on if position else None,
    )


def due(clauses: Clauses, state: State, at: datetime) -> tuple[Body, ...]:
    """Nothing falls due here that the response does not already record."""
    return ()


def options(
    clauses: Clauses, state: State, seat: str, at: datetime, about: str | None = None
) -> Iterator[Body]:
    """No act belongs to this package."""
    return iter(())
