"""A witness at work: it follows, compares with others, cosigns and hands in, round after round.

Cosigns at most once a second, so that what is recorded meanwhile is cosigned together. Never ends for a server that is
away; a server that lies, or a doubt, ends cosigning and not the rounds: what is then found is said each time anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from threading import Event

from msgspec import Struct

from foedus.desk.epochs import Continued
from foedus.desk.gossip import Gossip
from foedus.desk.late import hand_in_late
from foedus.desk.witness import Witness
from foedus.errors import Conflict, FoedusError
from foedus.remote import Remote
from foedus.web.server import settle

AT_MOST_EVERY = 1.0  # seconds between cosignatures
COMPARED_EVERY = 10.0  # seconds between questions to other witnesses
SOONEST, LATEST = 0.5, 15.0  # seconds between attempts to reach a server that is away: doubled each time
AFTER_A_LIE = 60.0
MANY = 10_000  # entries that came at once


class Round(Struct, frozen=True):
    """What one round did. `came`: entries recomputed. `cosigned`: the size cosigned now or before. `handed_in`: now."""

    came: int
    cosigned: int
    handed_in: bool


class Rounds:
    """The rounds of one witness. For one thread."""

    def __init__(self, witness: Witness, others: Sequence[Remote] = ()) -> None:
        self.witness = witness
        self._gossip = Gossip(witness.copy, others)
        self._compared_at = float("-inf")
        self._began = False

    def once(self, *, wait: bool = False) -> Round:
        """One round; `wait`: begun when there is news. Raises what following, comparing and cosigning raise."""
        witness = self.witness
        shown = witness.follower.ask(wait=wait)  # without the lock: others are answered meanwhile
        with witness.lock:
            came = witness.follower.take_in(shown)
            witness.copy.keep_state()
        if came >= MANY or not self._began:
            settle()  # a long record's state would be walked again and again while new entries are recomputed
            self._began = True
        if time.monotonic() - self._compared_at >= COMPARED_EVERY:
            self._compared_at = time.monotonic()
            self._gossip.ask()
        witness.cosign()
        if witness.remote is not None:
            hand_in_late(witness.copy.folder, witness.remote)
        return Round(came, witness.mark.size, witness.hand_in())

    def run(self, stop: Event, done: Callable[[Round], None], failed: Callable[[FoedusError], None]) -> None:
        """Until `stop`: round after round, each told to `done` or to `failed`.

        Raises Continued when the copy has to begin anew, for the record goes on elsewhere.
        """
        pause = SOONEST
        while not stop.is_set():
            began = time.monotonic()
            try:
                found = self.once(wait=True)
                pause = SOONEST
                done(found)
                # Counted from the beginning: a round that waited for news makes nobody wait again.
                left = AT_MOST_EVERY - (time.monotonic() - began) if not found.came else AT_MOST_EVERY
            except Continued:
                raise
            except Conflict as problem:
                failed(problem)
                left, pause = pause, min(2 * pause, LATEST)
            except FoedusError as problem:
                failed(problem)
                left = AFTER_A_LIE
            stop.wait(max(left, 0.0))
