"""The record: entries in order, the tree over them, proofs and checkpoints. Appending is its one change.

    with record.store.write() as write:                 # exclusive: nobody else appends meanwhile
        record.append(write, write.at, [entry])         # hashed, in the tree; durable when the block is left
    note = record.checkpoint(sign)                      # size and root, signed: what witnesses cosign

It refuses to read an entry, to decide whether it may be appended (that is the depositary's) and to sign
(that is the caller's). Reading checks nothing twice: what a store returns is trusted here and recomputed by
`verify` and by every witness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from threading import Lock

from foedus.errors import Malformed, Tampered
from foedus.record.checkpoint import Checkpoint, format_checkpoint
from foedus.record.cosigned import keep
from foedus.record.merkle import (
    Frontier,
    TreeReader,
    consistency_proof,
    frontier_at,
    inclusion_proof,
    leaf_hash,
)
from foedus.record.store import Store, Write
from foedus.record.tiles import MAX_ENTRY_BYTES


class Record:
    """One record in its store. Safe for use by several threads."""

    def __init__(self, store: Store, origin: str) -> None:
        """`origin` names the record in checkpoints: a URL without scheme, for ever. Raises Malformed."""
        self.store = store
        self.origin = origin
        format_checkpoint(Checkpoint(origin, 0, Frontier().root()))  # a name that no checkpoint can carry
        self._tree = TreeReader(self._fetch)
        self._reading = Lock()  # a TreeReader is for one thread at a time

    @property
    def size(self) -> int:
        """Entries in the record now."""
        return self.store.size()

    def append(
        self, write: Write, at: datetime, entries: Sequence[bytes], leaves: Sequence[bytes] | None = None
    ) -> int:
        """Add entries at the end within `write`; the index of the first.

        `at` is the time of the last of them: not before that of the entry before it, not after `write.at`. `leaves`:
        their leaf hashes, where they are known already.
        Raises Malformed for an entry longer than 65,535 bytes; then nothing was added.
        """
        for entry in entries:
            if len(entry) > MAX_ENTRY_BYTES:
                raise Malformed(
                    "entry of {found} bytes: at most {most} fit: put the rest into attachments",
                    found=len(entry),
                    most=MAX_ENTRY_BYTES,
                )
        first = write.size
        if leaves is None:
            leaves = [leaf_hash(entry) for entry in entries]
        frontier, nodes = Frontier.decode(first, write.frontier).extend(leaves)
        write.append(at, entries, leaves, nodes, frontier.encode())
        return first

    def entries(self, start: int, end: int | None = None) -> Iterator[bytes]:
        """Entries start to end - 1, or to the last; in constant memory. Raises Malformed beyond the size."""
        return self.store.entries(start, end)

    def root(self, size: int | None = None) -> bytes:
        """Root of the tree now, or when it held `size` entries. Raises Malformed beyond the size."""
        return self.frontier(size).root()

    def frontier(self, size: int | None = None) -> Frontier:
        """The tree now, or when it held `size` entries, as far as adding to it needs it.

        Raises Malformed beyond the size.
        """
        now, frontier = self.store.head()
        if size is None or size == now:
            return Frontier.decode(now, frontier)
        if not 0 <= size < now:
            raise Malformed("root at size {size} asked for: the record has {found} entries", size=size, found=now)
        with self._reading:
            return frontier_at(self._tree, size)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Proof that entry `index` is in the record of `size` entries. Raises Malformed beyond the size."""
        self._check(size)
        with self._reading:
            return inclusion_proof(self._tree, index, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Proof that the record of `new` entries only added to that of `old`. Malformed beyond the size."""
        self._check(new)
        with self._reading:
            return consistency_proof(self._tree, old, new)

    def checkpoint(self, sign: Callable[[bytes], bytes]) -> bytes:
        """The note of size and root now, signed by `sign` (text -> note) and kept in the store.

        A size that has a note keeps it, with the cosignatures added since. Raises Tampered when a checkpoint
        of a larger size was signed before: the store lost entries that others may have seen.
        """
        saved = self.store.checkpoint()  # before the head, which only grows
        size, frontier = self.store.head()
        if saved is not None and saved[0] > size:
            raise Tampered(
                "record {origin}: a checkpoint of {signed} entries was signed, {size} are left; restore the"
                " store from a copy that has them",
                origin=self.origin,
                signed=saved[0],
                size=size,
            )
        if saved is not None and saved[0] == size:
            return saved[1]
        root = Frontier.decode(size, frontier).root()
        return keep(self.store, size, sign(format_checkpoint(Checkpoint(self.origin, size, root))))

    def _check(self, size: int) -> None:
        now = self.size
        if size > now:
            raise Malformed("proof for size {size} asked for: the record has {found} entries", size=size, found=now)

    def _fetch(self, level: int, start: int, count: int) -> list[bytes]:
        if level == 0:
            return self.store.leaves(start, start + count)
        return self.store.nodes(level, start, count)
