"""The register of arms transfers of SIPRI, as CSV: evidence of what was ordered and delivered, in units.

Its trend-indicator values measure military use, not money, and are not taken: SIPRI itself warns against adding them to
sales or setting them against GDP. Nothing of this source enters a sum of promises.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.commitments.sources import sheets
from foedus.commitments.sources.donors import donor
from foedus.commitments.sources.kiel import Said
from foedus.commitments.sources.model import Quantity, Row, Stage
from foedus.commitments.sources.reading import Notes, Period, Progress, Unread, number, plain
from foedus.commitments.sources.sheets import Table
from foedus.compact.findings import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.commitments.sources.reading import Cell

PUBLISHER = "SIPRI"
WANTED = {
    "supplier": ("Supplier",),
    "recipient": ("Recipient",),
    "ordered_in": ("Year of order",),
    "ordered": ("Number ordered",),
    "name": ("Weapon designation",),
    "category": ("Weapon description",),
    "delivered": ("Number delivered",),
    "delivered_in": ("Year(s) of delivery",),
}
NEEDED = tuple(WANTED)
_YEAR = re.compile(r"(?:19|20)\d\d")


def opened(path: Path, notes: Notes, progress: Progress | None = None) -> tuple[Said, Iterator[Row]]:
    """What the file is, and its rows. Raises Malformed when it is no such register."""
    table = sheets.csv_table(path.name, sheets.bytes_of(path), WANTED, NEEDED)
    return Said(PUBLISHER, "", None, (), frozenset()), _rows(table, notes, progress)


def _rows(table: Table, notes: Notes, progress: Progress | None) -> Iterator[Row]:
    seen: dict[tuple[str, ...], int] = {}
    lines: Counter[str] = Counter()
    for at, cells in table.body():
        content = tuple(map(str, cells))
        if (before := seen.setdefault(content, at)) != at:
            notes.doubt(table.place(at), Phrase("it repeats row {row} word for word", row=str(before)))
        try:
            table.fits(cells)
            yield from _transfer(table, at, cells, lines)
        except Unread as problem:
            notes.skip(table.place(at, problem.field), problem.what)
        if progress and at % 256 == 0:
            progress(at, len(table.rows))


def _transfer(table: Table, at: int, cells: Sequence[Cell], lines: Counter[str]) -> Iterator[Row]:
    """The order, and what was delivered of it."""
    whom = table.read(cells, "supplier", lambda cell: donor(plain(cell)))
    name, category = (plain(table.cell(cells, field)) for field in ("name", "category"))
    ordered, delivered = _number(table, cells, "ordered"), _number(table, cells, "delivered")
    order = f"{whom}/{plain(table.cell(cells, 'ordered_in'))}/{name}"
    lines[order] += 1
    order = order if lines[order] == 1 else f"{order}#{lines[order]}"
    told: tuple[tuple[Stage, Quantity | None, str], ...] = (
        ("committed", ordered, "ordered_in"),
        ("delivered", delivered, "delivered_in"),
    )
    for stage, quantity, field in told:
        if quantity is None or not quantity.low:
            continue
        first, last = _years(plain(table.cell(cells, field)))
        yield Row(
            id=order,
            donor=whom,
            kind="arms",
            stage=stage,
            first=first,
            last=last,
            item=name,
            category=category,
            quantity=quantity,
            standing="evidence",
            place=table.place(at),
        )


def _number(table: Table, cells: Sequence[Cell], field: str) -> Quantity | None:
    """How many; a question mark in the column beside it says that the register is not sure. Raises Unread."""
    value = table.read(cells, field, number)
    if value is None:
        return None
    if value < 0:
        raise Unread(Phrase("{found} is negative; expected how many there are", found=str(value)), field)
    beside = table.columns[field] + 1
    unsure = beside < len(cells) and plain(cells[beside]) == "?"
    return Quantity(Decimal(value), Decimal(value), "?" if unsure else "")


def _years(text: str) -> Period:
    """From the first of the years named to the last; nothing where none is."""
    years = [int(year) for year in _YEAR.findall(text)]
    return (date(min(years), 1, 1), date(max(years), 12, 31)) if years else (None, None)
