"""What falls due between two days: tranches, answers of maker states, requirements. Looked up day by day, so that a
month costs the same among a hundred tranches or a million.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from foedus.commitments.acts import Quantity
from foedus.commitments.state import State

What = Literal["tranche", "reexport", "requirement"]
DAY = timedelta(days=1)
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
    state: State, first: date, last: date, parties: Collection[str] | None = None, *, awaited: bool = False
) -> list[Falls]:
    """Everything from the first day to the last, in order of days; what is settled already says so.

    `awaited`: of tranches only those that are still to come, without looking at the others.
    """
    every = {name.partition("|")[0] for name in state.owing}
    owing = sorted(every if parties is None else every & set(parties))
    found: list[Falls] = []
    days = min((last - first).days + 1, MOST_DAYS)
    for day in (first + number * DAY for number in range(days)):
        for party in owing:
            if awaited and not _open(state, party, day):
                continue
            for id_ in state.due_on.get(f"{day.isoformat()}|{party}", ()):
                tranche = state.tranches[id_]
                obligation = state.obligations[tranche.obligation]
                if obligation.counts and not (awaited and tranche.fulfilled):
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


def _open(state: State, party: str, day: date) -> bool:
    """Whether anything of a party that was due on a day is still to come."""
    slots = state.waits.get(f"open|{party}|{day.isoformat()[:7]}", ())
    return any(number == day.day for number, _ in slots)


def _day(moment: datetime) -> date:
    return (moment - timedelta.resolution).date()
