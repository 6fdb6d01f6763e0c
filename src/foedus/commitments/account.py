"""The account read from the state: totals on every axis, what is overdue, where a tranche stands, as of any day.

    totals(state, ("stage", "kind"))        sums as the entries made them, without adding up a single tranche
    overdue(state, at)                      tranches whose grace is over, recorded as such or about to be
    seen(state, at, known)                  the whole account as it stood on a day and was known on another

Pure views; nothing here decides. A total over a group counts each party once: a union and its member are two funders,
and what one took over from the other is in one place only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Literal, TypeVar

from msgspec import Struct
from rpds import HashTrieMap

from foedus.commitments import state as states
from foedus.commitments.state import Allocation, Bounds, Delivery, Obligation, State, Tranche, Transfer
from foedus.history import Map, as_of, until

Axis = Literal["stage", "party", "kind", "unit", "year"]
AXES: tuple[Axis, ...] = ("stage", "party", "kind", "unit", "year")
Standing = Literal["planned", "fulfilled", "overdue", "came_late", "not_counted"]
Subject = TypeVar("Subject", bound=Struct)


def totals(
    state: State, by: tuple[Axis, ...], *, parties: Collection[str] | None = None, only: dict[Axis, str] | None = None
) -> dict[tuple[str, ...], Bounds]:
    """Sums by the axes named; over these parties, where some are named, and where the other axes say what `only` says.

    Units are never added to one another: where `unit` is neither an axis nor in `only`, each key ends with it.
    """
    said = only or {}
    axes = by if "unit" in by or "unit" in said else (*by, "unit")
    places = [AXES.index(axis) for axis in axes]
    wanted = [(AXES.index(axis), value) for axis, value in said.items()]
    found: dict[tuple[str, ...], Bounds] = {}
    for name, amount in state.sums.items():
        parts = name.split("|")
        if any(parts[place] != value for place, value in wanted) or (parties is not None and parts[1] not in parties):
            continue
        key = tuple([parts[place] for place in places])
        known = found.get(key)
        found[key] = amount if known is None else known.plus(amount)
    return dict(sorted(found.items()))


def overdue(state: State, at: datetime) -> list[str]:
    """The ids of all tranches that are overdue at `at`, oldest first, the depositary having recorded it yet or not.

    Of the state as it stands; for a day that is over, ask `seen` for the state of that day.
    """
    late = list(state.late.values())
    for deadline in until(state.agenda, at):
        kind, _, id_ = deadline.id.partition("/")
        if kind == "tranche" and states.standing_deadline(state, deadline):
            late.append(states.by_age(state.tranches[id_]))
    late.sort()
    return [word[word.index("|") + 1 :] for word in late]


def standing(state: State, tranche: Tranche) -> Standing:
    """Where a tranche stands: what is only intended, or counts no more, is never overdue."""
    if not state.obligations[tranche.obligation].counts:
        return "not_counted"
    if tranche.fulfilled:
        return "came_late" if came_late(tranche) else "fulfilled"
    return "overdue" if tranche.overdue is not None else "planned"


def came_late(tranche: Tranche) -> bool:
    """Whether what was due came, by the last word, only after its grace."""
    return tranche.fulfilled and tranche.came[-1].place.at > tranche.overdue_at


def seen(state: State, at: datetime, known: datetime) -> State:
    """The account as it stood `at`, as `known`, added up anew: linear in the number of subjects."""
    obligations, tranches = _kept(state.obligations, at, known), _kept(state.tranches, at, known)
    allocations, deliveries = _kept(state.allocations, at, known), _kept(state.deliveries, at, known)
    transfers = _kept(state.transfers, at, known)
    sums: dict[str, Bounds] = {}
    for name, amount in _parts(obligations, tranches, allocations, deliveries, transfers):
        sums[name] = sums.get(name, Bounds()).plus(amount)
    late = {one.id: one.overdue for one in tranches.values() if one.overdue is not None}
    now = {
        id_: states.by_age(tranches[id_])
        for id_ in late
        if not tranches[id_].fulfilled and obligations[tranches[id_].obligation].counts
    }
    days: dict[str, tuple[str, ...]] = {}
    for tranche in sorted(tranches.values(), key=lambda one: one.place.entry):
        day = states.on_day(tranche.due_at, obligations[tranche.obligation].party)
        days[day] = (*days.get(day, ()), tranche.id)
    return State(
        obligations,
        tranches,
        allocations,
        deliveries,
        transfers,
        _kept(state.requirements, at, known),
        offers=_kept(state.offers, at, known),
        reexports=_kept(state.reexports, at, known),
        sums=HashTrieMap({name: amount for name, amount in sums.items() if amount != Bounds()}),
        late=HashTrieMap(now),
        ever_late=HashTrieMap(late),
        due_on=HashTrieMap(days),
        owing=HashTrieMap(Counter(one.party for one in obligations.values())),
        undertaken=sum(one.terms is not None for one in obligations.values()),
    )


def _kept(subjects: Map[str, Subject], at: datetime, known: datetime) -> Map[str, Subject]:
    was = {id_: as_of(one, at, known) for id_, one in subjects.items()}
    return HashTrieMap({id_: one for id_, one in was.items() if one is not None})


def _parts(
    obligations: Map[str, Obligation],
    tranches: Map[str, Tranche],
    allocations: Map[str, Allocation],
    deliveries: Map[str, Delivery],
    transfers: Map[str, Transfer],
) -> Iterator[tuple[str, Bounds]]:
    """What every subject adds to the sums."""
    for one in obligations.values():
        yield from states.owed(one)
    for tranche in tranches.values():
        yield from states.planned(obligations[tranche.obligation], tranche)
    for package in allocations.values():
        yield from states.set_aside(obligations[package.obligation], package)
    for delivery in deliveries.values():
        yield from states.arrived(obligations[allocations[delivery.allocation].obligation], delivery)
    for transfer in transfers.values():
        funded = allocations.get(transfer.allocation) if transfer.allocation else None
        kind = obligations[funded.obligation].kind if funded else states.UNDATED
        yield from states.taken_over(kind, transfer)
