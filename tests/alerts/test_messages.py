"""Messages follow from entries alone: who is told what, once, and again when it changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foedus.alerts.following import Following
from foedus.alerts.messages import Message, ladder, settled
from foedus.response import acts as r
from foedus.response import callbacks
from tests.plays import HOUR, Play, staged


@pytest.fixture
def play(tmp_path):
    play = staged("kyiv-2022", "activated", tmp_path / "record")
    yield play
    play.close()


def told(play: Play) -> list[Message]:
    return [message for _, each in Following(play.depositary.store).new() for message in each]


def of_kind(play: Play, kind: str) -> list[Message]:
    return [message for message in told(play) if message.kind == kind]


def test_who_is_on_the_roll_is_asked_to_acknowledge_by_the_compacts_deadline(play):
    response = play.state.response.responses["R-1"]
    found = of_kind(play, "opened")
    assert [message.party for message in found] == list(response.roll)
    clock = response.clock("acknowledge")
    assert clock is not None
    assert {(message.needs, message.due_at, message.about) for message in found} == {("Acknowledge", clock.due, "R-1")}
    assert all(message.exercise == play.state.parties.record.exercise for message in found)
    assert len({message.id for message in told(play)}) == len(told(play))


def test_same_entries_same_messages(play):
    play.do("GBR/duty", r.Acknowledge("R-1"))
    play.wait(play.at + 30 * HOUR)
    whole = told(play)
    assert whole == told(play)
    following = Following(play.depositary.store)
    parts: list[Message] = []
    for number, each in following.new():
        assert all(message.entry == number for message in each)
        parts += each
    assert parts == whole
    late = Following(play.depositary.store, play.state.size - 1)
    assert [m for _, each in late.new() for m in each] == [m for m in whole if m.entry == play.state.size - 1]


def test_duty_officer_first_and_embassy_last(play):
    seats = ladder(play.clauses, play.state, "GBR")
    roles = [seat.partition("/")[2] for seat in seats]
    assert roles[0] == "duty"
    assert roles[-1] == "embassy" or "embassy" not in roles
    assert ladder(play.clauses, play.state, "GBR", "TakePosition")[0] == "GBR/duty"


def test_an_acknowledgement_settles_its_own_party_only(play):
    play.do("GBR/duty", r.Acknowledge("R-1"))
    by_party = {message.party: settled(play.state, message) for message in of_kind(play, "opened")}
    assert by_party.pop("GBR")
    assert not any(by_party.values())


def test_who_did_not_acknowledge_is_told_that_it_is_overdue(play):
    play.do("GBR/duty", r.Acknowledge("R-1"))
    play.wait(play.at + 7 * HOUR)
    late = {message.party for message in of_kind(play, "overdue")}
    assert late == set(play.state.response.responses["R-1"].roll) - {"GBR"}


def test_a_withdrawal_reaches_all_and_settles_what_was_asked(play):
    incident = play.state.response.responses["R-1"].incident
    reporter = play.state.response.incidents[incident]
    seat = next(one for one in play.seats if one.startswith(f"{reporter.party}/"))
    play.at += HOUR
    assert play.somebody(r.WithdrawIncident, reporter.party) is not None, seat
    found = of_kind(play, "withdrawn")
    assert {message.party for message in found} >= set(play.state.response.responses["R-1"].roll)
    assert all(message.amends == "R-1" and not message.needs for message in found)
    assert all(settled(play.state, message) for message in of_kind(play, "opened"))


def test_a_correction_reaches_everyone_while_it_runs(play):
    incident = play.state.response.responses["R-1"].incident
    party = play.state.response.incidents[incident].party
    play.at += HOUR
    play.do(f"{party}/duty", r.CorrectIncident(incident, (r.Figure("missiles_launched", 3),)))
    assert {message.party for message in of_kind(play, "corrected")} >= set(play.state.response.responses["R-1"].roll)


def test_what_is_asked_expires_at_its_deadline_and_news_after_a_day(play):
    for message in told(play):
        assert message.expires_at > message.at
        if message.due_at is not None and message.due_at > message.at + HOUR:
            assert message.expires_at == message.due_at
        if not message.needs:
            assert message.expires_at == message.at + timedelta(hours=24)


def test_a_request_that_its_office_denies_is_told_to_everybody_and_a_confirmation_to_nobody(play):
    seat = play.state.response.responses["R-1"].party + "/foreign"
    own = callbacks.words(play.state, "R-1")
    play.do("POL/duty", r.RecordCallBack("R-1", seat, "confirmed", own))
    assert not of_kind(play, "denied")
    play.do("GBR/duty", r.RecordCallBack("R-1", seat, "denied"))
    found = of_kind(play, "denied")
    response = play.state.response.responses["R-1"]
    assert {message.party for message in found} == {*response.roll, response.party}
    assert {message.amends for message in found} == {"R-1"}
