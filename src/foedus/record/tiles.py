"""Tiles and entry bundles: the files and addresses under which a log is published (c2sp.org/tlog-tiles).

A tile is up to 256 hashes side by side, a bundle the up to 256 entries under one tile of level 0. What is
partial is named by its width: an empty tile does not exist, and a name without a width means 256 and
nothing less, because files once published under a full name are kept for ever by those who fetch them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from foedus.errors import Malformed
from foedus.record.merkle import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH

MAX_ENTRY_BYTES = 65_535
MAX_LEVEL = 63
MAX_INDEX = 2**63 - 1

_parse = re.compile(
    r"tile/(?P<level>[0-9]|[1-5][0-9]|6[0-3]|entries)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
).fullmatch


class Tile(NamedTuple):
    """Which tile: its level (None: a bundle of entries), its number, how many hashes or entries wide."""

    level: int | None
    n: int
    width: int = TILE_WIDTH

    def path(self) -> str:
        """Where it is published, below the log's address. Raises Malformed for a tile that cannot be."""
        level, n, width = self
        if not (0 <= n <= MAX_INDEX and 0 < width <= TILE_WIDTH) or not (level is None or 0 <= level <= MAX_LEVEL):
            raise Malformed(
                "tile of level {level}, number {number}, width {width}: expected a width of 1 to 256",
                level="entries" if level is None else level,
                number=n,
                width=width,
            )
        digits = f"{n:03d}"
        digits = "0" * (-len(digits) % 3) + digits
        groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        number = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
        kind = "entries" if level is None else level
        return f"tile/{kind}/{number}" + (f".p/{width}" if width < TILE_WIDTH else "")


def tile_path(level: int, n: int, width: int = TILE_WIDTH) -> str:
    """Path of a tile of hashes. Raises Malformed for a width outside 1 to 256."""
    return Tile(level, n, width).path()


def bundle_path(n: int, width: int = TILE_WIDTH) -> str:
    """Path of a bundle of entries. Raises Malformed for a width outside 1 to 256."""
    return Tile(None, n, width).path()


def parse_tile_path(path: str) -> Tile:
    """The tile a path names. Raises Malformed for any spelling but the one `Tile.path` gives."""
    match = _parse(path)
    if match:
        level = None if match["level"] == "entries" else int(match["level"])
        tile = Tile(level, int(match["index"].replace("/", "").replace("x", "")), int(match["width"] or TILE_WIDTH))
        if tile.n <= MAX_INDEX and tile.width <= TILE_WIDTH and tile.path() == path:
            return tile
    raise Malformed("tile path {path!r}: expected tile/<level or entries>/<x001/234>[.p/<width>]", path=path[:120])


def tile_width(size: int, level: int | None, n: int) -> int:
    """How many hashes (entries) a log of `size` has in a tile: 0 to 256, 0 when there is no such tile yet."""
    count = size >> TILE_HEIGHT * (level or 0)
    return max(0, min(TILE_WIDTH, count - n * TILE_WIDTH))


def new_tiles(old: int, new: int) -> Iterator[Tile]:
    """The tiles and bundles to publish when a log grows from `old` to `new` entries; bundles come first."""
    for level in (None, *range(MAX_LEVEL + 1)):
        shift = TILE_HEIGHT * (level or 0)
        if old >> shift == new >> shift:
            return
        for n in range((old >> shift) // TILE_WIDTH, -(-(new >> shift) // TILE_WIDTH)):
            yield Tile(level, n, tile_width(new, level, n))


def encode_tile(hashes: Sequence[bytes]) -> bytes:
    """The bytes of a tile: its 1 to 256 hashes one after the other. Raises Malformed."""
    if not 0 < len(hashes) <= TILE_WIDTH or any(len(value) != HASH_BYTES for value in hashes):
        raise Malformed(
            "tile: {found} hashes, expected 1 to {most} of {expected} bytes",
            found=len(hashes),
            most=TILE_WIDTH,
            expected=HASH_BYTES,
        )
    return b"".join(hashes)


def decode_tile(data: bytes, width: int = TILE_WIDTH) -> list[bytes]:
    """The hashes of a tile of this width. Raises Malformed when the bytes are not exactly that many."""
    if not 0 < width <= TILE_WIDTH or len(data) != width * HASH_BYTES:
        raise Malformed(
            "tile: {found} bytes found, {expected} expected for width {width}",
            found=len(data),
            expected=width * HASH_BYTES,
            width=width,
        )
    return [data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of a bundle of 1 to 256 entries, each after its length in two bytes, high byte first.

    Raises Malformed, also for an entry over 65,535 bytes.
    """
    if not 0 < len(entries) <= TILE_WIDTH:
        raise Malformed("bundle: {found} entries, expected 1 to {most}", found=len(entries), most=TILE_WIDTH)
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise Malformed(
                "bundle: an entry of {found} bytes, at most {most} allowed", found=len(entry), most=MAX_ENTRY_BYTES
            )
        parts += [len(entry).to_bytes(2), entry]
    return b"".join(parts)


def decode_bundle(data: bytes, width: int = TILE_WIDTH) -> list[bytes]:
    """The entries of a bundle of this width. Raises Malformed when the bytes are not exactly that many."""
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at + 2 <= end and len(entries) < TILE_WIDTH:
        start = at + 2
        stop = start + int.from_bytes(data[at:start])
        if stop > end:  # cut short within this entry
            break
        entries.append(data[start:stop])
        at = stop
    if at != end or len(entries) != width or not width:
        raise Malformed(
            "bundle: {found} entries in {read} of {size} bytes found, {expected} in all expected",
            found=len(entries),
            read=at,
            size=end,
            expected=width,
        )
    return entries
