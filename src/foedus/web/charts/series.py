"""What changes with time: columns one beside another, and curves with what lies between two of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from foedus.web.charts.drawing import (
    FILLS,
    HAIR,
    INK,
    SECOND,
    WIDE,
    Drawing,
    Frame,
    Say,
    plain,
    ticks,
    values,
    width_of,
)

Value = Decimal | float | int
Point = tuple[float, float]
Month = Callable[[date], str] | None
SHORT = 730  # days of which months are named
WIDEST = 64.0  # units of one month's place, where there are few
HIGH = {True: 190.0, False: 260.0}  # of the field of a narrow drawing, and of a wide one
DASHES = ("", "7 4", "2 3", "9 3 2 3", "14 4", "1 5", "14 3 7 3")


class Curve(Struct, frozen=True):
    """A value from each day on: its name, and the days with their values, in order.

    `steps`: it stays until the next day, as what is due does. `gap`: what lies between it and the curve before is
    hatched where this one is lower: what is missing.
    """

    label: str
    points: tuple[tuple[date, Value], ...]
    steps: bool = False
    gap: bool = False
    said: str = ""


class _Field:
    """Where values and times lie on a drawing."""

    def __init__(self, made: Drawing, most: float, say: Say) -> None:
        self.marks = ticks(most, 4)
        self.left = max(width_of(say(one)) for one in self.marks) + 10
        self.right, self.top = made.width - 8.0, made.height + 12
        self.bottom = self.top + HIGH[made.narrow]
        for value in self.marks:
            y = self.y(value)
            made.line([(self.left, y), (self.right, y)], stroke=INK if not value else HAIR)
            made.text(self.left - 6, y + 4, say(value), anchor="end", fill=SECOND)
        made.height = self.bottom + 24

    def y(self, value: float) -> float:
        return self.bottom - value / self.marks[-1] * (self.bottom - self.top)


def columns(
    frame: Frame, series: Sequence[str], months: Sequence[tuple[date, Sequence[Value | None]]], width: int = WIDE,
    say: Say = plain, month_words: Month = None, most: Sequence[Value | None] = (),
) -> Drawing:  # fmt: skip
    """One column a month, in parts. The years stand below; of a short time the months, as `month_words` says them.

    `most`: of each month the upper end of a whisker that begins where its column ends; None for one without an end.
    """
    made = Drawing(frame, width)
    made.legend([(FILLS[place % len(FILLS)], words) for place, words in enumerate(series)])
    high = max([sum(values(parts)) for _, parts in months] + values(most), default=0.0)
    field = _Field(made, high, say)
    step = min(WIDEST, (field.right - field.left) / max(1, len(months)))
    if not months:
        return made
    labels = _Times(made, field, [day for day, _ in months], month_words)
    for place, (month, parts) in enumerate(months):
        x, y = field.left + place * step, field.bottom
        for kind, part in enumerate(values(parts)):
            up = field.bottom - field.y(part)
            made.rect(x + step * 0.12, y - up, step * 0.76, up, FILLS[kind % len(FILLS)])
            y -= up
        if most and (most[place] is None or field.y(float(most[place] or 0)) < y - 0.5):
            end = most[place]
            _whisker(made, x + step / 2, y, max(2.0, y - 24) if end is None else field.y(float(end)), end is None)
        labels.mark(x, month)
    return made


def _whisker(made: Drawing, x: float, low: float, high: float, is_open: bool) -> None:
    """From where a column ends to where it may reach; an arrow where no end is known."""
    made.line([(x, low), (x, high)], wide=1.5)
    made.line([(x - 3, low), (x + 3, low)], wide=1.5)
    made.line([(x - 3, high + 4), (x, high), (x + 3, high + 4)] if is_open else [(x - 3, high), (x + 3, high)],
              wide=1.5)  # fmt: skip


class _Times:
    """Years below the axis, of a short time months, where there is room for them."""

    def __init__(self, made: Drawing, field: _Field, days: Sequence[date], month: Month) -> None:
        self.made, self.field, self.free = made, field, 0.0
        self.first, self.month = min(days), month if (max(days) - min(days)).days <= SHORT else None

    def mark(self, x: float, day: date) -> None:
        """A month's or a year's first day, at its place."""
        if self.month is None and day.month != 1 and day != self.first:
            return
        said = self.month(day) if self.month else str(day.year)
        self.made.line([(x, self.field.bottom), (x, self.field.bottom + 5)])
        if x >= self.free and x + width_of(said) <= self.made.width:
            self.made.text(x, self.field.bottom + 18, said, fill=SECOND)
            self.free = x + width_of(said) + 8


def curves(
    frame: Frame, drawn: Sequence[Curve], width: int = WIDE, say: Say = plain, now: date | None = None,
    month_words: Month = None,
) -> Drawing:  # fmt: skip
    """Curves from nought over one time. `now`: a line at this day. Each is told apart by its dashes and its words."""
    made = Drawing(frame, width)
    days = [day for one in drawn for day, _ in one.points] + ([now] if now else [])
    if not days:
        return made
    _keys(made, drawn)
    field = _Field(made, max(float(value) for one in drawn for _, value in one.points), say)
    start, end = min(days), max(days)
    scale = (field.right - field.left) / max(1, (end - start).days)

    def x(day: date) -> float:
        return field.left + (day - start).days * scale

    paths = [_path(one, x, field) for one in drawn]
    for (above, path), one in zip(pairwise(paths), drawn[1:], strict=True):
        if one.gap:
            _missing(made, above, path)
    for place, path in enumerate(paths):
        made.line(path, stroke=FILLS[0] if place == 0 else INK, wide=2.5, dash=DASHES[place % len(DASHES)])
        made.dot(*path[-1], FILLS[0] if place == 0 else INK)
    if now is not None:
        made.line([(x(now), field.top), (x(now), field.bottom)], dash="2 2")
    labels = _Times(made, field, days, month_words)
    day = start
    while day <= end:
        labels.mark(x(day), day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return made


def _keys(made: Drawing, drawn: Sequence[Curve]) -> None:
    """What each line is, with the value it ends at."""
    for place, one in enumerate(drawn):
        y = made.height + 14
        made.line([(0, y - 4), (30, y - 4)], stroke=FILLS[0] if place == 0 else INK, wide=2.5,
                  dash=DASHES[place % len(DASHES)])  # fmt: skip
        made.text(38, y, f"{one.label}: {one.said}" if one.said else one.label)
        made.height = y + 4
    made.height += 6


def _path(one: Curve, x: Callable[[date], float], field: _Field) -> list[Point]:
    path: list[Point] = []
    for day, value in one.points:
        if one.steps and path:
            path.append((x(day), path[-1][1]))
        path.append((x(day), field.y(max(0.0, float(value)))))
    return path


def _missing(made: Drawing, above: Sequence[Point], below: Sequence[Point]) -> None:
    """What lies between two curves where the second is lower, hatched: between each two places of either."""
    places = sorted({x for x, _ in above} | {x for x, _ in below})
    for left, right in pairwise(places):
        high, low = _between(above, left, right), _between(below, left, right)
        if high is None or low is None:
            continue
        (high0, high1), (low0, low1) = high, low
        if (low0 - high0) * (low1 - high1) < 0:  # they cross: the half in which it is lower
            x = left + (right - left) * (high0 - low0) / (high0 - low0 + low1 - high1)
            y = high0 + (high1 - high0) * (x - left) / (right - left)
            end = (left, high0, low0) if low0 > high0 else (right, high1, low1)
            made.area([(x, y), (end[0], end[1]), (end[0], end[2])], "hatch")
        elif low0 > high0 or low1 > high1:
            made.area([(left, high0), (right, high1), (right, low1), (left, low0)], "hatch")


def _between(path: Sequence[Point], left: float, right: float) -> Point | None:
    """How high a path is at both ends of a piece that none of its corners divides; None where it is not there."""
    for (x0, y0), (x1, y1) in pairwise(path):
        if x0 < x1 and x0 <= left and right <= x1:
            rise = (y1 - y0) / (x1 - x0)
            return y0 + rise * (left - x0), y0 + rise * (right - x0)
    return None
