"""A batch is taken in whole or not at all; every bad row is named with what is wrong and by which clause."""

from __future__ import annotations

import hashlib
import random
from datetime import date

import pytest

from foedus.claims.intake import FORM, Stated, Total, check, recheck, totals
from foedus.errors import Malformed
from tests.claims.tables import ELIGIBILITY, GIVEN, claims, row, write

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
        ("a.csv", ",".join(GIVEN) + "\nC-1,A2.1\n", "line 2: 7 values were expected, found 2"),
        ("a.csv", ",".join(GIVEN) + "\n" + ",".join(row("C-1")) + ",more\n", "7 values were expected, found 8"),
        ("a.csv", ",".join(GIVEN) + '\n"C-1,A2.1,5,EUR,2022-03-16,UA,x\n', "line 2: a quotation mark is not closed"),
        ("a.csv", ",".join(GIVEN) + "\n", "there is no claim in it"),
        ("a.csv", "", "the name of every column"),
        ("a.csv", ",".join(GIVEN) + ",\n" + ",".join(row("C-1")) + ",\n", "the name of every column"),
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


def test_the_row_that_cannot_be_read_is_not_cited(tmp_path):
    """It may be a person's, and what is said of it goes to a terminal and a log."""
    rows = "\n".join([",".join(GIVEN), ",".join(row("C-1")), "C-2,Olena,Kovalenko,3012345678"])
    (tmp_path / "a.csv").write_text(rows, "utf-8")
    with pytest.raises(Malformed, match="line 3: 7 values were expected, found 4") as raised:
        check(tmp_path / "a.csv", ELIGIBILITY, MONEY)
    assert not any(word in str(raised.value) for word in ("Olena", "Kovalenko", "3012345678"))


def test_the_signs_of_a_file_are_utf_8_with_or_without_a_mark_and_any_end_of_line(tmp_path):
    text = "\n".join([",".join(GIVEN), ",".join(row("C-1")), ",".join(row("C-2")), ""])
    found = set()
    for name, data in (
        ("a", text.encode()),
        ("b", text.encode("utf-8-sig")),
        ("c", text.replace("\n", "\r\n").encode()),
    ):
        (tmp_path / f"{name}.csv").write_bytes(data)
        found.add(check(tmp_path / f"{name}.csv", ELIGIBILITY, MONEY).digest)
    assert len(found) == 1
    assert found != {None}
    many = "\n".join([",".join(GIVEN), *(",".join(row(f"C-{at}")) for at in range(2000)), ",".join(row("Ї", "Ї")), ""])
    for name, data, says in (("d", text.encode("utf-16"), "is not UTF-8"), ("e", many.encode("cp1251"), "line 2002: ")):
        (tmp_path / f"{name}.csv").write_bytes(data)
        with pytest.raises(Malformed, match=says):
            check(tmp_path / f"{name}.csv", ELIGIBILITY, MONEY)


def test_a_day_that_has_not_come_is_no_cause(tmp_path):
    file = write(tmp_path / "a.csv", [*GOOD, row("C-9", cause_date="2022-03-17")])
    assert check(file, ELIGIBILITY, MONEY, by=date(2022, 3, 17)).bad == 0
    (one,) = check(file, ELIGIBILITY, MONEY, by=date(2022, 3, 16)).findings
    assert (one.row, one.code, one.clause, one.found) == (4, "date_after", "record/time", "2022-03-17")


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("12.5", "amount_decimals"), ("1200::BIGINT", ""), ("1200.5::DOUBLE", ""), ("1200.50::DECIMAL(18,2)", ""),
        ("1200.500::DECIMAL(18,3)", "amount_decimals"), ("0.1::DOUBLE + 0.2::DOUBLE", "amount_decimals"),
        ("'nan'::DOUBLE", "amount_form"), ("-5", "amount_form"), ("NULL::VARCHAR", "amount_form"),
        ("1e15", "amount_form"),
    ],
)  # fmt: skip
def test_amounts_of_parquet_are_what_their_text_says(tmp_path, amount, code):
    file = parquet(tmp_path / "a.parquet", amount if amount != "12.5" else "12.505::DOUBLE")
    assert [one.code for one in check(file, ELIGIBILITY, MONEY).findings] == ([code] if code else [])


@pytest.mark.parametrize("amount", ["123456.7::FLOAT", "[1, 2]", "{'a': 1}"])
def test_a_column_without_one_text_is_no_amount(tmp_path, amount):
    with pytest.raises(Malformed, match="column amount is"):
        check(parquet(tmp_path / "a.parquet", amount), ELIGIBILITY, MONEY)


def parquet(path, amount):
    import duckdb

    values = f"'C-1' AS id, 'A3.1' AS category, {amount} AS amount, 'EUR' AS currency, DATE '2022-03-16' AS cause_date"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {values}, 'UA-14' AS place, '{'ab' * 32}' AS person) TO '{path}' (FORMAT parquet)"
        )
    return path


@pytest.mark.parametrize(
    "amount", ["12.5", "1e3", "-5", "abc", "0012", " 5", "", "1000000000000000", "99999999999999999999999"]
)
def test_canonical_rows_have_whole_cents(tmp_path, amount):
    """Read by a cast, 12.5 would be 13 and 1e3 a thousand: a cent made of nothing."""
    file = claims(tmp_path / "a.csv", [("C-1", "A2.1", 100, "EUR"), ("C-2", "A2.1", amount, "EUR")])
    found = recheck(file, ELIGIBILITY, "0" * 64)
    assert [(one.row, one.id, one.code) for one in found.findings] == [(2, "C-2", "cents_form")]
    if len(amount) != 16:
        with pytest.raises(Malformed, match="claim C-2: a whole number of cents"):
            totals([file])


def test_a_canonical_table_has_no_gaps(tmp_path):
    for bad, says in (
        (("", "A2.1", 5, "EUR"), "claim –: id is missing"),
        (("C-1", "", 5, "EUR"), "claim C-1: category is missing"),
        (("C-1", "A2.1", 5, ""), "claim C-1: currency is missing"),
    ):
        with pytest.raises(Malformed, match=says):
            totals([claims(tmp_path / "a.csv", [bad])])
