"""Every listing's timeline side by side, so that what all of them were at a moment is some passes over columns.

`foedus.sanctions.status` says what one listing is, fact by fact; this says of all at once only what an overview needs:
whether anything was said, whether it is law or owed, whether it is under relief. A law holds the two together. It is
patched by what a state names as newest spoken of, never built anew for an act; and it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.sanctions.state import DEVIATION, Fact, Listing, Schedule, Snapback, State
from foedus.sanctions.status import bearing

Numbers = NDArray[Any]
Truths = NDArray[np.bool_]
Facts = tuple[tuple[int, ...], ...]  # since, known, entry, code, about, in the record since

EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
FAR = 2**63 - 1
NOTHING = (FAR, 0, 0, 0, 0, 0)  # no fact stands there
# Facts by number. What says nothing of whether a listing stands has none.
ADOPTED, PROPOSED, RELIEF, ENDED, MERITS, EXPIRED, LAPSED, RETURNED, STOPPED, ENACTED = range(1, 11)
CODES = {
    "adopted": ADOPTED, "proposed": PROPOSED, "suspended": RELIEF, "eased": RELIEF, "lifted": RELIEF,
    "relief_ended": ENDED, "delisted": MERITS, "annulled": MERITS, "expired": EXPIRED, "lapsed": LAPSED,
    "returned": RETURNED, "stopped": STOPPED, "enacted": ENACTED,
}  # fmt: skip
# What a listing is, as far as an overview asks.
NONE, OFFERED, WHOLE, RELIEVED, BACK, OVER = range(6)
NO, YES, OWED = range(3)


def number(moment: datetime) -> int:
    """A moment in microseconds."""
    return (moment - EPOCH) // MICROSECOND


class Was(NamedTuple):
    """What the listings of a block were: whether anything was said, whether they would lapse with their regime, the
    law, whether under relief, and of those which deviated.
    """

    said: Truths
    lapses: Truths
    law: Numbers
    relieved: Truths
    deviating: Truths


class Block:
    """Listings of one issuer's regime with no more than `width` facts each, one a column."""

    def __init__(self, width: int) -> None:
        self.width, self.count = width, 0
        self.targets = np.zeros(0, np.int64)
        self.restrictions = np.zeros(0, np.int64)
        # since, known, entry, code, about, in the record since: of each fact of each listing
        self.facts = np.zeros((6, width, 0), np.int64)
        self._merged: tuple[tuple[Any, ...], Numbers, list[set[int]]] | None = None

    def place(self) -> int:
        """A free column."""
        if self.count == len(self.targets):
            more = max(16, self.count)
            self.targets = np.concatenate([self.targets, np.zeros(more, np.int64)])
            self.restrictions = np.concatenate([self.restrictions, np.zeros(more, np.int64)])
            free = np.array(NOTHING, np.int64)[:, None, None]
            self.facts = np.concatenate([self.facts, np.broadcast_to(free, (6, self.width, more))], axis=2)
        self.count += 1
        return self.count - 1

    def write(self, written: dict[int, Sequence[tuple[int, ...]]]) -> None:
        """The facts of listings by their columns; no facts clear a column."""
        rows = [fact for said in written.values() for fact in (*said, *(NOTHING,) * (self.width - len(said)))]
        facts = np.array(rows, np.int64).reshape(len(written), self.width, 6)
        self.facts[:, :, list(written)] = facts.transpose(2, 1, 0)
        self._merged = None

    def merged(self, every: Facts) -> tuple[Numbers, list[set[int]]]:
        """All facts in the order in which they are so in law, with those of the regime; which codes each row has."""
        if self._merged is None or self._merged[0] != every:
            facts = self.facts[:5, :, : self.count]
            if every:
                shared = np.array(every, np.int64).T[:5, :, None]
                facts = np.concatenate([facts, np.broadcast_to(shared, (5, len(every), self.count))], axis=1)
            if facts.shape[1] > 1:
                order = np.lexsort((facts[2], facts[0]), axis=0)
                facts = np.take_along_axis(facts, order[None], axis=1)
            codes = [set(np.unique(row).tolist()) - {0} for row in facts[3]]
            self._merged = (every, np.ascontiguousarray(facts), codes)
        return self._merged[1], self._merged[2]

    def was(
        self, every: tuple[tuple[int, ...], ...], rules: Sequence[tuple[bool, bool, int]], at: int, known: int
    ) -> Was:
        """What each was. `rules`: of each snapback, whether relief and deviations return, and as what law."""
        facts, codes = self.merged(every)
        now = _Now(facts.shape[2], rules)
        seen = (facts[0] <= at) & (facts[1] <= known)
        for row, there in enumerate(codes):
            for code in there:
                now.take(code, (facts[3, row] == code) & seen[row], facts[2, row], facts[4, row])
        said, lapses = now.status != NONE, now.law == YES
        before = now.status <= OFFERED
        if before.any():
            own = self.facts[:, :, : self.count]
            there = (own[3] == ADOPTED) & (own[5] <= at) & (own[1] <= known)
            ahead = before & there.any(axis=0)  # adopted, and not yet in effect
            entry = np.where(there, own[2], -1).max(axis=0)
            said, lapses = said | ahead, lapses | (ahead & (entry >= now.lapse))
        relieved = now.status == RELIEVED
        return Was(said, lapses, now.law, relieved, relieved & now.deviating)


class _Now:
    """The listings of a block while their facts are added up: `status._added_up`, of all at once."""

    def __init__(self, count: int, rules: Sequence[tuple[bool, bool, int]]) -> None:
        self.rules = rules
        self.status = np.zeros(count, np.int8)
        self.law = np.zeros(count, np.int8)
        self.deviating = np.zeros(count, np.bool_)
        self.by = np.full(count, -1, np.int64)  # the snapback that brought it back
        self.entry = np.full(count, -1, np.int64)  # of the last snapback
        self.lapse = np.full(count, -1, np.int64)  # entry of the last lapse

    def _be(self, which: Truths, status: int, law: int) -> None:
        self.status[which], self.law[which], self.by[which] = status, law, -1

    def take(self, code: int, which: Truths, entry: Numbers, about: Numbers) -> None:
        """One fact of each of these listings."""
        if code == ADOPTED:
            late = self.lapse > entry  # its regime lapsed before it had effect
            self._be(which & ~late, WHOLE, YES)
            self._be(which & late, OVER, NO)
            return
        if code == PROPOSED:
            self._be(which & (self.status == NONE), OFFERED, NO)
            return
        if code == RETURNED:
            self.entry[which] = entry[which]
        elif code == STOPPED:
            self.entry[which] = -1
        elif code == LAPSED:
            self.lapse[which] = entry[which]
        stands = which & (self.status >= WHOLE) & (self.status <= BACK)
        if code == RELIEF:
            stands &= entry > self.entry
            self._be(stands, RELIEVED, NO)
            self.deviating[stands] = about[stands] != 0
        elif code == ENDED:
            self._be(stands, BACK, YES)
        elif code in (MERITS, EXPIRED):
            self._be(stands, OVER, NO)
        elif code == LAPSED:
            law = stands & (self.law == YES)
            self._be(law & (self.status != RELIEVED), OVER, NO)
            self.law[law] = NO
        else:
            self._by_snapback(code, stands, about)

    def _by_snapback(self, code: int, stands: Truths, about: Numbers) -> None:
        for snapback in np.unique(about[stands]).tolist():
            which = stands & (about == snapback)
            if code == RETURNED:
                relief, deviations, law = self.rules[snapback]
                which &= (self.status == RELIEVED) & np.where(self.deviating, deviations, relief)
                self._be(which, BACK, law)
                self.by[which] = snapback
                continue
            which &= (self.status == BACK) & (self.by == snapback)
            if code == ENACTED:
                self.law[which] = YES
            else:  # stopped: relief goes on, as it was given; what was enacted meanwhile is law
                self.status[which], self.by[which] = RELIEVED, -1
                self.law[which] = np.where(self.law[which] == YES, YES, NO)


# Facts to be written, by block and column.
Written = dict[Block, dict[int, Sequence[tuple[int, ...]]]]


class Group:
    """The listings of one issuer's regime, with what bears on all of them."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.blocks: dict[int, Block] = {}
        self.every: Facts = ()
        self.rules: list[tuple[bool, bool, int]] = []


class Timelines:
    """The listings of a state in columns. `follow` it from state to state; ask `each` of any moment."""

    def __init__(self) -> None:
        self.state = State()
        self.groups: dict[str, Group] = {}
        self.names: list[str] = []  # targets by their number
        self.spoken: dict[str, set[int]] = {}  # by schedule: targets whose rows were spoken of alone
        self._numbers: dict[str, int] = {}
        self._places: dict[str, tuple[Block, int]] = {}
        self._rows: dict[str, list[str]] = {}  # ids of the same rows
        self._restrictions: dict[str, int] = {}

    def target(self, name: str) -> int:
        """The number of a target."""
        found = self._numbers.get(name)
        if found is None:
            found = self._numbers[name] = len(self.names)
            self.names.append(name)
        return found

    def restriction(self, name: str) -> int:
        """The number of a restriction."""
        return self._restrictions.setdefault(name, len(self._restrictions))

    def follow(self, state: State) -> bool:
        """Come to a state; False, and nothing is changed, for one that is before the one already here."""
        if state is self.state:
            return True
        if state.spoken < self.state.spoken:
            return False
        order = {one.id: place for place, one in enumerate(_oldest_first(state))}
        written: Written = {}
        for id_ in self._changed(state):
            self._fill(state, state.listings.get(id_) or state.schedules[id_], order, written)
        for block, columns in written.items():
            block.write(columns)
        if state.snapbacks is not self.state.snapbacks or state.regimes is not self.state.regimes:
            for key, group in self.groups.items():
                self._bear(state, key, group, order)
        self.state = state
        return True

    def _changed(self, state: State) -> Iterable[str]:
        count = state.spoken - self.state.spoken
        if count <= len(state.recent):
            return dict.fromkeys(state.recent[len(state.recent) - count :])
        before, schedules = self.state.listings, self.state.schedules
        changed = [id_ for id_, one in state.schedules.items() if schedules.get(id_) is not one]
        return [*changed, *(id_ for id_, one in state.listings.items() if before.get(id_) is not one)]

    def _fill(self, state: State, one: Listing | Schedule, order: dict[str, int], written: Written) -> None:
        if isinstance(one, Schedule):
            for id_ in self._rows.get(one.id, ()):
                self._fill(state, state.listings[id_], order, written)
            return
        facts = one.facts
        if one.schedule is not None:
            facts = (*state.schedules[one.schedule].facts, *facts)
        said = [_numbers(fact, order) for fact in facts if fact.what in CODES]
        width = 1 << max(0, len(said) - 1).bit_length()
        held = self._places.get(one.id)
        if held is None or held[0].width < width:
            if held is not None:
                written.setdefault(held[0], {})[held[1]] = ()
            elif one.schedule is not None:
                self._rows.setdefault(one.schedule, []).append(one.id)
                self.spoken.setdefault(one.schedule, set()).add(self.target(one.target))
            held = self._places[one.id] = self._placed(state, one, width, order)
        written.setdefault(held[0], {})[held[1]] = said

    def _placed(self, state: State, one: Listing, width: int, order: dict[str, int]) -> tuple[Block, int]:
        key = f"{one.issuer}/{one.regime}"
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group(one.issuer)
            self._bear(state, key, group, order)
        block = group.blocks.get(width)
        if block is None:
            block = group.blocks[width] = Block(width)
        column = block.place()
        block.targets[column] = self.target(one.target)
        block.restrictions[column] = self.restriction(one.restriction)
        return block, column

    def _bear(self, state: State, key: str, group: Group, order: dict[str, int]) -> None:
        issuer, _, regime = key.partition("/")
        group.every = tuple(_numbers(fact, order) for fact in bearing(state, issuer, regime))
        group.rules = [
            ("relief" in one.returned.returning, DEVIATION in one.returned.returning,
             OWED if issuer in one.returned.issuers else NO) if one.returned else (False, False, NO)
            for one in _oldest_first(state)
        ]  # fmt: skip

    def each(self, at: datetime, known: datetime) -> Iterator[tuple[str, Block, Was]]:
        """Block by block, what its listings were `at`, as `known`; before each, of which regime: `ISSUER/REGIME`."""
        when, knew = number(at), number(known)
        for key, group in self.groups.items():
            for block in group.blocks.values():
                yield key, block, block.was(group.every, group.rules, when, knew)

    def ahead(self, at: datetime) -> datetime | None:
        """The next moment after `at` at which a fact of a listing, or of its regime, is so."""
        when, first = number(at), FAR
        for group in self.groups.values():
            for block in group.blocks.values():
                since = block.facts[0]
                first = min(first, int(np.min(since, initial=FAR, where=since > when)))
            first = min([first, *(fact[0] for fact in group.every if fact[0] > when)])
        return None if first == FAR else EPOCH + timedelta(microseconds=first)


def _oldest_first(state: State) -> list[Snapback]:
    """Snapbacks in an order that later ones do not change."""
    return sorted(state.snapbacks.values(), key=lambda one: (one.place.entry, len(one.id), one.id))


def _numbers(fact: Fact, order: dict[str, int]) -> tuple[int, ...]:
    code, place = CODES[fact.what], fact.place
    about = order[fact.about] if code >= RETURNED else int(fact.about == DEVIATION)
    since = number(fact.since)
    at = since if place.at is fact.since else number(place.at)
    known = at if place.known is place.at else number(place.known)
    return since, known, place.entry, code, about, at
