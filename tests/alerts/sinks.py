"""Servers on this machine that take what alerts send: a real SMTP server and an HTTP one; both can misbehave."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


class Box:
    """What arrived by mail. `answer`: what RCPT is told for an address, None to take it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer: Callable[[str], str | None] = lambda address: None
        self.tries = 0
        self.port = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  # aiosmtpd calls it so
        self.tries += 1
        said = self.answer(address)
        if said is not None:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd calls it so
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 taken"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == address]


@contextmanager
def smtp(**more: Any) -> Iterator[Box]:
    """A real SMTP server. `more`: for aiosmtpd's Controller, such as a TLS context."""
    box = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        box.port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port, ready_timeout=20, **more)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


class Calls:
    """What arrived over HTTP: path, headers and body. `answer`: status for a path; None never answers."""

    def __init__(self) -> None:
        self.found: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: Callable[[str], int | None] = lambda path: 200
        self.url = ""
        self.ended = threading.Event()


@contextmanager
def http() -> Iterator[Calls]:
    """An HTTP server that takes POST and PUT."""
    calls = Calls()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library calls it so
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status = calls.answer(self.path)
            if status is None:
                calls.ended.wait(30)
                return
            calls.found.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"event_id":"$1","id":"m1"}')

        do_PUT = do_GET = do_POST  # noqa: N815  # the library calls them so

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    calls.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield calls
    finally:
        calls.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def wait_until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Until it holds; fails by name when it does not."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not within {seconds} s: {holds}"
        time.sleep(0.02)


async def soon(holds: Callable[[], object], seconds: float = 20) -> None:
    """The same in a loop."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not within {seconds} s: {holds}"
        await asyncio.sleep(0.02)
