"""Who signed an act: each signature of its envelope with the seat whose key made it, checked again.

Says whether a signature fits and whether its key was the seat's own at a place of the record. Whether these seats
were enough is the clause's matter, and was decided when the act was received.
"""

from __future__ import annotations

from msgspec import Struct

from foedus.admission import DEPOSITARY
from foedus.parties.acts import ROOT
from foedus.parties.state import Seat, key_id
from foedus.record.envelope import Envelope, Signature, pae
from foedus.record.keys import verify
from foedus.state import State


class Signed(Struct, frozen=True):
    """One signature. `seat` None: its key speaks for nobody here. `fits`: it is over these very bytes.

    `in_force`: the key was the seat's own when the entry was recorded.
    """

    keyid: str
    seat: str | None
    fits: bool
    in_force: bool


def signatures(state: State, envelope: Envelope, entry: int) -> tuple[Signed, ...]:
    """Every signature, in the order of the envelope. `entry`: the place of the act, or where it would stand."""
    message = pae(envelope.payloadType, envelope.payload)
    return tuple(_signed(state, message, signature, entry) for signature in envelope.signatures)


def _signed(state: State, message: bytes, signature: Signature, entry: int) -> Signed:
    record = state.parties.record
    for epoch in record.epochs if record is not None else ():
        if key_id(epoch.key) == signature.keyid:
            fits = verify(bytes.fromhex(epoch.key), message, signature.sig)
            in_its_epoch = record is not None and record.signed_by(max(entry, 1)) == epoch
            return Signed(signature.keyid, DEPOSITARY, fits, in_its_epoch)
    for seat in state.parties.seats.values():
        for number, key in enumerate(seat.keys):
            if key_id(key.value) == signature.keyid:
                fits = verify(bytes.fromhex(key.value), message, signature.sig)
                return Signed(signature.keyid, seat.id, fits, in_force(seat, number, entry))
    for root in state.parties.roots.values():
        for number, key in enumerate(root.keys):
            if key_id(key.value) == signature.keyid:
                fits = verify(bytes.fromhex(key.value), message, signature.sig)
                later = root.keys[number + 1 : number + 2]
                counted = key.place.entry < entry and all(entry <= one.place.entry for one in later)
                return Signed(signature.keyid, f"{root.party}/{ROOT}", fits, counted)
    return Signed(signature.keyid, None, False, False)


def in_force(seat: Seat, number: int, entry: int) -> bool:
    """Whether key `number` of a seat was its own when entry `entry` was recorded: enrolled before, not yet
    replaced or revoked.
    """
    if seat.keys[number].place.entry >= entry:
        return False
    if number + 1 < len(seat.keys):
        return seat.keys[number + 1].place.entry >= entry
    return seat.revoked is None or seat.revoked.entry >= entry
