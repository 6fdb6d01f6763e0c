"""What Home and Response say: nothing before its time, every clause with its source, the past as it was."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from foedus.parties.acts import AdoptReading
from foedus.response.acts import (
    Acknowledge,
    CastVote,
    Contribution,
    CorrectIncident,
    DeclareBadFaith,
    Figure,
    ProposeMeasure,
    RecordPresence,
    RegisterDelegation,
    TakePosition,
    WithdrawIncident,
)
from foedus.web import tokens
from foedus.web.moments import TimeLeft, iso
from tests.web.live_record import Live, bearer
from tests.web.live_record import console as live_console
from tests.web.small_exercise import START, Small, console


@pytest.fixture
def small(tmp_path):
    made = Small(tmp_path / "record")
    yield made
    made.depositary.close()


@pytest.fixture
def reader(small):
    with console(small) as found:
        yield found


def position(small, stance, **more):
    measure = small.depositary.state.response.measures["R-1/M-1"]
    return TakePosition(measure.id, measure.text, stance, **more)


# --- before and after a deadline --------------------------------------------------------------------------------------


def test_nobody_is_silent_before_the_deadline_and_whoever_said_nothing_is_after_it(small, reader):
    small.activate()
    small.do("POL/duty", Acknowledge("R-1"))
    before = reader.words("/response/R-1")
    assert "No entry yet: 2" in before
    assert "Silent" not in before
    small.later(hours=7)
    after = reader.words("/response/R-1")
    assert "Silent: 2" in after
    assert "No entry yet" not in after
    assert "2 had not acknowledged" in after
    assert "2 silent" in reader.words("/")


def test_a_clause_of_another_instrument_says_that_it_speaks_of_a_later_attack_only(small, reader):
    small.activate()
    limit = "only an attack after present hostilities end"
    opened = [one.agreement for one in small.depositary.state.response.responses["R-1"].clauses]
    assert "ukr-gbr-2024" in opened
    assert limit in reader.words("/response/R-1")
    assert limit in reader.words("/response/R-1/decision")


def test_whoever_did_not_come_is_absent_only_when_the_time_to_convene_is_over(small, reader):
    small.activate()
    small.do("POL/duty", Acknowledge("R-1"))
    small.do("GBR/foreign", RegisterDelegation("R-1", "delegation"))
    assert "absent" not in reader.words("/response/R-1").lower()
    small.later(hours=25)
    page = reader.words("/response/R-1")
    assert "did not convene in time" in page
    assert "Acknowledged, absent: 1" in page
    assert "Delegation named, absent: 1" in page


def test_the_title_says_the_state_and_the_quorum_is_the_clauses_own(small, reader):
    small.activate()
    assert "2 more must arrive to convene" in reader.words("/response/R-1")
    small.do("POL/delegation", RecordPresence("R-1", remote=True))
    assert "1 more must arrive to convene" in reader.words("/response/R-1")
    small.do("GBR/delegation", RecordPresence("R-1"))
    page = reader.words("/response/R-1")
    assert "convened, 2 of 3 guarantors present" in page
    assert "in time, at" in page


def test_a_decision_is_a_result_and_silence_stays_silence(small, reader):
    small.activate()
    small.do("UKR/foreign", ProposeMeasure("R-1", menu="repair"))
    small.do("POL/delegation", position(small, "joins", contributions=(Contribution("generator", quantity="900"),)))
    small.do("GBR/delegation", position(small, "declines"))
    assert "No entry yet: 1" in reader.words("/response/R-1#measure-1")
    small.later(hours=73)
    page = reader.words("/response/R-1")
    assert "decided, 1 measure goes ahead" in page
    assert "Asked and silent on every measure: Austria" in page
    assert "Joined: 1" in page
    assert "Declined: 1" in page
    assert "Generators (kW): 900" in reader.words("/"), "what was joined is owed from here on"


def test_a_withdrawn_report_ends_what_rests_on_it(small, reader):
    small.activate()
    small.do("UKR/foreign", WithdrawIncident("I-1"))
    assert "the report was withdrawn" in reader.words("/response/R-1")
    assert "Ended" in reader.words("/")


def test_a_correction_stands_beside_what_was_said_first(small, reader):
    small.activate()
    small.do("UKR/duty", CorrectIncident("I-1", (Figure("missiles_launched", 83),)))
    page = reader.words("/response/R-1")
    assert "Missiles launched 84 83" in page
    assert "the first figures stay readable" in reader.words("/")


def test_an_objection_has_its_own_time_and_stops_no_clock(small, reader):
    small.activate()
    small.do("AUT/foreign", DeclareBadFaith("R-1"))
    small.do("POL/foreign", CastVote("R-1/B-1", "no"))
    page = reader.words("/response/R-1")
    assert "None of them stops a clock of the response" in page
    assert "Whether the request was made in bad faith" in page
    assert "min left" in page


def test_a_readers_token_names_its_party_and_its_capitals_time(tmp_path):
    live = Live(tmp_path / "live")
    secret = tokens.issue(live.depositary.store, "POL", "warsaw desk", START)
    with live_console(live.depositary) as client:
        page = client.get("/", headers=bearer(secret))
        assert "Warsaw" in page.text
        assert "This console only reads" in page.text
    live.depositary.close()


# --- sources ----------------------------------------------------------------------------------------------------------


def test_an_interpretation_shows_as_one_until_it_is_adopted_and_again_in_the_past(small, reader):
    small.activate()
    quorum = "P10.quorum"
    assert 'src-adopted">adopted' not in reader.get("/response/R-1").text
    before = small.at
    small.at += timedelta(minutes=5)
    text = small.depositary.clauses.text_digest(quorum)
    for seat in ("UKR/head", "POL/head", "GBR/head"):
        small.do(seat, AdoptReading(quorum, text))
    assert 'src-adopted">adopted 10 Oct 2026' in reader.get("/response/R-1").text
    assert 'src-adopted">adopted' not in reader.get(f"/response/R-1?at={iso(before)}").text


# --- the past ---------------------------------------------------------------------------------------------------------


def test_a_past_view_shows_what_was_and_offers_nothing(small, reader):
    small.activate()
    then = small.at
    small.at += timedelta(hours=1)
    small.do("POL/duty", Acknowledge("R-1"))
    small.later(hours=80)
    reader.sits("GBR/delegation")
    page = reader.get(f"/response/R-1?at={iso(then)}")
    assert "No entry yet: 3" in reader.words(f"/response/R-1?at={iso(then)}")
    assert 'id="act"' not in page.text
    assert "data-due" not in page.text, "a past clock does not tick"
    assert "Poland acknowledges" not in page.text
    home = reader.words(f"/?at={iso(then)}")
    assert "0 of 3 guarantors present" in home
    assert "A past view" in home
    assert reader.get(f"/response/R-1?at={iso(then - timedelta(seconds=1))}").status_code == 404
    assert reader.get("/?at=2100-01-01").status_code == 400, "the future is not known"


def test_what_the_record_knew_is_another_question_than_what_was_true(small, reader):
    small.activate()
    due = small.depositary.state.response.responses["R-1"].clock("acknowledge").due
    small.later(hours=9)
    assert "2 silent" not in reader.words(f"/response/R-1?at={iso(due)}&known={iso(START)}")
    known = reader.get(f"/response/R-1?at={iso(due)}&format=json").json()
    assert known["view"]["clocks"][0]["lapsed"] is not None
    unknown = reader.get(f"/response/R-1?at={iso(due)}&known={iso(due - timedelta(hours=1))}&format=json").json()
    assert unknown["view"]["clocks"][0]["lapsed"] is None


# --- the same view as data --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/response", "/response/R-1", "/seat", "/act"])
def test_every_table_is_csv_and_json_at_the_same_address(small, reader, path):
    small.activate()
    small.do("UKR/foreign", ProposeMeasure("R-1", menu="repair"))
    reader.sits("POL/delegation")
    seen = reader.get(path, accept="application/json").json()
    assert seen["record"] == "exercise.foedus.example/small"
    for name, rows in seen["tables"].items():
        answer = reader.get(f"{path}?format=csv&table={name}")
        assert answer.headers["content-type"].startswith("text/csv")
        assert len([*csv.DictReader(io.StringIO(answer.text))]) == len(rows)
    assert reader.get(f"{path}?format=csv&table=nothing").status_code == 400


def test_filters_stand_in_the_address_and_are_counted(small, reader):
    small.activate()
    small.do("POL/duty", Acknowledge("R-1"))
    page = reader.get("/response/R-1?who=wider")
    assert 'href="/response/R-1?who=wider" aria-current="true">Wider group 1' in page.text
    assert "Poland" not in reader.words("/response/R-1?who=wider").split("Who has come")[1].split("Measures")[0]


def test_words_of_outsiders_never_become_markup(small, reader):
    answer = reader.get("/response/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert "<script>alert" not in answer.text
    answer = reader.get("/response?show=%22%3E%3Cscript%3E")
    assert '"><script>' not in answer.text


# --- clocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(hours=49, minutes=24), (49, 24, False, False)),
        (timedelta(hours=6), (6, 0, False, False)),
        (timedelta(hours=5, minutes=59, seconds=59), (6, 0, False, True)),
        (timedelta(seconds=30), (0, 1, False, True)),
        (timedelta(), (0, 0, True, True)),
        (timedelta(hours=-3), (0, 0, True, True)),
    ],
)
def test_time_left_is_counted_in_hours_and_never_less_than_there_is(left, shown):
    found = TimeLeft.until(START + left, START, START - timedelta(hours=24))
    assert (found.hours, found.minutes, found.gone, found.urgent) == shown
    assert 0 <= found.spent <= 1000
