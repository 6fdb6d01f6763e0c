"""In what way an event became true: the closed list of `where` in guarantees. Each looks at one event of one step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, get_args

from msgspec import Struct

from foedus import rules
from foedus.acts import Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Condition, Extension
from foedus.compact.operators import holds
from foedus.response.acts import Outcome, ResponseAct
from foedus.sanctions.state import RELIEF, Listing, Schedule
from foedus.sanctions.status import standing
from foedus.state import State

ACTS: Final[dict[str, type]] = {kind.__name__: kind for kind in get_args(ResponseAct)}


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
    return any(binds_unjoined(moment.before, one) for one in getattr(moment.event, "outcomes", ()))


def binds_unjoined(state: State, outcome: Outcome) -> bool:
    """Whether it binds a party, or counts one among those who joined, whose last word is not that it joins: read from
    what was said, without asking the rules that run.
    """
    measure = state.response.measures[outcome.measure]
    for party in {*outcome.bound, *outcome.joined}:
        position = measure.position(party)
        if position is None or position.text != measure.text:
            return True
        if position.stance != "joins" and position.confirmed is None:
            return True
    return False


def _freed_by_leaving(moment: Moment) -> bool:
    """A party that is no longer party to the compact can do less than before in a procedure that still runs."""
    party = str(getattr(moment.event, "party", ""))
    if getattr(moment.event, "status", "") not in ("withdrawn", "lapsed"):
        return False
    for name, after in moment.after.response.responses.items():
        before = moment.before.response.responses.get(name)
        if before is None or party not in before.roll or after.closed is not None:
            continue
        kinds = _kinds(moment, moment.before, party, name)
        if party not in after.roll or kinds - _kinds(moment, moment.after, party, name, kinds):
            return True
    return False


def _kinds(
    moment: Moment, state: State, party: str, about: str, wanted: frozenset[str] | None = None
) -> frozenset[str]:
    """The acts, of those `wanted`, that one of the party's offices may perform about this procedure."""
    clauses, found = moment.clauses, set[str]()
    for seat in [one for one in state.parties.seats.values() if one.party == party and one.revoked is None]:
        left = frozenset(
            kind for kind in ACTS if (wanted is None or kind in wanted) and kind not in found
            and any(not by.roles or seat.role in by.roles for _, permit in clauses.permits(kind) for by in permit.by)
        )  # fmt: skip
        kinds = frozenset(ACTS[kind] for kind in left)
        offered = rules.offered(clauses, state, seat.id, moment.at, about, kinds) if left else ()
        for body in offered:
            kind = type(body).__name__
            asked = kind in left and kind not in found and about in _values(body)
            if asked and rules.option(clauses, state, seat.id, body, moment.at) is not None:
                found.add(kind)
    return frozenset(found)


def _values(body: Any) -> list[Any]:
    return [str(getattr(body, field)).partition("/")[0] for field in body.__struct_fields__]


def _condition_unmet(moment: Moment) -> bool:
    """A condition of easing does not hold: read from what was said, without asking the rules that run."""
    state, clauses = moment.after, moment.clauses
    return any(not met(clauses, state, clause, moment.at) for _, clause in clauses.every(Condition))


def met(clauses: Clauses, state: State, clause: Condition, at: datetime) -> bool:
    """Whether enough parties attest it, with words that are neither stale nor older than renewed aggression."""
    known = state.sanctions.conditions.get(clause.id)
    renewed = max((one.place.entry for one in state.sanctions.aggressions), default=-1)
    last = {party: said[-1] for party, said in known.said.items()} if known is not None else {}
    yes = frozenset(
        party
        for party, one in last.items()
        if one.met and at < clause.stale_after.after(one.place.at) and one.place.entry > renewed
    )
    no = frozenset(party for party, one in last.items() if not one.met)
    roll = frozenset(party for party in state.parties.tiers if _takes_part(clauses, state, party))
    return holds(clause.rule, clauses, roll, yes, no, members=lambda group: clauses.members(group) & roll)


def _not_back(moment: Moment) -> bool:
    """Something is under relief still, though it was neither ended on its merits nor excepted; or it is back and its
    issuer, a party, owes no act for it.
    """
    sanctions, at = moment.after.sanctions, moment.at
    every: list[Listing | Schedule] = [*sanctions.schedules.values(), *sanctions.listings.values()]
    for one in every:
        now = standing(sanctions, one, at, at)
        if now is None:
            continue
        if now.status in RELIEF and not now.on_its_merits and not now.exemptions:
            return True
        if now.status == "reinstated" and now.in_law == "no" and _takes_part(moment.clauses, moment.after, one.issuer):
            return True
    return False


def _takes_part(clauses: Clauses, state: State, party: str) -> bool:
    return state.parties.status(party, clauses.compact.id) not in (None, "withdrawn", "lapsed")


def _early(moment: Moment) -> bool:
    """The time to decide still runs, with every extension that was carried: reckoned from the clock as it was first
    fixed and from the votes, without asking the rules that run.
    """
    state, clauses = moment.before.response, moment.clauses
    response = state.responses.get(getattr(moment.event, "response", ""))
    clock = response.clock("decide") if response is not None else None
    if response is None or clock is None:
        return False
    due, extension = clock.due_at, clauses.one(Extension)
    for ballot in (state.ballots[item.value] for item in response.ballots):
        if extension is not None and ballot.about == "extension" and ballot.closed is not None and ballot.closed.value:
            due = extension[1].by.after(due)
    return moment.at < due


def _by_one(moment: Moment) -> bool:
    """No two parties consent."""
    return not consented(moment.after, getattr(moment.event, "easing", ""))


def consented(state: State, easing: str) -> bool:
    """Whether the last word of more than one party is its consent: read from what was said."""
    known = state.sanctions.easings.get(easing)
    return known is not None and sum(said[-1].value == "yes" for said in known.answers.values()) > 1


WHERE: Final[dict[str, Callable[[Moment], bool]]] = {
    "any": lambda moment: True,
    "carried": _carried,
    "bound_without_joining": _bound_without_joining,
    "freed_by_leaving": _freed_by_leaving,
    "condition_unmet": _condition_unmet,
    "not_back": _not_back,
    "early": _early,
    "by_one": _by_one,
}
