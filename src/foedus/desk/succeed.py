"""A desk, or a witness, becomes the server: a new record whose entries are those of its copy, and then a new epoch.

The copy stays as it is; what it cannot show to be settled it does not continue, and whose turn it is says the compact.
What the copy holds beyond the last checkpoint that the server signed is nobody's word, and is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from foedus.cache import DEPOSITARYS, kept, sealing_key
from foedus.depositary import Depositary
from foedus.desk.copy import Copy
from foedus.desk.prefix import copy_first
from foedus.errors import Malformed, Refused
from foedus.logs import log_key, sorted_out
from foedus.parties.acts import ContinueRecord
from foedus.record.cosigned import note_of
from foedus.record.keys import SigningKey, encode_base64, public_of
from foedus.record.note import Note, format_note, parse_note
from foedus.record.sqlite_file import FILE, LOCK_FILE
from foedus.record.store import open_store, shown
from foedus.settling import Settling
from foedus.signing import seat_of, sign, statement_for

Progress = Callable[[int, int], None]
OFFSET = "clock_offset_seconds"


class Began(Struct, frozen=True):
    """A new epoch. `entry`: its first; `settled`: how many before it witnesses had settled."""

    log: str
    party: str
    entry: int
    settled: int


def continuation(copy: Copy, seed: bytes) -> ContinueRecord:
    """The act by which a copy's record goes on, signed for by `seed` from then on.

    Raises Refused where nothing of it is settled, Malformed where the copy holds no checkpoint.
    """
    newest, settled = copy.newest(), Settling(copy.depositary).settled()
    if newest is None:
        raise Malformed("{folder}: the copy holds no checkpoint: follow the record first", folder=copy.folder)
    note = note_of(copy.store, settled) if settled else None
    if note is None:
        raise Refused(
            "record/succession",
            "no entry of this copy is settled: a record is continued from what enough witnesses cosigned",
        )
    size, key = newest[1].checkpoint.size, public_of(seed).hex()
    if size == settled:
        return ContinueRecord(note.decode(), key)
    proof = copy.depositary.record.consistency(settled, size)
    read = parse_note(newest[0])
    line, _ = sorted_out(read, log_key(copy.state, size))
    assert line is not None, "it was verified when it was read"
    last = format_note(Note(read.text, (line,)))  # too few cosigned it for their lines to add anything
    return ContinueRecord(note.decode(), key, last.decode(), tuple(map(encode_base64, proof)))


def succeed(copy: Copy, to: str | Path, key: SigningKey, seed: bytes, progress: Progress | None = None) -> Began:
    """Begin a new epoch of the record in a new folder or an empty database, from a verified copy.

    `key`: of the seat that continues it; `seed`: the new depositary's. What was made and not finished is removed.
    Raises Refused with the clause when it is not the seat's turn, or where something is already; Conflict when there is
    no room.
    """
    body = continuation(copy, seed)
    newest = copy.newest()
    assert newest is not None, "it was continued from"
    folder = None if "://" in str(to) else Path(to)
    new = folder is not None and not (folder / FILE).exists()
    clock = copy.now if copy.exercise else None
    store = open_store(to, create=True, clock=clock)
    try:
        if store.size() or store.checkpoint():
            raise Refused("record/opening", "{address} already holds a record", address=shown(to))
        depositary = Depositary(store, seed, clock)
        copy_first(copy.store, newest[1].checkpoint.size, store, progress)
        if copy.exercise:
            store.set_setting(OFFSET, str(copy.known.apart_seconds).encode())
        if newest[1].checkpoint.size == copy.size:  # verified and added up already: not again while others wait
            sealed = kept(copy.state, copy.root(copy.size), sealing_key(seed))
            store.set_setting(DEPOSITARYS, sealed)
        state = depositary.resume()
        record = state.parties.record
        assert record is not None, "a copy of an opened record"
        statement = statement_for(state, seat_of(state, key), body, depositary.now())
        receipt = depositary.perform(sign(statement, [key], record.exercise))
        depositary.checkpoint()
        record = depositary.state.parties.record
        assert record is not None, "it was continued"
        began = Began(record.epoch.log, record.epoch.party, receipt.entry, Settling(copy.depositary).settled())
        depositary.close()
        return began
    except BaseException:
        store.close()
        if new and folder is not None:
            for name in (FILE, f"{FILE}-wal", f"{FILE}-shm", LOCK_FILE):
                (folder / name).unlink(missing_ok=True)
        raise
