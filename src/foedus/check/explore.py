"""Every way a procedure can go: breadth-first over (state, time to the next deadline), through the rules that run.

From each state each party may do what is offered to it and decided for it, or nothing; and time goes on, to just before
the next moment that a clause names, or to that moment, where what is due is recorded first, as the depositary does it.
Between two such moments nothing can become otherwise by itself: clauses compare times with those moments only. That
this is so is tested against time going on hour by hour. Memory is bounded; what was not explored is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf
from typing import Any, Final, get_args

from msgspec import Struct, field

from foedus import rules
from foedus.acts import Body, Event
from foedus.check.cells import ABSENT, Cells, Path
from foedus.check.consulted import Noted
from foedus.check.explored import Explored, Limits, Progress, Watch
from foedus.check.frontier import Frontier, Node
from foedus.check.judged import Judged, Matter, Unforeseen, judged_matters
from foedus.check.key import Keys
from foedus.check.memo import Asked, Memo
from foedus.check.situation import START, Situation, Step, depositary_act, told_apart
from foedus.check.speaking import Speaking
from foedus.check.sums import Sums, without_party
from foedus.check.taken import NONE_NOTED, Taken, renumbered, standing, taken_by, to_come, waited, within
from foedus.check.traced import Deadlines, Trace, noted
from foedus.collector import uncollected
from foedus.compact import model
from foedus.errors import Refused
from foedus.history import Deadline
from foedus.parties.acts import StatusChanged

JUST_BEFORE: Final = timedelta(minutes=1)
# Further than this from the beginning no procedure is followed: terms and notices of years lie beyond.
HORIZON: Final = timedelta(days=200)
_TOLD_EVERY: Final = 100
_BODIES: Final = {kind.__name__: kind for kind in get_args(Body)}


class Learnt(Struct):
    """What was read of states, as paths without parties, and what was asked of the text."""

    read: set[Path] = field(default_factory=set)
    noted: set[Noted] = field(default_factory=set)


class Explorer:
    """One exploration."""

    def __init__(
        self, situation: Situation, watches: list[Watch], limits: Limits, progress: Progress | None = None,
        *, edges: bool = False, learnt: Learnt | None = None,
    ) -> None:  # fmt: skip
        """`edges`: keep every step, not only the first to each state. `learnt`: by earlier explorations like this."""
        self._situation, self._watches, self._limits = situation, watches, limits
        self._progress = progress or (lambda done, total: None)
        self._with_edges = edges
        clauses = situation.clauses
        asked = [evidence.at_least for _, evidence in clauses.every(model.Evidence)]
        since = [
            clock.within.after(START) - START for _, clock in clauses.every(model.Clock) if clock.starts_on == "attack"
        ]
        past, most = max([timedelta(), *since]).total_seconds(), max([1, *asked])
        self._waits = [permit.wait for name in limits.acts for _, permit in clauses.permits(name) if permit.wait]
        self._cells = Cells(Keys(situation.classes, most, past, inf, entries=True))
        self._keys = Keys(situation.classes, most, past, (situation.at + HORIZON).timestamp())
        self._offices = {party: self._offices_of(party) for party in situation.parties}
        self._learnt = learnt or Learnt()
        self._remember({} if edges else judged_matters(limits, watches))
        situation.clauses.noted |= self._learnt.noted
        self._begin()

    def _remember(self, matters: dict[Path, Matter]) -> None:
        """With no answer kept yet. `matters`: of what was said in these it counts what it comes to."""
        self._memo = Memo(self._cells, self._situation.at)
        self._questions: dict[tuple[str, datetime], list[tuple[Asked, str, type]]] = {}
        self._asked_of: dict[int, Taken] = {}
        self._looked_at = (0, 0)  # cells read and clauses asked for, when last compared with what is known
        leaving = self._situation.alone - {self._situation.clauses.compact.protected}
        clauses = self._situation.clauses
        self._judged = Judged(self._cells, self._memo, clauses, matters, leaving) if matters else None
        self._speaking = Speaking(self._judged, self._may_say, self._written) if self._judged is not None else None

    def _begin(self) -> None:
        """With no state met yet, and the states that are one as far as is known."""
        limits, situation = self._limits, self._situation
        self._classes = situation.classes_so_far() if limits.reduce else situation.classes
        kept = frozenset(self._learnt.read) if limits.reduce else None
        behind = self._judged.behind if self._judged is not None else None
        self._sums = Sums(self._cells, self._keys, self._classes, self._waits, kept, behind)
        none_shown: list[int | None] = [None] * len(self._watches)
        self.found = Explored(0, 0, True, none_shown, [], [], {}, [], [set() for _ in self._watches])
        self._frontier = Frontier(self.found, edges=self._with_edges)

    def run(self) -> Explored:
        """Follow every state; stopped by Ctrl-C or the bound of states, it gives what is known so far.

        Two states are one that are the same in all that was read of any, so it begins again when more is read.
        """
        with uncollected():
            again = True
            while again:
                try:
                    again = self._run()
                except Unforeseen:
                    self._remember({})  # all that was said is compared after all
                if again:
                    self._begin()
        return self.found

    def _run(self) -> bool:
        """Follow the states; whether more was read meanwhile than is compared of them."""
        start = self._situation
        memories: list[Any] = [()] * len(self._watches)
        for step in start.given:  # what a run must end may have begun there
            for place, watch in enumerate(self._watches):
                memories[place] = watch.step(memories[place], start.state, step, start.state)[0]
        row = self._cells.of_state(renumbered(start))
        if self._judged is not None:
            row = self._written(row, self._judged.standing(row, start.at))
        sums = self._sums.whole(row, start.at)
        first = Node(0, row, noted(start.state), start.at, tuple(memories), sums)
        self._met(0, (), first, apart=False)
        done = 0
        try:
            while (node := self._frontier.next()) is not None:
                self._follow(node)
                if self._limits.reduce and self._more_was_read():
                    return True
                done += 1
                if done % _TOLD_EVERY == 0:
                    self._progress(done, self.found.states)
                if self.found.states > self._limits.most_states or (
                    self._watches and not self._with_edges and self._frontier.nearest_shown()
                ):
                    break
        except KeyboardInterrupt:
            self.found.complete, self.found.stopped = False, True
        if not self._frontier.done:
            self.found.complete = False
        return False

    def _more_was_read(self) -> bool:
        """Whether a rule or a question read what is not compared of states, or what tells apart parties held alike."""
        learnt, memo, noted = self._learnt, self._memo, self._situation.clauses.noted
        known = (len(memo.ever), len(noted))
        if known == self._looked_at:
            return False
        self._looked_at = known
        learnt.noted |= noted
        read = {without_party(self._keys, self._cells.paths[cell])[0] for cell in memo.ever}
        more = not read <= learnt.read
        learnt.read |= read
        return more or self._situation.classes_so_far() != self._classes

    def _offices_of(self, party: str) -> list[tuple[str, type]]:
        """The offices by which the party acts, and the kinds of act that each is asked for."""
        speaking = [(who, act, speaks) for (who, act), speaks in self._situation.speaks.items() if who == party]
        return [(speaks.seat, _BODIES[act]) for _, act, speaks in speaking if act in self._limits.acts]

    # --- steps ----------------------------------------------------------------------------------------------

    def _follow(self, node: Node) -> None:
        row = node.row
        row.extend([ABSENT] * (self._cells.room - len(row)))
        first, changed = self._limits.others == "first", False
        kinds = self._sums.kinds(node.sums)
        of_kind: dict[Any, str] = {}
        for party, kind in kinds.items():
            of_kind.setdefault(kind, party)
        for party in of_kind.values():
            theirs = first and party != self._limits.apart
            for taken in () if theirs and changed else self._acts(party, node):
                if self._take(node, taken) != node.number and theirs:
                    changed = True
                    break
        if self._speaking is not None:
            for one in self._speaking.of(row, node.at, kinds):
                speaking = Node(node.depth, one.row, node.deadlines, node.at, node.memories, node.sums, node.number)
                self._take(speaking, one.last, one.before)
        for at, lapses in self._times(node):
            then = self._later(node, at)
            self._take(then, self._passing(then, at) if lapses else waited(at))

    def _acts(self, party: str, node: Node) -> Iterator[Taken]:
        """What the party may do, but say what is judged."""
        row = node.row
        for asked, seat, kind in self._asked(party, node.at):
            if asked.plain:
                continue
            found = asked.root
            while type(found) is list:
                found = found[1].get(row[found[0]])
            if found is None:
                found = self._memo.learn(asked, row, partial(self._own_steps, party, seat, kind, node.at))
            yield from found

    def _asked(self, party: str, at: datetime) -> list[tuple[Asked, str, type]]:
        """What a party may do at this moment, office by office and kind by kind."""
        found = self._questions.get((party, at))
        if found is None:
            voices = self._judged.voices if self._judged is not None else frozenset()
            found = [
                (self._memo.question((party, at, *one), plain=one[1] in voices), *one) for one in self._offices[party]
            ]
            self._questions[party, at] = found
        return found

    def _may_say(self, party: str, at: datetime, row: list[int], voice: type) -> list[Taken]:
        """What the party may say by acts of this kind, which is judged."""
        row.extend([ABSENT] * (self._cells.room - len(row)))
        return [
            taken
            for asked, seat, kind in self._asked(party, at)
            if kind is voice
            for taken in self._memo.answer(asked, row, partial(self._own_steps, party, seat, kind, at))
        ]

    def _own_steps(self, party: str, seat: str, kind: type, at: datetime, trace: Trace) -> tuple[Taken, ...]:
        """What the party may do; of acts that differ in a code of the compact only, the first that it may."""
        state = trace.state()
        clauses = rules.in_force(self._situation.clauses, state)
        done: set[Any] = set()
        found = []
        narrow = self._limits.others != "all" and party != self._limits.apart
        for body in rules.offered(clauses, state, seat, at, None, frozenset((kind,))):
            said = () if narrow else tuple(getattr(body, field) for field in told_apart(kind))
            if said in done:
                continue
            act = self._situation.act(state, party, body, at)
            assert act is not None, "only acts that a clause permits to the party are asked for"
            try:
                events, after = rules.enact(clauses, state, act, at)
            except Refused:
                continue
            done.add(said)
            if within(self._limits, state, after):
                found.append(taken_by(trace, Step(party, body, at, events), after))
        return tuple(found)

    # --- time -----------------------------------------------------------------------------------------------

    def _passing(self, node: Node, at: datetime) -> Taken:
        """Everything that is due by then, recorded in its order."""
        standing = [
            [one for one in of if one.due_at <= at and self._stands(node.row, place, one)]
            for place, of in enumerate(node.deadlines)
        ]
        due = (tuple(standing[0]), tuple(standing[1]))
        asked = self._memo.question(("passing", at, due))
        return self._memo.answer(asked, node.row, partial(self._passed, at, due))

    def _passed(self, at: datetime, deadlines: Deadlines, trace: Trace) -> Taken:
        events: tuple[Event, ...] = ()
        state = trace.state(deadlines)
        while (upcoming := rules.next_due(state)) is not None and upcoming <= at:
            clauses = rules.in_force(self._situation.clauses, state)
            due = rules.due(clauses, state, at)
            before = state
            for body in due:
                if rules.stands(state, body):
                    act = depositary_act(state, body, at)
                    more, state = rules.enact(clauses, state, act, at, rules.came_true(state, body))
                    events += more
            if state is before:  # nothing that is due can be recorded
                break
        if self._judged is not None:
            left = {one.party for one in events if isinstance(one, StatusChanged)}
            if not left <= self._situation.alone:  # whose words may count, and are not kept by name
                raise Unforeseen
        return taken_by(trace, Step("", None, at, events), state)

    def _stands(self, row: list[int], package: int, deadline: Deadline) -> bool:
        """Whether a deadline that was noted by the response or by sanctions stands still."""
        asked = self._memo.question(("stands", package, deadline))
        return self._memo.answer(asked, row, lambda trace: standing(trace.state(), package, deadline))

    def _times(self, node: Node) -> Iterator[tuple[datetime, bool]]:
        """Moments to which time may go on from here, and whether something is due there."""
        moments = [*self._memo.answer(self._memo.question("moments"), node.row, self._moments)]
        firsts = [
            next((one.due_at for one in of if self._stands(node.row, place, one)), _NEVER)
            for place, of in enumerate(node.deadlines)
        ]
        asked = self._memo.question("due")
        firsts.append(self._memo.answer(asked, node.row, lambda trace: rules.next_due(trace.state()) or _NEVER))
        due = min(firsts)
        moments.append(due)
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
        yield upcoming, due <= upcoming

    def _moments(self, trace: Trace) -> tuple[datetime, ...]:
        """Moments at which something becomes otherwise that no deadline names."""
        state = trace.state()
        found = [wait.after(one.place.at) for wait in self._waits for one in state.response.incidents.values()]
        for condition in state.sanctions.conditions.values():  # what was attested counts until it is stale
            found += [said[-1].stale_at for said in condition.said.values() if said[-1].stale_at is not None]
        return tuple(sorted(set(found)))

    # --- states ---------------------------------------------------------------------------------------------

    def _written(self, row: list[int], writes: Iterable[tuple[int, int]]) -> list[int]:
        """The row after these cells were written."""
        self._memo.written(writes, row)
        row.extend([ABSENT] * (self._cells.room - len(row)))
        after = row.copy()
        for cell, number in writes:
            after[cell] = number
        return after

    def _later(self, node: Node, at: datetime) -> Node:
        """The same at a later moment, with nothing recorded yet of what is due there."""
        row, sums = node.row, self._sums.later(node.sums, node.row, node.at, at)
        if self._judged is not None and (judged := self._judged.standing(row, at)):
            row = self._written(node.row, judged)
            sums = self._sums.stepped(sums, node.row, row, judged, at)
        return Node(node.depth, row, node.deadlines, at, node.memories, sums, node.number)

    def _take(self, node: Node, taken: Taken, before: tuple[Step, ...] = ()) -> int:
        """The number of the state to which the step leads; `before`: steps before it, which change nothing."""
        self.found.transitions += 1
        row, sums, at, writes = node.row, node.sums, node.at, taken.writes
        after = row
        if writes:
            after = self._written(row, writes)
            if self._judged is not None and (judged := self._judged.touched(writes, after, at)):
                after, writes = self._written(after, judged), (*writes, *judged)
            sums = self._sums.stepped(sums, row, after, writes, at)
        memories, showing = self._watched(node, taken, after) if self._watches else (node.memories, [])
        apart = self._limits.apart is not None and taken.step.party == self._limits.apart
        deadlines = node.deadlines
        if not taken.step.party or taken.noted != NONE_NOTED:
            deadlines = to_come(deadlines, taken.noted, at)
            for place, of in enumerate(taken.noted):  # what lets them stand is read, whether or not they are followed
                for one in of:
                    self._stands(after, place, one)
        depth = node.depth + len(before) + 1
        reached = Node(depth, after, deadlines, at, memories, sums)
        number = self._met(node.number, (*before, taken.step), reached, apart, tuple(showing))
        for place in showing:
            self._frontier.shown(place, number)
        return number

    def _watched(self, node: Node, taken: Taken, after: list[int]) -> tuple[tuple[Any, ...], list[int]]:
        """What the watches remember after a step, and which of them see what they look for."""
        memories, showing = list(node.memories), list[int]()
        for place, watch in enumerate(self._watches):
            memory = memories[place]
            if taken.events.isdisjoint(watch.events) and (taken.step.party or not memory):
                continue  # that time passes is seen by what remembers something
            asked = self._memo.question(("watch", place, memory, id(taken)))
            self._asked_of[id(taken)] = taken  # while it is kept, no other step gets its id()
            memories[place], shows = self._memo.answer(
                asked, node.row, partial(self._seen, watch, memory, taken, after)
            )
            if shows:
                showing.append(place)
        return tuple(memories), showing

    def _seen(self, watch: Watch, memory: Any, taken: Taken, after: list[int], trace: Trace) -> tuple[Any, bool]:
        """What a watch says of a step: by what it read before, and after it of what the step did not write."""
        then = Trace(self._cells, after, self._situation.at)
        found = watch.step(memory, trace.state(), taken.step, then.state())
        written = {cell for cell, _ in taken.writes}
        trace.reads.update({cell: number for cell, number in then.reads.items() if cell not in written})
        self._memo.note(then.reads)
        return found

    def _met(
        self, parent: int, steps: tuple[Step, ...], reached: Node, apart: bool, showing: tuple[int, ...] = ()
    ) -> int:  # fmt: skip
        """The number of a state that was reached by these steps; it waits to be followed where it was not known."""
        key = (
            (reached.sums.key, _relative(reached.memories, reached.at), showing) if self._watches else reached.sums.key
        )
        return self._frontier.met(key, parent, steps, reached, apart, bool(showing))


_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def _relative(value: Any, at: datetime) -> Any:
    if isinstance(value, datetime):
        return (value - at).total_seconds()
    return tuple([_relative(one, at) for one in value]) if isinstance(value, tuple) else value
