"""What others have published beside a bundled compact: assets, loans, damage, claims, each figure with day and source.

`published.yaml` lies in the folder of the text and is no part of it: no act rests on it and no rule reads it. Figures
that contradict each other stand side by side; nothing here adds them, converts them or prefers one.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

import msgspec
from msgspec import Struct
from ruamel.yaml import YAML

from foedus.compact.loader import bundled
from foedus.compact.model import Words, decode_hook
from foedus.reparations.acts import Basis, Confidence, Split, Value

NAME = "published.yaml"
Measure = Literal["asset", "loan", "damage", "need", "claims", "signatories"]


class Subject(Struct, frozen=True, forbid_unknown_fields=True):
    """Of what a figure is."""

    id: str
    name: Words


class Published(Struct, frozen=True, forbid_unknown_fields=True):
    """A figure as it was published. Amounts in whole units; both ends None: not disclosed; `high` alone None: at least.

    `as_of`: as exactly as the source says it, `2025`, `2025-11` or a day; empty: undated. `party`: of the compact, in
    whose jurisdiction it is. `code`: how an act names the discloser.
    """

    id: str
    about: str
    measure: Measure
    as_of: str
    discloser: Words
    basis: Basis
    confidence: Confidence
    url: str
    party: str = ""
    split: Split | None = None
    low: str | None = None
    high: str | None = None
    unit: str = ""
    code: str = ""
    note: Words | None = None

    @property
    def disclosed(self) -> bool:
        """Whether there is an amount."""
        return self.low is not None or self.high is not None

    @property
    def last_day(self) -> date | None:
        """The last day that `as_of` can mean; None where it is undated."""
        if not self.as_of:
            return None
        year, month, day = [*(int(part) for part in self.as_of.split("-")), 0, 0][:3]
        if day:
            return date(year, month, day)
        year, month = (year + 1, 1) if month in (0, 12) else (year, month + 1)
        return date.fromordinal(date(year, month, 1).toordinal() - 1)

    def value(self) -> Value:
        """The figure as an act states it. Only of an asset with both ends, a day, and a code."""
        day = self.last_day
        assert self.low is not None, "it has both ends"
        assert self.high is not None, "it has both ends"
        assert day is not None, "it has a day"
        assert self.code, "an act can name who disclosed it"
        return Value(
            self.low, self.high, self.unit, day, self.basis, self.code, self.confidence, self.split or "custody"
        )


class Collection(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that is published beside a compact, in the order of its file."""

    subjects: tuple[Subject, ...] = ()
    figures: tuple[Published, ...] = ()


@lru_cache(maxsize=8)
def published(compact: str) -> Collection:
    """What lies beside the bundled compact of this id; nothing beside any other."""
    folder = bundled().get(compact)
    path = folder / NAME if folder else None
    if path is None or not path.is_file():
        return Collection()
    raw = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    found = msgspec.convert(raw, Collection, dec_hook=decode_hook)
    subjects = {one.id for one in found.subjects}
    assert all(one.about in subjects for one in found.figures), "every figure is of a subject"
    assert len({one.id for one in found.figures}) == len(found.figures), "ids are told apart"
    return found
