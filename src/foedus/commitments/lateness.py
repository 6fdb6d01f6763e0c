"""How late a party's tranches have come, and from that what may come by a day.

Method: the Kaplan-Meier estimate of the delay, over every tranche of the party that fell due, from the end of its day
to the moment at which the account knew that what was due had come, in whole days, nothing below zero. What has not come
yet is counted for as long as it has been awaited: leaving it out would make the late look punctual. A party with fewer
than `FEW` such tranches is taken to be as all parties together, and with fewer than that of all, as punctual. A tranche
that is awaited since some days is forecast on condition that it did not come by then. Fractions throughout: two
machines say the same. `backtested` compares such a forecast with what came, and with the schedule taken at its word.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from foedus.commitments.account import seen
from foedus.commitments.state import MIDNIGHT, State

FEW = 5
DAY = timedelta(days=1)
MONTH = 31


class Delay(NamedTuple):
    """How many days a tranche was awaited, and whether it then came; of so many tranches alike."""

    days: int
    came: bool
    number: int = 1


class Lateness(NamedTuple):
    """The distribution of delay: by `days[i]` a share `by[i]` has come. `tranches`: on how many it rests."""

    days: tuple[int, ...]
    by: tuple[Fraction, ...]
    tranches: int

    def share(self, days: int) -> Fraction:
        """Which share has come so many days after it was due; none before."""
        place = bisect_right(self.days, days)
        return self.by[place - 1] if place else Fraction(0)


PUNCTUAL = Lateness((0,), (Fraction(1),), 0)


# So many tranches by the days that they were awaited: those that are awaited still, and those that then came.
Counted = dict[int, list[int]]


def delays(state: State, at: datetime) -> dict[str, list[Delay]]:
    """The delays of every party's tranches that were due before `at`; of those that count. From what is kept by day."""
    return {
        party: [Delay(days, came, each[came]) for days, each in known.items() for came in (False, True) if each[came]]
        for party, known in _counted(state, at).items()
    }


def _counted(state: State, at: datetime, longest: int | None = None) -> dict[str, Counted]:
    """`longest`: what is awaited for more days need not be told apart, and months of it are counted as one."""
    found: dict[str, Counted] = {}
    today, begun = at.date().toordinal(), at.time() > MIDNIGHT
    for name, slots in state.waits.items():
        how, party, part = name.split("|")
        known = found.setdefault(party, {})
        if how == "late":
            for days, number in slots:
                known.setdefault(days, [0, 0])[1] += int(number)
            continue
        month = month_starts(part)
        if month >= today:
            continue
        over = slots if month + MONTH < today else [one for one in slots if month + one[0] < today + begun]
        if longest is not None and today - month - MONTH > longest and how == "open":
            known.setdefault(longest + 1, [0, 0])[0] += int(sum([number for _, number in over]))
        elif how == "came":
            known.setdefault(0, [0, 0])[1] += int(sum([number for _, number in over]))
        else:
            for day, number in over:
                known.setdefault(today - month - day, [0, 0])[0] += int(number)
    return found


@lru_cache(4_096)
def month_starts(month: str) -> int:
    """The ordinal of the first day of `2027-03`: its day `d` ends with that of the ordinal plus `d`."""
    return date.fromisoformat(f"{month}-01").toordinal()


def estimated(seen_delays: Iterable[Delay]) -> Lateness:
    """The Kaplan-Meier estimate of these delays."""
    ordered: Counted = {}
    for one in seen_delays:
        ordered.setdefault(one.days, [0, 0])[one.came] += one.number
    return _estimated(ordered)


def _estimated(counted: Counted) -> Lateness:
    every = waiting = _number(counted)
    last = max((days for days, (_, came) in counted.items() if came), default=-1)  # what is awaited longer says no more
    still = Fraction(1)
    days: list[int] = []
    by: list[Fraction] = []
    for day in sorted(day for day in counted if day <= last):
        gone, came = counted[day]
        if came:
            still *= Fraction(waiting - came, waiting)
            days.append(day)
            by.append(1 - still)
        waiting -= came + gone
    return Lateness(tuple(days), tuple(by), every)


def by_party(state: State, at: datetime) -> dict[str, Lateness]:
    """The record of lateness of every party that owes something; `""` is that of all together."""
    came_after = [slots[-1][0] for name, slots in state.waits.items() if name.startswith("late|")]
    known = _counted(state, at, max(came_after, default=0))  # the estimate does not change after the last that came
    every: Counted = {}
    for some in known.values():
        for days, (gone, came) in some.items():
            both = every.setdefault(days, [0, 0])
            both[0] += gone
            both[1] += came
    together = _estimated(every) if _number(every) >= FEW else PUNCTUAL
    found = {"": together}
    for party in {name.partition("|")[0] for name in state.owing}:
        own = known.get(party, {})
        found[party] = _estimated(own) if _number(own) >= FEW else together
    return found


def _number(known: Counted) -> int:
    return sum(gone + came for gone, came in known.values())


def chance(lateness: Lateness, due_at: datetime, now: datetime, by: datetime) -> Fraction:
    """How likely it is that a tranche which has not come by `now` comes by then."""
    waited = (now - due_at) // DAY
    before = lateness.share(waited) if waited >= 0 else Fraction(0)
    after = lateness.share((by - due_at) // DAY) if by >= due_at else Fraction(0)
    return Fraction(0) if before == 1 or after <= before else (after - before) / (1 - before)


class Compared(NamedTuple):
    """What a forecast said, what the schedule said, and what came: tranches that came by the day."""

    forecast: Fraction
    scheduled: int
    came: int


def backtested(state: State, now: datetime, by: datetime) -> Compared:
    """How many of the tranches open at `now` and due by then came by then: as forecast, as scheduled, as it was."""
    then = seen(state, now, now)
    records = by_party(then, now)
    forecast, scheduled, came = Fraction(0), 0, 0
    for tranche in then.tranches.values():
        obligation = then.obligations[tranche.obligation]
        if tranche.fulfilled or tranche.due_at > by or not obligation.counts or obligation.unmet:
            continue
        forecast += chance(records[obligation.party], tranche.due_at, now, by)
        scheduled += 1
        later = state.tranches[tranche.id]
        came += any(one.value and one.place.at <= by for one in later.came)
    return Compared(forecast, scheduled, came)
