"""Facts that must hold in the instruments beside the bundled Kyiv Security Compact."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.compact.loader import load
from foedus.compact.model import Agreement, Compact

# The 29 lines that were signed in 2024 and 2025, 28 states and the European Union, with the day of signing.
SIGNED = {
    "GBR": "2024-01-12", "DEU": "2024-02-16", "FRA": "2024-02-16", "DNK": "2024-02-23", "CAN": "2024-02-24",
    "ITA": "2024-02-24", "NLD": "2024-03-01", "FIN": "2024-04-03", "LVA": "2024-04-11", "ESP": "2024-05-27",
    "BEL": "2024-05-28", "PRT": "2024-05-28", "SWE": "2024-05-31", "NOR": "2024-05-31", "ISL": "2024-05-31",
    "JPN": "2024-06-13", "USA": "2024-06-13", "EUE": "2024-06-27", "LTU": "2024-06-27", "EST": "2024-06-27",
    "POL": "2024-07-08", "LUX": "2024-07-10", "ROU": "2024-07-11", "CZE": "2024-07-18", "SVN": "2024-07-18",
    "IRL": "2024-09-04", "HRV": "2024-10-09", "GRC": "2024-10-17", "ALB": "2025-01-21",
}  # fmt: skip


LINES = Path(__file__).parents[3] / "shared/data/agreements/bilateral_agreements.csv"


@pytest.mark.skipif(not LINES.exists(), reason="the compiled lines are beside the project only where it is developed")
def test_every_compiled_line_stands_in_its_instrument_with_its_source(kyiv: Compact) -> None:
    lines = list(csv.DictReader(LINES.read_text("utf-8").splitlines()))
    assert lines
    urls = {source: reference.url for source, reference in kyiv.sources.items()}
    for line in lines:
        (found,) = [one for one in kyiv.agreements if one.id == f"ukr-{line['guarantor_iso3'].lower()}-2024"]
        assert str(found.signed) == line["signed"]
        (amount,) = [
            one
            for one in found.sums
            if one.amount == line["amount"] and (one.currency or "PCT_GDP") == line["currency"]
            and str(one.period_to) == line["period_to"]
        ]  # fmt: skip
        assert str(amount.period_from) == line["period_from"]
        assert line["source_url"] in {urls[ref] for ref in (*amount.source.ref, *found.source.ref)}


@pytest.fixture(scope="module")
def kyiv() -> Compact:
    return load("kyiv-2022")


@pytest.fixture(scope="module")
def clauses(kyiv: Compact) -> Clauses:
    return Clauses.of(kyiv)


def agreement(compact: Compact, name: str) -> Agreement:
    return next(one for one in compact.agreements if one.id == name)


def signed_bilaterals(compact: Compact) -> dict[str, Agreement]:
    """The 29 lines, by partner: what is only negotiated, and the hundred-year treaty, are not among them."""
    found = {}
    for one in compact.agreements:
        if one.kind == "bilateral" and one.lasts == Duration.parse("P10Y"):
            (partner,) = (status.party for status in one.parties if status.party != "UKR")
            found[partner] = one
    return found


def test_the_signed_bilaterals(kyiv: Compact) -> None:
    found = signed_bilaterals(kyiv)
    assert {partner: str(one.signed) for partner, one in found.items()} == SIGNED
    assert len(found) == 29
    for one in found.values():
        assert {status.status for status in one.parties} <= {"signed", "in_force"}


def test_what_stands_beside_them(kyiv: Compact) -> None:
    kinds = [one.kind for one in kyiv.agreements]
    assert (kinds.count("bilateral"), kinds.count("declaration"), kinds.count("additional")) == (31, 3, 3)
    assert str(agreement(kyiv, "ukr-gbr-2025").lasts) == "P100Y"
    assert {status.status for status in agreement(kyiv, "ukr-bgr").parties} == {"negotiating"}
    assert agreement(kyiv, "vilnius-2023").signed == date(2023, 7, 12)
    assert agreement(kyiv, "ukraine-compact-2024").signed == date(2024, 7, 11)
    assert agreement(kyiv, "paris-2026").signed == date(2026, 1, 6)


def test_the_hundred_year_treaty_is_in_force_since_the_note_was_handed_over(kyiv: Compact) -> None:
    found = agreement(kyiv, "ukr-gbr-2025")
    assert found.signed == date(2025, 1, 16)
    assert {(one.status, one.since) for one in found.parties} == {("in_force", date(2025, 10, 15))}


def test_a_clause_not_seen_in_its_text_says_where_it_is_known_from(kyiv: Compact) -> None:
    for one in kyiv.agreements:
        if one.consultation and not one.consultation.source.verified:
            assert one.consultation.source.ref, one.id
            assert one.consultation.source.note, one.id


def test_additional_agreements_are_proposed_only(kyiv: Compact) -> None:
    additional = [one for one in kyiv.agreements if one.kind == "additional"]
    assert {status.status for one in additional for status in one.parties} == {"proposed"}
    partners = {party.id for party in kyiv.parties if "black_sea" in party.groups}
    assert {status.party for status in agreement(kyiv, "black-sea").parties} == {"UKR"} | partners


def test_the_united_states_agreement_is_in_force_and_its_hours_are_soft(kyiv: Compact) -> None:
    found = agreement(kyiv, "ukr-usa-2024")
    assert {status.status for status in found.parties} == {"in_force"}
    assert found.force == "legal"
    assert str(found.notice) == "P6M"
    assert found.consultation is not None
    assert found.consultation.hard is False
    assert set(found.consultation.on) == {"armed_attack", "threat"}
    assert found.consultation.asked_by == ("UKR", "USA")
    assert not found.sums_found


def test_the_same_attack_opens_clauses_with_hours_and_without(clauses: Clauses) -> None:
    opened = clauses.consultations("armed_attack")
    hours = {one.id: one.consultation.within for one in opened if one.consultation}
    assert hours["vilnius-2023"] is None
    assert hours["ukraine-compact-2024"] is None
    assert sum(within == Duration.parse("PT24H") for within in hours.values()) >= 10
    assert {one.id for one in clauses.consultations("threat")} == {"ukr-usa-2024"}


def test_the_british_agreement_lapses_with_accession_to_nato(kyiv: Compact) -> None:
    assert [one.id for one in kyiv.agreements if one.ends_with] == ["ukr-gbr-2024"]
    assert agreement(kyiv, "ukr-gbr-2024").ends_with == ("NATO",)


def test_conflicting_sums_are_both_kept(kyiv: Compact) -> None:
    danish = {(one.amount, one.currency) for one in agreement(kyiv, "ukr-dnk-2024").sums}
    assert {("8500000000", "EUR"), ("69100000000", "DKK"), ("1800000000", "EUR")} == danish
    spanish = agreement(kyiv, "ukr-esp-2024").sums
    assert any(one.source.note and "counts it twice" in one.source.note.en for one in spanish)


def test_where_no_sum_was_found_none_is_given(kyiv: Compact) -> None:
    for one in kyiv.agreements:
        assert one.sums_found == bool(one.sums), one.id
    assert not agreement(kyiv, "ukr-pol-2024").sums_found
    assert not agreement(kyiv, "ukr-ita-2024").sums_found


def test_correspondence_is_our_reading(kyiv: Compact) -> None:
    for one in kyiv.agreements:
        for correspondence in one.corresponds:
            assert correspondence.source.kind == "interpretation", one.id


def test_greece_signed_and_has_not_ratified(kyiv: Compact) -> None:
    (greece,) = (status for status in agreement(kyiv, "ukr-grc-2024").parties if status.party == "GRC")
    assert greece.status == "signed"
    assert greece.source.note is not None
    assert "ratified" in greece.source.note.en
