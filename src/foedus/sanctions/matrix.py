"""Who lists whom: over issuers and targets, at any past moment, and what would come back now. Pure questions.

Columns are issuers. A listing of a union is one legal act, shown for its members as through it, and counted once as an
act; in how many states it applies is another figure. What a table holds is handed in: nothing here reads the archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from foedus.compact.clauses import Clauses
from foedus.compact.model import Snapback
from foedus.sanctions.schedules import listing
from foedus.sanctions.state import DEVIATION, Listing, Schedule, State, found
from foedus.sanctions.status import Standing, standing

# Schedule id → the targets of its table.
Tables = Mapping[str, frozenset[str]]


class Listed(Struct, frozen=True, gc=False):
    """One listing as it stood."""

    listing: Listing
    standing: Standing


class Cell(Struct, frozen=True, gc=False):
    """One target at one issuer: its own listings, and those that apply to it through a union, named by `through`."""

    target: str
    issuer: str
    own: tuple[Listed, ...] = ()
    through: tuple[tuple[str, Listed], ...] = ()

    @property
    def gap(self) -> bool:
        """Whether no listing applies here, in law or owed."""
        listed = (*self.own, *(one for _, one in self.through))
        return not any(one.standing.in_law != "no" for one in listed)


def who_listed(
    state: State, target: str, at: datetime, known: datetime, tables: Tables | None = None
) -> tuple[Listed, ...]:
    """Every listing of the target as it was `at`, as `known`, in the order of issuers: one call for any past day.

    `tables`: which targets each schedule holds; without it only listings that stand alone, and rows that were spoken
    of, are known.
    """
    ids = state.targets.get(target, ())
    listings = [state.listings[id_] for id_ in ids]
    for id_, targets in (tables or {}).items():
        schedule = state.schedules.get(id_)
        if schedule is not None and target in targets and f"{id_}/{target}" not in ids:
            listings.append(listing(state, schedule, target))
    stood = ((one, standing(state, one, at, known)) for one in listings)
    told = [Listed(one, now) for one, now in stood if now is not None]
    return tuple(sorted(told, key=lambda one: (one.listing.issuer, one.listing.restriction, one.listing.id)))


def unions(clauses: Clauses, issuer: str) -> tuple[str, ...]:
    """The unions that an issuer is a member of, whose listings apply in it."""
    party = clauses.party(issuer)
    return party.part_of if party else ()


def applies_in(clauses: Clauses, issuers: Iterable[str]) -> frozenset[str]:
    """The states in which listings of these issuers apply: a union's in each of its members, and in itself nowhere."""
    acting = set(issuers)
    return frozenset(
        party.id
        for party in clauses.compact.parties
        if (party.heads and party.id in acting) or acting.intersection(party.part_of)
    )


def cells(
    clauses: Clauses, state: State, targets: Sequence[str], issuers: Sequence[str], at: datetime, known: datetime,
    tables: Tables | None = None,
) -> Iterator[tuple[Cell, ...]]:  # fmt: skip
    """A row of the matrix for each target: one cell for each issuer, in the order given."""
    for target in targets:
        listed: dict[str, list[Listed]] = {}
        for one in who_listed(state, target, at, known, tables):
            listed.setdefault(one.listing.issuer, []).append(one)
        yield tuple(
            Cell(
                target, issuer, tuple(listed.get(issuer, ())),
                tuple((union, one) for union in unions(clauses, issuer) for one in listed.get(union, ())),
            )
            for issuer in issuers
        )  # fmt: skip


def gaps(rows: Iterable[tuple[Cell, ...]]) -> Iterator[Cell]:
    """Cells without a listing, of targets that somebody lists, in law or owed."""
    for row in rows:
        if any(not cell.gap for cell in row):
            yield from (cell for cell in row if cell.gap)


class Totals(Struct, frozen=True):
    """Listings of one issuer: by what they are, how many are law, owed or neither, and how many deviate."""

    issuer: str
    by_status: dict[str, int]
    by_law: dict[str, int]
    deviating: int


def totals(state: State, at: datetime, known: datetime) -> tuple[Totals, ...]:
    """The package as it was `at`, as `known`, for each issuer. A schedule counts as many as its rows."""
    counted: dict[str, tuple[dict[str, int], dict[str, int], list[int]]] = {}

    def count(issuer: str, now: Standing, number: int) -> None:
        status, law, deviating = counted.setdefault(issuer, ({}, {}, [0]))
        status[now.status] = status.get(now.status, 0) + number
        law[now.in_law] = law.get(now.in_law, 0) + number
        deviating[0] += number if now.because == DEVIATION else 0

    wholes: dict[str, Standing] = {}
    for schedule in state.schedules.values():
        now = standing(state, schedule, at, known)
        if now is not None:
            wholes[schedule.id] = now
            count(schedule.issuer, now, schedule.rows)
    for one in state.listings.values():
        now = standing(state, one, at, known)
        if now is None:
            continue
        count(one.issuer, now, 1)
        if one.schedule in wholes:
            count(one.issuer, wholes[one.schedule], -1)  # its row was counted with the schedule
    return tuple(
        Totals(issuer, {k: v for k, v in status.items() if v}, {k: v for k, v in law.items() if v}, deviating[0])
        for issuer, (status, law, deviating) in sorted(counted.items())
    )


def would_return(clauses: Clauses, state: State, at: datetime) -> Iterator[tuple[Listing | Schedule, Standing]]:
    """What a snapback would bring back now: listings and schedules under relief that its clause speaks of."""
    clause = clauses.one(Snapback)
    if clause is None:
        return
    returning, listings = clause[1].returning, state.listings
    for id_, about in state.relieved.items():
        if ("deviation" if about == DEVIATION else "relief") not in returning:
            continue
        one = listings.get(id_) or found(state, id_)
        now = standing(state, one, at, at) if one is not None else None
        if one is not None and now is not None and now.relieved:
            yield one, now
