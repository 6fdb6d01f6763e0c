"""The key of a row of cells, kept up as single cells change: a sum for what all share, and one for each party.

Each thing that a cell says has a number of 128 bits, drawn by chance from a fixed seed; a sum says which of them are
so, in whatever order. Of parties alike it matters which sums there are, and not whose. Two states are one when their
keys are; that two others get the same key has a chance below 10^-20 with a thousand million states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random
from typing import Any, Final

from msgspec import Struct

from foedus.check.cells import ABSENT, NAMES, THERE, Cells, Path, timed
from foedus.check.judged import MATTERS
from foedus.check.key import HISTORY, Keys, closing, way
from foedus.compact.duration import Duration
from foedus.history import Place

_BITS = 128

Said = tuple[int, tuple[tuple[int, int], ...]]
_NOTHING: Said = (0, ())


# What each owes by what it said: as far apart from all else as that.
_OWED: Final = ("commitments",)


class Summed(Struct, frozen=True, gc=False):
    """`common`: what is so apart from parties. `own`: of each party, matter by matter. `key`: of both."""

    common: int
    own: tuple[int, ...]
    key: int


class _Cell(Struct, frozen=True):
    """How a cell is read. `path`: without the party that it names; None where a key leaves it out. `owner`: that party.

    `matter`: where the sums of parties begin to which it adds. `closers`: cells that, when something stands in them,
    make it history.
    """

    path: tuple[str, ...] | None
    owner: int | None
    way: str | None
    closers: tuple[int, ...]
    matter: int = 0


class Sums:
    """The sums of one exploration."""

    def __init__(
        self, cells: Cells, keys: Keys, classes: tuple[tuple[str, ...], ...], waits: list[Duration],
        kept: frozenset[Path] | None = None, behind: Callable[[int], int | None] | None = None,
    ) -> None:  # fmt: skip
        """`classes`: of the parties of the keys. `kept`: only cells of these paths count, parties left out of them.
        `behind`: of a cell the one that counts in its place.
        """
        self._cells = cells
        self._keys = keys
        self._waits = waits
        self._kept = kept
        self._behind = behind or (lambda cell: None)
        self._place = {party: place for place, party in enumerate(keys.parties)}
        classed = {party: number for number, alike in enumerate(classes) for party in alike}
        self._class = [classed[party] for party in keys.parties]
        self._matters: dict[Path | None, int] = {None: 0}
        self._drawn = Random(0)  # noqa: S311  # no secret: the same run gives the same numbers
        self._numbers: dict[Any, int] = {}
        self._read: list[_Cell] = []
        self._closing: set[int] = set()
        self._said: dict[tuple[int, int], Said | None] = {}  # None: it depends on the time
        self._said_at: dict[tuple[int, int, datetime], Said] = {}
        self._timed: list[int] = []  # cells in which a moment stood

    def whole(self, row: list[int], at: datetime) -> Summed:
        """The sums of a row at this moment."""
        standing = [(cell, ABSENT, row[cell]) for cell in range(min(len(row), len(self._cells.paths)))]
        return self._after(Summed(0, (0,) * len(self._class), 0), standing, row, at)

    def stepped(
        self, sums: Summed, row: list[int], after: list[int], writes: Iterable[tuple[int, int]], at: datetime
    ) -> Summed:
        """The sums after these cells were written."""
        changed = [(cell, row[cell], number) for cell, number in writes if row[cell] != number]
        if not changed:
            return sums
        if not self._closing.isdisjoint([cell for cell, _, _ in changed]):
            return self.whole(after, at)
        return self._after(sums, changed, after, at)

    def later(self, sums: Summed, row: list[int], at: datetime, then: datetime) -> Summed:
        """The sums of the same cells at a later moment."""
        common = sums.common
        own: dict[int, int] = {}
        for cell in self._timed:
            number = row[cell]
            if number and not self._closed(cell, row) and self._said[cell, number] is None:
                before, after = self._at(cell, number, at), self._at(cell, number, then)
                if before != after:
                    common += after[0] - before[0]
                    for party, mark in before[1]:
                        own[party] = own.get(party, 0) - mark
                    for party, mark in after[1]:
                        own[party] = own.get(party, 0) + mark
        return self._summed(sums, common, own)

    def _after(self, sums: Summed, changed: Iterable[tuple[int, int, int]], row: list[int], at: datetime) -> Summed:
        common = sums.common
        own: dict[int, int] = {}
        for cell, before, number in changed:
            if before == number or self._closed(cell, row):
                continue
            if before:
                mark, of = self._says(cell, before, at)
                common -= mark
                for party, mark in of:
                    own[party] = own.get(party, 0) - mark
            if number:
                mark, of = self._says(cell, number, at)
                common += mark
                for party, mark in of:
                    own[party] = own.get(party, 0) + mark
        return self._summed(sums, common, own)

    def kinds(self, sums: Summed) -> dict[str, Any]:
        """Of each party what kind it is of and what is so of it, matter by matter: the same for parties alike."""
        width = len(self._class)
        return {party: (self._class[place], sums.own[place::width]) for party, place in self._place.items()}

    def _summed(self, sums: Summed, common: int, more: dict[int, int]) -> Summed:
        """The sums with so much more for each party; to the key each party's sum adds a number drawn for it."""
        key = sums.key - sums.common + common
        own = sums.own
        if more:
            changed = list(own)
            for party, mark in more.items():
                if party >= len(changed):  # nobody had said anything in that matter
                    changed += [0] * (party // len(self._class) * len(self._class) + len(self._class) - len(changed))
                of, before = (party // len(self._class), self._class[party % len(self._class)]), changed[party]
                changed[party] = after = before + mark
                key += self._number((of, after)) - self._number((of, before))
            own = tuple(changed)
        return Summed(common, own, key)

    def _number(self, thing: Any) -> int:
        found = self._numbers.get(thing)
        if found is None:
            found = self._numbers[thing] = self._drawn.getrandbits(_BITS)
        return found

    def _closed(self, cell: int, row: list[int]) -> bool:
        while cell >= len(self._read):
            self._read.append(self._reading(len(self._read)))
        closers = self._read[cell].closers
        return bool(closers) and any(one < len(row) and self._cells.values[row[one]] is not None for one in closers)

    def _says(self, cell: int, number: int, at: datetime) -> Said:
        sign = (cell, number)
        if sign in self._said:
            found = self._said[sign]
        else:
            how, value = self._read[cell], self._cells.values[number]
            if how.path is not None and how.way in (None, "until") and (timed(value) or type(value) is Place):
                found = self._said[sign] = None
                if cell not in self._timed:
                    self._timed.append(cell)
            else:
                found = self._said[sign] = self._made(cell, number, at)
        return self._at(cell, number, at) if found is None else found

    def _at(self, cell: int, number: int, at: datetime) -> Said:
        found = self._said_at.get((cell, number, at))
        if found is None:
            found = self._said_at[cell, number, at] = self._made(cell, number, at)
        return found

    def _made(self, cell: int, number: int, at: datetime) -> Said:
        how, value = self._read[cell], self._cells.values[number]
        if how.path is None or value is None:
            return _NOTHING
        if how.way == "there":
            there = self._number(("there", how.path))
            return (there, ()) if how.owner is None else (0, ((how.owner, there),))
        if how.way == "counted":
            return self._number(("counted", how.path, min(len(value), self._keys.most))), ()
        if type(value) is Place:  # of an incident: how long those still wait who wait for a silence
            left = tuple(max(0.0, (wait.after(value.at) - at).total_seconds()) for wait in self._waits)
            return self._number(("left", how.path, left)), ()
        read = self._keys.value(value, at.timestamp())
        facts = {how.matter + self._place[party]: fact for party, fact in read.facts.items()}
        if how.owner is None:
            return (
                self._number(("says", how.path, read.shape)),
                tuple((party, self._number(("of", how.path, fact))) for party, fact in facts.items()),
            )
        whose = (how.owner, self._number(("own", how.path, read.shape, facts.pop(how.owner, None))))
        others = [(party, self._number(("other", how.path, fact))) for party, fact in facts.items()]
        return 0, (whose, *others)

    def _reading(self, cell: int) -> _Cell:
        """How a cell is read, by its path."""
        path = self._cells.paths[cell]
        fields = [path[place] for place in (1, 3) if place < len(path)]
        incident = path[:2] == ("response", "incidents") and fields[-1] == "place"
        if path[-1] in (NAMES, "size") or (path[-1] == THERE and self._kept is None):
            return _Cell(None, None, None, ())
        if not HISTORY.isdisjoint(fields) and not (incident and self._waits):
            return _Cell(None, None, None, ())
        names, party = without_party(self._keys, path)
        if self._kept is not None and (self._behind(cell) is not None or not self._counts(names)):
            return _Cell(None, None, None, ())
        owner = self._place[party] if party is not None else None
        how = "there" if path[-1] == THERE else way(path[3]) if len(path) > 3 else None
        closers: tuple[int, ...] = ()
        if how == "until":
            kind = self._cells.kinds[path[:2]]
            closers = tuple(self._cells.at((*path[:3], field)) for field in closing(kind))
            self._closing.update(closers)
        matter = self._matter(names) if self._kept is not None else 0
        return _Cell(names, None if owner is None else matter + owner, how, closers, matter)

    def _counts(self, path: Path) -> bool:
        """Whether a cell was read, or the names among which it stands were: then that it is there is known."""
        assert self._kept is not None, "without it every cell counts"
        around = (*path[:2], NAMES) if path[-1] == THERE else (*path[:4], NAMES)
        return path in self._kept or around in self._kept

    def _matter(self, path: Path) -> int:
        """Where the sums of parties begin that are kept of a matter; 0 for all that is no matter of its own."""
        said = len(path) > 4 and (*path[:2], path[3]) in MATTERS
        own = path[:4] if said else path if path == _OWED else None
        return self._matters.setdefault(own, len(self._matters) * len(self._class))


def without_party(keys: Keys, path: Path) -> tuple[Path, str | None]:
    """The path of a cell without the party that it names, and that party."""
    owner, names = None, list(path)
    for place in (2, 4):
        if place < len(path):
            names[place], party = keys.named(path[place])
            owner = party if party is not None else owner
    return tuple(names), owner
