"""A desk holds the record byte for byte and state for state, however it came to it.

What a server that lies can do to it is in test_lies.py and test_false_records.py.
"""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from foedus.acts import decode_entry, decode_statement
from foedus.desk import follow, parts
from foedus.desk.copy import Copy
from foedus.desk.published import Carried
from foedus.errors import Malformed, Tampered
from foedus.record.checkpoint import Checkpoint, sign_checkpoint
from foedus.verify import verify_record
from foedus.verify.sources import folder_fetch
from tests.desk.publisher import Publisher, following, published, same_tree
from tests.plays import seed_of
from tests.verify import damage


@pytest.fixture
def honest() -> Publisher:
    return published()


# --- an honest server -------------------------------------------------------------------------------------------------


def test_a_copy_is_the_record_byte_for_byte_and_state_for_state(tmp_path: Path, honest: Publisher) -> None:
    follower = following(tmp_path, honest)
    assert follower.follow() == len(honest.entries)
    assert same_tree(follower.copy, honest)
    with damage.copied() as record:
        from foedus.depositary import Depositary

        original = Depositary.open(record)
        assert follower.copy.state == original.state
        original.close()
    follower.copy.close()
    assert verify_record(tmp_path, rules=True).size == len(honest.entries)


@pytest.mark.parametrize("steps", [(1, 2, 3, 300), (255, 256, 257), (100, 256, 301)])
def test_following_in_steps_gives_what_following_at_once_gives(
    tmp_path: Path, honest: Publisher, steps: tuple[int, ...]
) -> None:
    follower = following(tmp_path, honest)
    for size in steps:
        honest.size = size
        follower.follow()
        assert same_tree(follower.copy, honest)
    assert follower.follow() == 0


def test_only_what_is_new_is_fetched(tmp_path: Path, honest: Publisher) -> None:
    honest.size = 290
    follower = following(tmp_path, honest)
    follower.follow()
    honest.asked.clear()
    honest.size = 291
    assert follower.follow() == 1
    assert honest.asked == ["checkpoint", "tile/entries/001.p/35"]


def test_a_first_copy_that_was_interrupted_goes_on(
    tmp_path: Path, honest: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BUNDLES_TOGETHER", 1)
    follower = following(tmp_path, honest)

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follower.follow(progress=stop)
    follower.copy.close()
    again = following(tmp_path, honest)
    assert again.copy.size == 256
    assert again.follow() == len(honest.entries) - 256
    assert same_tree(again.copy, honest)


def test_a_copy_follows_from_files_that_were_carried_to_it(tmp_path: Path) -> None:
    with damage.copied("folder") as folder:
        copy = Copy.open(tmp_path)
        source = Carried("usb", folder_fetch(folder))
        assert follow.Follower(copy, source).follow() == copy.size > 256
    assert all(copy.store.get_blob(one) for one in attached(copy))


def attached(copy: Copy) -> list[str]:
    found = []
    for data in copy.store.entries(0):
        found += [one.digest for one in decode_statement(decode_entry(data).act.payload).attachments]
    return found


def test_attachments_come_with_the_entries_that_name_them(tmp_path: Path, honest: Publisher) -> None:
    copy = following(tmp_path, honest).copy
    follow.Follower(copy, honest.server()).follow()
    named = attached(copy)
    assert named
    assert all(copy.store.get_blob(digest) == honest.blobs[digest] for digest in named)


def test_attachments_that_cannot_be_had_now_are_asked_for_again(tmp_path: Path, honest: Publisher) -> None:
    follower = following(tmp_path, honest)
    honest.size = 299
    digest = decode_statement(decode_entry(honest.entries[265]).act.payload).attachments[0].digest
    honest.answers[f"api/attachments/{digest}"] = lambda request: httpx.Response(503)
    follower.follow()
    assert list(follower.copy.known.wanted) == [digest]
    honest.answers.clear()
    follower.follow()
    assert not follower.copy.known.wanted
    assert follower.copy.store.get_blob(digest) is not None


# --- the copy itself --------------------------------------------------------------------------------------------------


def test_a_folder_that_holds_a_record_of_its_own_is_no_copy(tmp_path: Path) -> None:
    with damage.copied() as record, pytest.raises(Malformed, match="no desk's copy"):
        Copy.open(record)


def test_a_copy_changed_behind_the_desks_back_is_found_at_the_start(tmp_path: Path, honest: Publisher) -> None:
    follower = following(tmp_path, honest)
    follower.follow()
    other = sign_checkpoint(Checkpoint(damage.ORIGIN, 300, bytes(32)), seed_of("depositary"))
    [(size, kept)] = follower.copy.store.checkpoints(1)
    assert follower.copy.store.save_checkpoint(size, other, instead_of=kept)
    follower.copy.close()
    with pytest.raises(Tampered, match="the copy is not what the record signed"):
        Copy.open(tmp_path)


def test_two_desks_on_one_copy(tmp_path: Path, honest: Publisher) -> None:
    honest.size = 100
    one, other = following(tmp_path, honest), following(tmp_path, honest)
    one.follow()
    assert other.copy.size == 100
    other.follow()
    assert same_tree(other.copy, honest)
