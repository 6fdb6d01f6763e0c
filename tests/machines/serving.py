"""Processes of `foedus serve` on one record, and a relay before them that gives each connection to the next in turn."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from foedus.record.key_file import write_key
from tests.machines.replicated import until, unused_port

ROOT = Path(__file__).parents[2]


class Served:
    """One process that serves a record on a port of its own."""

    def __init__(self, record: str, key: Path, folder: Path) -> None:
        self.port = unused_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / f"log {self.port}"
        self._command = [
            sys.executable, "-m", "foedus", "serve", record, "--port", str(self.port), "--depositary-key", str(key)
        ]  # fmt: skip
        self._environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "HOME": str(folder)}
        self.start()

    def start(self) -> None:
        """Start it, again after it was killed."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(self._command, stdout=log, stderr=log, env=self._environment, cwd=ROOT)

    @property
    def answers(self) -> bool:
        """Whether it answers."""
        assert self.process.poll() is None, self._log.read_text()
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/api/healthz", timeout=5).status_code == 200
        return False

    def kill(self) -> None:
        """End it by kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        """Ask it to stop, and have it stop."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    @property
    def said(self) -> str:
        """What it wrote on standard error."""
        return self._log.read_text()


class Relay:
    """Any proxy: it passes bytes on, each connection to the next server that can be reached."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._turn = itertools.cycle(ports)
        self._count = len(ports)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept nothing more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near = self._listener.accept()[0]
            except OSError:
                return
            far = self._next()
            if far is None:
                near.close()
                continue
            threading.Thread(target=both_ways, args=(near, far), daemon=True).start()

    def _next(self) -> socket.socket | None:
        for _ in range(self._count):
            with suppress(OSError):
                return socket.create_connection(("127.0.0.1", next(self._turn)), timeout=60)
        return None


def both_ways(near: socket.socket, far: socket.socket) -> None:
    """Bytes in both directions until the connection ends."""
    with near, far:
        answers = threading.Thread(target=pass_on, args=(far, near), daemon=True)
        answers.start()
        pass_on(near, far)
        answers.join()


def pass_on(source: socket.socket, sink: socket.socket) -> None:
    """Bytes from one to the other until either ends, then both."""
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def serving(record: str, seed: bytes, folder: Path, count: int = 3) -> Iterator[tuple[list[Served], Relay]]:
    """So many processes on the record, once all of them answer, and the relay before them."""
    key = folder / "depositary.key"
    write_key(key, "depositary", seed, None)
    servers = [Served(record, key, folder) for _ in range(count)]
    try:
        until(lambda: all(server.answers for server in servers))
        relay = Relay([server.port for server in servers])
        try:
            yield servers, relay
        finally:
            relay.close()
    finally:
        for server in servers:
            server.end()
