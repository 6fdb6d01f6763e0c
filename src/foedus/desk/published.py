"""Where a desk gets a record from: a running server, or the files of an export that was carried here.

Hands out bytes and believes nothing; whether they fit the record is for `follow`.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from foedus.errors import Conflict, Malformed, Tampered
from foedus.record.merkle import HASH_BYTES, TILE_WIDTH
from foedus.record.note import MAX_NOTE_BYTES
from foedus.record.tiles import Tile, decode_bundle, decode_tile
from foedus.remote import Remote
from foedus.verify.sources import BLOBS, CHECKPOINT, COMPACTS, MOST_BYTES, Fetch

MAX_BLOB_BYTES = 256 * 2**20
TIME_HEADER = "foedus-time"
SETTLED = "settled"


class Shown(NamedTuple):
    """A checkpoint as it was shown, and the record's time as the server tells it (None: it tells none)."""

    note: bytes
    time: datetime | None = None


class Published(Protocol):
    """A record somebody publishes. Every method may raise Conflict: it could not be read now."""

    @property
    def name(self) -> str:
        """Where it is."""

    def checkpoint(self, newer_than: int | None = None) -> Shown:
        """The newest checkpoint; with `newer_than`, as soon as it covers more entries or a while has passed."""

    def settled(self) -> bytes | None:
        """The largest checkpoint that witnesses settled, with their cosignatures; None where there is none."""

    def entries(self, tile: Tile, skip: int) -> list[bytes]:
        """The entries of a bundle from its entry `skip` on. Raises Tampered when they are not there."""

    def hashes(self, tile: Tile) -> list[bytes]:
        """The hashes of a tile. Raises Tampered when they are not there."""

    def compact(self, digest: str) -> bytes | None:
        """The canonical bytes of a compact, checked against its digest; None when it is not there."""

    def attachment(self, digest: str) -> bytes | None:
        """Salt and content of an attachment, checked against its digest; None when not held or not for us."""

    def exercise_note(self) -> bytes | None:
        """What an exercise says of itself; None when nothing is said."""

    def elsewhere(self) -> None:
        """What was shown cannot be followed: ask another address next time, where there is one."""

    def close(self) -> None:
        """Let go of it."""


class Carried:
    """The files of an export: a folder, or one file."""

    def __init__(self, name: str, fetch: Fetch) -> None:
        self.name = name
        self._fetch = fetch

    def checkpoint(self, newer_than: int | None = None) -> Shown:
        note = self._fetch(CHECKPOINT)
        if note is None:
            raise Malformed("{name}: no checkpoint found; an export of a record was expected", name=self.name)
        return Shown(note)

    def settled(self) -> bytes | None:
        return None

    def entries(self, tile: Tile, skip: int) -> list[bytes]:
        return decoded_bundle(self._there(tile), tile)[skip:]

    def hashes(self, tile: Tile) -> list[bytes]:
        return decoded_tile(self._there(tile), tile)

    def compact(self, digest: str) -> bytes | None:
        return fitting(self._fetch(f"{COMPACTS}{digest}.json"), digest, "compact")

    def attachment(self, digest: str) -> bytes | None:
        return fitting(self._fetch(BLOBS + digest), digest, "attachment")

    def exercise_note(self) -> bytes | None:
        return None

    def elsewhere(self) -> None:
        pass

    def close(self) -> None:
        pass

    def _there(self, tile: Tile) -> bytes:
        data = self._fetch(tile.path())
        if data is None:
            raise Tampered("{path}: missing, although the checkpoint covers it", path=tile.path())
        return data


class Server:
    """A running server."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote

    @property
    def name(self) -> str:
        return self.remote.url

    def checkpoint(self, newer_than: int | None = None) -> Shown:
        path = CHECKPOINT if newer_than is None else f"{CHECKPOINT}?newer_than={newer_than}"
        answer = self.remote.get(path, MAX_NOTE_BYTES)
        if answer is None:
            raise Conflict("{name}: it publishes no checkpoint yet; try again", name=self.name)
        told = answer.headers.get(TIME_HEADER)
        return Shown(answer.body, _time(told) if told else None)

    def settled(self) -> bytes | None:
        answer = self.remote.get(SETTLED, MAX_NOTE_BYTES)
        return answer.body if answer else None

    def entries(self, tile: Tile, skip: int) -> list[bytes]:
        path = tile.path() + (f"?skip={skip}" if skip else "")
        return decoded_bundle(self._there(path, MOST_BYTES), tile._replace(width=tile.width - skip))

    def hashes(self, tile: Tile) -> list[bytes]:
        return decoded_tile(self._there(tile.path(), TILE_WIDTH * HASH_BYTES), tile)

    def compact(self, digest: str) -> bytes | None:
        answer = self.remote.get(f"api/compact?digest={digest}", MOST_BYTES)
        return fitting(answer.body, digest, "compact") if answer else None

    def attachment(self, digest: str) -> bytes | None:
        try:
            answer = self.remote.get(f"api/attachments/{digest}", MAX_BLOB_BYTES)
        except Malformed:  # not released to this reader's party
            return None
        if answer is None:
            return None
        try:
            salt = bytes.fromhex(answer.headers.get("foedus-salt", ""))
        except ValueError:
            raise Tampered("attachment {digest}: given with a salt that is none", digest=digest) from None
        return fitting(salt + answer.body, digest, "attachment")

    def exercise_note(self) -> bytes | None:
        answer = self.remote.get("api/exercise", MAX_NOTE_BYTES)
        return answer.body if answer else None

    def elsewhere(self) -> None:
        self.remote.elsewhere()

    def close(self) -> None:
        self.remote.close()

    def _there(self, path: str, most: int) -> bytes:
        answer = self.remote.get(path, most)
        if answer is None:
            raise Tampered(
                "{path}: {name} does not give it, although its checkpoint covers it", path=path, name=self.name
            )
        return answer.body


def decoded_bundle(data: bytes, tile: Tile) -> list[bytes]:
    """The entries of a bundle. Raises Tampered when it is not a bundle of so many."""
    try:
        return decode_bundle(data, tile.width)
    except Malformed as problem:
        raise Tampered("{path}: {problem}", path=tile.path(), problem=problem) from None


def decoded_tile(data: bytes, tile: Tile) -> list[bytes]:
    """The hashes of a tile. Raises Tampered when it is not a tile of so many."""
    try:
        return decode_tile(data, tile.width)
    except Malformed as problem:
        raise Tampered("{path}: {problem}", path=tile.path(), problem=problem) from None


def fitting(data: bytes | None, digest: str, what: Literal["compact", "attachment"]) -> bytes | None:
    """The bytes, when they have this digest. Raises Tampered for others."""
    if data is None or hashlib.sha256(data).hexdigest() == digest:
        return data
    if what == "compact":
        raise Tampered("compact {digest}: what was given for it has another digest", digest=digest)
    raise Tampered("attachment {digest}: what was given for it has another digest", digest=digest)


def _time(text: str) -> datetime:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise Tampered("the server's time cannot be read: {text!r}", text=text[:40]) from None
    if told.tzinfo is None:
        raise Tampered("the server's time has no zone: {text!r}", text=text[:40])
    return told
