"""The workbook of the Kiel Institute's Ukraine Support Tracker: release 7, and the later layout with a stage a row.

Sheets and columns are found by their words. Of release 7 each row is a promise, and a delivery where one is stated.
Later releases (from 2024) say in `measure` whether a row is allocated, and give the value of the whole activity beside
that of the part; no workbook of these was at hand, only descriptions of two of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from foedus.commitments.sources import sheets
from foedus.commitments.sources.donors import donor
from foedus.commitments.sources.kiel_figures import BESIDE, Release, release_of, summary, units
from foedus.commitments.sources.model import Basis, Figure, Kind, Money, Quantity, Row, Stage
from foedus.commitments.sources.reading import (
    Notes,
    Progress,
    Unread,
    currency,
    euros,
    kind,
    not_by_rate,
    number,
    off_rate,
    period,
    plain,
    quantity,
)
from foedus.commitments.sources.sheets import Table
from foedus.commitments.sources.written import as_written
from foedus.compact.findings import Phrase
from foedus.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from python_calamine import CalamineWorkbook

    from foedus.commitments.sources.reading import Cell

PUBLISHER = "Kiel Institute"
RATES = "exchange rates"

_EARLY = {
    "id": ("ID",),
    "donor": ("countries",),
    "date": ("Announcement Date",),
    "kind": ("Type of Aid General",),
    "currency": ("Original Currency",),
    "item": ("Type of item",),
    "category": ("Sub-type of item",),
    "units": ("No. of Units",),
    "units_delivered": ("No. of Units delivered (in-kind military aid)",),
    "total": ("Total",),
    "eur": ("Converted Value in EUR",),
    "eur_delivered": ("Total monetary value delivered in EUR",),
    "basis": ("value_source_commitments",),
}
_EARLY_NEEDED = ("id", "donor", "date", "kind", "currency", "total", "eur")
_LATE = {
    "id": ("ID", "activity_id"),
    "donor": ("donor",),
    "date": ("announcement_date",),
    "kind": ("aid_type_general",),
    "measure": ("measure",),
    "currency": ("reporting_currency", "source_reported_currency", "currency"),
    "item": ("item",),
    "category": ("item_sub_type", "item_type"),
    "units": ("item_numb",),
    "units_delivered": ("item_numb_deliv",),
    "whole": ("tot_activity_value_EUR",),
    "part": ("tot_sub_activity_value_EUR_redistr", "tot_sub_activity_value_EUR"),
    "eur_delivered": ("tot_value_deliv_EUR",),
}
_LATE_NEEDED = ("id", "donor", "date", "kind", "measure", "whole", "part")

_BASIS: dict[str, Basis] = {
    "value is given by the source": "reported",
    "value is calculated with prices": "price_list",
    "value is given by hand": "estimate",
}


class Said(NamedTuple):
    """What a source is and prints beside its rows."""

    publisher: str
    release: str
    data_until: date | None
    figures: tuple[Figure, ...]
    members: frozenset[str]


class _Line(NamedTuple):
    """What every row of the main sheet has, before stages are told apart."""

    id: str
    donor: str
    kind: Kind
    first: date | None
    last: date | None
    item: str
    category: str
    number: int


def opened(path: Path, notes: Notes, progress: Progress | None = None) -> tuple[Said, Iterator[Row]]:
    """What the workbook is, and its rows as they are read. Raises Malformed when it is no such workbook."""
    book = sheets.workbook(path)
    name = sheets.sheet_like(book, "bilateral", "main data")
    if name is None:
        raise Malformed(
            "{file}: no sheet is called {expected!r}; found {found}: it is no workbook of the tracker",
            file=path.name,
            expected="Bilateral assistance, MAIN DATA",
            found=", ".join(book.sheet_names[:12]),
        )
    found = as_written(path, name, sheets.cells(book, name), formulas=False)
    main, early = _main(name, found)
    sheets.merged(main, notes)
    beside = (*BESIDE, RATES) if early else BESIDE
    sheets.unseen_sheets(book, [name, *(sheets.sheet_like(book, one) for one in beside)], notes)
    sheets.unseen(main, notes)
    figures, members = summary(book, notes)
    release: Release = release_of(book, path)
    said = Said(PUBLISHER, release.name, release.data_until, (*figures, *units(book)), members)
    return said, _rows(main, early, _rates(book) if early else {}, notes, progress)


def _main(name: str, cells: sheets.Cells) -> tuple[Table, bool]:
    """The main table, and whether its layout is that of release 7. Raises Malformed naming the column missing."""
    try:
        return sheets.table(name, cells, _LATE, _LATE_NEEDED), False
    except Malformed:
        return sheets.table(name, cells, _EARLY, _EARLY_NEEDED), True


def _rates(book: CalamineWorkbook) -> Mapping[str, Decimal]:
    """Units of each currency to the euro, by the release's own table; empty where it has none."""
    name = sheets.sheet_like(book, RATES)
    if name is None:
        return {}
    table = sheets.table(name, sheets.cells(book, name), {"code": ("Currency",), "rate": ("1 EUR",)}, ("code", "rate"))
    found = {}
    for _row, cells in table.body():
        rate = table.cell(cells, "rate")
        if isinstance(rate, int | float) and rate > 0:
            found[plain(table.cell(cells, "code"))] = Decimal(repr(rate))
    return found


def _rows(
    main: Table, early: bool, rates: Mapping[str, Decimal], notes: Notes, progress: Progress | None
) -> Iterator[Row]:
    lines: Counter[str] = Counter()
    seen: dict[tuple[Cell, ...], int] = {}
    for row, cells in main.body():
        try:
            line = _line(main, row, cells, lines)
            if (before := seen.setdefault(tuple(cells), row)) != row:
                notes.doubt(main.place(row), Phrase("it repeats row {row} word for word", row=str(before)))
            yield from _early(main, line, cells, rates, notes) if early else _late(main, line, cells, notes)
        except Unread as problem:
            notes.skip(main.place(row, problem.field), problem.what)
        if progress and row % 256 == 0:
            progress(row, main.top + len(main.rows))


def _line(main: Table, row: int, cells: Sequence[Cell], lines: Counter[str]) -> _Line:
    """Raises Unread for whom or when it cannot be said of."""
    package = plain(main.cell(cells, "id"))
    if not package:
        raise Unread(Phrase("the row has no id: it is no promise of anybody"), "id")
    lines[package] += 1
    first, last = main.read(cells, "date", period)
    return _Line(
        id=package if lines[package] == 1 else f"{package}#{lines[package]}",
        donor=main.read(cells, "donor", lambda cell: donor(plain(cell))),
        kind=main.read(cells, "kind", kind),
        first=first,
        last=last,
        item=_named(main.cell(cells, "item")),
        category=_named(main.cell(cells, "category")),
        number=row,
    )


def _named(cell: Cell) -> str:
    """What a thing is called; empty where the sheet has a point, or a number that is no name."""
    text = plain(cell)
    return "" if text == "." or not isinstance(cell, str) else text


def _row(
    main: Table,
    line: _Line,
    stage: Stage,
    quantity: Quantity | None,
    worth: tuple[Money | None, Decimal | None, Decimal | None],
) -> Row:
    money, eur, rate = worth
    return Row(
        id=line.id,
        donor=line.donor,
        kind=line.kind,
        stage=stage,
        first=line.first,
        last=line.last,
        money=money,
        eur=eur,
        rate=rate,
        item=line.item,
        category=line.category,
        quantity=quantity,
        standing="detail" if "#" in line.id and money is None else "counted",  # its package has the value
        place=main.place(line.number),
    )


def _early(
    main: Table, line: _Line, cells: Sequence[Cell], rates: Mapping[str, Decimal], notes: Notes
) -> Iterator[Row]:
    """The promise, and what was delivered of it where the sheet says so."""
    units, delivered = _units(main, line, cells, notes)
    money, eur, rate = None, _positive(main, cells, "eur"), None
    total = _positive(main, cells, "total")
    if total is not None:
        code = main.read(cells, "currency", lambda cell: currency(plain(cell)))
        basis = _BASIS.get(plain(main.cell(cells, "basis")).casefold(), "none")
        money, rate = Money(total, code, basis), rates.get(code)
    if money and eur and rate and off_rate(money.amount, rate, eur):
        notes.doubt(main.place(line.number, "eur"), not_by_rate(money.amount, money.currency, rate, eur))
    yield _row(main, line, "committed", units, (money, euros(eur) if eur is not None else None, rate))
    worth = _positive(main, cells, "eur_delivered")
    if worth is not None or delivered is not None:
        yield _row(main, line, "delivered", delivered, _in_euros(worth))


def _late(main: Table, line: _Line, cells: Sequence[Cell], notes: Notes) -> Iterator[Row]:
    """The value of the activity is committed; that of the part is allocated, where `measure` says so."""
    units, delivered = _units(main, line, cells, notes)
    measure = plain(main.cell(cells, "measure")).casefold()
    if measure not in ("allocation", "commitment"):
        raise Unread(Phrase("{found!r} is no measure; expected Allocation or Commitment", found=measure), "measure")
    allocated = measure == "allocation"
    whole = _positive(main, cells, "whole")
    if whole is not None or not allocated:
        yield _row(main, line, "committed", None if allocated else units, _in_euros(whole))
    if allocated:
        yield _row(main, line, "allocated", units, _in_euros(_positive(main, cells, "part")))
    worth = _positive(main, cells, "eur_delivered")
    if worth is not None or delivered is not None:
        yield _row(main, line, "delivered", delivered, _in_euros(worth))


def _in_euros(worth: Decimal | None) -> tuple[Money | None, Decimal | None, Decimal | None]:
    if worth is None:
        return None, None, None
    return Money(euros(worth), "EUR"), euros(worth), Decimal(1)


def _positive(main: Table, cells: Sequence[Cell], field: str) -> Decimal | None:
    """A number that is not negative: of a promise there is no less than nothing. Raises Unread."""
    value = main.read(cells, field, number)
    if value is not None and value < 0:
        raise Unread(Phrase("{found} is negative; a correction is a row of its own release", found=str(value)), field)
    return value


def _units(main: Table, line: _Line, cells: Sequence[Cell], notes: Notes) -> tuple[Quantity | None, Quantity | None]:
    """How many were promised and delivered. A number that cannot be read is noted; the row's money is taken."""
    found: list[Quantity | None] = []
    for field in ("units", "units_delivered"):
        try:
            many = quantity(main.cell(cells, field), found[0] if found else None)
            if many is not None and many.low < 0:
                raise Unread(Phrase("{found} is negative; expected how many there are", found=str(many.low)), field)
            found.append(many)
        except Unread as problem:
            notes.skip(main.place(line.number, field), problem.what)
            found.append(None)
    return found[0], found[1]
