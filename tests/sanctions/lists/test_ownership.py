"""The 50 per cent rule: together or alone, directly or through others that are owned so, with the chain."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.across import Across, owned
from foedus.sanctions import lists
from foedus.sanctions.lists import Link, Name
from foedus.sanctions.lists.canonical import target
from foedus.sanctions.lists.ownership import Stake, owned_by_listed, stakes
from tests.sanctions.lists import made


def held(*stakes_):
    return [Stake(owner, owned, None if share is None else Fraction(share)) for owner, owned, share in stakes_]


def result(listed, *stakes_):
    return {one.id: (one.share, one.treated_as_listed) for one in owned_by_listed(listed, held(*stakes_))}


def test_half_is_enough_and_less_is_not():
    assert result("A", ("A", "x", "50"), ("A", "y", "49.99")) == {"x": (50, True), "y": (Fraction("49.99"), False)}


def test_listed_owners_count_together():
    assert result("AB", ("A", "x", "25"), ("B", "x", "25")) == {"x": (50, True)}


def test_an_indirect_share_counts_whole_through_who_is_owned_so_and_not_at_all_otherwise():
    """The guidance's own examples: 50 per cent of one that owns 50 per cent; 25 per cent passes nothing on."""
    assert result("A", ("A", "x", "50"), ("x", "y", "50")) == {"x": (50, True), "y": (50, True)}
    assert result("A", ("A", "x", "25"), ("x", "y", "100")) == {"x": (25, False)}
    assert result("A", ("A", "x", "50"), ("A", "z", "50"), ("x", "y", "25"), ("z", "y", "25"))["y"] == (50, True)


def test_control_is_shown_and_adds_no_per_cent():
    (one,) = owned_by_listed("A", held(("A", "x", None)))
    assert (one.share, one.treated_as_listed, one.chain) == (Fraction(0), False, ())
    assert one.controlled_by == ("A",)


def test_the_chain_leads_from_the_listed_owner_down():
    found = {one.id: one for one in owned_by_listed("A", held(("A", "x", "60"), ("x", "y", "70"), ("y", "z", "80")))}
    assert [(each.owner, each.owned) for each in found["z"].chain] == [("A", "x"), ("x", "y"), ("y", "z")]


def test_owners_in_a_circle_own_nothing_by_it():
    assert result("A", ("x", "y", "100"), ("y", "x", "100")) == {}
    assert result("A", ("A", "x", "50"), ("x", "y", "100"), ("y", "x", "50"))["x"] == (50, True)


def test_what_two_lists_tell_of_one_share_counts_once():
    assert result("A", ("A", "x", "30"), ("A", "x", "30")) == {"x": (30, False)}


def test_stakes_are_read_from_a_list():
    (stake,) = stakes(lists.read(made.FTM).targets)
    assert (stake.owner, stake.owned, stake.share) == ("p1", "c1", Fraction(51))


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ("50", 50), ("50.00 %", 50), ("49.999999999", Fraction("49.999999999")), ("50-75", 50), ("75 to 100 %", 75),
        (">50", 50), ("≥ 25%", 25), ("0", 0), ("100", 100), ("150", None), ("-1", None), ("50,5", None), ("n/a", None),
        ("1e999999999", None), ("1/2", None), ("٥٠", None), ("", None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_a_share_is_read_as_what_is_held_at_least_or_not_at_all(said, share):
    (stake,) = stakes([target("a", "person", [Name("a")], links=[Link("owned", to="b", share=said)])])
    assert stake.share == share


def ownership(share: str, **more: str) -> bytes:
    said = {"owner": "p9", "asset": "c9", "percentage": share, **more}
    return made.ftm(
        {"id": "p9", "schema": "Person", "properties": {"name": ["A"], "topics": ["sanction"]}},
        {"id": "c9", "schema": "Company", "properties": {"name": ["B"]}},
        {"id": "o9", "schema": "Ownership", "properties": {name: [each] for name, each in said.items()}},
    )


def test_a_share_that_is_none_is_named_and_stops_nothing():
    """One party's list must not take the question of ownership from everybody."""
    read = lists.read(ownership("all of it"))
    assert {str(one.what) for one in read.doubts} == {
        "p9: a share of 'all of it' is not 0 to 100 per cent", "c9: a share of 'all of it' is not 0 to 100 per cent",
    }  # fmt: skip
    (one,) = owned_by_listed(["p9"], stakes(read.targets))
    assert (one.share, one.treated_as_listed, one.controlled_by) == (Fraction(0), False, ("p9",))


def test_what_was_owned_until_a_day_is_told_and_is_no_stake():
    read = lists.read(ownership("100", endDate="2021-03-01"))
    assert stakes(read.targets) == []
    assert {link.note for one in read.targets for link in one.links} == {"until 2021-03-01"}


def test_what_is_shown_is_never_rounded_up_to_a_half():
    (one,) = owned(Across((lists.read(ownership("49.9999999999")),), {}), ["ftm:p9"])
    assert (one.share, one.treated_as_listed) == ("49.9999999999", False)
    (one,) = owned(Across((lists.read(ownership("50.00")),), {}), ["ftm:p9"])
    assert (one.share, one.treated_as_listed, one.chain) == ("50", True, (("ftm:p9", "ftm:c9", "50"),))


def test_a_chain_may_be_of_any_length():
    held_ = held(("A", "0", "50"), *((str(n), str(n + 1), "50") for n in range(1100)))
    found = owned_by_listed("A", held_)
    assert len(found) == 1101
    assert all(one.treated_as_listed for one in found)
    assert max(len(one.chain) for one in found) == 1101


IDS = st.sampled_from("ABxyz")


@given(st.lists(st.tuples(IDS, IDS, st.integers(0, 100).map(str)), max_size=8))
def test_every_entity_treated_as_listed_is_held_to_half_by_the_listed_and_those_before_it(told):
    found = owned_by_listed("AB", held(*told))
    treated = {one.id for one in found if one.treated_as_listed}
    for one in found:
        assert (one.share >= 50) == one.treated_as_listed
        assert {each.owner for each in one.chain} <= treated | {"A", "B"}
        assert not one.treated_as_listed or one.chain
