"""What the API tells of acts that lack a signature, to the party whose acts they are."""

from __future__ import annotations

from foedus.awaiting import Awaiting
from foedus.web.api_types import Count, Data


class WaitingView(Data, frozen=True):
    """An act that lacks a signature. `signers`: seats that signed; `needed`: how many must. `act`: as it was left."""

    act_id: str
    party: str
    kind: str
    signers: tuple[str, ...]
    needed: Count
    act: str


class WaitingList(Data, frozen=True):
    """Acts that lack a signature."""

    acts: tuple[WaitingView, ...]


def view(found: Awaiting) -> WaitingView:
    """An act that lacks a signature, with the act itself."""
    return WaitingView(
        found.statement.id, found.party, type(found.statement.body).__name__, found.signers, found.needed,
        found.signed.to_json().decode(),
    )  # fmt: skip
