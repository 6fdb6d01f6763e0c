"""A clock for deliveries that never goes back: a machine's clock that is corrected by an hour delays no alert.

What counts in the record is the store's time; this one only decides when something is sent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

STEP_SECONDS = 5.0
log = logging.getLogger("foedus.alerts")


class Steady:
    """`clock`: the record's. `speed`: how many of its seconds pass in one. `after`: the latest time seen before."""

    def __init__(self, clock: Callable[[], datetime], after: float = 0.0, speed: float = 1.0) -> None:
        self._clock = clock
        self._speed = speed
        self._at, self._ticks = max(after, clock().timestamp()), time.monotonic()

    def now(self) -> float:
        """Seconds since 1970: the clock's, or later by what has passed since it was last ahead of the clock."""
        ticks = time.monotonic()
        passed = self._at + (ticks - self._ticks) * self._speed
        said = self._clock().timestamp()
        if said < passed - STEP_SECONDS * self._speed:
            log.warning(
                "the clock went back by %.0f s: alerts go out as if it had not; check its time source", passed - said
            )
            said = passed
        self._at, self._ticks = max(said, self._at), ticks
        return self._at
