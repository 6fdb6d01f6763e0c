"""What obligations follow from decisions. Pure: no clock, network, database or setting.

There are no acts here yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from foedus.acts import Act, Body, Event
from foedus.commitments.acts import ObligationPerformed, ObligationsIncurred, ObligationsReleased
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.response.acts import (
    MeasureOwed,
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
    """No act belongs to this package."""
    raise Refused("record/reference", "{act} is not an act of commitments", act=type(act.body).__name__)


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


def due(clauses: Clauses, state: State, at: datetime) -> tuple[()]:
    """Nothing falls due here that the response does not already record."""
    return ()


def options(clauses: Clauses, state: State, seat: str, at: datetime, about: str | None = None) -> Iterator[Body]:
    """No act belongs to this package."""
    return iter(())


# Events from which something follows here.
FOLLOWED: dict[type, Callable[[State, Any], tuple[Event, ...]]] = {
    ResponseDecided: _decided,
    PositionConfirmed: _confirmed,
    MeasureOwed: _owed,
    PerformanceReported: _performed,
    ResponseClosed: _closed,
    SnappedBack: _returned,
    ReinstatementEnacted: _enacted,
    SnapbackStopped: _stopped,
}
