"""Pages of sanctions: the matrix says what the rules say, any past is shown as it was, and a gap leads to its act."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus import archive
from foedus.deposited import act_of, keep
from foedus.errors import Refused
from foedus.parties.acts import EnrolSeat, SignText
from foedus.sanctions import acts, schedules
from foedus.sanctions.acts import SanctionsAct
from foedus.sanctions.lists.canonical import digest_of, target
from foedus.sanctions.lists.model import Identifier, ListVersion, Name
from foedus.sanctions.matrix import cells
from foedus.sanctions.schedules import Row
from foedus.web.moments import iso
from foedus.web.overviews import columns
from foedus.web.package import Packages
from tests.sanctions.stories import Story
from tests.strategies import examples
from tests.web.small_exercise import Reader, Small, words

BANK = "gov-list.17"


def version(*names: str) -> ListVersion:
    """A list of one bank, which has these names."""
    rows = (target("17", "organisation", [Name(one) for one in names], identifiers=[Identifier("swift", "BANKXX22")]),)
    return ListVersion("GBR", "gov-list", "ftm", None, digest_of(rows), rows)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Iterator[Small]:
    """Poland and the Union list a bank, the United Kingdom another; a relief, a case, two versions of a list."""
    made = Small(tmp_path_factory.mktemp("sanctions") / "record")
    made.do("EUE/head", SignText("kyiv-2022", made.depositary.clauses.digest, "wider"))
    made.do("EUE/head", EnrolSeat("EUE", "foreign", made.keys.public_of("EUE/foreign")))
    for one in (version("Bank One"), version("Bank One", "First Bank")):
        file = keep(made.depositary.store, {"list.json": one.digest.encode()}, one)
        made.do("GBR/foreign", act_of(one, file, made.at.date(), "act-1"))
        made.later(hours=1)
    made.do("POL/foreign", acts.AdoptListing(BANK, "asset_freeze", "national", "order-1", made.at))
    table = schedules.encode([Row(BANK), Row("T-2")])
    archive.put(made.depositary.store, table)
    digest = schedules.digest(table)
    made.do("EUE/foreign", acts.AdoptSchedule(digest, 2, "asset_freeze", "eu-individual", "decision-1", made.at))
    made.later(days=1)
    made.do("POL/foreign", acts.GrantRelief(f"POL/asset_freeze/{BANK}", "suspended", "order-2", made.at))
    made.do("EUE/foreign", acts.RecordCase("S-1/T-2", "case-9"))
    made.later(hours=1)
    yield made
    made.depositary.close()


def view(reader: Reader, path: str) -> Any:
    return reader.get(path, accept="application/json").json()


def test_the_matrix_says_of_every_cell_what_the_rules_say(small, reader):
    shown = view(reader, "/sanctions/matrix?columns=parties")
    state, clauses, at = small.depositary.state, small.depositary.clauses, small.at
    issuers = shown["view"]["issuers"]
    assert {"EUE", "POL", "GBR", "AUT"} <= set(issuers)
    assert issuers[0] == "EUE"
    rows = {row["target"]: row for row in shown["tables"]["matrix"]}
    tables = {"S-1": frozenset({BANK, "T-2"})}
    for found in cells(clauses, state.sanctions, sorted(rows), issuers, at, at, tables):
        row = rows[found[0].target]
        assert row["gaps"] == sum(cell.gap for cell in found)
        for cell in found:
            said = [f"{one.standing.status} {one.standing.in_law}" for one in cell.own]
            said += [f"{union}: {one.standing.status} {one.standing.in_law}" for union, one in cell.through]
            assert row[cell.issuer] == ("; ".join(said) or "gap")
    assert rows[BANK]["AUT"] == "EUE: adopted yes"


def test_the_finding_is_the_title_and_most_gaps_come_first(reader):
    shown = view(reader, "/sanctions/matrix")
    gaps = [row["gaps"] for row in shown["tables"]["matrix"]]
    assert gaps == sorted(gaps, reverse=True)
    text = reader.get("/sanctions/matrix?columns=parties").text
    assert re.search(r"<h1>2 of 2 targets escape at least one issuer</h1>", text)
    assert "through European Union" in text


def test_every_listing_is_shown_with_whether_it_is_law(reader):
    for path in ("/sanctions/matrix", f"/sanctions/targets/{BANK}"):
        rows = view(reader, path)["tables"]["listings"]
        assert {row["in_law"] for row in rows} == {"yes", "no"}
        table = list(csv.DictReader(io.StringIO(reader.get(f"{path}?format=csv&table=listings").text)))
        assert [row["in_law"] for row in table] == [row["in_law"] for row in rows]
    said = reader.words(f"/sanctions/targets/{BANK}")
    assert "not in law" in said
    assert "given without the others: a deviation" in said


def test_what_would_snap_back_and_what_is_before_a_court_is_shown(reader):
    said = reader.words("/sanctions")
    assert "What would snap back now: 1 listing" in said
    assert "0 of 3 conditions met" in said
    assert [row["listing"] for row in view(reader, "/sanctions")["tables"]["would_return"]] == [
        f"POL/asset_freeze/{BANK}"
    ]
    assert "before a court: case-9" in reader.words("/sanctions/targets/T-2")


def test_the_past_is_shown_as_it_was_known(small, reader):
    at = iso(small.at - timedelta(hours=20))
    now, then = (view(reader, f"/sanctions/targets/{BANK}{query}") for query in ("", f"?at={at}"))
    statuses = [
        {row["issuer"]: row["status"] for row in one["tables"]["listings"] if row["issuer"] == "POL"}
        for one in (then, now)
    ]
    assert statuses == [{"POL": "adopted"}, {"POL": "suspended"}]
    assert view(reader, f"/sanctions?at={at}")["tables"]["would_return"] == []
    before = iso(small.at - timedelta(days=20))
    assert "Nothing is listed yet" in reader.words(f"/sanctions/matrix?at={before}")


def test_a_target_has_every_name_and_number_with_its_list_and_entry(reader):
    shown = view(reader, f"/sanctions/targets/{BANK}")
    assert shown["view"]["name"] == "Bank One"
    facts = {(row["field"], row["value"]): row for row in shown["tables"]["facts"]}
    assert facts["name", "First Bank"]["list"] == "gov-list"
    number = facts["number/swift", "BANKXX22"]
    assert reader.get(f"/record/{number['entry']}").status_code == 200
    history = [row["what"] for row in shown["tables"]["history"]]
    assert history == ["adopted", "adopted", "suspended"]


def test_a_target_has_what_parties_say_of_its_entries(acting):
    small, reader = acting
    small.do("POL/foreign", acts.JudgeTargets("gov-list:17", "gov-list:18", "same"))
    said = reader.words(f"/sanctions/targets/{BANK}")
    assert "Poland: they mean the same" in said
    assert "They contradict one another" not in said
    small.do("GBR/foreign", acts.JudgeTargets("gov-list:18", "gov-list:17", "different"))
    said = reader.words(f"/sanctions/targets/{BANK}")
    assert "United Kingdom: they do not mean the same" in said
    assert "They contradict one another: proof decides" in said
    ((one, other, comes_to, words),) = view(reader, f"/sanctions/targets/{BANK}")["view"]["said"]
    assert (one, other, comes_to) == ("gov-list:17", "gov-list:18", "contested")
    assert words == [["POL", "same"], ["GBR", "different"]]


def test_what_changed_between_two_versions_is_told_field_by_field(reader):
    changed = view(reader, "/sanctions/lists/gov-list")["tables"]["changes"]
    assert [(row["change"], row["field"], row["value"]) for row in changed] == [("came", "names", "First Bank, alias")]
    said = reader.words("/sanctions/lists/gov-list?old=0&new=1")
    assert "gov-list: 1 added, 0 removed, 0 amended" in said
    assert reader.get("/sanctions/lists/no-list").status_code == 404


def test_a_gap_leads_to_the_act_that_closes_it(acting):
    small, reader = acting
    cell = f"GBR/{BANK}"
    page = reader.sits("POL/foreign").get(f"/sanctions/matrix?cell={cell}").text
    href = re.search(r'<a class="govuk-button act" id="act" href="([^"]+)">([^<]+)', page)
    assert href is not None
    assert href[2] == "Propose to United Kingdom"
    check = reader.post(unescape(href[1]))
    assert "Check before you sign" in check.text
    before = small.depositary.state.size
    reader.post(check.url.path)
    assert small.depositary.state.size == before + 1
    rows = {row["target"]: row for row in view(reader, "/sanctions/matrix")["tables"]["matrix"]}
    assert rows[BANK]["GBR"] == "proposed no"
    own = reader.sits("GBR/foreign").get(f"/sanctions/matrix?cell={cell}").text
    assert ">List it</a>" in own


def test_a_condition_is_attested_and_contested_with_evidence(acting):
    _small, reader = acting
    page = reader.sits("POL/foreign").words("/sanctions/conditions")
    assert "ceases to infringe on Ukraine's security" in page
    assert "more than half of the parties" in page
    asked = "/act/ContestCondition?condition=ceases-to-infringe"
    assert "Evidence is needed" in words(reader.post(asked))
    check = reader.post(asked, {"evidence.words": "Shelling on this day.", "evidence.how": "report"})
    reader.post(check.url.path)
    said = view(reader, "/sanctions/conditions")["tables"]["said"]
    assert [(row["condition"], row["party"], row["met"], row["stale_at"]) for row in said] == [
        ("ceases-to-infringe", "POL", False, None)
    ]
    assert "Contested" in reader.words("/sanctions/conditions")


def test_the_calendar_tells_what_lapses_and_who_refuses(acting):
    _small, reader = acting
    asked = "/act/RefuseRenewal?issuer=EUE&regime=eu-individual"
    check = reader.sits("POL/foreign").post(asked)
    reader.post(check.url.path)
    rows = {row["regime"]: row for row in view(reader, "/sanctions/renewals")["tables"]["renewals"]}
    assert (rows["eu-individual"]["refusing"], rows["eu-individual"]["refused"]) == ("POL", True)
    assert rows["eu-individual"]["listings"] == 2
    said = reader.words("/sanctions/renewals")
    assert "Renewal is refused: 2 listings lapse" in said
    assert "national listings of the same targets" in said


def test_what_is_asked_wrongly_is_refused_in_words(reader):
    for query in ("show=all", "columns=all", "offset=-1", "cell=%20"):
        assert reader.get(f"/sanctions/matrix?{query}").status_code == 400
    assert reader.get("/sanctions/targets/nobody").status_code == 404


# --- laws ---------------------------------------------------------------------------------------------------------

TARGETS = [f"T-{number}" for number in range(1, 5)]
PARTIES = ["POL", "JPN", "EUE", "XAA"]
RULES = {"POL": "national", "JPN": "national", "EUE": "eu-individual", "XAA": "national"}
STEPS = st.lists(
    st.tuples(st.sampled_from(["adopt", "table", "suspend", "delist", "wait"]), st.sampled_from(PARTIES),
              st.sampled_from(TARGETS)), max_size=14,
)  # fmt: skip


def told(steps: list[tuple[str, str, str]]) -> tuple[Story, dict[str, frozenset[str]]]:
    """A story of listings; what its rules refuse did not happen."""
    story, tables = Story("exercise", "UKR POL JPN EUE XAA"), {}
    for what, party, one in steps:
        at = story.at
        regime = RULES[party]
        table = schedules.encode([Row(one), Row("T-1")] if one != "T-1" else [Row(one)])
        bodies: dict[str, SanctionsAct] = {
            "adopt": acts.AdoptListing(one, "asset_freeze", regime, "act", at + timedelta(days=1)),
            "table": acts.AdoptSchedule(schedules.digest(table), 1, "asset_freeze", regime, "act", at),
            "suspend": acts.GrantRelief(f"{party}/asset_freeze/{one}", "suspended", "act", at),
            "delist": acts.Delist(f"S-1/{one}", "deceased", "act", at),
        }
        body = bodies.get(what)
        if body is None:
            story.wait(2)
            continue
        try:
            story.act(f"{party}/foreign", body)
        except Refused:
            continue
        if what == "table":
            tables[f"S-{len(story.state.sanctions.schedules)}"] = frozenset({one, "T-1"})
    return story, tables


@given(STEPS)
@examples(60)
def test_what_is_seen_of_all_targets_at_once_is_what_each_cell_says(steps):
    story, tables = told(steps)
    state, clauses = story.state.sanctions, story.clauses
    for at in (story.at, story.at - timedelta(days=1)):
        seen = Packages().overview(clauses, state, tables, at, story.at, past=True)
        issuers = [*PARTIES, "DEU"]
        counted = seen.gaps(tuple(columns(clauses, seen.bits, issuers).values()))
        every = {one for held in tables.values() for one in held} | set(state.targets)
        for row in cells(clauses, state, sorted(every), issuers, at, story.at, tables):
            one = row[0].target
            listed = any(cell.own or cell.through for cell in row)
            assert (one in seen.listing) == listed
            if listed:
                gaps = sum(cell.gap for cell in row)
                assert counted[seen.listing[one]] == (gaps if gaps < len(row) else 0)


@given(STEPS, st.integers(0, 72))
@examples(40)
def test_what_is_kept_of_the_present_is_what_would_be_made_anew(steps, hours):
    story, tables = told(steps)
    state, kept = story.state.sanctions, Packages()
    kept.overview(story.clauses, state, tables, story.at, story.at, past=False)
    at = story.at + timedelta(hours=hours)
    again = kept.overview(story.clauses, state, tables, at, at, past=False)
    assert again.listing == Packages().overview(story.clauses, state, tables, at, at, past=True).listing
