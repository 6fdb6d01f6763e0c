"""The account read from the state: totals on every axis, what is overdue, where a tranche stands, as of any day.

    totals(state, ("stage", "kind"))        sums as the entries made them, without adding up a single tranche
    overdue(state, at)                      tranches whose grace is over, recorded as such or about to be
    listing(state, lists, start, most)      a page of obligations
    seen(state, at, known)                  the whole account as it stood on a day and was known on another

Pure views; nothing here decides. A total over a group counts each party once: a union and its member are two funders,
and what one took over from the other is in one place only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby, islice
from typing import Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus.commitments import state as states
from foedus.commitments.state import Bounds, Obligation, State, Tranche
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
    return list(states.in_order_of_age(late_at(state, at)[0]))


def late_at(state: State, at: datetime) -> states.Late:
    """`late` and `late_of` with what is overdue at `at` and was not recorded yet."""
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
    state: State, late: states.Late, most: int, *, party: str | None = None, kind: str | None = None
) -> tuple[int, list[str]]:
    """How many tranches are overdue, of one party or kind where named, and the first `most` of them, oldest first. As
    `overdue`, without going through all of them. `late`: as `late_at` has it of this state.
    """
    by_day, late_of = late
    if party is None and kind is None:
        return sum(map(len, by_day.values())), list(islice(states.in_order_of_age(by_day), most))
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
    """The account as it stood `at`, as `known`: every subject is looked at, and what changed since is taken back.

    Sums and lists are those of now without what the changed subjects add to them now, and with what they added then. So
    it costs by what changed, but for one look at each subject, and it shares with the account of now whatever is the
    same. `grace` is that of now: it may name more days than were scheduled by then, and never less.
    """
    kept = {name: _then(getattr(state, name), at, known) for name in SUBJECTS}
    was = replace(state, **{name: subjects for name, (subjects, _) in kept.items()}, needed=HashTrieMap(), agenda=None)
    changed = {name: ids for name, (_, ids) in kept.items()}
    tranches = _touched(state, was, changed)
    was = states.with_slots(was, _awaited(state, tranches), _awaited(was, tranches))
    changed["tranches"] = tranches
    was = states.with_sums(was, _parts(state, changed), _parts(was, changed))
    was = _lists_then(state, was, changed)
    late: states.Late = (HashTrieMap(), HashTrieMap())
    for tranche in (was.tranches[id_] for id_ in was.ever_late):
        if not tranche.fulfilled and was.obligations[tranche.obligation].counts:
            late = states.with_late(late, was, tranche)
    return replace(was, late=late[0], late_of=late[1])


SUBJECTS = ("obligations", "tranches", "allocations", "deliveries", "transfers", "requirements", "offers", "reexports")
Changed = dict[str, list[str]]  # the ids of those that changed since, by the name of their map


def _then(subjects: Map[str, Subject], at: datetime, known: datetime) -> tuple[Map[str, Subject], list[str]]:
    """The subjects as they stood, and which of them are another now."""
    then, changed = subjects, list[str]()
    for id_, one in subjects.items():
        was = as_of(one, at, known)
        if was is not one:
            changed.append(id_)
            then = then.discard(id_) if was is None else then.insert(id_, was)
    return then, changed


def _touched(state: State, was: State, changed: Changed) -> list[str]:
    """The tranches of which something else is awaited now than then: they changed, what came of them, or whether their
    obligation counts.
    """
    packages = {*changed["allocations"], *(state.deliveries[id_].allocation for id_ in changed["deliveries"])}
    touched = {*changed["tranches"], *(id_ for one in packages if (id_ := state.allocations[one].tranche))}
    for id_ in changed["obligations"]:
        one, then = state.obligations[id_], was.obligations.get(id_)
        if then is None or (one.counts, one.unmet) != (then.counts, then.unmet):
            touched |= {each.value for each in one.tranches}
    return list(touched)


def _awaited(state: State, tranches: Iterable[str]) -> Iterator[states.Slotted]:
    return (said for id_ in tranches if id_ in state.tranches for said in states.counted_by_day(state, id_))


def _lists_then(state: State, was: State, changed: Changed) -> State:
    """The account of then with the lists of what stood there."""
    ever_late = state.ever_late
    for id_ in state.ever_late:
        if id_ not in was.tranches or was.tranches[id_].overdue is None:
            ever_late = ever_late.discard(id_)
    days: dict[str, set[str]] = {}
    for tranche in (state.tranches[id_] for id_ in changed["tranches"] if id_ not in was.tranches):
        party = state.obligations[tranche.obligation].party
        days.setdefault(states.on_day(tranche.due_at, party), set()).add(tranche.id)
    due_on = state.due_on
    for day, ids in days.items():
        left = tuple([id_ for id_ in due_on[day] if id_ not in ids])
        due_on = due_on.insert(day, left) if left else due_on.discard(day)
    was = replace(was, ever_late=ever_late, due_on=due_on)
    if len(was.obligations) == len(state.obligations):
        return was
    lists = _lists(was.obligations)
    undertaken = sum(one.terms is not None for one in was.obligations.values())
    return replace(was, owing=lists.counts, listed=lists.blocks, undertaken=undertaken)


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


def _parts(state: State, changed: Changed) -> states.Posted:
    """What the changed subjects add to the sums of a state; all transfers, as they are few."""

    def of(subjects: Map[str, Subject], name: str) -> Iterator[Subject]:
        return (one for id_ in changed[name] if (one := subjects.get(id_)) is not None)

    for one in of(state.obligations, "obligations"):
        yield from states.owed(one)
    for tranche in of(state.tranches, "tranches"):
        yield from states.planned(state.obligations[tranche.obligation], tranche)
    for package in of(state.allocations, "allocations"):
        yield from states.set_aside(state.obligations[package.obligation], package)
    for delivery in of(state.deliveries, "deliveries"):
        yield from states.arrived(state.obligations[state.allocations[delivery.allocation].obligation], delivery)
    for transfer in state.transfers.values():
        funded = state.allocations.get(transfer.allocation) if transfer.allocation else None
        kind = state.obligations[funded.obligation].kind if funded else states.UNDATED
        yield from states.taken_over(kind, transfer)
