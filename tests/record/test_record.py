"""The record over its store: what is appended is in the tree, can be proven, and is signed for."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.errors import Malformed, Tampered
from foedus.record.checkpoint import verify_checkpoint
from foedus.record.merkle import (
    EMPTY_ROOT,
    Frontier,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from foedus.record.note import note_key, sign_note
from foedus.record.record import Record
from foedus.record.store import open_store

ORIGIN = "record.example/kyiv-2022"
SEED = bytes(range(32))
# Around the widths of a tile and of two levels of them.
SIZES = (0, 1, 2, 3, 255, 256, 257, 511, 512, 600)


@pytest.fixture
def record(store):
    return Record(store, ORIGIN)


def entry(number):
    return f"entry {number}".encode()


def add(record, *entries):
    with record.store.write() as write:
        return record.append(write, write.at, entries)


def fill(record, size):
    """Append until the record has `size` entries, in batches of growing length."""
    while (first := record.size) < size:
        add(record, *map(entry, range(first, min(size, 2 * first + 1))))


def sign(text):
    return sign_note(text, ORIGIN, SEED)


def test_an_empty_record_has_the_empty_root(record):
    assert record.size == 0
    assert record.root() == record.root(0) == EMPTY_ROOT
    assert list(record.entries(0)) == []


def test_entries_are_numbered_from_where_the_record_ended(record):
    assert add(record, b"a", b"b") == 0
    assert add(record, b"c") == 2
    assert list(record.entries(0)) == [b"a", b"b", b"c"]
    assert list(record.entries(1, 2)) == [b"b"]


def test_every_root_is_that_of_the_leaves(record):
    fill(record, SIZES[-1])
    leaves = [leaf_hash(entry(number)) for number in range(SIZES[-1])]
    assert record.store.leaves(0, SIZES[-1]) == leaves
    for size in SIZES:
        assert record.root(size) == root_of(leaves[:size])
    assert record.root() == root_of(leaves)


def test_every_entry_is_proven_in_every_size(record):
    fill(record, SIZES[-1])
    for size in SIZES[1:]:
        root = record.root(size)
        for index in {0, size // 2, size - 1, min(255, size - 1)}:
            verify_inclusion(leaf_hash(entry(index)), index, size, record.inclusion(index, size), root)


def test_every_size_is_a_prefix_of_every_later_one(record):
    fill(record, SIZES[-1])
    for old in SIZES[1:]:
        for new in SIZES:
            if new >= old:
                proof = record.consistency(old, new)
                verify_consistency(old, new, proof, record.root(old), record.root(new))


def test_proofs_made_while_the_record_grows_stay_true(record):
    """The tree reader keeps tiles it has read; a tile that was narrower then is read again."""
    for size in range(1, 300, 7):
        fill(record, size)
        root = record.root()
        for index in (0, size - 1):
            verify_inclusion(leaf_hash(entry(index)), index, size, record.inclusion(index, size), root)
        verify_consistency(1, size, record.consistency(1, size), leaf_hash(entry(0)), root)


def test_several_threads_may_ask_for_proofs(store):
    record = Record(store, ORIGIN)
    fill(record, 700)
    root = record.root()

    def prove(index):
        verify_inclusion(leaf_hash(entry(index)), index, 700, record.inclusion(index, 700), root)
        return index

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(prove, range(0, 700, 5))) == list(range(0, 700, 5))


def test_what_was_rolled_back_leaves_no_trace_in_the_tree(record):
    fill(record, 255)
    before = record.root()

    def fail():
        with record.store.write() as write:
            record.append(write, write.at, [b"never", b"was"])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert record.root() == before
    add(record, *map(entry, range(255, 258)))
    assert record.root() == root_of(leaf_hash(entry(number)) for number in range(258))
    assert record.store.nodes(1, 0, 2) == [root_of(leaf_hash(entry(number)) for number in range(256))]


def test_two_appends_in_one_write_are_one_after_the_other(record):
    with record.store.write() as write:
        assert record.append(write, write.at, [entry(0), entry(1)]) == 0
        assert record.append(write, write.at, [entry(2)]) == 2
        assert write.size == 3
    assert record.root() == root_of(leaf_hash(entry(number)) for number in range(3))


def test_two_records_on_one_store_append_in_turn(store, store_address):
    other = open_store(store_address)
    records = [Record(store, ORIGIN), Record(other, ORIGIN)]

    def work(record):
        for _ in range(20):
            with record.store.write(timeout=60) as write:
                record.append(write, write.at, [entry(write.size)])

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, records))
    assert list(records[0].entries(0)) == [entry(number) for number in range(40)]
    assert records[0].root() == records[1].root() == root_of(leaf_hash(entry(number)) for number in range(40))
    other.close()


def test_an_entry_has_at_most_65535_bytes(record):
    add(record, b"x" * 65_535)
    with record.store.write() as write, pytest.raises(Malformed, match="65536 bytes"):
        record.append(write, write.at, [b"fits", b"x" * 65_536])
    assert record.size == 1


@pytest.mark.parametrize("origin", ["", "two\nlines", "a\n"])
def test_an_origin_that_no_checkpoint_can_carry_is_malformed(store, origin):
    with pytest.raises(Malformed, match="checkpoint"):
        Record(store, origin)


def test_nothing_is_said_of_entries_not_there_yet(record):
    fill(record, 5)
    for ask in (
        lambda: record.root(6),
        lambda: record.root(-1),
        lambda: record.inclusion(5, 5),
        lambda: record.inclusion(-1, 5),
        lambda: record.inclusion(0, 6),
        lambda: record.consistency(3, 6),
        lambda: record.consistency(4, 3),
        lambda: record.entries(0, 6),
    ):
        with pytest.raises(Malformed):
            ask()


def test_a_checkpoint_is_signed_kept_and_not_signed_again(record):
    fill(record, 3)
    note = record.checkpoint(sign)
    signed = verify_checkpoint(note, note_key(ORIGIN, SEED)).checkpoint
    assert (signed.size, signed.root) == (3, record.root())
    assert record.store.checkpoint() == (3, note)

    def refuse(text):
        raise AssertionError(text)

    assert record.checkpoint(refuse) == note
    record.store.save_checkpoint(3, note + b"cosigned", instead_of=note)
    assert record.checkpoint(refuse) == note + b"cosigned"
    fill(record, 4)
    assert record.checkpoint(sign) != note
    assert [size for size, _ in record.store.checkpoints(9)] == [4, 3]


def test_a_record_shorter_than_what_was_signed_is_tampered(record):
    fill(record, 3)
    record.store.save_checkpoint(4, b"a checkpoint of the four entries there once were")
    with pytest.raises(Tampered, match="4 entries"):
        record.checkpoint(sign)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches=st.lists(st.lists(st.binary(max_size=40), min_size=1, max_size=300), max_size=6))
def test_how_entries_were_batched_does_not_show(tmp_path_factory, batches):
    store = open_store(tmp_path_factory.mktemp("batches") / "record", create=True)
    record = Record(store, ORIGIN)
    for batch in batches:
        add(record, *batch)
    entries = [each for batch in batches for each in batch]
    frontier, nodes = Frontier().extend(map(leaf_hash, entries))
    assert list(record.entries(0)) == entries
    assert store.head() == (len(entries), frontier.encode())
    assert store.nodes(1, 0, 99) == [node for level, _, node in nodes if level == 1]
    store.close()
