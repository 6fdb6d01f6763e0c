"""Acting at a desk: one seat, whose key was unlocked on this machine when the desk was opened, and the outbox.

The key is used for what the desk's own pages were asked to sign and for nothing else; it is shown and sent nowhere.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

from foedus.admission import CLOCK_SKEW
from foedus.awaiting import Awaiting, read_awaiting
from foedus.depositary import Receipt
from foedus.desk.desk import Desk
from foedus.errors import Conflict, Malformed, Refused, Tampered
from foedus.parties.state import key_id
from foedus.record.keys import SigningKey
from foedus.submission import Signed
from foedus.web.acting import Standing

ROOM = "drafts"


class AtDesk:
    """See foedus.web.acting.Acting."""

    chooses = False

    def __init__(self, desk: Desk, key: SigningKey, secret: str | None = None) -> None:
        """`secret`: what lets a browser in; drawn anew where none is given."""
        self.desk = desk
        self.room: Path | None = desk.copy.folder / ROOM
        self.secret: str | None = secret or secrets.token_urlsafe(32)
        self._key = key
        self.key_id = key_id(key.public.hex())

    def seat(self, chosen: str) -> str:
        """The seat for which the key speaks now, whatever was chosen; none when it was revoked."""
        return self.desk.copy.state.parties.seat_of_key.get(self.key_id, "")

    def key_of(self, seat: str) -> SigningKey:
        """The key. Raises Refused while the time that would be signed is not to be trusted."""
        apart = self.desk.copy.apart
        if abs(apart) > CLOCK_SKEW:
            raise Refused(
                "desk/clock",
                "this machine's clock and the server's are {minutes} minutes apart: set the wrong one right first",
                minutes=round(abs(apart).total_seconds() / 60),
            )
        return self._key

    def hand_in(self, signed: Signed) -> Receipt | None:
        """Into the outbox, from where it goes when the server can be reached."""
        self.desk.submit(signed)
        return None

    def on_its_way(self, act: str) -> bool:
        """See foedus.web.acting.Acting."""
        return self.desk.outbox.holds(act)

    def asked(self) -> list[Awaiting]:
        """Acts that another seat of the party left with the server for this one's signature."""
        state, seat = self.desk.copy.state, self.seat("")
        found = []
        for signed in self.desk.waiting:
            try:
                one = read_awaiting(self.desk.copy.depositary.clauses, state, signed)
            except (Malformed, Refused):
                continue  # nobody of the party signed that: it asks for nothing
            mine = seat in one.signers or bytes.fromhex(one.statement.id) in state.seen
            if not mine and one.party == state.parties.seats[seat].party:
                found.append(one)
        return found

    def standing(self) -> Standing | None:
        """How the desk stands to its server."""
        desk, copy = self.desk, self.desk.copy
        if desk.remote is None:
            return None
        problem, since = desk.connection.problem, desk.connection.followed_at
        waiting = sum(queued.open for queued in desk.outbox.acts())
        told = since + (copy.now() - copy.machine_now()) if since else None
        code: Literal["followed", "away", "apart", "stopped", "lied"] = "followed"
        if isinstance(problem, Tampered):
            code = "lied"
        elif isinstance(problem, Malformed):
            code = "stopped"
        elif isinstance(problem, Conflict) or since is None:
            code = "away"
        elif abs(copy.apart) > CLOCK_SKEW:
            code = "apart"
        return Standing(code, told, problem, copy.apart, waiting, len(copy.known.doubts), len(self.asked()))
