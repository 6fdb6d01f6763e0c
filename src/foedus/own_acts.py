"""The acts that the depositary signs itself: entry 0, and what the passing of time calls for."""

from __future__ import annotations

import hmac
from datetime import datetime

from foedus.acts import EFFECTS, Act, Body, ClockAct, Statement, encode_statement
from foedus.admission import DEPOSITARY
from foedus.record.envelope import ACT_TYPE, EXERCISE_ACT_TYPE, Envelope, sign_envelope
from foedus.record.keys import SeedKey
from foedus.state import State


def clock_act(state: State, body: ClockAct, at: datetime, seed: bytes) -> tuple[Act, Envelope]:
    """The depositary's own act about a deadline.

    Its id comes from the deadline and the depositary's key: nobody else can give it to another act beforehand,
    which would make two acts of one id of it.
    """
    record = state.parties.record
    assert record is not None, "nothing is due in a record that was not opened"
    deadline = f"foedus deadline {record.origin} {body.deadline} {body.due_at.isoformat()}"
    name = hmac.digest(seed, deadline.encode(), "sha256").hex()[:32]
    return own_act(record.origin, state.parties.compact, name, body, at, seed, record.exercise)


def own_act(
    origin: str, compact: str, name: str, body: Body, at: datetime, seed: bytes, exercise: bool
) -> tuple[Act, Envelope]:
    """One of its own acts, signed. It needs no admission: nobody else can make it."""
    statement = Statement(origin, name, DEPOSITARY, at, compact, EFFECTS[type(body).__name__], body)
    envelope = sign_envelope(encode_statement(statement), EXERCISE_ACT_TYPE if exercise else ACT_TYPE, [SeedKey(seed)])
    return Act(name, DEPOSITARY, "", DEPOSITARY, (DEPOSITARY,), body, statement), envelope
