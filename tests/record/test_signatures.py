"""Signatures checked by other processes: the same is found whatever becomes of them, and they end with this one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from hashlib import sha256

import pytest

from foedus.errors import Tampered
from foedus.record import signatures
from foedus.record.keys import public_of, sign
from foedus.record.signatures import TOGETHER, Other, Signatures, unfit
from tests.looking import lost, until_true

pytestmark = pytest.mark.slow

SEED = sha256(b"signer").digest()


def job(number: int, *, fits: bool = True) -> signatures.Job:
    message = b"message %d" % number
    return number, public_of(SEED), message, sign(SEED, message if fits else b"another")


PARTS = [[job(0), job(1)], [job(2, fits=False), job(3)], [], [job(4, fits=False), job(5, fits=False)]]
UNFIT = [[], [2], [], [4, 5]]


@pytest.fixture
def other(monkeypatch):
    monkeypatch.setattr(signatures, "PATIENCE", 1)
    other = Other()
    until_true(other.ready)
    yield other
    other.end()


def test_another_process_answers_for_each_part_in_order(other):
    for part in PARTS:
        other.give(part)
    assert other.given == len(PARTS)
    until_true(other.answered)
    assert [other.answer() for _ in PARTS] == UNFIT
    assert other.given == 0
    assert not other.ended


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("after", range(len(PARTS) + 1))
def test_what_it_can_answer_no_more_is_checked_here(other, how, after):
    for part in PARTS[:2]:
        other.give(part)
    found = []
    for number in range(len(PARTS)):
        if number == after:
            lost(other, how)
        found.append(other.answer())
        if number + 2 < len(PARTS):
            other.give(PARTS[number + 2])
    assert found == UNFIT
    assert not other.ended or other._process.returncode is not None, "it was waited for"


def test_it_takes_no_more_and_nobody_waits_for_it(other):
    """More than a socket holds, for one that was stopped."""
    lost(other, signal.SIGSTOP)
    part = [(number, public_of(SEED), b"long" * 50_000, b"no signature") for number in range(4)]
    other.give(part)
    assert other.ended
    assert other.answer() == [0, 1, 2, 3]


def test_one_that_cannot_begin_is_never_ready(monkeypatch):
    for executable in ("no/such/python", "true"):
        monkeypatch.setattr(sys, "executable", executable)
        other = Other()
        until_true(lambda: other.ready() or other.ended)  # noqa: B023 - it is asked now
        assert not other.began
        other.give(PARTS[1])
        assert other.answer() == UNFIT[1]
        other.end()


def test_it_is_no_target_of_the_interrupt_key(other):
    assert os.getpgid(other._process.pid) != os.getpgid(0)


def test_it_ends_with_the_process_that_began_it():
    code = """
import os, signal
from foedus.record.signatures import Other
other = Other()
while not other.ready(): pass
os.kill(os.getpid(), signal.SIGKILL)
"""
    # Both hold the pipe that is read here: it ends when both did.
    done = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, timeout=60)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, b"")


def checked(checking: Signatures, jobs: list[signatures.Job]) -> None:
    checking.check(jobs)
    checking.finish()


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("killed", [False, True])
def test_the_first_that_does_not_fit_is_the_one_named(workers, killed):
    checking = Signatures(workers)
    try:
        checking.check([job(number) for number in range(TOGETHER)])
        for other in checking._others:
            until_true(other.ready)
        checking.check([job(number) for number in range(20 * TOGETHER)])
        if killed:
            for other in checking._others:
                lost(other, signal.SIGKILL)
        wrong = [job(number, fits=number < 2000) for number in range(1990, 1990 + 9 * TOGETHER)]
        with pytest.raises(Tampered, match="entry 2000"):
            checked(checking, wrong)
    finally:
        checking.close()
    assert all(other.ended for other in checking._others)


def test_unfit_names_each(other):
    assert unfit([job(1), job(2, fits=False), job(3, fits=False)]) == [2, 3]
