"""Every way a procedure can go: breadth-first over (state, time to the next deadline), through the rules that run.

From each state each party may do what is offered to it and decided for it, or nothing; and time goes on, to just before
the next moment that a clause names, or to that moment, where what is due is recorded first, as the depositary does it.
Between two such moments nothing can become otherwise by itself: clauses compare times with those moments only. That
this is so is tested against time going on hour by hour. Memory is bounded; what was not explored is said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Protocol, get_args

import msgspec.inspect as mi
from msgspec import Struct
from rpds import HashTrieMap

from foedus import rules
from foedus.acts import Body, Event
from foedus.check.key import Key, Keys
from foedus.check.situation import START, Situation, Step, depositary_act
from foedus.collector import uncollected
from foedus.compact import model
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.state import State

JUST_BEFORE: Final = timedelta(minutes=1)
# Further than this from the beginning no procedure is followed: terms and notices of years lie beyond.
HORIZON: Final = timedelta(days=200)
MOST_STATES: Final = 2_000_000
_TOLD_EVERY: Final = 100
_BODIES: Final = {kind.__name__: kind for kind in get_args(Body)}

# Each of these brings up one subject whenever it is accepted: an incident, a response, a measure, a ballot, an easing.
_BRING_UP: Final = frozenset(
    _BODIES[name]
    for name in (
        *("ReportIncident", "Activate", "OpenConsultation", "RequestConvening", "ProposeMeasure", "ProposeExtension"),
        *("DeclareBadFaith", "ProposeEstablishment", "ProposeEasing", "AdoptSchedule"),
    )
)

# What these call an instrument is one of the compact's; elsewhere it is an act of an issuer's own law.
_OF_INSTRUMENTS: Final = frozenset(
    _BODIES[name] for name in ("SignText", "DepositRatification", "GiveNotice", "RenewTerm") if name in _BODIES
)

Progress = Callable[[int, int], None]


class Watch(Protocol):
    """A question that looks at every step. What it must remember of a run is part of the state; at first `()`."""

    def step(self, memory: Any, before: State, step: Step, after: State) -> tuple[Any, bool]:
        """What it remembers after the step, and whether the step shows what it looks for."""
        ...

    def moments(self, memory: Any) -> tuple[datetime, ...]:
        """Moments at which it wants to look again."""
        ...


class Limits(Struct, frozen=True):
    """What is tried: acts by name; so many subjects of each kind; at most so many states.

    `apart`: the party whose acts are told from those of all others, the two sides. `narrow`: of the others' acts of a
    kind only the first that is accepted. `every`: time goes on by so much at a time instead of from moment to moment.
    """

    acts: frozenset[str]
    subjects: int = 1
    most_states: int = MOST_STATES
    apart: str | None = None
    narrow: bool = False
    every: timedelta | None = None


class Explored(Struct):
    """What was found. `shown`: of each watch the state in which it first saw what it looks for, None where it did not.

    `stopped`: by Ctrl-C. `edges`: from each state, with whether the party apart made the step; only when asked for.
    """

    states: int
    transitions: int
    complete: bool
    shown: list[int | None]
    parents: list[int]
    steps: list[Step | None]
    edges: list[list[tuple[bool, int]]]
    marked: list[set[int]]
    stopped: bool = False

    def story(self, state: int) -> list[Step]:
        """The steps that lead to a state, of which none are fewer."""
        found: list[Step] = []
        while state:
            step = self.steps[state]
            assert step is not None, "only the first state has no step before it"
            found.append(step)
            state = self.parents[state]
        return found[::-1]


class _Node(Struct):
    """A state that waits to be followed."""

    number: int
    state: State
    at: datetime
    memories: tuple[Any, ...]
    signs: dict[str, int]


class Explorer:
    """One exploration."""

    def __init__(
        self, situation: Situation, watches: list[Watch], limits: Limits, progress: Progress | None = None,
        *, edges: bool = False,
    ) -> None:  # fmt: skip
        self._situation, self._watches, self._limits = situation, watches, limits
        self._progress = progress or (lambda done, total: None)
        self._with_edges = edges
        clauses = situation.clauses
        asked = [evidence.at_least for _, evidence in clauses.every(model.Evidence)]
        since = [
            clock.within.after(START) - START for _, clock in clauses.every(model.Clock) if clock.starts_on == "attack"
        ]
        past = max([timedelta(), *since]).total_seconds()
        self._keys = Keys(situation.classes, max([1, *asked]), past)
        self._waits = [permit.wait for name in limits.acts for _, permit in clauses.permits(name) if permit.wait]
        self._seats = {party: self._offices(party) for party in situation.parties}
        self._known: dict[Key, int] = {}
        self._brings: dict[type, tuple[int, str]] = {}  # where an act of a kind brings up a subject, once one did
        self._queue: deque[_Node] = deque()
        self.found = Explored(0, 0, True, [None] * len(watches), [], [], [], [set() for _ in watches])

    def run(self) -> Explored:
        """Follow every state; stopped by Ctrl-C or the bound of states, it gives what is known so far."""
        start = self._situation
        memories: list[Any] = [()] * len(self._watches)
        for step in start.given:  # what a run must end may have begun there
            for place, watch in enumerate(self._watches):
                memories[place] = watch.step(memories[place], start.state, step, start.state)[0]
        self._met(0, None, start.state, start.at, tuple(memories), False)
        done = 0
        try:
            with uncollected():
                while self._queue:
                    self._follow(self._queue.popleft())
                    done += 1
                    if done % _TOLD_EVERY == 0:
                        self._progress(done, self.found.states)
                    if self.found.states > self._limits.most_states or (
                        self._watches and not self._with_edges and None not in self.found.shown
                    ):
                        break
        except KeyboardInterrupt:
            self.found.complete, self.found.stopped = False, True
        if self._queue:
            self.found.complete = False
        return self.found

    def _offices(self, party: str) -> list[tuple[str, frozenset[type]]]:
        """The offices by which the party acts, and the kinds of act that each is asked for."""
        found: dict[str, set[type]] = {}
        for (who, act), speaks in self._situation.speaks.items():
            if who == party and act in self._limits.acts:
                found.setdefault(speaks.seat, set()).add(_BODIES[act])
        return [(seat, frozenset(kinds)) for seat, kinds in found.items()]

    # --- steps ----------------------------------------------------------------------------------------------

    def _follow(self, node: _Node) -> None:
        clauses = rules.in_force(self._situation.clauses, node.state)
        for party in self._distinct(node.signs):
            for step, after in self._own_steps(clauses, node, party):
                self._take(node, step, after, node.at)
        for at, lapses in self._times(node):
            events, passed = self._passed(node.state, at) if lapses else ((), node.state)
            self._take(node, Step("", None, at, events), passed, at)

    def _own_steps(self, clauses: Clauses, node: _Node, party: str) -> Iterator[tuple[Step, State]]:
        """What the party may do; of acts that differ in a code of the compact only, the first that it may."""
        done: set[Any] = set()
        full = {kind for kind in self._brings if self._one_too_many(node.state, kind, party)}
        narrow = self._limits.narrow and party != self._limits.apart
        for speaks, kinds in self._seats[party]:
            for body in rules.offered(clauses, node.state, speaks, node.at, None, kinds):
                if type(body) in full:
                    continue
                kind = (type(body), *([] if narrow else [getattr(body, field) for field in _told_apart(type(body))]))
                if kind in done:
                    continue
                act = self._situation.act(node.state, party, body, node.at)
                assert act is not None, "only acts that a clause permits to the party are asked for"
                try:
                    events, after = rules.enact(clauses, node.state, act, node.at)
                except Refused:
                    continue
                done.add(kind)
                if self._within(node.state, after, type(body)):
                    yield Step(party, body, node.at, events), after

    def _distinct(self, signs: dict[str, int]) -> Iterator[str]:
        """Of parties alike in everything one."""
        for alike in self._situation.classes:
            seen: set[int] = set()
            for party in alike:
                if signs[party] not in seen:
                    seen.add(signs[party])
                    yield party

    def _within(self, before: State, after: State, kind: type) -> bool:
        """Whether there are no more subjects of a kind than are tried."""
        fits = True
        for place, (package, known) in enumerate(zip(_packages(after), _packages(before), strict=True)):
            if package is known:
                continue
            for field in _maps(package):
                now, then = getattr(package, field), getattr(known, field)
                if len(now) > len(then):
                    if kind in _BRING_UP:
                        self._brings.setdefault(kind, (place, field))
                    fits = fits and self._few_enough(now.values())
        return fits

    def _one_too_many(self, state: State, kind: type, party: str) -> bool:
        """Whether an act that always brings up one more subject would bring up more than are tried."""
        place, field = self._brings[kind]
        return not self._few_enough(getattr(_packages(state)[place], field).values(), party)

    def _few_enough(self, subjects: Iterable[Any], by: str | None = None) -> bool:
        """Whether no more of these, and one more `by` a party, were brought up than are tried, and none by the party
        apart: it may only answer.

        What parties owe they did not bring up.
        """
        sides, apart = {True: 0, False: 0}, self._limits.apart or "nobody"
        if by is not None:
            sides[by == apart] += 1
        for one in subjects:
            if not isinstance(one, Struct) or "released" in one.__struct_fields__ or "id" not in one.__struct_fields__:
                return True
            sides[getattr(one, "party", None) == apart] += 1
        return sides[False] <= self._limits.subjects and not sides[True]

    def _passed(self, state: State, at: datetime) -> tuple[tuple[Event, ...], State]:
        """Everything that is due by then, recorded in its order."""
        events: tuple[Event, ...] = ()
        while (upcoming := rules.next_due(state)) is not None and upcoming <= at:
            clauses = rules.in_force(self._situation.clauses, state)
            due = rules.due(clauses, state, at)
            for body in due:
                if rules.stands(state, body):
                    act = depositary_act(state, body, at)
                    more, state = rules.enact(clauses, state, act, at, rules.came_true(state, body))
                    events += more
            if not due:
                break
        return events, state

    def _times(self, node: _Node) -> Iterator[tuple[datetime, bool]]:
        """Moments to which time may go on from here, and whether something is due there."""
        due = rules.next_due(node.state)
        moments = [due] if due is not None else []
        for wait in self._waits:
            moments += [wait.after(one.place.at) for one in node.state.response.incidents.values()]
        for condition in node.state.sanctions.conditions.values():  # what was attested counts until it is stale
            moments += [said[-1].stale_at for said in condition.said.values() if said[-1].stale_at is not None]
        for watch, memory in zip(self._watches, node.memories, strict=True):
            moments += watch.moments(memory)
        later = [one for one in moments if node.at < one <= self._situation.at + HORIZON]
        if not later:
            return
        upcoming = min(later)
        if self._limits.every is not None:
            upcoming = min(upcoming, node.at + self._limits.every)
        elif upcoming - JUST_BEFORE > node.at:
            yield upcoming - JUST_BEFORE, False
        yield upcoming, due is not None and due <= upcoming

    # --- states ---------------------------------------------------------------------------------------------

    def _take(self, node: _Node, step: Step, after: State, at: datetime) -> None:
        self.found.transitions += 1
        memories, showing = [], []
        for place, (watch, memory) in enumerate(zip(self._watches, node.memories, strict=True)):
            remembered, shows = watch.step(memory, node.state, step, after)
            memories.append(remembered)
            if shows:
                showing.append(place)
        apart = self._limits.apart is not None and step.party == self._limits.apart
        number = self._met(node.number, step, after, at, tuple(memories), apart, bool(showing))
        for place in showing:
            self.found.marked[place].add(number)
            if self.found.shown[place] is None:
                self.found.shown[place] = number

    def _met(
        self, parent: int, step: Step | None, state: State, at: datetime, memories: tuple[Any, ...], apart: bool,
        showing: bool = False,
    ) -> int:  # fmt: skip
        own, signs = self._keys.read(_packages(state), at)
        left = tuple(
            [
                max(0.0, (wait.after(one.place.at) - at).total_seconds())
                for wait in self._waits
                for one in state.response.incidents.values()
            ]
        )
        key = (own, left, _relative(memories, at), showing)
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = self.found.states
            self.found.states += 1
            self.found.parents.append(parent)
            self.found.steps.append(step)
            if self._with_edges:
                self.found.edges.append([])
            if not (self._with_edges and showing):  # what was to be brought about is: nothing more is asked
                self._queue.append(_Node(number, state, at, memories, signs))
        if self._with_edges and step is not None:
            self.found.edges[parent].append((apart, number))
        return number


@lru_cache
def _maps_of(kind: Any) -> tuple[str, ...]:
    """The fields of a package's state that hold subjects by id."""
    return tuple(field for field in kind.__struct_fields__ if isinstance(getattr(kind(), field), HashTrieMap))


def _maps(package: Struct) -> tuple[str, ...]:
    return _maps_of(type(package))


def _packages(state: State) -> tuple[Any, ...]:
    return (state.parties, state.response, state.sanctions, state.commitments, state.reparations)


def _relative(value: Any, at: datetime) -> Any:
    if isinstance(value, datetime):
        return (value - at).total_seconds()
    return tuple([_relative(one, at) for one in value]) if isinstance(value, tuple) else value


@lru_cache
def _told_apart(kind: type) -> tuple[str, ...]:
    """The fields by which two acts of a kind are two: whom or what it is about, and what is chosen of a closed list."""
    described = mi.type_info(kind)
    assert isinstance(described, mi.StructType)
    about = {"incident", "response", "measure", "ballot", "into", "seat", "condition", "easing", "snapback", "listing"}
    if kind in _OF_INSTRUMENTS:
        about.add("instrument")
    return tuple(
        field.name for field in described.fields if field.name in about or isinstance(field.type, mi.LiteralType)
    )
