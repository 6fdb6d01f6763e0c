"""What every store promises to keep (foedus/record/store.py), on SQLite and on a real PostgreSQL server."""

import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest

from foedus.errors import Conflict, Malformed, Tampered
from foedus.record import cosigned
from foedus.record.note import Note, NoteSignature, format_note, parse_note, sign_note
from foedus.record.store import open_store
from tests.stores import add, fill

DIGEST = sha256(b"annex").hexdigest()


def hash_of(number):
    return sha256(str(number).encode()).digest()


# A new store


def test_a_new_store_is_empty(store):
    assert store.size() == 0
    assert store.head() == (0, b"")
    assert list(store.entries(0)) == []
    assert store.leaves(0, 10) == store.nodes(1, 0, 10) == []
    assert store.checkpoint() is None
    assert store.checkpoints(10) == []
    assert list(store.blobs()) == []
    with store.write() as write:
        assert (write.size, write.frontier, write.open()) == (0, b"", [])


def test_a_store_is_made_only_when_asked(store_address):
    with pytest.raises(Malformed, match="holds no record"):
        open_store(store_address)
    open_store(store_address, create=True).close()
    open_store(store_address).close()


def test_making_a_store_that_is_there_keeps_what_it_holds(store, store_address):
    fill(store, 3)
    again = open_store(store_address, create=True)
    assert again.size() == 3
    again.close()


def test_several_processes_may_make_it_at_once(store_address):
    with ThreadPoolExecutor(8) as threads:
        stores = list(threads.map(lambda _: open_store(store_address, create=True), range(8)))
    for number, each in enumerate(stores):
        assert each.size() == number
        with each.write() as write:
            add(write, b"one more")
        each.close()


def test_an_unknown_kind_of_address_is_malformed(tmp_path):
    with pytest.raises(Malformed, match="mysql"):
        open_store("mysql://example/record")


# Appending


def test_entries_come_back_in_order_with_their_hashes(store):
    entries = [b"", b"a", b"\x00\xff", b"x" * 65_535]
    with store.write() as write:
        add(write, *entries, frontier=b"four")
        assert (write.size, write.frontier) == (4, b"four")
    assert list(store.entries(0)) == entries
    assert list(store.entries(1, 3)) == entries[1:3]
    assert store.leaves(0, 4) == [sha256(entry).digest() for entry in entries]
    assert store.leaves(2, 99) == [sha256(entry).digest() for entry in entries[2:]]
    assert store.head() == (4, b"four")


def test_a_write_may_append_several_times(store):
    with store.write() as write:
        add(write, b"first", frontier=b"1")
        add(write, b"second", b"third", frontier=b"3")
    assert list(store.entries(0)) == [b"first", b"second", b"third"]
    assert store.head() == (3, b"3")


def test_tree_nodes_come_back_by_level_and_number(store):
    nodes = [(1, n, hash_of(n)) for n in range(5)] + [(2, 0, hash_of("top"))]
    with store.write() as write:
        add(write, b"entry", nodes=nodes)
    assert store.nodes(1, 0, 256) == [hash_of(n) for n in range(5)]
    assert store.nodes(1, 3, 1) == [hash_of(3)]
    assert store.nodes(2, 0, 256) == [hash_of("top")]
    assert store.nodes(3, 0, 256) == []


def test_many_entries_are_streamed_in_order(store):
    fill(store, 1000)
    assert list(store.entries(0)) == [str(number).encode() for number in range(1000)]
    assert list(store.entries(255, 513)) == [str(number).encode() for number in range(255, 513)]


def test_a_stream_ends_where_the_record_ended_when_it_was_asked_for(store):
    fill(store, 600)
    stream = store.entries(0)
    read = [next(stream)]
    fill(store, 600)
    assert len(read + list(stream)) == 600


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 1), (0, 4), (4, None)])
def test_entries_that_cannot_be_there_are_malformed(store, start, end):
    fill(store, 3)
    with pytest.raises(Malformed, match="the record has 3"):
        store.entries(start, end)


def test_what_was_written_is_there_for_whoever_opens_it_next(store, store_address):
    with store.write() as write:
        receipt = write.receive(b"act")
        write.settle(receipt.id, b'{"entry":0}')
        write.put_blob(DIGEST, b"annex")
        add(write, b"entry", nodes=[(1, 0, hash_of(0))], frontier=b"f")
    store.save_checkpoint(1, b"note")
    store.close()
    again = open_store(store_address)
    assert again.head() == (1, b"f")
    assert list(again.entries(0)) == [b"entry"]
    assert again.nodes(1, 0, 1) == [hash_of(0)]
    assert again.outcome(receipt.id) == b'{"entry":0}'
    assert again.get_blob(DIGEST) == b"annex"
    assert again.checkpoint() == (1, b"note")
    again.close()


# Everything or nothing


def test_an_exception_leaves_nothing_behind(store):
    fill(store, 1)
    before = store.receive(b"received earlier")

    def fail():
        with store.write() as write:
            write.receive(b"received here")
            write.settle(before.id, b"{}")
            write.put_blob(DIGEST, b"annex")
            add(write, b"entry", nodes=[(1, 0, hash_of(0))], frontier=b"f")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert store.head() == (1, b"")
    assert store.nodes(1, 0, 1) == []
    assert store.get_blob(DIGEST) is None
    assert store.outcome(before.id) is None
    with store.write() as write:
        assert write.open() == [before]


def test_nobody_sees_a_write_before_it_is_left(store):
    with store.write() as write:
        add(write, b"entry")
        write.put_blob(DIGEST, b"annex")
        assert store.size() == 0
        assert store.get_blob(DIGEST) is None
        assert list(store.entries(0)) == []
    assert store.size() == 1


def test_a_write_that_was_left_is_of_no_use(store):
    with store.write() as write:
        pass
    with pytest.raises(AssertionError):
        add(write, b"entry")
    assert store.size() == 0


def test_a_failure_that_is_caught_records_nothing_all_the_same(store):
    receipt = store.receive(b"act")
    with store.write() as write:
        write.settle(receipt.id, b"{}")

    def catch():
        with store.write() as write:
            add(write, b"entry")
            with pytest.raises(AssertionError):
                write.settle(receipt.id, b"{}")  # settled already: a trigger stops it

    with pytest.raises(Conflict, match="nothing was recorded"):
        catch()
    assert store.size() == 0


# Our own mistakes


def test_nothing_and_half_an_entry_cannot_be_appended(store):
    with pytest.raises(AssertionError), store.write() as write:
        write.append(write.at, [], [], [], b"")
    with pytest.raises(AssertionError), store.write() as write:
        write.append(write.at, [b"entry"], [], [], b"")
    assert store.size() == 0


def test_a_receipt_that_is_not_there_cannot_be_settled(store):
    with pytest.raises(AssertionError), store.write() as write:
        write.settle(17, b"{}")


# The inbox


def test_what_is_received_stays_open_until_it_is_settled(store):
    first, second = store.receive(b"first"), store.receive(b"second")
    with store.write() as write:
        third = write.receive(b"third")
        assert write.open() == [first, second, third]
        assert third.at == write.at
        write.settle(second.id, b'{"refused":"P10"}')
        assert write.open() == [first, third]
    with store.write() as write:
        assert write.open() == [first, third]
    assert store.outcome(first.id) is None
    assert store.outcome(second.id) == b'{"refused":"P10"}'
    assert store.outcome(9999) is None
    assert first.id != second.id != third.id


def test_the_inbox_keeps_exact_bytes(store):
    received = store.receive(bytes(range(256)))
    with store.write() as write:
        assert write.open() == [received]
        assert write.open()[0].envelope == bytes(range(256))


# Checkpoints


def test_checkpoints_are_kept_by_size(store):
    for size in (3, 10, 1):
        store.save_checkpoint(size, f"note {size}".encode())
    assert store.checkpoint() == (10, b"note 10")
    assert store.checkpoints(2) == [(10, b"note 10"), (3, b"note 3")]
    assert [size for size, _ in store.checkpoints(99)] == [10, 3, 1]


def test_the_checkpoints_under_a_size(store):
    for size in (3, 10, 1):
        store.save_checkpoint(size, b"note")
    assert [size for size, _ in store.checkpoints(99, below=10)] == [3, 1]
    assert [size for size, _ in store.checkpoints(1, below=11)] == [10]
    assert store.checkpoints(99, below=1) == []


def test_a_checkpoint_is_replaced_by_one_with_more_signatures(store):
    assert store.save_checkpoint(3, b"signed")
    assert store.save_checkpoint(3, b"signed and cosigned", instead_of=b"signed")
    assert store.checkpoints(9) == [(3, b"signed and cosigned")]


def test_a_checkpoint_is_replaced_by_nobody_who_has_not_read_it(store):
    assert not store.save_checkpoint(3, b"cosigned", instead_of=b"signed")
    assert store.save_checkpoint(3, b"signed")
    assert not store.save_checkpoint(3, b"another")
    assert not store.save_checkpoint(3, b"another", instead_of=b"cosigned")
    assert store.checkpoints(9) == [(3, b"signed")]


def test_of_many_who_add_to_one_checkpoint_none_is_lost(store):
    note = sign_note(b"a text\n", "log.example", bytes(32))
    lines = [Note(b"a text\n", (NoteSignature(f"w{n}.example", bytes(4), bytes(64)),)) for n in range(24)]
    with ThreadPoolExecutor(8) as several:
        list(several.map(lambda line: cosigned.keep(store, 3, format_note(line)), lines[:12]))
        cosigned.keep(store, 3, note)
        list(several.map(lambda line: cosigned.keep(store, 3, format_note(line)), lines))
    [(_, kept)] = store.checkpoints(9)
    names = [one.name for one in parse_note(kept).signatures]
    assert sorted(names) == sorted(["log.example", *(f"w{n}.example" for n in range(24))])


def test_one_line_for_a_key_however_often_it_signs(store):
    first, again = (Note(b"a text\n", (NoteSignature("w.example", bytes(4), bytes([n]) * 64),)) for n in (1, 2))
    kept = cosigned.keep(store, 3, format_note(first))
    assert cosigned.keep(store, 3, format_note(again)) == kept == format_note(first)
    with pytest.raises(Tampered, match="two checkpoints of one size"):
        cosigned.keep(store, 3, sign_note(b"another text\n", "log.example", bytes(32)))


# Blobs


def test_blobs_are_kept_and_listed_by_digest(store):
    digests = sorted(sha256(str(number).encode()).hexdigest() for number in range(300))
    for digest in reversed(digests):
        store.put_blob(digest, digest.encode())
    assert list(store.blobs()) == digests
    assert store.get_blob(digests[7]) == digests[7].encode()
    assert store.get_blob(DIGEST) is None


def test_a_blob_put_twice_is_the_first(store):
    store.put_blob(DIGEST, b"annex")
    store.put_blob(DIGEST, b"another")
    with store.write() as write:
        write.put_blob(DIGEST, b"yet another")
    assert store.get_blob(DIGEST) == b"annex"


def test_an_erased_blob_is_gone_and_may_come_again(store):
    store.put_blob(DIGEST, b"annex")
    assert store.erase_blob(DIGEST)
    assert store.get_blob(DIGEST) is None
    assert not store.erase_blob(DIGEST)
    store.put_blob(DIGEST, b"annex")
    assert store.get_blob(DIGEST) == b"annex"


def test_a_blob_may_be_large_and_empty(store):
    large = bytes(range(256)) * 40_000
    store.put_blob(DIGEST, large)
    assert store.get_blob(DIGEST) == large
    nothing = sha256(b"").hexdigest()
    store.put_blob(nothing, b"")
    assert store.get_blob(nothing) == b""


@pytest.mark.parametrize("digest", ["", "ab", DIGEST.upper(), DIGEST + "0", "g" * 64, DIGEST[:-1] + "\n"])
def test_a_digest_that_is_none_is_malformed(store, digest):
    for ask in (store.get_blob, store.erase_blob, lambda each: store.put_blob(each, b"")):
        with pytest.raises(Malformed, match="blob"):
            ask(digest)


def test_a_blob_beyond_the_limit_is_malformed(store, monkeypatch):
    monkeypatch.setattr("foedus.record.store.MAX_BLOB_BYTES", 4)
    with pytest.raises(Malformed, match="split it"):
        store.put_blob(DIGEST, b"annex")
    store.put_blob(DIGEST, b"anne")


# Settings


def test_settings_are_set_changed_and_removed(store):
    assert store.setting("exercise clock") is None
    store.set_setting("exercise clock", b"60x")
    store.set_setting("exercise clock", b"\x00\xff")
    assert store.setting("exercise clock") == b"\x00\xff"
    assert store.setting("tokens") is None
    store.set_setting("exercise clock", None)
    assert store.setting("exercise clock") is None
    store.set_setting("never set", None)


def test_settings_are_listed_by_how_they_begin(store):
    for name in ("waiting/POL/b", "waiting/POL/a", "waiting/PO", "waiting_POL/c", "tokens"):
        store.set_setting(name, b"x")
    assert store.settings("waiting/POL/") == ["waiting/POL/a", "waiting/POL/b"]
    assert store.settings("waiting/") == ["waiting/PO", "waiting/POL/a", "waiting/POL/b"]
    assert store.settings("%") == []
    assert len(store.settings("")) == 5


# Closing


def test_a_closed_store_says_so(store):
    store.close()
    store.close()
    with pytest.raises(Conflict, match="closed"):
        store.size()
    with pytest.raises(Conflict, match="closed"), store.write():
        raise AssertionError("a write on a closed store")
    with pytest.raises(Conflict, match="closed"):
        store.receive(b"act")


def test_closing_ends_every_wait(store):
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(store.wait, 0, 60)
        time.sleep(0.1)
        store.close()
        with pytest.raises(Conflict, match="closed"):
            waiting.result()
