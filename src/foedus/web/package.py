"""Who lists whom, over all targets at once, and what the tables of schedules and the versions of published lists hold.

Pages ask the same of thousands of targets, mostly of a state that did not change: what is kept here follows from the
sanctions of a state and two times alone, and is made anew when these are others. What is so, `foedus.sanctions` says.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from msgspec import Struct

from foedus import archive
from foedus.compact.clauses import Clauses
from foedus.compact.model import Snapback
from foedus.sanctions.lists.canonical import parse_rows
from foedus.sanctions.lists.joining import Entity, entities, joins
from foedus.sanctions.lists.model import ListVersion, Target
from foedus.sanctions.matrix import unions
from foedus.sanctions.schedules import decode
from foedus.sanctions.state import DEVIATION, Deposited, Fact, Listing, Schedule, State
from foedus.sanctions.status import Standing, standing

K = TypeVar("K")
V = TypeVar("V")
MOST_KEPT = 512  # tables, by digest
MOST_VERSIONS = 64  # of published lists, by digest
MOST_VIEWS = 4
NEVER = datetime.max.replace(tzinfo=UTC)


class Overview(Struct, frozen=True):
    """Every target that anything was said of, as it stood.

    `bits`: each issuer's place in a mask. `listing`: by target, who has it in law or owed. `back`: what a snapback
    would bring back. `until`: the next moment at which something already recorded takes effect.
    """

    bits: dict[str, int]
    listing: dict[str, int]
    back: frozenset[str]
    owed: frozenset[str]
    until: datetime

    def gaps(self, columns: Sequence[int]) -> dict[int, int]:
        """By every mask of `listing`: in how many columns, each a mask of whose listings apply there, it is a gap.

        What nobody lists is a gap nowhere. Columns of one issuer alone are counted all at once.
        """
        times = Counter(columns)
        alone = sum(column for column, n in times.items() if n == 1 and column.bit_count() == 1)
        others = [(column, n) for column, n in times.items() if n > 1 or column.bit_count() != 1]
        return {
            mask: (alone & ~mask).bit_count() + sum([n for column, n in others if not mask & column]) if mask else 0
            for mask in set(self.listing.values())
        }


class Counted(Struct, frozen=True):
    """Gaps of an overview in some columns: by mask, by issuer, and how many targets have one."""

    by_mask: dict[int, int]
    by_issuer: dict[str, int]
    escaping: int


class Held(Struct, frozen=True):
    """A published list as far as this archive has it. `entries`: by id, each as the newest version that has it says.

    `versions`: those deposited and held, newest last.
    """

    versions: tuple[Deposited, ...]
    entries: Mapping[str, tuple[Deposited, Target]]

    @property
    def newest(self) -> Deposited:
        """The newest version held."""
        return self.versions[-1]


class Packages:
    """What a console keeps of the archive and of the last states, so that a page need not make it again."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._versions: OrderedDict[str, Mapping[str, Target]] = OrderedDict()
        self._views: OrderedDict[tuple[object, ...], tuple[State, Overview]] = OrderedDict()
        self._joined: OrderedDict[tuple[object, ...], Mapping[str, Entity]] = OrderedDict()
        self._counted: tuple[Overview, tuple[tuple[str, int], ...], Counted] | None = None
        self._named: tuple[Overview, tuple[str, ...], Mapping[str, tuple[str, str]]] | None = None
        self._now: tuple[State, tuple[str, ...], datetime, Overview] | None = None

    def tables(self, store: archive.Keeps, state: State) -> tuple[dict[str, frozenset[str]], list[str]]:
        """The targets of each schedule whose table is held here, and the schedules whose table is not."""
        held, missing = {}, []
        for schedule in state.schedules.values():
            rows = self._rows.get(schedule.table)
            if rows is None and (data := archive.get(store, schedule.table)) is not None:
                rows = _keep(self._rows, schedule.table, frozenset(r.target for r in decode(data, schedule.table)))
            if rows is None:
                missing.append(schedule.id)
            else:
                held[schedule.id] = rows
        return held, sorted(missing)

    def version(self, store: archive.Keeps, digest: str) -> Mapping[str, Target] | None:
        """The entries of a list version by their ids; None where it is not held here."""
        found = self._versions.get(digest)
        if found is None:
            data = archive.get(store, digest)
            if data is None:
                return None
            found = _keep(self._versions, digest, {one.id: one for one in parse_rows(data, digest)}, MOST_VERSIONS)
        return found

    def overview(
        self, clauses: Clauses, state: State, tables: Mapping[str, frozenset[str]], at: datetime, known: datetime,
        *, past: bool,
    ) -> Overview:  # fmt: skip
        """Every target as it stood `at`, as `known`. The present is the same until something takes effect."""
        held = tuple(tables)
        now = self._now
        if not past and now is not None and now[0] is state and now[1] == held and now[2] <= at < now[3].until:
            return now[3]
        asked = (id(state), held, at, known)
        if past and asked in self._views and self._views[asked][0] is state:
            return self._views[asked][1]
        made = overview(clauses, state, tables, at, known)
        if past:
            _keep(self._views, asked, (state, made), MOST_VIEWS)
        else:
            self._now = (state, held, at, made)
        return made

    def counted(self, seen: Overview, masks: Mapping[str, int]) -> Counted:
        """The gaps of an overview in these columns, by issuer."""
        asked = tuple(masks.items())
        if self._counted is None or self._counted[0] is not seen or self._counted[1] != asked:
            times = Counter(mask for mask in seen.listing.values() if mask)
            by_mask = seen.gaps(tuple(masks.values()))
            by_issuer = {one: sum([n for mask, n in times.items() if not mask & each]) for one, each in asked}
            escaping = sum(n for mask, n in times.items() if by_mask[mask])
            self._counted = (seen, asked, Counted(by_mask, by_issuer, escaping))
        return self._counted[2]

    def names(
        self, seen: Overview, asked: tuple[str, ...], name: Callable[[str], tuple[str, str]]
    ) -> Mapping[str, tuple[str, str]]:
        """What `name` says of every target of an overview. `asked`: what that depends on besides."""
        if self._named is None or self._named[0] is not seen or self._named[1] != asked:
            self._named = (seen, asked, {one: name(one) for one in seen.listing})
        return self._named[2]

    def entity(self, held: Mapping[str, Held], judged: Mapping[tuple[str, str], str], entry: str) -> Entity | None:
        """What is behind an entry, `list:id`, of these versions, by what proves it and what people said."""
        tables = tuple((name, *(one.table for one in list_.versions)) for name, list_ in sorted(held.items()))
        asked = (tables, tuple(sorted(judged.items())))
        found = self._joined.get(asked)
        if found is None:
            versions = [_whole(name, one) for name, one in sorted(held.items())]
            every = entities(versions, joins(versions), judged)
            found = _keep(self._joined, asked, {key: one for one in every for key in one.listings}, MOST_VIEWS)
        return found.get(entry)


def _whole(name: str, held: Held) -> ListVersion:
    """Every entry that any version has, as one version: what left the list is still what it was."""
    newest = held.newest
    return ListVersion(
        newest.publisher, name, "rows", None, newest.table, tuple(each for _, each in held.entries.values())
    )


def _keep(kept: OrderedDict[K, V], key: K, value: V, most: int = MOST_KEPT) -> V:
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)
    return value


def overview(
    clauses: Clauses, state: State, tables: Mapping[str, frozenset[str]], at: datetime, known: datetime
) -> Overview:
    """Every target, by listings and by schedules: a row of which nothing is said alone is what its schedule is."""
    clause = clauses.one(Snapback)
    bits: dict[str, int] = {}
    listing: dict[str, int] = {}
    back: set[str] = set()
    owed: set[str] = set()

    def told(issuer: str, now: Standing, targets: Iterable[str]) -> None:
        bit = bits.setdefault(issuer, 1 << len(bits))
        law = bit if now.in_law != "no" else 0
        for target in targets:
            listing[target] = listing.get(target, 0) | law
        if now.in_law == "owed":
            owed.update(targets)
        if clause is not None and now.relieved and kind(now) in clause[1].returning:
            back.update(targets)

    alone: dict[str, set[str]] = {}
    for one in state.listings.values():
        if one.schedule is not None:
            alone.setdefault(one.schedule, set()).add(one.target)
        now = standing(state, one, at, known)
        if now is not None:
            told(one.issuer, now, (one.target,))
    for schedule in state.schedules.values():
        now = standing(state, schedule, at, known)
        if now is not None:
            rows = tables.get(schedule.id, frozenset())
            told(schedule.issuer, now, rows - alone[schedule.id] if schedule.id in alone else rows)
    return Overview(bits, listing, frozenset(back), frozenset(owed), _takes_effect(state, at))


def kind(now: Standing) -> str:
    """What a snapback calls this relief: agreed, or given alone."""
    return "deviation" if now.because == DEVIATION else "relief"


def _takes_effect(state: State, at: datetime) -> datetime:
    facts = (fact.since for fact in _facts(state) if fact.since > at)
    return min(facts, default=NEVER)


def _facts(state: State) -> Iterator[Fact]:
    every: Iterable[Listing | Schedule] = (*state.schedules.values(), *state.listings.values())
    for one in every:
        yield from one.facts
    for snapback in state.snapbacks.values():
        yield from snapback.enacted.values()


def columns(clauses: Clauses, bits: Mapping[str, int], issuers: Iterable[str]) -> dict[str, int]:
    """By issuer, the mask of those whose listing applies there: its own, and its unions'."""
    return {
        issuer: sum(bits.get(one, 0) for one in {issuer, *unions(clauses, issuer)}) for issuer in issuers
    }  # fmt: skip


def entry_of(target: str, lists: Iterable[str]) -> tuple[str, str] | None:
    """The entry of a published list that a target's id names: `LIST.ID` is the entry ID of LIST."""
    name, dot, id_ = target.partition(".")
    return (name, id_) if dot and id_ and name in set(lists) else None


def deposited(state: State, at: datetime, known: datetime) -> dict[str, tuple[Deposited, ...]]:
    """The versions of published lists that were deposited by then, by the list's name."""
    seen = {
        name: tuple(one for one in state.lists[name] if one.place.seen(at, known)) for name in sorted(state.lists)
    }  # fmt: skip
    return {name: versions for name, versions in seen.items() if versions}


def judged(state: State, at: datetime, known: datetime) -> dict[tuple[str, str], str]:
    """What people said of two entries by then: the newest judgment of each pair."""
    found = {}
    for both, said in state.judged.items():
        seen = [one for one in said if one.place.seen(at, known)]
        if seen:
            one, other = both.split("\n")
            found[one, other] = seen[-1].judgment
    return found
