"""A map of Europe on which parties are shaded, and below it a list of those that lie beyond its frame.

The outline is Natural Earth's with Crimea in Ukraine (`tools/map.py`, decision 0020). Who is no party is land and no
more: it has no shade, no name and no value. A boundary on it implies no position of anyone.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from foedus.web.charts.drawing import FILLS, HAIR, SECOND, Drawing, Frame, shortened, width_of

NONE, LAND, SEA = "#ffffff", "#dde2e6", "#f3f5f7"  # a party of which nothing is shown, what is no party, water
EDGE = "#7b8794"
CLOSE = 1.4  # units: on a small drawing, corners nearer to the one before are left out
Box = tuple[float, float, float, float]


class Shade(Struct, frozen=True):
    """What a party looks like: its name, its class (a place in FILLS, None for one without), what is written at it and
    what is said of it in full.
    """

    name: str
    fill: int | None = None
    said: str = ""
    full: str = ""


@lru_cache(maxsize=1)
def outline() -> dict[str, Any]:
    """The committed outline: paths in tenths of a unit by code, middles in units, the projection."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "outline.json").read_bytes())
    return found


@lru_cache(maxsize=256)
def rings(code: str) -> tuple[tuple[tuple[float, float], ...], ...]:
    """The closed lines of a shape, in units of the outline."""
    found = []
    for part in outline()["paths"][code].split("M")[1:]:
        numbers = [int(one) for one in re.findall(r"-?\d+", part)]
        x, y = numbers[0], numbers[1]
        points = [(x / 10, y / 10)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x / 10, y / 10))
        found.append(tuple(points))
    return tuple(found)


def place(lon: float, lat: float) -> tuple[float, float]:
    """Where degrees lie on the outline, in its units (Snyder 1987, p. 106, on a sphere)."""
    known = outline()["projection"]
    first, second = (math.radians(one) for one in known["parallels"])

    def high(at: float) -> float:
        return math.tan(math.pi / 4 + at / 2)

    n = math.log(math.cos(first) / math.cos(second)) / math.log(high(second) / high(first))
    rho = math.cos(first) * high(first) ** n / n / high(math.radians(lat)) ** n
    theta, scale, frame = n * math.radians(lon - known["meridian"]), known["scale"], known["frame"]
    return (rho * math.sin(theta) - frame[0]) * scale, (frame[3] + rho * math.cos(theta)) * scale


def beyond(codes: Mapping[str, object]) -> list[str]:
    """Those of the codes that have no shape on the outline."""
    return [code for code in codes if code not in outline()["paths"]]


@lru_cache(maxsize=256)
def _path(code: str, width: int) -> str:
    """The shape on a drawing of a width; small ones are drawn with fewer corners."""
    scale = width / outline()["width"]
    close = CLOSE if scale < 1 else 0.0
    said = []
    for line in rings(code):
        kept = [(line[0][0] * scale, line[0][1] * scale)]
        for x, y in ((x * scale, y * scale) for x, y in line[1:]):
            if math.dist(kept[-1], (x, y)) > close:
                kept.append((x, y))
        if len(kept) > 2:
            said.append("M" + _steps(kept) + "z")
    return "".join(said)


def _steps(points: Sequence[tuple[float, float]]) -> str:
    tenths = [(round(10 * x), round(10 * y)) for x, y in points]
    x, y = tenths[0]
    steps = [f"{_tenth(x)} {_tenth(y)}l"]
    for at in tenths[1:]:
        steps.append(f"{_tenth(at[0] - x)} {_tenth(at[1] - y)} ")
        x, y = at
    return "".join(steps).replace(" -", "-").rstrip()


def _tenth(value: int) -> str:
    return f"{value / 10:g}"


def land(
    frame: Frame, parties: Mapping[str, Shade], classes: Sequence[tuple[int | None, str]], others: str, width: int
) -> Drawing:
    """The map: `parties` by code, `classes` as the legend names them. `others`: the words above those beyond the frame,
    of which only those with a class are listed.
    """
    made = Drawing(frame, width)
    made.legend([(NONE if fill is None else FILLS[fill], words) for fill, words in classes])
    top, scale = made.height + 4, width / outline()["width"]
    known = outline()["paths"]
    inner = Drawing(frame, width)
    inner.rect(0, 0, width, outline()["height"] * scale, SEA)
    for code in sorted(known, key=lambda one: one in parties):  # parties above, so that their edges are whole
        one = parties.get(code)
        if one is None:
            inner.path(_path(code, width), LAND, edge="#ffffff")
        else:
            inner.path(
                _path(code, width), NONE if one.fill is None else FILLS[one.fill], edge=EDGE,
                title=one.full or one.name,
            )  # fmt: skip
    if not made.narrow:
        for code, x, y in _labels({code: one for code, one in parties.items() if code in known and one.said}):
            inner.halo(x * scale, y * scale, parties[code].said)
    made.within(inner, top, outline()["height"] * scale)
    made.height = top + outline()["height"] * scale + 6
    _listed(made, [one for code, one in parties.items() if code not in known and one.fill is not None], others)
    return made


def _labels(parties: Mapping[str, Shade]) -> Iterator[tuple[str, float, float]]:
    """Where values are written: the first ones first, and none where another stands."""
    taken: list[Box] = []
    for code, one in parties.items():
        x, y = outline()["middles"][code]
        half = width_of(one.said) / 2
        x = min(max(x, half + 2), outline()["width"] - half - 2)
        box = (x - half, y - 8, x + half, y + 8)
        if not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken.append(box)
            yield code, x, y + 5


def _listed(made: Drawing, several: Sequence[Shade], heading: str) -> None:
    """Those beyond the frame, each with its shade and its value, in two columns on a wide drawing."""
    if not several:
        return
    made.line([(0, made.height), (made.width, made.height)], stroke=HAIR)
    made.text(0, made.height + 18, heading, bold=True)
    columns = 1 if made.narrow else 2
    wide, first = made.width / columns, made.height + 38
    rows = -(-len(several) // columns)
    for number, one in enumerate(several):
        x, y = number // rows * wide, first + number % rows * 20
        assert one.fill is not None, "only those with a class are listed"
        made.rect(x + 0.5, y - 10.5, 13, 11, FILLS[one.fill])
        said = width_of(one.said)
        made.text(x + 20, y, shortened(one.name, wide - said - 52))
        made.text(x + wide - 24, y, one.said, anchor="end", fill=SECOND)
    made.height = first + rows * 20 - 8
