"""What this machine allows: bare verification, by one process and by two at once. Measured in turn with the work."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter, sleep
from typing import Self

from nacl.bindings import crypto_sign_open

from foedus.record.signatures import Job, Other


def raw_verify(jobs: Sequence[Job]) -> float:
    """Bare verifications a second, keys and messages ready in memory."""
    ready = [(sig + message, public) for _, public, message, sig in jobs]
    start = perf_counter()
    for message, public in ready:
        crypto_sign_open(message, public)
    return len(ready) / (perf_counter() - start)


class TwoBare:
    """Two processes that verify and do nothing else: on a machine that is in use they are not twice as quick as one."""

    def __enter__(self) -> Self:
        self._others = [Other(), Other()]
        while not all(other.ready() for other in self._others):
            sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        for other in self._others:
            other.end()

    def against_one(self, jobs: Sequence[Job]) -> float:
        """How many times the rate of one both together reach."""
        return 2 * self._seconds(jobs, self._others[:1]) / self._seconds(jobs, self._others)

    def _seconds(self, jobs: Sequence[Job], others: Sequence[Other]) -> float:
        start = perf_counter()
        for other in others:
            other.give(jobs)
        for other in others:
            assert not other.answer(), "what the bench signs fits"
        return perf_counter() - start
