"""What can be checked of acts before their place in the record is known, spread over threads when there are many."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from foedus.admission import Prepared, prepare
from foedus.errors import FoedusError, Malformed
from foedus.state import State

# From so many acts on, checking them takes longer than handing them to threads (PyNaCl lets go of the interpreter).
WORTH_SPREADING = 24
THREADS = min(4, os.cpu_count() or 1)


@cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="foedus-check")


def prepared(state: State, data: bytes) -> Prepared | FoedusError:
    """What can be said of an envelope before its place is known, or why it is malformed."""
    try:
        return prepare(state, data)
    except Malformed as problem:
        return problem


def prepare_all(state: State, envelopes: Sequence[bytes]) -> list[Prepared | FoedusError]:
    """Each envelope decoded, read and its signatures checked against the keys known now, or why it is malformed."""
    if len(envelopes) < WORTH_SPREADING:
        return [prepared(state, data) for data in envelopes]
    share = -(-len(envelopes) // THREADS)
    shares = [envelopes[start : start + share] for start in range(0, len(envelopes), share)]
    checked = _workers().map(lambda part: [prepared(state, data) for data in part], shares)
    return [one for part in checked for one in part]
