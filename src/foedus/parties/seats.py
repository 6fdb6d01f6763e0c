"""The record's opening, and the seats that may act in it: each enrolled by its own party, none for an outsider."""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.parties import acts
from foedus.parties.authority import not_excluded, permission
from foedus.parties.state import State as Parties
from foedus.parties.state import key_id
from foedus.state import State


def open_record(clauses: Clauses, state: State, act: Act, body: acts.OpenRecord, at: datetime) -> tuple[Event, ...]:
    if state.size:
        raise Refused("record/opening", "the record was opened by entry 0; it cannot be opened again")
    events: list[Event] = [
        acts.RecordOpened(body.origin, body.exercise, body.ceiling, body.depositary_key, body.compact)
    ]
    keys = {head.key for head in body.heads}
    if len(keys) < len(body.heads):
        raise Refused("record/key", "this key already speaks for a seat; every seat needs its own")
    for head in body.heads:
        not_excluded(clauses, head.party)
        named(clauses, head.party)
        events.append(acts.SeatEnrolled(f"{head.party}/{head.role}", head.party, head.role, head.key))
    return tuple(events)


def named(clauses: Clauses, party: str) -> None:
    if clauses.party(party) is None:
        raise Refused("record/reference", "{party} is not named in {compact}", party=party, compact=clauses.compact.id)


def enrol(clauses: Clauses, state: State, act: Act, body: acts.EnrolSeat, at: datetime) -> tuple[Event, ...]:
    not_excluded(clauses, body.party)
    provision, _ = permission(clauses, state, act, at)
    if body.party != act.party:
        raise Refused(
            provision.id,
            "{seat} enrols seats of its own party only, not of {party}",
            seat=act.seat,
            party=body.party,
        )
    role_of(clauses, body.role)
    own_key(state.parties, body.key)
    return (acts.SeatEnrolled(f"{body.party}/{body.role}", body.party, body.role, body.key, body.scope),)


def role_of(clauses: Clauses, role: str) -> None:
    """Refused for an office that the compact does not have."""
    if all(one.id != role for one in clauses.compact.roles):
        raise Refused("record/vocabulary", "{role} is not a role of {compact}", role=role, compact=clauses.compact.id)


def own_key(parties: Parties, key: str) -> None:
    """Refused when the key speaks already: a signature says by its key alone for whom it is."""
    if key_id(key) in parties.seat_of_key:
        raise Refused("record/key", "this key already speaks for a seat; every seat needs its own")
    if any(root.key == key for root in parties.roots.values()):
        raise Refused("record/key", "this key is a party's root key already; it speaks for no seat")


def revoke(clauses: Clauses, state: State, act: Act, body: acts.RevokeSeat, at: datetime) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    seat = state.parties.seats.get(body.seat)
    if seat is None or seat.revoked is not None:
        raise Refused("record/reference", "there is no seat {seat} to revoke", seat=body.seat)
    if seat.party != act.party:
        raise Refused(provision.id, "{seat} revokes seats of its own party only", seat=act.seat)
    return (acts.SeatRevoked(body.seat),)
