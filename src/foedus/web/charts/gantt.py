"""Spans of time one below another: from when something runs, by when it is due, and how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from foedus.web.charts.drawing import FILLS, HAIR, INK, RED, SECOND, WIDE, Drawing, Frame, shortened, values, width_of

# Inside out: verified, delivered, allocated, scheduled (hatched), promised (white).
STEPS = (FILLS[0], FILLS[1], FILLS[2], "hatch", "#ffffff")


class Span(Struct, frozen=True):
    """One span: its name, its days, and the share of it at each step, verified first; the shares add up to one.

    `said`: what is written at it. `late`: it is past its day and not done, which is also said in `said`.
    """

    label: str
    first: date
    last: date
    shares: tuple[Decimal | float | int, ...] = ()
    said: str = ""
    late: bool = False


def gantt(
    frame: Frame, spans: Sequence[Span], steps: Sequence[str] = (), width: int = WIDE, now: date | None = None
) -> Drawing:
    """Spans in the order given, the years above. `steps`: the words of the shares. `now`: a line at this day."""
    made = Drawing(frame, width)
    if not spans:
        return made
    if steps:
        made.legend(list(zip(STEPS, steps, strict=False)))
    names = 0.0 if made.narrow else min(max(width_of(one.label) for one in spans), made.width * 0.34) + 12
    start = min([one.first for one in spans] + ([now] if now else []))
    end = max([one.last for one in spans] + ([now] if now else []))
    room = 10.0 if made.narrow else max(width_of(one.said) for one in spans) + 24
    scale = (made.width - names - room) / max(1, (end - start).days)

    def x(day: date) -> float:
        return names + (day - start).days * scale

    top, row = made.height + 26, 40 if made.narrow else 24
    bottom = top + row * len(spans)
    free = 0.0
    for year in range(start.year, end.year + 1):
        day = max(start, date(year, 1, 1))
        made.line([(x(day), top - 6), (x(day), bottom)], stroke=HAIR)
        if x(day) >= free and x(day) + width_of(str(year)) <= made.width:
            made.text(x(day), top - 10, str(year), fill=SECOND)
            free = x(day) + width_of(str(year)) + 8
    if now is not None:
        made.line([(x(now), top - 6), (x(now), bottom)], stroke=RED, wide=2)
    for place, one in enumerate(spans):
        _span(made, one, top + row * (place + 1), (x(one.first), x(one.last)), names)
    made.height = bottom + 8
    return made


def _span(made: Drawing, one: Span, end: float, across: tuple[float, float], names: float) -> None:
    left, right = across
    base = end - 16
    wide = max(3.0, right - left)
    made.rect(left, base, wide, 12, "#ffffff")
    x = left
    for fill, share in zip(STEPS, values(one.shares), strict=False):
        made.rect(x, base, share * wide, 12, fill)
        x += share * wide
    made.line(
        [(left, base), (left + wide, base), (left + wide, base + 12), (left, base + 12), (left, base)], stroke=INK
    )
    if one.late:
        made.triangle(left + wide + 8, base + 6)
    if made.narrow:
        said = width_of(one.said)
        made.text(0, base - 6, shortened(one.label, made.width - said - 12))
        made.text(made.width, base - 6, one.said, anchor="end")
        return
    made.text(names - 8, base + 10, shortened(one.label, names - 8), anchor="end")
    made.text(left + wide + (18 if one.late else 6), base + 10, one.said, edged=True)
