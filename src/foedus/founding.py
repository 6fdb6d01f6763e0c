"""Opening a new record: entry 0, by the depositary, under a compact whose text lies in the archive first."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec

from foedus.compact.model import Compact, canonical
from foedus.depositary import Depositary
from foedus.errors import Malformed, Refused
from foedus.own_acts import own_act
from foedus.parties.acts import HeadSeat, OpenRecord
from foedus.record.keys import check_name, public_of
from foedus.record.store import Clock, open_store, shown


def init_record(
    address: str | Path,
    compact: Compact,
    heads: Mapping[tuple[str, str], str],
    seed: bytes,
    *,
    origin: str,
    exercise: bool,
    ceiling: str = "unclassified",
    clock: Clock | None = None,
) -> Depositary:
    """Open a new record: entry 0 names it, the depositary's key, the compact, and each party's first seat.

    `heads`: (party, role) → public key, hex. Raises Refused when a record is already there.
    """
    if not 0 < len(origin) <= 120:
        raise Malformed("origin of {found} characters: 1 to 120 expected", found=len(origin))
    check_name(origin)
    store = open_store(address, clock=clock, create=True)
    if store.size():
        store.close()
        raise Refused("record/opening", "{address} already holds a record", address=shown(address))
    try:
        return _opened(Depositary(store, seed, clock), compact, heads, seed, origin, exercise, ceiling)
    except BaseException:
        store.close()
        raise


def _opened(
    depositary: Depositary, compact: Compact, heads: Mapping[tuple[str, str], str], seed: bytes, origin: str,
    exercise: bool, ceiling: str,
) -> Depositary:  # fmt: skip
    data = canonical(compact)
    digest = hashlib.sha256(data).hexdigest()
    depositary.store.put_blob(digest, data)
    body = msgspec.convert(
        {
            "act": "OpenRecord",
            "origin": origin,
            "exercise": exercise,
            "ceiling": ceiling,
            "depositary_key": public_of(seed).hex(),
            "compact": digest,
            "heads": [HeadSeat(party, role, key) for (party, role), key in heads.items()],
        },
        OpenRecord,
    )
    depositary.record.origin = origin
    _, envelope = own_act(origin, digest, secrets.token_hex(16), body, depositary.now(), seed, exercise)
    depositary.perform(msgspec.json.encode(envelope))
    return depositary
