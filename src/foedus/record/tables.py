"""What both stores ask of the same tables in the same words: the half of `store.Store` that reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from foedus.errors import Tampered
from foedus.record.store import CHUNK, check_blob, chunks

# `?` stands where a value goes.
SIZE = "SELECT size FROM head"
HEAD = "SELECT size, frontier FROM head"
ENTRIES = "SELECT idx, bytes FROM entry WHERE idx >= ? AND idx < ? ORDER BY idx"
LEAVES = "SELECT idx, leaf FROM entry WHERE idx >= ? AND idx < ? ORDER BY idx"
NODES = "SELECT n, hash FROM node WHERE level = ? AND n >= ? AND n < ? ORDER BY n"
OUTCOME = "SELECT outcome FROM inbox WHERE id = ?"
CHECKPOINTS = "SELECT size, note FROM checkpoint WHERE size < ? ORDER BY size DESC LIMIT ?"
BLOB = "SELECT data FROM blob WHERE digest = ?"
BLOBS = "SELECT digest FROM blob WHERE digest > ? ORDER BY digest LIMIT ?"
SETTING = "SELECT value FROM setting WHERE name = ?"


class Tables:
    """Each method as `store.Store` says. `rows` is the store's own way to ask, `mark` what its statements have for
    `?`.
    """

    def __init__(self, rows: Callable[[str, Sequence[object]], list[Any]], mark: Literal["?", "%s"]) -> None:
        self._rows, self._mark = rows, mark

    def _asked(self, statement: str, *values: object) -> list[Any]:
        return self._rows(statement.replace("?", self._mark), values)

    def _value(self, statement: str, key: object) -> bytes | None:
        found = self._asked(statement, key)
        return found[0][0] if found else None

    def size(self) -> int:
        return int(self._asked(SIZE)[0][0])

    def head(self) -> tuple[int, bytes]:
        size, frontier = self._asked(HEAD)[0]
        return size, frontier

    def entries(self, start: int, end: int | None = None) -> Iterator[bytes]:
        return self._entries(chunks(start, end, self.size()))

    def _entries(self, ranges: Iterator[tuple[int, int]]) -> Iterator[bytes]:
        for low, high in ranges:
            yield from _contiguous(self._asked(ENTRIES, low, high), low, "entry", high - low)

    def leaves(self, start: int, end: int) -> list[bytes]:
        return _contiguous(self._asked(LEAVES, start, end), start, "leaf")

    def nodes(self, level: int, start: int, count: int) -> list[bytes]:
        return _contiguous(self._asked(NODES, level, start, start + count), start, "node")

    def outcome(self, id: int) -> bytes | None:  # noqa: A002 - as in store.Store
        return self._value(OUTCOME, id)

    def checkpoint(self) -> tuple[int, bytes] | None:
        return next(iter(self.checkpoints(1)), None)

    def checkpoints(self, limit: int, below: int | None = None) -> list[tuple[int, bytes]]:
        return self._asked(CHECKPOINTS, 2**63 - 1 if below is None else below, limit)

    def get_blob(self, digest: str) -> bytes | None:
        check_blob(digest)
        return self._value(BLOB, digest)

    def blobs(self) -> Iterator[str]:
        after = ""
        while found := self._asked(BLOBS, after, CHUNK):
            yield from (digest for (digest,) in found)
            after = found[-1][0]

    def setting(self, name: str) -> bytes | None:
        return self._value(SETTING, name)


Kind = Literal["entry", "leaf", "node"]


def _contiguous(rows: Sequence[tuple[int, bytes]], start: int, kind: Kind, expected: int | None = None) -> list[bytes]:
    """The values of rows that must be numbered on from `start`. Raises Tampered for a gap or too few."""
    found = len(rows)
    gap = found and (rows[0][0] != start or rows[-1][0] != start + found - 1)
    if gap or (expected is not None and found != expected):
        raise _gap(start, kind, found)
    return [value for _, value in rows]


def _gap(start: int, kind: Kind, found: int) -> Tampered:
    if kind == "entry":
        return Tampered("entries from {start}: {found} found; some are missing", start=start, found=found)
    if kind == "leaf":
        return Tampered("leaf hashes from {start}: {found} found; some are missing", start=start, found=found)
    return Tampered("tree nodes from {start}: {found} found; some are missing", start=start, found=found)
