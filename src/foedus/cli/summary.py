"""What is running in a record, at a time and as known at a time, as data that `status` prints.

Before a deadline a party that has said nothing has "no entry yet"; only a recorded lapse makes that silence.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from foedus.history import as_of
from foedus.response import state as response_state

if TYPE_CHECKING:
    from foedus.depositary import Depositary
    from foedus.exercise import ExerciseNote
    from foedus.settling import Settled

EVER = datetime.max.replace(tzinfo=UTC)


class Clock(Struct, frozen=True):
    """A step's deadline. `seconds_left`: negative once it has passed."""

    step: str
    due_at: datetime
    provision: str
    seconds_left: int
    met: datetime | None
    lapsed: datetime | None


class Owed(Struct, frozen=True):
    """An immediate measure: who reported performance, and of whom there is no such entry yet."""

    measure: str
    due_at: datetime
    performed: tuple[str, ...]
    no_entry_yet: tuple[str, ...]


class Measure(Struct, frozen=True):
    """A measure on the table and what each party on the roll said last."""

    id: str
    menu: str | None
    kind: str
    joins: tuple[str, ...]
    joins_ad_referendum: tuple[str, ...]
    declines: tuple[str, ...]
    abstains: tuple[str, ...]
    no_entry_yet: tuple[str, ...]


class Response(Struct, frozen=True):
    """One response."""

    id: str
    mode: str
    incident: str
    kind: str
    territory: str
    opened_at: datetime
    convened_at: datetime | None
    closed: str | None
    roll: tuple[str, ...]
    acknowledged: tuple[str, ...]
    present: tuple[str, ...]
    clocks: tuple[Clock, ...]
    owed: tuple[Owed, ...]
    measures: tuple[Measure, ...]


class Status(Struct, frozen=True):
    """A record at a glance. `at`, `known`: what was asked about; the present when nothing was.

    `settled`: what witnesses settled by now; None where the compact names none.
    """

    origin: str
    exercise: bool
    note: ExerciseNote | None
    at: datetime
    known: datetime
    entries: int
    last_entry_at: datetime | None
    checkpoint: int | None
    compact: str
    digest: str
    parties: tuple[str, ...]
    incidents: int
    responses: tuple[Response, ...]
    settled: Settled | None


def status_of(depositary: Depositary, at: datetime | None, known: datetime | None) -> Status:
    """The record as it was `at`, as `known`."""
    from foedus.acts import decode_entry
    from foedus.exercise import note_of
    from foedus.settling import Settling

    state = depositary.state
    # A copy's machine may be behind an exercise's own time; nothing is later than the last entry's.
    now = max(depositary.now(), state.at or depositary.now())
    at, until = at or known or now, known or EVER
    info = state.parties.record
    assert info is not None, "an opened record has an entry 0"
    entries, last = 0, None
    if known is None and at >= now:
        entries, last = state.size, state.at
    else:
        for data in depositary.store.entries(0):
            received = decode_entry(data).at
            if received > min(at, until):
                break
            entries, last = entries + 1, received
    compacts = [one.value for one in state.parties.compacts if one.place.seen(at, until)]
    parties = [party for party, tiers in state.parties.tiers.items() if any(one.place.seen(at, until) for one in tiers)]
    kept = depositary.store.checkpoint()
    responses = (_response(depositary, one, at, until) for one in state.response.responses.values())
    return Status(
        info.origin,
        info.exercise,
        note_of(depositary),
        at,
        known or now,
        entries,
        last,
        kept[0] if kept else None,
        depositary.clauses.compact.id,
        compacts[-1] if compacts else state.parties.compact,
        tuple(sorted(parties)),
        sum(as_of(one, at, until) is not None for one in state.response.incidents.values()),
        tuple(sorted((one for one in responses if one), key=lambda one: one.opened_at)),
        Settling(depositary).stands(),
    )


def _response(depositary: Depositary, whole: response_state.Response, at: datetime, known: datetime) -> Response | None:
    seen = as_of(whole, at, known)
    if seen is None:
        return None
    state = depositary.state.response
    incident = state.incidents[seen.incident]
    measures = [as_of(state.measures[one.value], at, known) for one in seen.measures]
    return Response(
        seen.id,
        seen.mode,
        seen.incident,
        incident.kind,
        incident.territory,
        seen.place.at,
        seen.convened.place.at if seen.convened else None,
        seen.closed.value if seen.closed else None,
        seen.roll,
        tuple(sorted(seen.acknowledged)),
        tuple(sorted(seen.present)),
        tuple(_clock(clock, at) for clock in seen.clocks),
        tuple(
            Owed(
                one.measure,
                one.due_at,
                tuple(sorted(one.performed)),
                tuple(party for party in one.parties if party not in one.performed),
            )
            for one in seen.owed
        ),
        tuple(_measure(one, seen.roll) for one in measures if one is not None),
    )


def _clock(clock: response_state.Clock, at: datetime) -> Clock:
    return Clock(
        clock.step,
        clock.due,
        clock.provision,
        int((clock.due - at).total_seconds()),
        clock.met.at if clock.met else None,
        clock.lapsed.at if clock.lapsed else None,
    )


def _measure(measure: response_state.Measure, roll: tuple[str, ...]) -> Measure:
    by_stance: dict[str, list[str]] = {}
    for party in roll:
        said = measure.position(party)
        by_stance.setdefault(said.stance if said else "", []).append(party)
    stances = ("joins", "joins_ad_referendum", "declines", "abstains", "")
    return Measure(measure.id, measure.menu, measure.kind, *(tuple(by_stance.get(s, ())) for s in stances))
