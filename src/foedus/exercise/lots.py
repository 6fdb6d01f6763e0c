"""Everything about named states that an exercise invents is drawn by lot from a seed. Nobody's refusal is scripted."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")

# (kind, smallest, largest, step): what a party that joins may bring, by kind of measure.
CONTRIBUTIONS: dict[str, tuple[tuple[str, int, int, int], ...]] = {
    "military": (
        ("air-defence-battery", 1, 2, 1),
        ("interceptor-missile", 20, 120, 10),
        ("artillery-ammunition", 2000, 20000, 1000),
    ),
    "infrastructural": (("power-transformer", 2, 12, 1), ("generator", 500, 5000, 500), ("electricity", 50, 400, 50)),
    "technical": (("cyber-team", 1, 3, 1), ("early-warning", 24, 168, 24), ("expert", 4, 20, 2)),
    "informational": (("early-warning", 24, 168, 24), ("statement", 1, 1, 1)),
    "financial": (("funds", 10_000_000, 90_000_000, 5_000_000),),
    "sanctions": (("sanctions-listing", 5, 60, 5), ("sectoral-measure", 1, 3, 1)),
    "diplomatic": (("statement", 1, 1, 1),),
}
CAVEATS = ("no-deployment", "own-territory-only", "third-party-consent", "use-restriction")


class Lots:
    """Draws from one seed. The same seed and the same parties give the same draws."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a lot that anyone can draw again, not a secret

    def moment(self, least: timedelta, most: timedelta) -> timedelta:
        """A delay between two bounds, earlier ones likelier."""
        share = self._random.random() ** 1.6
        return timedelta(seconds=int((least + (most - least) * share).total_seconds()))

    def happens(self, chance: float) -> bool:
        """Whether something with this chance happens."""
        return self._random.random() < chance

    def one(self, of: Sequence[T]) -> T:
        """One of these."""
        return self._random.choice(of)

    def some(self, of: Sequence[T], how_many: int) -> list[T]:
        """So many of these, in the order drawn."""
        return self._random.sample(list(of), min(how_many, len(of)))

    def quantity(self, least: int, most: int, step: int) -> int:
        """A multiple of `step` from `least` to `most`."""
        return self._random.randrange(least, most + 1, step)
