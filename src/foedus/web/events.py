"""The stream of changes: the record's time every 15 seconds, and its size the moment an entry arrives.

One thread follows the record for all readers; each open page holds a slot for the newest message only, because a
newer size says everything an older one did.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, get
from litestar.response import Stream as StreamResponse

from foedus.errors import Conflict
from foedus.web.console import Console
from foedus.web.moments import iso

log = logging.getLogger("foedus.web")
STOP_SECONDS = 0.1  # how soon the following thread notices that it should end: whoever stops a console waits for it
TIME_SECONDS = 15.0
RETRY_MS = 2000
# Open pages fetch what changed within this time, so many milliseconds for each of them: together they leave the console
# time for whoever acts.
SPREAD_MS, SPREAD_MS_EACH = 450, 20


class Stream:
    """Follows the record and tells every open page."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.open = True
        self._slots: set[asyncio.Queue[bytes | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="follow the record", daemon=True)

    def start(self) -> None:
        """Begin to follow; called once, inside the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """End every stream and the following thread."""
        self.close()
        await asyncio.to_thread(self._thread.join)

    def close(self) -> None:
        """End every open stream; callable from any thread, and more than once."""
        self.open = False
        self._stop.set()
        self._post(None)

    def _follow(self) -> None:
        store, size, told = self.console.depositary.store, self.console.current().size, time.monotonic()
        away = ""
        while not self._stop.is_set():
            try:
                arrived = store.wait(size, STOP_SECONDS) > size
                if arrived or time.monotonic() - told >= TIME_SECONDS:
                    size, told = self.console.current().size, time.monotonic()
                    self._post(self._message("entry" if arrived else "time", size))
                away = ""
            except Conflict as problem:  # the store is away: said once, and not each second until it is back
                if str(problem) != away and not self._stop.is_set():
                    log.warning("the record cannot be followed, and is tried again: %s", problem)
                away = str(problem)
                self._stop.wait(1.0)
            except Exception:
                if self._stop.wait(1.0):
                    return
                log.exception("following the record failed; trying again")

    def _post(self, text: bytes | None) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, text)

    def _tell(self, text: bytes | None) -> None:
        for slot in self._slots:
            if slot.full():
                slot.get_nowait()
            slot.put_nowait(text)

    def _message(self, kind: str, size: int) -> bytes:
        return message(kind, self.console.now(), size, len(self._slots))

    async def read(self) -> AsyncGenerator[bytes, None]:
        """Messages for one page, from now on."""
        slot: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=1)
        self._slots.add(slot)
        try:
            now = await asyncio.to_thread(lambda: self._message("time", self.console.current().size))
            yield b"retry: %d\n" % RETRY_MS + now
            while self.open and (text := await slot.get()) is not None:
                yield text
        finally:
            self._slots.discard(slot)

    async def news(self, size: int, seconds: float) -> None:
        """Return as soon as the record has more than `size` entries, or when so many seconds have passed."""
        slot: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=1)
        self._slots.add(slot)
        try:
            async with asyncio.timeout(seconds):
                while self.open and self.console.depositary.state.size <= size:
                    await slot.get()
        except TimeoutError:
            pass
        finally:
            self._slots.discard(slot)


def message(kind: str, now: datetime, size: int, viewers: int) -> bytes:
    """One message of the stream. `id` is the size, so that a page which comes back knows what it missed."""
    spread = max(SPREAD_MS, SPREAD_MS_EACH * viewers)
    data = msgspec.json.encode({"now": iso(now), "size": size, "spread": spread})
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (size, kind.encode(), data)


@get("/events", include_in_schema=False, sync_to_thread=False)
def stream(request: Request[Any, Any, Any]) -> StreamResponse:
    """`event: time` and `event: entry`, each with {"now", "size", "spread"}: `spread` in milliseconds."""
    live: Stream = request.app.state.live
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamResponse(live.read(), media_type="text/event-stream", headers=headers)
