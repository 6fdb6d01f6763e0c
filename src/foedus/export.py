"""Publishes a record as files that anyone can verify offline: a folder, or one file that holds the same
files.

    checkpoint              size and root, signed                  (c2sp.org/tlog-checkpoint)
    keys                    the record's key: a hint, to be compared with one from elsewhere
    tile/<L>/<N>…           the tree and the entries               (c2sp.org/tlog-tiles)
    compacts/<digest>.json  every compact the record was kept under, in its canonical bytes
    blobs/<digest>          attachments still held: 32 bytes of salt, then the content

Entries after the newest signed checkpoint are left out: nobody has signed for them. So is every attachment that its
marking does not release to the party for which the export is made; made for none, it holds what every reader may see.
Importing is verifying and copying; there is no other way in.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from foedus.acts import decode_entry, decode_statement
from foedus.errors import Conflict, Malformed, Refused
from foedus.markings import Held, name_attachments
from foedus.parties.acts import AmendCompact, OpenRecord
from foedus.record.checkpoint import parse_checkpoint
from foedus.record.merkle import TILE_WIDTH, Frontier, leaf_hash
from foedus.record.note import ED25519, VerifierKey, format_vkey, parse_note
from foedus.record.store import Store, Write, open_store
from foedus.record.tiles import Tile, encode_bundle, encode_tile, new_tiles
from foedus.verify import verify_record
from foedus.verify.container import SUFFIX, write_container
from foedus.verify.report import Report
from foedus.verify.sources import BLOBS, CHECKPOINT, COMPACTS, KEYS, Source, open_source

Progress = Callable[[int, int], None]


class Exported(Struct, frozen=True):
    """How much an export holds. `left_out`: attachments held here that its readers may not see."""

    entries: int
    attachments: int
    left_out: int


def export(store: Store, to: Path, progress: Progress | None = None, party: str | None = None) -> Exported:
    """Write the record to a new folder, or to one file when `to` ends in `.foedus`.

    `party`: for whose readers, None for anybody. Raises Refused when `to` exists, Malformed when no checkpoint was
    signed yet or `to` cannot be written.
    What was begun and not finished is removed.
    """
    if to.exists():
        raise Refused("record/export", "{to} exists: an export never overwrites, name another", to=str(to))
    kept = store.checkpoint()
    if kept is None:
        raise Malformed("the record has no signed checkpoint yet; `foedus status` signs one where the key is")
    note = kept[1]
    size = parse_checkpoint(parse_note(note).text).size
    named = _read(store, size, progress)
    members = _members(store, size, note, named, party)
    draft = to.with_name(f".{to.name}.unfinished")
    try:
        if to.suffix == SUFFIX:
            with draft.open("xb") as file:
                write_container(file, sorted_members(members))
                file.flush()
                os.fsync(file.fileno())
        else:
            draft.mkdir()
            for path, data in members:
                target = draft / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data())
        draft.rename(to)
    except OSError as problem:
        raise Malformed("{path} cannot be written: {problem}", path=to, problem=problem.strerror) from None
    finally:
        _remove(draft)
    held = [one for one in named.attachments.values() if store.get_blob(one.attachment.digest) is not None]
    released = sum(one.open_to(party) for one in held)
    return Exported(size, released, len(held) - released)


Content = Callable[[], bytes]


def sorted_members(members: Iterator[tuple[str, Content]]) -> Iterator[tuple[str, bytes]]:
    """The files sorted by name, each read only when its turn comes."""
    for path, data in sorted(members):
        yield path, data()


def _read(store: Store, size: int, progress: Progress | None) -> _Named:
    """What the entries name."""
    named = _Named()
    for done, data in enumerate(store.entries(0, size), 1):
        named.read(data)
        if progress and (done % TILE_WIDTH == 0 or done == size):
            progress(done, size)
    return named


def _members(store: Store, size: int, note: bytes, named: _Named, party: str | None) -> Iterator[tuple[str, Content]]:
    """Every file of the export with a way to get its bytes."""
    yield CHECKPOINT, lambda: note
    yield KEYS, f"{format_vkey(named.key())}\n".encode
    for tile in new_tiles(0, size):
        yield tile.path(), tile_content(store, tile)
    for digest in named.compacts:
        if store.get_blob(digest) is not None:
            yield f"{COMPACTS}{digest}.json", _blob(store, digest)
    for digest, held in named.attachments.items():
        if held.open_to(party) and store.get_blob(digest) is not None:
            yield BLOBS + digest, _blob(store, digest)


def tile_content(store: Store, tile: Tile) -> Content:
    """A way to get the bytes of a tile or bundle of a record."""
    start = tile.n * TILE_WIDTH
    if tile.level is None:
        return lambda: encode_bundle(list(store.entries(start, start + tile.width)))
    if tile.level == 0:
        return lambda: encode_tile(store.leaves(start, start + tile.width))
    return lambda: encode_tile(store.nodes(tile.level or 0, start, tile.width))


def _blob(store: Store, digest: str) -> Content:
    return lambda: store.get_blob(digest) or b""


class _Named:
    """What the entries name by digest, and whose record it is."""

    def __init__(self) -> None:
        self.compacts: dict[str, None] = {}
        self.attachments: dict[str, Held] = {}
        self._opening: OpenRecord | None = None
        self._entries = 0

    def read(self, data: bytes) -> None:
        statement = decode_statement(decode_entry(data).act.payload)
        body = statement.body
        if isinstance(body, OpenRecord):
            self._opening = body
        self.compacts[statement.compact] = None
        if isinstance(body, AmendCompact):
            self.compacts[body.compact] = None
        name_attachments(self.attachments, self._entries, statement)
        self._entries += 1

    def key(self) -> VerifierKey:
        assert self._opening is not None, "a checkpoint of an opened record was signed"
        return VerifierKey(self._opening.origin, ED25519, bytes.fromhex(self._opening.depositary_key))


def import_record(source: str | Path, to: str | Path, progress: Progress | None = None) -> Report:
    """Verify an export or a running server's record, and copy it into a new store: a reader's own copy.

    Nothing is copied before everything verified. The copy holds no key and can be followed, read and
    exported, not added to. Raises Tampered as `verify_record`, Refused when a record is already there.
    What was begun in a new folder and not finished is removed.
    """
    report = verify_record(source, rules=False, state=False, progress=progress)
    copied = open_source(source)
    new = not Path(to).exists()  # of a database that is so as well, and there is no folder to remove
    # An exercise runs on a time of its own: the copy's clock is the record's.
    store = open_store(to, create=True, clock=lambda: report.last_at or datetime.now(UTC))
    whole = False
    try:
        if store.size():
            raise Refused("record/opening", "{address} already holds a record", address=str(to))
        named = _Named()
        with store.write() as write:
            append_all(write, copied, report, named.read)
            for digest in (*named.compacts, *named.attachments):
                blob = copied.blob(digest)
                if blob is not None:
                    write.put_blob(digest, blob)
        for note in copied.notes():
            store.save_checkpoint(parse_checkpoint(parse_note(note).text).size, note)
        whole = True
    finally:
        store.close()
        copied.close()
        if new and not whole:
            shutil.rmtree(to, ignore_errors=True)
    return report


def append_all(
    write: Write,
    source: Source,
    report: Report,
    look: Callable[[bytes], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Put every entry of a verified source into an empty store. `look`: called with each of them;
    `progress`: after each bundle, with how many of how many.

    Raises Conflict when they are not those that `report` is about.
    """
    frontier = Frontier()
    for bundle in source.bundles():
        if look:
            for data in bundle:
                look(data)
        leaves = [leaf_hash(entry) for entry in bundle]
        frontier, nodes = frontier.extend(leaves)
        write.append(decode_entry(bundle[-1]).at, bundle, leaves, nodes, frontier.encode())
        if progress:
            progress(frontier.size, report.size)
    if frontier.root().hex() != report.root:
        raise Conflict("{source} changed between verifying and copying: try again", source=source.name)


def _remove(draft: Path) -> None:
    if draft.is_dir():
        shutil.rmtree(draft, ignore_errors=True)
    else:
        draft.unlink(missing_ok=True)
