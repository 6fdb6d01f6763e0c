"""What changed between two vintages of a source: rows added, gone and changed, and what that does to each total.

Rows are the same by their id and stage: an id that a publisher gives to another thing is seen as a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import Struct

from foedus.commitments.sources.model import Row, Stage, Vintage
from foedus.commitments.sources.totals import totals

FIELDS = ("donor", "kind", "first", "last", "money", "eur", "item", "category", "quantity", "standing")
ZERO = Decimal(0)


class Changed(Struct, frozen=True):
    """One row in both, and which of its fields differ."""

    before: Row
    after: Row
    fields: tuple[str, ...]


class Moved(Struct, frozen=True):
    """A total that is another now, of a donor, a kind and a stage; euros and cents."""

    donor: str
    kind: str
    stage: Stage
    before: Decimal
    after: Decimal

    @property
    def by(self) -> Decimal:
        """By how much."""
        return self.after - self.before


class Difference(Struct, frozen=True):
    """Rows by id and stage, and totals that moved. Nothing in it when both say the same."""

    added: tuple[Row, ...]
    gone: tuple[Row, ...]
    changed: tuple[Changed, ...]
    moved: tuple[Moved, ...]


def difference(before: Vintage, after: Vintage) -> Difference:
    """What to know of the second for whoever knows the first."""
    old, new = _keyed(before.rows), _keyed(after.rows)
    changed = tuple(
        Changed(old[key], new[key], fields)
        for key in sorted(old.keys() & new.keys())
        if (fields := _fields(old[key], new[key]))
    )
    return Difference(
        added=tuple(new[key] for key in sorted(new.keys() - old.keys())),
        gone=tuple(old[key] for key in sorted(old.keys() - new.keys())),
        changed=changed,
        moved=tuple(_moved(before, after)),
    )


def _keyed(rows: Iterable[Row]) -> dict[tuple[str, str, int], Row]:
    """Rows by id and stage; a publisher's second row of both is its second."""
    found: dict[tuple[str, str, int], Row] = {}
    for row in rows:
        again = 0
        while (row.id, row.stage, again) in found:
            again += 1
        found[row.id, row.stage, again] = row
    return found


def _fields(before: Row, after: Row) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def _moved(before: Vintage, after: Vintage) -> Iterator[Moved]:
    by = ("donor", "kind")
    old, new = ({(line.key, line.stage): line.eur for line in totals(one.rows, by).lines} for one in (before, after))
    for key in sorted(old.keys() | new.keys()):
        (donor, kind), stage = key
        was, now = old.get(key, ZERO), new.get(key, ZERO)
        if was != now:
            yield Moved(donor, kind, stage, was, now)
