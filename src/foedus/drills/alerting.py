"""Alerts of a drill: real ones, to the contacts of the exercise alone, on its compressed clock, beside the play."""

from __future__ import annotations

import asyncio
import logging
import threading
from pathlib import Path

import msgspec

from foedus.alerts.channels.opening import open_ways
from foedus.alerts.contact_files import read_contacts
from foedus.alerts.contacts import Contacts, Sealed
from foedus.alerts.deliveries import Deliveries, Delivery
from foedus.alerts.running import TICK, Alerting
from foedus.alerts.settings import Configured, read_settings
from foedus.depositary import Depositary, open_in_its_time
from foedus.drills.report import SeatTook, reached_by, seats_of
from foedus.drills.running import Drill
from foedus.errors import Malformed

SETTINGS = "alerts.json"
CALLING_OFF_SECONDS = 30.0
log = logging.getLogger("foedus.drill")


def linked(configured: Configured, link: str) -> Configured:
    """The settings with the address at which people confirm, where they name none."""
    settings = configured.settings
    return Configured(configured.folder, msgspec.structs.replace(settings, link=settings.link or link))


def write_settings(path: Path, configured: Configured) -> None:
    """Settings as a console of the drill reads them: what lies in the drill's folder, and where the secrets are."""
    own = {"contacts": "contacts.sealed", "key": "contacts.key", "state": "deliveries.db"}
    kept = msgspec.to_builtins(configured.settings) | own
    for lane in kept.values():
        if isinstance(lane, dict):
            lane |= {name: str(configured.path(lane[name])) for name in lane if name.endswith("_file") and lane[name]}
    path.write_bytes(msgspec.json.encode(kept))


class Sending:
    """The loop that delivers, in a thread. The list of people and what became of alerts lie in the drill's folder."""

    def __init__(self, drill: Drill, settings: Path, contacts: Path, link: str = "") -> None:
        """`link`: where people confirm, unless the settings say. Raises Malformed or Refused when settings or
        people are none of an exercise.
        """
        self._drill = drill
        self._configured = linked(read_settings(settings).for_record(drill.origin, True), link)
        self.seats: tuple[SeatTook, ...] = ()
        depositary = Depositary.open(drill.folder)
        seats = set(depositary.state.parties.seats)
        depositary.close()
        try:
            people = read_contacts(contacts, contacts.read_bytes(), seats)
        except OSError as problem:
            raise Malformed("{path} cannot be read: {problem}", path=contacts, problem=problem.strerror) from None
        self._sealed = Sealed.open(drill.folder / "contacts.sealed", drill.folder / "contacts.key", create=True)
        self._contacts = Contacts(drill.origin, True, people)
        self._sealed.write(self._contacts)
        write_settings(drill.folder / SETTINGS, self._configured)
        self._path = drill.folder / "deliveries.db"
        self.told = 0  # over how many ways NO PLAY went out
        self._alerting: Alerting | None = None
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready, self._failed = threading.Event(), list[BaseException]()
        self._thread = threading.Thread(target=self._run, name="alerts", daemon=True)

    def start(self) -> None:
        """Begin, once the drill's clock runs."""
        self._thread.start()
        self._ready.wait(30)

    def stop(self, *, no_play: bool = False) -> dict[str, float | str]:
        """End, and say when each party was reached, or why not. Raises what ended the loop before.

        `no_play`: something real has happened. Nothing of the exercise is sent any more, and everybody whom it has
        reached is told so first, over the same channels; whom that does not reach within half a minute is in the log.
        """
        if no_play and self._loop is not None and not self._failed:
            self.told = asyncio.run_coroutine_threadsafe(self._call_off(), self._loop).result(2 * CALLING_OFF_SECONDS)
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(60)
        if self._failed:
            raise self._failed[0]
        deliveries = Deliveries(self._path)
        deliveries.stop_all()
        reached = reached_by(self._contacts, deliveries)
        self.seats = seats_of(self._contacts, deliveries)
        deliveries.close()
        return reached

    async def _call_off(self) -> int:
        """Send NO PLAY; to how many ways to people it went."""
        assert self._alerting is not None, "the loop that runs has it"
        id_ = self._alerting.no_play()
        deliveries, left = self._alerting.deliveries, list[Delivery]()
        for _ in range(round(CALLING_OFF_SECONDS / TICK)):
            left = [one for one in deliveries.all(id_) if one.state == "waiting"]
            if not left:
                break
            await asyncio.sleep(TICK)
        for one in left:
            log.error("NO PLAY did not reach %s by %s: %s", one.person, one.channel.partition(":")[0], one.problem)
        return sum(one.state == "sent" for one in deliveries.all(id_))

    def _run(self) -> None:
        try:
            asyncio.run(self._deliver())
        except BaseException as problem:  # noqa: BLE001  # whatever it is, it is raised again by whoever stops it
            self._failed.append(problem)
        finally:
            self._ready.set()

    async def _deliver(self) -> None:
        store, clock = open_in_its_time(self._drill.folder)
        assert clock is not None, "an exercise has a clock of its own"
        deliveries = Deliveries(self._path)
        deliveries.hold()
        try:
            alerting = Alerting(
                store, self._configured, self._sealed, deliveries, open_ways(self._configured), clock, self._drill.speed
            )
            self._alerting = alerting
            self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
            self._ready.set()
            await alerting.run(self._stop)
        finally:
            deliveries.close()
            store.close()
