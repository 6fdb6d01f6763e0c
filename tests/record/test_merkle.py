"""Laws of the tree, against RFC 6962's own recursive definition."""

from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from foedus.errors import Malformed, Tampered
from foedus.record.merkle import (
    EMPTY_ROOT,
    Frontier,
    TreeReader,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    root_of,
    verify_consistency,
    verify_inclusion,
    verify_subtree_consistency,
    verify_subtree_inclusion,
)

LEAVES = [leaf_hash(b"entry %d" % number) for number in range(1100)]
sizes = st.one_of(st.integers(0, 70), st.sampled_from([255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 1100]))
full_sizes = sizes.filter(bool)


def mth(leaves):
    """MTH of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def stored(leaves=LEAVES):
    """What a store answers: the hashes of whole tiles, fewer where it ends."""

    def fetch(level, start, count):
        span = 256**level
        return [mth(leaves[n * span : (n + 1) * span]) for n in range(start, min(start + count, len(leaves) // span))]

    return fetch


READ = TreeReader(stored())


@st.composite
def positions(draw):
    size = draw(full_sizes)
    return draw(st.integers(0, size - 1)), size


def changed(data, bit):
    at = bit % (8 * len(data))
    return data[: at // 8] + bytes([data[at // 8] ^ 1 << at % 8]) + data[at // 8 + 1 :]


def test_hashes_are_those_of_rfc_6962():
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"entry") == sha256(b"\x00entry").digest()
    assert node_hash(LEAVES[0], LEAVES[1]) == sha256(b"\x01" + LEAVES[0] + LEAVES[1]).digest()


@given(sizes)
def test_every_way_to_a_root_gives_the_same(size):
    leaves = LEAVES[:size]
    one_by_one = Frontier()
    for leaf in leaves:
        one_by_one = one_by_one.append(leaf)
    at_once, _ = Frontier().extend(leaves)
    assert one_by_one == at_once
    assert one_by_one.root() == mth(leaves) == root_of(leaves) == root_at(READ, size)


@given(sizes, sizes)
def test_extending_from_anywhere_completes_exactly_the_new_tile_nodes(first, second):
    old, new = sorted((first, second))
    frontier, _ = Frontier().extend(LEAVES[:old])
    grown, completed = frontier.extend(LEAVES[old:new])
    assert grown.root() == mth(LEAVES[:new])
    assert completed == [(1, n, mth(LEAVES[256 * n : 256 * n + 256])) for n in range(old // 256, new // 256)]


def test_nodes_of_the_second_tile_level_are_completed_too():
    _, completed = Frontier().extend([LEAVES[0]] * 65_536)
    assert completed[-2][:2] == (1, 255)
    assert completed[-1] == (2, 0, root_of([LEAVES[0]] * 65_536))


@given(sizes)
def test_a_frontier_survives_its_bytes(size):
    frontier, _ = Frontier().extend(LEAVES[:size])
    assert Frontier.decode(size, frontier.encode()) == frontier
    with pytest.raises(Tampered):
        Frontier.decode(size, frontier.encode() + b"\0")


@given(positions(), st.integers(0))
def test_every_inclusion_proof_verifies_and_no_changed_one_does(position, bit):
    index, size = position
    root = mth(LEAVES[:size])
    proof = inclusion_proof(READ, index, size)
    verify_inclusion(LEAVES[index], index, size, proof, root)
    wrong = [
        (changed(LEAVES[index], bit), proof, root),
        (LEAVES[index], proof, changed(root, bit)),
        (LEAVES[index], [*proof, root], root),
        (LEAVES[index], [root, *proof], root),
        (LEAVES[index], [value[:-1] for value in proof] or [b""], root),
    ]
    if proof:
        at = bit % len(proof)
        wrong += [
            (LEAVES[index], [*proof[:at], changed(proof[at], bit), *proof[at + 1 :]], root),
            (LEAVES[index], proof[:-1], root),
            (LEAVES[index], proof[1:], root),
        ]
    for leaf, hashes, top in wrong:
        with pytest.raises(Tampered):
            verify_inclusion(leaf, index, size, hashes, top)


@given(positions(), st.integers(-3, 1200))
def test_an_inclusion_proof_holds_for_its_index_alone(position, other):
    index, size = position
    proof = inclusion_proof(READ, index, size)
    if other != index:
        with pytest.raises(Tampered):
            verify_inclusion(LEAVES[index], other, size, proof, mth(LEAVES[:size]))


@given(full_sizes, full_sizes, st.integers(0))
@example(1, 1, 0)
@example(256, 257, 5)
def test_every_consistency_proof_verifies_and_no_changed_one_does(first, second, bit):
    old, new = sorted((first, second))
    roots = mth(LEAVES[:old]), mth(LEAVES[:new])
    proof = consistency_proof(READ, old, new)
    verify_consistency(old, new, proof, *roots)
    wrong = [
        (proof, changed(roots[0], bit), roots[1]),
        (proof, roots[0], changed(roots[1], bit)),
        ([*proof, roots[0]], *roots),
        ([roots[0], *proof], *roots),
    ]
    if proof:
        at = bit % len(proof)
        wrong += [
            ([*proof[:at], changed(proof[at], bit), *proof[at + 1 :]], *roots),
            (proof[:-1], *roots),
            (proof[1:], *roots),
            (proof, roots[1], roots[0]),
        ]
    for hashes, before, after in wrong:
        with pytest.raises(Tampered):
            verify_consistency(old, new, hashes, before, after)


@given(full_sizes, full_sizes, st.integers(0, 1099))
def test_a_rewritten_entry_is_never_consistent(first, second, index):
    old, new = sorted((first, second))
    index %= old
    forged = [*LEAVES[:index], leaf_hash(b"forged"), *LEAVES[index + 1 : new]]
    proof = consistency_proof(TreeReader(stored(forged)), old, new)
    with pytest.raises(Tampered):
        verify_consistency(old, new, proof, mth(LEAVES[:old]), mth(forged))


def test_an_empty_tree_is_consistent_with_itself_and_proves_nothing_else():
    verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    assert consistency_proof(READ, 0, 9) == []
    for new, proof, before, after in [
        (1, [], EMPTY_ROOT, LEAVES[0]),
        (0, [EMPTY_ROOT], EMPTY_ROOT, EMPTY_ROOT),
        (0, [], LEAVES[0], LEAVES[0]),
    ]:
        with pytest.raises(Tampered):
            verify_consistency(0, new, proof, before, after)


@pytest.mark.parametrize(("old", "new"), [(2, 1), (-1, 4), (5, 4)])
def test_sizes_that_cannot_be(old, new):
    with pytest.raises(Malformed):
        consistency_proof(READ, old, new)
    with pytest.raises(Tampered):
        verify_consistency(old, new, [], LEAVES[0], LEAVES[0])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_entries_that_are_not_there(index, size):
    with pytest.raises(Malformed):
        inclusion_proof(READ, index, size)
    with pytest.raises(Tampered):
        verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])


@given(st.integers(0, 6), st.integers(0, 6), st.integers(1, 64), st.data())
def test_what_is_in_a_subtree_is_proven_like_what_is_in_a_tree(height, n, length, data):
    start = n << height
    end = start + min(length, 1 << height)
    index = data.draw(st.integers(start, end - 1))
    leaves = LEAVES[start:end]
    proof = inclusion_proof(TreeReader(stored(leaves)), index - start, len(leaves))
    verify_subtree_inclusion(LEAVES[index], index, start, end, proof=proof, root=mth(leaves))
    with pytest.raises(Tampered):
        verify_subtree_inclusion(LEAVES[index], index, start, end, proof=[*proof, leaves[0]], root=mth(leaves))


def test_a_subtree_is_consistent_with_the_tree_around_it():
    """Leaves 4 to 7 of 13: their root stands in the tree, so the proof is the path from it to the top."""
    root, part = mth(LEAVES[:13]), mth(LEAVES[4:8])
    proof = [mth(LEAVES[:4]), mth(LEAVES[8:13])]
    verify_subtree_consistency(4, 8, 13, proof=proof, subtree_root=part, root=root)
    for start, end in [(5, 8), (4, 9), (8, 4), (4, 4)]:
        with pytest.raises(Tampered):
            verify_subtree_consistency(start, end, 13, proof=proof, subtree_root=part, root=root)
    with pytest.raises(Tampered):
        verify_subtree_consistency(4, 8, 7, proof=proof, subtree_root=part, root=root)


def test_a_reader_fetches_a_tile_once_and_again_only_when_it_has_grown():
    leaves, fetched = LEAVES[:300], []

    def fetch(level, start, count):
        fetched.append((level, start, count))
        return stored(leaves)(level, start, count)

    read = TreeReader(fetch, tiles=3)
    for index in range(256, 300):
        verify_inclusion(leaves[index], index, 300, inclusion_proof(read, index, 300), mth(leaves))
    assert fetched == [(0, 256, 256), (1, 0, 256)]
    leaves = LEAVES[:301]
    assert root_at(read, 301) == mth(leaves)
    assert fetched[2:] == [(0, 256, 256)]


def test_a_reader_keeps_no_more_tiles_than_it_may():
    fetched = []

    def fetch(level, start, count):
        fetched.append(start)
        return LEAVES[start : start + count]

    read = TreeReader(fetch, tiles=2)
    for n in (0, 256, 0, 512, 0, 256):
        assert read(0, n) == LEAVES[n]
    assert fetched == [0, 256, 512, 256]


def test_a_hash_that_the_store_lost_is_tampered():
    with pytest.raises(Tampered, match="missing"):
        root_at(TreeReader(stored(LEAVES[:255])), 256)
