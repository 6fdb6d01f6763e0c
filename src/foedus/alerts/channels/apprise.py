"""The long tail of services that Apprise speaks to (extra `foedus[apprise]`): one object and one thread for each send.

Its own pool of threads is shared and waits for the dead; here each send has its own deadline, and a lane of its own.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from foedus.alerts.channels import Unsent
from foedus.alerts.saying import Parcel
from foedus.alerts.settings import Apprise
from foedus.errors import Malformed


class AppriseWay:
    """Any address that Apprise can read. It gets the line without content: nobody knows who reads there."""

    def __init__(self, lane: Apprise) -> None:
        try:
            import apprise
        except ImportError:
            raise Malformed("the settings name apprise, which is not installed: install foedus[apprise]") from None
        self.lane = lane
        self._library = apprise
        self._threads = ThreadPoolExecutor(lane.width + lane.slow, thread_name_prefix="apprise")

    async def send(self, address: str, parcel: Parcel) -> str:
        """See Way."""
        one = self._library.Apprise()
        if not one.add(address):
            raise Unsent("gone", "Apprise cannot read this address", lasting=True)
        word = parcel.subject.split()[0] if parcel.exercise else ""
        sent = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: one.notify(body=parcel.brief, title=word)
        )
        if not sent:
            raise Unsent("library")
        return ""

    async def close(self) -> None:
        """See Way."""
        self._threads.shutdown(wait=False, cancel_futures=True)
