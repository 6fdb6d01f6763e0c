"""Looking into a record from outside: its entries, and what a program that is not ours does to its store."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from foedus.acts import Entry, decode_entry, decode_statement
from foedus.record.signatures import Other
from foedus.response import acts
from tests.plays import Play, staged
from tests.stores import postgres_server


def present(play: Play, seat: str) -> bytes:
    """The seat's delegation is present in the first response: signed, not sent."""
    return play.envelope(play.statement(seat, acts.RecordPresence("R-1")))


def position(play: Play, seat: str) -> bytes:
    """The seat joins the first measure: signed, not sent."""
    measure = play.state.response.measures["R-1/M-1"]
    return play.envelope(play.statement(seat, acts.TakePosition(measure.id, measure.text, "joins")))


ENVOYS = ("XOR/envoy", "XTA/envoy", "XBR/envoy", "XLI/envoy")


@pytest.fixture
def play(store_address: str) -> Iterator[Play]:
    """A response that runs, under mare-2030, in a store of each kind."""
    play = staged("mare-2030", "activated", store_address)
    yield play
    play.close()


def until_true(happened: Callable[[], bool]) -> None:
    """Wait for what another process does, however busy the machine is."""
    give_up = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.001)


def lost(other: Other, how: signal.Signals) -> None:
    """The other process is ended or stopped from outside."""
    assert other._process is not None
    os.kill(other._process.pid, how)


def entries(play: Play, start: int = 0) -> list[Entry]:
    """What the store holds from an entry on."""
    return [decode_entry(data) for data in play.depositary.store.entries(start)]


def clock_body(entry: Entry) -> acts.RecordLapse:
    """The lapse that the entry records."""
    body = decode_statement(entry.act.payload).body
    assert isinstance(body, acts.RecordLapse)
    return body


def act_names(play: Play, start: int) -> list[str]:
    """The kinds of act from an entry on."""
    return [type(decode_statement(entry.act.payload).body).__name__ for entry in entries(play, start)]


def raw(play: Play, sql: str, *values: bytes | int) -> None:
    """A statement of a program that is not ours."""
    address = str(play.address)
    if not address.startswith("postgresql:"):
        db = sqlite3.connect(Path(address) / "record.db", isolation_level=None)
        db.execute(sql, values)
        db.close()
        return
    for value in values:
        sql = sql.replace("?", f"'\\x{value.hex()}'" if isinstance(value, bytes) else str(value), 1)
    database = address.partition("?")[0].rpartition("/")[2]
    postgres_server().execute(f"SET search_path = foedus; {sql}", database)


def is_sqlite(play: Play) -> bool:
    """Whether the record lies in a folder."""
    return not str(play.address).startswith("postgresql:")


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes, as on a disk that fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
