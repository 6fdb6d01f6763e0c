"""What ends before it should: bundles and tiles cut anywhere, a server lost between two parts, a disk without room.

Whatever was verified before stays; nothing of what was cut is kept, and following goes on when it can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.desk import evidence, parts
from foedus.errors import Conflict, FoedusError, Malformed, Tampered
from foedus.record.sqlite import SQLiteStore
from foedus.record.store import Store
from tests.desk.publisher import Publisher, following, holds_still, published, same_tree
from tests.looking import files_no_longer_than

SECOND = "tile/entries/001.p/44"
HASHES = "tile/0/001.p/44"


@pytest.fixture
def honest() -> Publisher:
    return published(300)


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each bundle is a part of its own: the second is fetched while the first is recomputed."""
    monkeypatch.setattr(parts, "BUNDLES_TOGETHER", 1)


def whole(server: Publisher, path: str) -> bytes:
    return server._tile(path, 0)


@pytest.mark.parametrize("path", ["tile/entries/000", SECOND])
def test_a_bundle_cut_anywhere(tmp_path: Path, honest: Publisher, path: str) -> None:
    follower, data = following(tmp_path, honest), whole(honest, path)

    @given(st.integers(0, len(data) - 1))
    def cut(length: int) -> None:
        honest.answers[path] = lambda request: httpx.Response(200, content=data[:length])
        with pytest.raises(Tampered, match=path):
            follower.follow()
        assert follower.copy.size == 0

    cut()
    honest.answers.clear()
    assert follower.follow() == 300
    assert same_tree(follower.copy, honest)


def test_a_tile_of_hashes_cut_short(tmp_path: Path, honest: Publisher, one_by_one: None) -> None:
    honest.answers[HASHES] = lambda request: httpx.Response(200, content=whole(honest, HASHES)[:-5])
    follower = following(tmp_path, honest)
    holds_still(follower, Tampered, HASHES)
    honest.answers.clear()
    assert follower.follow() == 300


def answer_of(data: bytes) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(200, content=data)


def gone(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("reset", request=request)


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (gone, Conflict),
        (answer_of(b""), Tampered),
        (answer_of(b"\x00\x02{}"), Tampered),
        (lambda request: httpx.Response(404), Tampered),
    ],
    ids=["away", "empty", "another", "not there"],
)
def test_what_came_before_is_kept_when_the_next_cannot_be_had(
    tmp_path: Path, honest: Publisher, one_by_one: None, answer: Callable[..., httpx.Response], wrong: type[FoedusError]
) -> None:
    honest.answers[SECOND] = answer
    follower = following(tmp_path, honest)
    with pytest.raises(wrong):
        follower.follow()
    assert follower.copy.size == 256
    assert not evidence.kept(tmp_path)
    honest.answers.clear()
    honest.asked.clear()
    assert follower.follow() == 44
    assert "tile/entries/000" not in honest.asked
    assert same_tree(follower.copy, honest)


def test_an_entry_that_cannot_be_read_ends_it_at_its_place(tmp_path: Path, honest: Publisher, one_by_one: None) -> None:
    honest.entries[270] = b"no entry"
    follower = following(tmp_path, honest)
    with pytest.raises(Malformed, match="entry 270"):
        follower.follow()
    assert follower.copy.size == 256


@contextmanager
def no_room(store: Store) -> Iterator[None]:
    assert isinstance(store, SQLiteStore)
    connection = store._file._writing_connection()
    connection.execute("PRAGMA max_page_count = 1")
    try:
        yield
    finally:
        connection.execute("PRAGMA max_page_count = 1000000")


def test_a_disk_without_room_is_named_and_nothing_is_lost(tmp_path: Path, honest: Publisher) -> None:
    honest.size = 200
    follower = following(tmp_path, honest)
    follower.follow()
    honest.size = None
    with no_room(follower.copy.store):
        holds_still(follower, Conflict, "the disk is full; nothing was recorded: try again when there is room")
    assert follower.follow() == 100
    assert same_tree(follower.copy, honest)


@pytest.mark.parametrize("more", [0, 4_096, 100_000])
def test_a_disk_that_fails_while_it_is_written_to_loses_nothing(tmp_path: Path, honest: Publisher, more: int) -> None:
    honest.size = 200
    follower = following(tmp_path, honest)
    follower.follow()
    honest.size = None
    held = max(file.stat().st_size for file in tmp_path.iterdir())
    with files_no_longer_than(held + more):
        holds_still(follower, Conflict, "disk I/O error")
    assert follower.follow() == 100
    follower.copy.close()
    again = following(tmp_path, honest)
    assert again.copy.size == 300
    assert same_tree(again.copy, honest)
