"""Looks from outside whether a record still answers and still advances, and says so by itself when it does not.

It believes nothing: a server that gives a smaller checkpoint than before is as bad as none. It needs no key, no record
and none of the record's own alerts, so that it can stand in another state.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from foedus.errors import Conflict, FoedusError, Malformed, Tampered
from foedus.record.checkpoint import parse_checkpoint
from foedus.record.note import MAX_NOTE_BYTES, parse_note
from foedus.remote import Remote

What = Literal["unheard", "answers", "silent", "stalled", "back"]


class Seen(Struct, frozen=True):
    """What was seen: `what`, the size of the record, and since when (seconds ago) that has been so."""

    what: What
    size: int
    for_seconds: float
    detail: str = ""


class Watchdog:
    """One record at one address. `silent_after`, `still_after`: seconds until silence, or no new entry, is alarming;
    `still_after` None where a record may rest.
    """

    def __init__(
        self, server: Remote, silent_after: float, still_after: float | None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._server, self._ticks = server, ticks
        self._silent_after, self._still_after = silent_after, still_after
        self._size, self._answered, self._grew = -1, ticks(), ticks()
        self.problem: FoedusError | None = None  # what kept the last look from an answer

    def look(self) -> Seen:
        """Ask once."""
        now, self.problem = self._ticks(), None
        try:
            size = self._asked()
        except (Conflict, Malformed, Tampered) as problem:
            quiet, self.problem = now - self._answered, problem
            quietly: What = "unheard" if self._size < 0 else "answers"  # a short silence is none
            return Seen("silent" if quiet >= self._silent_after else quietly, max(self._size, 0), quiet, str(problem))
        self._answered = now
        if size < self._size:
            return Seen("back", size, now - self._grew, f"{size} < {self._size}")
        if size > self._size:
            self._size, self._grew = size, now
        still = now - self._grew
        if self._still_after is not None and still >= self._still_after:
            return Seen("stalled", size, still)
        return Seen("answers", size, still)

    def _asked(self) -> int:
        answer = self._server.get("checkpoint", MAX_NOTE_BYTES)
        if answer is None:
            raise Conflict("{url} shows no checkpoint", url=self._server.url)
        return parse_checkpoint(parse_note(answer.body).text).size
