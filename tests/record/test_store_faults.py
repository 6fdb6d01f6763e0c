"""Processes that are killed, clocks that differ: what was said to be done is there, nothing is half there."""

import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from foedus.record.merkle import leaf_hash, root_of
from foedus.record.record import Record
from foedus.record.store import open_store
from tests.record.writer import BLOB, FILLED, ORIGIN, entry
from tests.stores import postgres_server

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def start(address, *arguments):
    """The process of writer.py, with its standard output."""
    command = [sys.executable, Path(__file__).parent / "writer.py", address, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


@contextmanager
def another(store_address, number):
    """The address of one more store of the same kind."""
    if store_address.startswith("postgresql:"):
        address = postgres_server().new_database()
        yield address
        postgres_server().clear(address)
    else:
        yield f"{store_address}-{number}"


def fill(address):
    store = open_store(address, create=True)
    with store.write() as write:
        Record(store, ORIGIN).append(write, write.at, [entry(number) for number in range(FILLED)])
    store.close()


def check_tree(store):
    """Entries, leaf hashes, nodes and frontier agree."""
    size = store.size()
    leaves = [leaf_hash(entry(number)) for number in range(size)]
    assert list(store.entries(0)) == [entry(number) for number in range(size)]
    assert store.leaves(0, size + 9) == leaves
    expected = [root_of(leaves[start : start + 256]) for start in range(0, size - 255, 256)]
    assert store.nodes(1, 0, 999) == expected
    assert Record(store, ORIGIN).root() == root_of(leaves)


def check_steps(store, said):
    """What was said to be done is there, and the Write is there as a whole or not at all."""
    size = store.size()
    written = size == FILLED + 3
    assert written or size == FILLED
    assert written or "written" not in said
    with store.write() as write:
        open_now = [each.envelope for each in write.open()]
    if written:
        assert open_now in ([], [b"third"])
        assert b"third" in open_now or "received again" not in said
        assert (store.get_blob(BLOB) == b"annex") or store.checkpoint()
    else:
        assert open_now in ([], [b"first"])
        assert b"first" in open_now or "received" not in said
        assert store.get_blob(BLOB) is None
    assert store.checkpoint() == (FILLED + 3, b"note") or "signed" not in said
    assert store.get_blob(BLOB) is None or "erased" not in said


@pytest.mark.slow
def test_killed_before_any_statement_all_or_nothing_is_there(store_address):
    for number in count(1):
        with another(store_address, number) as address:
            fill(address)
            process = start(address, "dies", number)
            said = process.communicate(timeout=60)[0].split("\n")
            store = open_store(address)
            check_steps(store, said)
            check_tree(store)
            with store.write() as write:  # and it goes on
                Record(store, ORIGIN).append(write, write.at, [entry(write.size)])
            check_tree(store)
            store.close()
        if process.returncode == 0:
            assert "closed" in said
            assert number > 20
            return
        assert process.returncode == -signal.SIGKILL


def test_a_killed_writer_holds_nobody_up(store, store_address):
    process = start(store_address, "holds")
    assert process.stdout.readline() == "holding\n"
    process.kill()
    process.communicate()
    with store.write() as write:
        assert write.open() == []


@pytest.mark.slow
def test_processes_racing_and_killed_lose_and_double_nothing(store_address):
    """Two at a time append until they are killed, ten times over; every number said is that entry's."""
    chance = random.Random(7)
    said = []
    for _ in range(10):
        racers = [start(store_address, "races") for _ in range(2)]
        first = [racer.stdout.readline() for racer in racers]
        threading.Event().wait(chance.uniform(0.01, 0.2))
        for racer in racers:
            os.kill(racer.pid, signal.SIGKILL)
        said += first + [line for racer in racers for line in racer.communicate()[0].splitlines(True)]
    numbers = [int(line) for line in said if line.endswith("\n")]
    assert len(numbers) == len(set(numbers)) >= 20
    store = open_store(store_address)
    assert max(numbers) < store.size() <= len(numbers) + 20  # a kill may fall between commit and saying so
    check_tree(store)
    with store.write() as write:
        assert write.open() == []
    store.close()


def test_processes_with_different_clocks_keep_one_order(store_address):
    fast = open_store(store_address, clock=lambda: NOON, create=True)
    slow = open_store(store_address, clock=lambda: NOON - timedelta(hours=1))
    times = []
    for each in (slow, fast, slow, fast, slow):
        times.append(each.receive(b"act").at)
        with each.write() as write:
            times.append(write.at)
            Record(each, ORIGIN).append(write, write.at, [b"entry"])
    assert times == sorted(times)
    assert times[0] == NOON - timedelta(hours=1)
    assert times[-1] == NOON
    fast.close()
    slow.close()
