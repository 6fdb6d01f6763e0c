"""Values over two times: when something was true (`at`) and when the record came to know it (`known`).

Every fact in State carries a `Place`. A past view of a subject is the same subject with later facts left out,
so the pages that show today show any day. `Agenda` keeps deadlines in order of time. Pure values; no rule, no
clock.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar, Union, get_args, get_origin, overload

from msgspec import Struct
from msgspec.structs import fields, replace
from rpds import HashTrieMap

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

if TYPE_CHECKING:
    Map = HashTrieMap
else:

    class _AnyMap(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, HashTrieMap)

    class Map(Generic[K, V], metaclass=_AnyMap):
        """How a persistent map is named in the fields of a Struct: rpds's own class takes no [key, value]."""


Subject = TypeVar("Subject", bound=Struct)


class Place(Struct, frozen=True, gc=False, array_like=True):
    """Where a fact stands: true since `at`, known to the record since `known`, by entry number `entry`."""

    at: datetime
    known: datetime
    entry: int

    def seen(self, at: datetime, known: datetime) -> bool:
        """Whether somebody asking about `at` with the knowledge of `known` sees the fact."""
        return self.at <= at and self.known <= known


class Dated(Struct, Generic[T], frozen=True, gc=False, array_like=True):
    """One value of something that changes, with its place."""

    value: T
    place: Place


class Few(Struct, Generic[T], frozen=True, gc=False, array_like=True):
    """A persistent map of so few names, of parties mostly, that one more makes all of it anew. In the order of names.

    Forty names take an eighth of what they take in a HashTrieMap, one takes half, and none nothing.
    """

    names: tuple[str, ...] = ()
    facts: tuple[T, ...] = ()

    @overload
    def get(self, name: str) -> T | None: ...
    @overload
    def get(self, name: str, default: V) -> T | V: ...
    def get(self, name: str, default: Any = None) -> Any:
        """What is kept under the name, the default when nothing is."""
        return self.facts[bisect_left(self.names, name)] if name in self.names else default

    def insert(self, name: str, fact: T) -> Few[T]:
        """With this fact in the name's place."""
        names, facts = self.names, self.facts
        place = bisect_left(names, name)
        if place < len(names) and names[place] == name:
            return Few(names, (*facts[:place], fact, *facts[place + 1 :]))
        return Few((*names[:place], name, *names[place:]), (*facts[:place], fact, *facts[place:]))

    def discard(self, name: str) -> Few[T]:
        """Without what is kept under the name, if anything is."""
        if name not in self.names:
            return self
        place = bisect_left(self.names, name)
        return Few((*self.names[:place], *self.names[place + 1 :]), (*self.facts[:place], *self.facts[place + 1 :]))

    def __getitem__(self, name: str) -> T:
        """What is kept under the name. Raises KeyError when nothing is."""
        if name not in self.names:
            raise KeyError(name)
        return self.facts[bisect_left(self.names, name)]

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def values(self) -> tuple[T, ...]:
        """The facts in the order of their names."""
        return self.facts

    def items(self) -> Iterator[tuple[str, T]]:
        """Names with facts."""
        return zip(self.names, self.facts, strict=True)


BLOCK = 64


class Lists(Struct, frozen=True, gc=False, array_like=True):
    """Lists by name, of any length and in the order in which things came: one more copies a block of 64, not the list.

    `counts`: the length of each; `blocks`: what stands in it, by `NAME|NUMBER`.
    """

    counts: Map[str, int] = HashTrieMap()
    blocks: Map[str, tuple[str, ...]] = HashTrieMap()

    def add(self, name: str, word: str) -> Lists:
        """With one more at the end of a list."""
        count = self.counts.get(name, 0)
        block = f"{name}|{count // BLOCK}"
        blocks = self.blocks.insert(block, (*self.blocks.get(block, ()), word))
        return Lists(self.counts.insert(name, count + 1), blocks)

    def of(self, name: str, start: int = 0) -> Iterator[str]:
        """What stands in a list, from the place `start` on."""
        for first in range(start - start % BLOCK, self.counts.get(name, 0), BLOCK):
            yield from self.blocks[f"{name}|{first // BLOCK}"][max(0, start - first) :]


def current(timeline: tuple[Dated[T], ...]) -> T | None:
    """The newest value of a timeline, None when it is empty."""
    return timeline[-1].value if timeline else None


def as_of(subject: Subject, at: datetime, known: datetime) -> Subject | None:
    """The subject as it was `at`, as `known`: every later fact left out; None if it did not yet exist.

    Works on any frozen Struct with a `place`, on tuples and `Few` of such, and on bare places.
    """
    place = getattr(subject, "place", None)
    if place is not None and not place.seen(at, known):
        return None
    changed: dict[str, Any] = {}
    for name in _dated(type(subject)):
        value = getattr(subject, name)
        if type(value) in _TIMELESS or value == ():
            continue  # most are: it need not be looked into
        kept = _kept(value, at, known)
        if kept is not value:
            changed[name] = kept
    return replace(subject, **changed) if changed else subject


@cache
def _dated(kind: type[Struct]) -> tuple[str, ...]:
    """The fields of a Struct that may hold a place, but for its own: of a million subjects the others are many."""
    return tuple(one.name for one in fields(kind) if one.name != "place" and not _timeless(one.type))


@cache
def _timeless(kind: Any) -> bool:
    """Whether no value of a type can hold a place: texts, numbers, days, and what is made of them alone."""
    if get_origin(kind) is Annotated:
        return _timeless(kind.__origin__)
    if kind in _TIMELESS or get_origin(kind) is Literal:
        return True
    if isinstance(kind, type) and issubclass(kind, Struct):
        return kind is not Place and all(_timeless(one.type) for one in fields(kind))
    parts = [one for one in get_args(kind) if one is not Ellipsis]
    return get_origin(kind) in (tuple, Union, UnionType) and bool(parts) and all(map(_timeless, parts))


_TIMELESS = frozenset({str, int, bool, bytes, date, datetime, Decimal, type(None)})


def _kept(value: object, at: datetime, known: datetime) -> object:
    """The part of a field's value that was already there; the same object when nothing is left out."""
    if type(value) in _TIMELESS:
        return value
    if isinstance(value, tuple):
        if not value or not isinstance(value[0], Struct):
            return value
        items = tuple([kept for item in value if (kept := _kept(item, at, known)) is not None])
        return value if items == value else items
    if isinstance(value, Place):
        return value if value.seen(at, known) else None
    if isinstance(value, Few):
        return _kept_few(value, at, known)
    if isinstance(value, Struct):
        return value if _timeless(type(value)) else as_of(value, at, known)
    return value


def _kept_few(few: Few[Any], at: datetime, known: datetime) -> Few[Any]:
    facts = [_kept(fact, at, known) for fact in few.facts]
    if all(fact is had for fact, had in zip(facts, few.facts, strict=True)):
        return few
    left = [(name, fact) for name, fact in zip(few.names, facts, strict=True) if fact is not None and fact != ()]
    return Few(tuple([name for name, _ in left]), tuple([fact for _, fact in left]))


class Deadline(Struct, frozen=True, gc=False, array_like=True, order=True):
    """A moment at which something lapses unless it was done: `id` says what, in the subject's own words."""

    due_at: datetime
    id: str


class Agenda:
    """Deadlines in order of time: a persistent leftist heap, never changed once made.

    Deadlines that were met stay until they reach the top; whoever reads must ask the subject whether a
    deadline still stands. A plain class: a chain of many deadlines is deep, and a Struct would be compared
    and encoded by recursion.
    """

    __slots__ = ("first", "left", "rank", "right")

    def __init__(self, first: Deadline, left: Agenda | None = None, right: Agenda | None = None) -> None:
        self.first = first
        self.left = left
        self.right = right
        self.rank: int = 1 + (right.rank if right is not None else 0)

    def __eq__(self, other: object) -> bool:
        """Agendas are equal when they hold the same deadlines, however they came together."""
        end = datetime.max.replace(tzinfo=UTC)
        return isinstance(other, Agenda) and list(until(self, end)) == list(until(other, end))

    __hash__ = None  # type: ignore[assignment]  # compared in tests and caches only, never a key


def merged(one: Agenda | None, other: Agenda | None) -> Agenda | None:
    """Both agendas as one, in O(log n)."""
    above: list[Agenda] = []
    while one is not None and other is not None:
        if other.first < one.first:
            one, other = other, one
        above.append(one)
        one = one.right
    below = one or other
    for node in reversed(above):
        left = node.left
        if left is None or (below is not None and left.rank < below.rank):
            below = Agenda(node.first, below, left)
        else:
            below = Agenda(node.first, left, below)
    return below


def in_order(deadlines: Iterable[Deadline]) -> Agenda | None:
    """The agenda of deadlines given in order of time, in O(n)."""
    agenda = None
    for deadline in reversed(list(deadlines)):
        agenda = Agenda(deadline, agenda)
    return agenda


def noted(agenda: Agenda | None, deadline: Deadline) -> Agenda:
    """The agenda with one more deadline."""
    alone = Agenda(deadline)
    return merged(agenda, alone) or alone


def rest(agenda: Agenda) -> Agenda | None:
    """The agenda without its first deadline."""
    return merged(agenda.left, agenda.right)


def until(agenda: Agenda | None, at: datetime) -> Iterator[Deadline]:
    """Every deadline due at `at` or before, in order of time and then of id."""
    while agenda is not None and agenda.first.due_at <= at:
        yield agenda.first
        agenda = rest(agenda)
