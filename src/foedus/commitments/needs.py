"""Requirements against what comes: the gap by date with a forecast, and whether what is due suffices, and by which
clause.

A capability is supplied by whatever counts in its unit, whoever owes it. What is only intended is not due: it is shown
apart and closes no gap.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from foedus.commitments.lateness import Lateness, by_party, chance, remaining
from foedus.commitments.owing import day_ends
from foedus.commitments.state import NOTHING, Requirement, State, Tranche

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
    """Every requirement whose day has not passed at `now`, the first day first, then by priority."""
    open_ = [one for one in state.requirements.values() if day_ends(one.needed_by) > now]
    units = {one.unit for one in open_}
    came = _came(state, units)
    awaited = [one for one in state.tranches.values() if one.figures[-1].value.unit in units and not one.fulfilled]
    records = by_party(state, now) if awaited else {}
    found = [_gap(state, one, came.get(one.unit, NOTHING), awaited, records, now) for one in open_]
    return sorted(found, key=lambda one: (one.needed_by, one.priority, one.capability, one.unit))


def _came(state: State, units: set[str]) -> dict[str, Decimal]:
    """What counts as delivered so far, in each unit."""
    found: dict[str, Decimal] = {}
    for name, amount in state.sums.items():
        stage, _, _, unit, _ = name.split("|")
        if stage == "delivered" and unit in units:
            found[unit] = found.get(unit, NOTHING) + amount.low
    return found


def _gap(
    state: State,
    one: Requirement,
    came: Decimal,
    awaited: list[Tranche],
    records: dict[str, Lateness],
    now: datetime,
) -> Gap:
    by, need = day_ends(one.needed_by), one.needs[-1]
    sources: dict[tuple[str, str, str], Source] = {}
    for tranche in awaited:
        owed = state.obligations[tranche.obligation]
        if tranche.figures[-1].value.unit != one.unit or tranche.due_at > by or not owed.counts or owed.unmet:
            continue
        left = remaining(state, tranche)
        agreement, clause = (owed.terms.agreement, owed.terms.clause) if owed.terms else (owed.response, owed.measure)
        key = (agreement, clause, owed.party)
        was = sources.get(key, Source(*key))
        if owed.binding == "intention":
            sources[key] = Source(*key, was.due, was.expected, was.intended + left)
        else:
            hope = _part(left, chance(records[owed.party], tranche.due_at, now, by))
            sources[key] = Source(*key, was.due + left, was.expected + hope, was.intended)
    ordered = tuple(sources[key] for key in sorted(sources))
    return Gap(
        one.id, one.capability, one.unit, one.needed_by.isoformat(), need.priority, Decimal(need.minimum),
        Decimal(need.target), came, _sum(each.due for each in ordered), _sum(each.expected for each in ordered),
        _sum(each.intended for each in ordered), ordered,
    )  # fmt: skip


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


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
