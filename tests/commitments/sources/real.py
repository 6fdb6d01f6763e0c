"""The publishers' own files, where they are at hand, and small ones made for a test."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from foedus.commitments.sources import read
from foedus.commitments.sources.model import Vintage

DATA = Path(__file__).parents[4] / "shared/data"
KIEL = DATA / "kiel"
RELEASE_7 = KIEL / "ukraine_support_tracker_release07.xlsx"
RELEASE_29 = KIEL / "release29"
needs_files = pytest.mark.skipif(not DATA.is_dir(), reason="the publishers' files are not at hand")


@functools.cache
def vintage(path: Path) -> Vintage:
    """A file, read once for all tests."""
    return read(path)


MAIN = "Bilateral assistance, MAIN DATA"
EARLY = (
    "ID", "countries", "Announcement Date", "Type of Aid General", "Original Currency", "Type of item",
    "Sub-type of item", "No. of Units", "No. of Units delivered (in-kind military aid)", "Total ",
    "Converted Value in EUR", "Total monetary value delivered in EUR",
)  # fmt: skip
LATE = (
    "ID", "donor", "announcement_date", "aid_type_general", "measure", "item", "item_type", "item_numb",
    "item_numb_deliv", "tot_activity_value_EUR", "tot_sub_activity_value_EUR", "tot_value_deliv_EUR",
)  # fmt: skip


def book(
    path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], merge: str = "", hidden: Sequence[int | str] = ()
) -> Path:
    """A workbook with these cells; `merge`: a range of its first sheet; `hidden`: rows of that, counted from 1, columns
    of it, such as `B:C`, and sheets by name.
    """
    with xlsxwriter.Workbook(str(path)) as made:
        for at, (name, rows) in enumerate(sheets.items()):
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell not in ("", None):
                        sheet.write(number, column, cell)
            if merge and not at:
                sheet.merge_range(merge, "merged")
            for one in hidden:
                if isinstance(one, int) and not at:
                    sheet.set_row(one - 1, None, None, {"hidden": True})
                elif isinstance(one, str) and ":" in one and not at:
                    sheet.set_column(one, None, None, {"hidden": True})
                elif one == name:
                    sheet.hide()
    return path


def early(**cells: object) -> list[object]:
    """A row of the layout of release 7: 100 dollars promised by Latvia, as 90 euros."""
    usual: dict[str, object] = {
        "ID": "LVM1", "countries": "Latvia", "Announcement Date": "2022-03-01", "Type of Aid General": "Military",
        "Original Currency": "USD", "Type of item": "rifle", "Sub-type of item": ".", "No. of Units": ".",
        "Total ": 100, "Converted Value in EUR": 90,
    }  # fmt: skip
    return [(usual | cells).get(head, ".") for head in EARLY]


def late(**cells: object) -> list[object]:
    """A row of the later layout: 60 of 100 million euros allocated."""
    usual: dict[str, object] = {
        "ID": "LVM1", "donor": "Latvia", "announcement_date": "2024-03-01", "aid_type_general": "Military",
        "measure": "Allocation", "tot_activity_value_EUR": 100_000_000, "tot_sub_activity_value_EUR": 60_000_000,
    }  # fmt: skip
    return [(usual | cells).get(head, ".") for head in LATE]
