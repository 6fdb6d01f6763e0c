"""The packages' rules as one: what an act brings about, what follows, what is due, what a seat may do.

Pure. The depositary runs these, a witness runs them again, and a checker explores them before a text is
signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import replace

from foedus import state as whole
from foedus.acts import EFFECTS, PLACEHOLDER, Act, Attachment, Body, ClockAct, Event, Statement
from foedus.commitments import rules as commitments
from foedus.commitments import state as commitments_state
from foedus.commitments.acts import CommitmentAct, RecordOverdue
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.history import Deadline, Place
from foedus.parties import instruments
from foedus.parties import rules as parties
from foedus.parties import state as parties_state
from foedus.parties.acts import PartyAct, ReceivedBefore, RecordExpiry
from foedus.reparations import rules as reparations
from foedus.reparations.acts import ReparationsAct
from foedus.response import lapses, transcripts
from foedus.response import rules as response
from foedus.response import state as response_state
from foedus.response.acts import CountersignTranscript, RecordLapse, ResponseAct
from foedus.sanctions import rules as sanctions
from foedus.sanctions import state as sanctions_state
from foedus.sanctions.acts import RecordSanctionsLapse, SanctionsAct
from foedus.state import State

_OWNER: dict[type, Any] = {
    **dict.fromkeys(get_args(PartyAct), parties),
    **dict.fromkeys(get_args(ResponseAct), response),
    **dict.fromkeys(get_args(SanctionsAct), sanctions),
    **dict.fromkeys(get_args(ReparationsAct), reparations),
    **dict.fromkeys(get_args(CommitmentAct), commitments),
}
_PACKAGES = (parties, response, sanctions, commitments, reparations)
# Of most events nothing follows anywhere.
_FOLLOWING: dict[type, tuple[Any, ...]] = {
    kind: tuple(package for package in _PACKAGES if kind in package.FOLLOWED)
    for kind in {kind for package in _PACKAGES for kind in package.FOLLOWED}
}
DEPOSITARY = instruments.DEPOSITARY
# Only the depositary may sign these, and only when due() returns them.
CLOCK_ACTS = (RecordLapse, RecordExpiry, RecordSanctionsLapse, RecordOverdue)
MAX_EVENTS = 4_000


class Option(Struct, frozen=True):
    """An act that a seat may perform now. `provision`: the clause that permits it.

    `signatures`: seats that must sign. A body that names `acts.PLACEHOLDER` still needs what stands for it: the
    digest of an attachment, or a public key.
    """

    body: Body
    provision: str
    signatures: int


def decide(clauses: Clauses, state: State, act: Act, at: datetime) -> tuple[Event, ...]:
    """What becomes true because of the act itself. Raises Refused with the clause."""
    events: tuple[Event, ...] = _OWNER[type(act.body)].decide(clauses, state, act, at)
    return events


def follow(clauses: Clauses, state: State, event: Event, at: datetime) -> tuple[Event, ...]:
    """What the event means in each package, in one fixed order: parties, response, sanctions,
    commitments, reparations.
    """
    found: tuple[Event, ...] = ()
    for package in _FOLLOWING.get(type(event), ()):
        found += package.follow(clauses, state, event, at)
    return found


def enact(
    clauses: Clauses, state: State, act: Act, at: datetime, true_at: datetime | None = None, late: int | None = None
) -> tuple[tuple[Event, ...], State]:
    """Every event of the act, until nothing follows, and the state after its entry.

    `at`: time of receipt; `true_at`: when a lapse came true. `late`: the act was received in an earlier epoch, as its
    entry of this number, at `true_at`, and is judged as at that time. Raises Refused; changes nothing.
    """
    events: list[Event] = []
    place_at = at
    if late is not None:
        assert true_at is not None, "what was received before was received at a time"
        events, at = [ReceivedBefore(late, true_at)], true_at
    events += decide(clauses, state, act, at)
    place = Place(true_at or at, place_at, state.size)
    after = state
    for event in events:  # grows while we walk it: what follows from what follows
        after = whole.evolve(after, event, place)
        events.extend(follow(clauses, after, event, at))
        assert len(events) <= MAX_EVENTS, "events follow from events without end"
    after = whole.requested(after, events, act.payload)
    seen = after.seen.insert(bytes.fromhex(act.id), place.entry)
    return tuple(events), replace(after, size=state.size + 1, at=place_at, seen=seen)


def due(clauses: Clauses, state: State, at: datetime) -> tuple[ClockAct, ...]:
    """Acts that the passing of time calls for, earliest deadline first."""
    acts: list[ClockAct] = [
        *parties.due(clauses, state, at),
        *response.due(clauses, state, at),
        *sanctions.due(clauses, state, at),
        *commitments.due(clauses, state, at),
        *reparations.due(clauses, state, at),
    ]
    return tuple(sorted(acts, key=lambda act: (act.due_at, act.deadline)))


def stands(state: State, body: ClockAct) -> bool:
    """Whether a deadline that was due still is: nothing recorded since has settled it."""
    deadline = Deadline(body.due_at, body.deadline)
    if isinstance(body, RecordLapse):
        return response_state.standing_deadline(state.response, deadline)
    if isinstance(body, RecordSanctionsLapse):
        return sanctions_state.standing_deadline(state.sanctions, deadline)
    if isinstance(body, RecordOverdue):
        return commitments_state.standing_deadline(state.commitments, deadline)
    return parties_state.standing_deadline(state.parties, deadline)


def came_true(state: State, body: ClockAct) -> datetime:
    """When a lapse that is due came true: at its deadline, but not before there was what lapsed.

    A clock counted from an attack may be over when the request starts it.
    """
    began = None
    if isinstance(body, RecordLapse):
        began = lapses.began(state, body)
    elif isinstance(body, RecordSanctionsLapse):
        began = sanctions.began(state, body)
    return max(body.due_at, began) if began is not None else body.due_at


def true_at(state: State, body: Body) -> datetime | None:
    """When the events of an act that is no lapse come true, where that is not its receipt: of a countersignature, when
    what it countersigns was received.
    """
    return transcripts.came_true(state, body) if isinstance(body, CountersignTranscript) else None


def next_due(state: State) -> datetime | None:
    """The earliest moment at which something may fall due; None when no deadline is noted."""
    agendas = (state.parties.agenda, state.response.agenda, state.sanctions.agenda, state.commitments.agenda)
    return min([agenda.first.due_at for agenda in agendas if agenda is not None], default=None)


def options(clauses: Clauses, state: State, seat: str, at: datetime, about: str | None = None) -> tuple[Option, ...]:
    """What the seat may do now, each with a body that decide accepts.

    `about`: one response, incident or provision.
    """
    holder = state.parties.seats.get(seat)
    if holder is None or holder.revoked is not None:
        return ()
    found = [option(clauses, state, seat, body, at) for body in offered(clauses, state, seat, at, about)]
    return tuple([one for one in found if one is not None])


def option(clauses: Clauses, state: State, seat: str, body: Body, at: datetime) -> Option | None:
    """The act as an option of the seat, which holds its office; None where it may not perform it now."""
    holder = state.parties.seats[seat]
    signers = _signers(clauses, state, seat, body)
    if not signers or (holder.scope and type(body).__name__ not in holder.scope):
        return None
    act = Act("0" * 32, seat, holder.party, holder.role, signers, body, _blank(state, seat, body, at))
    try:
        decide(clauses, state, act, at)
    except Refused:
        return None
    return Option(body, permitting(clauses, body, holder.role), len(signers))


def offered(
    clauses: Clauses, state: State, seat: str, at: datetime, about: str | None = None,
    kinds: frozenset[type] | None = None,
) -> Iterator[Body]:  # fmt: skip
    """What the seat may want to do, of these kinds; whether it may, decide says."""
    for package in _PACKAGES:
        if kinds is None or any(_OWNER[kind] is package for kind in kinds):
            for body in package.options(clauses, state, seat, at, about, kinds):
                if kinds is None or type(body) in kinds:
                    yield body


def _signers(clauses: Clauses, state: State, seat: str, body: Body) -> tuple[str, ...]:
    """The seat with as many others of its party as the clause needs; empty when the party has not so many."""
    needed = signatures_needed(clauses, body)
    if needed == 1:
        return (seat,)
    party = state.parties.seats[seat].party
    others = [s.id for s in state.parties.seats.values() if s.party == party and s.id != seat and s.revoked is None]
    return (seat, *others[: needed - 1]) if len(others) >= needed - 1 else ()


def signatures_needed(clauses: Clauses, body: Body) -> int:
    """How many seats of one party must sign such an act."""
    return max((permit.signatures for _, permit in clauses.permits(type(body).__name__)), default=1)


def permitting(clauses: Clauses, body: Body, role: str) -> str:
    """The provision that permits such an act to an office; the first that permits it to any, for another office."""
    permits = clauses.permits(type(body).__name__)
    named = [p.id for p, permit in permits if any(not by.roles or role in by.roles for by in permit.by)]
    return (named or [permits[0][0].id])[0]


def _blank(state: State, seat: str, body: Body, at: datetime) -> Statement:
    record = state.parties.record
    assert record is not None, "options are asked of an open record only"
    effect = EFFECTS[type(body).__name__]
    files = (Attachment(PLACEHOLDER, 0, "evidence"),)
    return Statement(record.origin, "0" * 32, seat, at, state.parties.compact, effect, body, attachments=files)


@lru_cache(maxsize=64)
def _without(clauses: Clauses, lapsed: frozenset[str]) -> Clauses:
    return Clauses(clauses.compact, lapsed)


# The last answer, for the very same objects: a membership is recorded once in years, and every act asks.
_last: tuple[Clauses, object, Clauses] | None = None


def in_force(clauses: Clauses, state: State) -> Clauses:
    """The compact as it operates now: provisions that an accession ended stay readable and operate no more."""
    global _last  # noqa: PLW0603 - a memo of a pure function, replaced whole
    memberships, known = state.parties.memberships, _last
    if known is not None and known[0] is clauses and known[1] is memberships:
        return known[2]
    lapsed = frozenset(p for membership in memberships.values() for p in membership.lapsed)
    found = _without(clauses, lapsed) if lapsed else clauses
    _last = (clauses, memberships, found)
    return found
