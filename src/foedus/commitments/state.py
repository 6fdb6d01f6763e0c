"""Obligations as the entries add up to. Values and evolve; no rule, no compact."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus.commitments.acts import CommitmentEvent, ObligationsIncurred, ObligationsReleased
from foedus.history import Map, Place


class Obligation(Struct, frozen=True, gc=False, array_like=True):
    """What one party owes under one measure; what it brings, its position says.

    `due_at`: only where a clause set a clock.
    """

    id: str
    party: str
    response: str
    measure: str
    due_at: datetime | None
    place: Place
    performed: Place | None = None
    released: Place | None = None


class State(Struct, frozen=True, gc=False, array_like=True):
    """All obligations by id."""

    obligations: Map[str, Obligation] = HashTrieMap()


def evolve(state: State, event: CommitmentEvent, place: Place) -> State:
    """The state after one event of this package. Never refuses: what was recorded is so."""
    known = state.obligations
    if isinstance(event, ObligationsIncurred):
        for party in event.parties:
            id_ = f"{event.subject}/{party}"
            owed = Obligation(id_, party, event.response, event.measure, event.due_at, place)
            known = known.insert(id_, owed)
    elif isinstance(event, ObligationsReleased):
        for party in event.parties:
            owed = known[f"{event.subject}/{party}"]
            known = known.insert(owed.id, replace(owed, released=place))
    else:
        owed = known[event.obligation]
        known = known.insert(owed.id, replace(owed, performed=place))
    return replace(state, obligations=known)
