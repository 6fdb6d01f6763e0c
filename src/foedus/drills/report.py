"""What came of a drill, as plain values read off its record: how long each party took, and what was met and missed.

It adds nothing to the record, names its checkpoint, and says of nobody why it did not answer: only that it did not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from foedus.alerts.contacts import Contacts
from foedus.alerts.deliveries import Deliveries
from foedus.response.state import Response
from foedus.state import State


class PartyTook(Struct, frozen=True, omit_defaults=True):
    """Seconds from the request until the party was reached, acknowledged, was present, and took its first position;
    None: never. `unreached`: why no alert came to it, in a word; empty where one did or none was to be sent.
    """

    party: str
    reached: float | None = None
    acknowledged: float | None = None
    present: float | None = None
    decided: float | None = None
    unreached: str = ""


class ClockTook(Struct, frozen=True, omit_defaults=True):
    """A step of the procedure: when it was due and when it was met, in seconds from the request."""

    step: str
    due: float
    met: float | None = None


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


def parties_of(state: State, response: Response, reached: Mapping[str, float | str]) -> tuple[PartyTook, ...]:
    """How long each on the roll took. `reached`: by party the time of the first alert that came to it, else why not."""
    begins = response.place.at
    found = []
    for party in response.roll:
        acknowledged, there = response.acknowledged.get(party), response.present.get(party)
        spoken = [
            positions[0].place.at
            for item in response.measures
            if (positions := state.response.measures[item.value].positions.get(party))
        ]
        first = reached.get(party)
        found.append(
            PartyTook(
                party,
                first - begins.timestamp() if isinstance(first, float) else None,
                _since(begins, acknowledged.at if acknowledged else None),
                _since(begins, there.place.at if there else None),
                _since(begins, min(spoken, default=None)),
                first if isinstance(first, str) else "",
            )
        )
    return tuple(found)


def clocks_of(response: Response) -> tuple[ClockTook, ...]:
    """Every deadline of the response, in order of time."""
    begins = response.place.at
    took = [
        ClockTook(one.step, (one.due - begins).total_seconds(), _since(begins, one.met.at if one.met else None))
        for one in response.clocks
    ]
    return tuple(sorted(took, key=lambda one: one.due))


def outcomes_of(response: Response) -> tuple[tuple[str, int], ...]:
    """By measure how many joined it; none while nothing is decided."""
    decided = response.decided
    return tuple((one.measure, len(one.joined)) for one in decided.outcomes) if decided is not None else ()


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


def _since(begins: datetime, at: datetime | None) -> float | None:
    return (at - begins).total_seconds() if at is not None else None


def median(times: list[float | None]) -> float | None:
    """The middle of those that there are."""
    known = sorted(one for one in times if one is not None)
    return known[len(known) // 2] if known else None
