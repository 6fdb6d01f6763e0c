"""Checks many signatures, by this process alone or together with others.

Threads would not help: a signature is checked in 50 microseconds, and what comes in between needs the
interpreter. The other processes get nothing but keys, messages and signatures, and see neither store nor
state. No thread stands between them and this process: it would wait for the interpreter while they wait for it.
Nothing depends on them: what one of them was given and cannot answer any more, this process checks itself.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NamedTuple

import msgspec

from foedus.errors import Tampered
from foedus.record.envelope import Envelope, pae
from foedus.record.keys import verify

Job = tuple[int, bytes, bytes, bytes]  # number of an entry or act, public key, message, signature


class Entries(NamedTuple):
    """Entries as they are recorded, and the public keys, by key id, under which every signature is to fit."""

    entries: Sequence[bytes]
    keys: Mapping[str, bytes]


TOGETHER = 64  # jobs handed over at a time
# Of those, for each other process: enough to go on with while this one reads the next bundle of entries, and not more
# than a socket holds, so that handing over waits for nobody. What is more, this process checks itself.
AHEAD = 4
# A part takes milliseconds. Who takes none, or answers none, for so many seconds was stopped and is not only busy.
PATIENCE = 10


def unfit(jobs: Sequence[Job] | Entries) -> list[int]:
    """The numbers of the jobs whose signature does not fit, in their order; of entries, their places among these."""
    if isinstance(jobs, Entries):
        return [place for place, entry in enumerate(jobs.entries) if not _fits(entry, jobs.keys)]
    return [number for number, public, message, sig in jobs if not verify(public, message, sig)]


class _Entry(msgspec.Struct):
    """Of an entry, what is signed."""

    act: Envelope


_entry = msgspec.json.Decoder(_Entry)


def _fits(entry: bytes, keys: Mapping[str, bytes]) -> bool:
    """Whether each signature of the act fits; one of a key that is not among these does not."""
    try:
        act = _entry.decode(entry).act
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    message = pae(act.payloadType, act.payload)
    fitting = (one.keyid in keys and verify(keys[one.keyid], message, one.sig) for one in act.signatures)
    return bool(act.signatures) and all(fitting)


class Signatures:
    """Signatures to be checked, in the order of their entries: the first that does not fit is the one named."""

    def __init__(self, workers: int) -> None:
        """`workers`: processes to check with, this one among them."""
        self._wanted = workers - 1
        self._others: list[Other] = []
        self._pending: deque[Other] = deque()  # who was given each part that is not answered yet, in their order

    def check(self, jobs: Sequence[Job]) -> None:
        """Check now or soon. Raises Tampered when one of these, or of those before, does not fit."""
        while len(self._others) < self._wanted:
            self._others.append(Other())
        for start in range(0, len(jobs), TOGETHER):
            part = jobs[start : start + TOGETHER]
            while self._pending and self._pending[0].answered():
                self._next()
            other = self._idlest()
            if other is not None:
                other.give(part)
                self._pending.append(other)
            elif wrong := unfit(part):
                self.finish()
                raise _tampered(wrong[0])

    def finish(self) -> None:
        """Wait for what is still being checked. Raises Tampered as `check`."""
        while self._pending:
            self._next()

    def close(self) -> None:
        """Let the other processes end, whatever they were doing."""
        for other in self._others:
            other.end()

    def _next(self) -> None:
        if wrong := self._pending.popleft().answer():
            raise _tampered(wrong[0])

    def _idlest(self) -> Other | None:
        """The other process with the least to do; None when each has enough."""
        free = [other for other in self._others if other.given < AHEAD and other.ready()]
        return min(free, key=lambda other: other.given, default=None)


class Other:
    """Another process that checks signatures, for one thread at a time.

    It may be ended from outside, or never begin: `answer` gives the same then, only later. It ends with this process,
    whose end of the pipe is the only one.
    """

    def __init__(self) -> None:
        self.began = False
        self._parts: deque[Sequence[Job] | Entries] = deque()  # given, and not answered yet
        self._keys: Mapping[str, bytes] | None = None  # those that it has of the last entries
        self._process: subprocess.Popen[bytes] | None = None
        here, there = socket.socketpair()
        for way in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):  # to ask first whether it would wait takes far longer
            here.setsockopt(socket.SOL_SOCKET, way, struct.pack("@ll", PATIENCE, 0))
        with there, suppress(OSError):
            self._process = _checking(there.fileno())
        self._here: Connection = Connection(here.detach())
        self._ears = select.poll()  # the connection's own makes another each time it is asked
        self._ears.register(self._here.fileno(), select.POLLIN)
        if self._process is None:
            self._here.close()

    @property
    def ended(self) -> bool:
        """Whether there is no such process, or no more."""
        return self._here.closed

    @property
    def given(self) -> int:
        """Parts that it has not answered yet."""
        return len(self._parts)

    def ready(self) -> bool:
        """Whether it has begun, which takes as long as checking a thousand signatures, and has not ended."""
        if not self.began and not self.ended and self._says():
            self.began = self._said() is not None
        return self.began and not self.ended

    def give(self, part: Sequence[Job] | Entries) -> None:
        """Hand over a part."""
        self._parts.append(part)
        if not self.ended:
            try:
                self._here.send(self._spared(part))
            except OSError:
                self.end()

    def _spared(self, part: Sequence[Job] | Entries) -> Sequence[Job] | Entries | Sequence[bytes]:
        """The part without the keys that it was given with the last one."""
        if not isinstance(part, Entries):
            return part
        if part.keys is self._keys:
            return part.entries
        self._keys = part.keys
        return part

    def answered(self) -> bool:
        """Whether `answer` need not wait."""
        return self.ended or self._says()

    def answer(self) -> list[int]:
        """What `unfit` says of the oldest part."""
        found = self._said()
        part = self._parts.popleft()
        return unfit(part) if found is None else found

    def end(self) -> None:
        """End it, whatever it was doing. What it has not answered is checked by this process when asked for."""
        self._here.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _says(self) -> bool:
        """Whether it says something now, if only that it ends."""
        return bool(self._ears.poll(0))

    def _said(self) -> list[int] | None:
        """What it says next; None, and it is ended, when it says no more."""
        if not self.ended:
            with suppress(EOFError, OSError):
                found: list[int] = self._here.recv()
                return found
            self.end()
        return None


def _checking(pipe: int) -> subprocess.Popen[bytes]:
    """A new process that imports this module and answers what is asked through the pipe. Raises OSError.

    Neither a fork, as this process may have threads and an open store, nor a copy by multiprocessing, which would run
    the program's main module again. Ctrl-C is for the process that the user sees: this one is in no group with it.
    """
    return subprocess.Popen(  # noqa: S603 - our own interpreter, and a number
        [sys.executable, "-P", "-c", f"from {__name__} import answer; answer({pipe})"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(pipe,),
        process_group=0,
    )


def answer(pipe: int) -> None:
    """What the other process does, until nobody asks any more: it says that it has begun, and then what is unfit."""
    keys: Mapping[str, bytes] = {}
    with Connection(pipe) as asked, suppress(EOFError, OSError):
        asked.send([])
        while True:
            part = asked.recv()
            if isinstance(part, Entries):
                keys = part.keys
            elif part and isinstance(part[0], bytes):
                part = Entries(part, keys)
            asked.send(unfit(part))


def _tampered(number: int) -> Tampered:
    return Tampered("entry {number}: a signature does not fit the act it stands under", number=number)
