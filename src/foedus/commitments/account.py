"""The account read from the state: totals on every axis, what is overdue, where a tranche stands, as of any day.

    totals(state, ("stage", "kind"))        sums as the entries made them, without adding up a single tranche
    overdue(state, at)                      tranches whose grace is over, recorded as such or about to be
    listing(state, lists, start, most)      a page of obligations
    seen(state, at, known)                  the whole account as it stood on a day and was known on another

Pure views; nothing here decides. A total over a group counts each party once: a union and its member are two funders,
and what one took over from the other is in one place only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby, islice
from typing import Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus.commitments import state as states
from foedus.commitments.state import Allocation, Bounds, Delivery, Obligation, State, Tranche, Transfer
from foedus.history import Dated, Lists, Map, as_of, until

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
    for parts, amount in states.each_sum(state):
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
    return list(states.in_order_of_age(_late(state, at)[0]))


def _late(state: State, at: datetime) -> states.Late:
    late = (state.late, state.late_of)
    for tranche in _unrecorded(state, at):
        late = states.with_late(late, state, tranche)
    return late


def _unrecorded(state: State, at: datetime) -> list[Tranche]:
    """Tranches whose grace is over at `at` and of which the depositary has not recorded it yet.

    A deadline is noted again whenever a condition is met again: each tranche counts once.
    """
    standing = {one.id: None for one in until(state.agenda, at) if states.standing_deadline(state, one)}
    return [state.tranches[id_.removeprefix("tranche/")] for id_ in standing if id_.startswith("tranche/")]


def overdue_first(
    state: State, at: datetime, most: int, *, party: str | None = None, kind: str | None = None
) -> tuple[int, list[str]]:
    """How many tranches are overdue at `at`, of one party or kind where named, and the first `most` of them, oldest
    first. As `overdue`, without going through all of them.
    """
    late, late_of = _late(state, at)
    if party is None and kind is None:
        return sum(map(len, late.values())), list(islice(states.in_order_of_age(late), most))
    names = sorted(name for name in late_of if _matches(name, party, kind))
    found: list[str] = []
    for _, lists in groupby(names, lambda name: name.partition("|")[0]):
        if len(found) >= most:
            break
        ids = [id_ for name in lists for id_ in late_of[name]]
        found += sorted(ids, key=lambda id_: (state.tranches[id_].overdue_at, id_))
    return sum(len(late_of[name]) for name in names), found[:most]


def _matches(name: str, party: str | None, kind: str | None) -> bool:
    _, whose, what = name.split("|")
    return party in (None, whose) and kind in (None, what)


def listing(state: State, lists: Sequence[str], start: int = 0, most: int | None = None) -> list[Obligation]:
    """Obligations of these lists (`PARTY|KIND`) one after the other, from the `start`th on, at most so many.

    A page in the middle costs as much as the first: whole lists are passed over by their counts, nothing is sorted.
    """
    found: list[Obligation] = []
    known = Lists(state.owing, state.listed)
    for name in lists:
        count = state.owing.get(name, 0)
        if start < count:
            left = None if most is None else most - len(found)
            found += [state.obligations[id_] for id_ in islice(known.of(name, start), left)]
        start = max(0, start - count)
        if most is not None and len(found) >= most:
            break
    return found


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
    sums, months = states.sums_of(_parts(obligations, tranches, allocations, deliveries, transfers))
    late = {one.id: one.overdue for one in tranches.values() if one.overdue is not None}
    days: dict[str, list[str]] = {}
    for tranche in sorted(tranches.values(), key=lambda one: one.place.entry):
        day = states.on_day(tranche.due_at, obligations[tranche.obligation].party)
        days.setdefault(day, []).append(tranche.id)
    lists = _lists(obligations)
    was = State(
        obligations,
        tranches,
        allocations,
        deliveries,
        transfers,
        _kept(state.requirements, at, known),
        offers=_kept(state.offers, at, known),
        reexports=_kept(state.reexports, at, known),
        sums=sums,
        ever_late=HashTrieMap(late),
        due_on=HashTrieMap({day: tuple(ids) for day, ids in days.items()}),
        owing=lists.counts,
        listed=lists.blocks,
        grace=_graces(tranches.values()),
        undertaken=sum(one.terms is not None for one in obligations.values()),
        months=months,
    )
    awaited, waits = states.slots_of(said for id_ in tranches for said in states.counted_by_day(was, id_))
    now: states.Late = (HashTrieMap(), HashTrieMap())
    for tranche in (tranches[id_] for id_ in late):
        if not tranche.fulfilled and obligations[tranche.obligation].counts:
            now = states.with_late(now, was, tranche)
    return replace(was, awaited=awaited, waits=waits, late=now[0], late_of=now[1])


def _graces(tranches: Iterable[Tranche]) -> Map[str, int]:
    grace: Map[str, int] = HashTrieMap()
    for tranche in tranches:
        grace = states.with_grace(grace, tranche)
    return grace


def seen_one(state: State, id_: str, at: datetime, known: datetime) -> State:
    """One obligation with what stands under it as it stood `at`, as `known`, and nothing else: no sums."""
    one = as_of(state.obligations[id_], at, known) if id_ in state.obligations else None
    if one is None:
        return State()
    tranches = _of(state.tranches, one.tranches, at, known)
    packages = [*one.allocations, *(each for tranche in tranches.values() for each in tranche.allocations)]
    allocations = _of(state.allocations, packages, at, known)
    handed = [each for package in allocations.values() for each in package.deliveries]
    return State(HashTrieMap({id_: one}), tranches, allocations, _of(state.deliveries, handed, at, known))


def _of(subjects: Map[str, Subject], ids: Collection[Dated[str]], at: datetime, known: datetime) -> Map[str, Subject]:
    was = {each.value: as_of(subjects[each.value], at, known) for each in ids}
    return HashTrieMap({id_: one for id_, one in was.items() if one is not None})


def _list_of(one: Obligation) -> str:
    return f"{one.party}|{one.kind}"


def _lists(obligations: Map[str, Obligation]) -> Lists:
    """The obligations of each party and kind, in the order of the record."""
    lists = Lists()
    for one in sorted(obligations.values(), key=lambda one: (one.place.entry, one.id)):
        lists = lists.add(_list_of(one), one.id)
    return lists


def _kept(subjects: Map[str, Subject], at: datetime, known: datetime) -> Map[str, Subject]:
    was = {id_: as_of(one, at, known) for id_, one in subjects.items()}
    return HashTrieMap({id_: one for id_, one in was.items() if one is not None})


def _parts(
    obligations: Map[str, Obligation],
    tranches: Map[str, Tranche],
    allocations: Map[str, Allocation],
    deliveries: Map[str, Delivery],
    transfers: Map[str, Transfer],
) -> states.Posted:
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
