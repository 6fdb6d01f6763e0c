"""Who contest a condition until it stands otherwise: of each condition the fewest, one after another at one moment.

Each of them before the last changes nothing that anybody asks, so no state is kept of it; and of those who make it
stand so it matters how, not who they are. More contesting never makes a condition hold.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from foedus.check.judged import Judged
from foedus.check.situation import Step
from foedus.check.taken import Taken

Contests = tuple[tuple[str, Taken], ...]
MayContest = Callable[[str, datetime, list[int]], list[Taken]]
Written = Callable[[list[int], Any], list[int]]


class Contest(Struct, frozen=True):
    """The `last` who contests, in this row, `before` whom others did."""

    row: list[int]
    last: Taken
    before: tuple[Step, ...]


class Contesting:
    """The contests of one exploration."""

    def __init__(self, judged: Judged, may: MayContest, written: Written) -> None:
        """`may`: what a party may contest at a moment, in a row of cells. `written`: the row after a step."""
        self._judged = judged
        self._may = may
        self._written = written
        self._known: dict[Any, tuple[Contests, ...]] = {}

    def of(self, row: list[int], at: datetime, kinds: dict[str, Any]) -> Iterator[Contest]:
        """The contests after which a condition stands otherwise. `kinds`: of each party, the same for parties alike."""
        for condition in self._judged.conditions:
            if not self._judged.holds(condition, row):
                continue
            begun = (condition, at, self._judged.compared(condition, row))
            found = [self._before_last(row, at, contests) for contests in self._known.get(begun, ())]
            if not found or None in found:
                self._known[begun] = tuple(self._fewest(condition, row, at, kinds))
                found = [self._before_last(row, at, contests) for contests in self._known[begun]]
            for contests, last in zip(self._known[begun], found, strict=True):
                assert last is not None, "it was just found"
                *before, (_, taken) = contests
                yield Contest(last, taken, tuple([one.step for _, one in before]))

    def _before_last(self, row: list[int], at: datetime, contests: Contests) -> list[int] | None:
        """The row before the last of them speaks; None where one of them may not."""
        for place, (party, taken) in enumerate(contests):
            if all(one.writes != taken.writes for one in self._may(party, at, row)):
                return None
            if place < len(contests) - 1:
                row = self._written(row, taken.writes)
        return row

    def _fewest(self, condition: str, row: list[int], at: datetime, kinds: dict[str, Any]) -> Iterator[Contests]:
        said = {party: self._judged.said_by(condition, party) for party in kinds}
        rows: deque[tuple[list[int], Contests]] = deque([(row, ())])
        known: set[Any] = set()
        while rows:
            row, before = rows.popleft()
            for party, taken in self._distinct(condition, said, row, at, kinds):
                after = self._written(row, taken.writes)
                stands = self._judged.standing(after, at)
                words = stands or tuple(
                    sorted([(kind, self._judged.word(after, said[one])) for one, kind in kinds.items()])
                )
                if words not in known:
                    known.add(words)
                    if stands or not self._judged.only_said(taken.writes):
                        yield (*before, (party, taken))
                    else:
                        rows.append((after, (*before, (party, taken))))

    def _distinct(
        self, condition: str, said: dict[str, int], row: list[int], at: datetime, kinds: dict[str, Any]
    ) -> Iterator[tuple[str, Taken]]:
        """Who may contest it; of parties alike who said the same of it one."""
        tried: set[Any] = set()
        for party, kind in kinds.items():
            mark = (kind, self._judged.word(row, said[party]))
            if mark not in tried:
                tried.add(mark)
                for taken in self._may(party, at, row):
                    if getattr(taken.step.body, "condition", None) == condition:
                        yield party, taken
