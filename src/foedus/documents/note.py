"""Draws up the note verbale of one act: not yet signed, signed, or recorded. What the act says, nothing added.

Every signature is checked again, and an act with one that does not fit is not printed. Attachments stand there by
their digests; their content is on no paper, because it can be erased and paper cannot.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Literal

from msgspec import Struct

from foedus.acts import Act, Entry, Statement, decode_statement
from foedus.admission import DEPOSITARY
from foedus.compact.clauses import Clauses
from foedus.compact.model import Permit, Provision
from foedus.documents import clauses_cited
from foedus.documents.signatures import Signed, signatures
from foedus.documents.values import ClauseCited
from foedus.documents.view import View
from foedus.errors import Malformed
from foedus.parties import authority
from foedus.record.envelope import ACT_TYPE, EXERCISE_ACT_TYPE, Envelope, check_json, encode_envelope
from foedus.record.link import ActLink, format_link
from foedus.state import State


class Received(Struct, frozen=True):
    """Where the act stands in the record. `true_at`: when its events came true, where that was earlier."""

    entry: int
    at: datetime
    true_at: datetime | None = None


class NoteVerbale(Struct, frozen=True):
    """An act as paper shows it. `data`: the envelope, or of an unsigned act the statement, byte for byte.

    `sha256`: of the statement's bytes, which is what seats sign. `needed`: how many seats the clause asks for;
    `permitted`: that clause, None where the record's own rules permit it. `clauses`: it, and those relied on.
    """

    statement: Statement
    data: bytes
    sha256: str
    exercise: bool
    signed: tuple[Signed, ...]
    needed: int
    permitted: ClauseCited | None
    clauses: tuple[ClauseCited, ...]
    received: Received | None = None

    @property
    def status(self) -> Literal["unsigned", "part_signed", "signed", "recorded"]:
        """How far it has come."""
        if self.received is not None:
            return "recorded"
        if not self.signed:
            return "unsigned"
        return "signed" if len(self.signed) >= self.needed else "part_signed"

    @property
    def dated(self) -> datetime:
        """When it was received, else when it was stated."""
        return self.received.at if self.received else self.statement.issued_at

    @property
    def link(self) -> str:
        """What the QR code says."""
        return format_link(ActLink(self.statement.origin, self.statement.id, self.sha256))


def of_statement(state: State, clauses: Clauses, payload: bytes) -> NoteVerbale:
    """The note of an act that nobody has signed yet, from the bytes that would be signed. Raises Malformed."""
    return _drawn_up(state, clauses, payload, payload, ())


def of_envelope(state: State, clauses: Clauses, envelope: Envelope) -> NoteVerbale:
    """The note of a signed act that is not recorded yet. Raises Malformed for a signature that does not fit."""
    signed = _checked(state, envelope, state.size)
    return _drawn_up(state, clauses, envelope.payload, encode_envelope(envelope), signed)


def of_entry(state: State, clauses: Clauses, number: int, entry: Entry) -> NoteVerbale:
    """The note of a recorded act; `clauses`: the compact under which it was decided."""
    signed = _checked(state, entry.act, number)
    received = Received(number, entry.at, entry.true_at)
    return _drawn_up(state, clauses, entry.act.payload, encode_envelope(entry.act), signed, received)


def permits(clauses: Clauses, state: State, statement: Statement) -> list[tuple[Provision, Permit]]:
    """The clause that permits such an act to this seat, as things stand; none for the depositary.

    Of a past act whose party has left since, the clause that names its office, else the first for the act.
    """
    if statement.seat == DEPOSITARY:
        return []
    party, _, role = statement.seat.partition("/")
    act = Act(statement.id, statement.seat, party, role, (statement.seat,), statement.body, statement)
    named = clauses.permits(type(statement.body).__name__)
    found = authority.admitted(clauses, state, act)
    if found is not None:
        return [found]
    offices = [pair for pair in named if any(not by.roles or role in by.roles for by in pair[1].by)]
    return (offices or list(named))[:1]


def _checked(state: State, envelope: Envelope, entry: int) -> tuple[Signed, ...]:
    record = state.parties.record
    expected = EXERCISE_ACT_TYPE if record is not None and record.exercise else ACT_TYPE
    if envelope.payloadType != expected:
        raise Malformed(
            "the act: its type is {found!r}, this record's is {expected!r}: nothing is printed",
            found=envelope.payloadType,
            expected=expected,
        )
    signed = signatures(state, envelope, entry)
    for one in signed:
        if one.seat is None or not one.fits:
            raise Malformed(
                "the act: the signature of key {keyid} is no seat's over these bytes: nothing is printed",
                keyid=one.keyid,
            )
    return signed


def _drawn_up(
    state: State, clauses: Clauses, payload: bytes, data: bytes, signed: tuple[Signed, ...],
    received: Received | None = None,
) -> NoteVerbale:  # fmt: skip
    check_json(payload)
    statement, record = decode_statement(payload), state.parties.record
    if record is None or statement.origin != record.origin:
        raise Malformed(
            "the act is for the record {found}, this one is {origin}: print it from its own",
            found=statement.origin,
            origin=record.origin if record else "—",
        )
    if statement.compact != clauses.digest:
        raise Malformed(
            "the act was stated under the compact {found}, in force is {expected}",
            found=statement.compact,
            expected=clauses.digest,
        )
    at = received.at if received else statement.issued_at
    view = View(state, clauses, at, at)
    permitted = permits(clauses, state, statement)
    named = dict.fromkeys([*(provision.id for provision, _ in permitted), *statement.rests_on])
    provisions = [provision for provision in map(clauses.provision, named) if provision is not None]
    cited = tuple(clauses_cited.clause(view, provision) for provision in provisions)
    return NoteVerbale(
        statement, data, sha256(payload).hexdigest(), record.exercise, signed,
        permitted[0][1].signatures if permitted else 1, cited[0] if permitted else None, cited, received,
    )  # fmt: skip
