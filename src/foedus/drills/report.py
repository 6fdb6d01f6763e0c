"""What came of a drill, as plain values read off its record: how long each party took, and what was met and missed.

It adds nothing to the record, names its checkpoint, and says of nobody why it did not answer: only that it did not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from foedus.alerts.contacts import Contacts
from foedus.alerts.deliveries import Deliveries
from foedus.response.state import Response
from foedus.state import State


class PartyTook(Struct, frozen=True, omit_defaults=True):
    """Seconds from the request until the party was reached, acknowledged, was present, and took its first position;
    None: never. `unreached`: why no alert came to it, in a word; empty where one did or none was to be sent. The seats
    are those that first did each.
    """

    party: str
    reached: float | None = None
    acknowledged: float | None = None
    present: float | None = None
    decided: float | None = None
    unreached: str = ""
    acknowledged_by: str = ""
    present_by: str = ""
    decided_by: str = ""


class SeatTook(Struct, frozen=True, omit_defaults=True):
    """A seat that was told: how many people hold it, when the first alert came to one of them and when one of them
    confirmed one, in seconds since 1970, or why none came.
    """

    seat: str
    people: int
    reached: float | None = None
    confirmed: float | None = None
    unreached: str = ""


class ClockTook(Struct, frozen=True, omit_defaults=True):
    """A step of the procedure: when it was due and when it was met, in seconds from the request. `at_end`: decided when
    its time was over, from what had been said by then.
    """

    step: str
    due: float
    met: float | None = None
    at_end: bool = False

    @property
    def missed(self) -> bool:
        """Whether its time ran out without it."""
        return self.met is None and not self.at_end


class Report(Struct, frozen=True, omit_defaults=True):
    """One drill. `stopped`: by what and when, where it was stopped before its end; `refused`: what was planned and the
    compact did not allow.
    """

    title_en: str
    title_uk: str
    origin: str
    seed: int
    speed: float
    starts: datetime
    ended: datetime
    entries: int
    root: str
    clocks: tuple[ClockTook, ...] = ()
    parties: tuple[PartyTook, ...] = ()
    outcomes: tuple[tuple[str, int], ...] = ()
    stopped: str = ""
    stopped_at: datetime | None = None
    refused: tuple[str, ...] = ()
    begins: datetime | None = None
    seats: tuple[SeatTook, ...] = ()
    checkpoint: str = ""


def parties_of(
    state: State, response: Response, reached: Mapping[str, float | str],
    seat_of: Callable[[int], str] = lambda entry: "",
) -> tuple[PartyTook, ...]:  # fmt: skip
    """How long each on the roll took. `reached`: by party the time of the first alert that came to it, else why not.
    `seat_of`: who signed an entry.
    """
    begins = response.place.at
    found = []
    for party in response.roll:
        acknowledged, there = response.acknowledged.get(party), response.present.get(party)
        spoken = [
            positions[0].place
            for item in response.measures
            if (positions := state.response.measures[item.value].positions.get(party))
        ]
        first, word = reached.get(party), min(spoken, key=lambda place: place.at, default=None)
        found.append(
            PartyTook(
                party,
                first - begins.timestamp() if isinstance(first, float) else None,
                _since(begins, acknowledged.at if acknowledged else None),
                _since(begins, there.place.at if there else None),
                _since(begins, word.at if word else None),
                first if isinstance(first, str) else "",
                *(seat_of(one.entry) if one else "" for one in (acknowledged, there.place if there else None, word)),
            )
        )
    return tuple(found)


def clocks_of(response: Response) -> tuple[ClockTook, ...]:
    """Every deadline of the response, in order of time."""
    begins, decided = response.place.at, response.decided
    took = [
        ClockTook(
            one.step, (one.due - begins).total_seconds(), _since(begins, one.met.at if one.met else None),
            one.step == "decide" and one.met is None and one.lapsed is not None and decided is not None,
        )
        for one in response.clocks
    ]  # fmt: skip
    return tuple(sorted(took, key=lambda one: one.due))


def outcomes_of(response: Response, state: State) -> tuple[tuple[str, int], ...]:
    """By measure, as the compact calls it where it names it, how many joined it; none while nothing is decided."""
    decided = response.decided
    if decided is None:
        return ()
    measures = state.response.measures
    return tuple((measures[one.measure].menu or one.measure, len(one.joined)) for one in decided.outcomes)


def reached_by(contacts: Contacts, deliveries: Deliveries) -> dict[str, float | str]:
    """By party the time at which the first alert to it was taken, or what kept all of them back."""
    parties = {one.id: one.party for one in contacts.people}
    found: dict[str, float | str] = {}
    for one in deliveries.all():
        party = parties.get(one.person)
        if party is None or one.message.startswith(("test.", "no_play.")):
            continue
        known = found.get(party)
        if one.state == "sent" and one.at is not None:
            found[party] = min(known, one.at) if isinstance(known, float) else one.at
        elif not isinstance(known, float):
            found[party] = one.problem.partition(" ")[0] or one.state
    return found


def seats_of(contacts: Contacts, deliveries: Deliveries) -> tuple[SeatTook, ...]:
    """What came of alerts to each seat that somebody holds, in the order of seats."""
    seat_of = {one.id: one.seat for one in contacts.people}
    reached: dict[str, float] = {}
    unreached: dict[str, str] = {}
    for one in deliveries.all():
        seat = seat_of.get(one.person)
        if seat is None or one.message.startswith("test."):
            continue
        if one.state == "sent" and one.at is not None:
            reached[seat] = min(one.at, reached.get(seat, one.at))
        else:
            unreached[seat] = one.problem.partition(" ")[0] or one.state
    confirmed: dict[str, float] = {}
    for message, person, _channel, at in deliveries.confirmations():
        if person in seat_of and not message.startswith("test."):
            confirmed[seat_of[person]] = min(at, confirmed.get(seat_of[person], at))
    return tuple(
        SeatTook(seat, len(contacts.of(seat)), reached.get(seat), confirmed.get(seat),
                 "" if seat in reached else unreached.get(seat, ""))
        for seat in sorted(set(seat_of.values()))
    )  # fmt: skip


def _since(begins: datetime, at: datetime | None) -> float | None:
    return (at - begins).total_seconds() if at is not None else None


def median(times: list[float | None]) -> float | None:
    """The middle of those that there are."""
    known = sorted(one for one in times if one is not None)
    return known[len(known) // 2] if known else None
