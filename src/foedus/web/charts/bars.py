"""Bars, ranked as they are given: one after another, in parts, or with a whisker for what is not disclosed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from foedus.web.charts.drawing import FILLS, HAIR, INK, SECOND, Drawing, Frame, Say, plain, shortened, ticks, values
from foedus.web.charts.drawing import width_of as _width

Value = Decimal | float | int
OPEN = 40.0  # units: how far a whisker without an upper end reaches beyond its lower one


class Bar(Struct, frozen=True):
    """One bar: its name, the length of each part, and the value written at it.

    `heading`: a name without a bar, for those that follow. `low` and `high`: the ends of a whisker; `open`: it has no
    upper end. `fill`: of a bar with one part, another than the first.
    """

    label: str
    parts: tuple[Value | None, ...] = ()
    said: str = ""
    heading: bool = False
    low: Value | None = None
    high: Value | None = None
    open: bool = False
    fill: int | None = None


def bars(frame: Frame, rows: Sequence[Bar], series: Sequence[str] = (), width: int = 736, say: Say = plain) -> Drawing:
    """Bars from nought, the values at their ends. `series`: what the parts are, said above."""
    made = Drawing(frame, width)
    if len(series) > 1:
        made.legend([(FILLS[place % len(FILLS)], words) for place, words in enumerate(series)])
    most = max([sum(values(one.parts)) for one in rows] + [float(one.high or one.low or 0) for one in rows] + [0.0])
    marks = ticks(most, 3 if made.narrow else 5)
    first, last = _columns(made, rows)
    scale = (last - first) / marks[-1]
    top = made.height + 4
    body = made.height + 8
    ends = [body := body + _height(made, one) for one in rows]
    bottom = ends[-1] if ends else body
    for value in marks:
        x = first + value * scale
        for high, low in () if made.narrow else _pieces(rows, ends, top):
            made.line([(x, high), (x, low)], stroke=INK if not value else HAIR)
        edge = x + _width(say(value)) / 2 > made.width
        room = "start" if not value and made.narrow else "end" if edge else "middle"
        made.text(x, bottom + 16, say(value), anchor=room, fill=SECOND)
    for one, end in zip(rows, ends, strict=True):
        _bar(made, one, end, first, scale)
    made.height = bottom + 22
    return made


def _pieces(rows: Sequence[Bar], ends: Sequence[float], top: float) -> list[tuple[float, float]]:
    """From where to where the lines of the axis run: not through a heading."""
    found: list[tuple[float, float]] = []
    for one, end in zip(rows, ends, strict=True):
        if one.heading:
            top = end
        elif found and found[-1][0] == top:
            found[-1] = (top, end)
        else:
            found.append((top, end))
    return found


def _height(made: Drawing, one: Bar) -> float:
    if one.heading:
        return 28
    return 38 if made.narrow else 22


def _columns(made: Drawing, rows: Sequence[Bar]) -> tuple[float, float]:
    """Where bars begin and end: between the names and the values, or below both."""
    beyond = OPEN if any(one.open for one in rows) else 0.0
    if made.narrow:
        return 1.0, made.width - 10.0 - beyond
    names = max((_width(one.label) for one in rows if not one.heading), default=0)
    said = max((_width(one.said) for one in rows), default=0)
    first = min(names, made.width * 0.36) + 12
    return first, made.width - max(said, 20) - 12 - beyond


def _bar(made: Drawing, one: Bar, end: float, first: float, scale: float) -> None:
    if one.heading:
        made.text(0, end - 6, shortened(one.label, made.width), bold=True)
        return
    base, high = (end - 16, 12) if made.narrow else (end - 18, 14)
    x = first
    for place, part in enumerate(values(one.parts)):
        fill = FILLS[(place if one.fill is None else one.fill) % len(FILLS)]
        made.rect(x, base, part * scale, high, fill)
        x += part * scale
    reach = max(x, _whisker(made, one, (first, scale), (base, high)))
    if made.narrow:
        said = _width(one.said)
        made.line([(first, base - 2), (first, base + high + 2)])
        made.text(0, base - 6, shortened(one.label, made.width - said - 12))
        made.text(made.width, base - 6, one.said, anchor="end")
    else:
        made.text(first - 8, base + 12, shortened(one.label, first - 8), anchor="end")
        made.text(reach + 6, base + 12, one.said)


def _whisker(made: Drawing, one: Bar, across: tuple[float, float], down: tuple[float, float]) -> float:
    """The range of what is not disclosed; how far it reaches."""
    first, scale = across
    if one.low is None or (one.high is None and not one.open):
        return first
    middle, half = down[0] + down[1] / 2, down[1] / 2
    low = first + float(one.low) * scale
    high = first + float(one.high) * scale if one.high is not None else low
    high = min(high + OPEN if one.open else high, made.width - 2.0)
    made.line([(low, middle), (high, middle)], wide=2, stroke=INK)
    made.line([(low, middle - half), (low, middle + half)], wide=2)
    if one.open:
        made.line([(high - 6, middle - 4), (high, middle), (high - 6, middle + 4)], wide=2)
    else:
        made.line([(high, middle - half), (high, middle + half)], wide=2)
    return high
