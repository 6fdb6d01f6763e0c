"""Many acts at once: whatever becomes of the process that checks their signatures, the same acts enter."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from foedus import checking
from foedus.acts import decode_entry
from foedus.checking import PART, WORTH_HANDING_OVER
from foedus.depositary import Receipt
from foedus.errors import Conflict, Malformed, Tampered
from foedus.parties.acts import DepositCommunication
from foedus.record import signatures
from foedus.record.envelope import decode_envelope, encode_envelope
from foedus.record.signatures import AHEAD, Job, Other
from tests.desk.publisher import following, forged, holds_still, published, same_tree
from tests.looking import lost, play, until_true
from tests.plays import Play
from tests.stores import postgres_address, store_address

pytestmark = pytest.mark.slow

__all__ = ["play", "postgres_address", "store_address"]  # fixtures, here by their names
MANY = 9 * PART + 1
WRONG = {0, PART - 1, PART, 4 * PART + 3, MANY - 1}


@pytest.fixture
def other(monkeypatch):
    """The other process, begun, on a machine that has room for it."""
    monkeypatch.setattr(checking, "processors", lambda: 2)
    monkeypatch.setattr(checking, "_other", None)
    monkeypatch.setattr(signatures, "PATIENCE", 1)
    other = checking._begun()
    until_true(other.ready)
    yield other
    checking._end()
    other.end()


def envelopes(play: Play, how_many: int = MANY) -> list[bytes]:
    """Acts that may enter, but for those that are `WRONG`."""
    body = DepositCommunication("XDR", "statement")
    made = [play.envelope(play.statement("XOR/envoy", body)) for _ in range(how_many)]
    for number in WRONG & set(range(how_many)):
        of_another = decode_envelope(made[number - 2]).signatures
        made[number] = encode_envelope(replace(decode_envelope(made[number]), signatures=of_another))
    made[0] = b"no act"
    return made


def entered(play: Play, acts: list[bytes]) -> list[str]:
    """What became of each; those that may enter have, one after the other."""
    before = play.state.size
    done = play.depositary.perform_all(acts)
    numbers = [one.entry for one in done if isinstance(one, Receipt)]
    assert numbers == list(range(before, before + len(numbers)))
    return ["entered" if isinstance(one, Receipt) else str(one) for one in done]


def alone(play: Play, acts: list[bytes]) -> list[str]:
    """The same of a play where one process does everything, in which nothing enters."""
    with checking.prepare_all(play.state, acts[: WORTH_HANDING_OVER - 1]) as few:
        said = list(few)
    for data in acts[WORTH_HANDING_OVER - 1 :]:
        said.append(checking.prepared(play.state, data))
    return [str(one) if isinstance(one, Malformed) else "entered" for one in said]


def test_each_is_refused_alone_with_what_this_process_would_say(play, other):
    acts = envelopes(play)
    expected = alone(play, acts)
    assert {number for number, said in enumerate(expected) if said != "entered"} == WRONG
    assert entered(play, acts) == expected
    assert (other.given, other.ended) == (0, False)


def test_while_it_is_waited_for_the_last_are_checked_here(play, other, monkeypatch):
    answer = Other.answer
    asked: list[Other] = []

    def counted(self: Other) -> list[int]:
        asked.append(self)
        return answer(self)

    monkeypatch.setattr(Other, "answer", counted)
    monkeypatch.setattr(Other, "answered", lambda self: False)
    acts = envelopes(play)
    assert entered(play, acts) == alone(play, acts)
    assert (len(asked), other.ended) == (AHEAD, False)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("after", [0, 1, 5])
def test_it_is_lost_in_the_middle_of_them(play, other, monkeypatch, how, after):
    answer = Other.answer
    asked: list[Other] = []

    def counted(self):
        if len(asked) == after:
            lost(self, how)
        asked.append(self)
        return answer(self)

    monkeypatch.setattr(Other, "answer", counted)
    monkeypatch.setattr(Other, "answered", lambda self: True)  # it is waited for
    acts = envelopes(play)
    assert entered(play, acts) == alone(play, acts)
    assert len(asked) == 10
    until_true(lambda: checking._begun().ready())
    assert checking._begun() is not other, "another was begun in its place"
    acts = envelopes(play)
    assert entered(play, acts) == alone(play, acts)


@pytest.mark.parametrize("executable", ["no/such/python", "true"])
def test_it_cannot_be_had(play, monkeypatch, executable):
    monkeypatch.setattr(checking, "processors", lambda: 2)
    monkeypatch.setattr(checking, "_other", None)
    monkeypatch.setattr(sys, "executable", executable)
    acts = envelopes(play)
    assert entered(play, acts) == alone(play, acts)
    other = checking._begun()
    until_true(lambda: other.ready() or other.ended)
    assert checking._begun() is other, "it is not tried again"
    acts = envelopes(play)
    assert entered(play, acts) == alone(play, acts)


@pytest.mark.parametrize("number", [1, PART, 9 * PART + 3])
def test_a_desk_takes_nothing_of_what_it_follows_for_fitting_that_does_not(tmp_path, other, monkeypatch, number):
    given: list[Other] = []
    give = Other.give

    def counted(self: Other, part: Sequence[Job]) -> None:
        given.append(self)
        give(self, part)

    monkeypatch.setattr(Other, "give", counted)
    server = published()
    desk = following(tmp_path, server)
    server.size = 8 * PART  # what comes after is signed by seats whose keys are held by then
    desk.follow()
    server.size = None
    number += 8 * PART
    honest, earlier = server.entries[number], decode_entry(server.entries[number - 1])
    unfit = [replace(one, sig=earlier.act.signatures[0].sig) for one in decode_entry(honest).act.signatures]
    server.entries[number] = forged(
        honest, lambda entry: replace(entry, act=replace(entry.act, signatures=tuple(unfit)))
    )
    holds_still(desk, Tampered, f"entry {number} does not hold: .*does not fit")
    server.entries[number] = honest
    desk.follow()
    assert same_tree(desk.copy, server)
    assert given


def given_up(play: Play) -> None:
    with checking.prepare_all(play.state, envelopes(play)) as acts:
        next(acts)
        raise Conflict("the store could not take it now")


def test_what_nobody_waited_for_is_no_answer_to_what_comes_next(play, other):
    with pytest.raises(Conflict):
        given_up(play)
    assert other.ended
    acts = envelopes(play)
    assert entered(play, acts) == alone(play, acts)


def test_an_act_is_given_out_only_when_its_own_signature_was_checked(play, other, monkeypatch):
    answer, answered = Other.answer, []

    def counted(self):
        answered.append(answer(self))
        return answered[-1]

    monkeypatch.setattr(Other, "answer", counted)
    monkeypatch.setattr(Other, "answered", lambda self: True)  # it is waited for
    with checking.prepare_all(play.state, envelopes(play)) as acts:
        for number, _ in enumerate(acts):
            assert len(answered) == number // PART + 1


def test_threads_with_many_acts_each_all_enter(play, other):
    parts = [envelopes(play) for _ in range(3)]
    done: list[str] = []
    threads = [
        threading.Thread(target=lambda acts=acts: done.extend(map(str, play.depositary.perform_all(acts))))
        for acts in parts
    ]
    before = play.state.size
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 3 * MANY
    assert play.state.size - before == 3 * (MANY - len(WRONG))


def test_few_acts_and_a_single_processor_begin_nothing(play, monkeypatch):
    monkeypatch.setattr(checking, "_other", None)
    monkeypatch.setattr(checking, "processors", lambda: 1)
    entered(play, envelopes(play))
    monkeypatch.setattr(checking, "processors", lambda: 2)
    entered(play, envelopes(play, WORTH_HANDING_OVER - 1))
    assert checking._other is None


def test_after_a_fork_the_answers_are_the_parents():
    code = """
import os
from foedus import checking
from foedus.acts import decode_entry
other = checking._begun()
while not other.ready(): pass
child = os.fork()
if not child:
    os._exit(0 if checking._other is None else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
other.give([])
assert other.answer() == [] and not other.ended
"""
    subprocess.run([sys.executable, "-c", code], check=True)
