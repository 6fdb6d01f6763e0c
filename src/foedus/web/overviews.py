"""Who lists whom, added up over all targets at once: masks of issuers, counts, what would come back, what is owed.

What each listing is, `foedus.web.timelines` has in columns; nothing is kept here, and nothing decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
from msgspec import Struct

from foedus.compact.clauses import Clauses
from foedus.compact.model import Snapback
from foedus.sanctions.matrix import unions
from foedus.sanctions.state import DEVIATION, Schedule
from foedus.sanctions.status import Standing, standing
from foedus.web.timelines import NO, OWED, YES, Numbers, Timelines, Truths, Was

NEVER = datetime.max.replace(tzinfo=UTC)
WORD = 64  # issuers whose listings one number of numpy holds


class Counts(Struct):
    """How many listings are law, owed or neither, and how many deviate."""

    yes: int = 0
    owed: int = 0
    no: int = 0
    deviating: int = 0

    def add(self, law: str, deviates: bool, number: int) -> None:
        """So many listings that are this."""
        setattr(self, law, getattr(self, law) + number)
        self.deviating += number if deviates else 0


class Overview(Struct, frozen=True):
    """Every target that anything was said of, as it stood.

    `bits`: each issuer's place in a mask. `listing`: by target, who has it in law or owed. `back`: what a snapback
    would bring back. `in_law`: what somebody has in law. `until`: the next moment at which something already recorded
    takes effect. `counts`: listings of each issuer, rows of tables among them. `lapsing`: by `ISSUER/REGIME`, how many
    would lapse with it.
    """

    bits: dict[str, int]
    listing: dict[str, int]
    back: frozenset[str]
    owed: frozenset[str]
    in_law: frozenset[str]
    until: datetime
    counts: dict[str, Counts]
    lapsing: dict[str, int]

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


def overview(
    clauses: Clauses, timelines: Timelines, tables: Mapping[str, Numbers], at: datetime, known: datetime,
    restriction: str | None = None,
) -> Overview:  # fmt: skip
    """Every target, by listings and by schedules: a row of which nothing is said alone is what its schedule is.

    `restriction`: under this one alone. `tables`: the numbers of their targets.
    """
    clause = clauses.one(Snapback)
    made = _Adding(timelines, clause[1].returning if clause is not None else ())
    only = None if restriction is None else timelines.restriction(restriction)
    for key, block, was in timelines.each(at, known):
        said, targets = was.said, block.targets[: block.count]
        if only is not None:
            said = said & (block.restrictions[: block.count] == only)
        made.listings(key, targets, said, was)
    state, until = timelines.state, timelines.ahead(at) or NEVER
    for schedule in state.schedules.values():
        now = standing(state, schedule, at, known)
        if now is not None and restriction in (None, schedule.restriction):
            made.schedule(schedule, now, tables.get(schedule.id))
        until = min([until, *(fact.since for fact in schedule.facts if fact.since > at)])
    return made.whole(until)


class _Adding:
    """An overview while listings and schedules are added up."""

    def __init__(self, timelines: Timelines, returning: Sequence[str]) -> None:
        self.timelines, self.returning = timelines, returning
        count = len(timelines.names)
        self.law: dict[str, Truths] = {}
        self.said, self.owed, self.back, self.yes = (np.zeros(count, np.bool_) for _ in range(4))
        self.counts: dict[str, Counts] = {}
        self.lapsing: Counter[str] = Counter()

    def _of(self, issuer: str) -> Truths:
        return self.law.setdefault(issuer, np.zeros(len(self.said), np.bool_))

    def listings(self, key: str, targets: Numbers, said: Truths, was: Was) -> None:
        """Those of a block of a regime of which something was said."""
        if not said.any():
            return
        issuer = key.partition("/")[0]
        counts = self.counts.setdefault(issuer, Counts())
        for law, code in (("yes", YES), ("owed", OWED), ("no", NO)):
            counts.add(law, False, int(np.count_nonzero(said & (was.law == code))))
        counts.deviating += int(np.count_nonzero(said & was.deviating))
        self.lapsing[key] += int(np.count_nonzero(said & was.lapses))
        self.said[targets[said]] = True
        self._of(issuer)[targets[said & (was.law != NO)]] = True
        self.owed[targets[said & (was.law == OWED)]] = True
        self.yes[targets[said & (was.law == YES)]] = True
        if "relief" in self.returning:
            self.back[targets[said & was.relieved & ~was.deviating]] = True
        if DEVIATION in self.returning:
            self.back[targets[said & was.deviating]] = True

    def schedule(self, schedule: Schedule, now: Standing, rows: Numbers | None) -> None:
        """The rows of a schedule of which nothing was said alone."""
        law, alone = self._of(schedule.issuer), self.timelines.spoken.get(schedule.id)
        count = schedule.rows - len(alone or ())
        deviates = now.relieved and now.because == DEVIATION
        self.counts.setdefault(schedule.issuer, Counts()).add(now.in_law, deviates, count)
        if now.lapses:
            self.lapsing[f"{schedule.issuer}/{schedule.regime}"] += count
        if rows is None:
            return
        if alone:
            rows = rows[~np.isin(rows, np.fromiter(alone, np.int64, len(alone)))]
        self.said[rows] = True
        if now.in_law != "no":
            law[rows] = True
        if now.in_law != "no":
            (self.yes if now.in_law == "yes" else self.owed)[rows] = True
        if now.relieved and kind(now) in self.returning:
            self.back[rows] = True

    def whole(self, until: datetime) -> Overview:
        """The overview: masks of as many issuers as there are."""
        names = self.timelines.names
        bits = {issuer: 1 << place for place, issuer in enumerate(self.law)}
        there = np.flatnonzero(self.said)
        masks: list[int] = [0] * len(there)
        every = list(self.law.values())
        for first in range(0, len(every), WORD):
            word = np.zeros(len(there), np.uint64)
            for place, law in enumerate(every[first : first + WORD]):
                word |= law[there].astype(np.uint64) << np.uint64(place)
            masks = (
                word.tolist()
                if not first
                else [low | high << first for low, high in zip(masks, word.tolist(), strict=True)]
            )
        listing = {names[target]: mask for target, mask in zip(there.tolist(), masks, strict=True)}
        back, owed, yes = (
            frozenset(names[one] for one in np.flatnonzero(each).tolist()) for each in (self.back, self.owed, self.yes)
        )
        return Overview(bits, listing, back, owed, yes, until, self.counts, dict(self.lapsing))


def kind(now: Standing) -> str:
    """What a snapback calls this relief: agreed, or given alone."""
    return "deviation" if now.because == DEVIATION else "relief"


def columns(clauses: Clauses, bits: Mapping[str, int], issuers: Iterable[str]) -> dict[str, int]:
    """By issuer, the mask of those whose listing applies there: its own, and its unions'."""
    return {
        issuer: sum(bits.get(one, 0) for one in {issuer, *unions(clauses, issuer)}) for issuer in issuers
    }  # fmt: skip
