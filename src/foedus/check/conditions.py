"""In what way an event became true: the closed list of `where` in guarantees. Each looks at one event of one step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from foedus import rules
from foedus.acts import Event
from foedus.compact.clauses import Clauses
from foedus.state import State


class Moment(Struct, frozen=True):
    """An event, the states before and after the step that brought it, and when."""

    clauses: Clauses
    before: State
    event: Event
    after: State
    at: datetime


def _carried(moment: Moment) -> bool:
    """With a measure that is carried."""
    return any(one.carried for one in getattr(moment.event, "outcomes", ()))


def _bound_without_joining(moment: Moment) -> bool:
    """A measure binds a party that did not join it."""
    return any(set(one.bound) - set(one.joined) for one in getattr(moment.event, "outcomes", ()))


def _freed_by_leaving(moment: Moment) -> bool:
    """A party that is no longer party to the compact can do less than before in a procedure that still runs."""
    party = str(getattr(moment.event, "party", ""))
    if getattr(moment.event, "status", "") not in ("withdrawn", "lapsed"):
        return False
    for name, after in moment.after.response.responses.items():
        before = moment.before.response.responses.get(name)
        if before is None or party not in before.roll or after.closed is not None:
            continue
        if party not in after.roll or _kinds(moment, moment.before, party, name) - _kinds(
            moment, moment.after, party, name
        ):
            return True
    return False


def _kinds(moment: Moment, state: State, party: str, about: str) -> set[str]:
    """The acts that one of the party's offices may perform about this procedure."""
    seats = [one.id for one in state.parties.seats.values() if one.party == party]
    offered = [one for seat in seats for one in rules.options(moment.clauses, state, seat, moment.at, about)]
    return {type(one.body).__name__ for one in offered if about in map(str, _values(one.body))}


def _values(body: Any) -> list[Any]:
    return [str(getattr(body, field)).partition("/")[0] for field in body.__struct_fields__]


WHERE: Final[dict[str, Callable[[Moment], bool]]] = {
    "any": lambda moment: True,
    "carried": _carried,
    "bound_without_joining": _bound_without_joining,
    "freed_by_leaving": _freed_by_leaving,
}
