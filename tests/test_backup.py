"""A backup makes the record again, all of it and nothing else, and refuses where that would harm."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.backup import WITNESS, backup, restore
from foedus.depositary import Depositary
from foedus.desk import witness as desk_witness
from foedus.errors import Malformed, Refused, Tampered
from foedus.export import export
from foedus.record.checkpoint import Checkpoint, sign_checkpoint
from foedus.record.note import note_key
from foedus.record.store import open_store
from foedus.verify import verify_record
from foedus.web.tokens import issue, matching, tokens
from tests.backups import NAME, ORIGIN, cosigned, full, held, kept, nothing_at, wait, with_evidence
from tests.plays import Play, seed_of, staged
from tests.stores import postgres_address, store_address
from tests.strategies import examples

__all__ = ["postgres_address", "store_address"]  # fixtures, here by their names

# --- it comes back ------------------------------------------------------------------------------------------


def test_everything_comes_back_and_goes_on(store_address, tmp_path):
    play = full(tmp_path / "played")
    before = held(play.depositary.store)
    holds = backup(play.depositary.store, tmp_path / "backup")
    assert (holds.entries, holds.checkpoints, holds.receipts) == (play.state.size, 2, 2)
    restored = restore(tmp_path / "backup", store_address)
    assert restored.holds == holds
    assert restored.report.rules
    store = open_store(store_address, clock=play.clock)
    assert held(store) == before
    assert tokens(store)[0].name == "harbour desk"
    store.close()
    again = Depositary.open(store_address, seed=seed_of("depositary"), clock=play.clock)
    assert again.state == play.state
    for depositary in (again, play.depositary):  # the acts that waited are performed by both, in the same way
        assert len(depositary.tick()) == 2
        depositary.checkpoint()
    assert again.state == play.state
    assert held(again.store)["checkpoints"] == held(play.depositary.store)["checkpoints"]
    again.close()
    assert verify_record(store_address, rules=True).size == play.state.size


@pytest.mark.postgres
def test_a_database_is_backed_up_into_a_folder(postgres_address, tmp_path):
    play = full(postgres_address)
    backup(play.depositary.store, tmp_path / "backup")
    verified: list[tuple[int, int]] = []
    written: list[tuple[int, int]] = []
    restore(
        tmp_path / "backup",
        tmp_path / "restored",
        progress=lambda *told: verified.append(told),
        writing=lambda *told: written.append(told),
    )
    store = open_store(tmp_path / "restored")
    assert verified[-1] == written[-1] == (store.size(), store.size())
    assert held(store) == held(play.depositary.store)
    store.close()
    play.close()


STEPS = st.lists(
    st.sampled_from(("act", "file", "erase", "wait", "perform", "checkpoint", "cosign", "token")), max_size=12
)


@given(steps=STEPS)
@examples(15)
def test_whatever_happened_before_comes_back(steps):
    with tempfile.TemporaryDirectory(prefix="foedus-backup-") as at:
        folder = Path(at)
        play = staged(NAME, "activated", folder / "record")
        store = play.depositary.store
        do = {
            "act": lambda: with_evidence(play, b"act"),
            "file": lambda: store.put_blob(play.number() * 2, b"not named yet"),
            "erase": lambda: store.erase_blob(with_evidence(play, b"erased")),
            "wait": lambda: wait(play, "XOR/watch"),
            "perform": play.depositary.tick,
            "checkpoint": play.depositary.checkpoint,
            "cosign": lambda: with_evidence(play, b"one more") and cosigned(play),
            "token": lambda: issue(store, "XOR", play.number(), play.at),
        }
        for step in steps:
            do[step]()
        before = held(store)
        backup(store, folder / "backup")
        restore(folder / "backup", folder / "restored")
        restored = Depositary.open(folder / "restored", clock=play.clock)
        assert restored.state == play.depositary.catch_up()
        assert restored.record.root() == play.depositary.record.root()
        assert held(restored.store) == before
        restored.close()
        play.close()


def test_a_backup_taken_while_acts_arrive_is_of_one_moment(store_address, tmp_path):
    play = staged(NAME, "activated", store_address)
    stop = threading.Event()

    def arrive() -> None:
        while not stop.is_set():
            with_evidence(play, b"arrives")
            wait(play, "XOR/watch")

    sender = threading.Thread(target=arrive)
    sender.start()
    try:
        other = open_store(store_address, clock=play.clock)
        sizes = [backup(other, tmp_path / str(number)).entries for number in range(5)]
        other.close()
    finally:
        stop.set()
        sender.join()
    assert sizes == sorted(sizes)
    entries = list(play.depositary.store.entries(0))
    for number, size in enumerate(sizes):
        restore(tmp_path / str(number), tmp_path / f"restored {number}")
        store = open_store(tmp_path / f"restored {number}")
        assert list(store.entries(0)) == entries[:size]
        store.close()
    play.close()


# --- what is in it ------------------------------------------------------------------------------------------


def test_it_holds_no_private_key_and_is_for_its_owner_alone():
    file, play = kept()
    data = file.read_bytes()
    for seed in (*play.seeds.values(), seed_of("witness")):
        for form in (seed, seed.hex().encode()):
            assert form not in data
    assert file.stat().st_mode & 0o777 == 0o600


def test_it_holds_tokens_by_their_hashes(tmp_path):
    play = staged(NAME, "activated", tmp_path / "record")
    secret = issue(play.depositary.store, "XOR", "desk", play.at)
    backup(play.depositary.store, tmp_path / "backup")
    assert secret.encode() not in (tmp_path / "backup").read_bytes()
    restore(tmp_path / "backup", tmp_path / "restored")
    store = open_store(tmp_path / "restored")
    assert matching(tokens(store), secret)
    store.close()
    play.close()


def test_a_backup_can_be_verified_where_it_lies():
    report = verify_record(kept()[0], rules=True)
    assert (report.kind, report.size) == ("backup", kept()[1].state.size)
    assert report.signed == report.size - 1


# --- refused ------------------------------------------------------------------------------------------------


def test_neither_overwrites(store_address, tmp_path):
    file, play = kept()
    (tmp_path / "there").write_bytes(b"something")
    with pytest.raises(Refused, match="never overwrites"):
        backup(play.depositary.store, tmp_path / "there")
    assert (tmp_path / "there").read_bytes() == b"something"
    restore(file, store_address)
    with pytest.raises(Refused, match="holds something already"):
        restore(file, store_address)
    assert verify_record(store_address, rules=False).size == play.state.size


def test_a_witness_is_not_put_back(tmp_path):
    play = staged(NAME, "activated", tmp_path / "record")
    play.depositary.store.set_setting(WITNESS, b"{}")
    assert WITNESS == desk_witness.SETTING
    with pytest.raises(Refused, match="second history"):
        backup(play.depositary.store, tmp_path / "backup")
    play.close()


def test_what_is_no_backup_is_said_to_be_none(tmp_path):
    export(kept()[1].depositary.store, tmp_path / "export.foedus")
    with pytest.raises(Malformed, match="is no backup"):
        restore(tmp_path / "export.foedus", tmp_path / "restored")
    open_store(tmp_path / "empty", create=True).close()
    store = open_store(tmp_path / "empty")
    with pytest.raises(Malformed, match="nothing to back up"):
        backup(store, tmp_path / "backup")
    store.close()
    with pytest.raises(Malformed, match="cannot be written"):
        backup(kept()[1].depositary.store, tmp_path / "no folder" / "backup")


def test_an_older_backup_than_a_checkpoint_is_refused_with_both_sizes(tmp_path):
    file, before = kept()
    play = Play(shutil.copytree(before.address, tmp_path / "record"), before.at)
    play.seeds = before.seeds
    play.open()
    play.depositary.tick()
    newest = play.depositary.checkpoint()
    with pytest.raises(Refused, match=rf"has {before.state.size} entries.*is of {play.state.size}"):
        restore(file, tmp_path / "restored", newest=newest)
    nothing_at(tmp_path / "restored")
    play.close()


def test_a_checkpoint_from_elsewhere_must_fit_and_is_kept(tmp_path):
    file, play = kept()
    size = play.state.size
    for seed, root, refusal in (
        (seed_of("depositary"), b"\1" * 32, "another root"),
        (seed_of("somebody else"), play.depositary.record.root(), "known keys"),
    ):
        forged = sign_checkpoint(Checkpoint(ORIGIN, size, root), seed)
        with pytest.raises(Tampered, match=refusal):
            restore(file, tmp_path / "restored", newest=forged)
        nothing_at(tmp_path / "restored")
    note = sign_checkpoint(Checkpoint(ORIGIN, size, play.depositary.record.root()), seed_of("depositary"))
    restore(file, tmp_path / "restored", newest=note)
    store = open_store(tmp_path / "restored")
    assert store.checkpoint() == (size, note)
    store.close()


def test_keys_known_from_elsewhere_are_compared(tmp_path):
    other = note_key(ORIGIN, seed_of("somebody else"))
    with pytest.raises(Tampered, match="you gave"):
        restore(kept()[0], tmp_path / "restored", keys=[other])
    nothing_at(tmp_path / "restored")
