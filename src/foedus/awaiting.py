"""An act that may still lack a signature: for which record it is, who has signed it, and how many of its party must.

Such an act is no act yet and no part of the record: it goes from desk to desk until it is whole. Nothing here decides
whether the compact allows it.
"""

from __future__ import annotations

from msgspec import Struct

from foedus import rules
from foedus.acts import Statement, decode_statement
from foedus.compact.clauses import Clauses
from foedus.errors import Malformed, Refused
from foedus.record.envelope import ACT_TYPE, EXERCISE_ACT_TYPE, Envelope, check_json, decode_envelope, verify_signatures
from foedus.state import State
from foedus.submission import Signed


class Awaiting(Struct, frozen=True):
    """What was signed, by which seats of one party, how many must, and the provision that permits it."""

    signed: Signed
    statement: Statement
    party: str
    signers: tuple[str, ...]
    needed: int
    provision: str

    @property
    def whole(self) -> bool:
        """Whether nothing lacks."""
        return len(self.signers) >= self.needed


def read_awaiting(clauses: Clauses, state: State, signed: Signed) -> Awaiting:
    """The act, once every signature on it was found to fit and to be of seats in force of one party.

    Raises Malformed when it cannot be read or a signature does not fit, Refused when it is not for this record.
    """
    record = state.parties.record
    if record is None:
        raise Malformed("the record is empty: nothing can be signed for it yet")
    envelope = decode_envelope(signed.envelope)
    if envelope.payloadType != (EXERCISE_ACT_TYPE if record.exercise else ACT_TYPE):
        raise Refused("record/exercise", "an act of an exercise enters no live record, nor the other way round")
    check_json(envelope.payload)
    statement = decode_statement(envelope.payload)
    if statement.origin != record.origin:
        raise Refused(
            "record/origin", "the act was signed for {found}; this record is {expected}",
            found=statement.origin, expected=record.origin,
        )  # fmt: skip
    signers = _signers(state, envelope)
    parties = {state.parties.seats[name].party for name in signers} | {statement.seat.partition("/")[0]}
    if len(parties) > 1:
        raise Refused("record/seat", "the seats that signed belong to different parties")
    return Awaiting(
        signed, statement, parties.pop(), signers, rules.signatures_needed(clauses, statement.body),
        rules.permitting(clauses, statement.body, statement.seat.partition("/")[2]),
    )  # fmt: skip


def _signers(state: State, envelope: Envelope) -> tuple[str, ...]:
    keys: dict[str, bytes] = {}
    names: list[str] = []
    for one in envelope.signatures:
        name = state.parties.seat_of_key.get(one.keyid)
        if name is None:
            raise Refused("record/seat", "key {key} speaks for no seat of this record, or was revoked", key=one.keyid)
        keys[one.keyid] = bytes.fromhex(state.parties.seats[name].keys[-1].value)
        names.append(name)
    verify_signatures(envelope, keys)
    return tuple(names)
