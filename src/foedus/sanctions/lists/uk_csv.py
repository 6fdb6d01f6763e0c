"""The UK sanctions list as CSV: a row with the day of the report, a header, a row for each name of each designation.

Columns are read by their names, in whatever order they stand; a row without one of those that every designation needs
is refused, and a column not known is named.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date

from foedus.compact.findings import Phrase
from foedus.errors import Malformed
from foedus.sanctions.lists import dates, uk
from foedus.sanctions.lists.model import Address
from foedus.sanctions.lists.reading import Content, Files, Notes, text_of

NAMES = tuple(f"Name {n}" for n in (1, 2, 3, 4, 5, 6))
LINES = tuple(f"Address Line {n}" for n in (1, 2, 3, 4, 5, 6))
NEEDED = ("Unique ID", *NAMES, "Name type", "Regime Name", "Designation Type", "Sanctions Imposed", "Date Designated")
SINGLE = (  # what a column says by itself
    "Last Updated", "Unique ID", "OFSI Group ID", "UN Reference Number", "Title", "Regime Name", "Designation Type",
    "Designation source", "Sanctions Imposed", "Other Information", "UK Statement of Reasons", "Phone number",
    "Website", "Email address", "Date Designated", "D.O.B", "Nationality(/ies)", "Position", "Gender",
    "Type of entity", "Subsidiaries", "Parent company", "Business registration number (s)", "IMO number",
    "Current owner/operator (s)", "Previous owner/operator (s)", "Current believed flag of ship", "Previous flags",
    "Type of ship", "Tonnage of ship", "Length of ship", "Year Built", "Hull identification number (HIN)",
)  # fmt: skip
TOGETHER = (
    *NAMES, *LINES, "Name type", "Alias strength", "Name non-latin script", "Non-latin script type",
    "Non-latin script language", "Address Postal Code", "Address Country", "National Identifier number",
    "National Identifier additional information", "Passport number", "Passport additional information",
    "Town of birth", "Country of birth",
)  # fmt: skip


def read(files: Files, notes: Notes) -> Content:
    """The list. Raises Malformed with the line and what was expected there."""
    file, data = files.only()
    reader = csv.reader(io.StringIO(text_of(file, data, notes), newline=""), strict=True)
    found: dict[str, tuple[int, uk.Designation]] = {}
    try:
        day, header = _head(file, reader, notes)
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                _row(file, line, header, cells, found)
            line = reader.line_num + 1
            if files.progress and line % 1000 == 0:
                files.progress(min(line * len(data) // 60_000, len(data)), len(data))
    except csv.Error as problem:
        raise Malformed(
            "{file}, line {line}: {problem}: the file is cut short or damaged, fetch it again",
            file=file,
            line=reader.line_num,
            problem=problem,
        ) from None
    return Content("GBR", "uk", day, [(line, uk.made(one)) for line, one in found.values()])


def _head(file: str, reader: object, notes: Notes) -> tuple[date | None, list[str]]:
    rows = iter(reader)  # type: ignore[call-overload]  # csv gives its reader no name
    first: list[str] = next(rows, [])
    day = dates.day(first[0].partition(":")[2]) if first and first[0].startswith("Report Date") else None
    header = [cell.strip() for cell in (next(rows, []) if first and first[0].startswith("Report Date") else first)]
    for column in NEEDED:
        if column not in header:
            raise Malformed(
                "{file}, line {line}: the column {missing!r} is missing; found {found}",
                file=file,
                line=2,
                missing=column,
                found=", ".join(header[:8]) or "-",
            )
    for column in header:
        if column not in SINGLE and column not in TOGETHER:
            notes.doubt(file, 2, Phrase("the column {column!r} is not known and was not read", column=column))
    return day, header


def _row(
    file: str, line: int, header: list[str], cells: list[str], found: dict[str, tuple[int, uk.Designation]]
) -> None:
    if len(cells) != len(header):
        raise Malformed(
            "{file}, line {line}: {found} cells, {expected} were expected: the file is cut short or damaged, fetch"
            " it again",
            file=file,
            line=line,
            found=len(cells),
            expected=len(header),
        )
    row = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
    _check(file, line, row)
    id_ = row["Unique ID"]
    if id_ not in found:
        found[id_] = (line, uk.Designation([], [], {}, [], [], [], []))
    one = found[id_][1]
    for column in SINGLE:
        value = row.get(column, "")
        if value and value not in one.values.setdefault(column, []):
            one.values[column].append(value)
    _together(row, one)


def _check(file: str, line: int, row: Mapping[str, str]) -> None:
    if not row["Unique ID"] or row["Designation Type"].lower() not in uk.KINDS:
        raise Malformed(
            "{file}, line {line}: Unique ID {id!r}, Designation Type {found!r}; an id and one of {expected} were"
            " expected",
            file=file,
            line=line,
            id=row["Unique ID"],
            found=row["Designation Type"],
            expected=uk.MEANT,
        )


def _together(row: Mapping[str, str], one: uk.Designation) -> None:
    def get(column: str) -> str:
        return row.get(column, "")

    one.names.append((" ".join(row[name] for name in NAMES if row[name]), row["Name type"], get("Alias strength")))
    language = get("Non-latin script language") or get("Non-latin script type")
    one.original.append((get("Name non-latin script"), language))
    text = ", ".join(row[line] for line in LINES if row.get(line))
    one.addresses.append(Address(text, postcode=get("Address Postal Code"), country=get("Address Country")))
    one.births.append((get("Town of birth"), get("Country of birth")))
    for kind, into in (("Passport", one.passports), ("National Identifier", one.national)):
        if number := get(f"{kind} number"):
            into.append((number, get(f"{kind} additional information")))
