"""Acts signed at this desk, until each is seen in the record: kept on disk, handed in, and read back.

    <id>.act.json        the signed act exactly as it is handed in, which can also be carried and submitted elsewhere
    <id>.standing.json   how it stands

A server's receipt is a promise. An act counts as recorded when this desk's verified copy holds it, byte for byte as it
was signed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from foedus.acts import Statement, decode_entry, decode_statement
from foedus.desk.copy import Copy
from foedus.desk.reasons import Reason, reason_of
from foedus.errors import Conflict, FoedusError, Malformed, Refused, Waits
from foedus.record.envelope import Envelope, decode_envelope
from foedus.record.files import write_whole
from foedus.submission import Promised, Signed, read_signed

FOLDER = "outbox"
ACT, STANDING = ".act.json", ".standing.json"
HandIn = Callable[[Signed], Promised]
# waiting: not handed in yet, or not known to have arrived · promised: the server says which entry it became ·
# recorded: the copy holds it · refused: the server says it may not enter · displaced: another act entered under its id.
Stage = Literal["waiting", "promised", "recorded", "refused", "displaced"]
_is_id = re.compile(r"[0-9a-f]{32}").fullmatch


class Standing(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How an act stands. `entry`: promised or found. `said`: what the server said last, `clause` what it cited.

    `said` stays in the server's own words; `missed`: why the last attempt got no word of it. `allowed_here`: whether
    the refused act is allowed as this desk recomputes it, once it has followed up to the refusal; None until then.
    `broken`: a promised entry turned out to be another act, so the act was handed in again.
    """

    stage: Stage = "waiting"
    entry: int | None = None
    said: str = ""
    clause: str = ""
    missed: Reason | None = None
    allowed_here: bool | None = None
    broken: int | None = None


class Queued(Struct, frozen=True):
    """A signed act with what it says and how it stands."""

    id: str
    signed: Signed
    envelope: Envelope
    statement: Statement
    standing: Standing

    @property
    def open(self) -> bool:
        """Whether it is on its way: neither in the record nor refused."""
        return self.standing.stage in ("waiting", "promised")

    @property
    def unjudged(self) -> bool:
        """Whether reading back may say something new of it."""
        return self.open or (self.standing.stage == "refused" and self.standing.allowed_here is None)


class Outbox:
    """The acts of one desk. For one process; safe for use by several threads, of which one hands in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._folder.mkdir(mode=0o700, exist_ok=True)

    def put(self, signed: Signed) -> Queued:
        """Keep a signed act: it is on disk when this returns. The same act twice is one act."""
        queued = _read(signed, Standing())
        path = self._folder / f"{queued.id}{ACT}"
        if path.exists():
            held = self.get(queued.id)
            if held is not None and held.envelope == queued.envelope:
                return held
            raise Conflict("the act {id} is in the outbox with other bytes or signatures", id=queued.id)
        write_whole(path, signed.to_json())
        return queued

    def holds(self, id_: str) -> bool:
        """Whether an act of this id lies here, readable or damaged."""
        return bool(_is_id(id_)) and (self._folder / f"{id_}{ACT}").exists()

    def get(self, id_: str) -> Queued | None:
        """An act by its id. Raises Malformed when its file was damaged."""
        if not self.holds(id_):
            return None
        path = self._folder / f"{id_}{ACT}"
        queued = _read(read_signed(path.read_bytes(), str(path)), self._standing(id_))
        if queued.id != id_:
            raise Malformed("{path} holds the act {id}: it was renamed or changed", path=path, id=queued.id)
        return queued

    def acts(self) -> list[Queued]:
        """Every act that can be read, in the order in which they were signed."""
        return self._looked()[0]

    def damaged(self) -> list[Malformed]:
        """Why files of the outbox cannot be read: they hold up none of the others."""
        return self._looked()[1]

    def _looked(self) -> tuple[list[Queued], list[Malformed]]:
        found: list[Queued] = []
        damaged: list[Malformed] = []
        for path in sorted(self._folder.glob(f"*{ACT}")):
            try:
                queued = self.get(path.name.removesuffix(ACT))
            except Malformed as problem:
                damaged.append(problem)
                continue
            if queued is not None:
                found.append(queued)
        return sorted(found, key=lambda queued: (queued.statement.issued_at, queued.id)), damaged

    def drop(self, id_: str) -> None:
        """Take back an act that was refused, or that was never handed in. Raises Refused for another.

        What was handed in may have arrived, and cannot be taken back.
        """
        queued = self.get(id_)
        if queued is None:
            raise Refused("desk/outbox", "there is no act {act} in the outbox", act=id_)
        if queued.standing.stage not in ("refused", "displaced") and queued.standing != Standing():
            raise Refused("desk/outbox", "act {act} was handed in and cannot be taken back", act=id_)
        for ending in (ACT, STANDING):
            (self._folder / f"{id_}{ending}").unlink(missing_ok=True)

    # --- handing in and reading back ----------------------------------------------------------------------------

    def hand_in(self, send: HandIn) -> int:
        """Hand in what waits, in order; how many were. Raises Conflict when the server cannot take them now."""
        sent = 0
        for queued in self.acts():
            if queued.standing.stage != "waiting":
                continue
            try:
                promised = send(queued.signed)
                standing = replace(queued.standing, stage="promised", entry=promised.entry, said="", missed=None)
                self._stands(queued, standing)
            except (Refused, Malformed) as problem:
                answered = _answered(queued.standing, problem)
                stage: Stage = "waiting" if answered.clause == "record/replay" else "refused"
                self._stands(queued, replace(answered, stage=stage))
            except Waits as problem:  # received, so those after it are not held up
                self._stands(queued, _answered(queued.standing, problem))
                continue
            except Conflict as problem:
                self._stands(queued, _answered(queued.standing, problem))
                raise
            sent += 1
        return sent

    def read_back(self, copy: Copy) -> list[Queued]:
        """Compare open acts with what the copy holds; those whose standing changed."""
        changed = []
        for queued in self.acts():
            standing = _compared(copy, queued) if queued.standing.stage != "recorded" else queued.standing
            if standing != queued.standing:
                changed.append(self._stands(queued, standing))
        return changed

    def left_out(self, size: int) -> None:
        """The record goes on after `size` entries: what was recorded later waits again, and the officer is told."""
        for queued in self.acts():
            entry = queued.standing.entry
            if queued.standing.stage in ("recorded", "promised") and entry is not None and entry >= size:
                self._stands(queued, Standing("waiting", broken=entry))

    def _stands(self, queued: Queued, standing: Standing) -> Queued:
        if standing != queued.standing:
            write_whole(self._folder / f"{queued.id}{STANDING}", msgspec.json.encode(standing))
        return replace(queued, standing=standing)

    def _standing(self, id_: str) -> Standing:
        path = self._folder / f"{id_}{STANDING}"
        try:
            return msgspec.json.decode(path.read_bytes(), type=Standing)
        except FileNotFoundError:
            return Standing()
        except (OSError, msgspec.MsgspecError) as problem:
            raise Malformed(
                "{path} cannot be read: {problem}; remove it, and the act is handed in again",
                path=path,
                problem=problem,
            ) from None


def _compared(copy: Copy, queued: Queued) -> Standing:
    """How an act stands by what the copy holds: by its own entry, not by what the server promised."""
    standing = queued.standing
    number = copy.state.seen.get(bytes.fromhex(queued.id))
    if number is not None:
        entry = decode_entry(next(copy.store.entries(number, number + 1)))
        if entry.act == queued.envelope:
            return Standing("recorded", number, broken=standing.broken)
        return replace(standing, stage="displaced", entry=number)
    if standing.stage == "promised" and standing.entry is not None and standing.entry < copy.size:
        # Its place is taken, and it is nowhere: it is handed in again, and the officer is told.
        return Standing("waiting", broken=standing.entry)
    if standing.stage == "refused" and standing.allowed_here is None:
        return replace(standing, allowed_here=_allowed(copy, queued))
    return standing


def _allowed(copy: Copy, queued: Queued) -> bool:
    """Whether the act would be allowed by the rules as this desk recomputes them."""
    by_key = copy.state.parties.seat_of_key
    signers = [by_key[one.keyid] for one in queued.envelope.signatures if one.keyid in by_key]
    others = [name for name in signers if name != queued.statement.seat]
    try:
        copy.depositary.try_act(queued.statement, (queued.statement.seat, *others))
    except (FoedusError, KeyError):
        return False
    return True


def _read(signed: Signed, standing: Standing) -> Queued:
    envelope = decode_envelope(signed.envelope)
    statement = decode_statement(envelope.payload)
    return Queued(statement.id, signed, envelope, statement, standing)


def _answered(standing: Standing, problem: FoedusError) -> Standing:
    """The standing with what the server said, as it said it; else with why it said nothing."""
    because = str(problem.found.get("because", ""))
    clause = problem.clause if isinstance(problem, Refused) else ""
    return replace(standing, said=because, clause=clause, missed=None if because else reason_of(problem))
