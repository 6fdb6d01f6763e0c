"""A workbook to be filled in by a seat: a sheet for each act that it may perform, with the record's own lists.

Each cell is checked as it is filled in, by the lists on the last sheet. Whoever needs a unit or a capability that the
record does not know writes it at the end of its list there: so it is meant, and no slip.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from foedus.commitments.sources.sheets import letters
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.parties.powers import Marks, power, side_of
from foedus.state import State
from foedus.words import Words, mark
from foedus.words.names import Names
from foedus.words.titles import ACTS, EVIDENCE, title
from foedus.words.titles_commitments import (
    BASES,
    BINDINGS,
    CHECKS,
    DISPUTES,
    KINDS,
    LABELS,
    LINKS,
    ORIGINS,
    PERIODS,
    RETURNS,
    TRANSFERS,
    TRANSPORTS,
)
from foedus.workbook.columns import ABOUT, CHOICES, SHEETS, Column, Sheet
from foedus.workbook.lists import lists

ROWS = 500  # below the header, for which cells are checked as they are filled in
SPARE = 100  # free rows at the end of a list
HEADER = 2  # the row of the headers, counted from 0: above it, what the sheet is for and the headers in words
WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS, "basis": BASES, "binding": BINDINGS, "every": PERIODS, "link": LINKS, "drawn_from": ORIGINS,
    "level": CHECKS, "transports": TRANSPORTS, "evidence_how": EVIDENCE,
}  # fmt: skip
GROUNDS: Mapping[str, Mapping[str, str]] = {"Disputes": DISPUTES, "Returns": RETURNS, "Transfers": TRANSFERS}
HEADS: Mapping[str, str] = {
    **LABELS,
    "name": mark("Your own name for the row"),
    "amount": mark("How much, or undisclosed"),
    "at_least": mark("Or at least"),
    "at_most": mark("Or at most"),
    "attested": mark("Or only attested"),
    "price_date": mark("Prices of"),
    "valued": mark("How it was valued"),
    "currency": mark("Currency of the value"),
    "value_price_date": mark("Prices of the value"),
    "value_valued": mark("How the value was found"),
    "kind": mark("Kind"),
    "starts_on": mark("From"),
    "conditions": mark("Conditions"),
    "condition": mark("Condition"),
    "ground": mark("Ground"),
    "target": mark("As a target"),
    "evidence": mark("Evidence in words"),
    "evidence_how": mark("How it was obtained"),
}
ABOUT_LINES = (
    mark("Each row is one act of your party. Nothing of it is on the record until it is signed and entered."),
    mark("An amount is a number, or the word undisclosed; or there is a range, or only met or not_met."),
    mark(
        "Days are written as 2026-12-24. What a list lacks, such as a new unit, is added at its end on the last sheet."
    ),
    mark("A name of your own tells two equal rows apart, and rows further on may use it in place of an id."),
    mark("No formulas, no merged cells, nothing hidden: what is signed is what stands in the cells."),
)
RECORD, SEAT = "record", "seat"  # on the first sheet: for which record and seat it was made


def sheets_of(clauses: Clauses, state: State, seat: str) -> tuple[Sheet, ...]:
    """The sheets of the acts that the seat may perform. Raises Refused where there is no such seat."""
    held = state.parties.seats.get(seat)
    if held is None or held.revoked is not None:
        raise Refused("record/seat", "there is no seat {seat} in this record, or its key was revoked", seat=seat)
    side, marks = side_of(clauses, state, held.party), Marks("unclassified", "unclassified")
    return tuple(
        sheet for sheet in SHEETS if power(clauses, sheet.act.__name__, held.role, side, marks, held.scope).may
    )


def template(words: Words, clauses: Clauses, state: State, seat: str) -> bytes:
    """The workbook as xlsx. Raises Refused for a seat that may state nothing of commitments."""
    import xlsxwriter

    sheets = sheets_of(clauses, state, seat)
    if not sheets:
        raise Refused("record/option", "{seat} may perform no act of commitments", seat=seat)
    known = lists(words, clauses, state, state.parties.seats[seat].party)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        drawn = [column.listed for sheet in sheets for column in sheet.columns if column.listed]
        chosen: dict[str, Mapping[str, str]] = {name: known[name] for name in dict.fromkeys(drawn)}
        for sheet in sheets:
            for column in sheet.columns:
                if column.choices:
                    chosen.setdefault(_list_of(sheet, column), _meant(words, sheet, column))
        made = _Made(book, words, chosen)
        made.about(_about(words, clauses, state, seat))
        for sheet in sheets:
            made.sheet(sheet)
        made.lists()
    return out.getvalue()


def _about(words: Words, clauses: Clauses, state: State, seat: str) -> list[tuple[str, str]]:
    record = state.parties.record
    assert record is not None, "a seat is of an opened record"
    lines = [(words.gettext(line), "") for line in ABOUT_LINES]
    return [(RECORD, record.origin), (SEAT, seat), (Names(words, clauses).seat(seat), ""), *lines]


def _list_of(sheet: Sheet, column: Column) -> str:
    """The name of the list that a column is chosen from."""
    return column.listed or (f"{sheet.name}: {column.header}" if column.header in ("ground", "kind") else column.header)


def _meant(words: Words, sheet: Sheet, column: Column) -> dict[str, str]:
    table = GROUNDS[sheet.name] if column.header == "ground" else WORDS.get(column.header, {})
    return {code: title(words, table, code) if code in table else code for code in column.choices}


class _Made:
    """The workbook as it is being made."""

    def __init__(self, book: Any, words: Words, chosen: Mapping[str, Mapping[str, str]]) -> None:
        self.book, self.words, self.chosen = book, words, chosen
        self.bold = book.add_format({"bold": True})
        self.grey = book.add_format({"font_color": "#505a5f"})
        self.days = book.add_format({"num_format": "yyyy-mm-dd"})

    def about(self, lines: Sequence[tuple[str, str]]) -> None:
        sheet = self.book.add_worksheet(ABOUT)
        sheet.set_column(0, 0, 16)
        for row, (first, second) in enumerate(lines):
            sheet.write_string(row, 0, first)
            if second:
                sheet.write_string(row, 1, second)

    def sheet(self, one: Sheet) -> None:
        sheet = self.book.add_worksheet(one.name)
        sheet.write_string(0, 0, title(self.words, ACTS, one.act.__name__), self.bold)
        for place, column in enumerate(one.columns):
            label = self.words.gettext(HEADS.get(column.header, column.header))
            sheet.write_string(HEADER - 1, place, f"{label} *" if column.needed else label, self.grey)
            sheet.write_string(HEADER, place, column.header, self.bold)
            dated = column.reads in ("day", "moment")
            sheet.set_column(place, place, max(12, min(28, len(label))), self.days if dated else None)
            check = self.check(one, column)
            if check:
                sheet.data_validation(HEADER + 1, place, HEADER + ROWS, place, check)
        sheet.freeze_panes(HEADER + 1, 1)

    def check(self, one: Sheet, column: Column) -> dict[str, Any] | None:
        """What a cell may hold. Ids and codes are warned about and not refused: a row above may have made them."""
        if column.reads == "whole":
            return {"validate": "integer", "criteria": ">=", "value": 0}
        if column.reads == "yes_no":
            return {"validate": "list", "source": ["yes", "no"]}
        name = _list_of(one, column) if column.choices or column.listed else ""
        if not name or column.reads == "several":
            return None
        letter = letters(list(self.chosen).index(name) * 2)
        source = f"={CHOICES}!${letter}$2:${letter}${len(self.chosen[name]) + 1 + SPARE}"
        return {"validate": "list", "source": source, "error_type": "stop" if column.choices else "warning"}

    def lists(self) -> None:
        sheet = self.book.add_worksheet(CHOICES)
        for place, (name, codes) in enumerate(self.chosen.items()):
            sheet.write_string(0, place * 2, name, self.bold)
            sheet.set_column(place * 2, place * 2, 18)
            sheet.set_column(place * 2 + 1, place * 2 + 1, 30, self.grey)
            for row, (code, meaning) in enumerate(codes.items(), 1):
                sheet.write_string(row, place * 2, code)
                sheet.write_string(row, place * 2 + 1, meaning)
        sheet.freeze_panes(1, 0)
