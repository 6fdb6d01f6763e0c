"""Pages around the package: where it is not in step, what lapses by whom, who is owned, the feed, and Home's box."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given

from foedus import archive, feed, feed_folder, logs
from foedus.deposited import act_of, keep
from foedus.parties.acts import EnrolSeat, SignText
from foedus.sanctions import acts, schedules
from foedus.sanctions.lists.canonical import digest_of, in_order, target
from foedus.sanctions.lists.model import Link, ListVersion, Name
from foedus.sanctions.matrix import totals
from foedus.sanctions.renewals import calendar
from foedus.sanctions.schedules import Row
from foedus.web.moments import iso
from foedus.web.package import Packages
from tests.strategies import examples
from tests.web.small_exercise import Small
from tests.web.test_sanctions_pages import STEPS, told, view

OWNER, OWNED, BELOW = "gov-list.1", "gov-list.2", "gov-list.3"


def lists() -> ListVersion:
    """A bank that owns 60 per cent of a company, which owns 30 of another."""
    rows = tuple(
        in_order(
            (
                target("1", "organisation", [Name("Bank One")]),
                target("2", "organisation", [Name("Company Two")], links=[Link("owner", to="1", share="60")]),
                target("3", "organisation", [Name("Company Three")], links=[Link("owner", to="2", share="30")]),
            )
        )
    )
    return ListVersion("GBR", "gov-list", "ftm", None, digest_of(rows), rows)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Iterator[Small]:
    """Poland lists the bank twice and lifts one alone; the Union lists it by a table that Austria need not copy."""
    made = Small(tmp_path_factory.mktemp("more") / "record")
    made.do("EUE/head", SignText("kyiv-2022", made.depositary.clauses.digest, "wider"))
    made.do("EUE/head", EnrolSeat("EUE", "foreign", made.keys.public_of("EUE/foreign")))
    one = lists()
    file = keep(made.depositary.store, {"list.json": b"as published"}, one)
    made.do("GBR/foreign", act_of(one, file, made.at.date(), "act-1"))
    made.do("POL/foreign", acts.AdoptListing(OWNER, "asset_freeze", "national", "order-1", made.at))
    made.do("GBR/foreign", acts.AdoptListing(OWNER, "travel_ban", "national", "order-2", made.at))
    digest = archive.put(made.depositary.store, schedules.encode([Row("T-7"), Row("T-8")]))
    made.do("EUE/foreign", acts.AdoptSchedule(digest, 2, "asset_freeze", "eu-individual", "decision-1", made.at))
    made.later(days=1)
    made.do("GBR/foreign", acts.GrantRelief(f"GBR/travel_ban/{OWNER}", "lifted", "order-3", made.at))
    made.later(hours=1)
    yield made
    made.depositary.close()


def test_the_report_names_deviations_what_misses_and_where_it_is_closed(reader):
    found = view(reader, "/sanctions/divergence")["tables"]
    (deviation,) = found["deviations"]
    assert (deviation["issuer"], deviation["status"], deviation["name"]) == ("GBR", "lifted", "Bank One")
    targets = {(one["target"], one["restriction"]): one for one in found["targets"]}
    assert targets[OWNER, "travel_ban"]["relieved"] == "GBR"
    assert targets[OWNER, "asset_freeze"]["missing"].split() == ["EUE", "GBR"]
    assert targets["T-7", "asset_freeze"]["missing"].split() == ["GBR"]  # the Union's listing applies in Poland
    issuers = {one["issuer"]: one for one in found["issuers"]}
    assert (issuers["GBR"]["deviating"], issuers["GBR"]["gaps"]) == (1, 3)
    page = reader.get("/sanctions/divergence").text
    assert f"cell=EUE%2F{OWNER}#evidence" in page
    assert "1 relief deviates" in reader.words("/sanctions/divergence")


def test_a_restriction_is_chosen_on_the_matrix_and_on_a_target(reader):
    rows = {one["target"]: one for one in view(reader, "/sanctions/matrix?restriction=travel_ban")["tables"]["matrix"]}
    assert rows[OWNER]["POL"] == "gap"
    assert rows[OWNER]["GBR"] == "lifted no"
    assert "T-7" not in rows
    listed = view(reader, f"/sanctions/targets/{OWNER}?restriction=asset_freeze")["tables"]["listings"]
    assert [one["issuer"] for one in listed] == ["POL"]
    assert reader.get("/sanctions/matrix?restriction=all").status_code == 400


def test_a_target_tells_who_owns_it_and_whom_it_owns_with_the_chain(reader):
    owned = view(reader, f"/sanctions/targets/{OWNED}")["view"]["ownership"]
    assert [(one["id"], one["share"], one["treated_as_listed"]) for one in owned] == [
        ("gov-list:2", "60", True), ("gov-list:3", "30", False),
    ]  # fmt: skip
    below = view(reader, f"/sanctions/targets/{BELOW}")["view"]["ownership"]
    assert [link[2] for one in below for link in one["chain"]] == ["60", "30"]
    said = reader.words(f"/sanctions/targets/{BELOW}")
    assert "Owned by the listed: 30 %" in said
    assert "Bank One → Company Two: 60 %" in said
    assert "Company Two → Company Three: 30 %" in said


def test_the_calendar_tells_whose_refusal_alone_would_end_it_and_for_whom(reader):
    (row,) = [one for one in view(reader, "/sanctions/renewals")["tables"]["renewals"] if one["issuer"] == "EUE"]
    assert (row["listings"], row["targets"], len(row["alone"].split())) == (2, 2, 27)
    said = reader.words("/sanctions/renewals")
    assert "2 listings, in 27 states. 2 targets would then be listed by nobody." in said
    assert "of any of 27 members" in said
    assert "days left" in said


def test_home_says_what_is_law_what_deviates_and_what_ends_next(reader):
    said = reader.words("/")
    assert "3 listings in law" in said
    assert "of 3 issuers." in said
    assert "0 of 3 conditions of easing are met." in said
    assert "Deviating 1" in said
    assert "days left: 2 listings lapse" in said


# --- the feed -----------------------------------------------------------------------------------------------------


def test_whoever_follows_the_console_catches_up_and_proves_it(acting, tmp_path):
    small, reader = acting
    keys = [logs.log_key(small.depositary.state)]
    first = feed.parse_delta(reader.get("/sanctions/feed/delta").content, "first")
    copy = feed_folder.catch_up(tmp_path / "copy", [first], keys)
    assert copy.head is not None
    table = view(reader, "/sanctions/feed")["tables"]["listings"]
    assert {one["id"]: one["in_law"] for one in table} == {one.id: one.in_law for one in feed.read(copy.rows)}
    small.do("POL/foreign", acts.AmendListing(f"POL/asset_freeze/{OWNER}", "order-9", small.at))
    asked = f"since={copy.head.at.isoformat().replace('+', '%2B')}&before={copy.head.digest}&count={copy.head.size}"
    after = feed.parse_delta(reader.get(f"/sanctions/feed/delta?{asked}").content, "after")
    assert len(after.changes) == 1
    newest = feed_folder.catch_up(tmp_path / "copy", [after], keys)
    head = feed.read_head(reader.get("/sanctions/feed/head").content, keys)
    assert newest.head is not None
    assert (newest.head.digest, newest.head.size, newest.head.before) == (head.digest, head.size, copy.head.digest)
    other = asked.replace(copy.head.digest, "0" * 64)
    assert reader.get(f"/sanctions/feed/delta?{other}").status_code == 404
    assert reader.get(f"/sanctions/feed/delta?at={iso(small.at - timedelta(hours=1))}").status_code == 400


def test_the_feed_as_entities_has_every_target_and_every_listing(reader):
    told_ = [json.loads(line) for line in reader.get("/sanctions/feed/listings.ftm.json").text.splitlines()]
    targets = {one["id"]: one for one in told_ if one["schema"] != "Sanction"}
    rows = [one for one in told_ if one["schema"] == "Sanction"]
    assert {one["properties"]["entity"][0] for one in rows} == set(targets)
    assert targets[OWNER]["properties"]["name"] == ["Bank One"]
    assert {one["in_law"] for one in rows} == {"yes", "no"}


@given(STEPS)
@examples(40)
def test_counts_of_all_at_once_are_those_of_each(steps):
    story, tables = told(steps)
    state = story.state.sanctions
    for at in (story.at, story.at - timedelta(days=1)):
        seen = Packages().overview(story.clauses, state, tables, at, story.at, past=True)
        each = {one.issuer: one for one in totals(state, at, story.at)}
        counted = {issuer: (one.yes, one.owed, one.no, one.deviating) for issuer, one in seen.counts.items()}
        assert {issuer: one for issuer, one in counted.items() if any(one)} == {
            issuer: (*(one.by_law.get(word, 0) for word in ("yes", "owed", "no")), one.deviating)
            for issuer, one in each.items()
            if any(one.by_law.values())
        }
        terms = calendar(story.clauses, story.state, at, story.at)
        assert terms == calendar(story.clauses, story.state, at, story.at, seen.lapsing)


def test_a_proposal_waits_in_the_report_until_its_issuer_decides(acting):
    small, reader = acting
    small.do("POL/foreign", acts.ProposeListing("GBR", "T-7", "asset_freeze", "national"))
    (one,) = view(reader, "/sanctions/divergence")["tables"]["proposals"]
    assert (one["listing"], one["issuer"], one["party"]) == ("GBR/asset_freeze/T-7", "GBR", "POL")
    small.do("GBR/foreign", acts.AdoptListing("T-7", "asset_freeze", "national", "order-7", small.at))
    assert view(reader, "/sanctions/divergence")["tables"]["proposals"] == []
    before = iso(small.at - timedelta(hours=1))
    assert view(reader, f"/sanctions/divergence?at={before}")["tables"]["proposals"] == []
