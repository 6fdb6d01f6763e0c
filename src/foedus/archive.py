"""The archive: files and tables by the digest of their content, in the record's own store. Read
docs/decisions/0011-archive.md.

    digest = put(store, data)        durable when it returns, and only then may an act name it
    data = get(store, digest)        None when it is not held; Tampered when it is not what was put

What is many rows lies here, and the record holds its digest: versions of published lists, schedules, tables of claims.
A file is kept in parts, each a blob of the store, and one setting that names them, written last: a file is there whole
or not at all, whoever is killed meanwhile. It refuses to know what a file says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Protocol

import msgspec
from msgspec import Struct

from foedus.errors import Malformed, Tampered

PART_BYTES = 16 * 2**20  # within what a store takes as one blob, and within the memory of any machine
PREFIX = "archive/"


class Keeps(Protocol):
    """What the archive needs of a store; every store of a record has it."""

    def put_blob(self, digest: str, data: bytes) -> None:
        """Keep a blob, durable when this returns."""

    def get_blob(self, digest: str) -> bytes | None:
        """The blob, or None."""

    def erase_blob(self, digest: str) -> bool:
        """Remove a blob for good."""

    def setting(self, name: str) -> bytes | None:
        """A value by its name, or None."""

    def settings(self, prefix: str) -> list[str]:
        """The names that begin so."""

    def set_setting(self, name: str, value: bytes | None) -> None:
        """Set a value, durable when this returns; None removes it."""


class File(Struct, frozen=True):
    """A file's length in bytes, and its parts by their digests, in order."""

    size: int
    parts: tuple[str, ...]


def put(store: Keeps, data: bytes | Iterable[bytes]) -> str:
    """Keep a file, whole or in pieces of any length; its SHA-256 in hex. What is held already is not written again.

    Raises Conflict when the store cannot be written: then nothing is there under the digest.
    """
    whole, size, parts = sha256(), 0, []
    for part in _parts((data,) if isinstance(data, bytes) else data):
        whole.update(part)
        size += len(part)
        digest = sha256(part).hexdigest()
        store.put_blob(digest, part)
        parts.append(digest)
    found = whole.hexdigest()
    if not holds(store, found):
        store.set_setting(PREFIX + found, msgspec.json.encode(File(size, tuple(parts))))
    return found


def _parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts of one length, the last one shorter."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= PART_BYTES:
            yield bytes(waiting[:PART_BYTES])
            del waiting[:PART_BYTES]
    if waiting:
        yield bytes(waiting)


def holds(store: Keeps, digest: str) -> bool:
    """Whether the file is here, whole."""
    return store.setting(PREFIX + digest) is not None


def size(store: Keeps, digest: str) -> int | None:
    """The length of the file in bytes, or None when it is not held. Raises Tampered."""
    kept = store.setting(PREFIX + digest)
    return None if kept is None else _file(kept, digest).size


def stream(store: Keeps, digest: str) -> Iterator[bytes] | None:
    """The file in parts, in constant memory; None when it is not held. Raises Tampered at a part that is not what was
    put, and at the end where the whole is not.
    """
    kept = store.setting(PREFIX + digest)
    return None if kept is None else _stream(store, digest, _file(kept, digest))


def _stream(store: Keeps, digest: str, file: File) -> Iterator[bytes]:
    whole = sha256()
    for part in file.parts:
        data = store.get_blob(part)
        if data is None or sha256(data).hexdigest() != part:
            raise _damaged(digest)
        whole.update(data)
        yield data
    if whole.hexdigest() != digest:
        raise _damaged(digest)


def get(store: Keeps, digest: str) -> bytes | None:
    """The whole file, or None when it is not held. Raises Tampered."""
    parts = stream(store, digest)
    return None if parts is None else b"".join(parts)


def required(store: Keeps, digest: str) -> bytes:
    """The whole file. Raises Malformed when it is not held here, Tampered."""
    found = get(store, digest)
    if found is None:
        raise Malformed("{digest} is not in this archive: import the file that has this digest", digest=digest)
    return found


def digests(store: Keeps) -> list[str]:
    """Every file that is held, in order."""
    return [name.removeprefix(PREFIX) for name in store.settings(PREFIX)]


def erase(store: Keeps, digest: str) -> bool:
    """Remove a file for good, but for the parts that another file shares; whether it was there."""
    kept = store.setting(PREFIX + digest)
    if kept is None:
        return False
    store.set_setting(PREFIX + digest, None)
    others = (_file(store.setting(PREFIX + other) or b"", other) for other in digests(store))
    shared = {part for file in others for part in file.parts}
    for part in dict.fromkeys(_file(kept, digest).parts):
        if part not in shared:
            store.erase_blob(part)
    return True


def _file(kept: bytes, digest: str) -> File:
    try:
        return msgspec.json.decode(kept, type=File)
    except msgspec.MsgspecError:
        raise _damaged(digest) from None


def _damaged(digest: str) -> Tampered:
    return Tampered(
        "{digest} in the archive is not what was put there: restore it from a backup, or import the file again",
        digest=digest,
    )
