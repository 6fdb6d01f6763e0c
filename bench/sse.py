"""How soon 500 open pages are told of an act, over loopback, by a console in a process of its own.

    python -m bench.sse [--entries 100000] [--folder KEPT]

Each viewer holds `/events` open on a connection of its own, read in this process. An act is signed and sent to the API;
the time runs from the first byte of that request to the moment at which a viewer has read the message with the new
size, so it holds verifying, deciding, the synced commit and the way to the viewer. The floor is the same with one
viewer.
"""

from __future__ import annotations

import asyncio
import http.client
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Sequence
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
SEAT = "POL/foreign"


class Told(msgspec.Struct):
    """The data of a message."""

    size: int


class Viewers:
    """Open streams. `times`: when each was first told of at least `awaited` entries."""

    def __init__(self, port: int) -> None:
        self.port = port
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
        while line := await reader.readline():
            if line.startswith(b"data: "):
                size = msgspec.json.decode(line[6:], type=Told).size
                if seen < self.awaited <= size:
                    self._note(perf_counter())
                seen = size

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
        self._depositary, self._seed = depositary, keys.seed_of(SEAT)

    def act(self) -> bytes:
        """The next act, signed."""
        body = DepositCommunication("RUS", "objection")
        statement = statement_for(self._depositary.state, SEAT, body, self._depositary.now())
        return sign(statement, [self._seed], exercise=True)

    def send(self, envelope: bytes) -> None:
        """Send it, and wait for the receipt."""
        self._connection.request("POST", "/api/acts", envelope, {"content-type": "application/json"})
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 201, f"the act was answered {answer.status}: {body!r}"


async def measure(port: int, sender: Sender, size: int, count: int) -> tuple[list[float], int]:
    """Milliseconds of every viewer and act with so many viewers; the size of the record afterwards."""
    viewers = Viewers(port)
    viewers.awaited = size
    await viewers.open(count)
    spent: list[float] = []
    for _ in range(ACTS):
        envelope = sender.act()
        spent += await viewers.told(lambda envelope=envelope: sender.send(envelope))  # type: ignore[misc]  # its own
        await asyncio.sleep(PAUSE)
    await viewers.close()
    return spent, viewers.awaited


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
            alone, size = asyncio.run(measure(port, sender, size, 1))
            print(f"floor: one viewer, {ACTS} acts      {said(alone)}", flush=True)
            many, _ = asyncio.run(measure(port, sender, size, VIEWERS))
            print(f"{VIEWERS} viewers, {ACTS} acts           {said(many)}   (wanted at p99: {WANTED_MS:.0f} ms)")
        depositary.store.close()


if __name__ == "__main__":
    main()
