"""A person says that they have read an alert: with the code that came over the channel, and their own PIN.

That stops reminders to that person and proves the channel. It answers for nobody's government: only a signed act does.
A link that is opened confirms nothing.
"""

from __future__ import annotations

from msgspec import Struct

from foedus.alerts.contacts import Contacts, fits
from foedus.alerts.deliveries import Deliveries
from foedus.errors import Refused

MOST_GUESSES, GUESS_SECONDS = 5, 900.0


class Confirmed(Struct, frozen=True):
    """Which message the person of this seat has confirmed, and over which kind of channel it had come."""

    message: str
    seat: str
    name: str
    channel: str


def confirm(deliveries: Deliveries, contacts: Contacts, code: str, pin: str, at: float) -> Confirmed:
    """Confirm by code and PIN. Raises Refused when they do not fit, or after too many that did not."""
    delivery = deliveries.by_code(code)
    person = contacts.person(delivery.person) if delivery is not None else None
    if delivery is None or person is None:
        raise Refused("alerts/code", "there is no alert with the code {code}: read it again", code=code.strip()[:12])
    if deliveries.guesses(person.id, at - GUESS_SECONDS) >= MOST_GUESSES:
        raise Refused("alerts/pin", "too many wrong PINs: wait a quarter of an hour, or call the operator")
    if not fits(person, pin.strip()):
        deliveries.guessed(person.id, at)
        raise Refused("alerts/pin", "this PIN does not go with the code {code}", code=delivery.code)
    deliveries.confirm(delivery, at)
    return Confirmed(delivery.message, person.seat, person.name, delivery.channel.partition(":")[0])
