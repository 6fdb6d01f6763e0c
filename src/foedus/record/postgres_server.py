"""A PostgreSQL server that keeps a record: connecting, excluding other writers, committing.

What is kept there is said in `postgres.py`. A connection that was lost before anything was asked of it is
replaced in silence; one lost later is a Conflict that says what became of the transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import Diagnostic

from foedus.errors import Conflict, FoedusError, Malformed
from foedus.record.store import Doing, Idle, damaged, full, half_done, not_now, too_new

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]
Cursor: TypeAlias = psycopg.Cursor[tuple[Any, ...]]

OLDEST_SERVER = 140000
WRITE_LOCK = 0x666F656475730001  # "foedus", and which of its locks
MIGRATION_LOCK = 0x666F656475730002
SILENT_SECONDS = 60

# A dead peer is noticed within a minute, also by a reader that only listens. The address may say otherwise.
DEFAULTS = {
    "application_name": "foedus",
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}

# A server set up to lose the last commits in a crash is overruled; one that waits for standbys is not.
SETTINGS = f"""
    SET search_path = foedus;
    SET client_min_messages = warning;
    SET default_transaction_isolation = 'read committed';
    SET idle_in_transaction_session_timeout = '{SILENT_SECONDS}s';
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""

SILENT_TOO_LONG = "25P03"
# Classes of SQLSTATE that say "not now": connection, transaction state (a standby, silence), rollback,
# resources (a full disk), locks, operator, system.
_NOT_NOW = ("08", "25", "40", "53", "55", "57", "58")


def translated(error: psycopg.Error, name: str, doing: Doing) -> FoedusError:
    """The error for a caller of the store. Our own mistakes (wrong SQL, what a trigger stops) are asserts."""
    state = error.sqlstate or ""
    said = str(error).strip().partition("\n")[0]
    if state in ("XX001", "XX002"):
        return damaged(name, said)
    if state == "42501":
        return Malformed("{store}: {problem}: connect as a role that may", store=name, problem=said)
    if state == "53100" and doing == "writing":
        return full(name)
    if state == "55P03":
        return Conflict("{store}: another held the record for too long; nothing was recorded: try again", store=name)
    lost = not state and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    assert lost or state[:2] in _NOT_NOW, f"{doing} {name}: {said}"
    return not_now(name, doing, said)


class Server:
    """One process's connections to the database."""

    def __init__(self, address: str, migrations: Sequence[str], *, create: bool) -> None:
        """Raises as `open_store`. `migrations` are scripts, each run once; as many as ran is the version."""
        try:
            given = conninfo_to_dict(address)
        except psycopg.ProgrammingError as error:
            raise Malformed("store {store}: {problem}", store="postgresql://…", problem=str(error).strip()) from error
        self.name = f"postgresql://…/{given.get('dbname') or ''}"  # an address may hold a password: it is never shown
        self._conninfo = make_conninfo("", **(DEFAULTS | given))
        self._idle = Idle(self._connect)
        try:
            self._migrate(migrations, create=create)
        except BaseException:
            self.close()
            raise

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._idle.closed

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """What a statement returns; it may run twice when a connection is lost. Raises Conflict."""
        connection, cursor = self._first(sql, values, "reading")
        found = cursor.fetchall() if cursor.description else []
        self._idle.give(connection)
        return found

    @contextmanager
    def transaction(self, lock: str, timeout: float, doing: Doing = "writing") -> Iterator[tuple[Connection, Cursor]]:
        """What runs on the connection meanwhile is durable when this is left, or did not happen.

        `lock` are statements without values that take the lock first; the cursor has what the last of them
        returned, seen after the lock was had. Raises Conflict when that takes longer than `timeout` seconds.
        """
        begin = f"BEGIN; SET LOCAL lock_timeout = {max(1, round(timeout * 1000))}; {lock}"
        connection, cursor = self._first(begin, None, doing)
        while cursor.nextset():
            pass
        try:
            yield connection, cursor
        except BaseException:
            self._abandon(connection)
            raise
        self._commit(connection)

    @contextmanager
    def listening(self, channel: str) -> Iterator[Connection]:
        """A connection that is notified of what is said on `channel`."""
        connection, _ = self._first(f"LISTEN {channel}", None, "reading")
        try:
            yield connection
            connection.execute("UNLISTEN *")
        except psycopg.Error as error:
            self._abandon(connection)
            raise translated(error, self.name, "reading") from error
        except BaseException:
            connection.close()
            raise
        self._idle.give(connection)

    def close(self) -> None:
        """Close every connection, those in use when they are given back."""
        self._idle.close()

    def _connect(self) -> Connection:
        connection: Connection = psycopg.connect(self._conninfo, autocommit=True)
        try:
            connection.execute(SETTINGS)
            if connection.info.server_version < OLDEST_SERVER:
                raise Malformed("{store}: PostgreSQL 14 or newer is needed", store=self.name)
        except BaseException:
            connection.close()
            raise
        return connection

    def _first(self, sql: str, values: Sequence[object] | None, doing: Doing) -> tuple[Connection, Cursor]:
        """A connection and its first statement's result; a new connection if the idle one had been lost."""
        while True:
            fresh = not self._idle
            connection: Connection | None = None
            try:
                connection = self._idle.take()
                # With no values at all several statements go in one message; the answer is then text.
                with self._confirmed(connection):
                    return connection, connection.execute(sql, values, binary=values is not None)
            except psycopg.Error as error:
                lost = connection is not None and connection.closed
                if connection is not None:
                    self._abandon(connection)
                if not lost or fresh:
                    raise translated(error, self.name, doing) from error
                self._idle.drop()  # what killed one has killed the others, as a rule
            except BaseException:
                if connection is not None:
                    connection.close()
                raise

    def _commit(self, connection: Connection) -> None:
        try:
            with self._confirmed(connection):
                done = connection.execute("COMMIT")
        except psycopg.Error as error:
            # An answer other than COMMIT means it was rolled back; no answer may mean either.
            certain = not connection.closed or error.sqlstate == SILENT_TOO_LONG
            self._abandon(connection)
            raise translated(error, self.name, "writing" if certain else "committing") from error
        except BaseException:
            connection.close()
            raise
        self._idle.give(connection)
        if done.statusmessage != "COMMIT":  # the server does not call this an error
            raise half_done()

    @contextmanager
    def _confirmed(self, connection: Connection) -> Iterator[None]:
        """Raises Conflict when what runs within was committed without the standbys that must have it.

        That is what a server does when somebody, or a time limit, cancels the wait for them: it calls it no error.
        """
        warned: list[str] = []

        def hear(said: Diagnostic) -> None:
            warned.append(said.message_primary or "a warning without words")

        connection.add_notice_handler(hear)
        try:
            yield
        finally:
            connection.remove_notice_handler(hear)
        if warned:
            raise not_now(self.name, "committing", warned[0])

    def _abandon(self, connection: Connection) -> None:
        """Roll back, and keep the connection if it is still good."""
        try:
            connection.execute("ROLLBACK")
        except psycopg.Error:
            connection.close()
        else:
            self._idle.give(connection)

    def _migrate(self, migrations: Sequence[str], *, create: bool) -> None:
        # Without a lock, making tables in several processes at once fails on PostgreSQL's own tables.
        there = f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK}); SELECT to_regclass('foedus.version')::text"
        with self.transaction(there, 30, "opening") as (connection, cursor):
            version = 0
            if (cursor.fetchone() or [None])[0]:
                version = connection.execute("SELECT version FROM version").fetchall()[0][0]
            elif not create:
                raise Malformed(
                    "{store} holds no record: name another, or make one with `foedus init`", store=self.name
                )
            known = len(migrations)
            if version > known:
                raise too_new(self.name, version, known)
            try:
                for number, script in enumerate(migrations[version:], version + 1):
                    connection.execute(script.encode())
                    connection.execute("UPDATE version SET version = %s", (number,))
            except psycopg.Error as error:
                raise translated(error, self.name, "writing") from error
