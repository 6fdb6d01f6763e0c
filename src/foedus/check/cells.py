"""A state taken apart into cells: each field of each subject, each name of a map, with what stands in it as a number.

So two states share what they have in common, a step is the few cells that it changes, and a rule depends on the cells
that it read and on no others (`traced.py`). It decides nothing. Where a fact stands in the record is left out, as in a
key; that one stands after another is kept where a rule asks for it, by `entry`.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct, structs
from rpds import HashTrieMap

from foedus.check.key import Keys
from foedus.history import Few, Place

# Maps of subjects: taken apart field by field. All else in a package is one cell, and so is each other package.
SUBJECTS: Final = {
    "response": ("incidents", "responses", "measures", "ballots"),
    "sanctions": ("schedules", "listings", "regimes", "conditions", "easings", "snapbacks"),
}
WHOLE: Final = ("parties", "commitments", "reparations")
# What only repeats the record: never kept, and empty for whoever reads it. Deadlines are kept beside the cells.
DROPPED: Final = frozenset(("entries", "spoken", "recent", "agenda"))
NAMES: Final = "*names"
THERE: Final = "*there"
ABSENT: Final = 0
# So many cells are made room for at once.
_ROOM: Final = 64

Path = tuple[str, ...]
Writes = tuple[tuple[int, int], ...]


@lru_cache
def fields_of(kind: type) -> tuple[tuple[str, bool], ...]:
    """The fields of a subject, each with whether it is a map by a few names."""
    return tuple((one.name, isinstance(one.default, Few)) for one in structs.fields(kind))


@lru_cache
def default_of(kind: type, field: str) -> Any:
    """What stands in a dropped field."""
    return next(one.default for one in structs.fields(kind) if one.name == field)


class Cells:
    """The cells of one exploration by path, and the values in them by number. Neither is ever forgotten."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys  # by these two values are one
        self._index: dict[Path, int] = {}
        self.paths: list[Path] = []
        self.kinds: dict[Path, type] = {}  # of the subjects in each map
        self._ids: dict[Any, int] = {}
        self.values: list[Any] = [None]  # number 0: nothing there
        self._shapes: dict[int, int] = {}

    @property
    def room(self) -> int:
        """How long a row of all cells is, with room for those to come."""
        return (len(self.paths) // _ROOM + 1) * _ROOM

    def at(self, path: Path) -> int:
        """The cell of a path, made when it is first asked for."""
        found = self._index.get(path)
        if found is None:
            found = self._index[path] = len(self.paths)
            self.paths.append(path)
        return found

    def known(self, path: Path) -> int | None:
        """The cell of a path, None where nobody asked for it."""
        return self._index.get(path)

    def number(self, value: Any, *, exact: bool = False) -> int:
        """The number of a value; two that differ only in where they stand in the record have one, unless `exact`."""
        kind = type(value)
        if exact or value is None or kind in (str, bool, int):
            sign: Any = (kind, value)
        else:
            sign = (kind, "", self._keys.value(value, 0.0).number)
        found = self._ids.get(sign)
        if found is None:
            found = self._ids[sign] = len(self.values)
            self.values.append(value)
        return found

    def shape(self, number: int) -> int:
        """What stands behind a number, apart from the parties that it names."""
        found = self._shapes.get(number)
        if found is None:
            found = self._shapes[number] = self._keys.value(self.values[number], 0.0).shape
        return found

    def of_subject(self, path: Path, subject: Any) -> list[tuple[int, int]]:
        """A subject taken apart."""
        kind = self.kinds[path[:2]] = type(subject)
        found = [(self.at((*path, THERE)), self.number(kind, exact=True))]
        for field, few in fields_of(kind):  # type: ignore[arg-type]  # a class can be hashed
            inner = (*path, field)
            value = getattr(subject, field)
            if field in DROPPED:
                continue
            if few:
                found.append((self.at((*inner, NAMES)), self.number(value.names, exact=True)))
                found += [(self.at((*inner, name)), self.last(one)) for name, one in value.items()]
            else:
                found.append((self.at(inner), self.leaf(field, value)))
        return found

    def leaf(self, field: str, value: Any) -> int:
        """The number of what stands in a field. Rules ask since when a subject is there, since when a baseline is kept,
        and when aggression was renewed.
        """
        exact = field in ("aggressions", "baselines") or (field == "place" and type(value) is Place)
        return self.number(value, exact=exact)

    def last(self, facts: Any) -> int:
        """Of a timeline the newest: what was replaced is history."""
        return self.number(facts[-1:] if type(facts) is tuple else facts)

    def of_state(self, state: Any) -> list[int]:
        """A whole state taken apart, as a row of numbers by cell. `state` is one that the rules made."""
        found = [(self.at((name,)), self.number(getattr(state, name))) for name in WHOLE]
        found.append((self.at(("size",)), self.number(state.size)))
        for package, subjects in SUBJECTS.items():
            known = getattr(state, package)
            for field in type(known).__struct_fields__:
                value = getattr(known, field)
                if field in subjects:
                    names = tuple(sorted(value))
                    found.append((self.at((package, field, NAMES)), self.number(names, exact=True)))
                    for name in names:
                        found += self.of_subject((package, field, name), value[name])
                elif field not in DROPPED:
                    found.append((self.at((package, field)), self.number(value)))
        row = [ABSENT] * self.room
        for cell, number in found:
            row[cell] = number
        return row


def timed(value: Any) -> bool:
    """Whether a value names a moment, so that it says another thing as time goes on."""
    if isinstance(value, datetime):
        return True
    if type(value) is Place:
        return False
    if isinstance(value, Struct):
        return any(timed(getattr(value, field)) for field in value.__struct_fields__)
    if isinstance(value, HashTrieMap):
        return any(timed(one) for one in value.values())
    return isinstance(value, tuple) and any(timed(one) for one in value)
