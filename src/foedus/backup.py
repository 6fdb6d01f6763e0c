"""A backup of a record in one private file, and a record made of one again.

A backup holds what a server needs and a new one could not make again: entries and tree, every checkpoint with its
cosignatures, compacts and attachments still held, acts received and not yet performed, read tokens by their hashes, the
settings of an exercise. It holds no private key, and no state: that is added up again. An export is for its readers and
leaves out what is not released to them; a backup is for whoever keeps the record, and leaves out nothing.

Restoring verifies everything, recomputes every event, and only then writes, in one transaction: there is no moment at
which half a record, or one that was not verified, could be served.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from foedus import cache
from foedus.errors import Malformed, Refused
from foedus.export import append_all, tile_content
from foedus.record.checkpoint import parse_checkpoint
from foedus.record.cosigned import joined
from foedus.record.files import new_file
from foedus.record.note import VerifierKey, parse_note
from foedus.record.sqlite_file import FILE, LOCK_FILE
from foedus.record.store import Received, Store, Write, open_store, shown
from foedus.record.tiles import new_tiles
from foedus.verify import Report, verify_source
from foedus.verify.backup_file import BACKUP, CHECKPOINTS, FORMAT, WHOLE, BackupFile, Kept, Waiting, whole
from foedus.verify.container import write_container
from foedus.verify.sources import BLOBS, open_source

Progress = Callable[[int, int], None]
NOTES = 256  # checkpoints in one file of a backup
WITNESS = "witness"  # the setting in which a witness keeps what it cosigned last (foedus/desk/witness.py)
MADE_AGAIN = frozenset({cache.DEPOSITARYS, cache.READERS})  # settings that a server makes by itself


class Holds(Struct, frozen=True):
    """How much a backup holds. `receipts`: acts received and not yet performed."""

    entries: int
    checkpoints: int
    blobs: int
    receipts: int


class Restored(Struct, frozen=True):
    """What a record was made of, and what was proved of it before."""

    holds: Holds
    report: Report


def backup(store: Store, to: Path, progress: Progress | None = None) -> Holds:
    """Write a backup of the record to a new file of mode 0600, while acts arrive.

    It is of one moment, when nobody wrote: what was recorded or received later is not in it. `progress(done, total)`
    counts files within the backup. Raises Refused when `to` exists or the record is a witness's copy, Malformed when
    there is no record or `to` cannot be written to, Conflict when there is no room.
    """
    if store.setting(WITNESS) is not None:
        raise Refused(
            "record/backup",
            "this is a witness's copy: put back to an older state it could cosign a second history;"
            " copy the record anew",
        )
    if to.exists():
        raise Refused("record/backup", "{to} exists: a backup never overwrites, name another", to=str(to))
    kept = _moment(store)
    members = _Members(store, kept, progress)
    with new_file(to) as file:
        write_container(file, members.with_digests())
    return Holds(kept.size, members.checkpoints, members.blobs, len(kept.receipts))


def _moment(store: Store) -> Kept:
    """The record's size and what waits, while nobody can write; entries never change afterwards."""
    with store.write() as write:
        size, at = write.size, write.at
        receipts = tuple(Waiting(one.at, one.envelope) for one in write.open())
    if not size:
        raise Malformed("the record is empty: there is nothing to back up")
    names = [name for name in store.settings("") if name not in MADE_AGAIN]
    found = {name: store.setting(name) for name in names}
    return Kept(FORMAT, at, size, receipts, {name: value for name, value in found.items() if value is not None})


class _Members:
    """The files of a backup in their order, each read when its turn comes, and how many there were of each kind."""

    def __init__(self, store: Store, kept: Kept, progress: Progress | None) -> None:
        self.store, self.kept, self.progress = store, kept, progress
        self.checkpoints = self.blobs = 0

    def with_digests(self) -> Iterator[tuple[str, bytes]]:
        """Each file with its bytes, at last the list of their digests."""
        digests = []
        for path, data in self._all():
            digests.append((path, hashlib.sha256(data).hexdigest()))
            yield path, data
        yield WHOLE, whole(digests)

    def _all(self) -> Iterator[tuple[str, bytes]]:
        blobs = list(self.store.blobs())
        tiles = sorted((tile.path(), tile) for tile in new_tiles(0, self.kept.size))
        total, done = len(blobs) + len(tiles), 0
        yield BACKUP, msgspec.json.encode(self.kept)
        for done, digest in enumerate(blobs, 1):
            data = self.store.get_blob(digest)
            if data is not None:  # erased since it was listed
                self.blobs += 1
                yield BLOBS + digest, data
            self._tell(done, total)
        yield from self._notes()
        for done, (path, tile) in enumerate(tiles, len(blobs) + 1):
            yield path, tile_content(self.store, tile)()
            self._tell(done, total)

    def _notes(self) -> Iterator[tuple[str, bytes]]:
        below, number = self.kept.size + 1, 0
        while found := self.store.checkpoints(NOTES, below):
            yield f"{CHECKPOINTS}{number:09}", msgspec.json.encode([note.decode() for _, note in found])
            self.checkpoints += len(found)
            below, number = found[-1][0], number + 1

    def _tell(self, done: int, total: int) -> None:
        if self.progress:
            self.progress(done, total)


def restore(
    file: Path,
    to: str | Path,
    *,
    newest: bytes | None = None,
    keys: Sequence[VerifierKey] = (),
    workers: int = 1,
    progress: Progress | None = None,
    writing: Progress | None = None,
) -> Restored:
    """Verify a backup, every event recomputed, and put it into a new folder or an empty database.

    `newest`: a checkpoint that a witness or a desk holds; `keys`, `workers`: as `verify_record`. `progress` tells how
    much was verified, `writing` how much of it was put back. Raises Refused when something is there already, or when
    `newest` is of more entries than the backup: to serve it would fork the record. Raises Tampered where the backup
    does not fit, Malformed when it is none, Conflict when there is no room. Nothing was restored then.
    """
    opened = open_source(file)
    try:
        if not isinstance(opened, BackupFile):
            raise Malformed("{path} is no backup: `foedus copy` takes exports and servers", path=file)
        told = _told(opened, newest)
        report = verify_source(opened, rules=True, keys=keys, progress=progress, workers=workers, told=told)
        opened.check_receipts(report.last_at)
        notes: dict[int, bytes] = {}
        for size, note in _sized((*opened.notes(), *told)):
            notes[size] = joined(notes[size], note) if size in notes else note
        _put(opened, to, report, notes, writing)
    finally:
        opened.close()
    return Restored(Holds(opened.size, len(notes), len(opened.digests()), len(opened.kept.receipts)), report)


def _told(opened: BackupFile, newest: bytes | None) -> tuple[bytes, ...]:
    """The checkpoint known from elsewhere, if one is. Raises Refused when the backup has fewer entries."""
    if newest is None:
        return ()
    ((size, _),) = _sized((newest,))
    if size > opened.size:
        raise Refused(
            "record/restore",
            "the backup has {found} entries; the checkpoint you gave is of {expected}: find a later backup, or a copy"
            " that a witness or a desk holds",
            found=opened.size,
            expected=size,
        )
    return (newest,)


def _sized(notes: Iterable[bytes]) -> list[tuple[int, bytes]]:
    return [(parse_checkpoint(parse_note(note).text).size, note) for note in notes]


def _put(opened: BackupFile, to: str | Path, report: Report, notes: dict[int, bytes], writing: Progress | None) -> None:
    """All of it in one transaction. What was made for it and not finished is removed."""
    folder = None if "://" in str(to) else Path(to)
    new = folder is not None and not (folder / FILE).exists()
    store = open_store(to, create=True, clock=lambda: opened.kept.at)
    try:
        try:
            _check_empty(store, to)
            with store.write() as write:
                if write.size:
                    raise _taken(to)
                _fill(write, opened, report, notes, writing)
        finally:
            store.close()
    except BaseException:
        if new and folder is not None:
            _remove(folder)
        raise


def _fill(write: Write, opened: BackupFile, report: Report, notes: dict[int, bytes], writing: Progress | None) -> None:
    append_all(write, opened, report, progress=writing)
    for digest in opened.digests():
        data = opened.blob(digest)
        assert data is not None, "it is listed, and was there when the backup was opened"
        write.put_blob(digest, data)
    receipts = [Received(0, one.at, one.envelope) for one in opened.kept.receipts]
    write.put_back(receipts, notes.items(), opened.kept.settings)


def _check_empty(store: Store, to: str | Path) -> None:
    if store.size() or store.checkpoint() or store.settings("") or next(store.blobs(), None):
        raise _taken(to)


def _taken(to: str | Path) -> Refused:
    return Refused(
        "record/restore", "{to} holds something already: a backup is restored to where nothing is", to=shown(to)
    )


def _remove(folder: Path) -> None:
    for name in (FILE, f"{FILE}-wal", f"{FILE}-shm", LOCK_FILE):
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):  # it holds something of somebody else
        folder.rmdir()
