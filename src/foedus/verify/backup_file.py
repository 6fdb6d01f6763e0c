"""The file of a backup (docs/record.md, Backup): what lies in it, and reading it as the source that is verified.

    backup              in JSON: when it was taken, the record's size, open receipts, settings
    blobs/<digest>      attachments still held, and compacts
    checkpoints/<N>     in JSON: 256 signed checkpoints each, the largest first
    tile/<L>/<N>…       the tree and the entries, all of them
    whole               the SHA-256 of each of those files

It is one container, as an exported file is. Its digests find what was damaged, and name the place; they are no
protection against whoever may write to the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from foedus.errors import Malformed, Tampered
from foedus.verify.container import Container
from foedus.verify.sources import BLOBS, TilesSource

BACKUP, CHECKPOINTS, WHOLE = "backup", "checkpoints/", "whole"
FORMAT = "foedus-backup-1"


class Waiting(Struct, frozen=True, forbid_unknown_fields=True):
    """A receipt that was open: when the act was received, and its envelope."""

    at: Annotated[datetime, Meta(tz=True)]
    envelope: bytes


class Kept(Struct, frozen=True, forbid_unknown_fields=True):
    """The file `backup`. `at`: the store's time when it was taken, at least every time that it had given."""

    format: str
    at: Annotated[datetime, Meta(tz=True)]
    size: Annotated[int, Meta(ge=1)]
    receipts: tuple[Waiting, ...]
    settings: dict[str, bytes]


_kept = msgspec.json.Decoder(Kept)
_notes = msgspec.json.Decoder(list[str])


class BackupFile(TilesSource):
    """An opened backup. Every file in it is compared with its digest whenever it is read."""

    def __init__(self, name: str, container: Container) -> None:
        """Raises Tampered where it is damaged; the container is then the caller's to close."""
        self._container = container
        self._digests = self._read_digests()
        self.kept = self._read_kept()
        notes = [note for path in self._below(CHECKPOINTS) for note in self._read_notes(path)]
        super().__init__(name, "backup", self.kept.size, notes, self.file, self._blob, container.close)

    def digests(self) -> list[str]:
        """The digests of all blobs, in order."""
        return [path.removeprefix(BLOBS) for path in self._below(BLOBS)]

    def check_receipts(self, last_at: datetime | None) -> None:
        """Raises Tampered unless open receipts are later than the last entry, in order, before the backup was taken."""
        times = [one.at for one in self.kept.receipts]
        if last_at is not None:
            times.insert(0, last_at)
        if times != sorted(times) or times[-1:] > [self.kept.at]:
            raise Tampered("backup: the acts that wait were not received after the last entry and before the backup")

    def file(self, path: str) -> bytes | None:
        """A file of the backup, None when there is none. Raises Tampered when it is not as it was written."""
        data = self._container.read(path)
        if data is not None and hashlib.sha256(data).hexdigest() != self._digests[path]:
            raise self._damaged(path)
        return data

    def _blob(self, digest: str) -> bytes | None:
        return self.file(BLOBS + digest)

    def _below(self, folder: str) -> list[str]:
        return [path for path in self._digests if path.startswith(folder)]

    def _read_digests(self) -> dict[str, str]:
        listed = self._container.read(WHOLE)
        if listed is None:
            raise Tampered("{path}: the list of what the backup holds is missing", path=self._container.path)
        digests = dict(_lines(listed))
        found = self._container.members.keys() - {WHOLE}
        for path in sorted(found ^ digests.keys()):
            if path in found:
                raise Tampered("{path}: {name} is there and not listed", path=self._container.path, name=path)
            raise Tampered("{path}: {name} is listed and not there", path=self._container.path, name=path)
        if listed != whole(sorted(digests.items())):
            raise self._damaged(WHOLE)
        return digests

    def _read_kept(self) -> Kept:
        data = self.file(BACKUP)
        assert data is not None, "a file is opened as a backup when it has this"
        try:
            kept = _kept.decode(data)
        except msgspec.MsgspecError:
            raise self._damaged(BACKUP) from None
        if kept.format != FORMAT:
            raise Malformed(
                "{path} is of the form {found!r}, {expected} is known here: use a later version",
                path=self._container.path,
                found=kept.format,
                expected=FORMAT,
            )
        return kept

    def _read_notes(self, path: str) -> list[bytes]:
        try:
            return [note.encode() for note in _notes.decode(self.file(path) or b"")]
        except msgspec.MsgspecError:
            raise self._damaged(path) from None

    def _damaged(self, name: str) -> Tampered:
        return Tampered(
            "{path}: byte {byte}: {name} is not as it was written",
            path=self._container.path,
            byte=self._container.members[name].offset,
            name=name,
        )


def whole(digests: Sequence[tuple[str, str]]) -> bytes:
    """The file `whole`: as `sha256sum` writes and checks it."""
    return "".join(f"{digest}  {path}\n" for path, digest in digests).encode()


def _lines(listed: bytes) -> Iterator[tuple[str, str]]:
    for line in listed.decode("ascii", "replace").splitlines():
        digest, _, path = line.partition("  ")
        yield path, digest
