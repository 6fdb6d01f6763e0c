"""The record in PostgreSQL (14 or newer), for any number of machines: schema `foedus` of one database.

Writers exclude one another, and receipts in the making, by an advisory lock; readers take no lock at all. An
envelope is received under the same lock in shared mode: many at once, but none with an earlier time than
that of a Write can be committed after it. The lock ends with its connection, and the server ends that of a
writer who is silent for a minute, so a stalled machine holds nobody up for longer.

The server must sync (`fsync = on`, as it comes). Connect to it directly: a pooler that hands connections
round between transactions loses notifications (then `wait` finds out by asking every half second).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import psycopg

from foedus.record.postgres_server import WRITE_LOCK, Connection, Cursor, Server, translated
from foedus.record.store import (
    Clock,
    Received,
    check_append,
    check_blob,
    closed,
    from_micros,
    half_done,
    to_micros,
)
from foedus.record.tables import Tables

CHANNEL = "foedus_record"
ASK_SECONDS = 0.5  # how often a reader looks though it was told nothing
LOCK_SECONDS = 10.0

# Each runs once, in order; what was released is never changed. Times are microseconds since 1970 UTC.
# head.at is the last entry's time, head.seen the latest the store gave in a Write that changed the record.
MIGRATIONS = (
    """
    CREATE SCHEMA foedus;
    CREATE TABLE version (version integer NOT NULL);
    INSERT INTO version VALUES (0);
    CREATE TABLE entry (idx bigint PRIMARY KEY, leaf bytea NOT NULL CHECK (length(leaf) = 32),
        bytes bytea NOT NULL);
    CREATE TABLE node (level integer, n bigint, hash bytea NOT NULL CHECK (length(hash) = 32),
        PRIMARY KEY (level, n));
    CREATE TABLE head (one integer PRIMARY KEY CHECK (one = 1), size bigint NOT NULL, at bigint NOT NULL,
        seen bigint NOT NULL, frontier bytea NOT NULL);
    INSERT INTO head VALUES (1, 0, 0, 0, '');
    CREATE TABLE inbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at bigint NOT NULL,
        envelope bytea NOT NULL, outcome bytea);
    CREATE INDEX inbox_at ON inbox (at);
    CREATE INDEX inbox_open ON inbox (at, id) WHERE outcome IS NULL;
    CREATE TABLE checkpoint (size bigint PRIMARY KEY, note bytea NOT NULL);
    CREATE TABLE blob (digest text PRIMARY KEY, data bytea NOT NULL);
    CREATE TABLE setting (name text PRIMARY KEY, value bytea NOT NULL);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '% of % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]; END $$;
    CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
        EXECUTE FUNCTION refuse('an entry is kept and never changes');
    CREATE TRIGGER node_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON node
        EXECUTE FUNCTION refuse('a tree node is kept and never changes');
    CREATE TRIGGER head_kept BEFORE DELETE OR TRUNCATE ON head EXECUTE FUNCTION refuse('the head is kept');
    CREATE TRIGGER head_grows BEFORE UPDATE ON head FOR EACH ROW
        WHEN (NEW.size < OLD.size OR NEW.at < OLD.at OR NEW.seen < OLD.seen)
        EXECUTE FUNCTION refuse('the record never shrinks and its time never decreases');
    CREATE TRIGGER inbox_kept BEFORE DELETE OR TRUNCATE ON inbox
        EXECUTE FUNCTION refuse('a receipt is kept');
    CREATE TRIGGER inbox_stays BEFORE UPDATE ON inbox FOR EACH ROW
        WHEN (OLD.outcome IS NOT NULL OR NEW.outcome IS NULL
            OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.envelope <> OLD.envelope)
        EXECUTE FUNCTION refuse('a receipt is settled once and never changes');
    """,
)

NOW = "floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
# A statement of its own after the lock: its view of the database is then newer than the lock.
EXCLUSIVE = f"""
    SELECT pg_advisory_xact_lock({WRITE_LOCK});
    SELECT size, at, seen, frontier, (SELECT max(at) FROM inbox), {NOW} FROM head
"""  # noqa: S608 - put together from constants
SHARED = f"SELECT pg_advisory_xact_lock_shared({WRITE_LOCK})"
RECEIVE = f"""
    INSERT INTO inbox (at, envelope)
    SELECT greatest(coalesce(%s, {NOW}), at, seen, (SELECT max(at) FROM inbox)), %s FROM head
    RETURNING id, at
"""  # noqa: S608 - put together from constants
OPEN = "SELECT id, at, envelope FROM inbox WHERE outcome IS NULL ORDER BY at, id"
APPEND = """
    INSERT INTO entry SELECT %s::bigint + n - 1, leaf, bytes
    FROM unnest(%b::bytea[], %b::bytea[]) WITH ORDINALITY AS new (leaf, bytes, n)
"""
NODE = "INSERT INTO node VALUES (%s, %s, %s)"
MOVE = """
    WITH moved AS (UPDATE head SET size = %s, at = %s, seen = %s, frontier = %s RETURNING size)
    SELECT pg_notify('foedus_record', size::text) FROM moved
"""
FIRST_NOTE = "INSERT INTO checkpoint VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING true"
NEXT_NOTE = "UPDATE checkpoint SET note = %s WHERE size = %s AND note = %s RETURNING true"
PUT_BLOB = "INSERT INTO blob VALUES (%s, %s) ON CONFLICT DO NOTHING"
SETTINGS = 'SELECT name FROM setting WHERE starts_with(name, %s) ORDER BY name COLLATE "C"'
SET_SETTING = "INSERT INTO setting VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


class PostgresWrite:
    """`store.Write` on a connection that holds the lock."""

    def __init__(self, name: str, connection: Connection, head: Cursor, clock: Clock | None) -> None:
        self._name = name
        self._connection = connection
        self._usable = True
        self._failed = False
        self._moved = False
        (found,) = head.fetchall()
        self.size, self._last, seen, self.frontier, received, now = found
        self._at = max(now if clock is None else to_micros(clock()), seen, self._last, received or 0)
        self.at = from_micros(self._at)

    def open(self) -> list[Received]:
        rows = self._run(OPEN).fetchall()
        return [Received(number, from_micros(at), envelope) for number, at, envelope in rows]

    def receive(self, envelope: bytes) -> Received:
        sql = "INSERT INTO inbox (at, envelope) VALUES (%s, %s) RETURNING id"
        ((number,),) = self._run(sql, self._at, envelope).fetchall()
        return Received(number, self.at, envelope)

    def settle(self, id: int, outcome: bytes) -> None:  # noqa: A002 - as in store.Write
        done = self._run("UPDATE inbox SET outcome = %s WHERE id = %s", outcome, id)
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
        self._run(APPEND, self.size, list(leaves), list(entries))
        for node in nodes:
            self._run(NODE, *node)
        self.size += len(entries)
        self.frontier = frontier
        self._moved = True

    def put_blob(self, digest: str, data: bytes) -> None:
        check_blob(digest, data)
        self._run(PUT_BLOB, digest, data)

    def put_back(
        self, receipts: Iterable[Received], checkpoints: Iterable[tuple[int, bytes]], settings: Mapping[str, bytes]
    ) -> None:
        for one in receipts:
            assert one.at <= self.at, "received after the time of this Write"
            self._run("INSERT INTO inbox (at, envelope) VALUES (%s, %s)", to_micros(one.at), one.envelope)
        for checkpoint in checkpoints:
            self._run("INSERT INTO checkpoint VALUES (%s, %s)", *checkpoint)
        for setting in settings.items():
            self._run("INSERT INTO setting VALUES (%s, %s)", *setting)

    def finish(self) -> None:
        """The last statement before the commit. Raises Conflict when an earlier one had failed."""
        if self._failed:
            raise half_done()
        if self._moved:
            self._run(MOVE, self.size, self._last, self._at, self.frontier)

    def leave(self) -> None:
        """No statement runs after this."""
        self._usable = False

    def _run(self, sql: str, *values: object) -> Cursor:
        assert self._usable, "this Write was left"
        try:
            return self._connection.execute(sql, values, binary=True)
        except psycopg.Error as error:
            self._failed = True
            raise translated(error, self._name, "writing") from error


class PostgresStore(Tables):
    """`store.Store` in a database."""

    def __init__(self, address: str, *, clock: Clock | None = None, create: bool = False) -> None:
        self._clock = clock
        self._server = Server(address, MIGRATIONS, create=create)
        super().__init__(self._server.rows, "%s")

    @contextmanager
    def write(self, timeout: float = LOCK_SECONDS) -> Iterator[PostgresWrite]:
        with self._server.transaction(EXCLUSIVE, timeout) as (connection, head):
            write = PostgresWrite(self._server.name, connection, head, self._clock)
            try:
                yield write
                write.finish()
            finally:
                write.leave()

    def receive(self, envelope: bytes) -> Received:
        with self._server.transaction(SHARED, LOCK_SECONDS) as (connection, _):
            now = None if self._clock is None else to_micros(self._clock())
            try:
                ((number, at),) = connection.execute(RECEIVE, (now, envelope), binary=True).fetchall()
            except psycopg.Error as error:
                raise translated(error, self._server.name, "writing") from error
        return Received(number, from_micros(at), envelope)

    def save_checkpoint(self, size: int, note: bytes, instead_of: bytes | None = None) -> bool:
        if instead_of is None:
            return bool(self._server.rows(FIRST_NOTE, (size, note)))
        return bool(self._server.rows(NEXT_NOTE, (note, size, instead_of)))

    def put_blob(self, digest: str, data: bytes) -> None:
        check_blob(digest, data)
        self._server.rows(PUT_BLOB, (digest, data))

    def erase_blob(self, digest: str) -> bool:
        """As in `store.Store`: the row is deleted, and the space it took is given free at once.

        The server overwrites that space when it next needs it, and no sooner; its WAL, standbys and backups
        keep the bytes for as long as they are kept themselves.
        """
        check_blob(digest)
        erased = self._server.rows("DELETE FROM blob WHERE digest = %s RETURNING true", (digest,))
        if erased:
            self._server.rows("VACUUM blob")
        return bool(erased)

    def settings(self, prefix: str) -> list[str]:
        return [name for (name,) in self._server.rows(SETTINGS, (prefix,))]

    def set_setting(self, name: str, value: bytes | None) -> None:
        if value is None:
            self._server.rows("DELETE FROM setting WHERE name = %s", (name,))
        else:
            self._server.rows(SET_SETTING, (name, value))

    def wait(self, size: int, timeout: float) -> int:
        deadline = time.monotonic() + timeout
        found = self.size()
        if found > size or timeout <= 0:
            return found
        with self._server.listening(CHANNEL) as connection:
            while not self._server.closed:  # look after listening: what came in between is not missed
                found = int(connection.execute("SELECT size FROM head").fetchall()[0][0])
                left = deadline - time.monotonic()
                if found > size or left <= 0:
                    return found
                list(connection.notifies(timeout=min(left, ASK_SECONDS), stop_after=1))
        raise closed()

    def close(self) -> None:
        self._server.close()
