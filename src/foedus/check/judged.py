"""What was said of a condition, as far as anything asks of it: whether it holds. Who said what is left out of the key.

Of a condition no rule asks more than whether its clause holds over what was said, and no guarantee more than whether it
holds as the guarantee reads it. So both stand in a cell of their own, and answers that were read from what was said are
kept by that cell. To contest is in nobody's way: it is told only where the condition then stands otherwise, together
with those who contested it before. All that while nobody attests anew and nobody joins or leaves; else everything said
is compared. That rules ask no more is known of them, not derived; it is tested (tests/check/test_reduced.py).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final, get_args

from foedus.check.cells import ABSENT, Cells, Writes
from foedus.check.conditions import met
from foedus.check.explored import Limits, Watch
from foedus.check.memo import Memo
from foedus.check.traced import Trace
from foedus.compact.clauses import Clauses
from foedus.compact.model import Condition, Provision
from foedus.sanctions.acts import (
    AttestCondition,
    ConditionAttested,
    ConditionContested,
    ContestCondition,
    SanctionsAct,
)
from foedus.sanctions.conditions import appraisal

VOICE: Final = ContestCondition
_SANCTIONS: Final = frozenset(kind.__name__ for kind in get_args(SanctionsAct))
_TOLD: Final = frozenset((ConditionAttested.__name__, ConditionContested.__name__))


def may_be_judged(limits: Limits, watches: list[Watch]) -> bool:
    """Whether nothing that is tried or asked goes by who said what of a condition."""
    asked = frozenset[str]().union(*(watch.events for watch in watches))
    attests = AttestCondition.__name__ in limits.acts
    concerned = not attests and not limits.acts.isdisjoint(_SANCTIONS)
    return limits.reduce and limits.apart is None and concerned and asked.isdisjoint(_TOLD)


class Judged:
    """The conditions of a compact, each with the cell in which stands what is asked of it."""

    def __init__(self, cells: Cells, memo: Memo, clauses: Clauses) -> None:
        self._cells = cells
        self._memo = memo
        self._clauses = clauses
        self._conditions: dict[str, tuple[int, tuple[Provision, Condition]]] = {
            pair[1].id: (cells.at(("judged", pair[1].id)), pair) for pair in clauses.every(Condition)
        }
        self._behind: dict[int, int | None] = {}
        self._read: set[int] = set()
        self._read_of: dict[str, set[int]] = {condition: set() for condition in self._conditions}
        memo.behind = self.behind
        memo.beside = frozenset((cells.at(("reparations",)),))  # the account taken with each word decides nothing

    @property
    def conditions(self) -> tuple[str, ...]:
        """By id, in the order of the document."""
        return tuple(self._conditions)

    def behind(self, cell: int) -> int | None:
        """The cell of the condition of which this one is what somebody said; None for any other."""
        if cell not in self._behind:
            path = self._cells.paths[cell]
            said = path[:2] == ("sanctions", "conditions") and path[3:4] == ("said",) and path[2] in self._conditions
            self._behind[cell] = self._conditions[path[2]][0] if said else None
        return self._behind[cell]

    def holds(self, condition: str, row: list[int]) -> bool:
        """Whether it holds, by either reading, as the row has it."""
        return any(self._cells.values[row[self._conditions[condition][0]]])

    def compared(self, condition: str, row: list[int]) -> tuple[int, ...]:
        """What stands in all that how it stands was ever read from."""
        return tuple([row[cell] if cell < len(row) else ABSENT for cell in sorted(self._read_of[condition])])

    def said_by(self, condition: str, party: str) -> int:
        """The cell in which stands what the party said of it."""
        return self._cells.at(("sanctions", "conditions", condition, "said", party))

    def word(self, row: list[int], cell: int) -> int:
        """What was said there, apart from who said it."""
        return self._cells.shape(row[cell] if cell < len(row) else ABSENT)

    def only_said(self, writes: Writes) -> bool:
        """Whether a step writes nothing but what was said, and what nobody ever read."""
        return all(self.behind(cell) is not None or cell not in self._memo.ever for cell, _ in writes)

    def touched(self, writes: Writes, row: list[int], at: datetime) -> Writes:
        """What stands otherwise after a step that wrote these cells, as what is written of it."""
        return () if self._read.isdisjoint([cell for cell, _ in writes]) else self.standing(row, at)

    def standing(self, row: list[int], at: datetime) -> Writes:
        """The conditions that stand otherwise at a moment than the row has it, as what is written of them."""
        return tuple(
            [
                (cell, number)
                for condition, (cell, pair) in self._conditions.items()
                if (number := self._number(condition, pair, row, at)) != (row[cell] if cell < len(row) else None)
            ]
        )

    def _number(self, condition: str, pair: tuple[Provision, Condition], row: list[int], at: datetime) -> int:
        asked = self._memo.question(("judged", condition, at), plain=True)
        return self._memo.answer(asked, row, partial(self._stands, pair, at))

    def _stands(self, pair: tuple[Provision, Condition], at: datetime, trace: Trace) -> int:
        """By the rule that runs, and as guarantees read it."""
        state = trace.state()
        holds = appraisal(self._clauses, state, *pair, at).verdict.holds
        number = self._cells.number((holds, met(self._clauses, state, pair[1], at)), exact=True)
        self._read_of[pair[1].id].update(trace.reads)
        self._read.update(trace.reads)
        return number
