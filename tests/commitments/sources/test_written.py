"""What is written is accepted by those whose form it is, and says what the rows say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest
from beancount import loader
from beancount.core.data import Commodity
from lxml import etree

from foedus.commitments.sources import read, sheets
from foedus.commitments.sources.kiel_figures import summary
from foedus.commitments.sources.model import Money, Place, Quantity, Row
from foedus.commitments.sources.reading import Notes
from foedus.commitments.sources.shares import default_stage
from foedus.commitments.sources.to_beancount import commodity, to_beancount
from foedus.commitments.sources.to_iati import Reporter, to_iati
from foedus.commitments.sources.to_tables import to_csv, to_parquet
from foedus.commitments.sources.to_workbook import template, to_summary
from foedus.commitments.sources.totals import totals
from tests.commitments.sources.real import DATA, RELEASE_7, RELEASE_29, needs_files, vintage

REPORTER = Reporter("XX-TEST-1", "A reporter", "UA")


@needs_files
@pytest.mark.slow
@pytest.mark.parametrize(("path", "made"), [(RELEASE_7, date(2022, 10, 11)), (RELEASE_29, date(2026, 8, 4))])
def test_iati_validates_and_is_read_back_with_the_same_sums(tmp_path, path, made):
    rows = vintage(path).rows
    data, lost = to_iati(rows, REPORTER, made)
    schema = etree.XMLSchema(etree.parse(DATA / "iati/schemas/iati-activities-schema.xsd"))
    assert schema.validate(etree.fromstring(data)), schema.error_log
    (tmp_path / "a.xml").write_bytes(data)
    back = read(tmp_path / "a.xml")
    assert not back.skipped
    written = (
        row for row in rows if row.stage in ("committed", "delivered") and row.first and row.last and row.last <= made
    )
    assert _amounts(back.rows) == _amounts(written)
    assert all(str(one.what) for one in lost), "whatever is not in it has its reason"


def _amounts(rows):
    found: dict[tuple[str, str, str, str], Decimal] = {}
    for row in rows:
        if row.money and row.standing == "counted":
            key = row.donor, row.kind, row.stage, row.money.currency
            found[key] = found.get(key, Decimal(0)) + row.money.amount
    return found


@needs_files
@pytest.mark.slow
@pytest.mark.parametrize("path", [RELEASE_7, RELEASE_29])
def test_a_ledger_is_accepted_and_balances(path, tmp_path):
    (tmp_path / "a.beancount").write_bytes(to_beancount(vintage(path).rows))
    entries, errors, _options = loader.load_file(str(tmp_path / "a.beancount"))
    assert not errors
    names = [entry.currency for entry in entries if isinstance(entry, Commodity)]
    assert len(names) == len(set(names)), "one commodity for each item"
    whole: dict[str, Decimal] = {}
    for entry in entries:
        for posting in getattr(entry, "postings", ()):
            if posting.account.startswith("Assets:Committed") and posting.units.currency == "EUR":
                whole["EUR"] = whole.get("EUR", Decimal(0)) + posting.units.number
    stated = sum(
        row.money.amount
        for row in vintage(path).rows
        if row.money and row.money.currency == "EUR" and row.stage == "committed" and row.standing == "counted"
    )
    assert whole["EUR"] == stated


def test_items_that_differ_have_codes_that_differ():
    items = ["155mm howitzer", "155 mm howitzer", "155MM HOWITZER", "T-72", "Танк", "x" * 60, "x" * 61, "EUR", "M1"]
    codes = [commodity(item) for item in items]
    assert len(set(codes)) == len(items)
    assert all(len(code) <= 24 for code in codes)


@needs_files
@pytest.mark.parametrize("path", [RELEASE_7, RELEASE_29])
def test_the_summary_by_country_is_read_back(tmp_path, path):
    (tmp_path / "a.xlsx").write_bytes(to_summary(vintage(path)))
    figures, members = summary(sheets.workbook(tmp_path / "a.xlsx"), Notes())
    assert members == vintage(path).members
    stage = default_stage(vintage(path))
    sums = totals(vintage(path).rows, ("donor",))
    given = {one.donor: one.value for one in figures if one.name == "total"}
    assert abs(given.pop("") - sums.eur(stage)) < 1, "the union's organs are counted once"
    for donor, value in given.items():
        assert abs(value - sums.eur(stage, donor)) < Decimal("0.01")


@needs_files
def test_parquet_has_every_row_and_the_same_sum(tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(to_parquet(vintage(RELEASE_7).rows))
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT count(*), sum(eur) FILTER (stage = 'committed') FROM read_parquet($path)", {"path": str(path)}
        ).fetchone()
    assert found == (len(vintage(RELEASE_7).rows), totals(vintage(RELEASE_7).rows).eur("committed"))


def test_the_template_filled_in_is_read(tmp_path):
    import xlsxwriter

    (tmp_path / "empty.xlsx").write_bytes(template())
    book = sheets.workbook(tmp_path / "empty.xlsx")
    (head,) = book.get_sheet_by_name("Commitments").to_python()
    with xlsxwriter.Workbook(str(tmp_path / "full.xlsx")) as made:
        sheet = made.add_worksheet("Commitments")
        sheet.write_row(0, 0, head)
        values = {"id": "LV-1", "donor": "Latvia", "kind": "arms", "stage": "committed", "quantity": 3, "item": "tank"}
        for field, value in values.items():
            sheet.write(1, head.index(field), value)
    (row,) = read(tmp_path / "full.xlsx").rows
    assert isinstance(row, Row)
    assert (row.donor, row.item, row.quantity) == ("LVA", "tank", Quantity(Decimal(3), Decimal(3)))


@needs_files
def test_csv_of_a_release_is_the_same_release(tmp_path):
    (tmp_path / "a.csv").write_bytes(to_csv(vintage(RELEASE_7).rows))
    assert read(tmp_path / "a.csv").digest == vintage(RELEASE_7).digest


def counted(quantity: Quantity, **more) -> Row:
    return Row(id="a", donor="POL", kind="arms", stage="committed", first=date(2024, 1, 1), last=date(2024, 1, 1),
               quantity=quantity, place=Place("made", 2), **more)  # fmt: skip


def test_parquet_tells_an_exact_number_from_one_without_an_upper_bound(tmp_path):
    exact, least = Quantity(Decimal(5), Decimal(5)), Quantity(Decimal(5), None)
    path = tmp_path / "a.parquet"
    path.write_bytes(to_parquet([counted(exact, item="tank"), counted(least, item="tank")]))
    rows = duckdb.connect().execute("SELECT quantity, quantity_high FROM read_parquet($1)", [str(path)]).fetchall()
    assert rows == [(5, 5), (5, None)]


def test_whatever_of_a_row_iati_does_not_have_is_named():
    """Money of a detail, units of what has no name, and a range beside an amount were left out in silence."""
    money, five = Money(Decimal(7), "EUR"), Quantity(Decimal(5), Decimal(5))
    rows = [
        counted(five),
        counted(Quantity(Decimal(1), None, "undisclosed"), item="tank", money=money),
        counted(Quantity(Decimal(1), None), item="tank", money=money, standing="detail"),
    ]
    _, lost = to_iati(rows, Reporter("XM-1", "X"), date(2025, 1, 1))
    assert [str(one.what).partition(":")[0] for one in lost] == [
        "neither an amount that counts nor an exact number of something named is stated",
        "its units",
        "neither an amount that counts nor an exact number of something named is stated",
    ]
