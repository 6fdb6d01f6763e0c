"""The entries that a copy lacks, in parts: each is given out when the one after it has been fetched and read.

So the other process checks the signatures of the next part while this one is recomputed and written. Nothing is
believed here: whether a part is what the checkpoint covers, and what its entries say, is for `follow`, part by part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from foedus.acts import Entry, Statement, decode_entry
from foedus.admission import read
from foedus.checking import Recorded
from foedus.desk.published import Published
from foedus.errors import FoedusError, Malformed
from foedus.record.merkle import TILE_WIDTH
from foedus.record.tiles import Tile, tile_width
from foedus.state import State

SHORT_TURNS = 0.0005  # seconds
BUNDLES_TOGETHER = 8  # full bundles verified and kept together: an interrupted first copy goes on from there


class Part(NamedTuple):
    """Entries as they were published, and read: up to the first that cannot be, with what is wrong with that."""

    entries: list[bytes]
    read: list[tuple[Entry, Statement]]
    unread: Malformed | None


def parts(source: Published, wanted: tuple[int, int], checks: Recorded, state: Callable[[], State]) -> Iterator[Part]:
    """Entries `wanted[0]` to `wanted[1]` - 1, in order; the readable ones of each part are in `checks` by then.

    `state`: what is held now. Raises as `Published.entries`, once the parts before were given out.
    """
    start = wanted[0]
    before: Part | None = None
    fetched = _fetched(source, *wanted)
    while start < wanted[1]:
        try:
            part = _read(next(fetched))
        except FoedusError:
            if before is not None:
                yield before  # what came before is kept first
            raise
        checks.add(part.entries[: len(part.read)], state())
        if before is not None:
            yield before
        before = part if start else None
        if before is None:
            yield part  # before the first entries nobody's key is known: nothing is read ahead of them
        start += len(part.entries)
    if before is not None:
        yield before


def _fetched(source: Published, start: int, size: int) -> Iterator[list[bytes]]:
    """The entries of each part, in order. Those of the next are on their way while one is worked on."""
    spans = []
    while start < size:
        end = min(size, (start // TILE_WIDTH + BUNDLES_TOGETHER) * TILE_WIDTH)
        spans.append((start, end))
        start = end
    if len(spans) < 2:
        yield from (_entries(source, *span, size) for span in spans)
        return
    pool = ThreadPoolExecutor(1, "fetching")
    turns = sys.getswitchinterval()
    # It waits for its turn after every piece that arrives; at the usual length of turns it would fall behind.
    sys.setswitchinterval(min(turns, SHORT_TURNS))
    try:
        ahead = pool.submit(_entries, source, *spans[0], size)
        for span in spans[1:]:
            found = ahead.result()
            ahead = pool.submit(_entries, source, *span, size)
            yield found
        yield ahead.result()
    finally:
        sys.setswitchinterval(turns)
        pool.shutdown(wait=False, cancel_futures=True)


def _entries(source: Published, start: int, end: int, size: int) -> list[bytes]:
    found: list[bytes] = []
    while (at := start + len(found)) < end:
        n = at // TILE_WIDTH
        found += source.entries(Tile(None, n, tile_width(size, None, n)), at - n * TILE_WIDTH)
    return found


def _read(entries: Sequence[bytes]) -> Part:
    found: list[tuple[Entry, Statement]] = []
    try:
        for data in entries:
            entry = decode_entry(data)
            found.append((entry, read(entry.act)))
    except Malformed as problem:
        return Part(list(entries), found, problem)
    return Part(list(entries), found, None)
