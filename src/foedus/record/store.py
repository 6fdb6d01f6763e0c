"""Where a record is kept: what every store must do, and which one an address means.

A store keeps bytes in order and settles who may add to them next. It refuses to know what an entry says: it
verifies no signature, hashes nothing and decides nothing. There are two, held to one contract suite:
`sqlite.py` (a folder on one machine, any number of processes) and `postgres.py` (any number of machines).

What each of them promises:

- A `Write` is exclusive over all threads, processes and machines, and happens whole or not at all.
- `Write.at` is read after the exclusion is had and never decreases, whatever the clock does. An envelope
  received before it is in `Write.open()` or was settled earlier: none can appear later with an earlier time.
- What was returned as done is on disk.
- Readers wait for nobody and are told of new entries in whichever process they are.
- Entries, tree nodes and receipts are never changed or removed, not even by our own mistake.

A store is opened in the process that uses it: not before a fork.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

from foedus.errors import Conflict, Malformed, Tampered

MAX_BLOB_BYTES = 256 * 2**20
CHUNK = 256  # entries or digests read at a time: at most 16 MiB, and no lock outlives a chunk

Clock = Callable[[], datetime]
Doing = Literal["opening", "reading", "writing", "committing"]  # of which the last may have happened when it fails

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_is_digest = re.compile(r"[0-9a-f]{64}").fullmatch


class Received(NamedTuple):
    """An envelope in the inbox: its receipt number, the store's time of receipt, and its exact bytes.

    The number names the receipt and counts nothing: there are gaps.
    """

    id: int
    at: datetime
    envelope: bytes


class Write(Protocol):
    """One exclusive transaction. Leaving it without an exception makes all of it durable, or none of it.

    After any method raised, nothing of the Write will be recorded, even if the exception is caught. Nothing
    of it may be used after it was left.
    """

    @property
    def at(self) -> datetime:
        """The store's time, read after the exclusion was had; at least every time it ever gave before."""

    @property
    def size(self) -> int:
        """Entries in the record, with those appended here."""

    @property
    def frontier(self) -> bytes:
        """`Frontier.encode()` of the tree of `size` entries."""

    def open(self) -> list[Received]:
        """What was received and not settled, in order of receipt, with what was received here."""

    def receive(self, envelope: bytes) -> Received:
        """Put an envelope into the inbox, received at `at`."""

    def settle(self, id: int, outcome: bytes) -> None:  # noqa: A002 - a receipt's number is its id everywhere
        """Close a receipt with its outcome, in JSON: which entry it became, or why it was refused."""

    def append(
        self,
        at: datetime,
        entries: Sequence[bytes],
        leaves: Sequence[bytes],
        nodes: Sequence[tuple[int, int, bytes]],
        frontier: bytes,
    ) -> None:
        """Add entries at the end. `at` is the last one's time, from the last recorded one's to `self.at`.

        `leaves` are their leaf hashes; `nodes` (tile level >= 1, number, hash) what they completed of the
        tree; `frontier` that of the tree with them. `Record.append` is the one caller.
        """

    def put_blob(self, digest: str, data: bytes) -> None:
        """Keep a blob under its digest, durable with the acts of this Write that name it."""

    def put_back(
        self, receipts: Iterable[Received], checkpoints: Iterable[tuple[int, bytes]], settings: Mapping[str, bytes]
    ) -> None:
        """What a backup holds beside entries and blobs, back into a store that had none of it.

        Open receipts keep their time of receipt, at most `at`, and get new numbers. `restore` is the one caller.
        """


class Store(Protocol):
    """A record's entries, tree, inbox, checkpoints, blobs and settings. Safe for use by several threads.

    Every method may raise Conflict when the store cannot be reached or has no room, with a message that says
    whether anything was recorded.
    """

    def write(self, timeout: float = 10.0) -> AbstractContextManager[Write]:
        """The one way to add. `timeout` in seconds; Conflict when another had the exclusion for so long."""

    def size(self) -> int:
        """Entries in the record."""

    def head(self) -> tuple[int, bytes]:
        """Size, and the encoded frontier of the tree of that size."""

    def entries(self, start: int, end: int | None = None) -> Iterator[bytes]:
        """Entries start, start + 1 … end - 1, or to the size at the time of the call; in constant memory."""

    def leaves(self, start: int, end: int) -> list[bytes]:
        """Leaf hashes of entries start to end - 1, fewer where the record ends."""

    def nodes(self, level: int, start: int, count: int) -> list[bytes]:
        """Hashes start, start + 1 … of a tile level >= 1, fewer where the tree ends."""

    def receive(self, envelope: bytes) -> Received:
        """Put an envelope into the inbox; it is durable when this returns."""

    def outcome(self, id: int) -> bytes | None:  # noqa: A002 - as in Write.settle
        """The outcome a receipt was settled with; None while it is open, or if there is no such receipt."""

    def save_checkpoint(self, size: int, note: bytes, instead_of: bytes | None = None) -> bool:
        """Keep the signed checkpoint of this size in place of exactly `instead_of` (None: of no note).

        False, and nothing changed, where another note stands: `cosigned.keep` reads that and adds to it, so that of
        two who add signatures to one note at the same moment neither loses them.
        """

    def checkpoint(self) -> tuple[int, bytes] | None:
        """Size and note of the checkpoint of the largest size."""

    def checkpoints(self, limit: int, below: int | None = None) -> list[tuple[int, bytes]]:
        """The checkpoints of the largest sizes, or of the largest under `below`, largest first."""

    def put_blob(self, digest: str, data: bytes) -> None:
        """Keep a blob under its digest, unless it is there already; durable when this returns."""

    def get_blob(self, digest: str) -> bytes | None:
        """The blob, or None when there is none (any more)."""

    def erase_blob(self, digest: str) -> bool:
        """Remove a blob for good; whether there was one."""

    def blobs(self) -> Iterator[str]:
        """The digests of all blobs, in order."""

    def setting(self, name: str) -> bytes | None:
        """An operational value of this installation; never part of State."""

    def settings(self, prefix: str) -> list[str]:
        """The names of all settings that begin so, in order."""

    def set_setting(self, name: str, value: bytes | None) -> None:
        """Set an operational value; None removes it."""

    def wait(self, size: int, timeout: float) -> int:
        """The record's size as soon as it is larger than `size`, or when `timeout` seconds have passed."""

    def close(self) -> None:
        """Let go of files and connections. A thread still in `wait` gets a Conflict."""


def open_store(address: str | Path, *, clock: Clock | None = None, create: bool = False) -> Store:
    """The store at an address: a folder (SQLite), or `postgresql://…` (a database, its schema `foedus`).

    `clock` replaces the machine's clock, or the server's for PostgreSQL: an exercise runs on its own time.
    `create` makes the store when it is not there. Raises Malformed when it is not there, is no record's, or
    was written by a later version; Conflict when it cannot be reached.
    """
    text = str(address)
    if text.startswith(("postgresql://", "postgres://")):
        from foedus.record.postgres import PostgresStore

        return PostgresStore(text, clock=clock, create=create)
    if "://" in text:
        raise Malformed("store {store}: expected a folder or postgresql://…", store=shown(text))
    from foedus.record.sqlite import SQLiteStore

    return SQLiteStore(Path(address), clock=clock, create=create)


def shown(address: str | Path) -> str:
    """The address as it may be said: of a database no more than what it is, for the rest may hold a password."""
    kind, separator, _ = str(address).partition("://")
    return f"{kind}://…" if separator else kind


def to_micros(at: datetime) -> int:
    """Microseconds since 1970-01-01 UTC: how both stores keep a time."""
    assert at.tzinfo is not None, "a time without a zone"
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The inverse of `to_micros`."""
    return _EPOCH + timedelta(microseconds=micros)


def check_blob(digest: str, data: bytes = b"") -> None:
    """Raises Malformed unless `digest` is lower-case hex SHA-256 and `data` small enough for one blob."""
    if not _is_digest(digest):
        raise Malformed("blob {digest!r}: expected the 64 lower-case hex digits of a SHA-256", digest=digest[:80])
    if len(data) > MAX_BLOB_BYTES:
        raise Malformed(
            "blob {digest}: {found} bytes, expected at most {most}: split it",
            digest=digest,
            found=len(data),
            most=MAX_BLOB_BYTES,
        )


def check_append(at: datetime, entries: Sequence[bytes], leaves: Sequence[bytes], last: int, now: int) -> int:
    """`at` in microseconds. What is asserted is what `Record.append` promises, not a caller's input."""
    micros = to_micros(at)
    assert entries, "nothing to append"
    assert len(entries) == len(leaves), f"{len(entries)} entries with {len(leaves)} leaf hashes"
    assert last <= micros <= now, f"entry at {at}, expected {from_micros(last)} to {from_micros(now)}"
    return micros


def chunks(start: int, end: int | None, size: int) -> Iterator[tuple[int, int]]:
    """Entries start to end - 1, or to the last, in ranges of at most CHUNK. Malformed beyond `size`."""
    end = size if end is None else end
    if not 0 <= start <= end <= size:
        raise Malformed(
            "entries {start} to {end} asked for: the record has {size}, numbered from 0",
            start=start,
            end=end,
            size=size,
        )
    return ((low, min(low + CHUNK, end)) for low in range(start, end, CHUNK))


def not_now(name: str, doing: Doing, problem: str) -> Conflict:
    """What a store that failed answers: what the library said, and what became of what was asked."""
    if doing == "opening":
        return Conflict("{store} could not be reached: {problem}", store=name, problem=problem)
    if doing == "reading":
        return Conflict("{store} cannot be read: {problem}; try again", store=name, problem=problem)
    if doing == "writing":
        return Conflict(
            "{store} cannot be written: {problem}; nothing was recorded: try again", store=name, problem=problem
        )
    return Conflict(
        "{store}: the commit failed: {problem}; whether it was recorded is not known: catch up with the record and"
        " look for the act's id before trying again",
        store=name,
        problem=problem,
    )


def full(name: str) -> Conflict:
    """What a store answers whose disk takes nothing more."""
    return Conflict("{store}: the disk is full; nothing was recorded: try again when there is room", store=name)


def damaged(name: str, problem: str) -> Tampered:
    """What a store answers whose own pages do not fit together."""
    return Tampered(
        "{store} is damaged ({problem}): keep it, and compare with a witness's copy", store=name, problem=problem
    )


def half_done() -> Conflict:
    """What a Write answers in which a statement had failed."""
    return Conflict("writing to the record: a statement had failed; nothing was recorded: try again")


def too_new(name: str, version: int, known: int) -> Malformed:
    """What a store answers that a later version of this program made."""
    return Malformed(
        "{store} has version {found}; this program knows versions up to {expected}: use a newer one",
        store=name,
        found=version,
        expected=known,
    )


def closed() -> Conflict:
    """What a closed store answers."""
    return Conflict("the store was closed: nothing was read or recorded")


class Closable(Protocol):
    """What `Idle` keeps: a database connection."""

    def close(self) -> None:
        """Let go of it."""


C = TypeVar("C", bound=Closable)


class Idle(Generic[C]):
    """Connections that nobody is using; the one given back last is taken first, as it is the warmest."""

    def __init__(self, connect: Callable[[], C], keep: int = 8) -> None:
        self._connect = connect
        self._keep = keep
        self._idle: list[C] = []
        self._lock = Lock()
        self.closed = False

    def __len__(self) -> int:
        return len(self._idle)

    def take(self) -> C:
        """An idle connection, or a new one. Raises Conflict after `close`."""
        with self._lock:
            if self.closed:
                raise closed()
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def give(self, connection: C) -> None:
        """Back from use and fit for the next."""
        with self._lock:
            if not self.closed and len(self._idle) < self._keep:
                self._idle.append(connection)
                return
        connection.close()

    def drop(self) -> None:
        """Close what is idle: the server it led to is gone."""
        with self._lock:
            dropped, self._idle = self._idle, []
        for connection in dropped:
            connection.close()

    def close(self) -> None:
        """Close what is idle, and what is in use as soon as it is given back."""
        self.closed = True
        self.drop()
