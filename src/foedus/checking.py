"""What can be checked of acts before their place in the record is known, spread over threads when there are many."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from foedus.admission import NOTHING_CHECKED, Legible, Prepared, fitting, legible, prepare
from foedus.errors import FoedusError, Malformed
from foedus.parties.state import key_id
from foedus.record.envelope import Envelope, verify_signatures
from foedus.state import State

# From so many acts on, checking their signatures takes longer than handing them to threads.
WORTH_SPREADING = 24
TOGETHER = 16  # envelopes handed to a thread at a time
THREADS = min(4, os.cpu_count() or 1)


@cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=max(1, THREADS - 1), thread_name_prefix="foedus-check")


def prepared(state: State, data: bytes) -> Prepared | FoedusError:
    """What can be said of an envelope before its place is known, or why it is malformed."""
    try:
        return prepare(state, data)
    except Malformed as problem:
        return problem


def prepare_all(state: State, envelopes: Sequence[bytes]) -> list[Prepared | FoedusError]:
    """Each envelope decoded, read and its signatures checked against the keys known now, or why it is malformed.

    Reading needs the interpreter all the time, so it is done first, by this thread alone: only while a signature is
    checked can another thread run.
    """
    if len(envelopes) < WORTH_SPREADING:
        return [prepared(state, data) for data in envelopes]
    read = [_read(state, data) for data in envelopes]
    share = -(-len(read) // THREADS)
    others = [_workers().submit(_fitting, read[start : start + share]) for start in range(share, len(read), share)]
    return [*_fitting(read[:share]), *(one for other in others for one in other.result())]


def _read(state: State, data: bytes) -> Legible | FoedusError:
    try:
        return legible(state, data)
    except Malformed as problem:
        return problem


def _fitting(acts: Sequence[Legible | FoedusError]) -> list[Prepared | FoedusError]:
    return [act if isinstance(act, FoedusError) else _fits(act) for act in acts]


def _fits(act: Legible) -> Prepared | FoedusError:
    try:
        return fitting(act)
    except Malformed as problem:
        return problem


def ahead(state: State, envelopes: Sequence[Envelope]) -> Iterator[Mapping[str, bytes]]:
    """For each recorded envelope the keys, of those known now, under which its signatures fit, by key id.

    Other threads check them while the caller goes on with those before. Nothing is given for one whose keys are not
    known yet, or do not fit: whoever admits it then checks it in its place, and says what is wrong.
    """
    record = state.parties.record
    if record is None or len(envelopes) < WORTH_SPREADING:
        return iter(())
    known = {key_id(record.depositary_key): bytes.fromhex(record.depositary_key)}

    def fitting(part: Sequence[Envelope]) -> list[Mapping[str, bytes]]:
        return [_keys_that_fit(state, known, envelope) for envelope in part]

    parts = [envelopes[start : start + TOGETHER] for start in range(0, len(envelopes), TOGETHER)]
    return (fits for part in _workers().map(fitting, parts) for fits in part)


def _keys_that_fit(state: State, known: Mapping[str, bytes], envelope: Envelope) -> Mapping[str, bytes]:
    keys: dict[str, bytes] = {}
    for signature in envelope.signatures:
        public, seat = known.get(signature.keyid), state.parties.seat_of_key.get(signature.keyid)
        if public is None and seat is not None:
            public = bytes.fromhex(state.parties.seats[seat].keys[-1].value)
        if public is None:
            return NOTHING_CHECKED
        keys[signature.keyid] = public
    try:
        verify_signatures(envelope, keys)
    except Malformed:
        return NOTHING_CHECKED
    return keys
