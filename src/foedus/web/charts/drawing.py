"""The paper a chart is drawn on: shapes, letters, fills, axes, and the whole as SVG within a page or by itself."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from markupsafe import Markup, escape
from msgspec import Struct

WIDE, NARROW = 736, 288  # units of a drawing: pixels of a desk's column, and of a phone of 320 without its margins
INK, SECOND, HAIR, RED = "#0b0c0c", "#484f56", "#dfe4e8", "#a5121f"
SIZE, LINE = 13, 18
# Fills by place: dark to light, then hatched, then white. Each has a black outline where it could be lost on white.
FILLS = ("#123f66", "#5a93c0", "#bcd6ea", "#7b8794", "hatch", "#ffffff")
OUTLINED = frozenset({"#bcd6ea", "hatch", "#ffffff"})
# What is not drawn anywhere: of a file by itself, the letters of whoever opens it.
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', 'Libertinus Serif', sans-serif"
_NOT_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Frame(Struct, frozen=True):
    """What stands around a chart: its name within the page, its finding, what it shows, and its source."""

    name: str
    title: str
    description: str
    source: str = ""


class Drawing:
    """A chart being drawn, from the top down. `height`: how far it reaches so far."""

    def __init__(self, frame: Frame, width: int) -> None:
        self.frame, self.width, self.height = frame, width, 0.0
        self._parts: list[str] = []

    @property
    def narrow(self) -> bool:
        """Whether names stand above what they name."""
        return self.width < 480

    def text(
        self, x: float, y: float, said: str, *, anchor: str = "start", bold: bool = False, fill: str = INK,
        size: int = SIZE, edged: bool = False,
    ) -> None:  # fmt: skip
        """Letters; `y` is where they stand. `edged`: with a white edge, where a line may run behind them."""
        weight = ' font-weight="700"' if bold else ""
        weight += ' paint-order="stroke" stroke="#ffffff" stroke-width="3.5" stroke-linejoin="round"' if edged else ""
        at = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{fill}"'
        self._parts.append(f"<text {at}{weight}>{_escaped(said)}</text>")

    def rect(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A filled box; what is light has an outline."""
        if width <= 0 or height <= 0:
            return
        edge = f' stroke="{INK}" stroke-width="1"' if fill in OUTLINED else ""
        paint = f"url(#{self._hatch})" if fill == "hatch" else fill
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{paint}"{edge}/>'
        )

    def line(
        self, points: Sequence[tuple[float, float]], *, stroke: str = INK, wide: float = 1, dash: str = ""
    ) -> None:
        """A line through points."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{wide:g}"{dashed}/>')

    def area(self, points: Sequence[tuple[float, float]], fill: str) -> None:
        """A filled shape without an outline."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        paint = f"url(#{self._hatch})" if fill == "hatch" else fill
        self._parts.append(f'<polygon points="{path}" fill="{paint}"/>')

    def dot(self, x: float, y: float, fill: str = INK) -> None:
        """A point."""
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{fill}"/>')

    def path(self, path: str, fill: str, *, edge: str = "", title: str = "") -> None:
        """A shape as SVG writes it. `edge`: the colour of its outline; `title`: what is said when it is pointed at."""
        paint = f"url(#{self._hatch})" if fill == "hatch" else fill
        stroke = f' stroke="{edge}" stroke-width="0.7" stroke-linejoin="round"' if edge else ""
        end = f"><title>{_escaped(title)}</title></path>" if title else "/>"
        self._parts.append(f'<path d="{path}" fill="{paint}" fill-rule="evenodd"{stroke}{end}')

    def halo(self, x: float, y: float, said: str) -> None:
        """Letters in the middle of a place, on whatever lies there: with a white edge."""
        at = f'x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="{SIZE}" font-weight="700" fill="{INK}"'
        self._parts.append(
            f'<text {at} paint-order="stroke" stroke="#ffffff" stroke-width="3.5" stroke-linejoin="round">'
            f"{_escaped(said)}</text>"
        )

    def within(self, other: Drawing, top: float, high: float) -> None:
        """Another drawing of the same width, `top` below, cut off where it would reach beyond `high`."""
        self._parts.append(
            f'<svg x="0" y="{top:.1f}" width="{self.width}" height="{high:.1f}" viewBox="0 0 {self.width} {high:.1f}">'
            f"{''.join(other._parts)}</svg>"
        )

    def triangle(self, x: float, y: float, fill: str = RED) -> None:
        """What needs attention, its tip upward."""
        self._parts.append(f'<path d="M{x:.1f} {y - 6:.1f}l6 11h-12z" fill="{fill}"/>')

    def legend(self, named: Sequence[tuple[str, str]]) -> None:
        """What each fill means, in as many lines as are needed."""
        x, y = 0.0, self.height + 14
        for fill, words in named:
            wide = 20 + width_of(words) + 18
            if x and x + wide - 18 > self.width:
                x, y = 0.0, y + LINE
            self.rect(x + 0.5, y - 10.5, 13, 11, fill)
            self.text(x + 20, y, words)
            x += wide
        self.height = y + 12

    @property
    def _hatch(self) -> str:
        return f"hatch-{self.frame.name}-{self.width}"

    def _defs(self) -> str:
        if f"#{self._hatch})" not in "".join(self._parts):
            return ""
        return (
            f'<defs><pattern id="{self._hatch}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform='
            '"rotate(45)"><rect width="5" height="5" fill="#ffffff"/><rect width="1.6" height="5" fill="#484f56"/>'
            "</pattern></defs>"
        )

    def inline(self) -> Markup:
        """As part of a page, read as one picture with its finding and what it shows."""
        at, frame = f"{self.frame.name}-{self.width}", self.frame
        form = "narrow" if self.narrow else "wide"
        return Markup(  # noqa: S704  # letters are escaped where they are drawn
            f'<svg class="drawn {form}" viewBox="0 0 {self.width} {self.height:.0f}" role="img" focusable="false"'
            f' aria-labelledby="t-{at} d-{at}"><title id="t-{at}">{_escaped(frame.title)}</title>'
            f'<desc id="d-{at}">{_escaped(frame.description)}</desc>{self._defs()}{"".join(self._parts)}</svg>'
        )

    def alone(self) -> bytes:
        """As a file of its own: the finding above, what it shows and its source below, on white."""
        frame, margin = self.frame, 24
        above = list(wrapped(frame.title, self.width / 1.32))
        below = [*wrapped(frame.description, self.width), *wrapped(frame.source, self.width)]
        top = margin + 24 * len(above) + 8
        high = top + self.height + 12 + LINE * len(below) + margin
        said = Drawing(frame, self.width)
        for number, words in enumerate(above):
            said.text(0, -top + margin + 16 + 24 * number, words, bold=True, size=18)
        for number, words in enumerate(below):
            said.text(0, self.height + 22 + LINE * number, words, fill=SECOND)
        wide = self.width + 2 * margin
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high:.0f}" viewBox="0 0 {wide} '
            f'{high:.0f}" font-family="{FONT}" role="img"><title>{_escaped(frame.title)}</title><desc>'
            f'{_escaped(frame.description)}</desc>{self._defs()}<rect width="{wide}" height="{high:.0f}" '
            f'fill="#ffffff"/><g transform="translate({margin} {top})">{"".join(self._parts)}{"".join(said._parts)}'
            "</g></svg>\n"
        ).encode()


def _escaped(said: str) -> str:
    """Letters that XML has, escaped: a file that is opened alone is read strictly."""
    return str(escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", said)))


def width_of(said: str, size: float = SIZE) -> float:
    """About how wide letters are: what is reserved for them, with some room."""
    return sum(_wide(letter) for letter in said) * size


def _wide(letter: str) -> float:
    if letter in " .,:;·|'iljI1()":
        return 0.38 if letter != "1" else 0.6
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return 0.72 if letter.isupper() or letter in "мшщжфюwm%—" else 0.6


def wrapped(said: str, width: float, size: float = SIZE) -> Iterator[str]:
    """The words in lines of at most a width; a word that is longer stands alone."""
    line = ""
    for word in said.split():
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, size) > width:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def shortened(said: str, width: float) -> str:
    """The words, cut with an ellipsis where they do not fit."""
    if width_of(said) <= width:
        return said
    while said and width_of(said + "…") > width:
        said = said[:-1]
    return said.rstrip() + "…"


def ticks(most: float, wanted: int = 5) -> list[float]:
    """Round numbers from nought to at least `most`."""
    if not math.isfinite(most) or most < LEAST:
        return [0.0, 1.0]
    rough = most / wanted
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * one for one in (1, 2, 2.5, 5, 10) if power * one >= rough * 0.999)
    return [step * number for number in range(math.ceil(most / step - 1e-9) + 1)]


LEAST = 1e-9  # what is less is nought to any reader
Say = Callable[[float], str]


def plain(value: float) -> str:
    """A tick without needless digits."""
    return f"{value:.10g}"


def values(parts: Sequence[Any]) -> list[float]:
    """Numbers as drawn: what is absent or negative has no length."""
    return [max(0.0, float(one or 0)) for one in parts]
