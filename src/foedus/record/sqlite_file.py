"""The SQLite file of a record: opening it, excluding other writers, committing.

What is kept in it is said in `sqlite.py`.

Whoever writes holds the lock file besides SQLite's own lock. It is handed on at once where SQLite would poll
with growing pauses, and it keeps commits and WAL checkpoints of all processes apart: SQLite 3.7.0 to 3.51.2,
which most Pythons carry, can lose a committed transaction when they coincide (sqlite.org/wal.html, "the
WAL-reset bug"). So no other program may write to the file or checkpoint it, and readers here never do.

Where nothing may be written, as on a medium that keeps evidence, a record that was closed is read as it lies there.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from foedus.errors import Conflict, FoedusError, Malformed
from foedus.record.files import sync_folder
from foedus.record.store import Doing, Idle, closed, damaged, full, not_now, too_new

FILE, LOCK_FILE = "record.db", "record.lock"
APPLICATION_ID = 0x666F6564  # "foed"
OLDEST_SQLITE = (3, 37, 0)  # the first with STRICT tables
BUSY_SECONDS = 5.0  # for what only a foreign program, or a recovery after a crash, can hold

_READER = "PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0"
# FULL syncs the WAL at each commit; the fullfsync pair is what that takes on macOS and nothing elsewhere.
# The WAL that a large blob leaves behind is cut back to 64 MiB.
_WRITER = """
    PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
    PRAGMA journal_size_limit = 67108864
"""


def translated(error: sqlite3.Error, file: Path, doing: Doing) -> FoedusError:
    """The error for a caller of the store. Our own mistakes (wrong SQL, what a trigger stops) are asserts."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(str(file), str(error))
    mistakes = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE)
    assert code not in mistakes, f"{doing} {file}: {error}"
    # Its shared memory is a file too: where that finds no room, SQLite speaks of an I/O error.
    no_room = code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(file.parent))
    if no_room and doing != "committing":
        return full(str(file))
    return not_now(str(file), doing, str(error))


class File:
    """One process's hold on the file: a connection that writes, and some that read."""

    def __init__(self, folder: Path, migrations: Sequence[str], *, create: bool) -> None:
        """Raises as `open_store`. `migrations` are scripts, each run once; as many as ran is the version."""
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise Malformed(
                "this Python carries SQLite {found}; 3.37 or newer is needed",
                found=sqlite3.sqlite_version,
            )
        self.folder = folder
        # None where nothing may be written: then SQLite is told that the file stays as it is, and locks nothing.
        self._lock_file = _open_files(folder, create=create)
        self._writing = Lock()
        self._writer: sqlite3.Connection | None = None
        self._readers = Idle(lambda: self._connect(_READER))
        try:
            self._check_version(migrations, create=create)
        except BaseException:
            self.close()
            raise

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """What a query finds. Waits for no writer. Raises Conflict when the file cannot be read."""
        try:
            db = self._readers.take()
        except sqlite3.Error as error:
            raise translated(error, self.folder / FILE, "reading") from error
        try:
            found = db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            db.close()
            raise translated(error, self.folder / FILE, "reading") from error
        self._readers.give(db)
        return found

    @contextmanager
    def exclusive(self, timeout: float) -> Iterator[None]:
        """While held, nobody else writes or checkpoints. Conflict when not had in `timeout` seconds."""
        deadline = time.monotonic() + timeout
        if not self._writing.acquire(timeout=max(timeout, 0)):
            raise self._taken(timeout)
        try:
            if self._lock_file is None:
                raise Conflict("{store} may only be read here; nothing was recorded", store=self.folder)
            if self._lock_file < 0:
                raise closed()
            pause = 0.0002
            while not _locked(self._lock_file):
                if time.monotonic() >= deadline:
                    raise self._taken(timeout)
                time.sleep(pause)
                pause = min(pause * 2, 0.005)
            try:
                yield
            finally:
                fcntl.flock(self._lock_file, fcntl.LOCK_UN)
        finally:
            self._writing.release()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Within `exclusive`: what `run` does meanwhile is on disk when this is left, or did not happen."""
        db = self._writing_connection()
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise translated(error, self.folder / FILE, "writing") from error
        try:
            yield
        except BaseException:
            self._roll_back(db)
            raise
        try:
            db.execute("COMMIT")
        except sqlite3.Error as error:
            # A full disk leaves no whole frame that commits. After a failed sync it may be whole: SQLite
            # forgets it, but a machine that stops before the next write would find it when it recovers.
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            certain = code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY)
            self._roll_back(db)
            raise translated(error, self.folder / FILE, "writing" if certain else "committing") from error

    def run(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """Within `exclusive`: a statement that changes something. Raises Conflict, then nothing changed."""
        try:
            return self._writing_connection().execute(sql, values)
        except sqlite3.Error as error:
            raise translated(error, self.folder / FILE, "writing") from error

    def run_each(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Within `exclusive`: the same statement for each of these rows. Raises as `run`."""
        try:
            self._writing_connection().executemany(sql, rows)
        except sqlite3.Error as error:
            raise translated(error, self.folder / FILE, "writing") from error

    def _writing_connection(self) -> sqlite3.Connection:
        if self._writer is None:
            try:
                self._writer = self._connect(_WRITER)
            except sqlite3.Error as error:
                raise translated(error, self.folder / FILE, "writing") from error
        return self._writer

    def close(self) -> None:
        """Waits for a Write of this process; Conflict when that takes too long. Twice is harmless."""
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            raise self._taken(BUSY_SECONDS)
        try:
            # The last connection of all processes to close checkpoints: while it does, SQLite lets nobody in.
            self._readers.close()
            self._drop_writer()
            if self._lock_file is not None and self._lock_file >= 0:
                os.close(self._lock_file)
            self._lock_file = -1
        finally:
            self._writing.release()

    def _connect(self, pragmas: str) -> sqlite3.Connection:
        mode = "mode=ro&immutable=1" if self._lock_file is None else "mode=rw"  # neither makes the file
        address = f"{(self.folder / FILE).absolute().as_uri()}?{mode}"
        db = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            db.executescript(pragmas)
        except BaseException:
            db.close()
            raise
        return db

    def _roll_back(self, db: sqlite3.Connection) -> None:
        try:
            if db.in_transaction:
                db.execute("ROLLBACK")
        except sqlite3.Error:
            self._drop_writer()  # closing it rolls back

    def _drop_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _taken(self, seconds: float) -> Conflict:
        return Conflict(
            "writing to {store}: another did so for {seconds} s; nothing was recorded: try again",
            store=self.folder,
            seconds=f"{seconds:g}",
        )

    def _check_version(self, migrations: Sequence[str], *, create: bool) -> None:
        """Migrate if need be. Opening a record that is up to date waits for no writer."""
        known = len(migrations)
        version = self._version()
        if version > known:
            raise too_new(str(self.folder), version, known)
        if version == 0 and not create:
            raise _absent(self.folder)
        if version < known:
            with self.exclusive(BUSY_SECONDS):
                self._migrate(migrations)
            self._readers.drop()  # they opened a file that was not yet in WAL mode

    def _version(self) -> int:
        """How many migrations ran. Raises Malformed for another program's database."""
        # The owner last: who saw what another process just made sees that it is ours.
        ((tables,), (version,), (owner,)) = (
            self.rows(sql)[0]
            for sql in ("SELECT count(*) FROM sqlite_master", "PRAGMA user_version", "PRAGMA application_id")
        )
        if owner != APPLICATION_ID and (version or tables):
            raise Malformed("{path} is another program's database: choose another folder", path=self.folder / FILE)
        return int(version)

    def _migrate(self, migrations: Sequence[str]) -> None:
        db = self._writing_connection()
        version = self._version()  # again: another process may just have done it
        try:
            if db.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
                raise Malformed("{store}: this file system cannot keep a record: use a local one", store=self.folder)
            for number, script in enumerate(migrations[version:], version + 1):
                marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {number}"
                db.executescript(f"BEGIN IMMEDIATE; {script}; {marks}; COMMIT")
        except sqlite3.Error as error:
            self._roll_back(db)
            raise translated(error, self.folder / FILE, "writing") from error


def _is_full(folder: Path) -> bool:
    try:
        return os.statvfs(folder).f_bavail == 0
    except OSError:
        return False


def _locked(lock_file: int) -> bool:
    try:
        fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _absent(folder: Path) -> Malformed:
    return Malformed("{store} holds no record: name another, or make one with `foedus init`", store=folder)


def _without_lock(folder: Path) -> None:
    """A record in a folder that nobody may write to is read as it lies there.

    Raises Malformed where a log lies beside it, whose transactions are a part of it: a server may be writing, or was
    killed. Nobody keeps one from starting later, while it is read; this reader may then find damage that there is not.
    """
    if (folder / f"{FILE}-wal").exists():
        raise Malformed(
            "{store} is in use or was not closed, and may only be read here: copy the folder to where you may write",
            store=folder,
        )


def _open_files(folder: Path, *, create: bool) -> int | None:
    """Make the files if need be, for their owner alone to read; the lock file's descriptor, None where there is none
    to be had and the record may be read all the same.
    """
    database = folder / FILE
    try:
        if create and not database.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(database, os.O_CREAT | os.O_RDWR, 0o600))
            lock_file = os.open(folder / LOCK_FILE, os.O_CREAT | os.O_RDWR, 0o600)
            with contextlib.suppress(OSError):  # some file systems sync no folders; SQLite does without, too
                sync_folder(folder)
                sync_folder(folder.parent)
            return lock_file
        if not database.is_file():
            raise _absent(folder)
        return os.open(folder / LOCK_FILE, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        if not create and error.errno in (errno.EROFS, errno.EACCES):
            _without_lock(folder)
            return None
        raise Malformed(
            "{store} cannot hold a record: {problem}; name a folder you may write to",
            store=folder,
            problem=error.strerror,
        ) from error
