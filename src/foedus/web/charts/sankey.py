"""Money as it flowed, from left to right: every band as wide as its sum, what comes into a box goes out of it or stays.

Of one currency: sums of two are not drawn on one scale. On a phone the boxes have numbers, and their names stand below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from foedus.web.charts.drawing import FILLS, INK, SECOND, Drawing, Frame, shortened, width_of

BOX, GAP, LEAST = 12.0, 26.0, 2.0  # units: a box's width, the room between two, and the thinnest band
HIGH = {True: 200.0, False: 280.0}
ROOM = 150.0  # for the names of the last column, on a wide drawing
BAND = "#9fb6cc"
Amount = Decimal | float | int


class Node(Struct, frozen=True):
    """A box: its id, its column, its name and what is written at it. `fill`: a place in FILLS."""

    id: str
    column: int
    label: str
    said: str = ""
    fill: int = 0


class Link(Struct, frozen=True):
    """A band from one box to another, further to the right."""

    source: str
    to: str
    amount: Amount
    full: str = ""


class _At(Struct):
    """Where a box stands, and how far its bands reach on either side."""

    x: float
    y: float
    high: float
    came: float = 0.0
    went: float = 0.0


def sankey(frame: Frame, nodes: Sequence[Node], links: Sequence[Link], columns: Sequence[str], width: int) -> Drawing:
    """Boxes in their columns, in the order given. `columns`: what stands above each."""
    made = Drawing(frame, width)
    if not nodes:
        return made
    used = sorted({one.column for one in nodes})
    sizes = {one.id: _size(one.id, links) for one in nodes}
    room = HIGH[made.narrow]
    totals = [sum(sizes[one.id] for one in nodes if one.column == column) for column in used]
    scale = room / max([*totals, 1e-9])
    first, last = 1.0, made.width - (BOX + 1.0 if made.narrow else ROOM)
    top = made.height + (8.0 if made.narrow else 22.0)
    step = (last - first) / max(1, len(used) - 1)
    placed: dict[str, _At] = {}
    bottom = top
    for number, column in enumerate(used):
        y = top
        for one in (node for node in nodes if node.column == column):
            high = max(LEAST, sizes[one.id] * scale)
            y += 0.0 if made.narrow else 34.0  # its name and its sum stand above it
            placed[one.id] = _At(first + number * step, y, high)
            y += high + (GAP if made.narrow else 6.0)
            bottom = max(bottom, y)
        if not made.narrow:
            made.text(first + number * step, 14, shortened(columns[column], min(step, ROOM) - 8), fill=SECOND)
    for band in links:
        _band(made, placed[band.source], placed[band.to], max(LEAST, float(band.amount) * scale), band.full)
    made.height = bottom
    _boxes(made, nodes, placed, step, used)
    return made


def _size(id_: str, links: Sequence[Link]) -> float:
    """What passes a box: what came in or went out, whichever is more."""
    came = sum(float(one.amount) for one in links if one.to == id_)
    return max(came, sum(float(one.amount) for one in links if one.source == id_))


def _band(made: Drawing, source: _At, to: _At, wide: float, full: str) -> None:
    x0, x1 = source.x + BOX, to.x
    y0, y1 = source.y + source.went, to.y + to.came
    source.went, to.came = source.went + wide, to.came + wide
    middle = (x0 + x1) / 2
    path = (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}v{wide:.1f}"
        f"C{middle:.1f} {y1 + wide:.1f} {middle:.1f} {y0 + wide:.1f} {x0:.1f} {y0 + wide:.1f}z"
    )
    made.path(path, BAND, edge="#ffffff", title=full)


def _boxes(
    made: Drawing, nodes: Sequence[Node], placed: Mapping[str, _At], step: float, used: Sequence[int]
) -> None:  # fmt: skip
    for number, one in enumerate(nodes, 1):
        at = placed[one.id]
        made.rect(at.x, at.y, BOX, at.high, FILLS[one.fill])
        if made.narrow:
            right = one.column == used[-1] and len(used) > 1
            made.text(at.x + (BOX if right else 0), at.y + at.high + 15, str(number), bold=True,
                      anchor="end" if right else "start")  # fmt: skip
            continue
        long = (ROOM if one.column == used[-1] else step) - 8
        made.text(at.x, at.y - 20, shortened(one.label, long))
        made.text(at.x, at.y - 5, shortened(one.said, long), bold=True)
    if made.narrow:
        made.height += 4
        for number, one in enumerate(nodes, 1):
            made.height += 20
            made.text(0, made.height, f"{number}", bold=True)
            said = width_of(one.said)
            made.text(22, made.height, shortened(one.label, made.width - said - 34))
            made.text(made.width, made.height, one.said, anchor="end", fill=INK)
        made.height += 8
