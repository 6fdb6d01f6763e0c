"""What can be checked of acts before their place in the record is known; of many acts, by another process meanwhile.

Checking signatures takes a third of the time of recording acts, and of recomputing recorded ones. So when there are
many, one other process is given them, in parts, while this one reads, admits and enacts those that it is done with, in
their order. It is begun with the first many acts, serves every record of this process, and ends with it. Without it
this process checks as well, and what it says of a signature that does not fit is never taken: why an act is malformed
is found here.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from threading import Lock

from foedus.admission import Legible, Prepared, fitting, legible, prepare
from foedus.errors import FoedusError, Malformed
from foedus.record.envelope import pae
from foedus.record.signatures import AHEAD, Job, Other
from foedus.state import State

Part = Sequence[Legible | FoedusError]
# From so many acts on, checking their signatures takes longer than handing them over.
WORTH_HANDING_OVER = 24
# Handed over at a time: few, so that the first are checked when the last are read.
PART = 16


def prepared(state: State, data: bytes) -> Prepared | FoedusError:
    """What can be said of an envelope before its place is known, or why it is malformed."""
    try:
        return prepare(state, data)
    except Malformed as problem:
        return problem


def prepare_all(state: State, envelopes: Sequence[bytes]) -> AbstractContextManager[Iterator[Prepared | FoedusError]]:
    """Each envelope, in order: read and its signatures checked against the keys known now, or why it is malformed.

    They are read when the context is entered; an act is given out once its own signatures are checked.
    """
    return check_all((_read(state, data) for data in envelopes), len(envelopes))


def _read(state: State, data: bytes) -> Legible | FoedusError:
    try:
        return legible(state, data)
    except Malformed as problem:
        return problem


@contextmanager
def check_all(acts: Iterable[Legible | FoedusError], how_many: int) -> Iterator[Iterator[Prepared | FoedusError]]:
    """Each of so many acts, in order, with its signatures checked; what is malformed already is given back as it is.

    They are taken when the context is entered; an act is given out once its own signatures are checked.
    """
    if how_many < WORTH_HANDING_OVER:
        yield iter([_fits(act) for act in acts])
        return
    with _borrowed() as other:
        parts: list[Part] = []
        acts = iter(acts)
        while part := list(islice(acts, PART)):
            parts.append(part)
            if other is not None and other.given < AHEAD:
                other.give(_jobs(part))
        yield _checked(parts, other) if other is not None else (_fits(act) for part in parts for act in part)


def _jobs(acts: Part) -> list[Job]:
    """The signatures that are to fit, each with the place of its act."""
    jobs: list[Job] = []
    for place, act in enumerate(acts):
        if isinstance(act, Legible) and act.keys:
            message = pae(act.envelope.payloadType, act.envelope.payload)
            jobs += [(place, act.keys[one.keyid], message, one.sig) for one in act.envelope.signatures]
    return jobs


def _checked(parts: Sequence[Part], other: Other) -> Iterator[Prepared | FoedusError]:
    """The acts of each part when the other process has answered for it.

    On a machine that others use it may be waiting for its turn. Instead of waiting too, this process then checks what
    was not handed over yet, from the last part on.
    """
    given, end = other.given, len(parts)
    here: dict[int, list[Prepared | FoedusError]] = {}
    for number, part in enumerate(parts):
        while given < end and not other.answered():
            end -= 1
            here[end] = [_fits(act) for act in parts[end]]
        if number in here:
            yield from here.pop(number)
            continue
        wrong = other.answer()
        if given < end:
            other.give(_jobs(parts[given]))
            given += 1
        yield from [_fits(act) if place in wrong else _fitting(act) for place, act in enumerate(part)]


def _fitting(act: Legible | FoedusError) -> Prepared | FoedusError:
    return act if isinstance(act, FoedusError) else Prepared(act.envelope, act.statement, act.keys)


def _fits(act: Legible | FoedusError) -> Prepared | FoedusError:
    try:
        return act if isinstance(act, FoedusError) else fitting(act)
    except Malformed as problem:
        return problem


# --- the other process ------------------------------------------------------------------------------------

_lending = Lock()
_other: Other | None = None


@contextmanager
def _borrowed() -> Iterator[Other | None]:
    """The other process; None while another thread has it, where there is none, and until it has begun."""
    if processors() < 2 or not _lending.acquire(blocking=False):
        yield None
        return
    try:
        other = _begun()
        yield other if other.ready() else None
    finally:
        # The answers that nobody waited for would be taken for those to the next parts.
        if _other is not None and _other.given:
            _other.end()
        _lending.release()


def _begun() -> Other:
    """The other process, begun anew if it was ended from outside; one that could not begin is not tried again."""
    global _other  # noqa: PLW0603 - one for this process
    if _other is None or (_other.began and _other.ended):
        _other = Other()
    return _other


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _end() -> None:
    if _other is not None:
        _other.end()


def _forget() -> None:
    """After a fork the other process is still the parent's, which alone may read its answers."""
    global _lending, _other
    _lending, _other = Lock(), None


atexit.register(_end)
os.register_at_fork(after_in_child=_forget)
