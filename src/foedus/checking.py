"""What can be checked of acts before their place in the record is known, spread over threads when there are many."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from foedus.admission import Legible, Prepared, fitting, legible, prepare
from foedus.errors import FoedusError, Malformed
from foedus.state import State

# From so many acts on, checking their signatures takes longer than handing them to threads.
WORTH_SPREADING = 24
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
