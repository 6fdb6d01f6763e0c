"""Faults and traits of the store in a folder."""

import errno
import os
import resource
import sqlite3
import stat
import threading
from functools import partial
from typing import Any

import pytest

from foedus.errors import Conflict, Malformed, Tampered
from foedus.record.record import Record
from foedus.record.store import open_store

DIGEST = "a" * 64


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "record"


@pytest.fixture
def store(folder):
    opened = open_store(folder, create=True)
    yield opened
    opened.close()


def add(store, *entries):
    with store.write() as write:
        Record(store, "record.example").append(write, write.at, entries)


def raw(folder, sql, values=()):
    """A statement of a program that is not ours."""
    db = sqlite3.connect(folder / "record.db", isolation_level=None)
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()


# What happens at coming commits: the error's code, and whether it is stored all the same.
commit_fails: list[tuple[int, bool]] = []


def execute(self, sql, *values):
    """As of a connection to a disk that fails where it is told to."""
    run = sqlite3.Connection.execute
    if sql != "COMMIT" or not commit_fails:
        return run(self, sql, *values)
    code, stored = commit_fails.pop()
    if stored:
        run(self, "COMMIT")
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    raise error


Faulty = type("Faulty", (sqlite3.Connection,), {"execute": execute})


@pytest.fixture
def faulty(monkeypatch, folder):
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Faulty))
    opened = open_store(folder, create=True)
    yield opened
    opened.close()


# Disks


def test_a_full_disk_records_nothing_and_says_so(store):
    add(store, b"before")
    store._file._writing_connection().execute("PRAGMA max_page_count = 30")

    def too_much():
        with store.write() as write:
            write.put_blob(DIGEST, b"annex")
            Record(store, "record.example").append(write, write.at, [b"x" * 65_000] * 20)

    with pytest.raises(Conflict, match="the disk is full; nothing was recorded"):
        too_much()
    assert list(store.entries(0)) == [b"before"]
    assert store.get_blob(DIGEST) is None
    store._file._writing_connection().execute("PRAGMA max_page_count = 1000000")
    add(store, b"after")
    assert list(store.entries(0)) == [b"before", b"after"]


def test_a_disk_that_takes_no_more_while_committing(store, folder):
    """The system refuses the bytes themselves: the file may not grow."""
    add(store, b"before")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    grown = (folder / "record.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (grown + 30_000, hard))
    try:
        with pytest.raises(Conflict):
            add(store, *[b"x" * 60_000] * 10)
        assert store.size() == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    add(store, b"after")
    assert list(store.entries(0)) == [b"before", b"after"]


@pytest.mark.parametrize("stored", [False, True])
def test_when_the_disk_fails_in_the_commit_its_fate_is_not_known(faulty, stored):
    """Failed, and failed but stored: the caller is told to look, and finds out."""
    commit_fails.append((sqlite3.SQLITE_IOERR_FSYNC, stored))
    with pytest.raises(Conflict, match=r"not known.*look for the act's id"):
        add(faulty, b"entry")
    assert faulty.size() == stored
    add(faulty, b"next")
    assert list(faulty.entries(0)) == ([b"entry", b"next"] if stored else [b"next"])


def test_a_full_disk_in_the_commit_records_nothing(faulty):
    commit_fails.append((sqlite3.SQLITE_FULL, False))
    with pytest.raises(Conflict, match="nothing was recorded"):
        add(faulty, b"entry")
    assert faulty.size() == 0


# Other programs


def test_a_foreign_program_that_holds_the_file_is_a_conflict(store, folder, monkeypatch):
    store._file._writing_connection().execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(folder / "record.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Conflict, match=r"locked.*nothing was recorded"):
        add(store, b"entry")
    other.close()
    add(store, b"entry")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET bytes = x'00'",
        "DELETE FROM entry",
        "UPDATE node SET hash = zeroblob(32)",
        "DELETE FROM node",
        "UPDATE head SET size = 0",
        "UPDATE head SET at = 0",
        "UPDATE head SET seen = 0",
        "DELETE FROM head",
        "UPDATE inbox SET at = 0",
        "UPDATE inbox SET envelope = x'00'",
        "UPDATE inbox SET outcome = x'00' WHERE outcome IS NOT NULL",
        "UPDATE inbox SET outcome = NULL WHERE outcome IS NOT NULL",
        "DELETE FROM inbox",
    ],
)
def test_what_was_recorded_is_not_changed(store, folder, sql):
    with store.write() as write:
        write.settle(write.receive(b"act").id, b"{}")
    add(store, *[b"entry"] * 256)
    with pytest.raises(sqlite3.IntegrityError):
        raw(folder, sql)


def test_an_entry_that_is_missing_is_tampered(store, folder):
    add(store, *[b"entry"] * 10)
    raw(folder, "DROP TRIGGER entry_kept")
    raw(folder, "DELETE FROM entry WHERE idx = 4")
    with pytest.raises(Tampered, match="entries"):
        list(store.entries(0))
    with pytest.raises(Tampered, match="leaf hashes"):
        store.leaves(0, 10)
    raw(folder, "DELETE FROM entry WHERE idx = 9")
    with pytest.raises(Tampered, match="entries from 5"):
        list(store.entries(5))


def test_a_damaged_file_is_tampered(store, folder):
    add(store, *[b"entry"] * 1000)
    store.close()
    content = bytearray((folder / "record.db").read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    (folder / "record.db").write_bytes(content)
    with pytest.raises(Tampered, match="damaged"):
        open_store(folder).size()


def test_what_is_no_database_is_taken_for_a_damaged_record(tmp_path):
    (tmp_path / "record.db").write_bytes(b"no database, and long enough for it to be noticed" * 100)
    for create in (False, True):
        with pytest.raises(Tampered, match="not a database"):
            open_store(tmp_path, create=create)


@pytest.mark.parametrize("version", [0, 3])
def test_a_foreign_database_is_left_alone(tmp_path, version):
    raw(tmp_path, f"PRAGMA user_version = {version}")
    raw(tmp_path, "CREATE TABLE entry (theirs)")
    with pytest.raises(Malformed, match="another"):
        open_store(tmp_path, create=True)
    assert raw(tmp_path, "SELECT name FROM sqlite_master") == [("entry",)]


def test_a_record_of_a_later_version_is_malformed(store, folder):
    raw(folder, "PRAGMA user_version = 99")
    with pytest.raises(Malformed, match="version 99"):
        open_store(folder)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Malformed, match="cannot hold a record"):
        open_store(tmp_path / "file", create=True)


def test_an_interrupted_creation_is_taken_up_again(tmp_path):
    (tmp_path / "record.db").write_bytes(b"")
    with pytest.raises(Malformed, match="holds no record"):
        open_store(tmp_path)
    open_store(tmp_path, create=True).close()


# Traits


def test_only_the_owner_may_read_it(store, folder):
    add(store, b"entry")
    for path in (folder, *folder.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_an_erased_blob_is_in_no_file(store, folder):
    store.put_blob(DIGEST, b"the name of a witness" * 5000)
    add(store, b"entry")
    assert any(b"the name of a witness" in path.read_bytes() for path in folder.iterdir())
    assert store.erase_blob(DIGEST)
    assert not any(b"the name of a witness" in path.read_bytes() for path in folder.iterdir())
    add(store, b"next")
    assert store.size() == 2


def test_every_commit_is_synced_and_readers_cannot_write(store):
    assert store._file._writing_connection().execute("PRAGMA synchronous").fetchone() == (2,)
    assert store._file.rows("PRAGMA journal_mode") == [("wal",)]
    assert store._file.rows("PRAGMA query_only") == [(1,)]
    assert store._file.rows("PRAGMA wal_autocheckpoint") == [(0,)]


def test_the_wal_does_not_grow_without_end(store, folder):
    for number in range(60):
        add(store, *[str(number).encode() * 500] * 100)
    assert (folder / "record.db-wal").stat().st_size < 8 * 2**20


def test_more_readers_than_connections_are_kept(store):
    add(store, *[b"entry"] * 600)
    ready = threading.Barrier(20)
    found = []

    def read():
        ready.wait()
        found.append(len(list(store.entries(0))))

    threads = [threading.Thread(target=read) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [600] * 20


def without_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a medium that is mounted to be read: the lock file cannot be had."""
    there = os.open

    def refused(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if str(path).endswith("record.lock"):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return there(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", refused)


def test_a_closed_record_is_read_where_nothing_may_be_written(store, folder, monkeypatch):
    add(store, b"entry")
    store.close()
    (folder / "record.lock").unlink()
    without_writing(monkeypatch)
    before = sorted(path.name for path in folder.iterdir())
    there = open_store(folder)
    assert list(there.entries(0)) == [b"entry"]
    with pytest.raises(Conflict, match="may only be read here; nothing was recorded"):
        add(there, b"another")
    there.close()
    assert sorted(path.name for path in folder.iterdir()) == before == ["record.db"]


def test_a_record_in_use_is_not_read_as_if_it_stayed_as_it_is(store, folder, monkeypatch):
    add(store, b"entry")
    without_writing(monkeypatch)
    with pytest.raises(Malformed, match=r"in use or was not closed.*copy the folder"):
        open_store(folder)
