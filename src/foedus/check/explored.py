"""What an exploration is asked, within which limits, and what it found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Protocol

from msgspec import Struct

from foedus.check.situation import Step
from foedus.state import State

MOST_STATES: Final = 2_000_000

Progress = Callable[[int, int], None]


class Watch(Protocol):
    """A question that looks at steps: those with an event of these names, and each by which time goes on.

    What it must remember of a run is part of the state; at first `()`.
    """

    @property
    def events(self) -> frozenset[str]:
        """Names of events."""
        ...

    def step(self, memory: Any, before: State, step: Step, after: State) -> tuple[Any, bool]:
        """What it remembers after the step, and whether the step shows what it looks for."""
        ...

    def moments(self, memory: Any) -> tuple[datetime, ...]:
        """Moments at which it wants to look again."""
        ...


class Limits(Struct, frozen=True):
    """What is tried: acts by name; so many subjects of each kind; at most so many states.

    `apart`: the party whose acts are told from those of all others, the two sides. `others`: all that these may do, of
    each kind of act only the first that is accepted, or of everything only the first that changes something. `every`:
    time goes on by so much at a time instead of from moment to moment. `reduce`: states that differ only in what no
    rule reads, or in which of the parties alike is which, are one.
    """

    acts: frozenset[str]
    subjects: int = 1
    most_states: int = MOST_STATES
    apart: str | None = None
    others: Literal["all", "each_kind", "first"] = "all"
    every: timedelta | None = None
    reduce: bool = True


class Explored(Struct):
    """What was found. `shown`: of each watch the state in which it first saw what it looks for, None where it did not.

    `steps`: by which each state was first reached; `before`: where others lead from its parent to there, those, none of
    which changes anything that is asked. `stopped`: by Ctrl-C. `edges`: from each state, with whether the party apart
    made the step; only when asked for.
    """

    states: int
    transitions: int
    complete: bool
    shown: list[int | None]
    parents: list[int]
    steps: list[Step | None]
    before: dict[int, tuple[Step, ...]]
    edges: list[list[tuple[bool, int]]]
    marked: list[set[int]]
    stopped: bool = False

    def story(self, state: int) -> list[Step]:
        """The steps that lead to a state, of which none are fewer."""
        found: list[Step] = []
        while state:
            step = self.steps[state]
            assert step is not None, "only the first state has no step before it"
            found += [step, *self.before.get(state, ())[::-1]]
            state = self.parents[state]
        return found[::-1]
