"""What the guarantees of a compact are worth: each question answered over every way that was explored, with its limits.

A verdict never says more than was shown: which parties took part, which acts were tried, and whether every state was
followed. One that was stopped early holds for what was followed and is not called proven.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from math import inf
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from foedus.check.cells import SUBJECTS, WHOLE
from foedus.check.conditions import WHERE, Moment
from foedus.check.consulted import Noted, alike
from foedus.check.explore import JUST_BEFORE, Explorer, Learnt
from foedus.check.explored import Explored, Limits, Progress, Watch
from foedus.check.key import Keys
from foedus.check.situation import START, Situation, Step, afresh, after, going, leaving, roll, situation, taking_part
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.compact.model import AlwaysAfter, CannotPrevent, Compact, Guarantee, Never, Question, Reachable
from foedus.errors import Malformed
from foedus.state import State

# So many guarantors are tried first where no number is asked for, and so many states of each of their questions.
_FIRST: Final = ((3, 2_000), (2, 4_000))
# So many states are followed among all.
_AMONG_ALL: Final = 10_000


class Verdict(Struct, frozen=True):
    """`holds`: None where not every state was followed and nothing was found. `story`: the shortest that shows it.

    `by`: who can prevent it, alone. `asked`: of whom that was asked. `parties`: who took part. `begins`: the moment
    from which the hours of the story count. `stopped`: by Ctrl-C. `problem`: why it could not be asked of this text.
    """

    guarantee: Guarantee
    clauses: Clauses
    holds: bool | None
    states: int
    transitions: int
    complete: bool
    parties: tuple[str, ...]
    begins: datetime
    story: tuple[Step, ...] = ()
    by: str = ""
    asked: tuple[str, ...] = ()
    stopped: bool = False
    problem: Malformed | None = None


class _Sees(Struct, frozen=True):
    """Looks for an event that became true in a certain way."""

    clauses: Clauses
    event: str
    where: str

    @property
    def events(self) -> frozenset[str]:
        return frozenset((self.event,))

    def step(self, memory: Any, before: State, step: Step, after: State) -> tuple[Any, bool]:
        found = any(
            type(event).__name__ == self.event
            and WHERE[self.where](Moment(self.clauses, before, event, after, step.at))
            for event in step.events
        )
        return memory, found

    def moments(self, memory: Any) -> tuple[datetime, ...]:
        return ()


class _Overdue(Struct, frozen=True):
    """Remembers what has begun and when it must have ended; sees a moment after that at which it has not."""

    event: str
    comes: tuple[str, ...]
    within: Duration

    @property
    def events(self) -> frozenset[str]:
        return frozenset((self.event, *self.comes))

    def step(self, memory: Any, before: State, step: Step, after: State) -> tuple[Any, bool]:
        open_ = dict(memory)
        for event in step.events:
            name, subject = type(event).__name__, str(getattr(event, event.__struct_fields__[0]))
            if name == self.event:
                open_.setdefault(subject, self.within.after(step.at))
            elif name in self.comes:
                open_.pop(subject, None)
        late = any(due < step.at for due in open_.values())
        return tuple(sorted((one, due) for one, due in open_.items() if not late)), late

    def moments(self, memory: Any) -> tuple[datetime, ...]:
        return tuple(due + JUST_BEFORE for _, due in memory)


def verdicts(
    compact: Compact, guarantors: int | None, progress: Progress, most_states: int, *, everybody: bool = False
) -> Iterator[Verdict]:  # fmt: skip
    """The answer to each guarantee that the compact asks for, in its order, among so many guarantors.

    Without a number among three, of whom one can be outvoted; among two, and then one, where more have more ways than
    are followed in seconds; and with `everybody`, what holds among three among all on the roll, where those can be
    followed. After Ctrl-C the guarantees that are left are not shown. One that cannot be asked of this text says why,
    and the others are still asked.
    """
    stopped = False
    tries = ((guarantors, most_states),) if guarantors else (*_FIRST, (1, most_states))
    for guarantee in compact.guarantees:
        for tried, bound in tries:
            parties = taking_part(compact, guarantee, tried)
            found = _left(compact, guarantee, parties)
            try:
                if not stopped:
                    found = verdict(compact, guarantee, parties, progress, min(bound, most_states))
            except KeyboardInterrupt:  # between two explorations
                stopped = True
            except Malformed as problem:
                yield Verdict(guarantee, Clauses.of(compact), None, 0, 0, False, (), START, problem=problem)
                break
            stopped = stopped or found.stopped
            if stopped or found.holds is not None or (tried, bound) == tries[-1]:
                if everybody and not stopped and found.holds and found.complete and _more_than(compact, parties):
                    among_everybody = among_all(compact, guarantee, progress, most_states)
                    stopped = among_everybody.stopped
                    found = found if among_everybody.holds is None else among_everybody
                yield found
                break


def _more_than(compact: Compact, parties: tuple[str, ...]) -> bool:
    """Whether more are on the roll than these."""
    return len(parties) < len(roll(Clauses.of(compact)))


def among_all(compact: Compact, guarantee: Guarantee, progress: Progress, most_states: int) -> Verdict:
    """What holds among some, asked among all on the roll. `holds` None where those have more states than are followed,
    or where it was stopped.
    """
    parties = taking_part(compact, guarantee, len(roll(Clauses.of(compact))))
    try:
        return verdict(compact, guarantee, parties, progress, min(_AMONG_ALL, most_states))
    except KeyboardInterrupt:  # between two explorations
        return _left(compact, guarantee, parties)


def _left(compact: Compact, guarantee: Guarantee, parties: tuple[str, ...]) -> Verdict:
    """Of a guarantee that was not asked any more."""
    parties = (compact.protected, *parties)
    return Verdict(guarantee, Clauses.of(compact), None, 0, 0, False, parties, START, stopped=True)


def verdict(
    compact: Compact, guarantee: Guarantee, parties: tuple[str, ...], progress: Progress,
    most_states: int | None = None, *, reduce: bool = True,
) -> Verdict:  # fmt: skip
    """The answer to one guarantee among these guarantors. `reduce`: as in `Limits`."""
    limits = Limits(frozenset(guarantee.acts), reduce=reduce)
    if most_states is not None:
        limits = replace(limits, most_states=most_states)
    asks = guarantee.asks
    if isinstance(asks, CannotPrevent):
        return _prevented(compact, guarantee, asks, parties, limits, progress)
    learnt = Learnt()
    told = learnt.noted if reduce else None
    begun = _begun(compact, guarantee, parties, noted=told)
    found = Explorer(begun, [watch(asks, begun.clauses)], limits, progress, learnt=learnt).run()
    while guarantee.leaving and not found.stopped:
        again = _begun(compact, guarantee, parties, noted=told)
        if again.alone == begun.alone:
            break
        begun = again  # one more kind of party was told apart than left
        found = Explorer(begun, [watch(asks, begun.clauses)], limits, progress, learnt=learnt).run()
    shown = found.shown[0]
    wanted = isinstance(asks, Reachable)
    holds = wanted if shown is not None else (not wanted if found.complete else None)
    story = () if shown is None else (*begun.given, *found.story(shown))
    return Verdict(
        guarantee, begun.clauses, holds, found.states, found.transitions, found.complete, begun.parties, _begins(begun),
        story, stopped=found.stopped,
    )  # fmt: skip


def _begins(begun: Situation) -> datetime:
    return begun.given[0].at if begun.given else begun.at


def _begun(
    compact: Compact, guarantee: Guarantee, parties: tuple[str, ...], apart: str | None = None,
    noted: AbstractSet[Noted] | None = None,
) -> Situation:  # fmt: skip
    """`noted`: what tells the parties apart of whom one of each kind leaves; without it, all that the text says."""
    begun = situation(compact, parties, apart, guarantee.begins)
    if guarantee.leaving:
        begun = leaving(begun, going(begun, noted))
    return afresh(after(begun, guarantee.given, apart, guarantee.by_all))


def watch(asks: Question, clauses: Clauses) -> Watch:
    """What looks for the answer to a question."""
    if isinstance(asks, AlwaysAfter):
        return _Overdue(asks.event, asks.comes, asks.within)
    assert isinstance(asks, Never | Reachable | CannotPrevent), "a question of another kind"
    return _Sees(clauses, asks.event, asks.where)


# --- who can prevent --------------------------------------------------------------------------------------------------


def asked_of(compact: Compact, asks: CannotPrevent, parties: tuple[str, ...]) -> tuple[str, ...]:
    """Of whom it is asked: of parties that nothing tells apart one, and outsiders as they are."""
    clauses = Clauses.of(compact)
    everybody = (compact.protected, *parties)
    found: list[str] = []
    for who in asks.who:
        named = clauses.members(who) or frozenset((who,))
        taking_part = [party for party in everybody if party in named]
        found += [kind[0] for kind in alike(compact, taking_part)] or sorted(named - set(everybody))[:1]
    return tuple(dict.fromkeys(found))


def _prevented(
    compact: Compact, guarantee: Guarantee, asks: CannotPrevent, parties: tuple[str, ...], limits: Limits,
    progress: Progress,
) -> Verdict:  # fmt: skip
    asked = asked_of(compact, asks, parties)
    states = transitions = 0
    complete, stopped = True, False
    learnt = Learnt()
    begun = _begun(compact, guarantee, parties)
    everybody = begun.parties
    seated = [who for who in asked if who in everybody]
    # Who holds no seat has no act: the others bring it about as they do beside one who keeps silent.
    answered: list[tuple[str, Situation]] = []
    for who in seated or asked:
        begun = _begun(compact, guarantee, parties, who if seated else None)
        if limits.reduce and any(_mirrored(one, like, begun, who, learnt.noted) for like, one in answered):
            continue
        answered.append((who, begun))
        seen = watch(asks, begun.clauses)
        tries = _tried_against(begun, seen, replace(limits, apart=who), progress, learnt)
        states += sum(one.states for one in tries)
        transitions += sum(one.transitions for one in tries)
        found = tries[-1]
        prevented = 0 not in _brought_about(found)
        complete = complete and found.complete
        stopped = found.stopped
        if stopped or (prevented and not found.complete):
            break
        if prevented:
            story = (*begun.given, *found.story(_dead(found, who)))
            return Verdict(
                guarantee,
                begun.clauses,
                False,
                states,
                transitions,
                complete,
                everybody,
                _begins(begun),
                story,
                who,
                asked,
            )
    holds = True if complete else None
    return Verdict(
        guarantee, begun.clauses, holds, states, transitions, complete, everybody, _begins(begun), asked=asked,
        stopped=stopped,
    )  # fmt: skip


def _tried_against(
    begun: Situation, seen: Watch, limits: Limits, progress: Progress, learnt: Learnt
) -> list[Explored]:  # fmt: skip
    """What all others try against the one who is apart, the last decides: what is enough whatever the one does is
    enough, and only where it is not they try more.
    """
    tries: list[Explored] = []
    for others in ("first", "each_kind", "all"):
        limited = replace(limits, others=others)
        tries.append(Explorer(begun, [seen], limited, progress, edges=True, learnt=learnt).run())
        if tries[-1].stopped or 0 in _brought_about(tries[-1]):
            break
    return tries


def _mirrored(
    one: Situation, like: str, other: Situation, who: str, noted: AbstractSet[Noted]
) -> bool:  # fmt: skip
    """Whether what is asked of `who` is what was answered of another, with the two names exchanged: nothing that was
    asked of the text tells them apart, and so it began alike.
    """
    if one.alone - {like} != other.alone - {who} or len(alike(one.clauses.compact, (like, who), noted)) > 1:
        return False
    keys = Keys((one.parties,), 1, 0.0, inf)
    for package in (*SUBJECTS, *WHOLE):
        ours = keys.value(getattr(one.state, package), one.at.timestamp())
        theirs = keys.value(getattr(other.state, package), other.at.timestamp())
        exchanged = {{like: who, who: like}.get(party, party): fact for party, fact in theirs.facts.items()}
        if ours.shape != theirs.shape or ours.facts != exchanged:
            return False
    return True


def _brought_about(found: Explored) -> set[int]:
    """States from which all others bring it about, whatever the one does: it is so, or they have a step after which
    every state that the one can make of it is such a state again.

    Time goes on by nobody's act; it counts as a step that the others wait for. Smallest such set, by rounds.
    """
    safe: set[int] = set(found.marked[0])
    answered = set(safe)  # states that are safe even though the one may still act in them
    changed = True
    while changed:
        changed = False
        # A state is answered when it and all that the one alone can make of it are safe.
        unsafe = _reaching(found, {one for one in range(found.states) if one not in safe}, safe)
        answered = {one for one in safe if one not in unsafe}
        for one, steps in enumerate(found.edges):
            if one not in safe and any(not apart and other in answered for apart, other in steps):
                safe.add(one)
                changed = True
    return answered


def _reaching(found: Explored, targets: set[int], among: set[int]) -> set[int]:
    """Which of the states lead to a target by steps of the one alone."""
    back: dict[int, list[int]] = {}
    marked = found.marked[0]
    for one in among:
        if one not in marked:
            for apart, other in found.edges[one]:
                if apart:
                    back.setdefault(other, []).append(one)
    reached: set[int] = set()
    waiting = list(targets)
    while waiting:
        for one in back.get(waiting.pop(), ()):
            if one not in reached:
                reached.add(one)
                waiting.append(one)
    return reached


def _dead(found: Explored, who: str) -> int:
    """The first state met from which it never comes about, after a step of the one or after time passed: not after the
    others spoiled it. The beginning where there is none: the one must go on acting.
    """
    alive: set[int] = set(found.marked[0])
    before: dict[int, list[int]] = {}
    for one, steps in enumerate(found.edges):
        for _, other in steps:
            before.setdefault(other, []).append(one)
    waiting = list(alive)
    while waiting:
        for one in before.get(waiting.pop(), ()):
            if one not in alive:
                alive.add(one)
                waiting.append(one)
    dead = [one for one in range(1, found.states) if one not in alive]
    by = [step.party if (step := found.steps[one]) is not None else "" for one in dead]
    return next((one for one, party in zip(dead, by, strict=True) if party in ("", who)), 0)
