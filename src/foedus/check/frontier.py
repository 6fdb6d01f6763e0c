"""The states that were met, and those that wait to be followed: those reached by the fewest steps first."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from foedus.check.explored import Explored
from foedus.check.situation import Step
from foedus.check.sums import Summed
from foedus.check.traced import Deadlines

_UNKNOWN: Final = -1


class Node(Struct, gc=False):
    """A state that waits to be followed. `depth`: by how many steps it was reached."""

    depth: int
    row: list[int]
    deadlines: Deadlines
    at: datetime
    memories: tuple[Any, ...]
    sums: Summed
    number: int = _UNKNOWN


class Frontier:
    """What one exploration has met."""

    def __init__(self, found: Explored, *, edges: bool) -> None:
        """`found`: to which it adds. `edges`: keep every step, and follow nothing that shows what is looked for."""
        self._found = found
        self._edges = edges
        self._known: dict[Any, int] = {}
        self._depths: list[int] = []
        self._waiting: list[deque[Node]] = []
        self._nearest = 0

    def next(self) -> Node | None:
        """The next to be followed; None when none is left."""
        while self._nearest < len(self._waiting):
            waiting = self._waiting[self._nearest]
            if waiting:
                node = waiting.popleft()
                if self._depths[node.number] == node.depth:  # else it was reached by fewer
                    return node
            else:
                self._nearest += 1
        return None

    @property
    def done(self) -> bool:
        """Whether nothing waits."""
        return not any(self._waiting)

    def shown(self, place: int, number: int) -> None:
        """That a watch saw in a state what it looks for; of several the nearest is kept."""
        self._found.marked[place].add(number)
        before = self._found.shown[place]
        if before is None or self._depths[number] < self._depths[before]:
            self._found.shown[place] = number

    def nearest_shown(self) -> bool:
        """Whether each watch saw what it looks for, and no way that is still to be followed is shorter."""
        found = [self._depths[one] for one in self._found.shown if one is not None]
        return len(found) == len(self._found.shown) and max(found, default=0) <= self._nearest + 1

    def met(
        self, key: Any, parent: int, steps: tuple[Step, ...], reached: Node, apart: bool, showing: bool
    ) -> int:  # fmt: skip
        """The number of a state that was reached by these steps; it waits to be followed where it was not known."""
        found, number = self._found, self._known.get(key)
        if number is None:
            number = self._known[key] = found.states
            found.states += 1
            found.parents.append(parent)
            found.steps.append(steps[-1] if steps else None)
            self._depths.append(reached.depth)
            if self._edges:
                found.edges.append([])
            self._wait(reached, number, steps, showing)
        elif reached.depth < self._depths[number]:  # it was met from nearer to the beginning, by more steps at once
            found.parents[number], found.steps[number], self._depths[number] = parent, steps[-1], reached.depth
            self._wait(reached, number, steps, showing)
        if self._edges and steps:
            found.edges[parent].append((apart, number))
        return number

    def _wait(self, node: Node, number: int, steps: tuple[Step, ...], showing: bool) -> None:
        node.number = number
        if len(steps) > 1:
            self._found.before[number] = steps[:-1]
        else:
            self._found.before.pop(number, None)
        if self._edges and showing:  # what was to be brought about is: nothing more is asked
            return
        while len(self._waiting) <= node.depth:
            self._waiting.append(deque())
        self._waiting[node.depth].append(node)
