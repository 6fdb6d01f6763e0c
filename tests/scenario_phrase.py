"""What one sentence of a scenario means: text with fields. tests/scenario_words.py says how it is read."""

from __future__ import annotations

from msgspec import Struct


class Phrase(Struct, frozen=True):
    """What one sentence means: `kind` with the fields found in it and those in `fixed`."""

    kind: type
    template: str
    fixed: tuple[tuple[str, object], ...] = ()
