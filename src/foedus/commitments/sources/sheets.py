"""Workbooks and CSV files as tables: a header found by its words, rows with their place.

A header may stand anywhere in the first rows and columns. A column that is missing is named, with what stands there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from foedus.commitments.sources.model import Place
from foedus.commitments.sources.reading import Cell, Notes, Unread, plain
from foedus.compact.findings import Phrase
from foedus.errors import Malformed

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Read = TypeVar("Read")
HEADER_WITHIN = 15  # rows: releases move it, with notes above
Wanted = Mapping[str, Sequence[str]]  # the name of a field, and the headers that it goes by


class Hidden(NamedTuple):
    """Rows of a sheet that nobody sees, counted from 1, and columns, from the first to the last, counted from 0."""

    rows: frozenset[int] = frozenset()
    columns: Sequence[tuple[int, int]] = ()


NOTHING_HIDDEN = Hidden()


class Table(NamedTuple):
    """Cells of a sheet from the header on. `top` and `left` are where the first cell lies, counted from 0."""

    sheet: str
    rows: Sequence[Sequence[Cell]]
    top: int
    left: int
    header: int
    columns: Mapping[str, int]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    hidden: Hidden = NOTHING_HIDDEN
    lettered: bool = True  # a workbook's columns have letters, those of a CSV file their names

    def body(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Each row below the header that has anything in it, with its number in the sheet."""
        for place in range(self.header + 1, len(self.rows)):
            if any(cell not in ("", None) for cell in self.rows[place]):
                yield self.top + place + 1, self.rows[place]

    def cell(self, row: Sequence[Cell], field: str) -> Cell:
        """What stands in a column; empty where the layout has none, or the row is short."""
        at = self.columns.get(field)
        return row[at] if at is not None and at < len(row) else ""

    def read(self, row: Sequence[Cell], field: str, how: Callable[[Cell], Read]) -> Read:
        """What stands in a column, read. Raises Unread with the field."""
        try:
            return how(self.cell(row, field))
        except Unread as problem:
            raise Unread(problem.what, field) from None

    def fits(self, row: Sequence[Cell]) -> None:
        """Raises Unread for a line of CSV with more in it than its header has: where the excess began nobody knows.

        Beside a table in a workbook there may be remarks, which belong to no column.
        """
        if not self.lettered and any(cell not in ("", None) for cell in row[len(self.rows[self.header]) :]):
            raise Unread(
                Phrase(
                    "{found} cells stand under a header of {expected}: a text with a comma belongs in quotation marks",
                    found=str(len(row)),
                    expected=str(len(self.rows[self.header])),
                )
            )

    def place(self, row: int, field: str = "") -> Place:
        """A place to be named."""
        at = self.columns.get(field)
        if at is None:
            return Place(self.sheet, row)
        return Place(self.sheet, row, letters(self.left + at) if self.lettered else plain(self.rows[self.header][at]))


def letters(column: int) -> str:
    """The letters of a column counted from 0: A, …, Z, AA."""
    said = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(ord("A") + rest) + said
    return said


def workbook(path: Path) -> CalamineWorkbook:
    """A workbook. Raises Malformed when the file is none."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(path)
    except OSError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem.strerror or problem) from None
    except CalamineError as problem:
        raise Malformed(
            "{path} is no workbook: {problem}; expected .xlsx as it was published: fetch it again",
            path=path.name,
            problem=problem,
        ) from None


def sheet_like(book: CalamineWorkbook, *words: str) -> str | None:
    """The first sheet whose name has all these words, whatever their case and the blanks around them."""
    for name in book.sheet_names:
        if all(word in plain(name).casefold() for word in words):
            return name
    return None


class Cells(NamedTuple):
    """The cells of a sheet, where the first of them lies, counted from 0, the ranges that are merged, and what nobody
    sees.
    """

    rows: Sequence[Sequence[Cell]]
    top: int = 0
    left: int = 0
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    hidden: Hidden = NOTHING_HIDDEN


def cells(book: CalamineWorkbook, name: str) -> Cells:
    """A sheet, read once. A merged cell has its value in its first cell only."""
    sheet = book.get_sheet_by_name(name)
    top, left = sheet.start or (0, 0)
    return Cells(sheet.to_python(), top, left, sheet.merged_cell_ranges or ())


def table(sheet: str, found: Cells, wanted: Wanted, needed: Sequence[str]) -> Table:
    """The table whose header has the wanted columns. Raises Malformed when one of those needed is missing."""
    rows, top, left, merged, hidden = found
    best: dict[str, int] = {}
    at = 0
    for place in range(min(HEADER_WITHIN, len(rows))):
        columns = _columns(rows[place], wanted)
        if len(columns) > len(best):
            best, at = columns, place
    missing = [field for field in needed if field not in best]
    if missing:
        there = [plain(cell) for cell in (rows[at] if rows else []) if plain(cell)]
        raise Malformed(
            "{sheet}, row {row}: no column is headed {expected!r}; found {found}: the layout is not one known",
            sheet=sheet,
            row=str(top + at + 1),
            expected=wanted[missing[0]][0],
            found=", ".join(there[:12]) or "-",
        )
    return Table(sheet, rows, top, left, at, best, merged, hidden)


def _columns(row: Sequence[Cell], wanted: Wanted) -> dict[str, int]:
    """Which columns have the headers; of two with the same words the first."""
    there: dict[str, int] = {}
    for at, cell in enumerate(row):
        if isinstance(cell, str):
            there.setdefault(plain(cell).casefold(), at)
    found = {}
    for field, headers in wanted.items():
        at_ = next((there[head.casefold()] for head in headers if head.casefold() in there), None)
        if at_ is not None:
            found[field] = at_
    return found


def merged(table: Table, notes: Notes) -> None:
    """Merged cells below the header are doubts: of the rows that they cover one has their value."""
    for (row, column), (end, last) in sorted(table.merged):
        if end > table.top + table.header and any(column <= table.left + at <= last for at in table.columns.values()):
            notes.doubt(
                Place(table.sheet, row + 1, letters(column)),
                Phrase(
                    "cells are merged from column {column} on: only the first of them has the value",
                    column=letters(column),
                ),
            )


def unseen(table: Table, notes: Notes) -> None:
    """Rows and columns that are hidden and were read all the same are doubts, one for the rows and one for the columns:
    who looks at the sheet sees another table.
    """
    rows = [at for at, _cells in table.body() if at in table.hidden.rows] if table.hidden.rows else []
    if rows:
        notes.doubt(
            Place(table.sheet, rows[0]),
            Phrase("hidden rows were read: {rows} in all, this one first", rows=str(len(rows))),
        )
    across = sorted(table.left + at for at in set(table.columns.values()))
    columns = [at for at in across if any(first <= at <= last for first, last in table.hidden.columns)]
    if columns:
        notes.doubt(
            Place(table.sheet, 0, letters(columns[0])),
            Phrase(
                "hidden columns were read: {count} in all, {columns}",
                count=str(len(columns)),
                columns=", ".join(map(letters, columns)),
            ),
        )


def unseen_sheets(book: CalamineWorkbook, names: Iterable[str | None], notes: Notes) -> None:
    """Sheets that are hidden and were read all the same are doubts."""
    from python_calamine import SheetVisibleEnum

    read = set(names)
    for one in book.sheets_metadata:
        if one.name in read and one.visible != SheetVisibleEnum.Visible:
            notes.doubt(Place(one.name), Phrase("the sheet is hidden, and was read"))


def csv_table(name: str, data: bytes, wanted: Wanted, needed: Sequence[str]) -> Table:
    """A CSV file in UTF-8 as a table. Raises Malformed."""
    rows = list(csv_rows(name, data))
    return table(name, Cells(rows), wanted, needed)._replace(lettered=False)


def csv_rows(name: str, data: bytes) -> Iterator[list[str]]:
    """The rows of a CSV file in UTF-8. Raises Malformed with the line."""
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Malformed(
            "{file}, line {line}: the byte {found} is no UTF-8; save the table as CSV in UTF-8",
            file=name,
            line=str(data.count(b"\n", 0, problem.start) + 1),
            found=f"0x{data[problem.start]:02x}",
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from reader
    except csv.Error as problem:
        raise Malformed(
            "{file}, line {line}: no CSV: {problem}", file=name, line=str(reader.line_num), problem=problem
        ) from None


def bytes_of(path: Path) -> bytes:
    """A file's bytes. Raises Malformed when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem.strerror or problem) from None
