"""`foedus sanctions`: the package, conditions, calendar, matrix and target, in words and as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus import archive
from foedus.sanctions import acts, schedules
from foedus.sanctions.schedules import Row
from tests.plays import DAY, Play, staged

pytestmark = pytest.mark.slow
ROWS = [Row("T-50"), Row("T-51")]


@pytest.fixture
def eased(tmp_path: Path) -> Play:
    """What was listed is under relief; besides, the Union lists two targets by a table that the record holds."""
    play = staged("kyiv-2022", "eased", tmp_path / "record")
    table = schedules.encode(ROWS)
    archive.put(play.depositary.store, table)
    adopted = acts.AdoptSchedule(schedules.digest(table), 2, "asset_freeze", "eu-individual", "decision", play.at)
    play.do("EUE/foreign", adopted)
    play.do("EUE/foreign", acts.RefuseRenewal("EUE", "eu-individual"))
    play.do("GBR/foreign", acts.AdoptListing("T-51", "travel_ban", "national", "order", play.at))
    play.close()
    return play


def test_the_package_says_what_is_law_what_deviates_and_what_would_come_back(foedus, eased):
    at = (eased.at + DAY).isoformat()
    found = foedus.json("sanctions", "status", eased.address, "--at", at)
    union = next(one for one in found["issuers"] if one["issuer"] == "EUE")
    assert union["by_law"]["yes"] >= 2
    assert sum(one["deviating"] for one in found["issuers"]) > 0
    assert {one["listing"] for one in found["would_return"]} == set(eased.state.sanctions.relieved)
    said = foedus("sanctions", "status", eased.address, "--at", at).out
    assert "deviating" in said
    assert "A snapback would bring back now: " in said


def test_conditions_name_who_attests_and_what_is_stale(foedus, eased):
    now = foedus.json("sanctions", "conditions", eased.address, "--at", eased.at.isoformat())
    assert [one["met"] for one in now] == [True, True, True]
    assert len(now[0]["attested"]) == len({seat.partition("/")[0] for seat in eased.seats})
    later = foedus.json("sanctions", "conditions", eased.address, "--at", (eased.at + 100 * DAY).isoformat())
    assert [one["met"] for one in later] == [False, True, True]
    assert later[0]["stale"]
    assert "not met: P12.ceases" in foedus("sanctions", "conditions", eased.address, "--at", "2001-01-01").out


def test_the_calendar_begins_with_what_ends_first(foedus, eased):
    terms = foedus.json("sanctions", "calendar", eased.address, "--at", eased.at.isoformat())
    assert terms[0]["regime"] == "eu-individual"
    assert terms[0]["refusing"] == ["EUE"]
    assert terms[-1]["ends_at"] is None
    said = foedus("sanctions", "calendar", eased.address, "--at", eased.at.isoformat()).out
    assert "left, until " in said
    assert "Refused by: European Union." in said


def test_the_matrix_shows_a_union_s_listing_through_its_members_and_the_gaps(foedus, eased):
    at = ("--at", (eased.at + DAY).isoformat())
    found = foedus.json("sanctions", "matrix", eased.address, "--target", "T-50", *at)
    (row,) = found["rows"]
    assert "GBR" in row["gaps"]
    assert "POL" in row["states"]
    assert "GBR" not in row["states"]
    assert "through European Union" in foedus("sanctions", "matrix", eased.address, "--target", "T-50", *at).out
    gaps = foedus.json("sanctions", "matrix", eased.address, "--gaps", *at)
    assert {"T-50", "T-51"} <= {one["target"] for one in gaps["rows"]}


def test_a_target_on_a_day_as_known_on_a_day(foedus, eased):
    at = (eased.at + DAY).isoformat()
    found = foedus.json("sanctions", "target", eased.address, "T-51", "--at", at)
    assert [(one["issuer"], one["standing"]["in_law"]) for one in found["listings"]] == [("EUE", "yes"), ("GBR", "yes")]
    unknown = foedus.json("sanctions", "target", eased.address, "T-51", "--at", at, "--known", "2001-01-01")
    assert unknown["listings"] == []
    said = foedus("sanctions", "target", eased.address, "T-51", "--at", at, "--lang", "uk").out
    assert "замороження активів" in said
    assert "Nobody lists T-99." in foedus("sanctions", "target", eased.address, "T-99").out
