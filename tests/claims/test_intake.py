"""A batch is taken in whole or not at all; every bad row is named with what is wrong and by which clause."""

from __future__ import annotations

import hashlib
import random

import pytest

from foedus.claims.intake import FORM, Stated, Total, check, totals
from foedus.errors import Malformed
from tests.claims.tables import ELIGIBILITY, GIVEN, row, write

MONEY = frozenset({"EUR", "UAH"})
GOOD = [
    row("C-2", "B1.1", "7", "UAH"),
    row("C-1", "A2.1", "1200.5", "EUR"),
    row("C-3", "A2.1", "0.01", "EUR", place="UA"),
]


def test_a_good_batch_is_written_in_one_canonical_form(tmp_path):
    taken = tmp_path / "taken.csv"
    found = check(write(tmp_path / "a.csv", GOOD), ELIGIBILITY, MONEY, Stated(3, {"EUR": 120_051, "UAH": 700}), taken)
    assert (found.rows, found.bad, found.findings) == (3, 0, ())
    assert found.totals == (Total("A2.1", "EUR", 2, 120_051), Total("B1.1", "UAH", 1, 700)) == totals([taken])
    assert found.digest == hashlib.sha256(taken.read_bytes()).hexdigest(), "anyone can compare it with sha256sum"
    assert [line.split(",")[:4] for line in taken.read_text("utf-8").splitlines()[1:]] == [
        ["C-1", "A2.1", "120050", "EUR"], ["C-2", "B1.1", "700", "UAH"], ["C-3", "A2.1", "1", "EUR"],
    ]  # fmt: skip


def test_the_order_of_rows_and_the_form_of_the_file_make_no_difference(tmp_path):
    rows = [row(f"C-{number}", amount=f"{number}.{number:02}") for number in range(90)]
    first = check(write(tmp_path / "a.csv", rows), ELIGIBILITY, MONEY, out=tmp_path / "a.parquet")
    random.Random(7).shuffle(rows)
    again = check(write(tmp_path / "b.csv", rows), ELIGIBILITY, MONEY, out=tmp_path / "b.csv.csv")
    assert first.digest == again.digest
    assert totals([tmp_path / "a.parquet"]) == totals([tmp_path / "b.csv.csv"])


@pytest.mark.parametrize(
    ("bad", "code", "clause", "found"),
    [
        (row("C-1"), "id_twice", FORM, "C-1"),
        (row(""), "id_form", FORM, ""),
        (row("C-9", category=""), "category_missing", "E.claims", ""),
        (row("C-9", category="Z9"), "category_unknown", "E.claims", "Z9"),
        (row("C-9", amount="1.005"), "amount_decimals", FORM, "1.005"),
        (row("C-9", amount="-3"), "amount_form", FORM, "-3"),
        (row("C-9", amount="1,5"), "amount_form", FORM, "1,5"),
        (row("C-9", amount="1e3"), "amount_form", FORM, "1e3"),
        (row("C-9", amount=""), "amount_form", FORM, ""),
        (row("C-9", currency="CHF"), "currency_unknown", FORM, "CHF"),
        (row("C-9", currency=""), "currency_unknown", FORM, ""),
        (row("C-9", cause_date="2022-02-23"), "date_before", "E.claims", "2022-02-23"),
        (row("C-9", cause_date="2022-02-30"), "date_form", FORM, "2022-02-30"),
        (row("C-9", cause_date="24.02.2022"), "date_form", FORM, "24.02.2022"),
        (row("C-9", place="PL-14"), "place_outside", "E.claims", "PL-14"),
        (row("C-9", place="UAX"), "place_outside", "E.claims", "UAX"),
        (row("C-9", person="Ivan"), "person_form", FORM, ""),
    ],
)
def test_a_bad_row_is_named_with_its_clause_and_nothing_is_written(tmp_path, bad, code, clause, found):
    out = tmp_path / "out.csv"
    checked = check(write(tmp_path / "a.csv", [*GOOD, bad]), ELIGIBILITY, MONEY, out=out)
    assert not out.exists()
    assert checked.digest is None
    named = [one for one in checked.findings if one.row == 4]
    assert [(one.code, one.clause, one.found) for one in named] == [(code, clause, found)]
    others = {one.row for one in checked.findings} - {4}
    assert others == ({2} if code == "id_twice" else set()), "and no other row"


def test_every_bad_row_is_counted(tmp_path):
    rows = [row(f"C-{number}", amount="1.001") for number in range(10_500)]
    found = check(write(tmp_path / "a.csv", rows), ELIGIBILITY, MONEY)
    assert (found.bad, len(found.findings)) == (10_500, 10_000)


@pytest.mark.parametrize(
    ("stated", "code", "found", "expected"),
    [
        (Stated(4), "count_differs", "3", "4"),
        (Stated(3, {"EUR": 120_052, "UAH": 700}), "total_differs", "120051 EUR", "120052 EUR"),
        (Stated(None, {"EUR": 120_051}), "total_differs", "700 UAH", "0 UAH"),
        (Stated(None, {"EUR": 120_051, "UAH": 700, "USD": 1}), "total_differs", "0 USD", "1 USD"),
    ],
)
def test_a_batch_that_says_otherwise_of_itself_is_not_taken(tmp_path, stated, code, found, expected):
    out = tmp_path / "out.csv"
    checked = check(write(tmp_path / "a.csv", GOOD), ELIGIBILITY, MONEY, stated, out)
    assert [(one.row, one.code, one.found, one.expected) for one in checked.findings] == [(0, code, found, expected)]
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "id,category\nC-1,A2.1\n", "the columns amount, currency"),
        ("a.csv", ",".join(GIVEN) + "\nC-1,A2.1\n", "cannot be read as a table"),
        ("a.csv", ",".join(GIVEN) + "\n" + ",".join(row("C-1")) + ",more\n", "cannot be read as a table"),
        ("a.csv", "id,id\n1,2\n", "a column stands twice"),
        ("a.parquet", "PAR1 and no more", "cannot be read as a table"),
        ("a.xlsx", "x", "a file .csv or .parquet was expected"),
    ],
)
def test_what_is_no_table_is_malformed(tmp_path, name, text, says):
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(Malformed, match=says):
        check(tmp_path / name, ELIGIBILITY, MONEY)
    with pytest.raises(Malformed, match="there is no such file"):
        check(tmp_path / "none.csv", ELIGIBILITY, MONEY)
