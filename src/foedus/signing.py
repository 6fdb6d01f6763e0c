"""What a seat does at its own machine: state an act in full, attach what it names, sign the exact bytes.

Nothing here reaches a server or decides whether an act is allowed; the depositary does, on receipt. A private
key is passed in as something that signs and is neither kept nor shown.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from foedus.acts import (
    EFFECTS,
    SALT_BYTES,
    Attachment,
    Body,
    Marking,
    Statement,
    decode_statement,
    encode_statement,
)
from foedus.errors import Malformed, Refused
from foedus.parties.acts import ROOT
from foedus.parties.state import key_id
from foedus.record.envelope import (
    ACT_TYPE,
    EXERCISE_ACT_TYPE,
    Envelope,
    add_signature,
    check_json,
    decode_envelope,
    encode_envelope,
    sign_envelope,
)
from foedus.record.keys import SigningKey
from foedus.state import State

Effect = Literal["evidence", "notification", "instrument"]
Kind = Literal["text", "evidence", "credentials", "proposal", "reason"]
UNMARKED = Marking()
_body = msgspec.json.Decoder(Body)
_encoder = msgspec.json.Encoder()


def seat_of(state: State, key: SigningKey) -> str:
    """The seat for which this private key speaks now, or as whose root key. Raises Refused when there is none."""
    id_ = key_id(key.public.hex())
    seat = state.parties.seat_of_key.get(id_) or root_of(state, key.public.hex())
    if seat is None:
        raise Refused("record/seat", "key {key} speaks for no seat of this record, or was revoked", key=id_)
    return seat


def root_of(state: State, public: str) -> str | None:
    """As whom a party's root key (hex) speaks; None for a key that is none, or was replaced."""
    found = (party for party, root in state.parties.roots.items() if root.key == public)
    return next((f"{party}/{ROOT}" for party in found), None)


def statement_for(
    state: State,
    seat_id: str,
    body: Body,
    now: datetime,
    *,
    effect: Effect | None = None,
    rests_on: Sequence[str] = (),
    attachments: Sequence[Attachment] = (),
    marking: Marking = UNMARKED,
) -> Statement:
    """The statement by which a seat performs `body` in this record, under the compact in force, at `now`.

    `effect`: what docs/record.md says this kind of act has, unless told otherwise. The id is drawn anew, so
    that stating the same twice makes two acts. Raises Refused for a seat the record does not know or has
    revoked.
    """
    record = state.parties.record
    if record is None:
        raise Malformed("the record is empty: an act is stated for a record that was opened")
    seat = state.parties.seats.get(seat_id)
    party, _, office = seat_id.partition("/")
    rooted = office == ROOT and party in state.parties.roots
    if not rooted and (seat is None or seat.revoked is not None):
        raise Refused("record/seat", "there is no seat {seat} in this record, or its key was revoked", seat=seat_id)
    return Statement(
        record.origin,
        secrets.token_hex(16),
        seat_id,
        now.astimezone(UTC),
        state.parties.compact,
        effect or EFFECTS[type(body).__name__],
        body,
        rests_on=tuple(rests_on),
        marking=marking,
        attachments=tuple(attachments),
    )


def sign(statement: Statement, keys: Sequence[SigningKey], exercise: bool) -> bytes:
    """The act as it is sent: a DSSE envelope over the statement's bytes, signed with each key, in JSON.

    `exercise` chooses the payload type, so that an act of an exercise never verifies in a live record. Raises
    Malformed for no key or more than four, or when the act exceeds 48 KiB.
    """
    kind = EXERCISE_ACT_TYPE if exercise else ACT_TYPE
    return encode_envelope(sign_envelope(encode_statement(statement), kind, keys))


def unsigned(statement: Statement, exercise: bool) -> bytes:
    """The act without any signature, to be signed on a machine that has no record: `countersign` adds the first."""
    return encode_envelope(Envelope(encode_statement(statement), EXERCISE_ACT_TYPE if exercise else ACT_TYPE, ()))


def payload_of(envelope: bytes) -> str:
    """What is signed, as text. Raises Malformed."""
    read = decode_envelope(envelope, least=0)
    check_json(read.payload)
    return read.payload.decode()


def countersign(envelope: bytes, key: SigningKey) -> bytes:
    """The act with a further signature, or with its first: of another seat of the party, where a clause asks for two.

    What is signed is checked to be a statement. Raises Malformed, also when this key has already signed.
    """
    read = decode_envelope(envelope, least=0)
    check_json(read.payload)
    decode_statement(read.payload)
    return encode_envelope(add_signature(read, key))


def attach(content: bytes, kind: Kind, marking: Marking = UNMARKED) -> tuple[Attachment, bytes, bytes]:
    """An attachment by its salted digest, with the salt (32 random bytes) and the content it stands for."""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = hashlib.sha256(salt + content).hexdigest()
    return Attachment(digest, len(content), kind, marking), salt, content


def decode_body(data: bytes) -> Body:
    """A body from its JSON, as `foedus act new` writes it. Malformed with the path of what is wrong."""
    check_json(data)
    try:
        body: Body = _body.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed("the body cannot be read: {problem}; see docs/record.md, The act", problem=problem) from None
    return body


def encode_body(body: Body, *, pretty: bool = False) -> bytes:
    """A body as JSON; `pretty` on many lines, for a person to fill in."""
    data = _encoder.encode(body)
    return msgspec.json.format(data, indent=2) if pretty else data
