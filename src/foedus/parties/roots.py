"""A party's root key: deposited while the party's seats are its own, kept offline, and used when they are not.

It speaks as `PARTY/root`, is no seat, and signs two kinds of act: the recovery of the party's seats, and the deposit of
the key that comes after it. What seats signed before a recovery stands as signed: the place in the record decides.
"""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.parties import acts
from foedus.parties.authority import belongs, permission
from foedus.parties.seats import own_key, role_of
from foedus.state import State

ROOT_ACTS = (acts.RecoverSeat, acts.DepositRootKey)


def deposit(clauses: Clauses, state: State, act: Act, body: acts.DepositRootKey, at: datetime) -> tuple[Event, ...]:
    """The first is deposited by seats that the compact names; the next by the one before, and by no seat."""
    provision, _ = permission(clauses, state, act, at)
    if act.party in state.parties.roots and act.role != acts.ROOT:
        raise Refused(
            provision.id,
            "{party} has a root key: the next one is deposited by an act that this one signs, and by no seat",
            party=act.party,
        )
    own_key(state.parties, body.key)
    return (acts.RootKeyDeposited(act.party, body.key),)


def recover(clauses: Clauses, state: State, act: Act, body: acts.RecoverSeat, at: datetime) -> tuple[Event, ...]:
    """The keys named count no more, and the office gets another: of an office that enrols, or all stay lost."""
    provision, _ = permission(clauses, state, act, at)
    role_of(clauses, body.role)
    if not _enrols(clauses, state, act.party, body.role):
        raise Refused(
            provision.id,
            "{role} enrols no seats: a recovery gives its key to an office that does",
            role=body.role,
        )
    own_key(state.parties, body.key)
    seats = state.parties.seats
    mine = sorted(one.id for one in seats.values() if one.party == act.party and one.revoked is None)
    for seat in body.revoked:
        if seat not in mine:
            raise Refused("record/reference", "{party} has no seat {seat} to revoke", party=act.party, seat=seat)
    gone = [seat for seat in mine if not body.revoked or seat in body.revoked]
    return (
        *[acts.SeatRevoked(seat) for seat in gone],
        acts.SeatEnrolled(f"{act.party}/{body.role}", act.party, body.role, body.key),
    )


def _enrols(clauses: Clauses, state: State, party: str, role: str) -> bool:
    """Whether the office may enrol the party's other seats, so that the recovery goes on from it."""
    return any(
        (not by.roles or role in by.roles)
        and (party in clauses.members(by.group) or belongs(clauses, state, party, by.group))
        for _, permit in clauses.permits("EnrolSeat")
        for by in permit.by
    )
