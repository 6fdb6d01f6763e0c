"""What the tracker's workbook prints of itself: its release, the summary by country, the units of one figure.

These are compared with the sums of the rows and never added to them.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from foedus.commitments.sources import sheets
from foedus.commitments.sources.donors import donor
from foedus.commitments.sources.model import Figure, Place
from foedus.commitments.sources.reading import Cell, Notes, Unread, plain
from foedus.compact.findings import Phrase

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

BILLION = 1_000_000_000
SUMMARY, GAP = "country summary", "military gap"
BESIDE = (SUMMARY, GAP)  # sheets that are read beside the main one
_MONTHS = [month_name[number].casefold() for number in range(13)]
_READ_ME = re.compile(r"(\d+)(?:st|nd|rd|th) release \(covering .* to (\w+) (\d{1,2}), (\d{4})\)", re.IGNORECASE)
_FILE = re.compile(r"release[_ ]?(\d+)", re.IGNORECASE)

# Of the summary by country: our name, what its header has, what the unit below it has.
_SUMMARY = (
    ("financial", "financial", "€ billion"),
    ("humanitarian", "humanitarian", "€ billion"),
    ("military", "military", "€ billion"),
    ("total", "total bilateral", "€ billion"),
    ("gdp", "gdp", "€ billion"),
    ("pct_gdp", "total bilateral", "% gdp"),
    ("eu_share", "share in total eu", "€ billion"),
    ("pct_gdp_eu_share", "share in total eu", "% gdp"),
    ("total_with_eu", "total bilateral and eu", "€ billion"),
    ("pct_gdp_with_eu", "total bilateral and eu", "% gdp"),
)


class Release(NamedTuple):
    """Its number, and the day up to which it has data where it says."""

    name: str
    data_until: date | None


def release_of(book: CalamineWorkbook, path: Path) -> Release:
    """By what its sheet ReadMe says, else by the name of the file."""
    name = sheets.sheet_like(book, "readme")
    for row in book.get_sheet_by_name(name).to_python(nrows=40) if name else ():
        if found := _READ_ME.search(plain(row[0]) if row else ""):
            number, month, day, year = found.groups()
            return Release(number, date(int(year), _MONTHS.index(month.casefold()), int(day)))
    named = _FILE.search(path.name)
    return Release(named[1].lstrip("0") if named else "", None)


def summary(book: CalamineWorkbook, notes: Notes) -> tuple[tuple[Figure, ...], frozenset[str]]:
    """The figures of the summary by country, and whom it calls a member of the EU; nothing where there is none."""
    name = sheets.sheet_like(book, SUMMARY)
    if name is None:
        return (), frozenset()
    rows, top, left, *_ = sheets.cells(book, name)
    at = next((n for n, row in enumerate(rows[: sheets.HEADER_WITHIN]) if "Country" in map(plain, row)), None)
    if at is None or at + 1 >= len(rows):
        notes.doubt(Place(name), Phrase("no column is headed Country: the summary is not compared"))
        return (), frozenset()
    columns = _columns(rows[at], rows[at + 1])
    names = next(n for n, cell in enumerate(rows[at]) if plain(cell) == "Country")
    figures: list[Figure] = []
    members = set()
    for number, row in enumerate(rows[at + 2 :], top + at + 3):
        whom = plain(row[names])
        if not whom:
            continue
        try:
            code = "" if whom.casefold() == "total" else donor(whom)
        except Unread as problem:
            notes.doubt(Place(name, number), problem.what)
            continue
        figures += _figures(row, code, columns, (name, number, left))
        if plain(row[names + 1]) in ("1", "1.0"):
            members.add(code)
    return tuple(figures), frozenset(members)


def _columns(head: Sequence[Cell], unit: Sequence[Cell]) -> dict[str, tuple[int, bool]]:
    """Which column has which figure, and whether it is in billions; the first that fits, each column once."""
    found: dict[str, tuple[int, bool]] = {}
    taken: set[int] = set()
    for name, words, measure in sorted(_SUMMARY, key=lambda one: -len(one[1])):
        for at, (cell, below) in enumerate(zip(head, unit, strict=False)):
            fits = plain(cell).casefold().startswith(words) and plain(below).casefold() == measure
            if fits and at not in taken and "purpose" not in plain(cell).casefold():
                found[name] = at, measure == "€ billion"
                taken.add(at)
                break
    return found


def _figures(
    row: Sequence[Cell], code: str, columns: dict[str, tuple[int, bool]], at: tuple[str, int, int]
) -> Iterator[Figure]:
    sheet, number, left = at
    for name, (column, billions) in columns.items():
        cell = row[column]
        if isinstance(cell, int | float):
            value = Decimal(repr(cell)) * (BILLION if billions else 1)
            yield Figure(name, code, value, Place(sheet, number, sheets.letters(left + column)))


def units(book: CalamineWorkbook) -> tuple[Figure, ...]:
    """The units that the figure of the military gap prints: `committed: …` and `delivered: …` by its own words."""
    name = sheets.sheet_like(book, GAP)
    if name is None:
        return ()
    rows, top, left, *_ = sheets.cells(book, name)
    found: list[Figure] = []
    items: dict[int, str] = {}
    for number, row in enumerate(rows, top + 1):
        first = plain(row[0]) if row else ""
        if first == "Item" and not items:
            items = {at: plain(cell) for at, cell in enumerate(row) if at and plain(cell) not in ("", "Source")}
        if first in ("Committed", "Delivered"):
            found += [
                Figure(
                    f"{first.casefold()}: {item}",
                    "",
                    Decimal(repr(cell)),
                    Place(name, number, sheets.letters(left + at)),
                )
                for at, item in items.items()
                if isinstance(cell := row[at], int | float)
            ]
    return tuple(found)
