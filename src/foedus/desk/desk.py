"""A desk at work: one thread follows the record, one hands in what was signed, and both say how they stand.

Neither stops for a server that is away. A server that lies is followed no further until it is whole again, and the desk
goes on showing what it verified.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from msgspec import Struct

from foedus.desk.copy import Copy
from foedus.desk.epochs import Continued
from foedus.desk.follow import Follower, Progress
from foedus.desk.late import hand_in_late, keep_left_out
from foedus.desk.outbox import Outbox, Queued
from foedus.desk.published import Published, Server
from foedus.errors import Conflict, FoedusError, Malformed, Tampered
from foedus.remote import Remote
from foedus.submission import Signed, hand_in, left

log = logging.getLogger("foedus.desk")
SOONEST, LATEST = 0.5, 5.0  # seconds between attempts to reach a server that is away: doubled each time
UNTIL_ASKED = 2.0  # seconds between questions to a publisher that answers at once
AFTER_A_LIE = 60.0  # seconds before a server that lied is asked again


class Connection(Struct, frozen=True):
    """How following stands. `followed_at`: when everything last fitted, by this machine's clock.

    `problem`: why the record is not followed now; a Conflict goes away by itself, a Tampered is for people.
    """

    followed_at: datetime | None = None
    problem: FoedusError | None = None

    @property
    def reached(self) -> bool:
        """Whether the server was reached at the last attempt."""
        return self.followed_at is not None and self.problem is None


class Desk:
    """A copy that follows, and the outbox beside it. `remote` None: there is no server, only files that are carried."""

    def __init__(self, copy: Copy, source: Published, remote: Remote | None) -> None:
        self.copy = copy
        self.follower = Follower(copy, source)
        self.outbox = Outbox(copy.folder)
        self.remote = remote
        self.connection = Connection()
        self.party: str | None = None  # whose acts are looked for that lack a signature
        self.waiting: list[Signed] = []
        self.continued: Continued | None = None  # the copy has to begin anew: who runs this desk opens it again
        self.ended: Callable[[], None] = lambda: None  # called when it is
        self._stop = threading.Event()
        self._signed = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to follow and to hand in."""
        for name, work in (("follow", self._follow), ("hand in", self._send)):
            thread = threading.Thread(target=work, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop both; an answer that is being waited for is given up."""
        self._stop.set()
        self._signed.set()
        self.follower.source.close()
        if self.remote is not None:
            self.remote.close()
        for thread in self._threads:
            thread.join(timeout=10)

    def follow_once(self, *, wait: bool = False, progress: Progress | None = None) -> int:
        """Follow once and read back; how many entries came. Raises what following raises."""
        try:
            came = self.follower.follow(wait=wait, progress=progress)
        except FoedusError as problem:
            self.connection = Connection(self.connection.followed_at, problem)
            raise
        self.connection = Connection(self.copy.machine_now(), None)
        self.copy.keep_state()
        if came or any(queued.unjudged for queued in self.outbox.acts()):
            self.outbox.read_back(self.copy)
        return came

    def submit(self, signed: Signed) -> Queued:
        """Keep a signed act and hand it in as soon as the server can be reached."""
        queued = self.outbox.put(signed)
        self._signed.set()
        return queued

    def send_once(self) -> int:
        """Hand in what waits; how many acts were. Raises Conflict when the server cannot take them now."""
        remote = self.remote
        if remote is None:
            return 0
        for problem in hand_in_late(self.copy.folder, remote):
            log.warning("not taken: %s", problem)
        return self.outbox.hand_in(lambda signed: hand_in(remote, signed))

    def leave_out(self, problem: Continued) -> None:
        """The record goes on elsewhere, after fewer entries than are held: keep the others, and hand them in at once.

        The new server takes them for a while only. Where it cannot be reached now, they are handed in later.
        """
        self.continued = problem
        keep_left_out(self.copy, problem.entries)
        source = self.follower.source
        with suppress(FoedusError):
            if isinstance(source, Server):
                hand_in_late(self.copy.folder, source.remote)

    def look_for_waiting(self, party: str) -> None:
        """Ask what another seat of the party left for a further signature. Raises what the server says."""
        if self.remote is not None:
            self.waiting = left(self.remote, party)

    def _follow(self) -> None:
        pause = SOONEST
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                came = self.follow_once(wait=True)
                if self.party is not None:
                    self.look_for_waiting(self.party)
                pause = SOONEST
                # A publisher that does not let us wait for news is asked now and then.
                wait = 0.0 if came or time.monotonic() - began > 1 else UNTIL_ASKED
            except Continued as problem:
                self.leave_out(problem)
                self._stop.set()
                self.ended()
                return
            except Conflict:
                wait, pause = pause, min(2 * pause, LATEST)
            except (Tampered, Malformed) as problem:
                log.warning("not followed: %s", problem)
                wait = AFTER_A_LIE
            self._stop.wait(wait)

    def _send(self) -> None:
        pause = SOONEST
        while not self._stop.is_set():
            self._signed.clear()
            try:
                self.send_once()
                pause = SOONEST
                self._signed.wait(LATEST)
            except Conflict:
                self._stop.wait(pause)
                pause = min(2 * pause, LATEST)
