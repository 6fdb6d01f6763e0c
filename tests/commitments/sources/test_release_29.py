"""The web files of release 29: their totals from the rows, and the three places where they contradict each other."""

from __future__ import annotations

import csv
from decimal import Decimal

from foedus.commitments.sources.donors import donor
from foedus.commitments.sources.doubts import findings
from foedus.commitments.sources.shares import gdp_table, shares
from foedus.commitments.sources.totals import totals, units
from tests.commitments.sources.real import DATA, KIEL, RELEASE_29, needs_files, vintage

pytestmark = needs_files
BILLION = Decimal(1_000_000_000)


def billions(value: Decimal) -> str:
    return f"{value / BILLION:.3f}"


def test_the_totals():
    sums = totals(vintage(RELEASE_29).rows, ("kind",))
    assert billions(sums.eur("allocated")) in ("358.399", "358.400")
    assert billions(sums.eur("allocated", "military")) == "172.993"
    assert billions(sums.eur("allocated", "financial")) == "159.684"
    assert billions(sums.eur("allocated", "humanitarian")) == "25.722"
    assert billions(sums.eur("committed")) == "547.984"


def test_five_years_and_42_donors():
    by_year = totals(vintage(RELEASE_29).rows, ("year", "kind"))
    with (KIEL / "release29_published_by_year.csv").open(encoding="utf-8") as file:
        years = list(csv.DictReader(file))
    assert len(years) == 5
    for row in years:
        assert abs(by_year.eur("allocated", row["year"]) / BILLION - Decimal(row["total_bn"])) <= Decimal("0.000001")
    by_donor = totals(vintage(RELEASE_29).rows, ("donor",))
    with (KIEL / "release29_published_by_donor.csv").open(encoding="utf-8") as file:
        donors = list(csv.DictReader(file))
    assert len(donors) == 42
    for row in donors:
        code = donor(row["country"])
        assert abs(by_donor.eur("allocated", code) / BILLION - Decimal(row["total_bn"])) <= Decimal("0.000001"), code
        given = by_donor.eur("committed", code) / BILLION
        assert abs(given - Decimal(row["commitments_bn"])) <= Decimal("0.000001"), code


def test_what_contradicts_itself():
    said = [str(one.what) for one in findings(vintage(RELEASE_29))]
    assert said == [
        "Australia: 1.073 bn EUR allocated, 1.052 committed: 0.020 more than was promised",
        "Ireland: 0.513 bn EUR allocated, 0.389 committed: 0.124 more than was promised",
        "Slovakia: 0.752 bn EUR allocated, 0.738 committed: 0.014 more than was promised",
        "military adds up to 168.047 bn EUR here, to 172.993 in the rows by donor",
        "Slovenia: 0.2586 % of GDP here, 0.2715 % in data_explorer.csv",
    ]


def test_weapons_are_counted_and_their_value_is_not_added_again():
    counted = {one.item: one.stated for one in units(vintage(RELEASE_29).rows)}
    assert counted == {"Air Defense": 111, "Howitzers": 977, "IFV": 1271, "MLRS": 84, "Tanks": 884}


def test_shares_of_gdp_by_the_source_and_by_another_table():
    found = {one.donor: one for one in shares(vintage(RELEASE_29))}
    published = {"DNK": "3.8513", "EST": "3.6548", "LTU": "3.3708", "LVA": "2.5319", "SWE": "2.4946"}
    assert {code: f"{found[code].pct_with_eu:.4f}" for code in published} == published
    revised = {one.donor: one for one in shares(vintage(RELEASE_29), gdp=gdp_table(DATA / "macro/gdp.csv", 2021))}
    before, after = found["DNK"], revised["DNK"]
    assert before.gdp is not None
    assert after.gdp is not None
    assert Decimal("1.01") < after.gdp / before.gdp < Decimal("1.03"), "revised since, by about 2 %"
    assert after.eur == before.eur
