"""A step taken: what it writes and notes, how many subjects it may bring up, and how the first state is numbered."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct, structs
from rpds import HashTrieMap

from foedus.check.cells import Writes
from foedus.check.explored import Limits
from foedus.check.situation import Situation, Step
from foedus.check.traced import Deadlines, Trace, noted
from foedus.history import Agenda, Deadline, Place
from foedus.response import state as response_state
from foedus.sanctions import state as sanctions_state
from foedus.state import State

# After these a rule asks of other facts whether they stand in an earlier entry or a later one.
_TELLING: Final = frozenset(
    ("RenewedAggressionEstablished", "SnappedBack", "SnapbackStopped", "RegimeOpened", "RegimeRenewed", "RegimeLapsed")
)


class Taken(Struct, frozen=True):
    """A step that the rules allow: what it writes, the deadlines it notes, and the names of its events."""

    step: Step
    writes: Writes
    noted: Deadlines
    events: frozenset[str]


NONE_NOTED: Final[Deadlines] = ((), ())


def waited(at: datetime) -> Taken:
    return Taken(Step("", None, at, ()), (), NONE_NOTED, frozenset())


def taken_by(trace: Trace, step: Step, after: State) -> Taken:
    writes = trace.changes(after)
    names = frozenset(type(event).__name__ for event in step.events)
    if not names.isdisjoint(_TELLING):
        writes = (*writes, trace.later_entries())
    return Taken(step, writes, noted(after), names)


def to_come(before: Deadlines, more: Deadlines, at: datetime) -> Deadlines:
    """The deadlines to come."""
    both = [
        tuple(sorted({one for one in (*known, *new) if one.due_at > at}))
        for known, new in zip(before, more, strict=True)
    ]
    return both[0], both[1]


def renumbered(start: Situation) -> State:
    """The state with its entries numbered as all that come: anew only after what rules ask the order of."""
    first = start.state.size - len(start.given)
    telling = [
        first + place
        for place, step in enumerate(start.given)
        if not _TELLING.isdisjoint(type(event).__name__ for event in step.events)
    ]

    def number(value: Any) -> Any:
        if type(value) is Place:
            return structs.replace(value, entry=bisect_left(telling, value.entry))
        if type(value) is HashTrieMap:
            return HashTrieMap({name: number(one) for name, one in value.items()})
        if type(value) is tuple:
            return tuple([number(one) for one in value])
        if isinstance(value, Struct) and not isinstance(value, Agenda):
            fields = {one: number(getattr(value, one)) for one in value.__struct_fields__}
            return type(value)(**fields)
        return value

    state: State = number(start.state)
    return structs.replace(state, size=len(telling))


def standing(state: State, package: int, deadline: Deadline) -> bool:
    if package:
        return sanctions_state.standing_deadline(state.sanctions, deadline)
    return response_state.standing_deadline(state.response, deadline)


@lru_cache
def _maps_of(kind: Any) -> tuple[str, ...]:
    """The fields of a package's state that hold subjects by id."""
    return tuple(one.name for one in structs.fields(kind) if isinstance(one.default, HashTrieMap))


def _maps(package: Struct) -> tuple[str, ...]:
    return _maps_of(type(package))


_PACKAGES: Final = ("parties", "response", "sanctions", "commitments", "reparations")


def within(limits: Limits, before: State, after: State) -> bool:
    """Whether there are no more subjects of a kind than are tried."""
    for name in _PACKAGES:
        # What a step only carries along is not read by asking this.
        if object.__getattribute__(after, name) is not object.__getattribute__(before, name):
            package, known = getattr(after, name), getattr(before, name)
            for field in _maps(package):
                now, then = getattr(package, field), getattr(known, field)
                if now is not then and len(now) > len(then) and not _few_enough(limits, now.values()):
                    return False
    return True


def _few_enough(limits: Limits, subjects: Iterable[Any]) -> bool:
    """Whether no more of these were brought up than are tried, and none by the party apart: it may only answer.

    What parties owe they did not bring up. Of extensions that were carried it counts no more than the clause allows.
    """
    sides, apart = {True: 0, False: 0}, limits.apart
    for one in subjects:
        if not isinstance(one, Struct) or "released" in one.__struct_fields__ or "id" not in one.__struct_fields__:
            return True
        if getattr(one, "about", "") == "extension" and one.closed is not None:  # type: ignore[attr-defined]  # a ballot
            continue
        sides[apart is not None and getattr(one, "party", None) == apart] += 1
    return sides[False] <= limits.subjects and not sides[True]
