"""The high-water mark of a record: the newest cosigned checkpoint, kept where no restored backup brings it back.

A record that is put back to an older copy and goes on from there is forked, whoever did it and why. So whoever serves a
record compares it with this mark first, and with what its witnesses hold, and refuses to start when it lost anything.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from foedus.compact.findings import Phrase
from foedus.errors import Conflict, Malformed, Tampered
from foedus.logs import continued_from, key_of_epoch, log_key
from foedus.record.checkpoint import Checkpoint, parse_checkpoint, verify_checkpoint
from foedus.record.files import put_durably
from foedus.record.note import MAX_NOTE_BYTES, VerifierKey, format_vkey, parse_note
from foedus.record.record import Record
from foedus.remote import Remote
from foedus.state import State


class Watermark:
    """The mark of one record in its file: a signed note, written whole or not at all. For several processes."""

    def __init__(self, path: Path, log: VerifierKey) -> None:
        self.path = path
        self.log = log

    def read(self) -> Checkpoint | None:
        """What the mark states; None while there is none. Raises Tampered when it is not this record's."""
        try:
            note = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise Malformed("{path} cannot be read: {problem}", path=self.path, problem=problem.strerror) from None
        try:
            return verify_checkpoint(note, self.log).checkpoint
        except (Malformed, Tampered) as problem:
            raise Tampered(
                "{path}: no mark of the record {origin}: {problem}; name the file that was kept for it",
                path=self.path,
                origin=self.log.name,
                problem=problem,
            ) from None

    def raise_to(self, note: bytes) -> None:
        """Keep a checkpoint as the mark, unless the mark is as high; it is on disk when this returns.

        Raises Conflict when it cannot be written now.
        """
        checkpoint = verify_checkpoint(note, self.log).checkpoint
        try:
            with self._alone():
                known = self.read()
                if known is None or known.size < checkpoint.size:
                    put_durably(self.path, note)
        except OSError as problem:
            raise Conflict(
                "the mark {path} cannot be written: {problem}; try again", path=self.path, problem=problem.strerror
            ) from None

    def check(self, record: Record) -> None:
        """Raises Tampered when the record is smaller than the mark, or another."""
        known = self.read()
        if known is not None:
            not_put_back(record, known, Phrase("the mark {path}", path=str(self.path)))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path.with_name(self.path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def usual_place(log: VerifierKey) -> Path:
    """Where the mark of a record is kept when nobody says where: among the user's own files, not the record's."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "foedus" / f"{sha256(format_vkey(log).encode()).hexdigest()[:16]}.watermark"


def not_put_back(record: Record, known: Checkpoint, whose: Phrase) -> None:
    """Raises Tampered unless the record has everything under a checkpoint that was cosigned, as `whose` shows."""
    size = record.size
    if known.size > size:
        raise Tampered(
            "the record {origin} has {size} entries; {whose} shows that {expected} were signed and "
            "cosigned: it was put back to an older copy. Restore it from a copy that has those "
            "entries (any desk or witness has one: `foedus copy`), and record nothing until then",
            origin=known.origin,
            size=size,
            whose=whose,
            expected=known.size,
        )
    if record.root(known.size) != known.root:
        raise Tampered(
            "the first {expected} entries of the record {origin} are not those that {whose} shows as "
            "signed and cosigned: this is another history. Restore it from a copy that has those "
            "entries (any desk or witness has one: `foedus copy`), and record nothing until then",
            expected=known.size,
            origin=known.origin,
            whose=whose,
        )


def held_by(witness: Remote, state: State) -> Checkpoint | None:
    """What a witness holds of the record that adds up to `state`; None when it holds nothing.

    Raises Conflict when it cannot be asked now, Tampered when what it shows is not of this record, or of an epoch in
    which another keeps it.
    """
    answer = witness.get("checkpoint", MAX_NOTE_BYTES)
    if answer is None:
        return None
    stated, record = parse_checkpoint(parse_note(answer.body).text), state.parties.record
    assert record is not None, "only an opened record is asked about"
    epochs = {epoch.log: key_of_epoch(epoch) for epoch in record.epochs}
    continued = continued_from(stated.origin)
    if stated.origin not in epochs and continued is not None and continued[0] == record.origin:
        raise Tampered(
            "the witness {witness} follows {found}: the record was continued after {entries} entries, and this copy of"
            " it is over. Record nothing here: follow the new server with `foedus desk`, which hands in what was not"
            " continued",
            witness=witness.url,
            found=stated.origin,
            entries=continued[1],
        )
    return verify_checkpoint(answer.body, epochs.get(stated.origin, log_key(state))).checkpoint
