"""What of a workbook its cells do not say: which are formulas, and which sheets, rows and columns nobody sees.

Read from the file's own XML, for a reader of values has only what a formula came to when somebody saved it.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping

from lxml import etree
from msgspec import Struct

from foedus.errors import Malformed

MOST_BYTES = 64 * 2**20  # of all parts, unpacked
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class Marks(Struct, frozen=True):
    """Of one sheet. Rows count from 1, columns are letters; `formulas`: what each says, by row and column."""

    hidden: bool
    formulas: Mapping[tuple[int, str], str]
    rows: frozenset[int]
    columns: tuple[tuple[int, int], ...]  # hidden ones, from the first to the last, counted from 0


def marks(name: str, data: bytes) -> dict[str, Marks]:
    """Of every sheet by its name. Raises Malformed when the file is no workbook as spreadsheets write it now."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            if sum(one.file_size for one in file.infolist()) > MOST_BYTES:
                raise Malformed("{file} unpacks to more than {most} bytes", file=name, most=MOST_BYTES)
            book = etree.fromstring(file.read("xl/workbook.xml"), _parser())
            links = etree.fromstring(file.read("xl/_rels/workbook.xml.rels"), _parser())
            parts = {one.get("Id"): one.get("Target", "") for one in links}
            found = {}
            for sheet in book.iter(f"{_MAIN}sheet"):
                part = posixpath.normpath(posixpath.join("/xl", parts[sheet.get(_ID)])).lstrip("/")
                hidden = sheet.get("state", "visible") != "visible"
                found[str(sheet.get("name"))] = _of_sheet(file.read(part), hidden)
            return found
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, NotImplementedError, RuntimeError, ValueError) as wrong:
        raise Malformed(
            "{file} is no workbook: {problem}; expected .xlsx as `foedus commitments template` writes it",
            file=name, problem=wrong,
        ) from None  # fmt: skip


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _of_sheet(data: bytes, hidden: bool) -> Marks:
    root = etree.fromstring(data, _parser())
    formulas = {}
    for cell in root.iter(f"{_MAIN}c"):
        formula = cell.find(f"{_MAIN}f")
        at = _REFERENCE.fullmatch(cell.get("r", ""))
        if formula is not None and at is not None:
            formulas[int(at[2]), at[1]] = formula.text or ""
    rows = frozenset(int(row.get("r", "0")) for row in root.iter(f"{_MAIN}row") if row.get("hidden") in ("1", "true"))
    columns = tuple(
        (int(one.get("min", "1")) - 1, int(one.get("max", "1")) - 1)
        for one in root.iter(f"{_MAIN}col") if one.get("hidden") in ("1", "true")
    )  # fmt: skip
    return Marks(hidden, formulas, rows, columns)
