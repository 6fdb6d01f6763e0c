"""What a record of decision says of a response: all of it, once, and never more than the record has."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foedus.documents import compact_of, draw_up
from foedus.documents import said as words_of
from foedus.documents.said.proof import ranges
from foedus.documents.sheet import plain
from foedus.record.checkpoint import verify_checkpoint
from foedus.record.note import parse_vkey
from foedus.words import LANGUAGES, translator
from tests.documents.told import (
    KYIV,
    MARE,
    TOLD,
    amended,
    at_stage,
    full,
    grid,
    late,
    lines,
    live,
    record_of,
    said,
    unmet,
    withdrawn,
)

EVERY = pytest.mark.parametrize("told", TOLD)
BOTH = pytest.mark.parametrize("language", LANGUAGES)
TICK = timedelta(microseconds=1)


def sheet_of(record, language="en"):
    return words_of.sheet(record, translator(language))


# --- all of it, once ----------------------------------------------------------------------------------------


@EVERY
@BOTH
def test_every_party_of_the_roll_stands_once_in_the_attendance(told, language):
    play = TOLD[told]()
    record = record_of(play)
    roll = play.state.response.responses["R-1"].roll
    assert tuple(one.party.id for one in record.roll) == roll
    words = translator(language)
    first_cells = [plain(row[0]) for row in grid(sheet_of(record, language), "attendance").rows]
    assert sorted(first_cells) == sorted(words.of(one.party.name) for one in record.roll)


@EVERY
def test_every_position_appears_with_its_entry_and_nobody_is_left_out(told):
    play = TOLD[told]()
    record, response = record_of(play), play.state.response
    assert [one.id for one in record.measures] == [item.value for item in response.responses["R-1"].measures]
    for told_measure in record.measures:
        measure = response.measures[told_measure.id]
        entries = {one.place.entry for taken in measure.positions.values() for one in taken}
        assert {one.place.entry for one in (*told_measure.positions, *told_measure.replaced)} == entries
        spoke = [one.party.id for one in told_measure.positions]
        assert sorted([*spoke, *(one.id for one in told_measure.unsaid)]) == sorted(response.responses["R-1"].roll)
        assert set(spoke) == set(measure.positions)


def test_a_position_keeps_what_it_brings_and_what_became_of_it():
    first, second = record_of(full(KYIV)).measures
    stands = {one.party.id: one.stand for one in first.positions}
    assert sorted(stands.values()) == ["abstained", "confirmed", "joined", "not_confirmed"]
    (replaced,) = first.replaced
    assert replaced.stance == "declines"
    assert replaced.replaced_by == next(one.place.entry for one in first.positions if one.party == replaced.party)
    assert [len(first.versions), len(second.versions)] == [1, 2]
    assert sorted(one.stand for one in second.positions) == ["earlier", "joined"]


@EVERY
@BOTH
def test_every_statement_names_an_entry_that_is_recorded_and_signed(told, language):
    play = TOLD[told]()
    record = record_of(play)
    named = {int(run.text) for line in lines(sheet_of(record, language)) for run in line if run.kind == "entry"}
    adopted = {one.adopted for one in record.clauses if one.adopted is not None}
    assert named <= set(record.entries) | adopted
    assert set(record.entries) <= set(range(play.state.size))
    assert record.checkpoint is not None
    assert record.checkpoint.size > max(record.entries)
    signed, _ = verify_checkpoint(record.checkpoint.note.encode(), parse_vkey(record.checkpoint.key))
    assert (signed.origin, signed.size) == (record.origin, record.checkpoint.size)


@EVERY
def test_both_languages_say_the_same_things(told):
    record = record_of(TOLD[told]())
    one, other = (sheet_of(record, language) for language in LANGUAGES)
    assert [section.id for section in one.sections] == [section.id for section in other.sections]
    for kind in ("entry", "code", "clause", "source", "mark"):
        found = [
            sorted((run.of, "" if kind == "source" else run.text) for line in lines(sheet) for run in line
                   if run.kind == kind)
            for sheet in (one, other)
        ]  # fmt: skip
        assert found[0] == found[1]


@EVERY
def test_every_clause_cited_is_among_those_relied_on(told):
    play = TOLD[told]()
    record = record_of(play)
    known = {one.id for one in record.clauses}
    cited = {run.text for line in lines(sheet_of(record)) for run in line if run.kind == "clause"}
    assert cited <= known
    response = play.state.response.responses["R-1"]
    assert {clock.provision for clock in response.clocks} | {owed.provision for owed in response.owed} <= known
    clauses = play.depositary.compact_by_digest(record.compact.digest)
    assert all(one.digest == clauses.text_digest(one.id) for one in record.clauses)


# --- silence ------------------------------------------------------------------------------------------------


@BOTH
def test_before_the_deadline_nobody_is_silent_or_absent(language):
    play = at_stage(KYIV, "met")
    record = record_of(play)
    _ = translator(language).gettext
    sheet = sheet_of(record, language)
    assert record.status == "draft"
    assert {one.standing for one in record.roll} == {"present", "none"}
    words = said(sheet)
    assert _("No entry yet") in words
    assert _("Silent") not in words
    assert _("Absent") not in words


@BOTH
def test_after_it_the_silent_and_the_absent_are_named(language):
    play = full(KYIV)
    record = record_of(play)
    decided = play.state.response.responses["R-1"].decided
    assert decided is not None
    assert tuple(one.id for one in record.silent) == decided.silent
    assert tuple(one.id for one in record.absent) == decided.absent
    assert {one.party.id for one in record.roll if one.standing == "absent"} == set(decided.absent)
    words = translator(language)
    text = said(sheet_of(record, language))
    assert words.gettext("No entry yet") not in text
    brief = [plain(line) for line in sheet_of(record, language).brief]
    for party in record.silent:
        assert words.of(party.name) in brief[-2]
    for party in record.absent:
        assert words.of(party.name) in brief[-1]


@pytest.mark.parametrize("name", [KYIV, MARE])
def test_asked_about_an_earlier_moment_it_is_the_draft_of_that_moment(name):
    play = full(name)
    clock = play.state.response.responses["R-1"].clock("decide")
    assert clock is not None
    due = clock.due
    before, at_close = record_of(play, due - TICK, play.at), record_of(play, due, play.at)
    assert (before.status, at_close.status) == ("draft", "decided")
    assert not before.silent
    assert all(measure.ended is None for measure in before.measures)
    as_then_known = record_of(play, due, due - TICK)
    assert as_then_known.status == "draft"
    assert plain(sheet_of(as_then_known).standing).endswith("its end is not recorded yet.")


def test_a_response_is_not_told_before_it_began():
    play = at_stage(KYIV, "activated")
    begun = play.state.response.responses["R-1"].place.at
    assert compact_of(play.state, "R-1", begun - TICK, play.at) is None
    assert draw_up(play.state, play.clauses, "R-1", begun - TICK, play.at) is None
    assert compact_of(play.state, "R-99", play.at, play.at) is None


# --- how it ended -------------------------------------------------------------------------------------------


@EVERY
@BOTH
def test_a_draft_says_so_and_as_of_when(told, language):
    play = TOLD[told]()
    record, words = record_of(play), translator(language)
    sheet = sheet_of(record, language)
    closed = play.state.response.responses["R-1"].closed
    assert (sheet.draft != "") == (closed is None)
    assert words.moment(play.at) in sheet.running[1]
    assert (sheet.exercise != "") == record.exercise


def test_outcomes_are_those_of_the_record():
    for name in (KYIV, MARE):
        play = full(name)
        record = record_of(play)
        decided = play.state.response.responses["R-1"].decided
        assert decided is not None
        for measure, outcome in zip(record.measures, decided.outcomes, strict=True):
            assert measure.ended is not None
            assert (measure.id, measure.ended.carried) == (outcome.measure, outcome.carried)
            for field in ("joined", "to_confirm", "declined", "abstained", "bound"):
                assert tuple(one.id for one in getattr(measure.ended, field)) == getattr(outcome, field)


def test_under_a_vote_it_is_carried_and_among_the_willing_it_goes_ahead():
    kyiv, mare = (said(sheet_of(record_of(full(name)))) for name in (KYIV, MARE))
    assert "Goes ahead." in kyiv
    assert "nobody can block them. P10.coalition" in kyiv
    assert "Goes ahead." not in mare
    assert "Not carried." in mare
    assert "C.vote" in mare


def test_a_withdrawn_report_decided_nothing_and_nobody_is_silent():
    record = record_of(withdrawn())
    assert record.status == "withdrawn"
    words = said(sheet_of(record))
    assert "Nothing was decided." in words
    assert "The report was mistaken" in words
    assert "Silent" not in words
    assert {one.state for item in record.owed for one in item.parties} <= {"released", "performed"}


def test_who_did_not_come_is_absent_and_the_failure_has_its_clause():
    record = record_of(unmet())
    assert record.convening.failed is not None
    assert {one.standing for one in record.roll} == {"absent"}
    words = said(sheet_of(record))
    assert "Failed to convene in time" in words
    assert "P10.quorum" in words
    assert "No measure was put on the table." in words


def test_questions_have_every_vote_and_who_was_silent():
    play = full(KYIV)
    record = record_of(play)
    assert sorted(one.about for one in record.questions) == ["extension", "objection"]
    for question in record.questions:
        ballot = play.state.response.ballots[question.id]
        assert {one.party.id for one in question.votes} == set(ballot.votes)
        assert {one.id for one in question.unsaid} == set(ballot.roll) - set(ballot.votes)
        assert question.closed is not None


def test_what_is_owed_names_every_party_once():
    play = full(KYIV)
    record = record_of(play)
    for told_owed, owed in zip(record.owed, play.state.response.responses["R-1"].owed, strict=True):
        assert tuple(one.party.id for one in told_owed.parties) == owed.parties
        for one in told_owed.parties:
            assert (one.state in ("performed", "performed_late")) == (one.party.id in owed.performed)


def test_an_amendment_while_it_runs_is_named_and_moves_nothing_before_it():
    play = amended()
    first, second = play.state.parties.compacts
    record = record_of(play)
    assert (record.compact.digest, record.compact.earlier) == (second.value, (first.value,))
    assert record.compact.place == second.place
    before = record_of(play, second.place.at - TICK, play.at)
    assert (before.compact.digest, before.compact.earlier) == (first.value, ())
    assert [clock.due_at for clock in record.clocks] == [clock.due_at for clock in before.clocks]


def test_late_is_what_was_received_after_the_lapse():
    states = [one.state for item in record_of(late()).owed for one in item.parties]
    assert set(states) == {"not_reported", "performed_late"}
    assert states.count("performed_late") == 1


def test_an_exercise_says_that_it_is_invented_and_a_live_record_does_not():
    invented = "Everything that parties do in this record is invented."
    assert invented in said(sheet_of(record_of(full(KYIV))))
    words = said(sheet_of(record_of(live())))
    assert invented not in words
    assert "EXERCISE" not in words


def test_a_text_that_no_state_signed_says_so():
    kyiv, mare = (said(sheet_of(record_of(full(name)))) for name in (KYIV, MARE))
    assert "signed by no state" in kyiv
    assert "signed by no state" not in mare


def test_entries_are_listed_as_ranges():
    assert ranges(()) == ""
    assert ranges((3,)) == "3"
    assert ranges((3, 4, 5, 8, 10, 11)) == "3–5, 8, 10–11"
