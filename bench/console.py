"""A console to measure: over a record made or kept, asked in this process without a socket or served by another.

Nothing here is measured; the scripts beside it do that. A kept record is copied and never changed.
"""

from __future__ import annotations

import argparse
import http.client
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar

from bench.record import describe, make
from foedus.depositary import Depositary
from foedus.exercise.keys import ExerciseKeys
from foedus.state import State

ENTRIES = 100_000


@contextmanager
def record_asked_for(what: str) -> Iterator[Path]:
    """The record that the command line asks for, as a copy that may be changed; its mix is printed."""
    ask = argparse.ArgumentParser(description=what, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--entries", type=int, default=ENTRIES)
    ask.add_argument("--folder", type=Path, help="a record kept by bench.record; made for this run otherwise")
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory(dir=".", prefix=".bench-") as room:
        folder = Path(room) / "record"
        if asked.folder:
            shutil.copytree(asked.folder, folder)
        else:
            make(folder, asked.entries).depositary.close()
        describe(folder)
        yield folder


def exercise(folder: Path) -> tuple[Depositary, ExerciseKeys]:
    """The record opened for acting, and the keys of its seats."""
    keys = ExerciseKeys.open(folder, State())
    assert keys is not None, "bench.record keeps the secret beside the record"
    return Depositary.open(folder, seed=keys.depositary_seed), keys


async def ask(app: Litestar, address: str, cookie: str = "") -> tuple[int, bytes]:
    """Status and body of one GET, given to the application as a server would give it; no socket, no client library."""
    path, _, query = address.partition("?")
    headers = [(b"host", b"localhost"), (b"accept", b"text/html"), (b"cookie", cookie.encode())]
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000), "state": {},
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)  # type: ignore[arg-type]  # a dict is what a server passes too
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


# --- a process of its own ---------------------------------------------------------------------------------------


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """`foedus serve` on this record, just begun."""
    command = [sys.executable, "-m", "foedus", "serve", str(folder), "--port", str(port)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def answered(port: int, path: str = "/", seconds: float = 120.0) -> bytes:
    """The body of the first 200, asked for until there is one."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", path, headers={"accept": "text/html"})
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, f"{path} answered {answer.status}"
            return body
        except ConnectionRefusedError:
            time.sleep(0.002)
        finally:
            connection.close()
    raise TimeoutError(f"nobody answered on port {port} in {seconds:g} s")


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """The port of a console in a process of its own, which answers; asked to stop at the end."""
    port = free_port()
    process = started(folder, port)
    try:
        answered(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
