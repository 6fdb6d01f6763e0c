"""A witness: a desk without an officer. It recomputes what a record publishes, and cosigns the checkpoint over it.

What it says by a cosignature: at that time this was the largest checkpoint I had seen, it only added to every one that
I cosigned before, and every entry under it is what the rules give. So it remembers on disk what it cosigned before the
cosignature leaves, and it cosigns nothing while evidence of a lie or a doubt stands unresolved.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from foedus.desk import evidence
from foedus.desk.copy import Copy
from foedus.desk.follow import Follower
from foedus.desk.published import Published
from foedus.errors import Conflict, Malformed, Refused, Tampered
from foedus.logs import clauses_at, name_of
from foedus.parties.witnesses import counted
from foedus.record import checkpoint as checkpoints
from foedus.record.checkpoint import Checkpoint, format_checkpoint
from foedus.record.cosigned import keep, note_of
from foedus.record.keys import public_of
from foedus.record.note import Note, NoteSignature, VerifierKey, format_note, parse_note
from foedus.remote import Remote

SETTING = "witness"
LOCK_FILE = "witness.lock"


class Mark(Struct, frozen=True, forbid_unknown_fields=True):
    """What was cosigned last, and the entries whose doubts somebody accepted."""

    size: int = 0
    root: bytes = b""
    accepted: tuple[int, ...] = ()


class Keys(Struct, frozen=True):
    """Private keys: the seat's own, and an ML-DSA-44 key beside it that the record does not know."""

    seed: bytes
    mldsa44: bytes | None = None


class Witness:
    """One copy whose checkpoints are cosigned. Safe for several threads; one process at a time: see `alone`."""

    def __init__(self, copy: Copy, source: Published, keys: Keys, remote: Remote | None = None) -> None:
        """`remote`: the server that cosignatures are handed in to; None where they are only published.

        Raises Tampered when what was cosigned before cannot be read.
        """
        self.copy = copy
        self.follower = Follower(copy, source)
        self.remote = remote
        self.lock = RLock()  # one thread follows or cosigns at a time
        self._keys = keys
        self._handed_in = 0
        data = copy.store.setting(SETTING)
        try:
            self.mark = msgspec.json.decode(data, type=Mark) if data else Mark()
        except msgspec.MsgspecError as problem:
            raise Tampered(
                "{folder}: what this witness cosigned last cannot be read: {problem}",
                folder=copy.folder,
                problem=problem,
            ) from None

    # --- what it says -----------------------------------------------------------------------------------------------

    def cosign(self) -> bytes | None:
        """The newest checkpoint held, with our cosignature; made now unless it was before. None while nothing is held.

        Raises Tampered while something stands unresolved, Refused when our key does not count, Conflict when what we
        are about to sign cannot be kept.
        """
        with self.lock:
            newest = self.copy.newest()
            if newest is None or newest[1].checkpoint.size != self.copy.size:
                return None
            note, checkpoint = newest[0], newest[1].checkpoint
            self.resolved()
            keys = self.verifier_keys(checkpoint.size)
            self._continues(checkpoint)
            if self.mark.size < checkpoint.size:
                self._remember(replace(self.mark, size=checkpoint.size, root=checkpoint.root))
            # Only now: whatever happens from here on, no other root of this size is ever signed.
            if self._ours(note, keys):  # before, or from another folder that is gone: the server showed it to us
                return note
            return keep(self.copy.store, checkpoint.size, self._signed(checkpoint, keys))

    def cosigned(self) -> bytes | None:
        """The newest note that carries our cosignature, for whoever compares; None while there is none."""
        note = note_of(self.copy.store, self.mark.size) if self.mark.size else None
        return note if note is not None and self.lines(note) else None

    def lines(self, note: bytes) -> tuple[NoteSignature, ...]:
        """Our lines of a note that this copy keeps."""
        size = checkpoints.parse_checkpoint(parse_note(note).text).size
        return self._ours(note, self.verifier_keys(size))

    def hand_in(self) -> bool:
        """Hand our newest cosignature in, once; whether it was. Raises Conflict when the server did not take it."""
        note = self.cosigned()
        if self.remote is None or note is None or self.mark.size <= self._handed_in:
            return False
        ed25519 = Note(parse_note(note).text, self.lines(note)[:1])
        sent = msgspec.json.encode({"note": format_note(ed25519).decode()})
        size = self.mark.size
        answer = self.remote.post("api/cosignatures", sent)
        if answer.status != 200:
            said = answer.body[:300].decode("utf-8", "replace")
            raise Conflict(
                "{url} did not take the cosignature (status {status}): {said}",
                url=self.remote.url,
                status=str(answer.status),
                said=said,
            )
        self._handed_in = size
        return True

    # --- who it is ----------------------------------------------------------------------------------------------------

    def verifier_keys(self, size: int) -> tuple[VerifierKey, ...]:
        """The keys that verify our cosignatures, the seat's own first. Raises Refused when it does not count there."""
        state, public = self.copy.state, public_of(self._keys.seed).hex()
        clauses = clauses_at(state, self.copy.depositary.compact_by_digest, size)
        seats = [one.seat for one in counted(clauses, state.parties, size) if one.key == public]
        if not seats:
            raise Refused(
                "record/witness",
                "the key {key} is of no witness whose cosignature counts on a checkpoint of {size} entries: a party"
                " enrols it in the role that the compact names for witnesses",
                key=public[:16],
                size=size,
            )
        record = state.parties.record
        assert record is not None, "a seat was enrolled, so the record is open"
        name = name_of(record.origin, seats[0])
        first = checkpoints.cosigner_key(name, self._keys.seed)
        beside = self._keys.mldsa44
        return (first, checkpoints.mldsa44_key(name, beside)) if beside is not None else (first,)

    def resolved(self) -> None:
        """Raises Tampered while evidence stands, or a doubt that nobody accepted."""
        for path, found in evidence.kept(self.copy.folder):
            raise Tampered(
                "nothing is cosigned while evidence stands: {because} ({path}). Show it to the parties; a"
                " new copy in another folder begins anew",
                because=found.because,
                path=path,
            )
        for doubt in self.copy.known.doubts:
            if doubt.entry not in self.mark.accepted:
                raise Tampered(
                    "entry {entry} says that it was received at {at}, and the server had shown the record "
                    "without it at {later}: nothing is cosigned until somebody has judged it; --accept "
                    "{entry} goes on",
                    entry=str(doubt.entry),
                    at=doubt.at.isoformat(),
                    later=doubt.recorded_after.isoformat(),
                )

    def accept(self, entries: Collection[int]) -> None:
        """Somebody judged the doubts about these entries and goes on. Raises Malformed for one that is in no doubt:
        what nobody has seen yet nobody can have judged.
        """
        with self.lock:
            for entry in {*entries} - {doubt.entry for doubt in self.copy.known.doubts}:
                raise Malformed("--accept {entry}: this entry is in no doubt here", entry=str(entry))
            self._remember(replace(self.mark, accepted=tuple(sorted({*self.mark.accepted, *entries}))))

    # --- inside -------------------------------------------------------------------------------------------------------

    def _continues(self, checkpoint: Checkpoint) -> None:
        """Raises Tampered unless the checkpoint only adds to what was cosigned last."""
        size = self.mark.size
        put_back = size > checkpoint.size or (size and self.copy.root(size) != self.mark.root)
        if put_back or self.copy.root(checkpoint.size) != checkpoint.root:
            raise Tampered(
                "{folder}: this witness cosigned {size} entries that the copy does not hold as they were:"
                " it was put back or changed, and nothing is cosigned. Keep the folder, and follow anew "
                "in another with a new key",
                folder=self.copy.folder,
                size=size,
            )

    def _remember(self, mark: Mark) -> None:
        self.copy.store.set_setting(SETTING, msgspec.json.encode(mark))  # durable when it returns
        self.mark = mark

    def _signed(self, checkpoint: Checkpoint, keys: tuple[VerifierKey, ...]) -> bytes:
        text, at, name = format_checkpoint(checkpoint), self.copy.machine_now(), keys[0].name
        lines = [checkpoints.cosign(text, name, self._keys.seed, at)]
        if self._keys.mldsa44 is not None:
            lines.append(checkpoints.cosign_mldsa44(text, name, self._keys.mldsa44, at))
        return format_note(Note(text, tuple(lines)))

    def _ours(self, note: bytes, keys: tuple[VerifierKey, ...]) -> tuple[NoteSignature, ...]:
        found = {(one.name, one.key_id): one for one in parse_note(note).signatures}
        return tuple(found[key.name, key.key_id] for key in keys if (key.name, key.key_id) in found)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While held, no other process cosigns from this folder. Raises Conflict when one does."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                "{folder}: another witness works from this folder; name another, or end that one", folder=folder
            ) from None
        yield
    finally:
        os.close(descriptor)
