"""A plain table of commitments, as CSV or as the workbook of `commitments template`: one row, one statement.

The columns are FIELDS, of which the first four are needed; docs/trackers.md says what each holds. What `to_tables`
writes is read back here as the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, get_args

from foedus.commitments.sources import sheets
from foedus.commitments.sources.donors import donor
from foedus.commitments.sources.kiel import Said
from foedus.commitments.sources.model import STAGES, Basis, Money, Quantity, Row, Standing
from foedus.commitments.sources.reading import (
    Notes,
    Period,
    Progress,
    Unread,
    currency,
    euros,
    kind,
    not_by_rate,
    number,
    off_rate,
    period,
    places,
    plain,
    quantity,
    shown,
)
from foedus.commitments.sources.sheets import Table
from foedus.commitments.sources.written import as_written
from foedus.compact.findings import Phrase
from foedus.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.commitments.sources.reading import Cell

FIELDS = (
    "id", "donor", "kind", "stage", "date", "until", "amount", "currency", "basis", "eur", "rate",
    "item", "category", "quantity", "quantity_high", "quantity_said", "standing",
)  # fmt: skip
NEEDED = FIELDS[:4]
WANTED = {field: (field,) for field in FIELDS}
SHEET = "Commitments"
BASES: tuple[Basis, ...] = get_args(Basis)
STANDINGS: tuple[Standing, ...] = get_args(Standing)
Word = TypeVar("Word", bound=str)


def opened(path: Path, notes: Notes, progress: Progress | None = None) -> tuple[Said, Iterator[Row]]:
    """What the table is, and its rows. Raises Malformed when a column is missing."""
    if path.suffix.casefold() == ".csv":
        table = sheets.csv_table(path.name, sheets.bytes_of(path), WANTED, NEEDED)
    else:
        book = sheets.workbook(path)
        name = sheets.sheet_like(book, SHEET.casefold()) or book.sheet_names[0]
        found = as_written(path, name, sheets.cells(book, name), formulas=True)
        table = sheets.table(name, found, WANTED, NEEDED)
        sheets.merged(table, notes)
        sheets.unseen_sheets(book, [name], notes)
        sheets.unseen(table, notes)
    _header(table, notes)
    return Said(path.stem, "", None, (), frozenset()), _rows(table, notes, progress)


def _header(table: Table, notes: Notes) -> None:
    """A column that is none of FIELDS is a doubt, for it may be misspelt. Raises Malformed for one that is twice."""
    there, row = [plain(cell) for cell in table.rows[table.header]], table.top + table.header + 1
    for at, head in enumerate(there):
        if head.casefold() in map(str.casefold, there[:at]) and head.casefold() in WANTED:
            raise Malformed(
                "{sheet}, row {row}: the column {found!r} is there twice; expected it once",
                sheet=table.sheet,
                row=str(row),
                found=head,
            )
        if head and head.casefold() not in WANTED:
            notes.doubt(
                table.place(row),
                Phrase(
                    "the column {found!r} is none of this table and was not read; expected {known}",
                    found=head, known=", ".join(FIELDS),
                ),
            )  # fmt: skip


def _rows(table: Table, notes: Notes, progress: Progress | None) -> Iterator[Row]:
    seen: dict[tuple[str, str], int] = {}
    for at, cells in table.body():
        try:
            table.fits(cells)
            row = _row(table, at, cells)
            if (before := seen.setdefault((row.id, row.stage), at)) != at:
                raise Unread(
                    Phrase(
                        "{id} is {stage} in row {row} already; each was expected once",
                        id=row.id,
                        stage=row.stage,
                        row=str(before),
                    ),
                    "id",
                )
            _exactly(table, at, cells, row, notes)
            yield row
        except Unread as problem:
            notes.skip(table.place(at, problem.field), problem.what)
        if progress and at % 256 == 0:
            progress(at, len(table.rows))


def _exactly(table: Table, at: int, cells: Sequence[Cell], row: Row, notes: Notes) -> None:
    """What is kept and is not quite what was written: places rounded away, euros that the rate does not give."""
    for field in ("amount", "eur", "rate", "quantity", "quantity_high"):
        most = 2 if field == "eur" else 6
        if (many := places(table.cell(cells, field), most)) is not None:
            notes.doubt(
                table.place(at, field),
                Phrase("{found} has {many} places; {most} are kept", found=plain(table.cell(cells, field)),
                       many=str(many), most=str(most)),
            )  # fmt: skip
    if row.money and row.eur is not None and row.rate and off_rate(row.money.amount, row.rate, row.eur):
        notes.doubt(table.place(at, "eur"), not_by_rate(row.money.amount, row.money.currency, row.rate, row.eur))


def _row(table: Table, at: int, cells: Sequence[Cell]) -> Row:
    """A row. Raises Unread with the field that is wrong."""
    id_ = plain(table.cell(cells, "id"))
    if not id_:
        raise Unread(Phrase("the row has no id: give each commitment one of its own"), "id")
    first, last = _when(table, cells)
    money = _money(table, cells)
    eur = table.read(cells, "eur", number)
    rate = table.read(cells, "rate", number)
    if eur is None and money is not None and money.currency == "EUR":
        eur, rate = money.amount, Decimal(1)
    for field, value in (("amount", money.amount if money else None), ("eur", eur), ("rate", rate)):
        if value is not None and value < 0:
            raise Unread(
                Phrase("{found} is negative; what is given back has the stage returned", found=str(value)), field
            )
    if rate == 0:
        raise Unread(Phrase("a rate of nothing converts nothing; expected units of the currency to the euro"), "rate")
    return Row(
        id=id_,
        donor=table.read(cells, "donor", lambda cell: donor(plain(cell))),
        kind=table.read(cells, "kind", kind),
        stage=table.read(cells, "stage", lambda cell: _word(cell, STAGES)),
        first=first,
        last=last,
        money=money,
        eur=None if eur is None else euros(eur),
        rate=rate,
        item=plain(table.cell(cells, "item")),
        category=plain(table.cell(cells, "category")),
        quantity=_quantity(table, cells),
        standing=table.read(cells, "standing", lambda cell: _word(cell, STANDINGS, "counted")),
        place=table.place(at),
    )


def _word(cell: Cell, known: tuple[Word, ...], otherwise: Word | None = None) -> Word:
    """One of a few words. Raises Unread."""
    text = plain(cell).casefold()
    if not text and otherwise is not None:
        return otherwise
    for word in known:
        if word == text:
            return word
    raise Unread(
        Phrase("{found!r} was found; expected one of {known}", found=shown(plain(cell)), known=", ".join(known))
    )


def _when(table: Table, cells: Sequence[Cell]) -> Period:
    """`date` alone is when it happened; with `until` the days between which it did. Raises Unread."""
    first, end = table.read(cells, "date", period)
    if not plain(table.cell(cells, "until")):
        return first, end
    _, last = table.read(cells, "until", period)
    if first and last and last < first:
        raise Unread(Phrase("{last} lies before {first}", last=last.isoformat(), first=first.isoformat()), "until")
    return first, last


def _money(table: Table, cells: Sequence[Cell]) -> Money | None:
    amount = table.read(cells, "amount", number)
    if amount is None:
        return None
    code = table.read(cells, "currency", lambda cell: currency(plain(cell)))
    return Money(amount, code, table.read(cells, "basis", lambda cell: _word(cell, BASES, "reported")))


def _quantity(table: Table, cells: Sequence[Cell]) -> Quantity | None:
    """A number, or a word for one that is not disclosed; `quantity_high` makes it a range. Raises Unread."""
    found = table.read(cells, "quantity", quantity)
    if found is None:
        return None
    if found.low < 0:
        raise Unread(Phrase("{found} is negative; expected how many there are", found=str(found.low)), "quantity")
    said = plain(table.cell(cells, "quantity_said")) or found.said
    high = plain(table.cell(cells, "quantity_high"))
    if not high:
        return Quantity(found.low, found.high, said)
    if high == "*":
        return Quantity(found.low, None, said)
    most = table.read(cells, "quantity_high", number)
    if most is None or most < found.low:
        raise Unread(Phrase("{found!r} is less than {low}", found=high, low=str(found.low)), "quantity_high")
    return Quantity(found.low, most, said)
