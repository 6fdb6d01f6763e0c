"""Which person is told over which channel, and when: pure, from a message, the contacts and who was reached before.

A party is told office by office until it has done what is asked, on each person's first channel, then on the next, the
embassies last. What failed to be delivered changes nothing here: only a missing answer leads further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from foedus.alerts.contacts import Contacts, Person
from foedus.alerts.deliveries import Delivery
from foedus.alerts.messages import LAST, Message

Way = tuple[str, str]  # person's id; channel as `way` writes it
CodeOf = Callable[[str, str, str], str]


def way(person: Person, number: int) -> str:
    """How deliveries name a person's channel: by kind and address, so that a list in another order changes nothing."""
    channel = person.channels[number]
    return f"{channel.kind}:{channel.address}"


def plan(
    message: Message, contacts: Contacts, reached: Sequence[Way], code: CodeOf, every: float, reminders: int
) -> list[Delivery]:
    """Every way on which the message may go out. `reached`: who got what it amends, and how. `every`: seconds."""
    # What is owed at once is in the alert that opens the response; by itself it is told to who has not done it by then.
    begins = message.at.timestamp() + (every if message.kind == "owed" else 0.0)
    rounds = _again(message, contacts, reached) if message.amends else []
    if rounds:  # who got the original gets this over the same channels, until they say so
        rounds *= 1 + reminders
    elif message.needs:
        rounds = [one for one in _ladder(message, contacts) if one]
        rounds += [_everyone(message, contacts)] * reminders if rounds else []
    else:
        rounds = [_first(message, contacts)]
    until = message.expires_at.timestamp()
    return [
        Delivery(message.id, person, channel, number, code(message.id, person, channel), begins + number * every)
        for number, ways in enumerate(rounds)
        for person, channel in ways
        if begins + number * every < until
    ]


def unreachable(message: Message, contacts: Contacts) -> bool:
    """Whether none of the party's offices that should be told has anybody to tell."""
    return not any(one.channels for seat in message.seats for one in contacts.of(seat))


def _again(message: Message, contacts: Contacts, reached: Sequence[Way]) -> list[list[Way]]:
    mine = {one.id: {way(one, n) for n in range(len(one.channels))} for one in contacts.people}
    of_party = {one.id for one in contacts.people if one.party == message.party}
    ways = [(person, channel) for person, channel in reached if person in of_party and channel in mine[person]]
    return [ways] if ways else []


def _ladder(message: Message, contacts: Contacts) -> Iterator[list[Way]]:
    offices = [seat for seat in message.seats if seat.partition("/")[2] not in LAST]
    last = [seat for seat in message.seats if seat not in offices]
    longest = max((len(one.channels) for seat in offices for one in contacts.of(seat)), default=0)
    for number in range(longest):
        for seat in offices:
            yield [(one.id, way(one, number)) for one in contacts.of(seat) if len(one.channels) > number]
    for seat in last:
        yield _all(contacts, (seat,))


def _everyone(message: Message, contacts: Contacts) -> list[Way]:
    return _all(contacts, message.seats)


def _all(contacts: Contacts, seats: Sequence[str]) -> list[Way]:
    return [(one.id, way(one, n)) for seat in seats for one in contacts.of(seat) for n in range(len(one.channels))]


def _first(message: Message, contacts: Contacts) -> list[Way]:
    """News goes to the first office that has anybody, on their first channel."""
    seat = next((seat for seat in message.seats if any(one.channels for one in contacts.of(seat))), None)
    return [(one.id, way(one, 0)) for one in contacts.of(seat) if one.channels] if seat else []
