"""Whether every seat could be reached today: by two channels that its people confirmed in a test within 30 days."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from foedus.alerts.contacts import Contacts
from foedus.alerts.deliveries import Deliveries
from foedus.alerts.planning import way

NEEDED = 2
WITHIN_SECONDS = 30 * 86_400.0


class Reach(Struct, frozen=True):
    """One seat: its people, how many channels they have, how many were confirmed in a test, and the last time."""

    seat: str
    people: int
    channels: int
    tested: int
    last: float | None

    @property
    def ready(self) -> bool:
        """Whether it counts on somebody being reached."""
        return self.tested >= NEEDED


def reach(seats: Iterable[str], contacts: Contacts, deliveries: Deliveries, now: float) -> list[Reach]:
    """How each seat stands now, in the order given."""
    tested = deliveries.tested(now - WITHIN_SECONDS)
    found = []
    for seat in seats:
        people = contacts.of(seat)
        ways = [(one.id, way(one, number)) for one in people for number in range(len(one.channels))]
        times = [tested[each] for each in ways if each in tested]
        found.append(Reach(seat, len(people), len(ways), len(times), max(times, default=None)))
    return found


def rate(deliveries: Deliveries) -> dict[str, tuple[int, int]]:
    """Of each test, in order: how many people it was sent to, and how many of them confirmed it."""
    sent: dict[str, set[str]] = {}
    for one in deliveries.all():
        if one.message.startswith("test.") and one.attempts:
            sent.setdefault(one.message, set()).add(one.person)
    said: dict[str, set[str]] = {}
    for message, person, _, _ in deliveries.confirmations():
        said.setdefault(message, set()).add(person)
    return {test: (len(people), len(people & said.get(test, set()))) for test, people in sorted(sent.items())}
