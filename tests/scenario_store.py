"""A store that keeps nothing when its process ends, for runs by the hundred.

It gives a `Depositary` what it asks of a store and no more; scenarios run on a real store too. Threads,
waiting, cosigned checkpoints and erasure are the contract suite's matter, not this one's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import cast

from foedus.record.store import Clock, Received, Store, Write


class _Write:
    """What is staged here is kept when the block is left without an exception."""

    def __init__(self, store: _Memory) -> None:
        self._store = store
        self.at = max(store.clock(), store.seen or store.clock())
        self.size, self.frontier = len(store.kept), store.frontier
        self.entries: list[bytes] = []
        self.blobs: dict[str, bytes] = {}
        self.received: list[Received] = []
        self.settled: dict[int, bytes] = {}

    def open(self) -> list[Received]:
        waiting = [one for one in self._store.inbox if one.id not in self._store.outcomes]
        return [one for one in (*waiting, *self.received) if one.id not in self.settled]

    def receive(self, envelope: bytes) -> Received:
        received = Received(len(self._store.inbox) + len(self.received) + 1, self.at, envelope)
        self.received.append(received)
        return received

    def settle(self, number: int, outcome: bytes) -> None:
        self.settled[number] = outcome

    def append(self, at: datetime, entries: Sequence[bytes], leaves: object, nodes: object, frontier: bytes) -> None:
        assert at <= self.at, "an entry from the future"
        self.entries += entries
        self.size, self.frontier = self.size + len(entries), frontier

    def put_blob(self, digest: str, data: bytes) -> None:
        self.blobs.setdefault(digest, data)


class _Memory:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.seen: datetime | None = None
        self.kept: list[bytes] = []
        self.frontier = b""
        self.blobs: dict[str, bytes] = {}
        self.kept_settings: dict[str, bytes] = {}
        self.inbox: list[Received] = []
        self.outcomes: dict[int, bytes] = {}

    @contextmanager
    def write(self, timeout: float = 0) -> Iterator[Write]:
        staged = _Write(self)
        yield cast(Write, staged)
        self.seen = staged.at
        self.kept += staged.entries
        self.frontier = staged.frontier
        self.blobs |= staged.blobs
        self.inbox += staged.received
        self.outcomes |= staged.settled

    def size(self) -> int:
        return len(self.kept)

    def head(self) -> tuple[int, bytes]:
        return len(self.kept), self.frontier

    def entries(self, start: int, end: int | None = None) -> Iterator[bytes]:
        return iter(self.kept[start:end])

    def receive(self, envelope: bytes) -> Received:
        with self.write() as write:
            return write.receive(envelope)

    def outcome(self, number: int) -> bytes | None:
        return self.outcomes.get(number)

    def put_blob(self, digest: str, data: bytes) -> None:
        self.blobs.setdefault(digest, data)

    def get_blob(self, digest: str) -> bytes | None:
        return self.blobs.get(digest)

    def setting(self, name: str) -> bytes | None:
        return self.kept_settings.get(name)

    def set_setting(self, name: str, value: bytes) -> None:
        self.kept_settings[name] = value

    def close(self) -> None:
        self.kept = list(self.kept)


def memory(clock: Clock) -> Store:
    """A new store in memory."""
    return cast(Store, _Memory(clock))
