"""The loop that delivers: follow the record, plan, look at the state, send, write down what became of it.

Before each send the state, at most a tenth of a second old, is asked whether anybody still needs to be told. Killed
anywhere, it goes on where it was: what was planned stands in the file, what was sent and not yet written down is sent
again under the same id.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from msgspec.structs import replace

from foedus.alerts import planning
from foedus.alerts.cap import cap_alert
from foedus.alerts.channels import Unsent, Way
from foedus.alerts.contacts import Contacts, Sealed
from foedus.alerts.deliveries import Deliveries, Delivery
from foedus.alerts.following import Following
from foedus.alerts.icalendar import invitation
from foedus.alerts.lanes import Places
from foedus.alerts.messages import Message, settled
from foedus.alerts.saying import Alike, Parcel, alike, is_open, say
from foedus.alerts.settings import Configured, seconds
from foedus.alerts.steady import Steady
from foedus.record.store import Store

TICK, FIRST_RETRY, LAST_RETRY, ONE_READ = 0.1, 15.0, 300.0, 2_000
TEST_LASTS = 86_400.0
log = logging.getLogger("foedus.alerts")
Key = tuple[str, str, str, int]


class Alerting:
    """One record's alerts, delivered by this process. `deliveries` is held by it."""

    def __init__(
        self, store: Store, configured: Configured, sealed: Sealed, deliveries: Deliveries, ways: Mapping[str, Way],
        clock: Callable[[], datetime], speed: float = 1.0,
    ) -> None:  # fmt: skip
        self.settings, self.sealed, self.deliveries, self.ways = configured.settings, sealed, deliveries, ways
        planned, latest = deliveries.cursor()
        self.following = Following(store)
        record = self._opened(store)
        configured.for_record(*record)
        self.origin, self.exercise = record
        self.contacts: Contacts = sealed.read(*record)
        self.steady, self.speed = Steady(clock, latest, speed), speed
        self.live: dict[str, Message] = {}
        self.unreachable: set[str] = set()
        self.looked_at = 0.0  # when the record was last looked at, by this machine's monotonic clock
        self._planned = -1 if planned is None else planned
        self._new = planned is None or planned < 0
        self._no_play = ""
        # By message and language, while nothing is recorded: what is said to a thousand is put into words once.
        self._alike: dict[tuple[str, str], Alike] = {}
        self._files: dict[tuple[str, str], tuple[bytes | None, bytes]] = {}
        self._flying: dict[Key, asyncio.Task[None]] = {}
        self._done: list[Delivery] = []
        self._confirmed: set[tuple[str, str]] = set()
        self._places = {kind: Places(way.lane) for kind, way in ways.items()}
        tested = self.deliveries.last_test()
        self._test_at = tested + seconds(self.settings.test_every) if tested is not None else None
        self._every, self._reminders = seconds(self.settings.escalate.every), self.settings.escalate.reminders

    def _opened(self, store: Store) -> tuple[str, bool]:
        self.first = list(self.following.new()) if store.size() else []
        record = self.following.state.parties.record
        assert record is not None, "an opened record is followed"
        return record.origin, record.exercise

    # --- the loop -----------------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event, *, once: bool = False) -> None:
        """Deliver until `stop`; with `once` until nothing is due now."""
        try:
            while not stop.is_set():
                self.look()
                self.start()
                if once and not self._flying:
                    break
                await asyncio.sleep(TICK)  # what ended meanwhile is written down together
                self.write_down()
        finally:
            for task in self._flying.values():
                task.cancel()
            await asyncio.gather(*self._flying.values(), return_exceptions=True)
            self.write_down()
            for way in self.ways.values():
                await way.close()

    def look(self) -> None:
        """Follow the record, plan what it calls for, and stop what nobody needs any more."""
        now = self.steady.now()
        found, self.first = [*self.first, *self.following.new()], []
        for number, told in found:
            fresh = [message for message in told if message.expires_at.timestamp() > now]
            self.live.update({message.id: message for message in fresh})
            if number > self._planned and not self._no_play:
                # At the very first start old news is not told; what still has to be answered is.
                wanted = [m for m in fresh if not self._new or (m.needs and not settled(self.following.state, m))]
                self._plan(number, now, wanted)
        self._new = False
        if self._no_play:
            return
        if found:
            self._alike.clear()
            self._files.clear()
            self._sweep()
        if self._test_at is not None and now >= self._test_at:
            plan_test(self.contacts, self.deliveries, self.sealed, now)
            self._test_at = now + seconds(self.settings.test_every)
        self._confirmed = {(message, person) for message, person, _, _ in self.deliveries.confirmations()}
        self.looked_at = time.monotonic()

    def _plan(self, number: int, now: float, wanted: list[Message]) -> None:
        planned: list[Delivery] = []
        for message in wanted:
            before = [one.id for one in self.live.values() if one.case == message.case and one.id != message.id]
            reached = self.deliveries.reached(before, now) if message.amends else []
            planned += planning.plan(
                message, self.contacts, reached, self.sealed.code, self._every, self._reminders
            )  # fmt: skip
            if planning.unreachable(message, self.contacts):
                if message.party in self.unreachable:
                    continue
                self.unreachable.add(message.party)
                log.error("%s: %s has nobody to be told: import contacts for its seats", message.id, message.party)
        self.deliveries.plan(number, now, planned)
        self._planned = number

    def _sweep(self) -> None:
        for message in {message for message, _ in self.deliveries.waiting()}:
            known = self._message(message)
            if known is None or settled(self.following.state, known):
                self.deliveries.end(message, "expired" if known is None else "stopped")

    def _message(self, id_: str) -> Message | None:
        """The message of an id: what an entry told, or a test, which says everything by its id."""
        kind, _, number = id_.partition(".")
        if kind not in ("test", "no_play"):
            return self.live.get(id_)
        at = datetime.fromtimestamp(int(number), UTC)
        until = datetime.fromtimestamp(int(number) + TEST_LASTS * self.speed, UTC)
        return Message(-1, int(number), kind, kind, "", (), at, until, self.exercise)  # type: ignore[arg-type]  # one of the two

    def no_play(self) -> str:
        """Something real has happened: send nothing else any more, and tell so everybody whom this has reached, over
        the same channels. The id of what they are told; what is under way now counts as reached.
        """
        self.look()
        self.write_down()
        now = self.steady.now()
        ways = self.deliveries.reached(None, now)
        self.deliveries.stop_all()
        self._no_play = id_ = f"no_play.{int(now)}"
        planned = [Delivery(id_, person, way, 0, self.sealed.code(id_, person, way), now) for person, way in ways]
        self.deliveries.plan(self._planned, now, planned)
        return id_

    # --- sending ------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin every send that is due and is not under way."""
        for delivery in self.deliveries.due(self.steady.now(), ONE_READ + len(self._flying)):
            key = delivery[:4]
            if key not in self._flying:
                task = asyncio.ensure_future(self._deliver(delivery))
                self._flying[key] = task
                task.add_done_callback(lambda _, key=key: self._flying.pop(key, None))  # type: ignore[misc]  # mypy knows no default there

    async def _deliver(self, delivery: Delivery) -> None:
        kind = delivery.channel.partition(":")[0]
        places, way = self._places.get(kind), self.ways.get(kind)
        if way is None or places is None:
            self._became(delivery, Unsent("absent", kind, lasting=True))
            return
        await places.take()
        how: Parcel | str | Unsent | None
        try:
            how = self._ready(delivery)
        except Exception as problem:  # noqa: BLE001  # see _attempted
            how = self._attempted(delivery, kind, problem)
        if isinstance(how, Parcel):
            how = await self._sent(delivery, places, way, how)
        else:
            places.give_up()
        self._became(delivery, how)

    async def _sent(self, delivery: Delivery, places: Places, way: Way, parcel: Parcel) -> str | Unsent:
        kind, _, address = delivery.channel.partition(":")
        try:
            return await places.run(lambda: way.send(address, parcel))
        except Exception as problem:  # noqa: BLE001  # see _attempted
            return self._attempted(delivery, kind, problem)

    def _attempted(self, delivery: Delivery, kind: str, problem: Exception) -> Unsent:
        """Whatever goes wrong while one message is written or sent is an attempt that failed, and is tried later."""
        if isinstance(problem, Unsent):
            return problem
        # A traceback could name whom it was for.
        log.error("%s: %s failed with %s", delivery.message, kind, type(problem).__name__)
        return Unsent("fault")

    def _ready(self, delivery: Delivery) -> Parcel | None:
        """What to send now; None when nobody needs it any more. Raises Unsent when the person or address is gone."""
        message = self._message(delivery.message)
        if message is None or message.expires_at.timestamp() <= self.steady.now():
            self.deliveries.end(delivery.message, "expired")
            return None
        if settled(self.following.state, message):
            self.deliveries.end(delivery.message, "stopped")
            return None
        if (delivery.message, delivery.person) in self._confirmed:
            self.deliveries.end(delivery.message, "stopped", delivery.person)
            return None
        person = self.contacts.person(delivery.person)
        if person is None or delivery.channel not in {planning.way(person, n) for n in range(len(person.channels))}:
            raise Unsent("left", lasting=True)
        state, clauses = self.following.state, self.following.clauses
        again = str(delivery.round) if delivery.round else ""
        key = (message.id, person.language)
        common = self._alike.get(key)
        if common is None:
            common = self._alike[key] = alike(message, clauses, state, person.language)
        parcel = say(
            message, clauses, state, person, delivery.code, self.origin, self.settings.link, again, common=common
        )
        if not delivery.channel.startswith("mail:") or not is_open(message):
            return parcel
        files = self._files.get(key)
        if files is None:
            files = self._files[key] = _files(parcel, message, person.language, self.following, self.origin)
        return replace(parcel, calendar=files[0], cap=files[1])

    def _became(self, delivery: Delivery, how: str | Unsent | None) -> None:
        now = self.steady.now()
        if isinstance(how, str):
            self._done.append(
                delivery._replace(state="sent", provider=how, problem="", attempts=delivery.attempts + 1, at=now)
            )
        elif how is not None:
            wait = min(FIRST_RETRY * 2**delivery.attempts, LAST_RETRY) * self.speed * random.uniform(0.8, 1.2)  # noqa: S311  # no secret
            problem = f"{how.code} {how.detail}".strip()
            log.warning(
                "%s to %s by %s: %s", delivery.message, delivery.person, delivery.channel.partition(":")[0], problem
            )
            self._done.append(
                delivery._replace(
                    state="failed" if how.lasting else "waiting", due=now + wait, attempts=delivery.attempts + 1,
                    problem=problem, at=now,
                )
            )  # fmt: skip

    def write_down(self) -> None:
        """What became of the sends that ended since the last time."""
        if self._done:
            done, self._done = self._done, []
            self.deliveries.record(done)


def _files(
    parcel: Parcel, message: Message, language: str, following: Following, origin: str
) -> tuple[bytes | None, bytes]:
    """What mail carries besides, the same for all who read one language: the invitation, and the CAP alert."""
    state, clauses = following.state, following.clauses
    return (
        invitation(message, clauses, state, origin, parcel.subject),
        cap_alert(message, state, origin, parcel.subject, parcel.told, language),
    )


def plan_test(
    contacts: Contacts, deliveries: Deliveries, sealed: Sealed, now: float, seats: tuple[str, ...] = ()
) -> str:
    """Plan a test over every channel of everybody, or of these seats alone; the id of the test."""
    id_ = f"test.{int(now)}"
    chosen = [one for one in contacts.people if not seats or one.seat in seats]
    ways = [(one.id, planning.way(one, number)) for one in chosen for number in range(len(one.channels))]
    known = deliveries.cursor()[0]
    planned = [Delivery(id_, person, way, 0, sealed.code(id_, person, way), now) for person, way in ways]
    deliveries.plan(-1 if known is None else known, now, planned)
    return id_
