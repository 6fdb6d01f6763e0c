"""What sums are worth in one currency, converted when they are read: under a policy that has a name.

    valued(state, at_event_date, ("stage", "party"))

A figure stays in the currency in which it was said. `Policy` says what a euro costs on a day, by whom and of which day;
where it has no rate the amount is shown as not converted, never left out. Things that are no money have no value here
but the one that somebody stated for them, which is money of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from msgspec import Struct

from foedus.commitments.account import AXES, Axis
from foedus.commitments.ledger import said
from foedus.commitments.state import Bounds, Key, State

CENT = Decimal("0.01")


class Rate(NamedTuple):
    """Units of a currency to the euro, of which day, and by whom."""

    per_euro: Decimal
    on: date | None
    source: str


class Policy(NamedTuple):
    """How amounts become euros: its name, and the rate of a currency for what happened on a day; None without one."""

    name: str
    rate: Callable[[str, date], Rate | None]


class Worth(Struct, frozen=True):
    """One sum in euros. `rates`: those used; `not_converted`: what has no rate, by currency."""

    key: tuple[str, ...]
    euros: Bounds
    rates: int
    not_converted: dict[str, Bounds]


class _Sum:
    __slots__ = ("euros", "left", "rates")

    def __init__(self) -> None:
        self.euros, self.left = Bounds(), dict[str, Bounds]()
        self.rates: set[tuple[str, Rate]] = set()


def moneys(state: State) -> Iterator[tuple[str, date, tuple[Key, Bounds]]]:
    """What is said in money, as `ledger.said` has it."""
    return ((id_, on, posted) for id_, on, posted in said(state) if posted[0][3].isupper())


def valued(state: State, policy: Policy, by: tuple[Axis, ...]) -> list[Worth]:
    """Sums of money by the axes named (without `unit`), in euros and cents, in the order of their keys."""
    places = [AXES.index(axis) for axis in by]
    found: dict[tuple[str, ...], _Sum] = {}
    for _, on, (parts, amount) in moneys(state):
        one = found.setdefault(tuple(parts[place] for place in places), _Sum())
        rate = policy.rate(parts[3], on)
        if rate is None:
            one.left[parts[3]] = one.left.get(parts[3], Bounds()).plus(amount)
        else:
            one.euros = one.euros.plus(in_euros(amount, rate))
            one.rates.add((parts[3], rate))
    return [
        Worth(key, rounded(one.euros), len(one.rates), dict(sorted(one.left.items())))
        for key, one in sorted(found.items())
    ]


def in_euros(amount: Bounds, rate: Rate) -> Bounds:
    """A sum at a rate, not rounded yet."""
    return Bounds(amount.low / rate.per_euro, amount.high / rate.per_euro, amount.open)


def rounded(amount: Bounds) -> Bounds:
    """To the cent."""
    low, high = (value.quantize(CENT, ROUND_HALF_UP) for value in (amount.low, amount.high))
    return Bounds(low, high, amount.open)
