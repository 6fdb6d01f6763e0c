"""What a seat does before an act reaches the depositary: state it, attach to it, sign it. Keys stay with the caller."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from foedus.acts import EFFECTS, Attachment, Body, Marking, Statement, encode_statement
from foedus.errors import Refused
from foedus.record.envelope import (
    ACT_TYPE,
    EXERCISE_ACT_TYPE,
    add_signature,
    decode_envelope,
    encode_envelope,
    sign_envelope,
)
from foedus.state import State

SALT_BYTES = 32
Kind = Literal["text", "evidence", "credentials", "proposal", "reason"]


def statement_for(
    state: State,
    seat: str,
    body: Body,
    now: datetime,
    *,
    rests_on: Sequence[str] = (),
    attachments: Sequence[Attachment] = (),
    marking: Marking | None = None,
) -> Statement:
    """The statement a seat would sign now, under the compact in force, with a fresh id.

    Raises Refused when no record is open. Whether the act is allowed is not looked at.
    """
    record = state.parties.record
    if record is None:
        raise Refused("record/opening", "no record is open to sign an act for")
    return Statement(
        record.origin,
        secrets.token_hex(16),
        seat,
        now,
        state.parties.compact,
        EFFECTS[type(body).__name__],
        body,
        rests_on=tuple(rests_on),
        marking=marking or Marking(),
        attachments=tuple(attachments),
    )


def sign(statement: Statement, seeds: Sequence[bytes], exercise: bool) -> bytes:
    """The envelope over the statement's bytes, signed with each key: first the seat that speaks."""
    kind = EXERCISE_ACT_TYPE if exercise else ACT_TYPE
    return encode_envelope(sign_envelope(encode_statement(statement), kind, list(seeds)))


def countersign(envelope: bytes, seed: bytes) -> bytes:
    """The same act with one more signature over the very same bytes. Raises Malformed."""
    return encode_envelope(add_signature(decode_envelope(envelope), seed))


def attach(content: bytes, kind: Kind, marking: Marking | None = None) -> tuple[Attachment, bytes, bytes]:
    """An attachment by its salted digest, with the fresh salt and the content to send beside the act."""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = hashlib.sha256(salt + content).hexdigest()
    return Attachment(digest, len(content), kind, marking or Marking()), salt, content
