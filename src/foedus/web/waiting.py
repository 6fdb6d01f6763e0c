"""Acts that lack a signature, left with the server by one seat for another of its party.

Kept beside the record for a day, a few for each party, and shown to that party alone. The record knows nothing of them;
whoever runs the server can see them, as it will see the act itself, and cannot complete or change them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from foedus.awaiting import Awaiting, read_awaiting
from foedus.compact.clauses import Clauses
from foedus.errors import FoedusError, Malformed, Refused
from foedus.record.store import Store
from foedus.state import State
from foedus.submission import read_signed

PREFIX = "waiting/"
KEPT = timedelta(hours=24)
MOST_FOR_A_PARTY = 20
MOST_BYTES = 256 * 1024


class _Left(Struct, frozen=True):
    at: datetime
    act: bytes


_left = msgspec.msgpack.Decoder(_Left)


def leave(store: Store, clauses: Clauses, state: State, data: bytes, now: datetime) -> Awaiting:
    """Keep an act that lacks a signature. Raises Malformed, or Refused when it lacks none or there are too many."""
    if len(data) > MOST_BYTES:
        raise Malformed(
            "the act with its attachments has {found} bytes; {most} at most wait here", found=len(data), most=MOST_BYTES
        )
    found = read_awaiting(clauses, state, read_signed(data, "/api/waiting"))
    if found.whole:
        raise Refused(found.provision, "the act lacks no signature: hand it in")
    if bytes.fromhex(found.statement.id) in state.seen:
        raise Refused("record/replay", "act {id} is in the record already", id=found.statement.id)
    others = [one for one in waiting(store, clauses, state, found.party, now) if one.statement.id != found.statement.id]
    if len(others) >= MOST_FOR_A_PARTY:
        raise Refused("record/waiting", "{count} acts of {party} wait for a signature already", count=len(others),
                      party=found.party)  # fmt: skip
    store.set_setting(
        _name(found.party, found.statement.id), msgspec.msgpack.encode(_Left(now, found.signed.to_json()))
    )
    return found


def waiting(store: Store, clauses: Clauses, state: State, party: str, now: datetime) -> list[Awaiting]:
    """The acts of a party that lack a signature; those that were recorded, or waited too long, are forgotten."""
    found = []
    for name in store.settings(_name(party, "")):
        kept = _read(store, clauses, state, name, now)
        if kept is None:
            store.set_setting(name, None)
        else:
            found.append(kept)
    return found


def _name(party: str, act: str) -> str:
    return f"{PREFIX}{party}/{act}"


def _read(store: Store, clauses: Clauses, state: State, name: str, now: datetime) -> Awaiting | None:
    """An act that still waits. None once its time is over, it was recorded, or a seat that signed it was revoked."""
    data = store.setting(name)
    try:
        left = _left.decode(data or b"")
        found = read_awaiting(clauses, state, read_signed(left.act, name))
    except (msgspec.MsgspecError, FoedusError):
        return None
    if now - left.at > KEPT or bytes.fromhex(found.statement.id) in state.seen:
        return None
    return found
