"""What is told of one listing of all that bears on its whole regime: what made it what it then was, and no more."""

from __future__ import annotations

from foedus.sanctions import acts
from foedus.sanctions.state import found
from foedus.sanctions.status import bearing_on, standing
from tests.sanctions.stories import Story


def told(story: Story, id_: str) -> list[str]:
    one = found(story.state.sanctions, id_)
    assert one is not None
    return [fact.what for fact in bearing_on(story.state.sanctions, one)]


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
