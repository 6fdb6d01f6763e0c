"""Filling in a workbook as a spreadsheet program does: cells are written into the file that the template made."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADER = 3


def parsed(data: bytes) -> Any:
    """XML, whose parts are there: the template made it."""
    return etree.fromstring(data)


class Formula(str):
    """A formula that came to 12 when somebody saved it."""


class Book:
    """A workbook in memory. Rows count from 1; a cell is named by its sheet, its row and its header."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            self._parts = {name: file.read(name) for name in file.namelist()}
        self._book = parsed(self._parts["xl/workbook.xml"])
        names = [one.get("name") for one in self._book.iter(f"{{{MAIN}}}sheet")]
        self._sheets = {
            name: (f"xl/worksheets/sheet{place}.xml", parsed(self._parts[f"xl/worksheets/sheet{place}.xml"]))
            for place, name in enumerate(names, 1)
        }
        shared = parsed(self._parts["xl/sharedStrings.xml"])
        self._strings = ["".join(one.itertext()) for one in shared.iter(f"{{{MAIN}}}si")]
        self._columns = {name: {text: at for at, text in self.texts(name, HEADER).items()} for name in names}

    @property
    def sheets(self) -> list[str]:
        return list(self._sheets)

    def texts(self, sheet: str, row: int) -> dict[str, str]:
        """The texts of a row, by the letters of their columns."""
        found = {}
        for cell in self._sheets[sheet][1].iter(f"{{{MAIN}}}c"):
            letters = re.sub(r"\d", "", cell.get("r"))
            if cell.get("r") == f"{letters}{row}" and cell.get("t") == "s":
                found[letters] = self._strings[int(cell.findtext(f"{{{MAIN}}}v"))]
        return found

    def column(self, sheet: str, header: str) -> str:
        return self._columns[sheet][header]

    def fill(self, sheet: str, row: int, values: Mapping[str, object], *, hidden: bool = False) -> Book:
        """Write a row; rows are written from the first on."""
        data = self._sheets[sheet][1].find(f"{{{MAIN}}}sheetData")
        made = etree.SubElement(data, f"{{{MAIN}}}row", r=str(row))
        if hidden:
            made.set("hidden", "1")
        placed = sorted(
            (len(self.column(sheet, head)), self.column(sheet, head), value) for head, value in values.items()
        )
        for _, letters, value in placed:
            self._cell(sheet, made, f"{letters}{row}", value)
        return self

    def put(self, sheet: str, at: str, value: str) -> Book:
        """Write one cell below everything, such as a further code of a list."""
        data = self._sheets[sheet][1].find(f"{{{MAIN}}}sheetData")
        made = etree.SubElement(data, f"{{{MAIN}}}row", r=re.sub("[A-Z]", "", at))
        self._cell(sheet, made, at, value)
        return self

    def _cell(self, sheet: str, row: Any, at: str, value: object) -> None:
        cell = etree.SubElement(row, f"{{{MAIN}}}c", r=at)
        if isinstance(value, Formula):
            etree.SubElement(cell, f"{{{MAIN}}}f").text = value
            etree.SubElement(cell, f"{{{MAIN}}}v").text = "12"
        elif isinstance(value, bool):
            cell.set("t", "b")
            etree.SubElement(cell, f"{{{MAIN}}}v").text = str(int(value))
        elif isinstance(value, date):
            cell.set("s", self._days(sheet))
            days: float = value.toordinal() - date(1899, 12, 30).toordinal()
            if isinstance(value, datetime):
                days += (value.hour * 60 + value.minute) / 1440
            etree.SubElement(cell, f"{{{MAIN}}}v").text = repr(days)
        elif isinstance(value, int | float):
            etree.SubElement(cell, f"{{{MAIN}}}v").text = repr(value)
        else:
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t")
            text.text = str(value)
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    def _days(self, sheet: str) -> str:
        """The style of the columns that hold days."""
        return next(str(one.get("style")) for one in self._sheets[sheet][1].iter(f"{{{MAIN}}}col") if one.get("style"))

    def merge(self, sheet: str, cells: str) -> Book:
        root = self._sheets[sheet][1]
        merged = etree.Element(f"{{{MAIN}}}mergeCells", count="1")
        etree.SubElement(merged, f"{{{MAIN}}}mergeCell", ref=cells)
        root.find(f"{{{MAIN}}}sheetData").addnext(merged)
        return self

    def hide(self, sheet: str) -> Book:
        next(one for one in self._book.iter(f"{{{MAIN}}}sheet") if one.get("name") == sheet).set("state", "hidden")
        return self

    def hide_column(self, sheet: str, header: str) -> Book:
        place = str(ord(self.column(sheet, header)) - ord("A") + 1)
        for one in self._sheets[sheet][1].iter(f"{{{MAIN}}}col"):
            if one.get("min") == place:
                one.set("hidden", "1")
        return self

    def rename_header(self, sheet: str, header: str, other: str) -> Book:
        at = f"{self.column(sheet, header)}{HEADER}"
        cell = next(one for one in self._sheets[sheet][1].iter(f"{{{MAIN}}}c") if one.get("r") == at)
        row = cell.getparent()
        place = row.index(cell)
        row.remove(cell)
        self._cell(sheet, row, at, other)
        row.insert(place, row[-1])
        return self

    def rename(self, sheet: str, other: str) -> Book:
        next(one for one in self._book.iter(f"{{{MAIN}}}sheet") if one.get("name") == sheet).set("name", other)
        return self

    def save(self) -> bytes:
        """The file."""
        parts = self._parts | {name: etree.tostring(root) for name, root in self._sheets.values()}
        parts["xl/workbook.xml"] = etree.tostring(self._book)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in parts.items():
                file.writestr(name, data)
        return out.getvalue()
