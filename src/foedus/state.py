"""The whole state: what the entries add up to, composed of the packages' states.

A cache that may be thrown away. Its Structs are written as arrays: kept on disk, they are half as long, and a start
reads them in half the time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar, get_args

from msgspec import Struct
from msgspec.structs import astuple, replace
from rpds import HashTrieMap

from foedus import commitments, parties, reparations, response, sanctions
from foedus.acts import Entry, Event
from foedus.commitments import state as commitments_state
from foedus.commitments.acts import CommitmentEvent
from foedus.history import Map, Place
from foedus.parties import state as parties_state
from foedus.parties.acts import PartyEvent
from foedus.reparations import state as reparations_state
from foedus.reparations.acts import ReparationsEvent
from foedus.response import state as response_state
from foedus.response.acts import ResponseEvent, ResponseOpened
from foedus.sanctions import state as sanctions_state
from foedus.sanctions.acts import SanctionsEvent
from foedus.seen import Seen

_OWNER: dict[type, str] = {
    **dict.fromkeys(get_args(PartyEvent), parties.__name__),
    **dict.fromkeys(get_args(ResponseEvent), response.__name__),
    **dict.fromkeys(get_args(CommitmentEvent), commitments.__name__),
    **dict.fromkeys(get_args(SanctionsEvent), sanctions.__name__),
    **dict.fromkeys(get_args(ReparationsEvent), reparations.__name__),
}


class State(Struct, frozen=True, gc=False, array_like=True):
    """`size`: entries added up. `at`: time of the last. `seen`: the acts they hold, so that none counts twice.

    `requests`: by response SHA-256, hex, of the signed payload that opened it; what is read back is made of it.
    """

    size: int = 0
    at: datetime | None = None
    seen: Seen = Seen()
    parties: parties_state.State = parties_state.State()
    response: response_state.State = response_state.State()
    commitments: commitments_state.State = commitments_state.State()
    sanctions: sanctions_state.State = sanctions_state.State()
    reparations: reparations_state.State = reparations_state.State()
    requests: Map[str, str] = HashTrieMap()


AnyStruct = TypeVar("AnyStruct", bound=Struct)


def shared(value: AnyStruct) -> AnyStruct:
    """The same value, made of words that what was recorded shortly before is made of too.

    Each entry read brings its own copy of every party, step and id it names: most of a State's memory, were they kept.
    """
    kind = type(value)
    return kind(
        *[
            _word(part) if type(part) is str else _parts(part) if type(part) is tuple and part else part
            for part in astuple(value)
        ]
    )


def _parts(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    return _words(parts) if type(parts[0]) is str else tuple([shared(part) for part in parts])


@lru_cache(maxsize=1 << 14)
def _word(word: str) -> str:
    return word


@lru_cache(maxsize=1 << 10)
def _words(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([_word(word) for word in words])


def evolve(state: State, event: Event, place: Place) -> State:
    """The state after one event: its package's part evolves, the others are untouched."""
    owner = _OWNER[type(event)]
    event = shared(event)
    if owner == "foedus.response":
        return replace(state, response=response_state.evolve(state.response, event, place))  # type: ignore[arg-type]  # _OWNER narrows it
    if owner == "foedus.parties":
        return replace(state, parties=parties_state.evolve(state.parties, event, place))  # type: ignore[arg-type]  # _OWNER narrows it
    if owner == "foedus.sanctions":
        return replace(state, sanctions=sanctions_state.evolve(state.sanctions, event, place))  # type: ignore[arg-type]  # _OWNER narrows it
    if owner == "foedus.reparations":
        return replace(state, reparations=reparations_state.evolve(state.reparations, event, place))  # type: ignore[arg-type]  # _OWNER narrows it
    return replace(state, commitments=commitments_state.evolve(state.commitments, event, place))  # type: ignore[arg-type]  # _OWNER narrows it


def requested(state: State, events: Iterable[Event], payload: bytes) -> State:
    """The state that remembers by which signed payload (its SHA-256, hex) a response was opened, where one was."""
    for event in events:
        if isinstance(event, ResponseOpened) and payload:
            digest = hashlib.sha256(payload).hexdigest()
            state = replace(state, requests=state.requests.insert(event.response, digest))
    return state


def add(state: State, entry: Entry, act_id: str) -> State:
    """The state after one entry, whose number is `state.size`.

    Rules are not run again: what was recorded is so.
    """
    at = state.at if entry.at == state.at else entry.at  # what entered together shares one time
    assert at is not None, "an entry has a time"
    place = Place(entry.true_at or at, at, state.size)
    for event in entry.events:
        state = evolve(state, event, place)
    state = requested(state, entry.events, entry.act.payload)
    seen = state.seen.insert(bytes.fromhex(act_id), place.entry)
    return replace(state, size=state.size + 1, at=at, seen=seen)
