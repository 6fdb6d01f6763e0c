"""What a figure is, and what making several of one page share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from foedus.commitments.sources.model import KINDS, Row
from foedus.commitments.sources.totals import Line, Totals, totals
from foedus.web.charts import Drawing, Frame
from foedus.web.charts.drawing import FILLS
from foedus.web.frame import Table
from foedus.web.tracked import BILLION, ZERO, Tracked

UNDATED = "undated"


class Figure(Struct, frozen=True):
    """A figure: its name in addresses, its finding, what it shows, what is not in it, its table, its drawing."""

    name: str
    title: str
    shows: str
    left_out: str
    table: Table
    heads: tuple[str, ...]
    cells: Sequence[Sequence[str]]
    draw: Callable[[Frame, int], Drawing]
    source: str

    def drawing(self, width: int) -> Drawing:
        """The figure at a width."""
        frame = Frame(self.name, self.title, f"{self.shows} {self.left_out}".strip(), self.source)
        return self.draw(frame, width)


class Maker:
    """Makes the figures of one page."""

    def __init__(self, tracked: Tracked, rows: Iterable[Row] | None = None, prefix: str = "") -> None:
        self.tracked, self.page, self.prefix = tracked, tracked.page, prefix
        self.rows = tuple(tracked.rows if rows is None else rows)
        self._ = tracked.page.words.gettext
        self.stage = tracked.stage

    def __call__(
        self,
        name: str,
        title: str,
        said: tuple[str, str],
        table: tuple[Table, Sequence[str], Sequence[Sequence[str]]],
        draw: Callable[[Frame, int], Drawing],
    ) -> Figure:
        """A figure with the source of this page's vintage."""
        assert self.tracked.entry is not None, "a figure is of a vintage"
        return Figure(
            self.prefix + name,
            title,
            *said,
            table[0],
            tuple(table[1]),
            table[2],
            draw,
            self.tracked.source(self.tracked.entry),
        )

    # --- what several figures ask ---------------------------------------------------------------------------

    def totals(self, *by: str) -> Totals:
        """Sums of the rows of this page."""
        return totals(self.rows, by, members=self.tracked.vintage.members)

    def kinds(self, sums: Totals, place: int) -> tuple[list[str], list[str]]:
        """The kinds that stand there at this stage, and their words: as many as there are fills; then `others`."""
        has = {line.key[place] for line in sums.lines if line.stage == self.stage}
        found: list[str] = [kind for kind in KINDS if kind in has]
        if len(found) > len(FILLS):
            found = [*found[: len(FILLS) - 1], ""]
        return found, [self.tracked.kind_words(one) if one else self._("other kinds") for one in found]

    def parts(self, lines: Iterable[Line], kinds: Sequence[str], place: int) -> list[Decimal]:
        """The sums of these lines by kind; what has no fill of its own is in the last."""
        found = dict.fromkeys(kinds, ZERO)
        for line in lines:
            kind = line.key[place]
            found[kind if kind in found else ""] += line.eur
        return list(found.values())

    def say(self, value: float) -> str:
        """A tick of an axis."""
        return self.page.words.number(f"{value:.10g}") if value else "0"

    def measure(self) -> str:
        """What is measured, as the line under a title begins."""
        return self._("%(stage)s, billions of euros.", stage=self.tracked.stage_words(self.stage, start=True))

    def share(self, part: Decimal, whole: Decimal, places: int = 1) -> str:
        """A part of a whole in per cent."""
        return self.tracked.per_cent(part / whole * 100 if whole else None, places)


def in_billions(values: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """Billions, as they are drawn."""
    return tuple(value / BILLION for value in values)


def not_found(make: Maker, lines: Iterable[Line]) -> str:
    """How many rows state no amount, and which currencies have no rate."""
    lines = list(lines)
    without = sum(line.not_found for line in lines)
    said = []
    if without:
        said.append(
            make.page.words.ngettext(
                "Not in it: %(num)s row that states no amount.",
                "Not in it: %(num)s rows that state no amount.",
                without,
            )
        )
    unconverted: dict[str, Decimal] = {}
    for line in lines:
        for code, amount in line.unconverted.items():
            unconverted[code] = unconverted.get(code, ZERO) + amount
    if unconverted:
        amounts = make.page.words.items(make.page.words.money(str(one), code) for code, one in unconverted.items())
        said.append(make._("Not in it, for want of a rate: %(amounts)s.", amounts=amounts))
    return " ".join(said)
