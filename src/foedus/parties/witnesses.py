"""Witnesses as the record knows them: whose key counts on a checkpoint, and when enough have cosigned it.

Both depend on the checkpoint's own entries alone, so that nothing recorded later settles or unsettles it: a key counts
on checkpoints that cover the entry which enrolled it and not yet the entry which replaced or revoked it.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from msgspec import Struct

from foedus.compact.clauses import Clauses
from foedus.compact.model import Provision, Witnessing
from foedus.parties.state import State


class Witness(Struct, frozen=True):
    """A seat whose key (Ed25519, hex) counts on checkpoints. `outside`: its party does not run the server."""

    seat: str
    party: str
    key: str
    outside: bool


def asked(clauses: Clauses) -> tuple[Provision, Witnessing] | None:
    """Who must cosign, by which provision; None where the compact names no witnesses, and nothing is ever settled."""
    return clauses.one(Witnessing)


def counted(clauses: Clauses, state: State, size: int) -> tuple[Witness, ...]:
    """The witnesses whose cosignatures count on a checkpoint of `size` entries, by name of their seat."""
    found = asked(clauses)
    if found is None:
        return ()
    clause = found[1]
    operator = clauses.members(clause.operator)
    witnesses = []
    for seat in state.seats.values():
        held = [one for one in seat.holdings if one.place.entry < size]
        if seat.role == clause.role and held and (held[-1].revoked is None or held[-1].revoked.entry >= size):
            witnesses.append(Witness(seat.id, seat.party, held[-1].key, seat.party not in operator))
    return tuple(sorted(witnesses, key=lambda one: one.seat))


def enough(clause: Witnessing, cosigned: AbstractSet[Witness]) -> bool:
    """Whether these witnesses together settle a checkpoint. Each party counts once, whatever it enrolled."""
    parties = {one.party for one in cosigned}
    outside = {one.party for one in cosigned if one.outside}
    return len(parties) >= clause.at_least and len(outside) >= clause.outside_at_least


def compact_at(state: State, size: int) -> tuple[str, frozenset[str]]:
    """The digest of the compact in force when the record had `size` entries, and the provisions then ended."""
    held = [one.value for one in state.compacts if one.place.entry < size]
    lapsed = [one.lapsed for one in state.memberships.values() if one.place.entry < size]
    return (held[-1] if held else state.compacts[0].value), frozenset(id_ for ids in lapsed for id_ in ids)
