"""`foedus commitments template`, `dry-run` and `enter`: from the record to a spreadsheet and back, as one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from foedus.compact.loader import load
from foedus.compact.model import Compact, Permit
from foedus.depositary import Depositary
from foedus.verify import verify_record
from tests.cli.running import Foedus
from tests.web.small_exercise import Small
from tests.workbook.test_dry_run import OWED, PACKAGE, TRANCHE
from tests.workbooks import Book

SEAT = "POL/defence"


def filled(foedus: Foedus, record: Path, to: Path, rows: dict[str, list[dict[str, Any]]], seat: str = SEAT) -> Path:
    """The template of a seat with these rows."""
    empty = to.with_name(f"empty-{to.name}")
    assert foedus("commitments", "template", record, "--seat", seat, "--out", empty).status == 0
    book = Book(empty.read_bytes())
    for sheet, several in rows.items():
        for place, row in enumerate(several):
            book.fill(sheet, 4 + place, row)
    to.write_bytes(book.save())
    return to


ROWS = {"Obligations": [OWED], "Tranches": [TRANCHE], "Allocations": [PACKAGE]}


def totals(foedus: Foedus, record: Path) -> dict[tuple[str, str], str]:
    found = foedus.json("commitments", "stages", record, "--by", "unit", "--party", "POL")
    return {(one["stage"], one["unit"]): one["low"] for one in found["sums"]}


@pytest.mark.slow
def test_from_the_template_to_the_totals_and_the_same_file_again(foedus, exercise, tmp_path):
    file = filled(foedus, exercise, tmp_path / "book.xlsx", ROWS)
    before = totals(foedus, exercise)
    tried = foedus.json("commitments", "dry-run", exercise, file)
    assert (tried["sound"], tried["seat"], tried["signatures"]) == (True, SEAT, 1)
    assert [(one["sheet"], one["row"]) for one in tried["rows"]] == [(sheet, 4) for sheet in ROWS]
    assert tried["gaps"][0]["before"] != tried["gaps"][0]["after"], "howitzers are needed there"
    assert totals(foedus, exercise) == before, "a dry run enters nothing"
    said = foedus("commitments", "dry-run", exercise, file).out
    assert "Tranches, row 4: The tranche O-" in said
    assert "allocated, EUR: " in said

    entered = foedus("commitments", "enter", exercise, file, "--as", SEAT)
    assert entered.status == 0, entered.err
    assert "3 rows were entered as one, as entries " in entered.out
    after = totals(foedus, exercise)
    added = {key: float(after[key]) - float(before.get(key, 0)) for key in after if after[key] != before.get(key)}
    assert added[("committed", "howitzer")] == 12
    assert added[("scheduled", "howitzer")] == added[("allocated", "howitzer")] == 8
    assert added[("allocated", "EUR")] == 24000000.5
    assert verify_record(exercise, rules=True).signed

    again = foedus("commitments", "enter", exercise, file, "--as", SEAT)
    assert (again.status, again.out) == (0, "Every row is on the record already: nothing was entered.\n")
    assert totals(foedus, exercise) == after
    assert "already there: entry " in foedus("commitments", "dry-run", exercise, file).out

    more = filled(foedus, exercise, tmp_path / "more.xlsx", ROWS | {"Tranches": [
        TRANCHE, TRANCHE | {"name": "second", "amount": 4, "due_on": date(2027, 2, 1)}]})  # fmt: skip
    entered = foedus.json("commitments", "enter", exercise, more, "--as", SEAT)
    (only,) = entered["entries"]
    assert only["events"][0]["tranche"].endswith("/T-2"), "it goes on from the row that was entered before"


@pytest.mark.slow
def test_a_wrong_file_changes_nothing_and_says_where(foedus, exercise, tmp_path):
    root = verify_record(exercise, rules=False).root
    file = filled(foedus, exercise, tmp_path / "book.xlsx", ROWS | {"Tranches": [TRANCHE | {"amount": 20}]})
    tried = foedus("commitments", "dry-run", exercise, file)
    assert tried.status == 1
    assert "Tranches, row 4, column C: tranches of O-" in tried.out
    refused = foedus("commitments", "enter", exercise, file, "--as", SEAT)
    assert refused.status == 2
    assert refused.line.startswith("malformed: Tranches, row 4, column C: tranches of O-")
    assert "rows not taken: 2" in refused.line
    assert refused.line.endswith("nothing was entered")
    assert verify_record(exercise, rules=False).root == root


def of_two(act: str) -> Compact:
    """The Kyiv text, by which two seats must sign such an act."""
    whole = load("kyiv-2022")
    parts = tuple(
        replace(part, provisions=tuple(
            replace(one, operates=tuple(
                replace(clause, signatures=2) if isinstance(clause, Permit) and clause.act == act else clause
                for clause in one.operates))
            for one in part.provisions))
        for part in whole.parts
    )  # fmt: skip
    return replace(whole, parts=parts)


def test_where_two_must_sign_the_rows_go_to_the_second_as_one(foedus, tmp_path):
    small = Small(tmp_path / "record", of_two("ScheduleTranche"))
    small.depositary.close()
    record = tmp_path / "record"
    file = filled(foedus, record, tmp_path / "book.xlsx", {"Obligations": [OWED], "Tranches": [TRANCHE]})
    alone = foedus("commitments", "enter", record, file, "--as", SEAT)
    assert alone.status == 1
    assert "2 seats must sign" in alone.line
    draft, before = tmp_path / "draft.json", size(record)
    assert foedus("commitments", "enter", record, file, "--as", SEAT, "--out", draft).status == 0
    same = foedus("commitments", "enter", record, draft, "--as", SEAT)
    assert (same.status, size(record)) == (2, before), "one seat's signatures are not two"
    both = tmp_path / "both.json"
    assert foedus("commitments", "enter", record, draft, "--as", "POL/foreign", "--out", both).status == 0
    assert "needs signatures of" in foedus("commitments", "enter", record, draft).line
    assert size(record) == before
    entered = foedus.json("commitments", "enter", record, both)
    assert len(entered["entries"]) == 2
    assert [one["events"][0]["event"] for one in entered["entries"]] == ["ObligationUndertaken", "TrancheScheduled"]


def test_where_somebody_acted_meanwhile_nothing_is_entered(foedus, tmp_path):
    small = Small(tmp_path / "record", of_two("ScheduleTranche"))
    small.depositary.close()
    record = tmp_path / "record"
    file = filled(foedus, record, tmp_path / "book.xlsx", {"Obligations": [OWED], "Tranches": [TRANCHE]})
    draft = tmp_path / "draft.json"
    foedus("commitments", "enter", record, file, "--as", SEAT, "--out", draft)
    other = filled(foedus, record, tmp_path / "other.xlsx", {"Obligations": [OWED | {"name": "another"}]})
    assert foedus("commitments", "enter", record, other, "--as", SEAT).status == 0
    before = size(record)
    late = foedus("commitments", "enter", record, draft, "--as", "POL/foreign")
    assert late.line == (
        "conflict: somebody else acted first: O-2 would be opened in place of O-1; look again and sign anew"
    )
    assert size(record) == before, "the first row is undone as well"


def size(record: Path) -> int:
    depositary = Depositary.open(record)
    try:
        return depositary.state.size
    finally:
        depositary.close()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"together": []}', "0 acts; 1 to 500 expected"),
        (b'{"acts": []}', "no acts that are signed as one"),
        (b"{", "no acts that are signed as one"),
    ],
)
def test_what_is_no_file_of_signed_acts(foedus, tmp_path, content, says):
    Small(tmp_path / "record").depositary.close()
    (tmp_path / "draft.json").write_bytes(content)
    assert says in foedus("commitments", "enter", tmp_path / "record", tmp_path / "draft.json", "--as", SEAT).line


def test_a_record_and_a_seat_belong_together(foedus, tmp_path):
    assert "belong together" in foedus("commitments", "template", "--seat", SEAT, "--out", tmp_path / "x.xlsx").line
    assert foedus("commitments", "template", "--out", tmp_path / "plain.xlsx").status == 0
