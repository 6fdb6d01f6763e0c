"""`act enter`: words from a telephone or a sheet of paper, and the countersignature that makes them count."""

from __future__ import annotations

import json

import pytest

from foedus.verify import verify_record

SAID_AT = "2026-10-10T06:00Z"


@pytest.fixture
def position(foedus, tmp_path, exercise):
    """What a seat of the exercise could say now, as it would dictate it."""
    file = tmp_path / "position.json"
    foedus("act", "new", "TakePosition", "--record", exercise, "--seat", "FIN/delegation", "--out", file)
    return file


def test_it_is_entered_by_another_seat_and_countersigned_by_its_own(foedus, tmp_path, exercise, position):
    call = tmp_path / "call.ogg"
    call.write_bytes(b"a voice")
    enter = ("act", "enter", exercise, position, "--seat", "FIN/delegation", "--means", "voice", "--said-at", SAID_AT)
    ran = foedus(*enter, "--source", call, "--as", "FIN/foreign")
    assert ran.status == 0, ran.err
    assert "waits for its countersignature" in ran.out
    own, body = tmp_path / "own.json", ("act", "new", "CountersignTranscript", "--record", exercise, "--seat")
    assert "cannot perform “Countersign what was entered for you”" in foedus(*body, "FIN/foreign").line
    assert foedus(*body, "FIN/delegation", "--out", own).status == 0
    assert json.loads(own.read_text("utf-8"))["said"] == json.loads(position.read_text("utf-8"))
    ran = foedus("act", exercise, own, "--as", "FIN/delegation")
    assert ran.status == 0, ran.err
    assert "is countersigned by the seat that said it" in ran.out
    assert verify_record(exercise, rules=True).size > 0


def test_other_acts_and_other_means_are_not_entered(foedus, tmp_path, exercise, position):
    enter = ("act", "enter", exercise, position, "--seat", "FIN/delegation", "--said-at", SAID_AT, "--source", position)
    ran = foedus(*enter, "--means", "pigeon", "--as", "FIN/foreign")
    assert (ran.status, "voice or paper" in ran.line) == (2, True)
    other = tmp_path / "other.json"
    other.write_text('{"act":"Acknowledge","response":"R-1"}', "utf-8")
    ran = foedus(*("act", "enter", exercise, other, *enter[4:]), "--means", "voice", "--as", "FIN/foreign")
    assert (ran.status, "a position (TakePosition) or a vote (CastVote)" in ran.line) == (2, True)
