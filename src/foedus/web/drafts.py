"""Acts that are filled in and not yet recorded: the exact statement, its attachments, and who has signed so far.

Kept in the memory of this process for twelve hours: a restart forgets them, and then the form is filled in again. At a
desk, one that somebody has signed is kept on disk until it is handed in or given up. Nothing here is an act; the record
knows nothing of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from foedus.acts import Statement, decode_statement
from foedus.errors import Malformed
from foedus.parties.state import Seat
from foedus.record.envelope import decode_envelope
from foedus.record.files import write_whole
from foedus.submission import Signed, read_signed

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


class _OnDisk(Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept of a draft that somebody signed, beside the signed act itself."""

    act: msgspec.Raw
    needed: int
    provision: str
    back: str
    signed: tuple[str, ...]


class Drafts:
    """The drafts of one console process. Safe for use by several threads.

    `room`: a folder for those that somebody signed; None: memory only.
    """

    def __init__(self, room: Path | None = None) -> None:
        self._room = room
        self._drafts: Mapping[str, Draft] = {}
        self._lock = threading.Lock()
        self.damaged: list[Malformed] = []  # why files of the room could not be read: they hold up none of the others
        if room is not None:
            room.mkdir(mode=0o700, exist_ok=True)
            self._drafts = {draft.id: draft for draft in self._found(room)}

    def _found(self, room: Path) -> Iterator[Draft]:
        for path in sorted(room.glob("*.json")):
            try:
                yield _read(path)
            except Malformed as problem:
                self.damaged.append(problem)

    def keep(self, draft: Draft) -> None:
        """Keep a draft, in place of an earlier one with the same id; the oldest that are in memory only make room."""
        with self._lock:
            if self._room is not None and draft.signed:
                write_whole(self._room / f"{draft.id}.json", _written(draft))
            now = time.monotonic()
            held = {id_: d for id_, d in self._drafts.items() if id_ != draft.id}
            stay = {id_: d for id_, d in held.items() if self._stays(d)}
            known = [(id_, d) for id_, d in held.items() if id_ not in stay and now - d.made < KEPT_SECONDS]
            self._drafts = {**stay, **dict(known[-(MOST - 1) :]), draft.id: replace(draft, made=now)}

    def _stays(self, draft: Draft) -> bool:
        return self._room is not None and bool(draft.signed)

    def get(self, id_: str) -> Draft | None:
        """A draft by the id of its act."""
        with self._lock:
            return self._drafts.get(id_)

    def drop(self, id_: str) -> None:
        """Forget a draft, because it was recorded or given up."""
        with self._lock:
            self._drafts = {kept: draft for kept, draft in self._drafts.items() if kept != id_}
            if self._room is not None:
                (self._room / f"{id_}.json").unlink(missing_ok=True)

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


def _written(draft: Draft) -> bytes:
    act = msgspec.Raw(Signed(draft.envelope, draft.blobs).to_json())
    return msgspec.json.encode(_OnDisk(act, draft.needed, draft.provision, draft.back, draft.signed))


def _read(path: Path) -> Draft:
    """A draft from its file. Raises Malformed for one that was damaged: its act is filled in, or brought in, again."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_OnDisk)
        signed = read_signed(bytes(kept.act), str(path))
        statement = decode_statement(decode_envelope(signed.envelope).payload)
    except (OSError, msgspec.MsgspecError, Malformed) as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem) from None
    return Draft(
        statement.id, statement, signed.blobs, kept.needed, kept.provision, kept.back, kept.signed, signed.envelope,
        time.monotonic(),
    )  # fmt: skip
