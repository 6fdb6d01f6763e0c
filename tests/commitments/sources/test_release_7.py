"""Release 7 of the tracker's workbook: every published figure again from its rows, and what it says twice found."""

from __future__ import annotations

import csv
from decimal import Decimal

from foedus.commitments.sources.difference import difference
from foedus.commitments.sources.donors import donor
from foedus.commitments.sources.doubts import findings
from foedus.commitments.sources.model import Quantity
from foedus.commitments.sources.shares import shares
from foedus.commitments.sources.totals import totals, units
from tests.commitments.sources.real import KIEL, RELEASE_7, needs_files, vintage

pytestmark = needs_files
BILLION = Decimal(1_000_000_000)


def test_all_41_donors_of_the_published_summary():
    sums = totals(vintage(RELEASE_7).rows, ("donor", "kind"))
    with (KIEL / "release07_published_country_summary.csv").open(encoding="utf-8") as file:
        published = [row for row in csv.DictReader(file) if row["country"] != "Total"]
    assert len(published) == 41
    for row in published:
        code = donor(row["country"])
        assert abs(sums.eur("committed", code) / BILLION - Decimal(row["total_bn"])) <= Decimal("0.000001"), code
        for kind in ("financial", "humanitarian", "military"):
            given = sums.eur("committed", code, kind) / BILLION
            assert abs(given - Decimal(row[f"{kind}_bn"])) <= Decimal("0.000001"), (code, kind)


def test_the_whole_is_93_9426_billion_and_not_what_its_total_row_says():
    whole = totals(vintage(RELEASE_7).rows)
    assert round(whole.eur("committed") / BILLION, 4) == Decimal("93.9426")
    assert round(whole.eur("delivered") / BILLION, 3) == Decimal("9.184")
    said = [str(one.what) for one in findings(vintage(RELEASE_7)) if one.place.sheet == "Country Summary"]
    twice = "counts 11.740 bn EUR of EU (Commission and Council) twice: as a donor and as the members’ share"
    assert said == [f"the total of 105.683 bn EUR {twice}; once it is 93.943"]


def test_377_of_377_amounts_are_their_total_by_the_release_s_own_rate():
    converted = [row for row in vintage(RELEASE_7).rows if row.stage == "committed" and row.eur is not None]
    assert len(converted) == 377
    for row in converted:
        assert row.money is not None
        assert row.rate is not None
        assert row.eur is not None
        assert abs(row.money.amount / row.rate - row.eur) <= Decimal("0.01"), row.id


def test_howitzers_and_tanks():
    counted = {(one.item, one.stage): one for one in units(vintage(RELEASE_7).rows)}
    for item, committed, delivered in (("155mm howitzer", 247, 197), ("Main Battle Tank (MBT)", 288, 252)):
        assert counted[item, "committed"].stated == committed
        assert counted[item, "delivered"].stated == delivered
        assert counted[item, "committed"].at_most is None, "one package does not say how many"
    figures = {one.name: one.value for one in vintage(RELEASE_7).figures if not one.donor}
    assert figures["committed: Howitzer(155mm)"] == 247
    assert figures["delivered: Tanks"] == 252


def test_what_it_is_and_what_was_not_taken():
    read = vintage(RELEASE_7)
    assert (read.publisher, read.release, str(read.data_until), len(read.members)) == (
        "Kiel Institute", "7", "2022-10-03", 27,
    )  # fmt: skip
    assert [(one.place.row, one.place.column) for one in read.skipped] == [(856, "M"), (858, "M"), (859, "M")]
    assert [one.place.row for one in read.doubts] == [324]


def test_days_after_the_release_and_amounts_without_euros_are_found():
    rows = {one.place.row: str(one.what) for one in findings(vintage(RELEASE_7))}
    assert "2922-02-09" in rows[214], "a year with a digit wrong"
    assert "2027-04-06" in rows[480], "a day dragged down a column"
    assert rows[697].startswith("3800000 USD")


def test_undisclosed_is_a_range():
    hidden = [row.quantity for row in vintage(RELEASE_7).rows if row.quantity and row.quantity.said == "undisclosed"]
    assert len(hidden) > 200
    assert set(hidden) == {Quantity(Decimal(1), None, "undisclosed")}


def test_shares_of_gdp_with_and_without_the_eu():
    found = {one.donor: one for one in shares(vintage(RELEASE_7))}
    published = {"LVA": ("0.92170", "1.01448"), "EST": ("0.84866", "0.94563"), "POL": ("0.48778", "0.59990")}
    for code, (alone, with_eu) in published.items():
        assert f"{found[code].pct:.5f}" == alone
        assert f"{found[code].pct_with_eu:.5f}" == with_eu
    assert found["EUE"].with_eu is None, "what the union gave stands with its members then"
    once = sum(one.with_eu or 0 for one in found.values())
    assert abs(once - totals(vintage(RELEASE_7).rows).eur("committed")) < 10, "a transfer adds nothing"


def test_the_same_release_again_changes_nothing():
    change = difference(vintage(RELEASE_7), vintage(RELEASE_7))
    assert (change.added, change.gone, change.changed, change.moved) == ((), (), (), ())
