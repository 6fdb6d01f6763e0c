"""The loop that performs what is due. All it decides is when to look; what is due, the rules say.

Any number of processes may run it on one record: the store's exclusion and the state make each deadline
happen once.
"""

from __future__ import annotations

import logging
from threading import Event

from foedus import rules
from foedus.depositary import Depositary
from foedus.errors import Conflict

LONGEST_SLEEP = 0.5
# After this many entries the state is kept on disk, so that no restart adds up more than these.
SAVE_EVERY = 2_000
log = logging.getLogger("foedus.clock")


def run(depositary: Depositary, stop: Event) -> None:
    """Until `stop`: perform what waits and what is due, sleep until the next deadline or half a second.

    The wall clock is read anew each time, so that a suspended machine or a corrected clock is noticed at
    once, and so is an act whose receiver died before it performed it. A store that cannot be reached is tried
    again for ever, and what it says is written down once; nothing else is caught.
    """
    away = ""
    while not stop.is_set():
        pause = LONGEST_SLEEP
        try:
            depositary.tick()
            upcoming = rules.next_due(depositary.state)
            left = (upcoming - depositary.now()).total_seconds() if upcoming is not None else 0
            if left > 0:  # else the store's clock is behind this one: what is due here is not yet due there
                pause = min(pause, left)
            if depositary.unsaved >= SAVE_EVERY:
                depositary.save_state()
            if away:
                log.warning("the clock looks at the record again")
            away = ""
        except Conflict as problem:
            if str(problem) != away:
                log.warning("the clock could not look at the record and tries again: %s", problem)
            away = str(problem)
        stop.wait(max(pause, 0.001))
