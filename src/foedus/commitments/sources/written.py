"""What of a sheet its values do not say: errors, formulas that came to nothing, which rows and columns nobody sees.

Read from the workbook's own XML, piece by piece, for a sheet may be large. Of the workbooks before OpenXML, and of
other forms, nothing is known.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from foedus.commitments.sources.sheets import Cells, Hidden

_CELL = re.compile(rb"<(?:\w+:)?c ([^<>]*[^/<>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_AT = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_ERROR = b't="e"'
_PIECE = 2**20
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW = re.compile(rb"<(?:\w+:)?row ([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col ([^<>]*)>")
_R, _MIN, _MAX = (re.compile(rb"\b" + name + rb"=[\"'](\d+)") for name in (b"r", b"min", b"max"))
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")


def as_written(path: Path, name: str, found: Cells, *, formulas: bool) -> Cells:
    """The cells with what nobody sees, and with `#DIV/0!` where a formula came to an error: the reader of values has
    such a cell as empty.

    `formulas`: and with `=` where one has come to nothing yet, for nobody opened the file since it was made.
    """
    errors: list[tuple[int, int, str]] = []
    hidden: set[int] = set()
    columns: list[tuple[int, int]] = []
    for piece in _pieces(path, name):
        if formulas or _ERROR in piece:
            errors += _of_piece(piece, formulas)
        if b"hidden=" in piece:
            hidden.update(at for (at,) in _unseen(piece, _ROW, _R))
            columns += [(first - 1, last - 1) for first, last in _unseen(piece, _COLUMN, _MIN, _MAX)]
    return _with(found, errors)._replace(hidden=Hidden(frozenset(hidden), columns))


def _with(found: Cells, errors: list[tuple[int, int, str]]) -> Cells:
    if not errors:
        return found
    rows = [list(row) for row in found.rows]
    for row, column, said in errors:
        at, across = row - found.top, column - found.left
        if 0 <= at < len(rows) and 0 <= across < len(rows[at]):
            rows[at][across] = said
    return found._replace(rows=rows)


def _unseen(piece: bytes, tag: re.Pattern[bytes], *numbers: re.Pattern[bytes]) -> Iterator[list[int]]:
    """Numbers that each such tag has, of those that are hidden."""
    for (attributes,) in (one.groups() for one in tag.finditer(piece)):
        found = [int(at[1]) for one in numbers if (at := one.search(attributes))]
        if _HIDDEN.search(attributes) and len(found) == len(numbers):
            yield found


def _pieces(path: Path, name: str) -> Iterator[bytes]:
    """The sheet as it is written, in pieces that end with a cell."""
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
                yield piece


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
