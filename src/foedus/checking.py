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
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from threading import Lock

from foedus.admission import Legible, Prepared, fitting, legible, prepare
from foedus.errors import FoedusError, Malformed
from foedus.record.envelope import pae
from foedus.record.signatures import AHEAD, Job, Other
from foedus.state import State

# From so many acts on, checking their signatures takes longer than handing them over.
WORTH_HANDING_OVER = 24
# Handed over at a time: few, so that the first are checked when the last are read.
PART = 32


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
    with checks(how_many) as checked:
        checked.add(acts)
        yield checked.take()


@contextmanager
def checks(how_many: int) -> Iterator[Checks]:
    """Acts to be checked, about so many; what becomes of those that nobody took is of no account."""
    if how_many < WORTH_HANDING_OVER:
        yield Checks(None)
        return
    with _borrowed() as other:
        yield Checks(other)


class _Part:
    """Acts that are checked together, and what was found of them once they are."""

    __slots__ = ("acts", "found")

    def __init__(self, acts: Sequence[Legible | FoedusError]) -> None:
        self.acts = acts
        self.found: list[Prepared | FoedusError] | None = None


class Checks:
    """Acts on their way through the check of their signatures, in order: by the other process, or, without one, here.

    Who adds the next before taking those added earlier keeps the other process at work meanwhile.
    """

    def __init__(self, other: Other | None) -> None:
        self._other = other
        self._parts: deque[_Part] = deque()  # not taken yet
        self._given: deque[_Part] = deque()  # of those, handed over and not answered for
        self._fresh: deque[_Part] = deque()  # of those, neither handed over nor checked

    def add(self, acts: Iterable[Legible | FoedusError]) -> None:
        """Further acts; what is malformed already keeps its place."""
        acts = iter(acts)
        while taken := list(islice(acts, PART)):
            part = _Part(taken)
            self._parts.append(part)
            if self._other is not None and self._other.ready():
                self._fresh.append(part)
                self._hand_over(self._other)
            else:  # soon it may have begun
                part.found = [_fits(act) for act in taken]

    def take(self, how_many: int | None = None) -> Iterator[Prepared | FoedusError]:
        """The next acts that were added, whole additions: each once its own signatures are checked."""
        while self._parts and (how_many is None or how_many > 0):
            part = self._parts.popleft()
            yield from self._found(part)
            how_many = None if how_many is None else how_many - len(part.acts)

    def _found(self, part: _Part) -> list[Prepared | FoedusError]:
        """What was found of the part that is taken.

        On a machine that others use the other process may be waiting for its turn. Instead of waiting too, this one
        then checks what was not handed over yet, from the last part on.
        """
        other = self._other
        while other is not None and self._given and part.found is not None and other.answered():
            self._answer(other)
        while part.found is None:
            assert other is not None, "without another process acts are checked when they are added"
            if self._fresh and not other.answered():
                last = self._fresh.pop()
                last.found = [_fits(act) for act in last.acts]
            else:
                self._answer(other)
        if other is not None:
            self._hand_over(other)
        return part.found

    def _hand_over(self, other: Other) -> None:
        while self._fresh and other.given < AHEAD:
            part = self._fresh.popleft()
            other.give(_jobs(part.acts))
            self._given.append(part)

    def _answer(self, other: Other) -> None:
        part, wrong = self._given.popleft(), other.answer()
        part.found = [_fits(act) if place in wrong else _fitting(act) for place, act in enumerate(part.acts)]


def _jobs(acts: Sequence[Legible | FoedusError]) -> list[Job]:
    """The signatures that are to fit, each with the place of its act."""
    jobs: list[Job] = []
    for place, act in enumerate(acts):
        if isinstance(act, Legible) and act.keys:
            message = pae(act.envelope.payloadType, act.envelope.payload)
            jobs += [(place, act.keys[one.keyid], message, one.sig) for one in act.envelope.signatures]
    return jobs


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
    """The other process, which may not have begun yet; None while another thread has it, and where there is none."""
    if processors() < 2 or not _lending.acquire(blocking=False):
        yield None
        return
    try:
        yield _begun()
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
