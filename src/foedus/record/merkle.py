"""The record's Merkle tree (RFC 6962 section 2.1, SHA-256): hashes, appending, proofs and their verification.

Everything works on hashes and numbers; it knows no entry, store or signature. Hashes are raw 32 bytes.
Nothing recurses, and no verification forgives: a proof of the wrong length, an index outside the tree or a
hash that is not 32 bytes is `Tampered`, exactly like a wrong hash.

`read(level, n)` stands for the stored tree everywhere below: the hash of the complete subtree of 2**level
leaves, number n from the left, so over the leaves from n * 2**level up to, not including, (n + 1) * 2**level.
`TreeReader` makes one from stored tiles.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from foedus.errors import Malformed, Tampered

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
EMPTY_ROOT = sha256(b"").digest()

Read = Callable[[int, int], bytes]
Node = tuple[int, int, bytes]  # tile level >= 1, number within that level, hash


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry as a leaf: SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier(NamedTuple):
    """All that is needed to append: the roots of the complete subtrees a tree of `size` leaves falls into.

    `hashes` runs from the largest subtree (left) to the smallest: one for each bit set in `size`, highest
    first. A value: `append` and `extend` return a new one.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> Frontier:
        """The frontier with one more leaf hash."""
        size, hashes = self
        keep = len(hashes)
        merging = size
        while merging & 1:
            keep -= 1
            leaf = sha256(b"\x01" + hashes[keep] + leaf).digest()
            merging >>= 1
        return Frontier(size + 1, (*hashes[:keep], leaf))

    def extend(self, leaves: Iterable[bytes]) -> tuple[Frontier, list[Node]]:
        """The frontier with more leaf hashes, and the nodes this completed at tile levels 1 and above.

        A node (level, n, hash) covers 256**level leaves; level 0 of the tiles are the leaf hashes themselves.
        """
        size, stack = self.size, list(self.hashes)
        completed: list[Node] = []
        for leaf in leaves:
            node, n, height = leaf, size, 0
            while n & 1:
                node = sha256(b"\x01" + stack.pop() + node).digest()
                n >>= 1
                height += 1
                if not height & (TILE_HEIGHT - 1):
                    completed.append((height // TILE_HEIGHT, n, node))
            stack.append(node)
            size += 1
        return Frontier(size, tuple(stack)), completed

    def root(self) -> bytes:
        """Root of the whole tree; `EMPTY_ROOT` when it has no leaf."""
        return _fold(self.hashes)

    def encode(self) -> bytes:
        """The hashes one after the other; the size is kept beside them."""
        return b"".join(self.hashes)

    @classmethod
    def decode(cls, size: int, data: bytes) -> Frontier:
        """The inverse of `encode`. Raises Tampered when the length does not fit the size."""
        expected = HASH_BYTES * size.bit_count()
        if size < 0 or len(data) != expected:
            raise Tampered(
                "frontier of {size} leaves: {found} bytes found, {expected} expected",
                size=size,
                found=len(data),
                expected=expected,
            )
        return cls(size, tuple(data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)))


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Root of the tree over these leaf hashes."""
    return Frontier().extend(leaf_hashes)[0].root()


class TreeReader:
    """`read(level, n)` over stored tiles.

    `fetch(tile_level, start, count)` returns the hashes start, start + 1 … of that tile level (each over
    256**tile_level leaves), fewer than `count` where the store ends. One tile is fetched at a time and its
    eight levels of hashes are kept, for up to `tiles` tiles (some 35 kB each), so neighbouring proofs read
    it once. For one thread at a time.
    """

    def __init__(self, fetch: Callable[[int, int, int], list[bytes]], tiles: int = 256) -> None:
        self._fetch = fetch
        self._limit = tiles
        self._kept: OrderedDict[tuple[int, int], list[list[bytes]]] = OrderedDict()

    def __call__(self, level: int, n: int) -> bytes:
        """Hash of complete subtree `n` of 2**level leaves. Raises Tampered when the store lacks it."""
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile, within = divmod(n, TILE_WIDTH >> height)
        rows = self._kept.get((tile_level, tile))
        if rows is None or len(rows[height]) <= within:  # not kept, or kept when the tile was narrower
            rows = self._load(tile_level, tile)
        else:
            self._kept.move_to_end((tile_level, tile))
        if len(rows[height]) <= within:
            raise Tampered(
                "tree hash of level {level}, number {number} is missing: tile {tile} of tile level {tile_level}"
                " holds {found} hashes, {expected} expected",
                level=level,
                number=n,
                tile=tile,
                tile_level=tile_level,
                found=len(rows[0]),
                expected=(within + 1) << height,
            )
        return rows[height][within]

    def _load(self, tile_level: int, tile: int) -> list[list[bytes]]:
        rows = [list(self._fetch(tile_level, tile * TILE_WIDTH, TILE_WIDTH))]
        for _ in range(TILE_HEIGHT - 1):
            below = iter(rows[-1])
            rows.append([node_hash(left, right) for left, right in zip(below, below, strict=False)])
        self._kept[tile_level, tile] = rows
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return rows


def frontier_at(read: Read, size: int) -> Frontier:
    """The frontier the tree had when it held `size` leaves."""
    return Frontier(size, tuple(_subtrees(read, 0, size)))


def root_at(read: Read, size: int) -> bytes:
    """Root the tree had when it held `size` leaves."""
    return _range_root(read, 0, size)


def inclusion_proof(read: Read, index: int, size: int) -> list[bytes]:
    """Audit path of leaf `index` in the tree of `size` leaves, leaf's sibling first (RFC 6962 section 2.1.1).

    Raises Malformed when there is no such leaf.
    """
    if not 0 <= index < size:
        raise Malformed(
            "proof of inclusion: entry {index} asked for, the tree has {size}, numbered from 0", index=index, size=size
        )
    return _path(read, 0, index, size)


def consistency_proof(read: Read, old: int, new: int) -> list[bytes]:
    """Proof that the tree of `old` leaves is a prefix of that of `new` (RFC 6962 section 2.1.2).

    Empty when `old` is 0 or `new`. Raises Malformed unless 0 <= old <= new.
    """
    if not 0 <= old <= new:
        raise Malformed("proof of consistency: sizes {old} and {new}, expected 0 <= old <= new", old=old, new=new)
    if old in (0, new):
        return []
    level = (old & -old).bit_length() - 1  # the smallest complete subtree at the old tree's right edge
    n = (old >> level) - 1
    path = _path(read, level, n, new)
    return [read(level, n), *path] if n else path


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that `leaf_hash` is leaf `index` of the tree of `size` leaves with this root; else Tampered."""
    if not 0 <= index < size:
        raise Tampered("proof of inclusion: entry {index} cannot be in a tree of {size}", index=index, size=size)
    inner = (index ^ (size - 1)).bit_length()  # below this level the path has siblings on both sides, above only left
    expected = inner + (index >> inner).bit_count()
    if len(proof) != expected:
        raise Tampered(
            "proof of inclusion of entry {index} in {size}: {found} hashes found, {expected} expected",
            index=index,
            size=size,
            found=len(proof),
            expected=expected,
        )
    _check_hashes(leaf_hash, root, *proof)
    node = leaf_hash
    for level, sibling in enumerate(proof):
        if level >= inner or index >> level & 1:
            node = sha256(b"\x01" + sibling + node).digest()
        else:
            node = sha256(b"\x01" + node + sibling).digest()
    if node != root:
        raise Tampered(
            "proof of inclusion of entry {index} in {size} leads to root {found}, not {expected}",
            index=index,
            size=size,
            found=node.hex(),
            expected=root.hex(),
        )


def verify_consistency(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the tree of `new_size` only added to the tree of `old_size`. Raises Tampered if not.

    An empty old tree is refused unless both are empty: it is a prefix of everything, so there is nothing to
    check, and a caller who asks believes otherwise.
    """
    if old_size == 0 and not (new_size == 0 and not proof and old_root == new_root == EMPTY_ROOT):
        raise Tampered("proof of consistency from size 0 to {size}: an empty tree proves nothing", size=new_size)
    if old_size:
        verify_subtree_consistency(0, old_size, new_size, proof=proof, subtree_root=old_root, root=new_root)


def verify_subtree_inclusion(
    leaf_hash: bytes, index: int, start: int, end: int, *, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that `leaf_hash` is leaf `index` of the tree whose leaves start to end - 1 have this root.

    Subtrees are those of draft-ietf-plants-merkle-tree-certs section 4: start is a multiple of the least
    power of two not below end - start. Raises Tampered.
    """
    _check_subtree(start, end)
    verify_inclusion(leaf_hash, index - start, end - start, proof, root)


def verify_subtree_consistency(
    start: int, end: int, size: int, *, proof: Sequence[bytes], subtree_root: bytes, root: bytes
) -> None:
    """Check that leaves start to end - 1 of the tree of `size` with this root have `subtree_root`.

    The iterative procedure of draft-ietf-plants-merkle-tree-certs section 4.4.3; with start 0 it is that of
    RFC 9162 section 2.1.4.2. An empty subtree within the tree has `EMPTY_ROOT` and no proof. Raises Tampered.
    """
    if 0 <= start == end <= size and not proof and subtree_root == EMPTY_ROOT:
        return
    _check_subtree(start, end)
    if end > size:
        raise Tampered(
            "proof of consistency: leaves {start} to {last} cannot be in a tree of {size}",
            start=start,
            last=end - 1,
            size=size,
        )
    if proof:  # without one, the only claim is that both roots are the same
        _check_hashes(subtree_root, root, *proof)
    first, last, tree = start, end - 1, size - 1
    while first != last and (last == tree or last & 1):
        first, last, tree = first >> 1, last >> 1, tree >> 1
    rest = iter(proof)
    sub = whole = subtree_root if first == last else next(rest, b"")
    for sibling in rest:
        if tree == 0:
            raise Tampered(
                "proof of consistency from {end} to {size}: more than the expected hashes found", end=end, size=size
            )
        if last & 1 or last == tree:
            if first < last:
                sub = node_hash(sibling, sub)
            whole = node_hash(sibling, whole)
            while last and not last & 1:
                first, last, tree = first >> 1, last >> 1, tree >> 1
        else:
            whole = node_hash(whole, sibling)
        first, last, tree = first >> 1, last >> 1, tree >> 1
    if tree or sub != subtree_root or whole != root:
        raise Tampered(
            "proof of consistency from {end} to {size} does not lead from the old root to the new one",
            end=end,
            size=size,
        )


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Root over complete subtrees given from left to right, largest first."""
    if not hashes:
        return EMPTY_ROOT
    node = hashes[-1]
    for left in hashes[-2::-1]:
        node = node_hash(left, node)
    return node


def _range_root(read: Read, start: int, end: int) -> bytes:
    """Root over leaves start to end - 1; start is a multiple of a power of two not below end - start."""
    return _fold(_subtrees(read, start, end))


def _subtrees(read: Read, start: int, end: int) -> list[bytes]:
    """The complete subtrees that leaves start to end - 1 fall into, from left to right, largest first."""
    hashes = []
    for level in range((end - start).bit_length() - 1, -1, -1):
        if end - start >> level & 1:
            hashes.append(read(level, start >> level))
            start += 1 << level
    return hashes


def _path(read: Read, level: int, n: int, size: int) -> list[bytes]:
    """Siblings from complete subtree `n` of 2**level leaves up to the root of the tree of `size` leaves."""
    path = []
    for _ in range((n ^ (size - 1 >> level)).bit_length()):
        sibling = n ^ 1
        start, end = sibling << level, (sibling + 1) << level
        path.append(read(level, sibling) if end <= size else _range_root(read, start, size))
        n, level = n >> 1, level + 1
    while n:
        if n & 1:
            path.append(read(level, n - 1))
        n, level = n >> 1, level + 1
    return path


def _check_subtree(start: int, end: int) -> None:
    if not 0 <= start < end or start & ((1 << (end - start - 1).bit_length()) - 1):
        raise Tampered("leaves {start} to {last} are not a subtree", start=start, last=end - 1)


def _check_hashes(*hashes: bytes) -> None:
    for value in hashes:
        if len(value) != HASH_BYTES:
            raise Tampered(
                "a hash of {found} bytes found in a proof, {expected} expected",
                found=len(value),
                expected=HASH_BYTES,
            )
