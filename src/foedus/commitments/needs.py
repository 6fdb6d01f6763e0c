"""Requirements against what comes: the gap by date with a forecast, and whether what is due suffices, and by which
clause.

A capability is supplied by whatever counts in its unit, whoever owes it. What is only intended is not due: it is shown
apart and closes no gap.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from foedus.commitments.lateness import Lateness, by_party, month_starts
from foedus.commitments.owing import day_ends
from foedus.commitments.state import NOTHING, Requirement, Slots, State, each_sum

_MILLI = Decimal("0.001")


class Source(Struct, frozen=True):
    """What comes under one clause by the day: `due` still, of it `expected`; `intended`, where it does not bind."""

    agreement: str
    clause: str
    party: str
    due: Decimal = NOTHING
    expected: Decimal = NOTHING
    intended: Decimal = NOTHING


class Gap(Struct, frozen=True):
    """A requirement against what has come and what is to come by its day. Negative gaps are surplus.

    `expected`: by each party's record of lateness, see `lateness`. `sufficient`: what came and is due meets the
    minimum; `likely`: what came and is expected does.
    """

    requirement: str
    capability: str
    unit: str
    needed_by: str
    priority: int
    minimum: Decimal
    target: Decimal
    came: Decimal
    due: Decimal
    expected: Decimal
    intended: Decimal
    sources: tuple[Source, ...]

    @property
    def sufficient(self) -> bool:
        """Whether what is due by the day meets the minimum."""
        return self.came + self.due >= self.minimum

    @property
    def likely(self) -> bool:
        """Whether what is expected by the day meets the minimum."""
        return self.came + self.expected >= self.minimum

    @property
    def missing(self) -> Decimal:
        """How much is short of the minimum though everything came in time."""
        return max(NOTHING, self.minimum - self.came - self.due)


def gaps(state: State, now: datetime) -> list[Gap]:
    """Every requirement whose day has not passed at `now`, the first day first, then by priority.

    From what is kept by day (`State.awaited`): it costs by days and clauses, not by tranches.
    """
    open_ = [one for one in state.requirements.values() if day_ends(one.needed_by) > now]
    units = {one.unit for one in open_}
    came = _came(state, units)
    awaited: dict[str, list[Awaited]] = {unit: [] for unit in units}
    for name, slots in state.awaited.items():
        unit, agreement, clause, party, how, month = name.split("|")
        if unit in units:
            total = sum([left for _, left in slots], NOTHING)
            awaited[unit].append(((agreement, clause, party), how == "bound", month_starts(month), slots, total))
    records = by_party(state, now) if units else {}
    found = [_gap(one, came.get(one.unit, NOTHING), awaited[one.unit], records, now) for one in open_]
    return sorted(found, key=lambda one: (one.needed_by, one.priority, one.capability, one.unit))


# What is awaited under a clause of a party in one month: whether it binds, where the month starts, by its days, in all.
Awaited = tuple[tuple[str, str, str], bool, int, Slots, Decimal]
MONTH = 31


def _came(state: State, units: set[str]) -> dict[str, Decimal]:
    """What counts as delivered so far, in each unit."""
    found: dict[str, Decimal] = {}
    for (stage, _, _, unit, _), amount in each_sum(state):
        if stage == "delivered" and unit in units:
            found[unit] = found.get(unit, NOTHING) + amount.low
    return found


def _gap(one: Requirement, came: Decimal, awaited: list[Awaited], records: dict[str, Lateness], now: datetime) -> Gap:
    need, last, today = one.needs[-1], one.needed_by.toordinal(), now.date().toordinal()
    due: dict[tuple[str, str, str], Decimal] = {}
    intended: dict[tuple[str, str, str], Decimal] = {}
    # Of what is due, how much comes with each chance: the same for all of one party that is due on one day.
    alike: dict[tuple[str, str, str], dict[tuple[int, int], Decimal]] = {}
    for key, bound, month, slots, total in awaited:
        if month > last:
            continue
        sums = due if bound else intended
        days = records[key[2]].days
        longest = days[-1] if days else 0
        # Of what is due long before the day, and not yet, all has the same chance, whichever day of the month it is;
        # and so has what is awaited longer than anything that came.
        far = (month > today and month + MONTH + longest <= last) or month + MONTH + longest <= today
        for day, left in ((MONTH, total),) if far else slots:
            ends = month + day
            if ends > last + 1:
                continue
            sums[key] = sums.get(key, NOTHING) + left
            if bound:
                steps = (bisect_right(days, today - ends) if today >= ends else 0, bisect_right(days, last + 1 - ends))
                hopes = alike.setdefault(key, {})
                hopes[steps] = hopes.get(steps, NOTHING) + left
    sources = {}
    for key in due.keys() | intended.keys():
        by = (Fraction(0), *records[key[2]].by)
        hope = sum((_part(left, _chance(by[before], by[after])) for (before, after), left in
                    alike.get(key, {}).items()), NOTHING)  # fmt: skip
        sources[key] = Source(*key, due.get(key, NOTHING), hope, intended.get(key, NOTHING))
    ordered = tuple(sources[key] for key in sorted(sources))
    return Gap(
        one.id, one.capability, one.unit, one.needed_by.isoformat(), need.priority, Decimal(need.minimum),
        Decimal(need.target), came, _sum(each.due for each in ordered), _sum(each.expected for each in ordered),
        _sum(each.intended for each in ordered), ordered,
    )  # fmt: skip


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


def _chance(before: Fraction, after: Fraction) -> Fraction:
    """How likely it is that what has not come though a share of its kind has comes until a larger share has."""
    return Fraction(0) if before == 1 or after <= before else (after - before) / (1 - before)


def _part(amount: Decimal, share: Fraction) -> Decimal:
    """So large a share of an amount, to a thousandth."""
    found = (amount * share.numerator / share.denominator).quantize(_MILLI)
    return found.to_integral_value() if found == found.to_integral_value() else found.normalize()


def capabilities(state: State, now: datetime) -> dict[str, bool]:
    """Whether every requirement of each capability would be met by what came and is due."""
    found: dict[str, bool] = {}
    for gap in gaps(state, now):
        found[gap.capability] = found.get(gap.capability, True) and gap.sufficient
    return found
