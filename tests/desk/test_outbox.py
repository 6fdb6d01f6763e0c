"""An act that was signed at a desk is in the record as it was signed, or its officer knows why not.

Whatever the server says: its word is a promise, and the desk's own copy decides.
"""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from foedus.acts import Statement, decode_entry, decode_statement
from foedus.desk.copy import Copy
from foedus.desk.desk import Desk
from foedus.desk.outbox import Queued
from foedus.errors import Conflict, FoedusError, Malformed, Refused
from foedus.record.envelope import decode_envelope
from foedus.remote import Remote
from foedus.response import acts as response
from foedus.submission import Signed, hand_in, read_signed
from tests.desk.publisher import Door, answered
from tests.plays import TICK, staged

NAME = "mare-2030"


class AtWork:
    """A desk of one seat beside its server, each step taken by the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "desk"
        self.door = Door(staged(NAME, "activated", folder / "record"))
        self.seat = "XOR/watch"
        self.sit_down()

    def sit_down(self) -> None:
        """The desk is opened: at first, and again after it was closed."""
        server = self.door.server()
        self.desk = Desk(Copy.open(self.folder, clock=self.door.play.clock), server, server.remote)

    def acknowledge(self) -> Signed:
        play = self.door.play
        play.at += TICK
        return Signed(play.envelope(play.statement(self.seat, response.Acknowledge("R-1"))))

    def report(self) -> Signed:
        play = self.door.play
        play.at += TICK
        file = play.attach(b"a radar plot")
        evidence = response.Evidence(file[0].digest, "watch", play.at, "radar")
        body = response.AddEvidence("I-1", (evidence,))
        return Signed(play.envelope(play.statement(self.seat, body, [file])), ((file[1], file[2]),))

    def only(self) -> Queued:
        [queued] = self.desk.outbox.acts()
        return queued


@pytest.fixture
def work(tmp_path: Path) -> AtWork:
    at_work = AtWork(tmp_path)
    at_work.desk.follow_once()
    return at_work


def recorded(work: AtWork, signed: Signed) -> int:
    """The entry by which the act stands in the record, once."""
    entries = [decode_entry(data).act for data in work.door.play.depositary.store.entries(0)]
    envelope = decode_envelope(signed.envelope)
    assert entries.count(envelope) == 1
    return entries.index(envelope)


def test_an_act_goes_from_the_desk_to_the_record_and_is_read_back(work: AtWork) -> None:
    signed = work.report()
    work.desk.submit(signed)
    assert work.only().standing.stage == "waiting"
    assert work.desk.send_once() == 1
    assert work.only().standing.stage == "promised"
    work.desk.follow_once()
    assert work.only().standing.stage == "recorded"
    assert work.only().standing.entry == recorded(work, signed)
    assert work.desk.copy.store.get_blob(work.only().statement.attachments[0].digest) is not None
    assert work.desk.send_once() == 0


def test_the_server_is_asked_to_say_why_in_the_officers_language(work: AtWork) -> None:
    asked: list[str] = []

    def refusing(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["accept-language"])
        return answered(403, {"clause": "M4.call", "because": "не сьогодні"})

    remote = Remote("http://server.example", transport=httpx.MockTransport(refusing), language="uk")
    work.desk.outbox.put(work.acknowledge())
    work.desk.outbox.hand_in(lambda signed: hand_in(remote, signed))
    remote.close()
    assert asked == ["uk"]
    standing = work.only().standing
    assert (standing.stage, standing.said, standing.clause) == ("refused", "не сьогодні", "M4.call")
    assert standing.missed is None


@pytest.mark.parametrize(("status", "wrong"), [(400, Malformed), (403, Conflict), (500, Conflict)])
def test_an_answer_without_a_reason(work: AtWork, status: int, wrong: type[FoedusError]) -> None:
    work.door.answers["api/acts"] = lambda request: answered(status, {})
    with pytest.raises(wrong, match=f"answers {status} and gives no reason"):
        hand_in(work.door.server().remote, work.acknowledge())


def test_acts_signed_while_the_server_is_away_go_out_when_it_returns(work: AtWork) -> None:
    work.door.away = True
    first, second = work.acknowledge(), work.report()
    for signed in (first, second):
        work.desk.submit(signed)
        with pytest.raises(Conflict, match="could not be reached"):
            work.desk.send_once()
    work.desk.copy.close()
    work.sit_down()  # the desk was closed over night
    work.door.away = False
    assert work.desk.send_once() == 2
    work.desk.follow_once()
    assert [queued.standing.stage for queued in work.desk.outbox.acts()] == ["recorded", "recorded"]
    assert recorded(work, first) < recorded(work, second)


def test_an_act_whose_answer_was_lost_enters_once(work: AtWork) -> None:
    def lost(request: httpx.Request) -> httpx.Response:
        work.door.door(request)
        raise httpx.ReadError("connection reset", request=request)

    work.door.answers["api/acts"] = lost
    signed = work.acknowledge()
    work.desk.submit(signed)
    with pytest.raises(Conflict, match="could not be reached"):
        work.desk.send_once()
    work.door.answers["api/acts"] = work.door.door
    work.desk.send_once()
    assert work.only().standing.clause == "record/replay"
    work.desk.follow_once()
    assert work.only().standing.stage == "recorded"
    recorded(work, signed)


def test_a_refusal_is_kept_with_its_clause_and_recomputed(work: AtWork) -> None:
    work.desk.submit(work.acknowledge())
    work.desk.send_once()
    work.desk.follow_once()
    again = work.acknowledge()
    work.desk.submit(again)
    work.desk.send_once()
    work.door.play.do("XCO/watch", response.Acknowledge("R-1"))
    work.door.published()
    work.desk.follow_once()
    refused = work.desk.outbox.acts()[-1].standing
    assert (refused.stage, refused.allowed_here) == ("refused", False)
    assert refused.clause
    work.desk.outbox.drop(work.desk.outbox.acts()[-1].id)
    assert len(work.desk.outbox.acts()) == 1


def test_a_refusal_that_the_rules_do_not_give_is_named(work: AtWork) -> None:
    work.door.answers["api/acts"] = lambda request: answered(403, {"clause": "M4.roll", "because": "not today"})
    work.desk.submit(work.acknowledge())
    work.desk.send_once()
    work.desk.follow_once()
    assert work.only().standing.stage == "refused"
    assert work.only().standing.allowed_here


def test_a_promise_that_was_not_kept_is_found_and_the_act_handed_in_again(work: AtWork) -> None:
    """The server swallows the act, and gives the place that it promised to another."""
    place = work.desk.copy.size
    work.door.answers["api/acts"] = lambda request: answered(201, {"entry": place, "at": work.door.play.at})
    signed = work.acknowledge()
    work.desk.submit(signed)
    work.desk.send_once()
    work.door.play.do("XCO/watch", response.Acknowledge("R-1"))
    work.door.published()
    work.desk.follow_once()
    assert work.only().standing.stage == "waiting"
    assert work.only().standing.broken == place
    work.door.answers["api/acts"] = work.door.door
    work.desk.send_once()
    work.desk.follow_once()
    assert work.only().standing.stage == "recorded"
    assert work.only().standing.broken == place
    recorded(work, signed)


def test_another_act_under_the_same_id_is_not_taken_for_ours(work: AtWork) -> None:
    play = work.door.play
    ours = work.acknowledge()
    stated = replace(play.statement("XCO/watch", response.Acknowledge("R-1")), id=decoded(ours).id)
    play.depositary.perform(play.envelope(stated))
    work.door.published()
    work.desk.submit(ours)
    work.desk.send_once()
    work.desk.follow_once()
    assert work.only().standing.stage == "displaced"


def decoded(signed: Signed) -> Statement:
    return decode_statement(decode_envelope(signed.envelope).payload)


def test_what_was_handed_in_is_not_taken_back(work: AtWork) -> None:
    queued = work.desk.submit(work.acknowledge())
    work.desk.send_once()
    with pytest.raises(Refused, match="cannot be taken back"):
        work.desk.outbox.drop(queued.id)
    with pytest.raises(Refused, match="no act"):
        work.desk.outbox.drop("../../etc/passwd")


def test_the_file_of_an_act_can_be_carried_and_submitted_elsewhere(work: AtWork) -> None:
    work.door.away = True
    signed = work.report()
    queued = work.desk.submit(signed)
    path = work.folder / "outbox" / f"{queued.id}.act.json"
    carried = read_signed(path.read_bytes(), "carried")
    assert carried == signed
    work.door.play.depositary.perform(carried.envelope, carried.blobs)
    work.door.published()
    work.door.away = False
    work.desk.follow_once()
    assert work.only().standing.stage == "recorded"


def test_the_same_act_twice_is_one_act_and_the_file_is_private(work: AtWork) -> None:
    signed = work.acknowledge()
    assert work.desk.submit(signed) == work.desk.submit(signed)
    path = work.folder / "outbox" / f"{work.only().id}.act.json"
    assert path.stat().st_mode & 0o077 == 0


def test_a_damaged_file_holds_up_no_other_act(work: AtWork) -> None:
    one, other = work.desk.submit(work.acknowledge()), work.desk.submit(work.report())
    path = work.folder / "outbox" / f"{one.id}.act.json"
    path.write_bytes(path.read_bytes()[:-10])
    assert [queued.id for queued in work.desk.outbox.acts()] == [other.id]
    assert [str(problem).partition(":")[0] for problem in work.desk.outbox.damaged()] == [str(path)]
    assert work.desk.send_once() == 1


def test_a_standing_that_cannot_be_read_is_named(work: AtWork) -> None:
    queued = work.desk.submit(work.acknowledge())
    (work.folder / "outbox" / f"{queued.id}.standing.json").write_bytes(b"{")
    [problem] = work.desk.outbox.damaged()
    assert isinstance(problem, Malformed)
    assert "remove it" in str(problem)


def test_no_room_on_the_disk_leaves_nothing_half_done(work: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Conflict, match="No space left"):
        work.desk.submit(work.acknowledge())
    assert list((work.folder / "outbox").iterdir()) == []


def test_an_act_that_the_server_cannot_read_is_told(work: AtWork) -> None:
    work.door.answers["api/acts"] = lambda request: answered(400, {"message": "odd"})
    work.desk.submit(work.acknowledge())
    work.desk.send_once()
    assert work.only().standing.stage == "refused"
    assert "odd" in work.only().standing.said


def test_an_act_that_the_server_keeps_for_later_holds_up_none_after_it(work: AtWork) -> None:
    """While a record goes on elsewhere acts are received and wait: each must reach the server in time."""
    asked: list[bytes] = []

    def keeps(request: httpx.Request) -> httpx.Response:
        asked.append(request.content)
        return answered(409, {"error": "waits", "because": "it was received and waits"})

    work.door.answers["api/acts"] = keeps
    for signed in (work.acknowledge(), work.report()):
        work.desk.outbox.put(signed)
    assert work.desk.send_once() == 0
    assert len(asked) == 2
    assert [one.standing.stage for one in work.desk.outbox.acts()] == ["waiting", "waiting"]


def test_an_answer_that_is_none_leaves_the_act_waiting(work: AtWork) -> None:
    work.door.answers["api/acts"] = lambda request: httpx.Response(502, content=b"<html>")
    work.desk.submit(work.acknowledge())
    with pytest.raises(Conflict, match="no answer of a record"):
        work.desk.send_once()
    assert work.only().standing.stage == "waiting"
