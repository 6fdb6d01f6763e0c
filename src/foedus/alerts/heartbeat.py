"""A call to an outside watchdog as long as alerts are delivered: when it stays away, something here is wrong."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import TYPE_CHECKING

import httpx

from foedus.alerts.settings import seconds

if TYPE_CHECKING:
    from foedus.alerts.running import Alerting

STALE_SECONDS, TIMEOUT = 10.0, 10.0
log = logging.getLogger("foedus.alerts")


async def beat(alerting: Alerting, stop: asyncio.Event) -> None:
    """Call until `stop`, but only while the record was looked at within the last seconds."""
    heart = alerting.settings.heartbeat
    if heart is None:
        return
    async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
        while not stop.is_set():
            if time.monotonic() - alerting.looked_at < STALE_SECONDS:
                size = alerting.following.state.size
                try:
                    await client.post(heart.url, json={"origin": alerting.origin, "entries": size})
                except httpx.HTTPError as problem:
                    log.warning("the heartbeat could not be told: %s", type(problem).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds(heart.every))
