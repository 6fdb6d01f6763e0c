"""Token buckets: how often one token or address may ask, so that no reader starves the others.

In memory, one process: a limit against clumsy loops, not against a flood, which belongs to the network before
us. It never blocks: whoever is over the limit is told how long to wait.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct

MOST_KEYS = 10_000


class Rate(Struct, frozen=True):
    """`burst` requests at once, then `per_second` for ever."""

    per_second: float
    burst: float


# A page is one request and its parts; a witness fetches a tile for every 256 entries; acts are rare.
READING = Rate(per_second=200, burst=2_000)
SUBMITTING = Rate(per_second=20, burst=200)
# A wrong token: enough for a mistyped one, not for guessing. The tokens have 256 bits in any case.
FAILING = Rate(per_second=0.5, burst=10)


class Buckets:
    """One bucket for each key that asked lately; the longest silent key is forgotten first."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str, cost: float = 1.0) -> float:
        """Seconds until the key may ask again; 0.0 when it may now, and then `cost` is taken."""
        now = self._clock()
        with self._lock:
            left, then = self._left.pop(key, (self.rate.burst, now))
            left = min(self.rate.burst, left + max(0.0, now - then) * self.rate.per_second)
            allowed = left >= cost
            self._left[key] = (left - cost if allowed else left, now)
            if len(self._left) > MOST_KEYS:
                self._left.popitem(last=False)
        return 0.0 if allowed else (cost - left) / self.rate.per_second

    def empty(self, key: str) -> bool:
        """Whether the key would have to wait; takes nothing."""
        now = self._clock()
        with self._lock:
            left, then = self._left.get(key, (self.rate.burst, now))
        return min(self.rate.burst, left + max(0.0, now - then) * self.rate.per_second) < 1.0
