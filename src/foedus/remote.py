"""One server over HTTP, at the address that the user gave: the only way by which anything here asks a network.

Asks no other address and follows no redirection. An answer larger or slower than it can honestly be is cut off: a
server can make somebody wait for a while, never for ever. Believes nothing of what it is told.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakSet

from foedus.errors import Conflict, Malformed, Tampered
from foedus.record.store import shown

if TYPE_CHECKING:
    import httpx  # a tenth of a second, wanted by nothing that asks no server

ANSWER_SECONDS = 60.0  # for a whole answer, however it trickles
MAX_PROBLEM_BYTES = 2**20


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Remote:
    """A server. Safe for use by several threads."""

    def __init__(
        self,
        url: str,
        token: str | None = None,
        transport: httpx.BaseTransport | None = None,
        language: str = "en",
        others: Sequence[str] = (),
    ) -> None:
        """`token`: a read token. `transport`: another way to it than the network, for tests.

        `language`: the one in which the server is asked to say why it refuses. `others`: where else the record may be
        served, asked in turn when one cannot be reached. Raises Malformed for an address that is none.
        """
        import httpx

        self._urls = [one.rstrip("/") for one in (url, *others)]
        for one in self._urls:
            if not one.startswith(("http://", "https://")):
                raise Malformed("{url}: the address of a server begins with http:// or https://", url=shown(one))
        headers = {"accept-language": language} | ({"authorization": f"Bearer {token}"} if token else {})
        try:
            self._clients = [
                httpx.Client(
                    base_url=one + "/",
                    timeout=ANSWER_SECONDS,
                    follow_redirects=False,
                    headers=headers,
                    transport=transport,
                )
                for one in self._urls
            ]
        except httpx.InvalidURL as problem:
            raise Malformed("{url} is no address of a server: {problem}", url=shown(url), problem=problem) from None
        self._turn = 0
        self._connections: WeakSet[socket.socket] = WeakSet()

    @property
    def url(self) -> str:
        """The address that is asked now."""
        return self._urls[self._turn]

    def elsewhere(self) -> None:
        """Ask the next address from now on, where there is another."""
        self._turn = (self._turn + 1) % len(self._urls)

    def get(self, path: str, most: int) -> Answer | None:
        """What is at a path, of at most `most` bytes; None where there is nothing (404), or nothing any more (410).

        Raises Malformed where the server wants a token or another one, Conflict when it cannot answer now, Tampered
        for an answer that is longer.
        """
        answer = self._ask("GET", path, most)
        if answer.status in (404, 410):
            return None
        if answer.status in (401, 403):
            raise Malformed(
                "{path}: not for this reader; give a token that may read it with --token", path=f"{self.url}/{path}"
            )
        if answer.status != 200:
            raise Conflict(
                "{path}: status {found} found, {expected} expected; try again",
                path=f"{self.url}/{path}",
                found=str(answer.status),
                expected="200",
            )
        return answer

    def post(self, path: str, content: bytes, kind: str = "application/json") -> Answer:
        """What the server says to `content`, whatever its status. Raises Conflict when it cannot be reached."""
        return self._ask("POST", path, MAX_PROBLEM_BYTES, content, {"content-type": kind})

    def close(self) -> None:
        """Let go of its connections; a thread that waits for an answer on one is told that there will be none."""
        for connection in list(self._connections):
            with suppress(OSError):  # closing alone wakes nobody who reads
                connection.shutdown(socket.SHUT_RDWR)
        for client in self._clients:
            client.close()

    def _ask(
        self, method: str, path: str, most: int, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        with self._open(method, path, content, headers) as answer:
            began, found, size = time.monotonic(), [], 0
            for part in answer.iter_bytes():
                found.append(part)
                size += len(part)
                if size > most:
                    raise Tampered(
                        "{path}: an answer of more than {most} bytes: no honest one is",
                        path=f"{self.url}/{path}",
                        most=most,
                    )
                if time.monotonic() - began > ANSWER_SECONDS:
                    raise Conflict(
                        "{path}: not whole after {seconds} s; try again",
                        path=f"{self.url}/{path}",
                        seconds=round(ANSWER_SECONDS),
                    )
            return Answer(answer.status_code, answer.headers, b"".join(found))

    @contextmanager
    def _open(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str] | None
    ) -> Iterator[httpx.Response]:
        import httpx

        turn, url = self._turn, self.url
        try:
            with self._clients[turn].stream(
                method, path, content=content, headers=headers, extensions={"trace": self._traced}
            ) as answer:
                yield answer
        except (httpx.HTTPError, httpx.StreamError) as problem:
            if self._turn == turn:
                self.elsewhere()
            raise Conflict("{url} could not be reached ({problem})", url=url, problem=problem) from None
        except RuntimeError as problem:  # it was let go of meanwhile, by whoever ends this process
            raise Conflict("{url} could not be reached ({problem})", url=url, problem=problem) from None

    def _traced(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember the socket of a connection that was just made, for `close`."""
        if event == "connection.connect_tcp.complete":
            self._connections.add(info["return_value"].get_extra_info("socket"))
