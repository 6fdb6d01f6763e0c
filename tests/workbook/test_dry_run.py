"""What a workbook's rows would do, and every way in which one cannot be taken: named by sheet, row and column."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from foedus.commitments.acts import Quantity
from foedus.errors import Malformed, Refused
from foedus.words import translator
from foedus.workbook.columns import ABOUT, CHOICES, SHEETS
from foedus.workbook.effects import DryRun, dry_run
from foedus.workbook.said import changes, where, wrong
from foedus.workbook.template import template
from tests.web.small_exercise import Small
from tests.workbooks import Book, Formula

OWED: dict[str, Any] = {
    "name": "guns", "agreement": "kyiv-2022", "clause": "P2.arms", "kind": "arms_transfers", "basis": "units",
    "amount": 12, "unit": "howitzer", "binding": "legal", "owed_to": "UKR", "starts_on": date(2026, 10, 10),
}  # fmt: skip
TRANCHE: dict[str, Any] = {
    "name": "first",
    "obligation": "guns",
    "amount": 8,
    "unit": "howitzer",
    "due_on": date(2026, 12, 20),
}
PACKAGE: dict[str, Any] = {
    "name": "package", "under": "first", "amount": 8, "unit": "howitzer", "drawn_from": "stock", "funder": "POL",
    "supplier": "POL", "deliverer": "POL", "value": 24000000.5, "currency": "EUR",
}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Small:
    return Small(tmp_path_factory.mktemp("small") / "record")


@functools.cache
def made(small: Small, seat: str) -> bytes:
    return template(translator("en"), small.depositary.clauses, small.depositary.state, seat)


def bodies(found: DryRun) -> list[Any]:
    """What the rows say, as acts."""
    return [one.body for one in found.effects]


def blank(small: Small, seat: str = "POL/defence") -> Book:
    return Book(made(small, seat))


def tried(small: Small, book: Book, seat: str = "") -> DryRun:
    return dry_run(small.depositary, "book.xlsx", book.save(), seat)


def told(small: Small, found: DryRun) -> list[str]:
    words = translator("en")
    return [f"{where(words, place)}: {why}" for place, why in wrong(words, small.depositary.clauses, found)]


def test_a_seat_gets_the_sheets_of_its_acts_and_the_lists_of_the_record(small):
    book = blank(small)
    assert book.sheets[0] == ABOUT
    assert book.sheets[-1] == CHOICES
    assert "Requirements" not in book.sheets, "those are for the protected state to state"
    assert "Requirements" in blank(small, "UKR/defence").sheets
    assert set(book.sheets) <= {ABOUT, CHOICES, *(one.name for one in SHEETS)}
    assert {"obligation", "unit", "party", "kind"} <= {
        text.rpartition(" ")[2] for text in book.texts(CHOICES, 1).values()
    }
    with pytest.raises(Refused, match="no seat"):
        blank(small, "POL/nobody")
    with pytest.raises(Refused, match="may perform no act of commitments"):
        blank(small, "POL/delegation")


def test_rows_that_build_on_one_another_are_tried_in_their_order(small):
    book = blank(small).fill("Obligations", 4, OWED).fill("Tranches", 4, TRANCHE).fill("Allocations", 4, PACKAGE)
    found = tried(small, book)
    assert (told(small, found), found.sound, found.signatures) == ([], True, 1)
    assert [one.opens for one in found.effects] == ["O-1", "O-1/T-1", "O-1/T-1/A-1"]
    package = bodies(found)[-1]
    assert (package.under, package.value) == ("O-1/T-1", Quantity("EUR", "24000000.5"))
    assert list(changes(translator("en"), small.depositary.clauses, found)) == [
        "allocated, EUR: 0 → 24,000,000.5", "funded, EUR: 0 → 24,000,000.5", "committed, howitzers: 0 → 12",
        "scheduled, howitzers: 0 → 8", "allocated, howitzers: 0 → 8", "funded, howitzers: 0 → 8",
    ]  # fmt: skip
    assert small.depositary.state.commitments.undertaken == 0, "nothing was entered"


@pytest.mark.parametrize(
    "row",
    [
        OWED | {"unit": " howitzer\u00a0 ", "amount": "12", "kind": "Arms_Transfers "},
        OWED | {"starts_on": "10.10.2026"},
        OWED | {"starts_on": "2026-10-10"},
        OWED | {"amount": 12.0},
    ],
)
def test_blanks_texts_and_days_as_people_write_them_are_read(small, row):
    found = tried(small, blank(small).fill("Obligations", 4, row).fill("Obligations", 5, {"name": "  "}))
    assert told(small, found) == []
    body = bodies(found)[0]
    assert (body.quantity, body.starts_on) == (Quantity("howitzer", "12"), date(2026, 10, 10))
    again = tried(small, blank(small).fill("Obligations", 9, OWED))
    assert found.effects[0].id == again.effects[0].id, "the same in another row and another spelling is the same act"


def test_undisclosed_ranges_and_attestations_are_said_and_never_meant_by_an_empty_cell(small):
    without = {name: value for name, value in OWED.items() if name not in ("amount", "name")}
    book = blank(small)
    says: list[dict[str, object]] = [{"amount": "undisclosed"}, {"at_least": 3, "at_most": 5}, {"attested": "met"}, {}]
    for place, more in enumerate(says):
        book.fill("Obligations", 4 + place, without | more)
    found = tried(small, book)
    assert [one.quantity for one in bodies(found)] == [
        Quantity("howitzer"), Quantity("howitzer", low="3", high="5"), Quantity("howitzer", attested="met"),
    ]  # fmt: skip
    (only,) = told(small, found)
    assert only.startswith("Obligations, row 7, column F: nothing says how much; expected a number, undisclosed")


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        ({"amount": -12}, "F", "-12 is negative; what goes back or is corrected has a sheet of its own"),
        ({"amount": "12 000"}, "F", "'12 000' is no number"),
        ({"amount": "12_000"}, "F", "'12_000' is no number"),
        ({"amount": "1.2345678"}, "F", "1.2345678 has 7 places; at most 6 can be said"),
        ({"amount": "-"}, "F", "'-' is no number; write undisclosed for what is not said"),
        ({"amount": True}, "F", "'True' stands where a number was expected"),
        ({"amount": Formula("B4*2")}, "F", "the formula =B4*2 was found; expected a value: paste it as one"),
        ({"at_most": 14}, "F", "two things say how much"),
        ({"unit": "EUR", "price_date": "soon"}, "K", "'soon' is no day"),
        ({"unit": "howitzr"}, "J", "'howitzr' is not on the list unit"),
        ({"unit": "Howitzers!"}, "J", "'Howitzers!' is no unit; expected three capitals"),
        ({"unit": "EUX"}, "J", "'EUX' is no currency of ISO 4217"),
        ({"unit": ""}, "J", "nothing is filled in; expected a unit"),
        ({"kind": "arms"}, "D", "'arms' was found; expected one of arms_transfers, defence_industry"),
        ({"starts_on": "03/04/2026"}, "O", "'03/04/2026' is no day; expected one such as 2026-12-24 or 24.12.2026"),
        ({"starts_on": 46305}, "O", "'46305' is no day"),
        ({"starts_on": datetime(2026, 10, 10, 13, 30, tzinfo=UTC)}, "O", "has a time; expected a day"),
        ({"within_hours": 2.5}, "R", "'2.5' is no whole number"),
        ({"conditions": "parliament; luck"}, "S", "'luck' is not on the list condition"),
        ({"owed_to": "XYZ"}, "N", "is not named in this compact"),
        ({"agreement": "ukr-xyz-2024"}, "B", "ukr-xyz-2024 is no agreement of Poland"),
        ({"clause": "P2.harvest"}, "C", "asks nothing of the kind"),
        ({"name": "O-7"}, "A", "'O-7' looks like an id of the record, or is too long"),
        ({"owed_to": "UKR UKR"}, "N", "'UKR UKR' is no code"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_taken_is_named_with_what_was_found_and_expected(small, change, column, says):
    (only,) = told(small, tried(small, blank(small).fill("Obligations", 4, OWED | change)))
    assert only.startswith(f"Obligations, row 4, column {column}: "), only
    assert says in only


def test_a_delivery_of_a_day_to_come_is_refused_at_its_cell(small):
    book = blank(small).fill("Obligations", 4, OWED).fill("Tranches", 4, TRANCHE).fill("Allocations", 4, PACKAGE)
    book.fill("Deliveries", 4, {"allocation": "package", "amount": 8, "unit": "howitzer",
                                "delivered_on": date(2027, 1, 1)})  # fmt: skip
    found = tried(small, book)
    (only,) = told(small, found)
    column = book.column("Deliveries", "delivered_on")
    assert only.startswith(f"Deliveries, row 4, column {column}: 2027-01-01 is not over"), only
    assert len(found.effects) == 3, "the other rows are tried all the same"


def test_two_rows_that_say_the_same_are_told_apart_by_a_name(small):
    twice = {name: value for name, value in OWED.items() if name != "name"}
    book = blank(small).fill("Obligations", 4, twice).fill("Obligations", 5, twice)
    assert told(small, tried(small, book)) == [
        "Obligations, row 5, column A: it says the same as row 4; leave one out, or give it a name of its own"
    ]
    book = blank(small).fill("Obligations", 4, twice).fill("Obligations", 5, twice | {"name": "the other"})
    assert len(tried(small, book).new) == 2
    book = blank(small).fill("Obligations", 4, OWED).fill("Tranches", 4, TRANCHE | {"name": "guns"})
    assert told(small, tried(small, book)) == [
        "Tranches, row 4, column A: another row has the name 'guns'; expected each once"
    ]


def test_what_rests_on_a_row_that_was_not_taken_says_so(small):
    book = blank(small).fill("Obligations", 4, OWED | {"amount": -1}).fill("Tranches", 4, TRANCHE)
    assert told(small, tried(small, book))[1] == (
        "Tranches, row 4, column B: the row named 'guns' was not taken: mend it first"
    )


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda book: book.fill("Obligations", 4, OWED, hidden=True), "Obligations, row 4: the row is hidden"),
        (lambda book: book.fill("Obligations", 4, OWED).merge("Obligations", "F4:G5"),
         "Obligations, row 4, column F: cells are merged here"),
        (lambda book: book.fill("Obligations", 4, OWED).hide("Obligations"),
         "Obligations: the sheet is hidden and has rows: show it, or empty it"),
        (lambda book: book.fill("Obligations", 4, OWED).hide_column("Obligations", "amount"),
         "Obligations, row 4, column F: the column is hidden and is filled in"),
    ],
)  # fmt: skip
def test_what_nobody_sees_is_not_signed(small, spoil: Callable[[Book], Book], says):
    (only,) = told(small, tried(small, spoil(blank(small))))
    assert only.startswith(says), only


def test_a_new_unit_is_meant_when_it_stands_at_the_end_of_the_list(small):
    book = blank(small)
    book.put(CHOICES, f"{next(at for at, text in book.texts(CHOICES, 1).items() if text == 'unit')}300", "ferry")
    found = tried(small, book.fill("Obligations", 4, OWED | {"unit": "ferry"}))
    assert (told(small, found), bodies(found)[0].quantity.unit) == ([], "ferry")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda book: book.rename_header("Obligations", "within_hours", "hours").fill("Obligations", 4, OWED),
         "the column 'hours' is none of this sheet"),
        (lambda book: book.fill("Obligations", 4, OWED).rename_header("Obligations", "unit", "units"),
         "no column is headed 'unit'"),
    ],
)  # fmt: skip
def test_a_sheet_that_was_rebuilt_is_no_sheet_of_acts(small, spoil: Callable[[Book], Book], says):
    with pytest.raises(Malformed, match=says):
        tried(small, spoil(blank(small)))


@pytest.mark.parametrize("data", [b"", b"no workbook", b"PK\x03\x04nothing"])
def test_what_is_no_workbook_is_malformed(small, data):
    with pytest.raises(Malformed, match="is no workbook"):
        dry_run(small.depositary, "book.xlsx", data, "POL/defence")


def test_a_sheet_of_somebody_s_own_is_named_as_not_read(small):
    book = blank(small).fill("Obligations", 4, OWED).rename("Returns", "My notes")
    assert tried(small, book).book.left == ("My notes",)


def test_a_workbook_is_for_one_record_and_one_party(small, tmp_path):
    data = blank(small).fill("Obligations", 4, OWED)
    with pytest.raises(Refused, match=r"made for POL/defence; GBR/defence is of another party"):
        tried(small, data, "GBR/defence")
    assert tried(small, data, "POL/foreign").seat == "POL/foreign"
    other = Small(tmp_path / "other")
    with pytest.raises(Refused, match=r"made for .*elsewhere"):
        dry_run(other.depositary, "book.xlsx", blank(small).put(ABOUT, "B1", "elsewhere").save())
    other.depositary.close()


def test_more_rows_than_go_as_one_are_split(small):
    book = blank(small)
    for row in range(4, 506):
        book.fill("Obligations", row, OWED | {"name": f"n{row}"})
    with pytest.raises(Malformed, match="502 rows; at most 500"):
        tried(small, book)


def test_a_value_without_its_currency_or_its_sum_is_not_half_taken(small):
    book = blank(small).fill("Obligations", 4, OWED).fill("Tranches", 4, TRANCHE)
    one = PACKAGE | {"name": "one", "currency": "", "value": 5}
    two = PACKAGE | {"name": "two", "currency": "", "value": "", "value_price_date": date(2026, 1, 1)}
    book.fill("Allocations", 4, one).fill("Allocations", 5, two)
    currency = book.column("Allocations", "currency")
    assert told(small, tried(small, book)) == [
        f"Allocations, row 4, column {currency}: 5 of what? a unit was expected",
        f"Allocations, row 5, column {currency}: 2026-01-01 of what? a unit was expected",
    ]
