"""How late a party's tranches have come, and from that what may come by a day.

Method: the Kaplan-Meier estimate of the delay, over every tranche of the party that fell due, from its due moment to
the moment at which the account knew that what was due had come, in whole days, nothing below zero. What has not come
yet is counted for as long as it has been awaited: leaving it out would make the late look punctual. A party with fewer
than `FEW` such tranches is taken to be as all parties together, and with fewer than that of all, as punctual. A tranche
that is awaited since some days is forecast on condition that it did not come by then. Fractions throughout: two
machines say the same. `backtested` compares such a forecast with what came, and with the schedule taken at its word.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from foedus.commitments.account import seen
from foedus.commitments.state import NOTHING, State, Tranche, bounds, has_come

FEW = 5
DAY = timedelta(days=1)


class Delay(NamedTuple):
    """How many days one tranche was awaited, and whether it then came."""

    days: int
    came: bool


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


def delays(state: State, at: datetime) -> dict[str, list[Delay]]:
    """The delays of every party's tranches that were due before `at`; of those that count."""
    found: dict[str, list[Delay]] = {}
    for tranche in state.tranches.values():
        obligation = state.obligations[tranche.obligation]
        if tranche.due_at >= at or not obligation.counts or obligation.unmet:
            continue
        until = tranche.came[-1].place.at if tranche.fulfilled else at
        days = max(0, (until - tranche.due_at) // DAY)
        found.setdefault(obligation.party, []).append(Delay(days, tranche.fulfilled))
    return found


def estimated(seen_delays: Iterable[Delay]) -> Lateness:
    """The Kaplan-Meier estimate of these delays."""
    ordered = sorted(seen_delays, key=lambda one: (one.days, not one.came))
    waiting, still = len(ordered), Fraction(1)
    days: list[int] = []
    by: list[Fraction] = []
    for number, one in enumerate(ordered):
        if one.came:
            still *= Fraction(waiting - number - 1, waiting - number)
            if days and days[-1] == one.days:
                by[-1] = 1 - still
            else:
                days.append(one.days)
                by.append(1 - still)
    return Lateness(tuple(days), tuple(by), waiting)


def by_party(state: State, at: datetime) -> dict[str, Lateness]:
    """The record of lateness of every party that owes something; `""` is that of all together."""
    known = delays(state, at)
    every = [one for some in known.values() for one in some]
    together = estimated(every) if len(every) >= FEW else PUNCTUAL
    found = {"": together}
    for party in {one.party for one in state.obligations.values()}:
        own = known.get(party, [])
        found[party] = estimated(own) if len(own) >= FEW else together
    return found


def chance(lateness: Lateness, due_at: datetime, now: datetime, by: datetime) -> Fraction:
    """How likely it is that a tranche which has not come by `now` comes by then."""
    waited = (now - due_at) // DAY
    before = lateness.share(waited) if waited >= 0 else Fraction(0)
    after = lateness.share((by - due_at) // DAY) if by >= due_at else Fraction(0)
    return Fraction(0) if before == 1 or after <= before else (after - before) / (1 - before)


def remaining(state: State, tranche: Tranche) -> Decimal:
    """How much of a tranche is still to come, at least."""
    return max(NOTHING, bounds(tranche.figures[-1].value).low - has_come(state, tranche).low)


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
