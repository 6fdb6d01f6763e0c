"""A workbook as people filled it in, read into lines: each what an act would say, or why it was not taken and where.

A file is read whole or its faults are told, all of them; a row that nobody saw, or that says what a formula came to, is
a fault too, because what is signed has to stand in the cells.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from foedus.acts import PLACEHOLDER
from foedus.commitments.acts import Quantity
from foedus.commitments.sources.model import Place
from foedus.commitments.sources.reading import Cell, Unread, plain
from foedus.commitments.sources.sheets import Cells, Table, cells, table
from foedus.compact.findings import Phrase
from foedus.errors import Malformed
from foedus.workbook.cells import NOT_SAID, Accepted, read
from foedus.workbook.columns import ABOUT, BY_NAME, CHOICES, NAME, SHEETS, Sheet
from foedus.workbook.marks import Marks, marks
from foedus.workbook.template import RECORD, SEAT

MOST_LINES = 500
_MONEY = ("value", "currency", "value_price_date", "value_valued")
_MUCH = ("amount", "at_least", "at_most", "attested", "unit", "price_date", "valued")


class Line(Struct, frozen=True):
    """One row. `said`: its cells by header; `fields`: of the act, with references as they were written; `words`: its
    evidence.
    """

    sheet: Sheet
    place: Place
    said: Mapping[str, Any]
    fields: Mapping[str, Any]
    columns: Mapping[str, str]  # the letters of each header

    @property
    def name(self) -> str:
        """The name that the row gives itself; empty where it has none."""
        return str(self.said.get("name", ""))

    @property
    def words(self) -> str:
        """The evidence, in words."""
        return str(self.said.get("evidence", ""))

    def at(self, header: str) -> Place:
        """The place of one of its cells."""
        return Place(self.place.sheet, self.place.row, self.columns.get(header, ""))

    def id(self, origin: str, party: str) -> str:
        """The id of its act, made of what it says: the same row again is the same act.

        Not of evidence in words, which can be erased, and of which an entry must keep nothing.
        """
        said = {header: value for header, value in self.said.items() if header != "evidence"}
        what = ("foedus/workbook/1", origin, party, self.sheet.act.__name__, sorted(said.items()))
        return sha256(msgspec.json.encode(what)).hexdigest()[:32]


class Fault(Struct, frozen=True):
    """Why a row was not taken, and where. `name`: the row's own, on which others may rest."""

    place: Place
    what: Phrase
    name: str = ""


class Workbook(Struct, frozen=True):
    """What was read. `record`, `seat`: for which it was made, empty where it does not say. `left`: sheets not read."""

    name: str
    record: str
    seat: str
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    left: tuple[str, ...]


def workbook(name: str, data: bytes, accepted: Mapping[str, frozenset[str]]) -> Workbook:
    """Read a workbook. `accepted`: codes that a list must have, by its name; the file's own lists add to them.

    Raises Malformed when it is none, or a sheet is not as the template has it.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    seen = marks(name, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {one: cells(book, one) for one in book.sheet_names}
    except CalamineError as problem:
        raise Malformed("{file} is no workbook: {problem}; expected .xlsx as `foedus commitments template` writes it",
                        file=name, problem=problem) from None  # fmt: skip
    about = {plain(row[0]): plain(row[1]) for row in sheets[ABOUT].rows if len(row) > 1} if ABOUT in sheets else {}
    added = _added(sheets[CHOICES]) if CHOICES in sheets else {}
    known = {which: codes | added.get(which, frozenset()) for which, codes in accepted.items()}
    ours = {BY_NAME[plain(one).casefold()].name: one for one in sheets if plain(one).casefold() in BY_NAME}
    if not ours:
        raise Malformed("{file} has no sheet of acts; expected one of {expected}", file=name,
                        expected=", ".join(one.name for one in SHEETS))  # fmt: skip
    lines: list[Line] = []
    faults: list[Fault] = []
    for sheet in SHEETS:
        if sheet.name in ours:
            where = ours[sheet.name]
            for found in _of_sheet(sheet, where, sheets[where], seen[where], known):
                if isinstance(found, Line):
                    lines.append(found)
                else:
                    faults.append(found)
    if len(lines) + len(faults) > MOST_LINES:
        raise Malformed("{file} has {found} rows; at most {most} are entered as one: split it", file=name,
                        found=str(len(lines) + len(faults)), most=str(MOST_LINES))  # fmt: skip
    left = tuple(one for one in sheets if one not in (*ours.values(), ABOUT, CHOICES) and sheets[one].rows)
    return Workbook(name, about.get(RECORD, ""), about.get(SEAT, ""), tuple(lines), tuple(faults), left)


def _added(found: Cells) -> dict[str, frozenset[str]]:
    """The codes of each list on the last sheet, with those that were written at its end."""
    if not found.rows:
        return {}
    return {
        plain(head): frozenset(plain(row[at]) for row in found.rows[1:] if at < len(row) and plain(row[at]))
        for at, head in enumerate(found.rows[0]) if plain(head)
    }  # fmt: skip


def _of_sheet(sheet: Sheet, where: str, found: Cells, seen: Marks, accepted: Accepted) -> Iterator[Line | Fault]:
    if not found.rows:
        return
    wanted = {one.header: (one.header,) for one in sheet.columns}
    read_as = table(where, found, wanted, [one.header for one in sheet.columns if one.needed])
    rows = [(at, row) for at, row in read_as.body() if any(plain(cell) for cell in row)]
    if not rows:
        return
    unknown = next((plain(cell) for cell in read_as.rows[read_as.header]
                    if plain(cell) and plain(cell).casefold() not in wanted), None)  # fmt: skip
    if unknown is not None:
        raise Malformed("{sheet}, row {row}: the column {found!r} is none of this sheet; expected {expected}",
                        sheet=where, row=str(read_as.top + read_as.header + 1), found=unknown,
                        expected=", ".join(wanted))  # fmt: skip
    if seen.hidden:
        yield Fault(Place(where), Phrase("the sheet is hidden and has rows: show it, or empty it"))
        return
    for at, row in rows:
        try:
            _as_seen(read_as, at, row, seen)
            yield _line(sheet, read_as, at, row, accepted)
        except Unread as problem:
            yield Fault(read_as.place(at, problem.field), problem.what, plain(read_as.cell(row, NAME)))


def _as_seen(table_: Table, at: int, row: Sequence[Cell], seen: Marks) -> None:
    """Raises Unread for a row that is not what who signs it can see."""
    if at in seen.rows:
        raise Unread(Phrase("the row is hidden: show it, or empty it"))
    for header, place in table_.columns.items():
        formula = seen.formulas.get((at, table_.place(at, header).column))
        if formula is not None:
            raise Unread(Phrase("the formula ={found} was found; expected a value: paste it as one", found=formula),
                         header)  # fmt: skip
        full = place < len(row) and plain(row[place])
        if full and any(first <= table_.left + place <= last for first, last in seen.columns):
            raise Unread(Phrase("the column is hidden and is filled in: show it, or empty it"), header)
    for (top, left), (bottom, right) in table_.merged:
        if top < at <= bottom + 1:
            held = next(
                (header for header, place in table_.columns.items() if left <= table_.left + place <= right), ""
            )
            raise Unread(Phrase("cells are merged here: only the first of them has a value; split them"), held)


def _line(sheet: Sheet, table_: Table, at: int, row: Sequence[Cell], accepted: Accepted) -> Line:
    """One row. Raises Unread with the header that is wrong."""
    said = {}
    for column in sheet.columns:
        value = read(column, table_.cell(row, column.header), accepted)
        if value is None and column.needed:
            raise Unread(Phrase("nothing is filled in; expected {what}", what=_EXPECTED[column.reads]), column.header)
        if value is not None:
            said[column.header] = value
    fields = {one.of: said[one.header] for one in sheet.columns if one.of == one.header and one.header in said}
    for of, headers in (("quantity", _MUCH), ("value", _MONEY)):
        asked = [one for one in sheet.columns if one.of == of and one.header in headers]
        if asked:
            needed = any(one.needed for one in asked)
            made = _quantity(of, {header: said[header] for header in headers if header in said}, needed)
            fields.pop(of, None)
            fields |= {of: made} if made is not None else {}
    if "evidence" in said:
        fields["evidence"] = PLACEHOLDER
    columns = {one.header: table_.place(at, one.header).column for one in sheet.columns}
    return Line(sheet, table_.place(at), said, fields, columns)


_EXPECTED = {
    "reference": Phrase("an id, or the name of a row above"), "code": Phrase("a code"), "unit": Phrase("a unit"),
    "word": Phrase("one of its words"), "several": Phrase("codes with commas between them"), "day": Phrase("a day"),
    "moment": Phrase("a day or a moment"), "amount": Phrase("a number"), "yes_no": Phrase("yes or no"),
    "words": Phrase("words"),
}  # fmt: skip


def _quantity(of: str, said: Mapping[str, Any], needed: bool) -> Quantity | None:
    """How much, from its columns; None where nothing is said and nothing need be. Raises Unread."""
    if of == "value":
        said = {"amount": said.get("value"), "unit": said.get("currency"), "price_date": said.get("value_price_date"),
                "valued": said.get("value_valued")}  # fmt: skip
        first, second = "value", "currency"
    else:
        first, second = "amount", "unit"
    amount, unit = said.get("amount"), said.get("unit")
    ways = [amount, said.get("attested"), said.get("at_least") or said.get("at_most")]
    count = sum(one is not None for one in ways)
    told = [str(one) for one in said.values() if one is not None]
    if not told and not needed:
        return None
    if unit is None:
        raise Unread(Phrase("{found} of what? a unit was expected", found=told[0]), second)
    if count != 1:
        raise Unread(
            Phrase("nothing says how much; expected a number, undisclosed, a range, or met or not_met") if not count
            else Phrase("two things say how much; expected a number, or a range, or met or not_met"), first,
        )  # fmt: skip
    return Quantity(
        unit, None if amount == NOT_SAID else amount, said.get("at_least"), said.get("at_most"), said.get("attested"),
        said.get("price_date"), said.get("valued"),
    )  # fmt: skip
