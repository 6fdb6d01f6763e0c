"""The register of arms transfers: evidence in units, never in any sum of money."""

from __future__ import annotations

from foedus.commitments.sources.totals import totals, units
from tests.commitments.sources.real import DATA, needs_files, vintage

REGISTER = DATA / "arms/sipri_ukraine_imports.csv"
pytestmark = needs_files


def test_it_is_evidence_and_adds_no_money_and_no_units():
    read = vintage(REGISTER)
    assert {row.standing for row in read.rows} == {"evidence"}
    assert {row.money for row in read.rows} == {None}
    assert totals(read.rows).lines == ()
    assert units(read.rows) == ()


def test_orders_and_deliveries_by_supplier():
    rows = vintage(REGISTER).rows
    spartans = [f"{row.donor} {row.stage} {row.quantity.low}" for row in rows if row.quantity and row.item == "Spartan"]
    assert spartans[:2] == ["LVA committed 9", "LVA delivered 9"]
    assert any(row.quantity.said == "?" for row in rows if row.quantity), "the register is not sure of some"
    several = [row for row in rows if row.first and row.last and row.stage == "delivered" and row.year == "undated"]
    assert several, "deliveries over several years are not put into one of them"


def test_unknown_suppliers_and_the_doubled_row_are_named():
    read = vintage(REGISTER)
    assert [one.place.column for one in read.skipped] == ["Supplier"] * 4
    assert [one.place.row for one in read.doubts] == [396]
