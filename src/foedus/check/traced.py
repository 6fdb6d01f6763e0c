"""A state as the rules see it while somebody notes which cells they read, and what of it they changed.

It is made of the domain's own values, or of classes made from them, in which a cell stands unread until it is asked
for. A copy with other fields (`replace`) leaves unread what it only carries along. So what a rule answers is known to
be the same in every state that has the same in the cells that it read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from foedus.check.cells import (
    ABSENT,
    DROPPED,
    NAMES,
    SUBJECTS,
    THERE,
    WHOLE,
    Cells,
    Path,
    Writes,
    default_of,
    fields_of,
)
from foedus.history import Agenda, Deadline, Few, in_order
from foedus.response import state as response_state
from foedus.sanctions import state as sanctions_state
from foedus.state import State

_PACKAGES: dict[str, type] = {"response": response_state.State, "sanctions": sanctions_state.State}
_GONE = object()

Deadlines = tuple[tuple[Deadline, ...], tuple[Deadline, ...]]


class _Unread:
    """What stands in a cell, not yet asked for."""

    __slots__ = ("cell", "trace")

    def __init__(self, trace: Trace, cell: int) -> None:
        self.trace = trace
        self.cell = cell


class _Seen:
    """Which acts a record holds is asked by its admission alone: here nothing is kept of it."""

    def insert(self, id_: bytes, number: int) -> _Seen:
        return self


_SEEN: Any = _Seen()


def _read(self: Any, name: str) -> Any:
    raw = object.__getattribute__(self, name)
    return raw.trace.value(raw.cell) if type(raw) is _Unread else raw


@lru_cache
def _class_of(kind: type) -> Any:
    """The domain's class, but that a cell is read when a field is."""
    return msgspec.defstruct(
        kind.__name__, [], bases=(kind,), namespace={"__getattribute__": _read}, frozen=True, gc=False, array_like=True
    )


class _Few(Few, frozen=True):  # type: ignore[type-arg]  # of any facts
    """A map by few names, of which each is a cell. In `names` stands whose it is, in `facts` what was changed."""

    def parts(self) -> tuple[tuple[Trace, Path], dict[str, Any]]:
        """Whose it is, and what was changed."""
        return object.__getattribute__(self, "names"), object.__getattribute__(self, "facts")

    def __getattribute__(self, name: str) -> Any:
        if name == "names":
            return tuple(self)
        return tuple(self.values()) if name == "facts" else object.__getattribute__(self, name)

    def get(self, name: str, default: Any = None) -> Any:
        (trace, path), changed = self.parts()
        if name in changed:
            return changed[name]
        cell = trace.cells.at((*path, name))
        return trace.value(cell) if trace.number(cell) != ABSENT else default

    def __getitem__(self, name: str) -> Any:
        found = self.get(name, _GONE)
        if found is _GONE:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return self.get(str(name), _GONE) is not _GONE

    def insert(self, name: str, fact: Any) -> _Few:
        whose, changed = self.parts()
        return _Few(whose, {**changed, name: fact})  # type: ignore[arg-type]  # see above

    def __iter__(self) -> Iterator[str]:
        (trace, path), changed = self.parts()
        names = trace.value(trace.cells.at((*path, NAMES))) or ()
        return iter(sorted({*names, *changed}) if changed else names)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def values(self) -> tuple[Any, ...]:
        return tuple(self[name] for name in self)

    def items(self) -> Iterator[tuple[str, Any]]:
        return iter([(name, self[name]) for name in self])


class _Subjects:
    """A map of subjects by id, each taken apart; never changed once made."""

    __slots__ = ("changed", "path", "trace")

    def __init__(self, trace: Trace, path: Path, changed: dict[str, Any]) -> None:
        self.trace = trace
        self.path = path
        self.changed = changed

    def get(self, name: str, default: Any = None) -> Any:
        found = self.changed[name] if name in self.changed else self.trace.subject((*self.path, name))
        return default if found is _GONE else found

    def __getitem__(self, name: str) -> Any:
        found = self.get(name, _GONE)
        if found is _GONE:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return self.get(str(name), _GONE) is not _GONE

    def __iter__(self) -> Iterator[str]:
        names: tuple[str, ...] = self.trace.value(self.trace.cells.at((*self.path, NAMES))) or ()
        if not self.changed:
            return iter(names)
        more = [name for name, one in self.changed.items() if one is not _GONE and name not in names]
        return iter([*(name for name in names if self.changed.get(name) is not _GONE), *more])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def keys(self) -> list[str]:
        return list(self)

    def values(self) -> list[Any]:
        return [self[name] for name in self]

    def items(self) -> list[tuple[str, Any]]:
        return [(name, self[name]) for name in self]

    def insert(self, name: str, one: Any) -> _Subjects:
        return _Subjects(self.trace, self.path, {**self.changed, name: one})

    def discard(self, name: str) -> _Subjects:
        return _Subjects(self.trace, self.path, {**self.changed, name: _GONE})


class Trace:
    """One look at a row of cells: `reads` are those that were asked for, in that order, with what stood there."""

    def __init__(self, cells: Cells, row: list[int], start: datetime) -> None:
        self.cells = cells
        self._row = row
        self._start = start
        self.reads: dict[int, int] = {}
        self._subjects: dict[Path, Any] = {}

    def number(self, cell: int) -> int:
        """The number of what stands in a cell, noted as read."""
        found = self._row[cell] if cell < len(self._row) else ABSENT
        self.reads[cell] = found
        return found

    def value(self, cell: int) -> Any:
        """What stands in a cell, noted as read."""
        return self.cells.values[self.number(cell)]

    def subject(self, path: Path) -> Any:
        """A subject whose fields are read one by one; `_GONE` where there is none."""
        found = self._subjects.get(path)
        if found is None:
            kind = self.value(self.cells.at((*path, THERE)))
            found = self._subjects[path] = _GONE if kind is None else self._made(kind, path)
        return found

    def _made(self, kind: type, path: Path) -> Any:
        fields: list[Any] = []
        for field, few in fields_of(kind):
            inner = (*path, field)
            if field in DROPPED:
                fields.append(default_of(kind, field))
            elif few:
                fields.append(_Few((self, inner), {}))  # type: ignore[arg-type]  # see there
            else:
                fields.append(_Unread(self, self.cells.at(inner)))
        return _class_of(kind)(*fields)

    def state(self, deadlines: Deadlines = ((), ())) -> State:
        """The state, with these deadlines in its agendas and no others: whatever is noted meanwhile is found there."""
        packages = {
            package: self._package(package, in_order(known)) for package, known in zip(SUBJECTS, deadlines, strict=True)
        }
        size = _Unread(self, self.cells.at(("size",)))
        rest = {name: _Unread(self, self.cells.at((name,))) for name in WHOLE}
        made: State = _class_of(State)(size=size, at=self._start, seen=_SEEN, **rest, **packages)
        return made

    def _package(self, package: str, agenda: Agenda | None) -> Any:
        kind = _PACKAGES[package]
        fields: list[Any] = []
        for field in kind.__struct_fields__:  # type: ignore[attr-defined]  # a Struct
            path = (package, field)
            if field == "agenda":
                fields.append(agenda)
            elif field in DROPPED:
                fields.append(default_of(kind, field))
            elif field in SUBJECTS[package]:
                fields.append(_Subjects(self, path, {}))
            else:
                fields.append(_Unread(self, self.cells.at(path)))
        return _class_of(kind)(*fields)

    def later_entries(self) -> tuple[int, int]:
        """What makes every entry from here on stand after those before."""
        cell = self.cells.at(("size",))
        return cell, self.cells.number(self.value(cell) + 1)

    # --- what was changed -----------------------------------------------------------------------------------

    def changes(self, after: State) -> Writes:
        """The cells that are otherwise in the state that the rules made of this one."""
        found: list[tuple[int, int]] = []
        for name in WHOLE:
            self._leaf((name,), object.__getattribute__(after, name), found)
        for package, subjects in SUBJECTS.items():
            known = object.__getattribute__(after, package)
            for field in type(known).__struct_fields__:
                raw = object.__getattribute__(known, field)
                if field in subjects:
                    self._map((package, field), raw, found)
                elif field not in DROPPED:
                    self._leaf((package, field), raw, found)
        return tuple(found)

    def _leaf(self, path: Path, raw: Any, found: list[tuple[int, int]]) -> None:
        cell = self.cells.at(path)
        if type(raw) is not _Unread:
            found.append((cell, self.cells.leaf(path[-1], raw)))
        elif raw.cell != cell:
            found.append((cell, self.number(raw.cell)))

    def _map(self, path: Path, subjects: Any, found: list[tuple[int, int]]) -> None:
        assert type(subjects) is _Subjects, "a map of subjects is changed one by one"
        new = False
        for name, one in subjects.changed.items():
            assert one is not _GONE, "no subject is ever forgotten"
            inner = (*path, name)
            known = self.subject(inner)
            new = new or known is _GONE
            if known is not _GONE and type(one) is type(known):
                self._subject(inner, one, found)
            else:
                found += self.cells.of_subject(inner, one)
        if new:
            found.append((self.cells.at((*path, NAMES)), self.cells.number(tuple(subjects), exact=True)))

    def _subject(self, path: Path, one: Any, found: list[tuple[int, int]]) -> None:
        for field, few in fields_of(type(one).__base__):
            if field in DROPPED:
                continue
            inner = (*path, field)
            raw = object.__getattribute__(one, field)
            if not few:
                self._leaf(inner, raw, found)
                continue
            assert type(raw) is _Few, "a map by few names is changed one by one"
            changed = raw.parts()[1]
            found += [(self.cells.at((*inner, name)), self.cells.last(fact)) for name, fact in changed.items()]
            if any(self.number(self.cells.at((*inner, name))) == ABSENT for name in changed):
                found.append((self.cells.at((*inner, NAMES)), self.cells.number(tuple(raw), exact=True)))


def noted(state: State) -> Deadlines:
    """The deadlines in the agendas of a state, in order of time."""
    found = []
    for package in SUBJECTS:
        left: list[Deadline] = []
        waiting = [getattr(state, package).agenda]
        while waiting:
            node = waiting.pop()
            if node is not None:
                left.append(node.first)
                waiting += [node.left, node.right]
        found.append(tuple(sorted(set(left))))
    return found[0], found[1]
