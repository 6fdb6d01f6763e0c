"""Sums of rows by what one asks: money by stage, and units beside it.

Stages are never added together; neither are a group and its member, nor money that is only evidence or detail. What
has no date stands in `undated`, so that the parts add up to the whole on every axis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from foedus.commitments.sources.donors import group_of
from foedus.commitments.sources.model import STAGES, Row, Stage
from foedus.errors import Malformed

AXES = ("donor", "kind", "year", "month", "item", "group", "currency")
ZERO = Decimal(0)


class Line(Struct, frozen=True):
    """One sum: its place on each axis, its stage, euros and cents.

    `rows`: how many rows it is the sum of; `not_found`: how many of them state no amount; `unconverted`: what is
    stated in other currencies without a rate, which the euros do not hold.
    """

    key: tuple[str, ...]
    stage: Stage
    eur: Decimal
    rows: int
    not_found: int
    unconverted: dict[str, Decimal]


class Totals(Struct, frozen=True):
    """Sums by axes, in order of the key, then of the stage. `left_out`: rows that a day asked for leaves out."""

    by: tuple[str, ...]
    lines: tuple[Line, ...]
    left_out: int = 0

    def eur(self, stage: Stage, *key: str) -> Decimal:
        """The sum of a stage over every line whose key begins so."""
        return sum((one.eur for one in self.lines if one.stage == stage and one.key[: len(key)] == key), ZERO)


class _Sum:
    __slots__ = ("eur", "not_found", "rows", "unconverted")

    def __init__(self) -> None:
        self.eur, self.rows, self.not_found = ZERO, 0, 0
        self.unconverted: dict[str, Decimal] = {}


def axes(text: str) -> tuple[str, ...]:
    """The axes of `donor,kind`. Raises Malformed for one that there is not."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    for one in found:
        if one not in AXES:
            raise Malformed("{found!r} is no axis; expected one or more of {known}", found=one, known=", ".join(AXES))
    return found


def happened_by(row: Row, day: date | None) -> bool:
    """Whether it certainly happened by the end of a day: what is undated, or within a longer time, is not."""
    return day is None or (row.last is not None and row.last <= day)


def totals(
    rows: Iterable[Row], by: Sequence[str] = (), as_of: date | None = None, members: frozenset[str] = frozenset()
) -> Totals:
    """The sums of what is counted, read once and not kept. `members`: of the EU, for the axis `group`."""
    if "group" in by and not members:
        raise Malformed(
            "the source does not say who is a member of the EU: ask for another axis than {axis}", axis="group"
        )
    sums: dict[tuple[tuple[str, ...], Stage], _Sum] = {}
    left_out = 0
    for row in rows:
        if row.standing != "counted":
            continue
        if not happened_by(row, as_of):
            left_out += 1
            continue
        key = tuple(_on(row, axis, members) for axis in by), row.stage
        found = sums.get(key)
        if found is None:
            found = sums[key] = _Sum()
        _add(found, row)
    ordered = sorted(sums.items(), key=lambda item: (item[0][0], STAGES.index(item[0][1])))
    return Totals(
        tuple(by),
        tuple(
            Line(key, stage, one.eur, one.rows, one.not_found, dict(sorted(one.unconverted.items())))
            for (key, stage), one in ordered
        ),
        left_out,
    )


def _add(found: _Sum, row: Row) -> None:
    found.rows += 1
    if row.eur is not None:
        found.eur += row.eur
    elif row.money is not None:
        found.unconverted[row.money.currency] = found.unconverted.get(row.money.currency, ZERO) + row.money.amount
    else:
        found.not_found += 1


def _on(row: Row, axis: str, members: frozenset[str]) -> str:
    match axis:
        case "donor":
            return row.donor
        case "kind":
            return row.kind
        case "year":
            return row.year
        case "month":
            return row.month
        case "item":
            return row.category or row.item
        case "group":
            return group_of(row, members)
        case _:
            return row.money.currency if row.money else ""


class Units(Struct, frozen=True):
    """How many of an item, at a stage: `stated` where numbers are given; at least and at most with what is not
    disclosed, `at_most` None where some of it has no upper bound; `undisclosed`: how many rows that is.
    """

    item: str
    donor: str
    stage: Stage
    stated: Decimal
    at_least: Decimal
    at_most: Decimal | None
    undisclosed: int


def units(rows: Iterable[Row], as_of: date | None = None, by_donor: bool = False) -> tuple[Units, ...]:
    """Units of each category, as far as they are stated. Evidence is not counted: it is the same things again."""
    stated: dict[tuple[str, str, Stage], Decimal] = {}
    least: dict[tuple[str, str, Stage], Decimal] = {}
    most: dict[tuple[str, str, Stage], Decimal | None] = {}
    hidden: Counter[tuple[str, str, Stage]] = Counter()
    for row in rows:
        count = row.quantity
        if count is None or row.standing == "evidence" or not happened_by(row, as_of):
            continue
        key = row.category or row.item, row.donor if by_donor else "", row.stage
        so_far = most.get(key, ZERO)
        most[key] = None if so_far is None or count.high is None else so_far + count.high
        least[key] = least.get(key, ZERO) + count.low
        if count.exact is None:
            hidden[key] += 1
        else:
            stated[key] = stated.get(key, ZERO) + count.exact
    return tuple(
        Units(*key, stated.get(key, ZERO), least[key], most[key], hidden[key])
        for key in sorted(least, key=lambda one: (one[0], one[1], STAGES.index(one[2])))
    )
