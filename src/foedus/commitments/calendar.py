"""What falls due between two days: tranches, answers of maker states, requirements. Looked up day by day, so that a
month costs the same among a hundred tranches or a million.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from foedus.commitments.acts import Quantity
from foedus.commitments.state import State

What = Literal["tranche", "reexport", "requirement"]
DAY = timedelta(days=1)
MONTH = timedelta(days=31)
MOST_DAYS = 36_600


class Falls(Struct, frozen=True):
    """One thing that falls due. `party`: whose it is to do. `binding`: of a tranche, how it binds."""

    day: date
    what: What
    id: str
    party: str
    quantity: Quantity | None = None
    binding: str | None = None
    settled: bool = False


def falls(
    state: State, first: date, last: date, parties: Collection[str] | None = None, *, awaited_at: datetime | None = None
) -> list[Falls]:
    """Everything from the first day to the last, in order of days; what is settled already says so.

    `awaited_at`: of tranches only those that are still to come then and whose grace is not over, without looking at
    days on which nothing is awaited.
    """
    every = {name.partition("|")[0] for name in state.owing}
    owing = every if parties is None else every & set(parties)
    found: list[Falls] = []
    last = min(last, first + (MOST_DAYS - 1) * DAY)
    for day, party in _open(state, owing, first, last, awaited_at) if awaited_at else _every(owing, first, last):
        for id_ in state.due_on.get(f"{day.isoformat()}|{party}", ()):
            tranche = state.tranches[id_]
            if awaited_at and (tranche.overdue_at <= awaited_at or tranche.fulfilled):
                continue
            obligation = state.obligations[tranche.obligation]
            if obligation.counts:
                figure = tranche.figures[-1].value
                found.append(Falls(day, "tranche", id_, party, figure, obligation.binding, tranche.fulfilled))
    for asked in state.reexports.values():
        day = _day(asked.answer_by)
        if first <= day <= last and (parties is None or asked.maker in parties):
            found.append(Falls(day, "reexport", asked.id, asked.maker, settled=bool(asked.answers)))
    found += [
        Falls(need.needed_by, "requirement", need.id, "", Quantity(need.unit, need.needs[-1].minimum))
        for need in state.requirements.values()
        if parties is None and first <= need.needed_by <= last
    ]
    return sorted(found, key=lambda one: (one.day, one.what, one.id))


def _every(owing: Collection[str], first: date, last: date) -> Iterator[tuple[date, str]]:
    return ((first + number * DAY, party) for number in range((last - first).days + 1) for party in owing)


def _open(state: State, owing: Collection[str], first: date, last: date, at: datetime) -> Iterator[tuple[date, str]]:
    """The days on which something of a party is still to come; none of a month of which every grace is over."""
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        month = date(number // 12, number % 12 + 1, 1)
        name = month.isoformat()[:7]
        if month + MONTH + state.grace.get(name, 0) * DAY < at.date():
            continue
        for party in owing:
            for slot, _ in state.waits.get(f"open|{party}|{name}", ()):
                day = month.replace(day=slot)
                if first <= day <= last:
                    yield day, party


def _day(moment: datetime) -> date:
    return (moment - timedelta.resolution).date()
