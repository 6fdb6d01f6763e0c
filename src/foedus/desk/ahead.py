"""Signatures of entries that were fetched, checked by other threads while this one recomputes those before.

Nothing is taken for granted that was not found to fit: what is not given here is checked in its place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from foedus.admission import NOTHING_CHECKED
from foedus.errors import Malformed
from foedus.parties.state import key_id
from foedus.record.envelope import Envelope, verify_signatures
from foedus.state import State

# From so many entries on, checking their signatures takes longer than handing them to threads.
WORTH_SPREADING = 24
TOGETHER = 16  # envelopes handed to a thread at a time
THREADS = min(4, os.cpu_count() or 1)


@cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=max(1, THREADS - 1), thread_name_prefix="foedus-check")


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
