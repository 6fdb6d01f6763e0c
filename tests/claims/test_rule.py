"""Rules and rates are read strictly."""

from __future__ import annotations

import pytest

from foedus.claims.rule import belongs, cents, read_rates, read_rules, shown
from foedus.errors import Malformed

GOOD = """
eligibility:
  clause: P12.claims
  since: 2022-02-24
  places: [UA]
  categories: [{code: A2.1}, {code: B3, confirmed: false}]
distribution:
  clause: P12.distribution
  currency: EUR
  reserve: 1/20
  steps: [{categories: [A2], fixed: "5000.00"}, {categories: [A, B], cap: "20000.00", at_most: 1/2}]
"""


def test_rules_are_read(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(GOOD, "utf-8")
    found = read_rules(path)
    assert [one.confirmed for one in found.eligibility.categories] == [True, False]
    assert [step.fixed for step in found.distribution.steps] == ["5000.00", None]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reserve: 1/20", "reserve: 3/2"),
        ("at_most: 1/2", "at_most: 5/4"),
        ("cap:", "fixed: '1.00', cap:"),
        ("cap:", "ceiling:"),
        ("EUR", "euro"),
        ("A2.1", "a2"),
        ('"5000.00"', '"5000.001"'),
        ("[{categories: [A2]", "[{categories: []"),
        ("eligibility:", "eligibility: ["),
        ("since: 2022-02-24", "since: 2022-13-24"),
        ("reserve: 1/20", "reserve: " + "[" * 5000),
    ],
)
def test_what_is_no_rule_is_malformed(tmp_path, old, new):
    path = tmp_path / "rules.yaml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(Malformed):
        read_rules(path)


def test_rates_are_decimal_and_each_stands_once(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("currency,rate\nUAH,0.0207\nUSD,0.9\n", "utf-8")
    found = read_rates(path)
    assert found.scaled == {"UAH": 207_000_000, "USD": 9_000_000_000}
    assert found.known("EUR") == {"EUR", "UAH", "USD"}
    for bad in ("UAH,0", "UAH,1e3", "UAH", "uah,1", "UAH,1\nUAH,1", "UAH,-1", "UAH,0.00000000001"):
        path.write_text(f"currency,rate\n{bad}\n", "utf-8")
        with pytest.raises(Malformed, match="line"):
            read_rates(path)


def test_a_category_is_below_its_letter_and_its_group():
    assert belongs("A2.1", ("A",))
    assert belongs("A2.1", ("B", "A2"))
    assert belongs("A2.1", ("A2.1",))
    assert not belongs("A21", ("A2",))
    assert not belongs("A2", ("A2.1",))


def test_sums_and_cents():
    assert (cents("12.30"), cents("7"), shown(1230), shown(-5), shown(0)) == (1230, 700, "12.30", "-0.05", "0.00")
