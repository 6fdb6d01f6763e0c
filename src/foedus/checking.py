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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from threading import Lock
from typing import Generic, Protocol, TypeVar

from foedus.admission import NOTHING_CHECKED, Legible, Prepared, every_key, fitting, legible, prepare
from foedus.errors import FoedusError, Malformed
from foedus.record.envelope import pae
from foedus.record.signatures import AHEAD, Entries, Job, Other
from foedus.state import State

Found = TypeVar("Found")
Taken = TypeVar("Taken")

# From so many acts on, checking their signatures takes longer than handing them over.
WORTH_HANDING_OVER = 24
# Handed over at a time: few, so that the first are checked when the last are read.
PART = 16
# Of recorded entries, of which thousands are read at once.
RECORDED = 2 * PART


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
    with _with_other(how_many) as other:
        checked: Checks[Prepared | FoedusError] = Checks(other)
        for part in _in_parts(acts, PART):
            checked.add(_Acts(part))
        yield checked.take()


class Recorded:
    """Recorded entries on their way through the check of their signatures, in order."""

    def __init__(self, checks: Checks[Mapping[str, bytes]]) -> None:
        self._checks = checks

    def add(self, entries: Iterable[bytes], state: State) -> None:
        """Further entries, to be checked with the keys known in this state."""
        keys = every_key(state)
        for part in _in_parts(entries, RECORDED):
            self._checks.add(_Recorded(Entries(part, keys)))

    def take(self, how_many: int) -> Iterator[Mapping[str, bytes]]:
        """Of each of the next entries, the keys under which all its signatures fit; none where that is not known, and
        is found when it is admitted.
        """
        return self._checks.take(how_many)


@contextmanager
def check_recorded(how_many: int) -> Iterator[Recorded]:
    """For about so many entries; what becomes of those that nobody took is of no account."""
    with _with_other(how_many) as other:
        yield Recorded(Checks(other))


def _in_parts(them: Iterable[Taken], how_many: int) -> Iterator[list[Taken]]:
    them = iter(them)
    while taken := list(islice(them, how_many)):
        yield taken


class _Part(Protocol[Found]):
    """What is checked together, and what was found of each once it is."""

    found: list[Found] | None

    def __len__(self) -> int: ...

    def handed_over(self) -> Sequence[Job] | Entries:
        """What the other process gets of it."""

    def answered(self, unfit: Sequence[int]) -> list[Found]:
        """What was found, once the other process said in which places a signature does not fit."""

    def here(self) -> list[Found]:
        """What was found, checked by this process."""


class _Acts:
    """Acts that were read and have no place in a record yet."""

    def __init__(self, acts: Sequence[Legible | FoedusError]) -> None:
        self._acts = acts
        self.found: list[Prepared | FoedusError] | None = None

    def __len__(self) -> int:
        return len(self._acts)

    def handed_over(self) -> Sequence[Job]:
        return _jobs(self._acts)

    def answered(self, unfit: Sequence[int]) -> list[Prepared | FoedusError]:
        return [_fits(act) if place in unfit else _fitting(act) for place, act in enumerate(self._acts)]

    def here(self) -> list[Prepared | FoedusError]:
        return [_fits(act) for act in self._acts]


class _Recorded:
    """Entries as they are recorded: of each, the keys under which its signatures fit, or that nothing is known."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self.found: list[Mapping[str, bytes]] | None = None

    def __len__(self) -> int:
        return len(self._entries.entries)

    def handed_over(self) -> Entries:
        return self._entries

    def answered(self, unfit: Sequence[int]) -> list[Mapping[str, bytes]]:
        keys = self._entries.keys
        return [NOTHING_CHECKED if place in unfit else keys for place in range(len(self))]

    def here(self) -> list[Mapping[str, bytes]]:
        return [NOTHING_CHECKED] * len(self)  # each is checked in its place, which takes as long


class Checks(Generic[Found]):
    """What is on its way through the check of signatures, in order: by the other process, or, without one, here.

    Who adds the next before taking those added earlier keeps the other process at work meanwhile.
    """

    def __init__(self, other: Other | None) -> None:
        self._other = other
        self._parts: deque[_Part[Found]] = deque()  # not taken yet
        self._given: deque[_Part[Found]] = deque()  # of those, handed over and not answered for
        self._fresh: deque[_Part[Found]] = deque()  # of those, neither handed over nor checked

    def add(self, part: _Part[Found]) -> None:
        """What is checked next."""
        self._parts.append(part)
        if self._other is not None and self._other.ready():
            self._fresh.append(part)
            self._hand_over(self._other)
        else:  # soon it may have begun
            part.found = part.here()

    def take(self, how_many: int | None = None) -> Iterator[Found]:
        """What was found of the next that were added, whole additions: each once its own signatures are checked."""
        while self._parts and (how_many is None or how_many > 0):
            part = self._parts.popleft()
            yield from self._found(part)
            how_many = None if how_many is None else how_many - len(part)

    def _found(self, part: _Part[Found]) -> list[Found]:
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
                last.found = last.here()
            else:
                self._answer(other)
        if other is not None:
            self._hand_over(other)
        return part.found

    def _hand_over(self, other: Other) -> None:
        while self._fresh and other.given < AHEAD:
            part = self._fresh.popleft()
            other.give(part.handed_over())
            self._given.append(part)

    def _answer(self, other: Other) -> None:
        part = self._given.popleft()
        part.found = part.answered(other.answer())


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
def _with_other(how_many: int) -> Iterator[Other | None]:
    """The other process, which may not have begun yet; None while another thread has it, where there is none, and for
    a few.
    """
    if how_many < WORTH_HANDING_OVER or processors() < 2 or not _lending.acquire(blocking=False):
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
