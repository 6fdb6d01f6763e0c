"""Checks signatures, by this process alone or together with others.

Threads would not help: a signature is checked in 50 microseconds, and what comes in between needs the
interpreter. The other processes get nothing but keys, messages and signatures, and see neither store nor
state.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from foedus.errors import Conflict, Tampered
from foedus.record.keys import verify

Job = tuple[int, bytes, bytes, bytes]  # entry, public key, message, signature
TOGETHER = 64  # jobs handed over at a time
AHEAD = 3  # of those, for each other process: what is more, this process checks itself


def check_signatures(jobs: Sequence[Job]) -> None:
    """Verify each signature. Raises Tampered naming the first entry whose signature does not fit."""
    for number, public, message, signature in jobs:
        if not verify(public, message, signature):
            raise Tampered("entry {number}: a signature does not fit the act it stands under", number=number)


class Signatures:
    """Signatures to be checked, in the order of their entries: the first that does not fit is the one named."""

    def __init__(self, workers: int) -> None:
        """`workers`: processes to check with, this one among them."""
        self._others = workers - 1
        self._pool: ProcessPoolExecutor | None = None
        self._pending: deque[Future[None]] = deque()

    def check(self, jobs: Sequence[Job]) -> None:
        """Check now or soon. Raises Tampered when one of these, or of those before, does not fit."""
        for start in range(0, len(jobs), TOGETHER):
            part = jobs[start : start + TOGETHER]
            while self._pending and self._pending[0].done():
                self._next()
            if len(self._pending) < AHEAD * self._others:
                self._pending.append(self._started().submit(check_signatures, part))
                continue
            try:
                check_signatures(part)
            except Tampered:
                self.finish()
                raise

    def finish(self) -> None:
        """Wait for what is still being checked. Raises Tampered as `check`."""
        while self._pending:
            self._next()

    def close(self) -> None:
        """Let the other processes end, whatever they were doing."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _next(self) -> None:
        try:
            self._pending.popleft().result()
        except BrokenProcessPool:
            raise Conflict("a process that checked signatures was ended from outside: try again") from None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Not by fork: this process may have threads and an open store.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._others, mp_context=context, initializer=_undisturbed)
        return self._pool


def _undisturbed() -> None:
    """Ctrl-C is for the process that the user sees; it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
