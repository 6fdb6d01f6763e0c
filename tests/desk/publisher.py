"""A server in this process that publishes a record, honestly until a test makes it lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import httpx
import msgspec
import pytest

from foedus.acts import Entry, decode_entry, encode_entry
from foedus.desk.copy import Copy
from foedus.desk.follow import Follower
from foedus.desk.published import Server
from foedus.errors import FoedusError, Malformed, Refused
from foedus.record.checkpoint import Checkpoint, sign_checkpoint
from foedus.record.merkle import Frontier, leaf_hash, root_of
from foedus.record.store import open_store
from foedus.record.tiles import encode_bundle, encode_tile, parse_tile_path
from foedus.remote import Remote
from foedus.submission import read_signed
from foedus.web import waiting
from tests.plays import TICK, Play, seed_of
from tests.verify import damage

URL = "http://server.example"
SEED = seed_of("depositary")


class Publisher:
    """What it publishes is what stands in its fields: `entries` under the checkpoint, `given` as bundles.

    `note`: a checkpoint to show instead of the one it would sign. `time`: what it tells of the time. `answers`: paths
    answered otherwise. `asked`: paths asked for, in order.
    """

    def __init__(self, entries: Sequence[bytes], blobs: dict[str, bytes], origin: str = damage.ORIGIN) -> None:
        self.origin = origin
        self.entries = list(entries)
        self.given: list[bytes] | None = None
        self.blobs = blobs
        self.seed = SEED
        self.note: bytes | None = None
        self.time: str | None = None
        self.size: int | None = None
        self.away = False
        self.asked: list[str] = []
        self.answers: dict[str, Callable[[httpx.Request], httpx.Response]] = {}

    @property
    def shown(self) -> list[bytes]:
        """The entries under the checkpoint that it shows."""
        return self.entries[: self.size]

    def signed(self) -> bytes:
        """The checkpoint of what it shows."""
        shown = self.shown
        root = root_of(map(leaf_hash, shown))
        return sign_checkpoint(Checkpoint(self.origin, len(shown), root), self.seed)

    def remote(self) -> Remote:
        """The way to it, without a network."""
        return Remote(URL, transport=httpx.MockTransport(self._answer))

    def server(self) -> Server:
        """The same as a desk asks it."""
        return Server(self.remote())

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.lstrip("/")
        self.asked.append(path)
        if self.away:
            raise httpx.ConnectError("refused", request=request)
        if path in self.answers:
            return self.answers[path](request)
        if path == "checkpoint":
            headers = {"foedus-time": self.time} if self.time else {}
            return httpx.Response(200, content=self.note or self.signed(), headers=headers)
        if path.startswith("tile/"):
            return httpx.Response(200, content=self._tile(path, int(request.url.params.get("skip", 0))))
        if path == "api/compact":
            return self._blob(request.url.params["digest"])
        if path.startswith("api/attachments/"):
            held = self._blob(path.rpartition("/")[2])
            headers = {"foedus-salt": held.content[:32].hex()}
            return httpx.Response(200, content=held.content[32:], headers=headers) if held.is_success else held
        return httpx.Response(404)

    def _tile(self, path: str, skip: int) -> bytes:
        tile = parse_tile_path(path)
        first, last = tile.n * 256, tile.n * 256 + tile.width
        if tile.level is None:
            given = self.entries if self.given is None else self.given
            return encode_bundle(given[first + skip : last])
        hashes = [leaf_hash(entry) for entry in self.entries]
        for _ in range(tile.level):
            hashes = [root_of(hashes[n : n + 256]) for n in range(0, len(hashes) // 256 * 256, 256)]
        return encode_tile(hashes[first:last])

    def _blob(self, digest: str) -> httpx.Response:
        held = self.blobs.get(digest)
        return httpx.Response(404) if held is None else httpx.Response(200, content=held)


def published(size: int | None = None) -> Publisher:
    """An honest publisher of the first entries of a record that was played to its end."""
    store = open_store(damage.kept() / "record")
    try:
        blobs = {digest: store.get_blob(digest) or b"" for digest in store.blobs()}
        return Publisher(list(store.entries(0, size)), blobs)
    finally:
        store.close()


def following(folder: Path, publisher: Publisher, clock: Callable[[], datetime] | None = None) -> Follower:
    """A desk's follower of it, with an empty copy or the one in the folder."""
    copy = Copy.open(folder, clock=clock) if clock else Copy.open(folder)
    return Follower(copy, publisher.server())


def forged(data: bytes, change: Callable[[Entry], Entry]) -> bytes:
    """An entry as its depositary could write it if it did not keep to the rules."""
    return encode_entry(change(decode_entry(data)))


def where(entries: Sequence[bytes], holds: Callable[[Entry], bool]) -> int:
    """The number of the first entry of which something holds."""
    return next(number for number, data in enumerate(entries) if holds(decode_entry(data)))


def endless(part: bytes) -> Iterator[bytes]:
    """An answer without end."""
    while True:
        yield part


def same_tree(copy: Copy, publisher: Publisher) -> bool:
    """Whether the copy holds what is published, byte for byte."""
    shown = publisher.shown
    frontier = Frontier().extend([leaf_hash(entry) for entry in shown])[0]
    return list(copy.store.entries(0)) == shown and copy.frontier() == frontier


class Door(Publisher):
    """A publisher whose acts are performed: a whole server in this process, over a play's record."""

    def __init__(self, play: Play) -> None:
        record = play.state.parties.record
        assert record is not None
        super().__init__([], {}, record.origin)
        self.play = play
        self.handed_in: list[bytes] = []
        self.answers["api/acts"] = self.door
        self.answers["api/waiting"] = self.waiting_room
        self.published()

    def published(self) -> None:
        """Publish what the play has recorded by now."""
        store = self.play.depositary.store
        self.entries = list(store.entries(0))
        self.blobs = {digest: store.get_blob(digest) or b"" for digest in store.blobs()}

    def door(self, request: httpx.Request) -> httpx.Response:
        """Perform an act that is handed in, and say so."""
        signed = read_signed(request.content, "an act")
        self.handed_in.append(signed.envelope)
        self.play.at += TICK
        try:
            receipt = self.play.depositary.perform(signed.envelope, signed.blobs)
        except Refused as refused:
            return answered(403, {"clause": refused.clause, "because": refused.because})
        except Malformed as problem:
            return answered(400, {"message": str(problem)})
        self.published()
        return answered(201, {"entry": receipt.entry, "at": receipt.at})

    def waiting_room(self, request: httpx.Request) -> httpx.Response:
        """Where an act that lacks a signature is left, and found."""
        play = self.play
        store, clauses, state = play.depositary.store, play.clauses, play.state
        if request.method == "GET":
            left = waiting.waiting(store, clauses, state, request.url.params["party"], play.at)
            return answered(200, {"acts": [{"act": one.signed.to_json().decode()} for one in left]})
        try:
            waiting.leave(store, clauses, state, request.content, play.at)
        except Refused as refused:
            return answered(403, {"clause": refused.clause, "because": refused.because})
        return answered(202, {})


def answered(status: int, said: object) -> httpx.Response:
    """An answer in JSON."""
    return httpx.Response(status, content=msgspec.json.encode(said))


def holds_still(follower: Follower, wrong: type[FoedusError], says: str) -> FoedusError:
    """Following fails with these words, and the copy is as it was."""
    copy = follower.copy
    before = (list(copy.store.entries(0)), copy.state, copy.store.head())
    with pytest.raises(wrong, match=says) as raised:
        follower.follow()
    assert (list(copy.store.entries(0)), copy.state, copy.store.head()) == before
    return raised.value
