"""Alerts over a record that a test plays: contacts, settings and the loop, with the play's clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

from foedus.alerts.channels.opening import open_ways
from foedus.alerts.contact_files import read_contacts
from foedus.alerts.contacts import Contacts, Sealed
from foedus.alerts.deliveries import Deliveries
from foedus.alerts.running import Alerting
from foedus.alerts.settings import Configured, Settings
from tests.loops import in_its_own_thread
from tests.plays import Play

PIN = "482913"
HEAD = "seat,name,channel,address,language,pin"


class Office:
    """A folder with settings, contacts and deliveries for one play."""

    def __init__(self, folder: Path, play: Play, **settings: Any) -> None:
        self.play = play
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "secret").write_text("s3cret\n")
        (folder / "secret").chmod(0o600)
        record = play.state.parties.record
        assert record is not None
        self.record = (record.origin, record.exercise)
        given = {"exercise": record.exercise, **settings}
        self.configured = Configured(folder, msgspec.convert(given, Settings))
        self.sealed = Sealed.open(folder / "contacts.sealed", folder / "contacts.key", create=True)

    def people(self, *rows: str) -> Contacts:
        """These rows as the list; the PIN is everybody's."""
        text = "\n".join([HEAD, *(f"{row},{PIN}" for row in rows)])
        people = read_contacts(Path("people.csv"), text.encode(), set(self.play.state.parties.seats))
        self.sealed.write(Contacts(*self.record, people))
        return self.sealed.read(*self.record)

    def open(self) -> tuple[Alerting, Deliveries]:
        """The loop, ready to run."""
        deliveries = Deliveries(self.folder / "deliveries.db")
        deliveries.hold()
        ways = open_ways(self.configured)
        alerting = Alerting(self.play.depositary.store, self.configured, self.sealed, deliveries, ways, self.play.clock)
        return alerting, deliveries

    def once(self) -> list[Any]:
        """Send what is due now; every delivery afterwards."""
        return self.during(None)

    def during(self, story: Callable[[Alerting], Awaitable[None]] | None) -> list[Any]:
        """Run the loop while the story is told, or once when there is none; every delivery afterwards."""

        async def runs() -> list[Any]:
            alerting, deliveries = self.open()
            stop = asyncio.Event()
            try:
                self.running = running = asyncio.ensure_future(alerting.run(stop, once=story is None))
                if story is not None:
                    await story(alerting)
                    stop.set()
                await running
                return deliveries.all()
            finally:
                stop.set()
                deliveries.close()

        return in_its_own_thread(runs())
