"""Checks many signatures, by this process alone or together with others.

Threads would not help: a signature is checked in 50 microseconds, and what comes in between needs the
interpreter. The other processes get nothing but keys, messages and signatures, and see neither store nor
state. No thread stands between them and this process: it would wait for the interpreter while they wait for it.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from foedus.errors import Conflict, Tampered
from foedus.record.keys import verify

Job = tuple[int, bytes, bytes, bytes]  # entry, public key, message, signature
TOGETHER = 64  # jobs handed over at a time
# Of those, for each other process: enough to go on with while this one reads the next bundle of entries, and not more
# than a socket holds, so that handing over waits for nobody. What is more, this process checks itself.
AHEAD = 4


def first_unfit(jobs: Sequence[Job]) -> int | None:
    """The first entry of which a signature does not fit; None when all of them do."""
    return next((number for number, public, message, sig in jobs if not verify(public, message, sig)), None)


class Signatures:
    """Signatures to be checked, in the order of their entries: the first that does not fit is the one named."""

    def __init__(self, workers: int) -> None:
        """`workers`: processes to check with, this one among them."""
        self._wanted = workers - 1
        self._others: list[_Other] = []
        self._pending: deque[_Other] = deque()  # who was given each part that is not answered yet, in their order

    def check(self, jobs: Sequence[Job]) -> None:
        """Check now or soon. Raises Tampered when one of these, or of those before, does not fit."""
        for start in range(0, len(jobs), TOGETHER):
            part = jobs[start : start + TOGETHER]
            while self._pending and self._pending[0].answered():
                self._next()
            other = self._idlest()
            if other is not None:
                other.give(part)
                self._pending.append(other)
                continue
            unfit = first_unfit(part)
            if unfit is not None:
                self.finish()
                raise _tampered(unfit)

    def finish(self) -> None:
        """Wait for what is still being checked. Raises Tampered as `check`."""
        while self._pending:
            self._next()

    def close(self) -> None:
        """Let the other processes end, whatever they were doing."""
        for other in self._others:
            other.end()

    def _next(self) -> None:
        unfit = self._pending.popleft().answer()
        if unfit is not None:
            raise _tampered(unfit)

    def _idlest(self) -> _Other | None:
        """The other process with the least to do; None when each has enough."""
        if len(self._others) < self._wanted:
            self._others.append(_Other())
            return self._others[-1]
        idlest = min(self._others, key=lambda other: other.given, default=None)
        return idlest if idlest is not None and idlest.given < AHEAD else None


class _Other:
    """Another process that checks signatures. `given`: parts it has not answered yet."""

    def __init__(self) -> None:
        # Not by fork: this process may have threads and an open store.
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_answers, args=(there,), daemon=True)
        self._process.start()
        there.close()
        self.given = 0

    def give(self, part: Sequence[Job]) -> None:
        """Hand over a part."""
        with _alive():
            self._here.send(part)
        self.given += 1

    def answered(self) -> bool:
        """Whether the answer to the oldest part is here."""
        with _alive():
            return self._here.poll()

    def answer(self) -> int | None:
        """What `first_unfit` says of the oldest part."""
        with _alive():
            found: int | None = self._here.recv()
        self.given -= 1
        return found

    def end(self) -> None:
        self._here.close()
        self._process.terminate()
        self._process.join()


@contextmanager
def _alive() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError):
        raise Conflict("a process that checked signatures was ended from outside: try again") from None


def _answers(asked: Connection) -> None:
    """What the other process does, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that the user sees; it ends this one
    while True:
        try:
            asked.send(first_unfit(asked.recv()))
        except (EOFError, OSError):
            return


def _tampered(number: int) -> Tampered:
    return Tampered("entry {number}: a signature does not fit the act it stands under", number=number)
