"""Who may act at a console, and how: as any seat of an exercise, or at a desk as its one seat.

A live record's own console has neither: acts come to it signed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct

from foedus.depositary import Depositary, Receipt
from foedus.errors import FoedusError
from foedus.record.keys import SigningKey
from foedus.submission import Signed


class Keys(Protocol):
    """Where an exercise keeps the keys of its seats (foedus.exercise.ExerciseKeys)."""

    def key_of(self, seat: str) -> SigningKey:
        """The private key of a seat."""


class Standing(Struct, frozen=True):
    """How a desk stands to the server that it follows, for every page to show.

    `lied`: what was published does not hold; `stopped`: this version cannot tell; `away`: the server is not reached;
    `apart`: this machine's clock and the server's differ too much to sign; `followed`: all is well. `since`: when
    everything last fitted, by the record's time. `waiting`: acts signed here and not yet seen in the record. `asked`:
    acts that lack this seat's signature.
    """

    code: Literal["followed", "away", "apart", "stopped", "lied"]
    since: datetime | None
    problem: FoedusError | None
    apart: timedelta
    waiting: int
    doubts: int
    asked: int


class Acting(Protocol):
    """What pages need of whoever acts here.

    `chooses`: the reader chooses the seat. `secret`: what a reader must have been let in with; None: whoever reaches
    the console may act. `room`: where acts that still lack a signature are kept; None: in memory only.
    """

    chooses: bool
    secret: str | None
    room: Path | None

    def seat(self, chosen: str) -> str:
        """The seat for which the reader acts, who may have chosen one; empty when there is none."""

    def key_of(self, seat: str) -> SigningKey:
        """The seat's private key. Raises Refused where it may not be used now."""

    def hand_in(self, signed: Signed) -> Receipt | None:
        """Enter the act; None when it is on its way and the receipt comes later. Raises Refused."""

    def on_its_way(self, act: str) -> bool:
        """Whether an act (hexadecimal id) was handed in here, for `/outbox` to tell of it."""

    def standing(self) -> Standing | None:
        """How this desk stands; None where there is no server to follow."""


class AnySeat:
    """An exercise: the reader may act as any seat, with demo keys that lie beside the record."""

    chooses = True
    secret: str | None = None
    room: Path | None = None

    def __init__(self, depositary: Depositary, keys: Keys) -> None:
        self._depositary = depositary
        self._keys = keys

    def seat(self, chosen: str) -> str:
        """See Acting."""
        return chosen

    def key_of(self, seat: str) -> SigningKey:
        """See Acting."""
        return self._keys.key_of(seat)

    def hand_in(self, signed: Signed) -> Receipt | None:
        """See Acting."""
        return self._depositary.perform(signed.envelope, signed.blobs)

    def on_its_way(self, act: str) -> bool:
        """See Acting: here an act enters at once."""
        return False

    def standing(self) -> Standing | None:
        """See Acting."""
        return None
