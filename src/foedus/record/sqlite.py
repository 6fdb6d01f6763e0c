"""The record in a folder: SQLite in WAL mode, every commit synced. One machine, any number of processes.

A folder on a network file system is no place for it: SQLite's shared memory does not work there.
"""

from __future__ import annotations

import itertools
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from foedus.record.sqlite_file import BUSY_SECONDS, File
from foedus.record.store import (
    Clock,
    Received,
    check_append,
    check_blob,
    from_micros,
    half_done,
    to_micros,
)
from foedus.record.tables import Tables

POLL_SECONDS = 0.02  # how soon a reader sees what another process appended

# Each runs once, in order; what was released is never changed. Times are microseconds since 1970 UTC.
# A setting may be large: in a table WITHOUT ROWID each look-up would read the whole value of every name it passes.
# head.at is the last entry's time, head.seen the latest the store gave in a Write that changed the record.
MIGRATIONS = (
    """
    CREATE TABLE entry (idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL CHECK (length(leaf) = 32),
        bytes BLOB NOT NULL) STRICT;
    CREATE TABLE node (level INTEGER, n INTEGER, hash BLOB NOT NULL CHECK (length(hash) = 32),
        PRIMARY KEY (level, n)) STRICT, WITHOUT ROWID;
    CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, at INTEGER NOT NULL,
        seen INTEGER NOT NULL, frontier BLOB NOT NULL) STRICT;
    INSERT INTO head VALUES (1, 0, 0, 0, x'');
    CREATE TABLE inbox (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, envelope BLOB NOT NULL,
        outcome BLOB) STRICT;
    CREATE INDEX inbox_open ON inbox (id) WHERE outcome IS NULL;
    CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT;
    CREATE TABLE blob (digest TEXT PRIMARY KEY, data BLOB NOT NULL) STRICT;
    CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
    CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
        BEGIN SELECT RAISE(ABORT, 'an entry never changes'); END;
    CREATE TRIGGER entry_kept BEFORE DELETE ON entry
        BEGIN SELECT RAISE(ABORT, 'an entry is kept'); END;
    CREATE TRIGGER node_stays BEFORE UPDATE ON node
        BEGIN SELECT RAISE(ABORT, 'a tree node never changes'); END;
    CREATE TRIGGER node_kept BEFORE DELETE ON node
        BEGIN SELECT RAISE(ABORT, 'a tree node is kept'); END;
    CREATE TRIGGER head_grows BEFORE UPDATE ON head
        WHEN NEW.size < OLD.size OR NEW.at < OLD.at OR NEW.seen < OLD.seen
        BEGIN SELECT RAISE(ABORT, 'the record never shrinks and its time never decreases'); END;
    CREATE TRIGGER head_kept BEFORE DELETE ON head
        BEGIN SELECT RAISE(ABORT, 'the head is kept'); END;
    CREATE TRIGGER inbox_stays BEFORE UPDATE ON inbox
        WHEN OLD.outcome IS NOT NULL OR NEW.outcome IS NULL
            OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.envelope <> OLD.envelope
        BEGIN SELECT RAISE(ABORT, 'a receipt is settled once and never changes'); END;
    CREATE TRIGGER inbox_kept BEFORE DELETE ON inbox
        BEGIN SELECT RAISE(ABORT, 'a receipt is kept'); END;
    """,
)

# Receipts are numbered under the exclusion, so the last one has the latest time.
HEAD = "SELECT size, at, seen, frontier, (SELECT at FROM inbox ORDER BY id DESC LIMIT 1) FROM head"
OPEN = "SELECT id, at, envelope FROM inbox WHERE outcome IS NULL ORDER BY id"
FIRST_NOTE = "INSERT INTO checkpoint VALUES (?, ?) ON CONFLICT DO NOTHING"
NEXT_NOTE = "UPDATE checkpoint SET note = ? WHERE size = ? AND note = ?"
PUT_BLOB = "INSERT INTO blob VALUES (?, ?) ON CONFLICT DO NOTHING"
SETTINGS = "SELECT name FROM setting WHERE substr(name, 1, ?) = ? ORDER BY name"
SET_SETTING = "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"


class SQLiteWrite:
    """`store.Write` within a transaction on the file."""

    def __init__(self, file: File, clock: Clock) -> None:
        self._file = file
        self._usable = True
        self._failed = False
        self._moved = False
        self.size, self._last, seen, self.frontier, received = self._run(HEAD).fetchone()
        self._at = max(to_micros(clock()), seen, self._last, received or 0)
        self.at = from_micros(self._at)

    def open(self) -> list[Received]:
        return [Received(number, from_micros(at), envelope) for number, at, envelope in self._run(OPEN)]

    def receive(self, envelope: bytes) -> Received:
        done = self._run("INSERT INTO inbox (at, envelope) VALUES (?, ?)", (self._at, envelope))
        assert done.lastrowid is not None
        return Received(done.lastrowid, self.at, envelope)

    def settle(self, id: int, outcome: bytes) -> None:  # noqa: A002 - as in store.Write
        done = self._run("UPDATE inbox SET outcome = ? WHERE id = ?", (outcome, id))
        assert done.rowcount == 1, f"receipt {id} is not there"
        self._moved = True

    def append(
        self,
        at: datetime,
        entries: Sequence[bytes],
        leaves: Sequence[bytes],
        nodes: Sequence[tuple[int, int, bytes]],
        frontier: bytes,
    ) -> None:
        self._last = check_append(at, entries, leaves, self._last, self._at)
        rows = zip(itertools.count(self.size), leaves, entries, strict=False)
        self._run_each("INSERT INTO entry VALUES (?, ?, ?)", rows)
        self._run_each("INSERT INTO node VALUES (?, ?, ?)", nodes)
        self.size += len(entries)
        self.frontier = frontier
        self._moved = True

    def put_blob(self, digest: str, data: bytes) -> None:
        check_blob(digest, data)
        self._run(PUT_BLOB, (digest, data))

    def put_back(
        self, receipts: Iterable[Received], checkpoints: Iterable[tuple[int, bytes]], settings: Mapping[str, bytes]
    ) -> None:
        rows = [(to_micros(one.at), one.envelope) for one in receipts]
        assert all(at <= self._at for at, _ in rows), "received after the time of this Write"
        self._run_each("INSERT INTO inbox (at, envelope) VALUES (?, ?)", rows)
        self._run_each("INSERT INTO checkpoint VALUES (?, ?)", checkpoints)
        self._run_each("INSERT INTO setting VALUES (?, ?)", settings.items())

    def finish(self) -> None:
        """The last statement before the commit. Raises Conflict when an earlier one had failed."""
        if self._failed:
            raise half_done()
        if self._moved:
            moved = (self.size, self._last, self._at, self.frontier)
            self._run("UPDATE head SET size = ?, at = ?, seen = ?, frontier = ?", moved)

    def leave(self) -> None:
        """No statement runs after this."""
        self._usable = False

    def _run(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        assert self._usable, "this Write was left"
        try:
            return self._file.run(sql, values)
        except BaseException:
            self._failed = True
            raise

    def _run_each(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        assert self._usable, "this Write was left"
        try:
            self._file.run_each(sql, rows)
        except BaseException:
            self._failed = True
            raise


class SQLiteStore(Tables):
    """`store.Store` in a folder."""

    def __init__(self, folder: Path, *, clock: Clock | None = None, create: bool = False) -> None:
        self._clock = clock or (lambda: datetime.now(UTC))
        self._file = File(folder, MIGRATIONS, create=create)
        super().__init__(self._file.rows, "?")
        self._news = threading.Condition()

    @contextmanager
    def write(self, timeout: float = 10.0) -> Iterator[SQLiteWrite]:
        with self._file.exclusive(timeout), self._file.transaction():
            write = SQLiteWrite(self._file, self._clock)
            try:
                yield write
                write.finish()
            finally:
                write.leave()
        with self._news:
            self._news.notify_all()

    def receive(self, envelope: bytes) -> Received:
        with self.write() as write:
            return write.receive(envelope)

    def save_checkpoint(self, size: int, note: bytes, instead_of: bytes | None = None) -> bool:
        if instead_of is None:
            return self._change(FIRST_NOTE, size, note) == 1
        return self._change(NEXT_NOTE, note, size, instead_of) == 1

    def put_blob(self, digest: str, data: bytes) -> None:
        check_blob(digest, data)
        self._change(PUT_BLOB, digest, data)

    def erase_blob(self, digest: str) -> bool:
        """As in `store.Store`: the bytes are overwritten in the file, the WAL that may hold them is emptied.

        When a foreign program reads for longer than BUSY_SECONDS the WAL is not emptied, only overwritten as
        the record grows. What backups and the disk itself still hold is beyond reach.
        """
        check_blob(digest)
        with self._file.exclusive(BUSY_SECONDS):
            self._file.run("PRAGMA secure_delete = ON")
            with self._file.transaction():
                erased = self._file.run("DELETE FROM blob WHERE digest = ?", (digest,)).rowcount == 1
            self._file.run("PRAGMA secure_delete = OFF")
            self._file.run("PRAGMA wal_checkpoint(TRUNCATE)")
        return erased

    def settings(self, prefix: str) -> list[str]:
        return [name for (name,) in self._file.rows(SETTINGS, (len(prefix), prefix))]

    def set_setting(self, name: str, value: bytes | None) -> None:
        if value is None:
            self._change("DELETE FROM setting WHERE name = ?", name)
        else:
            self._change(SET_SETTING, name, value)

    def wait(self, size: int, timeout: float) -> int:
        deadline = time.monotonic() + timeout
        while (found := self.size()) <= size and (left := deadline - time.monotonic()) > 0:
            with self._news:  # a Write of this process ends the pause at once
                self._news.wait(min(left, POLL_SECONDS))
        return found

    def close(self) -> None:
        self._file.close()

    def _change(self, sql: str, *values: object) -> int:
        with self._file.exclusive(BUSY_SECONDS), self._file.transaction():
            return self._file.run(sql, values).rowcount
