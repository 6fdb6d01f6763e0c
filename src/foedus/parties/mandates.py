"""What national law asks of a party before it joins a measure: stated by the party itself, and read against the hours.

It stops no position: whether its own law was kept is for the party to answer. It shows who could not answer in time if
the request came now, and which step to take beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import combinations

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.compact.model import Measure, OpenProposal
from foedus.errors import Refused
from foedus.parties import acts
from foedus.parties.acts import NationalStep
from foedus.parties.authority import permission
from foedus.state import State


def kinds(clauses: Clauses) -> tuple[str, ...]:
    """Kinds of measure that are decided on under the compact: prepared ones, then those open to proposal."""
    prepared = [measure.kind for _, measure in clauses.every(Measure) if measure.mode == "decision"]
    free = [kind for _, clause in clauses.every(OpenProposal) for kind in clause.kinds]
    return tuple(dict.fromkeys((*prepared, *free)))


def within(clauses: Clauses) -> Duration | None:
    """The time to decide, as the compact has it; None where no clause starts such a clock."""
    clock = clauses.clock("decide")
    return clock[1].within if clock is not None else None


def state_mandate(clauses: Clauses, state: State, act: Act, body: acts.StateMandate, at: datetime) -> tuple[Event, ...]:
    """A party states the steps of its own law; nobody else does."""
    permit, _ = permission(clauses, state, act, at)
    if body.kind not in kinds(clauses):
        raise Refused(
            "record/vocabulary", "{kind} is no kind of measure that is decided on under {compact}", kind=body.kind,
            compact=clauses.compact.id,
        )  # fmt: skip
    names = [one.step for one in body.steps]
    if len(set(names)) < len(names):
        raise Refused(permit.id, "a step of national law stands twice; each is named once")
    for one in body.steps:
        if one.delegated_until is not None and one.delegated_until <= at:
            raise Refused(
                permit.id, "the delegation of the step {step} is over already: leave it out, or name one in force",
                step=one.step,
            )  # fmt: skip
    return (acts.MandateStated(act.party, body.kind, body.steps),)


def ahead(steps: Iterable[NationalStep], at: datetime, limit: Duration) -> tuple[NationalStep, ...]:
    """The steps still to be taken if the request came at `at`.

    A delegation counts if it lasts until the time to decide is over: nobody knows at which hour it will be used.
    """
    ends = limit.after(at)
    return tuple(one for one in steps if one.delegated_until is None or one.delegated_until < ends)


def takes(steps: Iterable[NationalStep]) -> timedelta:
    """How long the steps take, one after another."""
    return timedelta(hours=sum(one.takes_hours for one in steps))


def to_authorise(steps: tuple[NationalStep, ...], at: datetime, limit: Duration) -> tuple[NationalStep, ...]:
    """Which of the steps ahead to take beforehand, so that the rest fits into the time to decide: as few as will do,
    and of as few those that are soonest taken. None where all fit already.
    """
    left = ahead(steps, at, limit)
    allowed = limit.after(at) - at
    for count in range(len(left) + 1):
        enough = [
            some for some in combinations(left, count) if takes(one for one in left if one not in some) <= allowed
        ]
        if enough:
            return min(enough, key=takes)
    raise AssertionError("with no step left everything fits")


def lasts_until(steps: tuple[NationalStep, ...], at: datetime, limit: Duration) -> datetime | None:
    """For a party that could answer in time now: the last moment of a request at which it still could, where that rests
    on delegations that end; None where it rests on none, or it could not.
    """
    if to_authorise(steps, at, limit):
        return None
    span = limit.after(at) - at
    for end in sorted(one.delegated_until for one in steps if one.delegated_until is not None):
        last = end - span
        if last >= at and to_authorise(steps, last + timedelta(seconds=1), limit):
            return last
    return None
