"""What is told of one listing of all that bears on its whole regime: what made it what it then was, and no more."""

from __future__ import annotations

from datetime import datetime

from foedus.sanctions import acts
from foedus.sanctions.state import found
from foedus.sanctions.status import Standing, bearing_on, standing
from tests.sanctions.stories import DAY, Story


def told(story: Story, id_: str) -> list[str]:
    one = found(story.state.sanctions, id_)
    assert one is not None
    return [fact.what for fact in bearing_on(story.state.sanctions, one)]


def now(story: Story, id_: str) -> Standing:
    """What a listing is now."""
    known = found(story.state.sanctions, id_)
    assert known is not None
    said = standing(story.state.sanctions, known, story.at, story.at)
    assert said is not None
    return said


def test_a_history_has_lapses_and_snapbacks_where_they_changed_the_listing():
    """Also of a row whose whole schedule was under relief; of what stood whole it has no snapback."""
    story = Story("exercise", "UKR POL NOR FIN EUE HUN")
    story.act("EUE/foreign", acts.AdoptListing("T-1", "asset_freeze", "eu-individual", "order", story.at))
    story.act("POL/foreign", acts.AdoptListing("T-1", "asset_freeze", "national", "order", story.at))
    story.act("POL/foreign", acts.AdoptSchedule("b" * 64, 50, "travel_ban", "national", "order", story.at))
    easing = story.ease("travel_ban")
    story.act("POL/foreign", acts.GrantRelief("S-1", "lifted", "order", story.at, easing))
    story.wait(30)
    assert told(story, "EUE/asset_freeze/T-1") == ["lapsed"]
    story.attack()
    returned = story.state.sanctions.snapbacks["SB-1"].returned
    assert returned is not None
    story.act("POL/foreign", acts.EnactReinstatement("SB-1", "order", story.at))
    row = found(story.state.sanctions, "S-1/T-9")
    assert row is not None
    now = standing(story.state.sanctions, row, story.at, story.at)
    assert now is not None
    assert (now.in_law, now.winds_down_until) == ("yes", returned.winds_down_until)
    assert told(story, "S-1/T-9") == ["returned", "enacted"]
    assert told(story, "POL/asset_freeze/T-1") == []
    assert told(story, "EUE/asset_freeze/T-1") == ["lapsed"]


def test_what_is_listed_ahead_ends_with_its_regime():
    """The instrument is known when the regime lapses, and law a week later: nobody renewed what it rests on."""
    story = Story("exercise", "UKR POL NOR FIN EUE HUN")
    story.act("EUE/foreign", acts.AdoptListing("T-1", "asset_freeze", "eu-individual", "order", story.at))
    ends = story.state.sanctions.regimes["EUE/eu-individual"].ends_at[-1].value
    assert ends is not None
    ahead = ends + 7 * DAY
    story.act("EUE/foreign", acts.AdoptListing("T-2", "asset_freeze", "eu-individual", "order", ahead))
    story.act("EUE/foreign", acts.AdoptSchedule("b" * 64, 5, "travel_ban", "eu-individual", "order", ahead))
    ids = ("EUE/asset_freeze/T-1", "EUE/asset_freeze/T-2", "S-1", "S-1/T-9")
    assert [now(story, id_).status for id_ in ids] == ["adopted"] * 4
    story.wait((ends - story.at) / DAY)
    assert [(now(story, id_).status, now(story, id_).since) for id_ in ids] == [("expired", ends)] * 4
    story.wait(8)
    assert [(now(story, id_).status, now(story, id_).since) for id_ in ids] == [("expired", ends)] * 4
    story.act("EUE/foreign", acts.AdoptListing("T-2", "asset_freeze", "eu-individual", "order-2", story.at))
    assert now(story, "EUE/asset_freeze/T-2").in_law == "yes"
    assert now(story, "S-1").in_law == "no"


def test_a_listing_anew_counts_from_the_end_of_the_one_before():
    """An instrument may be dated back: what lapsed, or was under relief, until then is not undone by that."""
    story = Story("exercise", "UKR POL NOR FIN EUE HUN")
    first, id_ = story.at, "EUE/asset_freeze/T-1"
    story.act("EUE/foreign", acts.AdoptListing("T-1", "asset_freeze", "eu-individual", "order", first))
    story.wait(30)
    lapsed = now(story, id_).since
    story.act("EUE/foreign", acts.AdoptListing("T-1", "asset_freeze", "eu-individual", "order-2", first))
    story.act("EUE/foreign", acts.AdoptSchedule("b" * 64, 5, "travel_ban", "eu-individual", "order-2", first))
    for listed in (id_, "S-1", "S-1/T-9"):
        assert (now(story, listed).in_law, now(story, listed).since) == ("yes", lapsed)
    story.act("EUE/foreign", acts.GrantRelief(id_, "lifted", "order-3", story.at))
    story.wait(1)
    story.act("EUE/foreign", acts.AdoptListing("T-1", "asset_freeze", "eu-individual", "order-4", first))
    assert (now(story, id_).in_law, now(story, id_).since) == ("yes", story.at - DAY)
    story.act("EUE/foreign", acts.Delist(id_, "mistaken_identity", "order-5", story.at))
    story.act("EUE/foreign", acts.AdoptListing("T-1", "asset_freeze", "eu-individual", "order-6", first))
    assert now(story, id_).in_law == "yes"


def test_an_exemption_is_what_was_said_of_it_last_and_ends_with_its_listing():
    """A licence is extended or revoked by saying it again; one of a listing that ended is none of the next."""
    story = Story("exercise", "UKR POL NOR")
    id_ = "POL/asset_freeze/T-1"

    def exempted() -> list[tuple[str, datetime | None]]:
        known = found(story.state.sanctions, id_)
        assert known is not None
        now = standing(story.state.sanctions, known, story.at, story.at)
        assert now is not None
        return [(one.about, one.until) for one in now.exemptions]

    story.act("POL/foreign", acts.AdoptListing("T-1", "asset_freeze", "national", "order", story.at))
    story.act("POL/foreign", acts.GrantExemption(id_, "grain", "humanitarian"))
    story.act("POL/foreign", acts.GrantExemption(id_, "timber", "licence", story.at + 9 * DAY))
    story.act("POL/foreign", acts.GrantExemption(id_, "timber", "licence", story.at + DAY))
    assert exempted() == [("grain", None), ("timber", story.at + DAY)]
    story.wait(1)
    assert exempted() == [("grain", None)]
    story.act("POL/foreign", acts.GrantRelief(id_, "lifted", "order", story.at))
    story.act("POL/foreign", acts.AdoptListing("T-1", "asset_freeze", "national", "order-2", story.at))
    assert exempted() == [("grain", None)]
    story.act("POL/foreign", acts.Delist(id_, "mistaken_identity", "order-3", story.at))
    story.act("POL/foreign", acts.AdoptListing("T-1", "asset_freeze", "national", "order-4", story.at))
    assert exempted() == []
