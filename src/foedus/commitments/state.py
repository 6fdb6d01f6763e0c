"""Obligations as the entries add up to. Values and evolve; no rule, no compact."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus.commitments.acts import CommitmentEvent, ObligationIncurred, ObligationReleased
from foedus.history import Map, Place
from foedus.response.acts import Contribution


class Obligation(Struct, frozen=True, gc=False):
    """What one party owes under one measure. `due_at`: only where a clause set a clock."""

    id: str
    party: str
    response: str
    measure: str
    contributions: tuple[Contribution, ...]
    starts_on: date | None
    due_at: datetime | None
    place: Place
    performed: Place | None = None
    released: Place | None = None


class State(Struct, frozen=True, gc=False):
    """All obligations by id."""

    obligations: Map[str, Obligation] = HashTrieMap()


def evolve(state: State, event: CommitmentEvent, place: Place) -> State:
    """The state after one event of this package. Never refuses: what was recorded is so."""
    if isinstance(event, ObligationIncurred):
        obligation = Obligation(
            event.obligation, event.party, event.response, event.measure, event.contributions, event.starts_on,
            event.due_at, place,
        )  # fmt: skip
    elif isinstance(event, ObligationReleased):
        obligation = replace(state.obligations[event.obligation], released=place)
    else:
        obligation = replace(state.obligations[event.obligation], performed=place)
    return replace(state, obligations=state.obligations.insert(obligation.id, obligation))
