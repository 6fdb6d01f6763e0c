"""Two PostgreSQL servers on this machine: a primary, and a standby without which it confirms no commit.

with replicated() as (primary, standby):
    primary.kill()          # -9, it and all its children, as when a machine loses its power
    standby.promote()
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.stores import QUICK, PostgresServer

NAME = "standby"


class Listening(PostgresServer):
    """A server that is reached over TCP, as another machine's would be."""

    def __init__(self, *settings: str) -> None:
        self.port = unused_port()
        super().__init__((*QUICK, "listen_addresses=127.0.0.1", f"port={self.port}", *settings))

    def address(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def kill(self) -> None:
        """End it without a word."""
        postmaster = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        children = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True, text=True).stdout.split()
        for process in (postmaster, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


class Standby(Listening):
    """A copy of the primary that follows it."""

    def __init__(self, primary: Listening) -> None:
        self._primary = primary
        super().__init__(f"cluster_name={NAME}")  # under which the primary knows it

    def _fill(self, binaries: Path) -> None:
        options = ("--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--wal-method=stream")
        self._run(binaries / "pg_basebackup", "-d", self._primary.address(), *options, "-D", self.folder / "data")

    def promote(self) -> None:
        """Have it take over."""
        self.execute("SELECT pg_promote(true, 60)")


@contextmanager
def replicated() -> Iterator[tuple[Listening, Standby]]:
    """The two, from the moment on at which every commit of the first waits for the second."""
    primary = Listening()
    try:
        standby = Standby(primary)
        try:
            primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 ({NAME})'")
            primary.execute("SELECT pg_reload_conf()")
            until(lambda: primary.execute("SELECT sync_state FROM pg_stat_replication") == [("sync",)])
            yield primary, standby
        finally:
            standby.stop()
    finally:
        primary.stop()


def until(so, seconds: float = 60) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline, "it never came to be so"
        time.sleep(0.05)


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def settings(address: str, sql: str) -> None:
    """Statements on a connection of their own."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.encode())
