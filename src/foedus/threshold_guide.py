"""What each threshold of screening finds, and what it calls in vain: measured, as a table and as a picture.

The figures are those that `python -m bench.screening_quality --write` put into threshold_guide.csv, on the part of the
labelled set that no weight was chosen on. Nothing is measured here.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from msgspec import Struct

FILE = Path(__file__).with_suffix(".csv")
COLUMNS = ("threshold", "recall", "precision", "alerts_per_1000")
# What stands on the picture, in English; a page says it in its language.
SAID = {"title": "Precision and recall by threshold", "recall": "recall", "precision": "precision",
        "default": "default", "threshold": "threshold"}  # fmt: skip
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 610, 20, 270
_LEAST = 0.9  # of what is shown


class Level(Struct, frozen=True):
    """One threshold. `recall`: of listed names asked for, the share that is found. `precision`: of as many listed names
    and strangers, the share of those called that is rightly called. `alerts_per_1000`: of strangers.
    """

    threshold: float
    recall: float
    precision: float
    alerts_per_1000: float


def levels() -> list[Level]:
    """Every threshold that was measured, ascending."""
    with FILE.open(encoding="utf-8", newline="") as text:
        return [Level(*map(float, row)) for row in list(csv.reader(text))[1:]]


def in_english(value: float, places: int) -> str:
    """A number with a decimal point."""
    return f"{value:.{places}f}"


def svg(default: float, said: Mapping[str, str] = SAID, written: Callable[[float, int], str] = in_english) -> str:
    """The picture; it says nothing that the table beside it does not. `written`: a number with so many decimals."""
    shown = levels()
    lines = "".join(_line(shown, name, said[name], *how) for name, how in _HOW.items())
    at = _x(default, shown)
    mark = (
        f'<line x1="{at}" x2="{at}" y1="{_TOP}" y2="{_BOTTOM}" stroke="#505a5f" stroke-dasharray="2 3"/>'
        f'<text x="{at + 5}" y="{_BOTTOM - 8}">{escape(said["default"])} {written(default, 2)}</text>'
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" width="640" height="320" role="img" '
        'font-family="sans-serif" font-size="14" fill="#0b0c0c">'
        f"<title>{escape(said['title'])}</title>{''.join(_axes(shown, said, written))}{mark}{lines}</svg>\n"
    )


# By line its colour, its dashes, and at which of its points its name stands, so far to the right and below.
_HOW = {"recall": ("#1d70b8", "none", (-3, 8, -2)), "precision": ("#00703c", "8 4", (1, 0, 22))}


def _line(shown: list[Level], name: str, word: str, colour: str, dashes: str, where: tuple[int, int, int]) -> str:
    places = [(_x(one.threshold, shown), _y(getattr(one, name))) for one in shown]
    points = " ".join(f"{x},{y}" for x, y in places)
    x, y = places[where[0]]
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'
        f'<text x="{x + where[1]}" y="{y + where[2]}" fill="{colour}">{escape(word)}</text>'
    )


def _axes(shown: list[Level], said: Mapping[str, str], written: Callable[[float, int], str]) -> Iterator[str]:
    for step in range(6):
        value = _LEAST + step * (1 - _LEAST) / 5
        y = _y(value)
        yield f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}" stroke="#b1b4b6"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 5}" text-anchor="end">{written(value, 2)}</text>'
    for one in shown[:: max(1, len(shown) // 6)]:
        x = _x(one.threshold, shown)
        yield f'<text x="{x}" y="{_BOTTOM + 20}" text-anchor="middle">{written(one.threshold, 2)}</text>'
    middle, word = (_LEFT + _RIGHT) // 2, escape(said["threshold"])
    yield f'<text x="{middle}" y="{_BOTTOM + 42}" text-anchor="middle">{word}</text>'


def _x(threshold: float, shown: list[Level]) -> float:
    first, last = shown[0].threshold, shown[-1].threshold
    return round(_LEFT + (threshold - first) / (last - first) * (_RIGHT - _LEFT), 1)


def _y(share: float) -> float:
    return round(_BOTTOM - (max(share, _LEAST) - _LEAST) / (1 - _LEAST) * (_BOTTOM - _TOP), 1)
