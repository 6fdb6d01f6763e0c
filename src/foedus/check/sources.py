"""Which facts and clauses of a text nobody has compared with the original yet, so that no verdict hides it.

Whatever a check shows is shown of the text as it is written here; this says how far that is the text itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from foedus.compact.clauses import Clauses
from foedus.compact.model import Source
from foedus.words import Words


def unverified(words: Words, clauses: Clauses) -> list[dict[str, Any]]:
    """Of each part of the text the ids of what is not verified, with references and note where they differ."""
    found: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    for part, id_, source in sources(clauses):
        if not source.verified:
            note = words.of(source.note) if source.note is not None else ""
            found.setdefault((part, source.ref, note), []).append(id_)
    return [{"part": part, "ids": ids, "ref": list(ref), "note": note} for (part, ref, note), ids in found.items()]


def sources(clauses: Clauses) -> Iterator[tuple[str, str, Source]]:
    """Every source in the text: the part of the file that it stands in, the nearest id above it, and the source."""
    compact = clauses.compact
    for part in ("parties", "groups", "weights", "bodies", "agreements"):
        for one in getattr(compact, part):
            yield from ((part, one.id, source) for source in _within(one))
    for provision in clauses.provisions:
        yield from (("provisions", provision.id, source) for source in _within(provision))


def _within(value: object) -> Iterator[Source]:
    if isinstance(value, Source):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _within(one)
    elif isinstance(value, Struct):
        for field in value.__struct_fields__:
            yield from _within(getattr(value, field))
