"""Figures published beside a compact: each with source and day, as the reference has them, contradictions kept."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from foedus.exercise.script import exercise_compact
from foedus.published import Collection, Published, published

EVERY = published("kyiv-2022")
REFERENCE = Path(__file__).parents[2] / "shared/data/agreements/reparations.csv"
BILLIONS = {f"{code} bn": code for code in ("USD", "EUR", "CHF", "GBP")}


def figures(about: str) -> list[Published]:
    return [one for one in EVERY.figures if one.about == about]


@pytest.mark.parametrize("one", EVERY.figures, ids=lambda one: one.id)
def test_a_figure_has_a_source_and_says_what_is_not_known(one):
    assert one.url.startswith(("https://", "http://"))
    assert one.discloser.en
    assert one.discloser.uk
    assert one.disclosed == bool(one.unit)
    assert (one.split is not None) == (one.measure == "asset")
    if one.low is not None and one.high is not None:
        assert Decimal(one.low) <= Decimal(one.high)
    if one.party:
        assert one.party in {party.id for party in exercise_compact().parties}


def test_days_are_as_exact_as_the_source():
    assert {one.id: str(one.last_day) for one in EVERY.figures if one.id in ("eu-2025", "eu-2022", "era-g7")} == {
        "eu-2025": "2025-12-31", "eu-2022": "2022-12-31", "era-g7": "2024-10-25",
    }  # fmt: skip
    assert all(one.last_day is None for one in EVERY.figures if not one.as_of)


def test_contradictions_are_kept():
    assert {(one.low, one.high) for one in figures("luxembourg")} == {("0", "10000"), ("10000000000", "20000000000")}
    assert len([one for one in figures("euroclear") if one.disclosed]) == 3
    assert {one.split for one in figures("switzerland")} == {"custody", "currency"}


def test_what_is_given_to_an_act_is_what_was_published():
    one = next(one for one in EVERY.figures if one.id == "euroclear-2025")
    said = one.value()
    assert (said.low, said.currency, said.as_of, said.discloser) == ("193000000000", "EUR", one.last_day, "euroclear")


def test_beside_another_compact_nothing_is_published():
    assert published("mare-2030") == Collection()


@pytest.mark.skipif(not REFERENCE.is_file(), reason="the reference lies beside the project only where it is worked on")
def test_every_figure_of_the_reference_is_there():
    """Amount, currency and source of each row, whatever it is called here."""
    held = {(one.low, one.unit, one.url.partition("?source=")[0]) for one in EVERY.figures}
    missing = []
    for row in csv.DictReader(REFERENCE.read_text("utf-8").splitlines()):
        unit = BILLIONS.get(row["currency"], row["currency"])
        scale = 10**9 if row["currency"] in BILLIONS else 1
        amount = f"{Decimal(row['amount']) * scale:f}".partition(".")[0]
        url = row["source_url"].partition("?source=")[0]
        if (amount, unit, url) not in held and not any(
            one.high == amount and one.unit == unit and one.url.partition("?source=")[0] == url for one in EVERY.figures
        ):
            missing.append((row["holder_or_scope"], row["amount"], row["currency"]))
    assert missing == []
