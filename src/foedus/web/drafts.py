"""Acts that are filled in and not yet recorded: the exact statement, its attachments, and who has signed so far.

Kept in the memory of this process for twelve hours, for an exercise only: a restart forgets them, and then the form
is filled in again. Nothing here is an act; the record knows nothing of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Container, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from foedus.acts import Statement
from foedus.parties.state import Seat

KEPT_SECONDS = 12 * 3600
MOST = 400


class Draft(Struct, frozen=True):
    """A filled-in act. `signed`: seats that have signed it, the speaker first. `needed`: how many must."""

    id: str
    statement: Statement
    blobs: tuple[tuple[bytes, bytes], ...]
    needed: int
    provision: str
    back: str
    signed: tuple[str, ...] = ()
    envelope: bytes = b""
    made: float = 0.0

    @property
    def party(self) -> str:
        """The party for which it speaks."""
        return self.statement.seat.partition("/")[0]


class Drafts:
    """The drafts of one console process. Safe for use by several threads."""

    def __init__(self) -> None:
        self._drafts: Mapping[str, Draft] = {}
        self._lock = threading.Lock()

    def keep(self, draft: Draft) -> None:
        """Keep a draft, in place of an earlier one with the same id; the oldest make room."""
        with self._lock:
            now = time.monotonic()
            known = [(id_, d) for id_, d in self._drafts.items() if now - d.made < KEPT_SECONDS and id_ != draft.id]
            self._drafts = {**dict(known[-(MOST - 1) :]), draft.id: replace(draft, made=now)}

    def get(self, id_: str) -> Draft | None:
        """A draft by the id of its act."""
        with self._lock:
            return self._drafts.get(id_)

    def drop(self, id_: str) -> None:
        """Forget a draft, because it was recorded or given up."""
        with self._lock:
            self._drafts = {kept: draft for kept, draft in self._drafts.items() if kept != id_}

    @property
    def standing(self) -> Mapping[str, Draft]:
        """The drafts by id: another object after every change."""
        return self._drafts

    def waiting_for(self, seat: Seat | None, seen: Container[bytes]) -> Sequence[Draft]:
        """Drafts that another seat of the party has signed and this one may complete; `seen`: acts recorded."""
        if seat is None:
            return ()
        with self._lock:
            mine = [d for d in self._drafts.values() if d.signed and d.party == seat.party and seat.id not in d.signed]
        return [d for d in mine if len(d.signed) < d.needed and bytes.fromhex(d.id) not in seen]
