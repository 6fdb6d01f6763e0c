"""The archive keeps a file whole or not at all, under its digest, on every store of a record."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus import archive
from foedus.errors import Conflict, Malformed, Tampered
from tests.stores import postgres_address, store, store_address

__all__ = ["postgres_address", "store", "store_address"]


class Memory:
    """A store in memory, which may fail at a call."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.kept: dict[str, bytes] = {}
        self.calls_left = 10**9

    def _call(self) -> None:
        self.calls_left -= 1
        if self.calls_left < 0:
            raise Conflict("the disk is full")

    def put_blob(self, digest: str, data: bytes) -> None:
        self._call()
        self.blobs[digest] = data

    def get_blob(self, digest: str) -> bytes | None:
        return self.blobs.get(digest)

    def erase_blob(self, digest: str) -> bool:
        return self.blobs.pop(digest, None) is not None

    def setting(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def settings(self, prefix: str) -> list[str]:
        return sorted(name for name in self.kept if name.startswith(prefix))

    def set_setting(self, name: str, value: bytes | None) -> None:
        self._call()
        if value is None:
            self.kept.pop(name, None)
        else:
            self.kept[name] = value


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(archive, "PART_BYTES", 4)


@pytest.mark.parametrize("data", [b"", b"abcd", b"abcdefghij", b"abcdabcdab", bytes(100)])
def test_a_file_comes_back_under_its_digest(store, data):
    digest = archive.put(store, data)
    assert digest == sha256(data).hexdigest()
    assert archive.put(store, [data[:3], data[3:]]) == digest
    assert (archive.get(store, digest), archive.holds(store, digest)) == (data, True)
    assert archive.digests(store) == [digest]
    assert archive.erase(store, digest)
    assert (archive.get(store, digest), archive.holds(store, digest)) == (None, False)
    assert not archive.erase(store, digest)
    assert list(store.blobs()) == []


def test_what_two_files_share_stays_with_the_other(store):
    one, other = archive.put(store, b"abcdWXYZ"), archive.put(store, b"abcd----")
    archive.erase(store, one)
    assert archive.get(store, other) == b"abcd----"


def test_a_part_that_is_not_what_was_put_is_noticed(store):
    digest = archive.put(store, b"abcdefgh")
    store.erase_blob(sha256(b"efgh").hexdigest())
    with pytest.raises(Tampered, match="is not what was put there"):
        archive.get(store, digest)


def test_what_is_not_held_is_named(store):
    with pytest.raises(Malformed, match="is not in this archive"):
        archive.required(store, sha256(b"").hexdigest())


def test_two_stores_open_on_one_record_see_the_same_files(store, store_address):
    from foedus.record.store import open_store

    digest = archive.put(store, b"abcdefghij")
    again = open_store(store_address)
    try:
        assert archive.get(again, digest) == b"abcdefghij"
    finally:
        again.close()


@given(st.binary(max_size=40), st.integers(0, 12))
def test_a_file_is_there_whole_or_not_at_all_whenever_the_store_fails(data, calls):
    memory = Memory()
    memory.calls_left = calls
    digest = sha256(data).hexdigest()
    try:
        archive.put(memory, data)
    except Conflict:
        assert not archive.holds(memory, digest)
        memory.calls_left = 10**9
        archive.put(memory, data)
    assert archive.get(memory, digest) == data


@given(st.lists(st.binary(max_size=30), max_size=5))
def test_however_it_is_cut_into_pieces_it_is_the_same_file(pieces):
    memory = Memory()
    assert archive.put(memory, pieces) == archive.put(memory, b"".join(pieces))
    assert archive.digests(memory) == [sha256(b"".join(pieces)).hexdigest()]
