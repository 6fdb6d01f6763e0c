"""`foedus commitments` over a record: stages, overdue, gap, coverage, calendar, proposals and one obligation."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from foedus.commitments import acts
from foedus.commitments.acts import Quantity
from foedus.commitments.coverage import LEVELS
from tests.plays import DAY, Play, staged

pytestmark = pytest.mark.slow
SHIPS = Quantity("ship", "6")


@pytest.fixture
def owing(tmp_path: Path) -> Play:
    """Orsmark owes six ships, of which four came, late; besides, what is needed and offered."""
    play = staged("mare-2030", "signed", tmp_path / "record")
    due = play.at.date() + DAY
    owed = acts.UndertakeObligation("mare-2030", "A.patrols", "arms_transfers", "units", SHIPS, "legal", "XHA")
    play.do("XOR/admiral", owed)
    play.do("XOR/admiral", acts.ScheduleTranche("O-1", SHIPS, due))
    play.do("XOR/admiral", acts.Allocate("O-1/T-1", SHIPS, "stock", "XOR", "XOR", "XOR"))
    play.do("XHA/admiral", acts.StateRequirement("patrol", "ship", "5", "9", due + 400 * DAY, 1))
    play.do("XTA/admiral", acts.OfferSupply("patrol", Quantity("ship", "2"), due, ("sea",)))
    play.wait(play.at + 3 * DAY)
    delivered = acts.ReportDelivery("O-1/T-1/A-1", Quantity("ship", "4"), play.at.date())
    play.do("XOR/admiral", delivered)
    play.close()
    return play


def test_sums_by_stage_and_by_party(foedus, owing):
    found = foedus.json("commitments", "stages", owing.address, "--by", "party,kind", "--party", "XOR")
    assert found["by"] == ["stage", "party", "kind", "unit"]
    assert [(one["stage"], one["low"]) for one in found["sums"]] == [
        ("committed", "6"), ("scheduled", "6"), ("allocated", "6"), ("delivered", "4"), ("funded", "6"),
    ]  # fmt: skip
    assert "delivered, Orsmark: ship: 4" in foedus("commitments", "stages", owing.address, "--by", "party").out
    assert foedus.json("commitments", "totals", owing.address) == foedus.json("commitments", "stages", owing.address)
    assert foedus("commitments", "stages", owing.address, "--by", "colour").status == 2
    past = foedus.json("commitments", "stages", owing.address, "--at", (owing.at - timedelta(days=2)).isoformat())
    assert "delivered" not in {one["stage"] for one in past["sums"]}


def test_what_is_overdue_is_told_with_what_came(foedus, owing):
    (one,) = foedus.json("commitments", "overdue", owing.address, "--at", owing.at.isoformat())["overdue"]
    assert (one["tranche"], one["party"], one["days"], one["came"]["low"]) == ("O-1/T-1", "XOR", 1, "4")
    said = foedus("commitments", "overdue", owing.address, "--at", owing.at.isoformat()).out
    assert said.startswith("Orsmark: O-1/T-1, ship: 6, due since ")
    before = foedus("commitments", "overdue", owing.address, "--at", (owing.at - 3 * DAY).isoformat()).out
    assert before == "Nothing is overdue.\n"
    assert foedus.json("commitments", "overdue", owing.address, "--party", "XTA")["overdue"] == []


def test_the_gap_says_what_came_and_what_is_due(foedus, owing):
    (one,) = foedus.json("commitments", "gap", owing.address, "--at", owing.at.isoformat())["gaps"]
    assert (one["came"], one["due"], one["sufficient"], one["missing"]) == ("4", "2", True, "0")
    assert one["sources"][0]["clause"] == "A.patrols"
    assert "met by what is due" in foedus("commitments", "gap", owing.address, "--at", owing.at.isoformat()).out


def test_coverage_names_what_nobody_promised(foedus, owing):
    found = foedus.json("commitments", "coverage", owing.address)
    assert found["nobody"] == ["A.own-part"]
    said = foedus("commitments", "coverage", owing.address).out
    assert "Nobody has promised: A.own-part" in said
    provisions, *lines = [line.split() for line in said.splitlines()]
    assert provisions[0] == "A.own-part"  # what nobody has promised stands first
    assert set(provisions) == {row["provision"] for row in found["rows"]} == found["grid"].keys()
    assert [line[0] for line in lines[: len(found["agreements"])]] == found["agreements"]
    assert {level for row in found["grid"].values() for level in row.values()} <= set(LEVELS)
    assert found["grid"]["A.patrols"][found["agreements"][0]] == "binding"


def test_the_calendar_and_one_obligation(foedus, owing):
    at = (owing.at - 3 * DAY).isoformat()
    falls = foedus.json("commitments", "calendar", owing.address, "--at", at, "--days", "500")["falls"]
    assert [one["id"] for one in falls] == ["O-1/T-1", "Q-1"]
    shown = foedus.json("commitments", "show", owing.address, "O-1")
    assert shown["terms"]["clause"] == "A.patrols"
    assert [one["level"] for one in shown["deliveries"]] == [1]
    assert "O-1/T-1: ship: 6" in foedus("commitments", "show", owing.address, "O-1").out
    assert foedus("commitments", "show", owing.address, "O-9").status == 2


def test_a_proposal_names_offer_need_and_consent(foedus, owing):
    at = ("--at", owing.at.isoformat())
    (one,) = foedus.json("commitments", "match", owing.address, *at)["proposals"]
    assert (one["offer"], one["requirement"], one["amount"], one["consent"]) == ("F-1", "Q-1", "2", "not_needed")
    assert foedus("commitments", "match", owing.address, *at, "--way", "air").out.startswith("No offer fits")
    assert foedus("commitments", "match", owing.address, "--way", "foot").status == 2
