"""What one console process serves: a depositary and, for an exercise alone, the keys of its seats.

Holds no key of a live record's party, and no session: who looks is in the reader's cookie, drafts of two-person acts
are the exception and live in `drafts.py`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

from foedus.depositary import Depositary
from foedus.settling import Settling
from foedus.state import State
from foedus.watermark import Watermark
from foedus.web.drafts import Drafts


class Keys(Protocol):
    """Where an exercise keeps the keys of its seats (foedus.exercise.ExerciseKeys)."""

    def seed_of(self, seat_id: str) -> bytes:
        """The Ed25519 seed of a seat."""


class Console:
    """A depositary as the pages see it. `hosts`: names under which the console answers, against DNS rebinding."""

    def __init__(
        self,
        depositary: Depositary,
        keys: Keys | None,
        base_url: str,
        hosts: frozenset[str],
        watermark: Watermark | None = None,
    ) -> None:
        self.depositary = depositary
        self.keys = keys
        self.base_url = base_url
        self.hosts = hosts
        self.drafts = Drafts()
        self.settling = Settling(depositary)
        self.watermark = watermark

    def current(self) -> State:
        """The state with every entry recorded so far."""
        return self.depositary.catch_up()

    def now(self) -> datetime:
        """The record's time: the exercise clock in an exercise."""
        return self.depositary.now()


STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
