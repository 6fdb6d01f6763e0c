"""No path by which a single party, an outsider or the aggressor keeps from coming back what was under relief."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect

from foedus.acts import Body
from foedus.compact.model import Permit
from foedus.errors import Refused
from foedus.parties.acts import GiveNotice
from foedus.sanctions import acts
from foedus.sanctions.matrix import would_return
from foedus.sanctions.state import found
from foedus.sanctions.status import standing
from tests.sanctions.stories import Story
from tests.strategies import examples, values

SIGNED = "UKR POL NOR FIN XAA XAB EUE HUN"
RELIEFS: tuple[acts.Relief, ...] = ("suspended", "eased", "lifted")
ALONE = ("XAA", "XAB", "POL", "HUN")
pytestmark = pytest.mark.slow


def eased() -> Story:
    """Five issuers with everything that can stand under relief, agreed and not, whole tables and single rows; what the
    Union listed lapses soon, and each of its members can refuse to renew it.
    """
    story = Story("exercise", SIGNED)
    for party in ("POL", "NOR", "XAA", "XAB"):
        story.act(f"{party}/foreign", acts.AdoptListing("T-1", "asset_freeze", "national", "order", story.at))
        story.act(f"{party}/foreign", acts.AdoptListing("T-2", "trade", "national", "order", story.at))
        story.act(f"{party}/foreign", acts.AdoptSchedule("b" * 64, 50, "travel_ban", "national", "order", story.at))
    story.act("EUE/foreign", acts.AdoptListing("T-1", "asset_freeze", "eu-individual", "order", story.at))
    story.act("EUE/foreign", acts.AdoptSchedule("c" * 64, 50, "travel_ban", "eu-individual", "order", story.at))
    easing = story.ease("asset_freeze", "travel_ban")
    for id_ in ("EUE/asset_freeze/T-1", "S-5"):
        story.act("EUE/foreign", acts.GrantRelief(id_, "lifted", "order", story.at, easing))
    for number, party in enumerate(("POL", "NOR", "XAA", "XAB"), 1):
        seat, kind = f"{party}/foreign", RELIEFS[number % 3]
        story.act(seat, acts.GrantRelief(f"{party}/asset_freeze/T-1", kind, "order", story.at, easing))
        story.act(seat, acts.GrantRelief(f"{party}/trade/T-2", "lifted", "order", story.at))
        story.act(seat, acts.GrantRelief(f"S-{number}", kind, "order", story.at, easing))
    return story


def others(story: Story, party: str) -> set[str]:
    """What of other issuers is under relief."""
    known = story.state.sanctions
    return {id_ for id_ in known.relieved if (one := found(known, id_)) is not None and one.issuer != party}


KINDS = [inspect.type_info(kind) for kind in get_args(Body)]
IDS = (
    "XAA/asset_freeze/T-1", "POL/asset_freeze/T-1", "S-1", "S-2", "S-3", "S-2/T-9", "E-1", "SB-1", "I-1", "I-1/B-1",
)  # fmt: skip
NAMES = {
    **dict.fromkeys(("listing", "easing", "snapback"), IDS), "issuer": ("EUE", "POL"),
    "regime": ("eu-individual", "national"),
}  # fmt: skip


@pytest.mark.parametrize("party", ALONE)
@examples(60)
@given(st.data())
def test_nothing_that_one_party_does_keeps_others_from_coming_back(party, data):
    """Any acts of all its seats, before the attack and while it is voted on, and time: the rest is back, in that
    entry.
    """
    story = eased()
    before = others(story, party)
    roles = [role.id for role in story.clauses.compact.roles]
    for _ in range(data.draw(st.integers(1, 6))):
        body = data.draw(st.sampled_from(KINDS).flatmap(values))
        named = {name: data.draw(st.sampled_from(each)) for name, each in NAMES.items() if hasattr(body, name)}
        body = type(body)(**{field: named.get(field, getattr(body, field)) for field in body.__struct_fields__})
        seat = f"{party}/{data.draw(st.sampled_from(roles))}"
        also = [f"{party}/{role}" for role in roles if f"{party}/{role}" != seat]
        try:
            story.act(seat, body, *also)
        except Refused:
            continue
    story.wait(data.draw(st.sampled_from((0, 30, 400))))
    story.attack()
    known = story.state.sanctions
    returned = {type(event).__name__ for event in story.events}
    assert "SnappedBack" in returned
    for id_ in before:
        one = found(known, id_)
        assert one is not None
        now = standing(known, one, story.at, story.at)
        assert now is not None
        assert now.status == "reinstated", id_
        assert now.in_law == "owed"
    assert not [one for one, _ in would_return(story.clauses, story.state.sanctions, story.at)]


@pytest.mark.parametrize("party", ALONE)
def test_one_party_alone_cannot_stop_it_nor_can_all_but_one(party):
    story = eased()
    story.attack()
    story.act(f"{party}/foreign", acts.VoteToContinueRelief("SB-1", "yes"))
    for other in story.everybody():
        if other != "FIN":
            story.act(f"{other}/foreign", acts.VoteToContinueRelief("SB-1", "yes"))
    assert story.state.sanctions.snapbacks["SB-1"].stopped is None
    story.act("FIN/foreign", acts.VoteToContinueRelief("SB-1", "yes"))
    assert story.state.sanctions.snapbacks["SB-1"].stopped is not None


def test_the_aggressor_has_no_act_at_all():
    story = eased()
    groups = {by.group for _, permit in story.clauses.every(Permit) for by in permit.by}
    assert story.clauses.excluded
    for outsider in story.clauses.excluded:
        assert not [group for group in groups if outsider in story.clauses.members(group)]
        with pytest.raises(Refused):
            story.act(f"{outsider}/foreign", acts.VoteToContinueRelief("SB-1", "yes"))


def test_a_party_that_left_is_bound_no_more_and_its_listings_come_back_all_the_same():
    """Nobody owes an act under a compact that it has left; what the compact says of its listings stands."""
    story = eased()
    story.act("XAB/foreign", GiveNotice(story.clauses.compact.id))
    story.wait(200)
    story.attack()
    known = story.state.sanctions
    one = found(known, "XAB/asset_freeze/T-1")
    assert one is not None
    now = standing(known, one, story.at, story.at)
    assert now is not None
    assert (now.status, now.in_law) == ("reinstated", "no")
    returned = known.snapbacks["SB-1"].returned
    assert returned is not None
    assert returned.issuers == ("EUE", "NOR", "POL", "XAA")


def test_a_member_that_refuses_a_renewal_keeps_nothing_from_coming_back():
    """What nobody renewed while it was under relief comes back, and so does what is owed already when it lapses."""
    story = eased()
    story.act("HUN/foreign", acts.RefuseRenewal("EUE", "eu-individual"))
    story.wait(30)
    assert any(isinstance(event, acts.RegimeLapsed) for event in story.events)
    story.attack()
    known = story.state.sanctions
    for id_ in ("EUE/asset_freeze/T-1", "S-5/T-9"):
        one = found(known, id_)
        assert one is not None
        now = standing(known, one, story.at, story.at)
        assert now is not None
        assert (now.status, now.in_law) == ("reinstated", "owed")
