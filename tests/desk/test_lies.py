"""Whatever a server does, a desk holds what the depositary signed and what the compact makes of it, or nothing.

Each lie has its test. Nothing of what did not fit is kept, and what was held before is as it was.
"""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus import remote
from foedus.acts import decode_entry, decode_statement
from foedus.desk import evidence, follow, parts
from foedus.desk.copy import Copy
from foedus.errors import Conflict, Malformed, Tampered
from foedus.record.note import note_key
from tests.desk.publisher import Publisher, endless, following, holds_still, published, same_tree
from tests.plays import seed_of
from tests.verify import damage


@pytest.fixture
def honest() -> Publisher:
    return published()


# --- lies on the way --------------------------------------------------------------------------------------------------


def test_any_byte_changed_on_the_way_is_found(tmp_path: Path) -> None:
    server = published(40)
    follower = following(tmp_path, server)

    @given(st.data())
    def found(data: st.DataObject) -> None:
        number = data.draw(st.integers(0, 39))
        entry = bytearray(server.entries[number])
        entry[data.draw(st.integers(0, len(entry) - 1))] ^= data.draw(st.integers(1, 255))
        server.given = [*server.entries[:number], bytes(entry), *server.entries[number + 1 :]]
        with pytest.raises((Tampered, Malformed)):
            follower.follow()
        assert follower.copy.size == 0

    found()
    server.given = None
    assert follower.follow() == 40


def test_entries_changed_under_a_longer_checkpoint_are_told_from_a_fork(
    tmp_path: Path, honest: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BUNDLES_TOGETHER", 1)
    honest.size = 100
    follower = following(tmp_path, honest)
    follower.follow()
    honest.size = None
    honest.given = [*honest.entries[:150], honest.entries[151], honest.entries[150], *honest.entries[152:]]
    holds_still(follower, Tampered, "entries 100 to 255 are not those .* changed, removed, added or moved on the way")
    assert not evidence.kept(tmp_path)


def test_entries_left_out(tmp_path: Path, honest: Publisher) -> None:
    honest.given = honest.entries[:-1]
    holds_still(following(tmp_path, honest), Tampered, "tile/entries/001")


@pytest.mark.parametrize("path", ["tile/entries/000", "checkpoint"])
def test_an_endless_answer_is_cut_off(tmp_path: Path, honest: Publisher, path: str) -> None:
    honest.answers[path] = lambda request: httpx.Response(200, content=endless(bytes(2**16)))
    holds_still(following(tmp_path, honest), Tampered, "no honest one is")


def test_an_answer_that_trickles_is_given_up(
    tmp_path: Path, honest: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "ANSWER_SECONDS", 0.05)
    honest.answers["checkpoint"] = lambda request: httpx.Response(200, content=endless(b"."))
    holds_still(following(tmp_path, honest), Conflict, "not whole after")


def test_a_server_that_is_away_changes_nothing(tmp_path: Path, honest: Publisher) -> None:
    honest.size = 50
    follower = following(tmp_path, honest)
    follower.follow()
    honest.away = True
    holds_still(follower, Conflict, "could not be reached")
    honest.away, honest.size = False, None
    follower.follow()
    assert same_tree(follower.copy, honest)


def test_an_attachment_with_other_bytes(tmp_path: Path, honest: Publisher) -> None:
    follower = following(tmp_path, honest)
    honest.size = 299
    digest = decode_statement(decode_entry(honest.entries[265]).act.payload).attachments[0].digest
    honest.blobs[digest] = honest.blobs[digest] + b"!"
    with pytest.raises(Tampered, match=f"attachment {digest}: what was given for it has another digest"):
        follower.follow()
    assert same_tree(follower.copy, honest)  # the entries were right, and are kept
    assert follower.copy.store.get_blob(digest) is None


def test_a_compact_with_other_bytes(tmp_path: Path, honest: Publisher) -> None:
    digest = decode_entry(honest.entries[0]).compact
    honest.blobs[digest] = honest.blobs[digest].replace(b"72", b"96")
    holds_still(following(tmp_path, honest), Tampered, f"compact {digest}: what was given for it has another digest")


# --- lies about the checkpoint ----------------------------------------------------------------------------------------


def test_a_checkpoint_of_another_key(tmp_path: Path, honest: Publisher) -> None:
    honest.size = 20
    follower = following(tmp_path, honest)
    follower.follow()
    honest.size, honest.seed = None, seed_of("somebody")
    holds_still(follower, Tampered, "expected at least one of 1 known keys")


def test_a_key_that_the_user_knows_is_held_against_the_record(tmp_path: Path, honest: Publisher) -> None:
    copy = Copy.open(tmp_path, note_key(damage.ORIGIN, seed_of("somebody")))
    holds_still(follow.Follower(copy, honest.server()), Tampered, "expected at least one of 1 known keys")


def test_another_record_at_the_same_address(tmp_path: Path, honest: Publisher) -> None:
    honest.size = 20
    follower = following(tmp_path, honest)
    follower.follow()
    honest.origin = "play.example/other"
    holds_still(follower, Tampered, "expected at least one of 1 known keys")


@pytest.mark.parametrize("note", [b"", b"nothing", b"\xff" * 40])
def test_no_checkpoint_at_all(tmp_path: Path, honest: Publisher, note: bytes) -> None:
    honest.answers["checkpoint"] = lambda request: httpx.Response(200, content=note)
    holds_still(
        following(tmp_path, honest), Malformed, "server.example: what it shows is no checkpoint of a record: note"
    )


def test_a_time_that_is_none(tmp_path: Path, honest: Publisher) -> None:
    honest.time = "half past nine"
    holds_still(following(tmp_path, honest), Tampered, "time cannot be read")


def test_a_server_put_back_to_an_older_copy(tmp_path: Path, honest: Publisher) -> None:
    follower = following(tmp_path, honest)
    follower.follow()
    honest.size = 200
    holds_still(follower, Tampered, "shows 200 entries and had shown 300: it was put back")
