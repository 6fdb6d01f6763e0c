"""Who lists whom, in how many states, what would come back, and that tables are read in one form only."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import Malformed
from foedus.sanctions import acts, schedules
from foedus.sanctions.matrix import applies_in, cells, gaps, totals, who_listed, would_return
from foedus.sanctions.schedules import Row
from foedus.sanctions.state import found
from foedus.sanctions.status import standing
from tests.sanctions.stories import Story
from tests.strategies import examples

ROWS = tuple(Row(f"T-{number}", f"entry {number}") for number in range(1, 31))
TABLE = schedules.encode(ROWS)
TABLES = {"S-1": frozenset(row.target for row in ROWS)}


def listed() -> Story:
    """Poland lists one target, the Union thirty by a table, of which one is delisted."""
    story = Story("exercise", "UKR POL JPN EUE XAA")
    story.act("POL/foreign", acts.AdoptListing("T-1", "asset_freeze", "national", "order", story.at))
    digest = schedules.digest(TABLE)
    story.act("EUE/foreign", acts.AdoptSchedule(digest, 30, "asset_freeze", "eu-individual", "decision", story.at))
    story.wait(10)
    story.act("EUE/foreign", acts.Delist("S-1/T-7", "deceased", "decision-2", story.at))
    return story


def test_who_listed_whom_on_a_day_as_known_on_a_day_is_one_call():
    story = listed()
    known = story.state.sanctions
    now = who_listed(known, "T-1", story.at, story.at, TABLES)
    assert [(one.listing.issuer, one.standing.status) for one in now] == [("EUE", "adopted"), ("POL", "adopted")]
    (dead,) = who_listed(known, "T-7", story.at, story.at, TABLES)
    assert (dead.standing.status, dead.standing.because) == ("lifted", "deceased")
    before = story.at.replace(day=story.at.day - 5)
    (alive,) = who_listed(known, "T-7", before, story.at, TABLES)
    assert alive.standing.status == "adopted"
    assert who_listed(known, "T-31", story.at, story.at, TABLES) == ()
    assert who_listed(known, "T-1", before.replace(year=2030), story.at, TABLES) == ()


def test_a_union_s_listing_is_one_act_and_applies_in_its_members():
    story = listed()
    known, clauses = story.state.sanctions, story.clauses
    ((pol, jpn, eue),) = cells(clauses, known, ["T-2"], ["POL", "JPN", "EUE"], story.at, story.at, TABLES)
    assert not pol.own
    assert [union for union, _ in pol.through] == ["EUE"]
    assert not pol.gap
    assert jpn.gap
    assert len(eue.own) == 1
    assert list(gaps([(pol, jpn, eue)])) == [jpn]
    states = applies_in(clauses, ["EUE", "POL"])
    assert "EUE" not in states
    assert len(states) == 27
    assert applies_in(clauses, ["EUE", "POL", "JPN"]) == states | {"JPN"}


def test_totals_count_each_row_of_a_table_and_each_exception_once():
    story = listed()
    found_ = {one.issuer: one for one in totals(story.state.sanctions, story.at, story.at)}
    assert found_["EUE"].by_status == {"adopted": 29, "lifted": 1}
    assert found_["EUE"].by_law == {"yes": 29, "no": 1}
    assert found_["POL"].by_status == {"adopted": 1}


def test_anyone_can_compute_the_digests_of_the_baseline_and_of_the_exceptions():
    story = listed()
    easing = story.ease("asset_freeze")
    events = story.act("EUE/foreign", acts.GrantRelief("S-1", "lifted", "decision-3", story.at, easing))
    story.act("POL/foreign", acts.GrantExemption("POL/asset_freeze/T-1", "grain", "humanitarian"))
    lines = [f"S-1\t{schedules.digest(TABLE)}\tdecision\n", "S-1/T-7\tT-7\tlifted\n"]
    kept = next(event for event in events if isinstance(event, acts.BaselineKept))
    assert (kept.digest, kept.listings) == (hashlib.sha256("".join(sorted(lines)).encode()).hexdigest(), 29)
    assert [one.id for one, _ in would_return(story.clauses, story.state.sanctions, story.at)] == ["S-1"]
    story.attack()
    back = next(event for event in story.events if isinstance(event, acts.SnappedBack))
    exceptions = "POL/asset_freeze/T-1\thumanitarian grain\nS-1/T-7\tdeceased\n"
    assert (back.returned, back.kept) == (29, 2)
    assert back.exceptions == hashlib.sha256(exceptions.encode()).hexdigest()


def test_a_row_is_what_its_schedule_is_unless_something_was_said_of_it_alone():
    story = listed()
    easing = story.ease("asset_freeze")
    story.act("EUE/foreign", acts.GrantRelief("S-1", "suspended", "decision-3", story.at, easing))
    story.wait(1)
    story.attack()
    known = story.state.sanctions
    schedule = known.schedules["S-1"]
    whole = standing(known, schedule, story.at, story.at)
    for row in schedules.decode(TABLE, schedule.table):
        row_now = standing(known, schedules.listing(known, schedule, row.target), story.at, story.at)
        assert (row_now == whole) == (row.target != "T-7")
    story.act("EUE/foreign", acts.RecordCase("S-1/T-99", "case"))
    assert list(schedules.strays(story.state.sanctions, schedule, ROWS)) == ["S-1/T-99"]


def test_relief_granted_before_a_snapback_has_no_effect_after_it():
    """A relief whose instrument names a later day does not begin once aggression was renewed in between."""
    story = listed()
    easing = story.ease("asset_freeze")
    later = story.at.replace(month=story.at.month + 2)
    story.act("POL/foreign", acts.GrantRelief("POL/asset_freeze/T-1", "lifted", "order-2", later, easing))
    story.act("EUE/foreign", acts.GrantRelief("S-1", "lifted", "decision-3", story.at, easing))
    story.attack()
    story.wait(90)
    one = found(story.state.sanctions, "POL/asset_freeze/T-1")
    assert one is not None
    now = standing(story.state.sanctions, one, story.at, story.at)
    assert now is not None
    assert (now.status, now.in_law) == ("adopted", "yes")


@examples(40)
@given(st.permutations(ROWS))
def test_a_table_has_one_form_whatever_the_order_of_its_rows(rows):
    assert schedules.encode(rows) == TABLE
    assert schedules.decode(TABLE, schedules.digest(TABLE)) == tuple(sorted(ROWS))


@pytest.mark.parametrize(
    "rows", [(Row("T-1"), Row("T-1", "again")), (Row("T 1"),), (Row("T-1", "two\nlines"),), (Row(""),)]
)
def test_what_no_table_can_hold_is_malformed(rows):
    with pytest.raises(Malformed):
        schedules.encode(rows)


@pytest.mark.parametrize("table", [TABLE + b"T-99\t\n", TABLE[:-1], b"T-2\t\nT-1\t\n"])
def test_another_table_than_the_one_named_is_malformed(table):
    with pytest.raises(Malformed, match="digest"):
        schedules.decode(table, schedules.digest(TABLE))
    with pytest.raises(Malformed):
        schedules.decode(table[:-1] + b"\tx\n\n", schedules.digest(table[:-1] + b"\tx\n\n"))
