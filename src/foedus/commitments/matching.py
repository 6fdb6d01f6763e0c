"""Which offers could meet which requirements: a proposal, computed exactly. People decide, and who offers undertakes.

An offer fits a requirement of the same capability and unit, ready by its day, by a way of transport that is open. What
its maker state refused is left out; what still waits for consent is proposed after what needs none, and says so.

Requirements are met in one order: every minimum by priority and day, then every target in the same order. More of an
earlier one is worth more than any amount of later ones, so augmenting paths in that order are the optimum: the amounts
that can be met together form a polymatroid, on which greed is exact (Edmonds 1970). Only where two offers meet the
same, the choice is ours: without consent to wait for, then ready first, then by id.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from foedus.commitments.needs import gaps
from foedus.commitments.state import NOTHING, Offer, State, bounds

Consent = Literal["not_needed", "given", "awaited"]
WAYS = ("air", "rail", "road", "sea")


class Proposal(Struct, frozen=True):
    """So much of an offer for a requirement. `consent`: of the maker state."""

    offer: str
    requirement: str
    amount: Decimal
    consent: Consent


class Wanted(Struct, frozen=True):
    """A step of the order: so much for one requirement, from any of these offers."""

    requirement: str
    amount: Decimal
    offers: tuple[str, ...]


def consent(state: State, offer: Offer) -> Consent | None:
    """Where the maker state's consent stands; None where it was refused, or not given in time."""
    if offer.maker is None or offer.maker == offer.party:
        return "not_needed"
    asked = [one for one in state.reexports.values() if one.offer == offer.id]
    if not asked:
        return "awaited"
    newest = max(asked, key=lambda one: one.place.entry)
    if newest.answers:
        return "given" if newest.answers[-1].value else None
    return "awaited" if newest.unanswered is None else None


def proposed(state: State, now: datetime, ways: Collection[str] = WAYS) -> list[Proposal]:
    """The proposal as things stand, in the order in which requirements are met."""
    known = {one.id: said for one in state.offers.values() if (said := consent(state, one)) is not None}
    offers = sorted(
        (state.offers[id_] for id_ in known), key=lambda one: (known[one.id] == "awaited", one.ready_on, one.id)
    )
    open_ = sorted(gaps(state, now), key=lambda one: (one.priority, one.needed_by, one.requirement))
    steps = []
    for target in (False, True):
        for gap in open_:
            has = gap.came + gap.due
            short = max(NOTHING, gap.minimum - has)
            more = max(NOTHING, gap.target - max(gap.minimum, has)) if target else short
            fitting = tuple(
                one.id
                for one in offers
                if (one.capability, one.quantity.unit) == (gap.capability, gap.unit)
                and one.ready_on.isoformat() <= gap.needed_by
                and not set(one.transports).isdisjoint(ways)
            )
            if more and fitting:
                steps.append(Wanted(gap.requirement, more, fitting))
    given = filled({one.id: bounds(one.quantity).low for one in offers}, steps)
    order = {gap.requirement: number for number, gap in enumerate(open_)}
    return [
        Proposal(offer, requirement, amount, known[offer])
        for (offer, requirement), amount in sorted(given.items(), key=lambda each: (order[each[0][1]], each[0][0]))
    ]


def filled(stock: dict[str, Decimal], steps: list[Wanted]) -> dict[tuple[str, str], Decimal]:
    """How much of each offer goes to each requirement: each step as far as those before it leave it possible."""
    left = dict(stock)
    flow: dict[tuple[str, int], Decimal] = {}
    for number, step in enumerate(steps):
        missing = step.amount
        while missing > 0:
            path = _path(left, steps, flow, number)
            if path is None:
                break
            missing -= _sent(left, flow, path, missing)
    found: dict[tuple[str, str], Decimal] = {}
    for (offer, number), amount in flow.items():
        if amount:
            key = (offer, steps[number].requirement)
            found[key] = found.get(key, NOTHING) + amount
    return found


def _path(
    left: dict[str, Decimal], steps: list[Wanted], flow: dict[tuple[str, int], Decimal], start: int
) -> list[tuple[str, int]] | None:
    """From a step to an offer with something left, by way of offers that other steps could do without."""
    came: dict[str, tuple[int, str | None]] = {}
    queue: deque[tuple[int, str | None]] = deque([(start, None)])
    seen = {start}
    while queue:
        step, through = queue.popleft()
        for offer in steps[step].offers:
            if offer in came:
                continue
            came[offer] = (step, through)
            if left[offer] > 0:
                return _back(came, offer)
            for other in range(len(steps)):
                if other not in seen and flow.get((offer, other), NOTHING) > 0:
                    seen.add(other)
                    queue.append((other, offer))
    return None


def _back(came: dict[str, tuple[int, str | None]], offer: str) -> list[tuple[str, int]]:
    """The path as pairs of an offer and the step that takes more of it, from the end with stock to the start."""
    path = []
    at: str | None = offer
    while at is not None:
        step, at_before = came[at]
        path.append((at, step))
        at = at_before
    return path


def _sent(
    left: dict[str, Decimal], flow: dict[tuple[str, int], Decimal], path: list[tuple[str, int]], missing: Decimal
) -> Decimal:
    """As much as the path carries: each step on it gives up the next offer for the one before it."""
    amount = min(missing, left[path[0][0]])
    for (_, step), (offer, _) in pairwise(path):
        amount = min(amount, flow[offer, step])
    left[path[0][0]] -= amount
    for number, (offer, step) in enumerate(path):
        flow[offer, step] = flow.get((offer, step), NOTHING) + amount
        if number + 1 < len(path):
            flow[path[number + 1][0], step] -= amount
    return amount
