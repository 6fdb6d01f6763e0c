"""What this server finds when it checks one entry: signatures, authority, place in the tree, checkpoint.

Done anew for each page that shows it, by the functions that verify uses. It is this server's word; the page
says how to do without it.
"""

from __future__ import annotations

from msgspec import Struct

from foedus.admission import DEPOSITARY
from foedus.errors import FoedusError, Malformed
from foedus.parties.state import Seat, key_id
from foedus.record.checkpoint import Checkpoint
from foedus.record.envelope import pae
from foedus.record.keys import verify
from foedus.record.proof import Proof
from foedus.web.page import Page
from foedus.web.reading import Recorded, check_entry, proof_of
from foedus.web.unanswered import NotHere
from foedus.words.failures import say_because, say_error


class Signed(Struct, frozen=True):
    """One signature. `seat` None: its key speaks for nobody here. `fits`: it is over these very bytes.

    `in_force`: the key was the seat's own when the entry was recorded.
    """

    keyid: str
    seat: str | None
    fits: bool
    in_force: bool


class Checked(Struct, frozen=True):
    """The result. `problem`: what did not fit. `pending`: why its place cannot be proved yet."""

    signatures: tuple[Signed, ...]
    proof: Proof | None
    checkpoint: Checkpoint | None
    problem: str | None = None
    pending: str | None = None

    @property
    def signed(self) -> bool:
        """Whether every signature fits and had authority."""
        return bool(self.signatures) and all(one.fits and one.in_force for one in self.signatures)

    @property
    def whole(self) -> bool:
        """Whether nothing was found wrong."""
        return self.signed and self.problem is None


def check(page: Page, found: Recorded) -> Checked:
    """Check one entry now."""
    signatures = tuple(_signature(page, found, keyid) for keyid in range(len(found.entry.act.signatures)))
    try:
        proof = proof_of(page, found.number)
    except (Malformed, NotHere) as problem:
        return Checked(signatures, None, None, pending=say_because(page.words, problem))
    try:
        return Checked(signatures, proof, check_entry(page, found, proof))
    except FoedusError as problem:
        return Checked(signatures, None, None, problem=say_error(page.words, problem, page.clauses))


def _signature(page: Page, found: Recorded, place: int) -> Signed:
    envelope = found.entry.act
    signature = envelope.signatures[place]
    message = pae(envelope.payloadType, envelope.payload)
    record = page.state.parties.record
    if record is not None and key_id(record.depositary_key) == signature.keyid:
        fits = verify(bytes.fromhex(record.depositary_key), message, signature.sig)
        return Signed(signature.keyid, DEPOSITARY, fits, True)
    for seat in page.state.parties.seats.values():
        for number, key in enumerate(seat.keys):
            if key_id(key.value) == signature.keyid:
                fits = verify(bytes.fromhex(key.value), message, signature.sig)
                return Signed(signature.keyid, seat.id, fits, in_force(seat, number, found.number))
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
