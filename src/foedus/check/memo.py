"""What a question about a state was answered, kept by the cells that were read for it.

The same question about another state with the same in those cells has the same answer: the functions asked are pure.
Cells that are the same in every state met so far are not compared; when one of them is written, all is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from foedus.check.cells import ABSENT, Cells
from foedus.check.traced import Trace

Answer = TypeVar("Answer")


class Asked:
    """One question. `root`: a list [cell, answers by what stands in it] as long as cells are to be compared.

    `plain`: what it reads of what was said counts for nothing: it asks what that comes to, or what may be said.
    """

    __slots__ = ("plain", "root")

    def __init__(self, *, plain: bool = False) -> None:
        self.plain = plain
        self.root: Any = None


class Memo:
    """All that was asked in one exploration."""

    def __init__(self, cells: Cells, start: datetime) -> None:
        self._cells = cells
        self._start = start
        self._asked: dict[Any, Asked] = {}
        self._read: set[int] = set()
        self._changing: set[int] = set()
        self.ever: set[int] = set()  # cells that were read for any answer
        self.misses = 0
        # The cell of what something that was said comes to, and cells to which what was said is only added.
        self.behind: Callable[[int], int | None] = lambda cell: None
        self.beside: frozenset[int] = frozenset()

    def question(self, name: Any, *, plain: bool = False) -> Asked:
        """The question of this name."""
        found = self._asked.get(name)
        if found is None:
            found = self._asked[name] = Asked(plain=plain)
        return found

    def changes(self, cell: int) -> bool:
        """Whether not the same stands in it in all states."""
        return cell in self._changing

    def written(self, writes: Iterable[tuple[int, int]], row: list[int]) -> None:
        """These cells are no longer the same in all states."""
        new = {
            cell for cell, number in writes if cell not in self._changing and (cell >= len(row) or row[cell] != number)
        }
        if new:
            self._changing |= new
            if not new.isdisjoint(self._read):
                for one in self._asked.values():
                    one.root = None
                self._read = set()

    def answer(self, asked: Asked, row: list[int], work: Callable[[Trace], Answer]) -> Answer:
        """The answer kept, else by the work done now."""
        node = asked.root
        while type(node) is list:
            node = node[1].get(row[node[0]])
        return self.learn(asked, row, work) if node is None else node

    def note(self, reads: Iterable[int], *, plain: bool = False) -> None:
        """These were read: of what was said what it comes to, and nothing where that is judged."""
        for cell in reads:
            judged = self.behind(cell)
            if judged is None and not (plain and cell in self.beside):
                self.ever.add(cell)
            elif judged is not None and not plain:
                self.ever.add(judged)

    def learn(self, asked: Asked, row: list[int], work: Callable[[Trace], Answer]) -> Answer:
        """Do the work, and keep its answer by what it read. The row grows where cells were met for the first time."""
        self.misses += 1
        trace = Trace(self._cells, row, self._start)
        found = work(trace)
        row.extend([ABSENT] * (self._cells.room - len(row)))
        self._read.update(trace.reads)
        self.note(trace.reads, plain=asked.plain)
        reads = [(cell, number) for cell, number in trace.reads.items() if cell in self._changing]
        asked.root = _kept(asked.root, reads, found)
        return found


def _kept(root: Any, reads: list[tuple[int, int]], answer: Any) -> Any:
    """The answers with one more. Those that compared another cell than the first read now are forgotten."""
    if not reads:
        return answer
    (cell, number), rest = reads[0], reads[1:]
    if type(root) is not list or root[0] != cell:
        root = [cell, {}]
    root[1][number] = _kept(root[1].get(number), rest, answer)
    return root
