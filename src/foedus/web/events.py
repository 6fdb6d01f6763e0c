"""The stream of changes: the record's time every 15 seconds, and its size the moment an entry arrives.

One thread follows the record for all readers; each open page holds a slot for the newest message only, because a
newer size says everything an older one did.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Request, get
from litestar.response import Stream as StreamResponse

from foedus.web.console import Console
from foedus.web.moments import iso

log = logging.getLogger("foedus.web")
POLL_SECONDS = 0.04
TIME_SECONDS = 15.0
RETRY_MS = 2000


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
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, None)

    def _follow(self) -> None:
        size, told = -1, 0.0
        while not self._stop.wait(POLL_SECONDS):
            try:
                new = self.console.current().size
                if new != size or time.monotonic() - told >= TIME_SECONDS:
                    kind = "entry" if size not in (-1, new) else "time"
                    size, told = new, time.monotonic()
                    assert self._loop is not None
                    self._loop.call_soon_threadsafe(self._tell, message(kind, self.console, size))
            except RuntimeError:
                return  # the loop has ended, and with it every reader
            except Exception:
                log.exception("following the record failed; trying again in a second")
                self._stop.wait(1.0)

    def _tell(self, text: bytes | None) -> None:
        for slot in self._slots:
            if slot.full():
                slot.get_nowait()
            slot.put_nowait(text)

    async def read(self) -> AsyncIterator[bytes]:
        """Messages for one page, from now on."""
        slot: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=1)
        self._slots.add(slot)
        try:
            now = await asyncio.to_thread(lambda: message("time", self.console, self.console.current().size))
            yield b"retry: %d\n" % RETRY_MS + now
            while self.open and (text := await slot.get()) is not None:
                yield text
        finally:
            self._slots.discard(slot)


def message(kind: str, console: Console, size: int) -> bytes:
    """One message of the stream. `id` is the size, so that a page which comes back knows what it missed."""
    data = msgspec.json.encode({"now": iso(console.now()), "size": size})
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (size, kind.encode(), data)


@get("/events", include_in_schema=False, sync_to_thread=False)
def stream(request: Request[Any, Any, Any]) -> StreamResponse:
    """`event: time` and `event: entry`, each with {"now", "size"}."""
    live: Stream = request.app.state.live
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamResponse(live.read(), media_type="text/event-stream", headers=headers)
