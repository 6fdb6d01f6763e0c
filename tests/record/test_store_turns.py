"""Whose turn it is and what time: the promises of every store (foedus/record/store.py) about order.

On SQLite and on a real PostgreSQL server, like test_store_contract.py.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from foedus.errors import Conflict
from foedus.record.store import open_store
from tests.stores import NOON, Clock, add, fill

# Time


def test_times_of_entries_never_decrease_nor_lie_ahead(clocked, clock):
    with clocked.write() as write:
        add(write, b"entry")
    clock.now += timedelta(hours=1)
    for at in (NOON - timedelta(microseconds=1), clock.now + timedelta(microseconds=1)):
        with pytest.raises(AssertionError), clocked.write() as write:
            add(write, b"entry", at=at)
    with clocked.write() as write:
        add(write, b"received at noon, too", at=NOON)
        add(write, b"now")
    assert clocked.size() == 3


def test_time_is_utc_and_the_clocks_own(clocked):
    with clocked.write() as write:
        assert write.at == NOON
        assert write.at.utcoffset() == timedelta(0)
    assert clocked.receive(b"act").at == NOON


def test_microseconds_are_kept(clocked, clock):
    clock.now = NOON + timedelta(microseconds=123_457)
    clocked.receive(b"act")
    with clocked.write() as write:
        assert write.open()[0].at == write.at == clock.now


def test_without_a_clock_it_is_now(store):
    before = datetime.now(UTC) - timedelta(seconds=1)
    with store.write() as write:
        assert before < write.at < datetime.now(UTC) + timedelta(seconds=1)
    assert before < store.receive(b"act").at < datetime.now(UTC) + timedelta(seconds=1)


def test_a_clock_set_back_does_not_set_the_record_back(clocked, clock):
    with clocked.write() as write:
        add(write, b"entry")
    clock.now -= timedelta(days=1)
    assert clocked.receive(b"act").at == NOON
    with clocked.write() as write:
        assert write.at == NOON
        add(write, b"entry")
    clock.now = NOON + timedelta(seconds=1)
    assert clocked.receive(b"act").at == clock.now


@pytest.mark.parametrize("how", ["receive", "receive in a write", "settle", "append an earlier receipt"])
def test_every_time_given_binds_later_ones(clocked, clock, how):
    early = clocked.receive(b"early")
    clock.now = latest = NOON + timedelta(minutes=5)
    if how == "receive":
        clocked.receive(b"late")
    else:
        with clocked.write() as write:
            if how == "receive in a write":
                write.receive(b"late")
            elif how == "settle":
                write.settle(early.id, b"{}")
            else:
                add(write, b"entry", at=early.at)
    clock.now = NOON - timedelta(days=1)
    assert clocked.receive(b"act").at == latest
    with clocked.write() as write:
        assert write.at == latest


def test_time_goes_on_from_where_it_was_after_opening_again(clocked, clock, store_address):
    with clocked.write() as write:
        add(write, b"entry")
    again = open_store(store_address, clock=Clock(NOON - timedelta(days=400)))
    with again.write() as write:
        assert write.at == NOON
    again.close()


def test_time_is_read_after_the_exclusion_is_had(clocked, clock, store_address):
    """A writer that had to wait does not bring a time from before its wait."""
    other = open_store(store_address, clock=clock)
    waiting = threading.Event()
    times = []

    def second():
        waiting.set()
        with other.write() as write:
            times.append(write.at)

    thread = threading.Thread(target=second)
    with clocked.write() as write:
        thread.start()
        waiting.wait()
        time.sleep(0.05)
        clock.now += timedelta(hours=1)
        add(write, b"entry", at=NOON)
    thread.join()
    other.close()
    assert times == [NOON + timedelta(hours=1)]


# Exclusion


def test_a_second_writer_gives_up_when_its_time_is_over(store, store_address):
    other = open_store(store_address)
    with store.write() as write:
        for each in (store, other):
            with pytest.raises(Conflict, match="nothing was recorded"), each.write(timeout=0.05):
                raise AssertionError("two writers at once")
        add(write, b"entry")
    with other.write(timeout=0.05) as write:
        assert write.size == 1
    other.close()


def test_a_timeout_of_nothing_tries_once(store):
    with store.write(timeout=0) as write:
        add(write, b"entry")
    assert store.size() == 1


def test_writers_see_one_another_in_order(store, store_address):
    """Every writer finds exactly what all before it left, and no entry is lost or doubled."""
    stores = [store, store, open_store(store_address), open_store(store_address)]

    def work(each):
        for _ in range(25):
            with each.write(timeout=60) as write:
                add(write, str(write.size).encode(), frontier=str(write.size + 1).encode())

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, stores))
    assert list(store.entries(0)) == [str(number).encode() for number in range(100)]
    assert store.head() == (100, b"100")
    for each in stores[2:]:
        each.close()


def test_nothing_is_received_with_a_time_before_a_writes(store, store_address):
    """The law of deadlines: what a Write does not find open was not received before the Write's time.

    Receivers and writers race; each writer notes its time and the receipts it saw.
    """
    other = open_store(store_address)
    stop = threading.Event()
    received, seen = [], []

    def receive(each):
        while not stop.is_set():
            received.append(each.receive(b"act"))

    def record():
        for _ in range(40):
            with store.write(timeout=60) as write:
                open_now = write.open()
                assert all(each.at <= write.at for each in open_now)
                seen.append((write.at, {each.id for each in open_now}))
                add(write, b"deadline")
        stop.set()

    with ThreadPoolExecutor(4) as threads:
        racers = [threads.submit(receive, each) for each in (store, other, other)]
        threads.submit(record).result()
        for racer in racers:
            racer.result()
    other.close()
    for at, found in seen:
        assert {each.id for each in received if each.at < at} <= found
    with store.write() as write:
        left = write.open()
    assert left == sorted(left, key=lambda each: (each.at, each.id))
    assert sorted(each.id for each in left) == sorted(each.id for each in received)


def test_readers_wait_for_nobody(store, store_address):
    fill(store, 3)
    other = open_store(store_address)
    with store.write() as write:
        add(write, b"entry")
        for each in (store, other):
            assert each.size() == 3
            assert len(list(each.entries(0))) == 3
            assert each.setting("clock") is None
            assert each.wait(2, 0) == 3
        latecomer = open_store(store_address)
        assert latecomer.size() == 3
        latecomer.close()
    other.close()


# News


def test_wait_returns_at_once_when_there_is_more(store):
    fill(store, 3)
    assert store.wait(2, 60) == 3


def test_wait_returns_the_size_when_nothing_comes(store):
    fill(store, 3)
    assert store.wait(3, 0.1) == 3
    assert store.wait(3, 0) == 3


def test_wait_hears_of_entries_appended_elsewhere(store, store_address):
    other = open_store(store_address)
    with ThreadPoolExecutor(3) as threads:
        heard = [threads.submit(each.wait, 0, 60) for each in (store, other, other)]
        time.sleep(0.05)
        fill(other, 2)
        assert [each.result() for each in heard] == [2, 2, 2]
    other.close()


def test_a_reader_that_keeps_waiting_misses_nothing(store, store_address):
    other = open_store(store_address)

    def keep_appending():
        for _ in range(30):
            fill(other, 1)

    with ThreadPoolExecutor(1) as threads:
        writer = threads.submit(keep_appending)
        read = 0
        while read < 30:
            size = store.wait(read, 60)
            assert size > read
            read = size
        writer.result()
    other.close()
