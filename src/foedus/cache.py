"""The state on disk, for a quick start: keyed by the record's root and by this code, thrown away whenever
either differs.

Read strictly as data, never as code, and only when it was sealed with the key it is read with: a depositary seals
with its own, so that nobody else can plant a state, and a reader without a key seals against damage alone. A missing,
foreign or damaged cache costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache as once
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
from rpds import HashTrieMap

from foedus.collector import uncollected
from foedus.errors import Malformed
from foedus.history import Agenda, Deadline, Map, in_order, until
from foedus.seen import Seen
from foedus.state import State

# The settings under which states lie beside a record: the depositary's, and one of whoever reads it without the key.
DEPOSITARYS, READERS = "state", "state-of-readers"
SEAL_BYTES = 32
_FARTHEST = datetime.max.replace(tzinfo=UTC)


class _Kept(msgspec.Struct, array_like=True):
    code: bytes
    root: bytes
    state: State


@once
def code_digest() -> bytes:
    """A digest of everything that gives a cached state its meaning: the source of acts, states and history."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(
        [
            *here.glob("*/acts.py"),
            *here.glob("*/state.py"),
            here / "state.py",
            here / "history.py",
            here / "seen.py",
            here / "cache.py",
        ]
    ):
        digest.update(path.read_bytes())
    return digest.digest()


def sealing_key(seed: bytes | None) -> bytes:
    """The key with which a depositary seals its caches, from its private key; none for a reader."""
    return hmac.digest(seed, b"foedus state beside the record", "sha256") if seed else b""


def kept(state: State, root: bytes, key: bytes = b"") -> bytes:
    """The state as bytes, sealed with `key`, for the tree of its size with this root."""
    data = msgspec.msgpack.encode(_Kept(code_digest(), root, state), enc_hook=_plain)
    return hmac.digest(key, data, "sha256") + data


def restore(data: bytes, root_of: Callable[[int], bytes], key: bytes = b"") -> State | None:
    """The state kept in `data`, or None unless this very code kept it, with this key, for the record of that root."""
    seal, data = data[:SEAL_BYTES], data[SEAL_BYTES:]
    if not hmac.compare_digest(seal, hmac.digest(key, data, "sha256")):
        return None
    try:
        with uncollected():
            found = msgspec.msgpack.decode(data, type=_Kept, dec_hook=_made)
        fits = found.code == code_digest() and found.root == root_of(found.state.size)
    except (msgspec.MsgspecError, ValueError, IndexError, Malformed):
        return None  # Malformed: it is of a record that has more entries than this one
    return found.state if fits else None


def _plain(value: object) -> object:
    if isinstance(value, HashTrieMap):
        return dict(value)
    if isinstance(value, Agenda):
        return list(until(value, _FARTHEST))
    if isinstance(value, Seen):
        return value.ids()
    raise NotImplementedError(type(value))


def _made(kind: Any, value: Any) -> object:
    if get_origin(kind) is Map:
        return HashTrieMap(msgspec.convert(value, dict[get_args(kind)], dec_hook=_made))  # type: ignore[misc]  # built from the field's own type
    if kind is Agenda:
        return in_order(msgspec.convert(value, list[Deadline]))
    if kind is Seen:
        return Seen.of(msgspec.convert(value, bytes))
    raise NotImplementedError(kind)
