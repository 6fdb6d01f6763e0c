"""How soon 500 open pages are told of an act, over loopback, by a console in a process of its own.

    python -m bench.sse [--entries 100000] [--folder KEPT]

Each viewer holds `/events` open on a connection of its own, read in this process. An act is signed and sent to the API;
the time runs from the first byte of that request to the moment at which a viewer has read the message with the new
size, so it holds verifying, deciding, the synced commit and the way to the viewer. The floor is the same with one
viewer. Then the viewers follow as open pages do: each fetches Home anew within the time that the message names.
"""

from __future__ import annotations

import asyncio
import http.client
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Sequence
from random import Random
from statistics import median
from time import perf_counter

import msgspec

from bench.console import exercise, record_asked_for, serving
from foedus.depositary import Depositary
from foedus.exercise.keys import ExerciseKeys
from foedus.parties.acts import DepositCommunication
from foedus.signing import sign, statement_for

VIEWERS, ACTS, WANTED_MS = 500, 40, 250.0
PAUSE = 0.25  # seconds between two acts, so that each is told alone
FOLLOWED, FOLLOWED_PAUSE = 20, 1.0
SEAT = "POL/foreign"


class Told(msgspec.Struct):
    """The data of a message. `spread`: milliseconds within which open pages fetch what changed."""

    size: int
    spread: int


class Viewers:
    """Open streams. `times`: when each was first told of at least `awaited` entries.

    `following`: whether each fetches Home when it was told; `fetched`: how long from being told to the page.
    """

    def __init__(self, port: int, following: bool) -> None:
        self.port, self.following = port, following
        self.fetched: list[float] = []
        self._chance = Random(500)
        self.awaited = 0
        self.times: list[float] = []
        self._all = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._writers: list[StreamWriter] = []

    async def open(self, count: int) -> None:
        """So many more, each past its first message."""
        for _ in range(count):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(b"GET /events HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n")
            await reader.readuntil(b"data: ")
            self._writers.append(writer)
            self._tasks.append(asyncio.create_task(self._read(reader)))

    async def _read(self, reader: StreamReader) -> None:
        seen = 0
        fetching: asyncio.Task[None] | None = None
        while line := await reader.readline():
            if line.startswith(b"data: "):
                told = msgspec.json.decode(line[6:], type=Told)
                if seen < self.awaited <= told.size:
                    self._note(perf_counter())
                seen = told.size
                if self.following and (fetching is None or fetching.done()):
                    fetching = asyncio.create_task(self._fetch(told.spread))

    async def _fetch(self, spread: int) -> None:
        told = perf_counter()
        await asyncio.sleep(0.05 + self._chance.random() * spread / 1000)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"GET / HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\nconnection: close\r\n\r\n")
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
        writer.close()
        self.fetched.append(1000 * (perf_counter() - told))

    def _note(self, at: float) -> None:
        self.times.append(at)
        if len(self.times) == len(self._tasks):
            self._all.set()

    async def told(self, send: Callable[[], object]) -> list[float]:
        """Milliseconds from the sending of an act until each viewer was told of it."""
        self.times = []
        self._all.clear()
        self.awaited += 1
        start = perf_counter()
        await asyncio.to_thread(send)
        async with asyncio.timeout(60):
            await self._all.wait()
        return [1000 * (at - start) for at in self.times]

    async def close(self) -> None:
        """End every stream."""
        for task in self._tasks:
            task.cancel()
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class Sender:
    """A seat that sends acts to the API, over a connection that it keeps."""

    def __init__(self, port: int, depositary: Depositary, keys: ExerciseKeys) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._depositary, self._key = depositary, keys.key_of(SEAT)

    def act(self) -> bytes:
        """The next act, signed."""
        body = DepositCommunication("RUS", "objection")
        statement = statement_for(self._depositary.state, SEAT, body, self._depositary.now())
        return sign(statement, [self._key], exercise=True)

    def send(self, envelope: bytes) -> None:
        """Send it, and wait for the receipt."""
        self._connection.request("POST", "/api/acts", envelope, {"content-type": "application/json"})
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 201, f"the act was answered {answer.status}: {body!r}"


async def measure(
    port: int, sender: Sender, size: int, count: int, acts: int = ACTS, pause: float = PAUSE, following: bool = False
) -> tuple[list[float], Viewers]:
    """Milliseconds of every viewer and act with so many viewers."""
    viewers = Viewers(port, following)
    viewers.awaited = size
    await viewers.open(count)
    spent: list[float] = []
    for _ in range(acts):
        envelope = sender.act()
        spent += await viewers.told(lambda envelope=envelope: sender.send(envelope))  # type: ignore[misc]  # its own
        await asyncio.sleep(pause)
    await viewers.close()
    return spent, viewers


def said(spent: Sequence[float]) -> str:
    """Median, 99th percentile and the slowest."""
    ordered = sorted(spent)
    ninety_nine = ordered[-(-99 * len(ordered) // 100) - 1]
    return f"median {median(ordered):6.1f} ms   p99 {ninety_nine:6.1f} ms   slowest {ordered[-1]:6.1f} ms"


def main() -> None:
    """Print the time to one viewer, and to all."""
    with record_asked_for(__doc__ or "") as folder:
        depositary, keys = exercise(folder)
        size = depositary.state.size
        with serving(folder) as port:
            sender = Sender(port, depositary, keys)
            alone, viewers = asyncio.run(measure(port, sender, size, 1))
            print(f"floor: one viewer, {ACTS} acts             {said(alone)}", flush=True)
            many, viewers = asyncio.run(measure(port, sender, viewers.awaited, VIEWERS))
            print(f"{VIEWERS} viewers, {ACTS} acts                  {said(many)}   (wanted at p99: {WANTED_MS:.0f} ms)")
            followed = measure(port, sender, viewers.awaited, VIEWERS, FOLLOWED, FOLLOWED_PAUSE, following=True)
            many, viewers = asyncio.run(followed)
            print(f"{VIEWERS} that fetch Home, an act a second  {said(many)}")
            print(f"{len(viewers.fetched):,} fetches of Home since told      {said(viewers.fetched)}")
        depositary.store.close()


if __name__ == "__main__":
    main()
