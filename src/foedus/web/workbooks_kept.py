"""Workbooks sent to the console: the file, and, where two seats must sign, what the first of them signed.

In the memory of this process for twelve hours, the newest few; nothing of it is on the record before all of it is.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict

from msgspec import Struct

from foedus.parties.state import Seat
from foedus.workbook.together import Together

KEPT_SECONDS = 12 * 3600
MOST = 50


class Sent(Struct, frozen=True):
    """One workbook. `seat`: who sent it; `signed`: what was signed so far, by `signers`."""

    id: str
    name: str
    data: bytes
    seat: str
    made: float
    signed: Together | None = None
    signers: tuple[str, ...] = ()

    @property
    def party(self) -> str:
        """The party whose acts they are."""
        return self.seat.partition("/")[0]


class Workbooks:
    """The workbooks of one console process. Safe for use by several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Sent] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, name: str, data: bytes, seat: str) -> Sent:
        """Keep a file that was sent."""
        return self.put(Sent(secrets.token_hex(8), name, data, seat, time.monotonic()))

    def put(self, sent: Sent) -> Sent:
        """Keep it, in place of the one with the same id."""
        with self._lock:
            self._kept[sent.id] = sent
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return sent

    def of(self, party: str, id_: str) -> Sent | None:
        """A workbook of the party; None where there is none."""
        return next((one for one in self.every(party) if one.id == id_), None)

    def every(self, party: str) -> list[Sent]:
        """The party's workbooks, newest first."""
        now = time.monotonic()
        with self._lock:
            kept = list(reversed(self._kept.values()))
        return [one for one in kept if one.party == party and now - one.made < KEPT_SECONDS]

    def drop(self, id_: str) -> None:
        """Forget one."""
        with self._lock:
            self._kept.pop(id_, None)

    def waiting_for(self, seat: Seat | None) -> list[Sent]:
        """What another seat of the party signed and this one has not."""
        if seat is None:
            return []
        return [one for one in self.every(seat.party) if one.signers and seat.id not in one.signers]
