"""The whole state: what the entries add up to, composed of the packages' states.

A cache that may be thrown away. Its Structs are written as arrays: kept on disk, they are half as long, and a start
reads them in half the time.
"""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus import commitments, parties, response
from foedus.acts import Entry, Event
from foedus.commitments import state as commitments_state
from foedus.commitments.acts import CommitmentEvent
from foedus.history import Map, Place
from foedus.parties import state as parties_state
from foedus.parties.acts import PartyEvent
from foedus.response import state as response_state
from foedus.response.acts import ResponseEvent

_OWNER: dict[type, str] = {
    **dict.fromkeys(get_args(PartyEvent), parties.__name__),
    **dict.fromkeys(get_args(ResponseEvent), response.__name__),
    **dict.fromkeys(get_args(CommitmentEvent), commitments.__name__),
}


class State(Struct, frozen=True, gc=False, array_like=True):
    """`size`: entries added up. `at`: time of the last. `seen`: act id → entry, so that no act counts twice."""

    size: int = 0
    at: datetime | None = None
    seen: Map[bytes, int] = HashTrieMap()
    parties: parties_state.State = parties_state.State()
    response: response_state.State = response_state.State()
    commitments: commitments_state.State = commitments_state.State()


def evolve(state: State, event: Event, place: Place) -> State:
    """The state after one event: its package's part evolves, the others are untouched."""
    owner = _OWNER[type(event)]
    if owner == "foedus.response":
        return replace(state, response=response_state.evolve(state.response, event, place))  # type: ignore[arg-type]  # _OWNER narrows it
    if owner == "foedus.parties":
        return replace(state, parties=parties_state.evolve(state.parties, event, place))  # type: ignore[arg-type]  # _OWNER narrows it
    return replace(state, commitments=commitments_state.evolve(state.commitments, event, place))  # type: ignore[arg-type]  # _OWNER narrows it


def add(state: State, entry: Entry, act_id: str) -> State:
    """The state after one entry, whose number is `state.size`.

    Rules are not run again: what was recorded is so.
    """
    place = Place(entry.true_at or entry.at, entry.at, state.size)
    for event in entry.events:
        state = evolve(state, event, place)
    seen = state.seen.insert(bytes.fromhex(act_id), place.entry)
    return replace(state, size=state.size + 1, at=entry.at, seen=seen)
