"""How many sends a channel has at once, so that the dead never delay the living.

A send takes a place in its lane. Unanswered after `quick` seconds it gives the place up and goes on beside, up to its
timeout; beside there is room for `slow` at once, and whoever finds none is given up and tried again later. So `width`
places free themselves at least every `quick` seconds, however many endpoints hang.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from foedus.alerts.channels import Unsent
from foedus.alerts.settings import Lane


class Places:
    """The places of one channel."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self._free = asyncio.Semaphore(lane.width)
        self._beside = 0
        self._next = 0.0

    async def take(self) -> None:
        """Wait for a place, and for the channel's rate."""
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        at = max(self._next, loop.time())
        self._next = at + 1 / self.lane.rate
        if at > loop.time():
            await asyncio.sleep(at - loop.time())

    async def run(self, send: Callable[[], Awaitable[str]]) -> str:
        """Send, in the place that was taken, which is free again soon. Raises Unsent.

        The send is made by the task that awaits it: one that is stopped before its first step leaves none behind.
        """
        task = asyncio.ensure_future(self._in_time(send))
        try:
            done, _ = await asyncio.wait({task}, timeout=self.lane.quick)
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            self._free.release()
        if not done and self._beside >= self.lane.slow:
            task.cancel()
        self._beside += 1
        try:
            return await task
        except (TimeoutError, asyncio.CancelledError):
            if (asking := asyncio.current_task()) is not None and asking.cancelling():
                raise  # the whole is being stopped
            raise Unsent("timeout") from None
        finally:
            self._beside -= 1
            task.cancel()

    async def _in_time(self, send: Callable[[], Awaitable[str]]) -> str:
        async with asyncio.timeout(self.lane.timeout):
            return await send()

    def give_up(self) -> None:
        """Leave the place that was taken, without sending."""
        self._free.release()
