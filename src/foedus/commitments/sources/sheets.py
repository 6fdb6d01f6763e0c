"""Workbooks and CSV files as tables: a header found by its words, rows with their place.

A header may stand anywhere in the first rows and columns. A column that is missing is named, with what stands there.
"""

from __future__ import annotations

import csv
import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
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


class Table(NamedTuple):
    """Cells of a sheet from the header on. `top` and `left` are where the first cell lies, counted from 0."""

    sheet: str
    rows: Sequence[Sequence[Cell]]
    top: int
    left: int
    header: int
    columns: Mapping[str, int]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
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
    """The cells of a sheet, where the first of them lies, counted from 0, and the ranges that are merged."""

    rows: Sequence[Sequence[Cell]]
    top: int = 0
    left: int = 0
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()


def cells(book: CalamineWorkbook, name: str) -> Cells:
    """A sheet, read once. A merged cell has its value in its first cell only."""
    sheet = book.get_sheet_by_name(name)
    top, left = sheet.start or (0, 0)
    return Cells(sheet.to_python(), top, left, sheet.merged_cell_ranges or ())


_CELL = re.compile(rb"<(?:\w+:)?c ([^<>]*[^/<>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_AT = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_ERROR = b't="e"'
_PIECE = 2**20
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def with_errors(path: Path, name: str, found: Cells, *, formulas: bool) -> Cells:
    """The cells, with `#DIV/0!` where a formula came to an error: the reader of values has them as empty.

    `formulas`: and with `=` where one has come to nothing yet, for nobody opened the file since it was made. Of the
    workbooks before OpenXML nothing is known of either.
    """
    there = list(_not_values(path, name, formulas))
    if not there:
        return found
    rows = [list(row) for row in found.rows]
    for row, column, said in there:
        at, across = row - found.top, column - found.left
        if 0 <= at < len(rows) and 0 <= across < len(rows[at]):
            rows[at][across] = said
    return found._replace(rows=rows)


def _not_values(path: Path, name: str, formulas: bool) -> Iterator[tuple[int, int, str]]:
    """Row and column of each, counted from 0, and what stands there; the sheet is read piece by piece."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as file:
        part = _part(file, name)
        if part is None:
            return
        with file.open(part) as stream:
            rest = b""
            while piece := stream.read(_PIECE):
                piece = rest + piece
                end = piece.rfind(b"c>") + 2 if b"c>" in piece else 0
                piece, rest = piece[:end], piece[end:][-_PIECE:]  # no cell is longer: what is without an end is none
                if formulas or _ERROR in piece:
                    yield from _of_piece(piece, formulas)


def _of_piece(piece: bytes, formulas: bool) -> Iterator[tuple[int, int, str]]:
    for cell in _CELL.finditer(piece):
        attributes, inside = cell.groups()
        at, value = _AT.search(attributes), _VALUE.search(inside)
        if at is None:
            continue
        if _ERROR in attributes:
            said = value[1].decode() if value else "#"
        elif formulas and value is None and _FORMULA.search(inside):
            said = "="
        else:
            continue
        yield int(at[2]) - 1, _number(at[1].decode()), said


def _number(written: str) -> int:
    """A column by its letters, counted from 0."""
    column = 0
    for letter in written:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _part(file: zipfile.ZipFile, name: str) -> str | None:
    """Which part of the container is the sheet of that name; None where it does not say."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        links = etree.fromstring(file.read("xl/_rels/workbook.xml.rels"), parser)
        book = etree.fromstring(file.read("xl/workbook.xml"), parser)
    except (KeyError, etree.XMLSyntaxError):
        return None
    parts = {one.get("Id"): one.get("Target", "") for one in links}
    for sheet in book.iter("{*}sheet"):
        target = parts.get(sheet.get(_ID), "")
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        if sheet.get("name") == name and part in file.namelist():
            return part
    return None


def table(sheet: str, found: Cells, wanted: Wanted, needed: Sequence[str]) -> Table:
    """The table whose header has the wanted columns. Raises Malformed when one of those needed is missing."""
    rows, top, left, merged = found
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
    return Table(sheet, rows, top, left, at, best, merged)


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
