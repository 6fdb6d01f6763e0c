"""Who lists whom, over all targets at once, and what the tables of schedules and the versions of published lists hold.

Pages ask the same of thousands of targets, mostly of a state that did not change: what is kept here follows from the
sanctions of a state and two times alone, and is made anew when these are others. What is so, `foedus.sanctions` says.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import TypeVar

import numpy as np
from msgspec import Struct

from foedus import archive, feed
from foedus.across import OwnedEntity, owned_over
from foedus.compact.clauses import Clauses
from foedus.sanctions.lists.canonical import parse_rows
from foedus.sanctions.lists.joining import Entity, entities, joins
from foedus.sanctions.lists.model import ListVersion, Target
from foedus.sanctions.published import Together, said_of_pairs, together
from foedus.sanctions.schedules import decode
from foedus.sanctions.state import Deposited, Schedule, State
from foedus.web.overviews import Counted, Overview, overview
from foedus.web.timelines import Numbers, Timelines

K = TypeVar("K")
V = TypeVar("V")
MOST_KEPT = 512  # tables, by digest
MOST_VERSIONS = 64  # of published lists, by digest
MOST_VIEWS = 4
WORD = 64  # issuers whose listings one number of numpy holds
NEVER = datetime.max.replace(tzinfo=UTC)


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
        self._views: OrderedDict[tuple[object, ...], tuple[State, datetime, Overview]] = OrderedDict()
        self._timelines, self._following = Timelines(), Lock()
        self._numbers: OrderedDict[str, Numbers] = OrderedDict()
        self._version: tuple[State, datetime, feed.Version] | None = None
        self._joined: OrderedDict[tuple[object, ...], Mapping[str, Entity]] = OrderedDict()
        self._owned: OrderedDict[tuple[object, ...], Mapping[str, OwnedEntity]] = OrderedDict()
        self._counted: tuple[Overview, tuple[tuple[str, int], ...], Counted] | None = None
        self._named: tuple[tuple[str, ...], dict[str, tuple[str, str]]] = ((), {})

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
        restriction: str | None = None, *, past: bool,
    ) -> Overview:  # fmt: skip
        """Every target as it stood `at`, as `known`. The present is the same until something takes effect."""
        asked = (id(state), tuple(tables), restriction, *((at, known) if past else ()))
        kept = self._views.get(asked)
        if kept is not None and kept[0] is state and (past or kept[1] <= at < kept[2].until):
            return kept[2]
        with self._following:
            timelines = self._timelines
            if not timelines.follow(state):  # another page has gone on from this state
                timelines = Timelines()
                timelines.follow(state)
            numbered = {id_: self._numbered(timelines, state.schedules[id_], rows) for id_, rows in tables.items()}
            made = overview(clauses, timelines, numbered, at, known, restriction)
        _keep(self._views, asked, (state, at, made), MOST_VIEWS)
        return made

    def of_feed(
        self, store: archive.Keeps, state: State, at: datetime, until: datetime, *, past: bool
    ) -> feed.Version:  # fmt: skip
        """The feed's version of this moment; that of the present holds until something is recorded or is so."""
        kept = self._version
        if not past and kept is not None and kept[0] is state and kept[2].at <= at < kept[1]:
            return kept[2]
        made = feed.version(store, state, at)
        if not past:
            self._version = (state, until, made)
        return made

    def begin(self, store: archive.Keeps, state: State) -> None:
        """Read all timelines and tables, so that no reader waits for it."""
        tables, _ = self.tables(store, state)
        with self._following:
            if self._timelines.follow(state):
                for id_, rows in tables.items():
                    self._numbered(self._timelines, state.schedules[id_], rows)

    def _numbered(self, timelines: Timelines, schedule: Schedule, rows: frozenset[str]) -> Numbers:
        """The targets of a table by number, which the timelines of this console keep."""
        found = self._numbers.get(schedule.table)
        if found is None or timelines is not self._timelines:
            found = np.fromiter(map(timelines.target, rows), np.int64, len(rows))
            if timelines is self._timelines:
                _keep(self._numbers, schedule.table, found)
        return found

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
        if self._named[0] != asked:
            self._named = (asked, {})
        named = self._named[1]
        for one in seen.listing:
            if one not in named:
                named[one] = name(one)
        return named

    def entity(self, held: Mapping[str, Held], judged: Mapping[tuple[str, str], str], entry: str) -> Entity | None:
        """What is behind an entry, `list:id`, of these versions, by what proves it and what people said."""
        return self._entities(held, judged).get(entry)

    def _entities(self, held: Mapping[str, Held], judged: Mapping[tuple[str, str], str]) -> Mapping[str, Entity]:
        asked = (_tables(held), tuple(sorted(judged.items())))
        found = self._joined.get(asked)
        if found is None:
            versions = [_whole(name, one) for name, one in sorted(held.items())]
            every = entities(versions, joins(versions), judged)
            found = _keep(self._joined, asked, {key: one for one in every for key in one.listings}, MOST_VIEWS)
        return found

    def owned(
        self, held: Mapping[str, Held], judged: Mapping[tuple[str, str], str], listed: frozenset[str]
    ) -> Mapping[str, OwnedEntity]:
        """Whom the listed entries own, by the entity's id."""
        asked = (_tables(held), tuple(sorted(judged.items())), listed)
        found = self._owned.get(asked)
        if found is None:
            versions = [_whole(name, one) for name, one in sorted(held.items())]
            every = {one.id: one for one in self._entities(held, judged).values()}
            made = {one.id: one for one in owned_over(versions, list(every.values()), listed)}
            found = _keep(self._owned, asked, made, MOST_VIEWS)
        return found


def _tables(held: Mapping[str, Held]) -> tuple[tuple[str, ...], ...]:
    return tuple((name, *(one.table for one in list_.versions)) for name, list_ in sorted(held.items()))


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


def judged(state: State, at: datetime, known: datetime) -> dict[tuple[str, str], Together]:
    """What comes of what parties said by then of each two entries."""
    return {both: together(words) for both, words in said_of_pairs(state, at, known).items()}
