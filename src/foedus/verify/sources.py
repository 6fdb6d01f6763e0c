"""Where a record to be verified lies: a store, an exported folder or file, or a running server.

A source hands out bytes and compares those it keeps about the tree with those recomputed; it believes
nothing. Entries come in bundles of up to 256, so that no source ever holds more than a few of them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from foedus.errors import FoedusError, Malformed, Tampered
from foedus.record.checkpoint import parse_checkpoint
from foedus.record.merkle import TILE_WIDTH, Frontier, Node
from foedus.record.note import parse_note
from foedus.record.store import MAX_BLOB_BYTES, Store
from foedus.record.tiles import MAX_ENTRY_BYTES, Tile, decode_bundle, decode_tile, tile_width
from foedus.verify.container import Container

Fetch = Callable[[str], bytes | None]
BLOBS, COMPACTS, KEYS, CHECKPOINT = "blobs/", "compacts/", "keys", "checkpoint"
MOST_BYTES = TILE_WIDTH * (MAX_ENTRY_BYTES + 2)  # of one file: a full bundle of the longest entries
MOST_NOTES = 1000  # checkpoints of a store that are compared, the newest of them


def _nothing() -> None:
    """Nothing to let go of, and nothing that was not asked for."""


class Source(Protocol):
    """A record as bytes. `kind`: store, export or server. `size`: how many entries it claims."""

    name: str
    kind: str
    size: int

    def notes(self) -> list[bytes]:
        """Every checkpoint it has, newest first; none when nothing was signed yet."""

    def bundles(self) -> Iterator[list[bytes]]:
        """All entries in order, 256 at a time. Raises Tampered where they end early."""

    def check_tree(self, first: int, leaves: Sequence[bytes], nodes: Sequence[Node]) -> None:
        """Compare what is kept of the tree with what these leaves, from number `first` on, gave.

        Raises Tampered.
        """

    def check_end(self, frontier: Frontier) -> None:
        """The same for what is only known at the end."""

    def key(self) -> bytes | None:
        """The record's key as text beside the record, None where there is none."""

    def blob(self, digest: str) -> bytes | None:
        """An attachment with its salt, or a compact's canonical bytes; None when it is not held here."""

    def close(self) -> None:
        """Let go of it."""


class StoreSource:
    """The store itself, as the depositary keeps it, with what it keeps beside the entries."""

    kind = "store"

    def __init__(self, name: str, store: Store) -> None:
        self.name = name
        self._store = store
        # Before the head, which only grows: no checkpoint here is of a larger size.
        self._notes = [note for _, note in store.checkpoints(MOST_NOTES)]
        self.size, self._frontier = store.head()

    def notes(self) -> list[bytes]:
        return self._notes

    def bundles(self) -> Iterator[list[bytes]]:
        bundle: list[bytes] = []
        for entry in self._store.entries(0, self.size):
            bundle.append(entry)
            if len(bundle) == TILE_WIDTH:
                yield bundle
                bundle = []
        if bundle:
            yield bundle

    def check_tree(self, first: int, leaves: Sequence[bytes], nodes: Sequence[Node]) -> None:
        kept = self._store.leaves(first, first + len(leaves))
        if kept != leaves:
            for offset, leaf in enumerate(leaves):
                if kept[offset : offset + 1] != [leaf]:
                    raise Tampered(
                        "entry {number}: its bytes do not give the leaf hash kept beside it", number=first + offset
                    )
        for level, n, hash_ in nodes:
            if self._store.nodes(level, n, 1) != [hash_]:
                raise Tampered(
                    "tree node {number} of tile level {level}: it is not the hash of the entries below it",
                    number=n,
                    level=level,
                )

    def check_end(self, frontier: Frontier) -> None:
        if frontier != Frontier.decode(self.size, self._frontier):
            raise Tampered("head: the frontier kept is not that of the {size} entries", size=self.size)

    def key(self) -> bytes | None:
        return None

    def blob(self, digest: str) -> bytes | None:
        return self._store.get_blob(digest)

    def close(self) -> None:
        self._store.close()


class TilesSource:
    """A record published as files (c2sp.org/tlog-tiles): `fetch` gives a file's bytes by its path."""

    def __init__(
        self,
        name: str,
        kind: str,
        size: int,
        notes: list[bytes],
        fetch: Fetch,
        blob: Fetch,
        close: Callable[[], None],
        all_read: Callable[[], None] = _nothing,
    ) -> None:
        """`all_read` raises Tampered where there are files that nothing in the record names."""
        self.name, self.kind, self.size = name, kind, size
        self._notes, self._fetch, self.blob, self.close, self._all_read = notes, fetch, blob, close, all_read
        self._rows: dict[int, list[bytes]] = {}

    def notes(self) -> list[bytes]:
        return self._notes

    def bundles(self) -> Iterator[list[bytes]]:
        for n in range(-(-self.size // TILE_WIDTH)):
            tile = Tile(None, n, tile_width(self.size, None, n))
            yield self._decoded(tile, decode_bundle)

    def _decoded(self, tile: Tile, decode: Callable[[bytes, int], list[bytes]]) -> list[bytes]:
        path = tile.path()
        data = self._fetch(path)
        if data is None:
            raise Tampered(
                "{path}: missing, although the checkpoint says that there are {size} entries", path=path, size=self.size
            )
        try:
            return decode(data, tile.width)
        except Malformed as problem:
            raise Tampered("{path}: {problem}", path=path, problem=problem) from None

    def check_tree(self, first: int, leaves: Sequence[bytes], nodes: Sequence[Node]) -> None:
        self._compare(0, first // TILE_WIDTH, leaves)
        for level, n, hash_ in nodes:
            row = self._rows.setdefault(level, [])
            row.append(hash_)
            if len(row) == TILE_WIDTH:
                self._compare(level, n // TILE_WIDTH, row)
                row.clear()

    def check_end(self, frontier: Frontier) -> None:
        for level, row in self._rows.items():
            if row:
                self._compare(level, (frontier.size >> 8 * level) // TILE_WIDTH, row)
        self._all_read()

    def _compare(self, level: int, n: int, hashes: Sequence[bytes]) -> None:
        tile = Tile(level, n, len(hashes))
        for place, (kept, found) in enumerate(zip(self._decoded(tile, decode_tile), hashes, strict=True)):
            if kept != found:
                if level == 0:
                    raise Tampered(
                        "entry {number}: the bytes do not give hash {hash} of {path}",
                        number=n * TILE_WIDTH + place,
                        hash=place,
                        path=tile.path(),
                    )
                raise Tampered(
                    "tree node {number} of tile level {level}: the bytes do not give hash {hash} of {path}",
                    number=n * TILE_WIDTH + place,
                    level=level,
                    hash=place,
                    path=tile.path(),
                )

    def key(self) -> bytes | None:
        return self._fetch(KEYS)


def published(
    name: str,
    kind: str,
    fetch: Fetch,
    blob: Fetch,
    close: Callable[[], None] = _nothing,
    all_read: Callable[[], None] = _nothing,
) -> TilesSource:
    """A record published up to its checkpoint. Raises Malformed when there is none: then it is no published record."""
    note = fetch(CHECKPOINT)
    if note is None:
        raise Malformed("{name}: no checkpoint found; a record's folder, export or address was expected", name=name)
    try:
        size = parse_checkpoint(parse_note(note).text).size
    except Malformed as problem:
        raise Tampered("checkpoint: {problem}", problem=problem) from None
    return TilesSource(name, kind, size, [note], fetch, blob, close, all_read)


def exported(
    name: str, fetch: Fetch, close: Callable[[], None] = _nothing, all_read: Callable[[], None] = _nothing
) -> TilesSource:
    """The files of an export, in a folder or a container."""

    def blob(digest: str) -> bytes | None:
        found = fetch(BLOBS + digest)
        return fetch(f"{COMPACTS}{digest}.json") if found is None else found

    return published(name, "export", fetch, blob, close, all_read)


def folder_fetch(folder: Path) -> Fetch:
    """Files below a folder by their path: not longer than they can be, and no pipe or device put in their place."""

    def fetch(path: str) -> bytes | None:
        most = MAX_BLOB_BYTES if path.startswith(BLOBS) else MOST_BYTES
        try:
            # Without O_NONBLOCK, opening a pipe waits for somebody who writes into it.
            with open(os.open(folder / path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise Malformed("{path} is no file", path=folder / path)
                data = file.read(most + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as problem:
            raise Malformed("{path} cannot be read: {problem}", path=folder / path, problem=problem.strerror) from None
        if len(data) > most:
            raise Tampered("{path}: more than {most} bytes: no file of a record has so many", path=path, most=most)
        return data

    return fetch


def server_source(url: str, token: str | None = None) -> TilesSource:
    """A running server's published files.

    The only source that opens a connection: the user gave `url`.
    """
    from foedus.remote import Remote

    remote = Remote(url, token)

    def fetch(path: str) -> bytes | None:
        answer = remote.get(path, MOST_BYTES)
        return answer.body if answer else None

    try:
        return published(url, "server", fetch, lambda digest: fetch(f"api/compact?digest={digest}"), remote.close)
    except FoedusError:
        remote.close()
        raise


def open_source(address: str | Path, token: str | None = None) -> Source:
    """The source at an address: a folder with a store or an export, an exported file, a backup, `http(s)://`,
    `postgresql://`.

    Raises Malformed when nothing of the kind is there.
    """
    from foedus.record.store import open_store, shown
    from foedus.verify.backup_file import BACKUP, BackupFile

    text = str(address)
    if text.startswith(("http://", "https://")):
        return server_source(text, token)
    if "://" in text:
        return StoreSource(shown(text), open_store(text))
    path = Path(text)
    if path.is_file():
        container = Container(path)
        try:
            if BACKUP in container.members:
                return BackupFile(text, container)
            return exported(text, container.read, container.close, container.all_read)
        except FoedusError:
            container.close()
            raise
    if (path / "checkpoint").is_file():
        return exported(text, folder_fetch(path))
    if not path.is_dir():
        raise Malformed(
            "{text}: nothing is there; a record's folder, an export, a proof or an address was expected", text=text
        )
    return StoreSource(text, open_store(path))
