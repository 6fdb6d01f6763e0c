"""The one door: every act whole or not at all, each deadline once, whatever fails, on both stores."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from foedus import rules
from foedus.depositary import Receipt
from foedus.errors import Malformed, Refused
from foedus.history import until
from foedus.parties.acts import DepositCommunication, EnrolSeat
from foedus.response import acts
from tests.looking import ENVOYS, act_names, clock_body, entries, play, position, present
from tests.plays import DAY, HOUR, TICK, Play
from tests.stores import postgres_address, store_address

__all__ = ["play", "postgres_address", "store_address"]  # fixtures, here by their names
ROOT = Path(__file__).parents[1]
# --- performing ---------------------------------------------------------------------------------------------


def test_a_receipt_says_where_the_act_stands_and_what_followed(play):
    play.at += HOUR
    statement = play.statement("XOR/watch", acts.Acknowledge("R-1"))
    receipt = play.depositary.perform(play.envelope(statement))
    (entry,) = entries(play, receipt.entry)
    assert (receipt.at, receipt.act_id) == (entry.at, statement.id) == (play.at, statement.id)
    assert receipt.events == entry.events
    assert receipt.entry == play.state.size - 1


def test_many_acts_enter_in_one_transaction_each_refused_alone(play, monkeypatch):
    store, writes = play.depositary.store, []
    write = store.write

    def counted(*given):
        writes.append(given)
        return write(*given)

    monkeypatch.setattr(store, "write", counted)
    envelopes = [present(play, seat) for seat in ENVOYS]
    before = play.state.size
    done = play.depositary.perform_all([envelopes[0], b"no act", *envelopes, envelopes[1]])
    assert [type(one) for one in done] == [Receipt, Malformed, Refused, Receipt, Receipt, Receipt, Refused]
    assert [one.entry for one in done if isinstance(one, Receipt)] == [before + number for number in range(4)]
    assert len(writes) == 1
    assert play.state.response.responses["R-1"].convened is not None


def test_an_act_may_rest_on_what_the_one_before_it_did(play):
    """A seat enrolled in a transaction speaks in the same one."""
    key = play.key("XOR/regent")
    enrol = play.envelope(play.statement("XOR/chancellor", EnrolSeat("XOR", "admiral", key)))
    statement = play.statement("XOR/admiral", acts.RecordPresence("R-1"))
    before = play.envelope(statement)
    play.seeds["XOR/admiral"] = play._fresh[key]
    done = play.depositary.perform_all([enrol, before, play.envelope(statement)])
    assert [type(one) for one in done] == [Receipt, Refused, Receipt]


def test_threads_that_perform_at_once_all_enter(play):
    seats = [seat for seat in play.seats if seat.endswith(("/watch", "/envoy"))]
    body = DepositCommunication("XDR", "statement")
    envelopes = [play.envelope(play.statement(seat, body)) for seat in seats for _ in range(4)]
    done: list[Receipt] = []
    threads = [
        threading.Thread(target=lambda part: done.extend(play.depositary.perform(one) for one in part), args=(part,))
        for part in (envelopes[start::6] for start in range(6))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(receipt.entry for receipt in done) == list(range(play.state.size - len(envelopes), play.state.size))
    assert len(play.state.parties.communications) == len(envelopes)


# --- the inbox and deadlines --------------------------------------------------------------------------------


def test_what_a_dead_process_had_received_is_performed_by_the_next(play):
    received = play.depositary.store.receive(present(play, "XOR/envoy"))
    bad = play.depositary.store.receive(b"no act")
    play.depositary.store.close()  # it never came to perform them
    play.at += HOUR
    play.open().tick()
    (entry,) = entries(play, play.state.size - 1)
    assert entry.at == received.at
    told = json.loads(play.depositary.store.outcome(received.id) or b"")
    assert (told["entry"], datetime.fromisoformat(told["at"])) == (play.state.size - 1, received.at)
    assert json.loads(play.depositary.store.outcome(bad.id) or b"")["error"] == "malformed"
    play.depositary.tick()
    assert play.state.size == play.depositary.store.size()


def met(play: Play) -> datetime:
    """The council has met and a measure is on the table; when the time to decide is over."""
    for seat in ENVOYS:
        play.depositary.perform(present(play, seat))
    play.do("XOR/envoy", acts.ProposeMeasure("R-1", menu="harbour"))
    clock = play.state.response.responses["R-1"].clock("decide")
    assert clock is not None
    play.wait(clock.due - TICK)
    return clock.due


@pytest.mark.parametrize("how", ["tick", "perform", "perform_all", "another process"])
def test_an_act_received_in_time_counts_though_it_is_performed_late(play, how):
    due = met(play)
    before = play.state.size
    play.depositary.store.receive(position(play, "XOR/envoy"))
    play.at = due + 5 * HOUR
    late = position(play, "XTA/envoy")
    if how == "another process":
        play.depositary.store.close()
        play.open()
    if how in ("tick", "another process"):
        play.depositary.tick()
    elif how == "perform":
        with pytest.raises(Refused, match="closed"):
            play.depositary.perform(late)
    else:
        assert isinstance(play.depositary.perform_all([late])[0], Refused)
    assert act_names(play, before) == ["TakePosition", "RecordLapse"]
    decided = play.state.response.responses["R-1"].decided
    assert decided is not None
    assert decided.outcomes[0].joined == ("XOR",)
    assert "XOR" not in decided.silent
    taken, lapse = entries(play, before)
    assert (taken.at, lapse.at, lapse.true_at) == (due - TICK, play.at, due)


def test_an_act_received_at_the_deadline_is_late_and_the_lapse_comes_first(play):
    due = met(play)
    before = play.state.size
    play.at = due
    number = play.depositary.store.receive(position(play, "XOR/envoy")).id
    play.at = due + HOUR
    play.depositary.tick()
    assert act_names(play, before) == ["RecordLapse"]
    (lapse,) = entries(play, before)
    assert (lapse.at, lapse.true_at) == (due, due)
    told = json.loads(play.depositary.store.outcome(number) or b"")
    assert told["error"] == "refused"
    assert "closed" in told["because"]


def test_everything_due_is_recorded_in_order_of_time(play):
    before = play.state.size
    play.wait(play.at + 400 * DAY)
    told = entries(play, before)
    assert len(told) >= 4
    moments = [clock_body(entry).due_at for entry in told]
    assert [entry.true_at for entry in told] == moments == sorted(moments)
    assert play.depositary.tick() == []
    left = rules.next_due(play.state)
    assert left is None or left > play.at


def test_a_clock_stepped_back_gives_no_earlier_time_and_opens_nothing_again(play):
    due = met(play)
    play.wait(due)
    size = play.state.size
    play.at = due - 3 * DAY
    receipt = play.do("XOR/watch", acts.ReportIncident("threat", "strait", play.at - HOUR))
    assert receipt.at == due
    with pytest.raises(Refused, match="closed"):
        play.depositary.perform(position(play, "XOR/envoy"))
    play.depositary.tick()
    assert play.state.size == size + 1


def keep_time(play: Play) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "tests/performer.py"), "clock", str(play.address)]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
    assert process.stdout
    assert process.stdout.readline().startswith("running")
    return process


def race(play: Play, upcoming: datetime, until_then: datetime) -> None:
    """Three clocks on one record, two seconds before a moment; one is killed, the others go on until another moment."""
    offset = upcoming - datetime.now(UTC) - timedelta(seconds=2)
    play.depositary.store.set_setting("clock_offset_seconds", str(offset.total_seconds()).encode())
    racers = [keep_time(play) for _ in range(3)]
    racers[0].kill()
    give_up = time.monotonic() + 60
    while (first := rules.next_due(play.depositary.catch_up())) is not None and first <= until_then:
        assert time.monotonic() < give_up, f"no clock recorded what was due at {first}"
        time.sleep(0.02)
    for racer in racers:
        racer.kill()
        racer.communicate()


@pytest.mark.slow
def test_processes_that_race_for_a_deadline_record_it_once_and_never_early(play):
    first = rules.next_due(play.state)
    assert first is not None
    far = first + 40 * DAY
    standing = {(one.id, one.due_at) for one in until(play.state.response.agenda, far)}
    before = play.state.size
    race(play, first, first)
    race(play, far, far)
    told = entries(play, before)
    lapses = [clock_body(entry) for entry in told]
    assert len({body.deadline for body in lapses}) == len(lapses) >= 4
    assert {(body.deadline, body.due_at) for body in lapses} <= standing
    assert all(entry.true_at == body.due_at <= entry.at for entry, body in zip(told, lapses, strict=True))
