"""Whatever fails, the record is unchanged or wholly changed: full disks, lost caches, wrong keys, bytes, kills."""

from __future__ import annotations

import hmac
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from foedus import clock
from foedus.acts import decode_statement
from foedus.depositary import Depositary
from foedus.errors import Conflict, Malformed, Refused, Tampered
from foedus.record.merkle import leaf_hash
from foedus.response import acts
from foedus.verify import verify_record
from tests.looking import ENVOYS, entries, is_sqlite, play, present, raw
from tests.performer import day_of_work
from tests.plays import DAY, HOUR, Play, opened, seed_of, staged
from tests.stores import postgres_address, postgres_server, store_address

__all__ = ["play", "postgres_address", "store_address"]  # fixtures, here by their names
ROOT = Path(__file__).parents[1]


# --- what fails ---------------------------------------------------------------------------------------------


@contextmanager
def no_room(play: Play) -> Iterator[None]:
    """The store's disk takes nothing more."""
    if is_sqlite(play):
        connection = play.depositary.store._file._writing_connection()  # type: ignore[attr-defined]  # SQLite's
        connection.execute("PRAGMA max_page_count = 1")
        yield
        with suppress(sqlite3.ProgrammingError):  # it was closed meanwhile
            connection.execute("PRAGMA max_page_count = 1000000")
        return
    raw(
        play,
        "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;"
        " CREATE TRIGGER fault BEFORE INSERT ON entry EXECUTE FUNCTION fault()",
    )
    yield
    raw(play, "DROP TRIGGER fault ON entry; DROP FUNCTION fault()")


def test_a_full_disk_is_a_conflict_and_leaves_the_record_as_it_was(play):
    state = play.state
    file = play.attach(b"plot" * 40_000)
    evidence = acts.Evidence(file[0].digest, "watch", play.at, "radar")
    statement = play.statement("XTA/watch", acts.AddEvidence("I-1", (evidence,)), [file])
    envelope = play.envelope(statement)
    with no_room(play), pytest.raises(Conflict, match="disk is full; nothing was recorded"):
        play.depositary.perform(envelope, [(file[1], file[2])])
    assert play.state is state
    assert play.depositary.store.size() == state.size
    assert play.depositary.store.get_blob(file[0].digest) is None
    assert play.depositary.perform(envelope, [(file[1], file[2])]).entry == state.size


def test_a_store_that_is_away_is_written_down_once_and_when_it_is_back(play, monkeypatch, caplog):
    stop = threading.Event()
    answers = iter([Conflict("gone"), Conflict("gone"), Conflict("read-only"), None, Conflict("gone")])

    def tick() -> None:
        problem = next(answers, "over")
        if problem == "over":
            stop.set()
        elif isinstance(problem, Conflict):
            raise problem

    monkeypatch.setattr(play.depositary, "tick", tick)
    monkeypatch.setattr(clock, "LONGEST_SLEEP", 0.0)
    clock.run(play.depositary, stop)
    away, back = "the clock could not look at the record and tries again", "the clock looks at the record again"
    said = [record.getMessage() for record in caplog.records if record.name == "foedus.clock"]
    assert said == [f"{away}: gone", f"{away}: read-only", back, f"{away}: gone", back]


def test_a_state_that_cannot_be_saved_hinders_nobody(play):
    play.do("XOR/watch", acts.Acknowledge("R-1"))
    if is_sqlite(play):
        with no_room(play):
            play.close()
        play.open()
    assert play.state.size == play.depositary.store.size()


def damaged_caches(kept: bytes) -> Iterator[bytes]:
    yield b""
    yield b"\x93"
    yield kept[: len(kept) // 2]
    for place in range(7, len(kept), len(kept) // 40):
        yield kept[:place] + bytes([kept[place] ^ 0x41]) + kept[place + 1 :]
    # Sealed anew, by somebody without the depositary's key: damaged, and planted.
    for data in (kept[32:-9], kept[32:].replace(b"XOR/watch", b"XTA/watch")):
        yield hmac.digest(b"", data, "sha256") + data


def test_a_restart_from_a_cache_missing_whole_or_damaged_gives_the_same_state(play):
    play.do("XOR/watch", acts.Acknowledge("R-1"))
    live = play.state
    play.close()
    play.open()
    assert play.state == live
    store = play.depositary.store
    kept = store.setting("state") or b""
    play.do("XTA/watch", acts.Acknowledge("R-1"))
    live = play.state
    for cache in (None, *damaged_caches(kept)):
        store.set_setting("state", cache)
        restarted = Depositary.open(play.address, seed=play.seeds["depositary"], clock=play.clock)
        assert restarted.state == live
        restarted.store.close()
    store.set_setting("state", None)


def test_a_cache_of_another_record_is_thrown_away(play, tmp_path):
    other = staged("mare-2030", "decided", tmp_path / "other")
    foreign = other.depositary.store.setting("state")
    assert foreign
    other.close()
    play.depositary.store.set_setting("state", foreign)
    live = play.state
    play.depositary.store.close()
    assert play.open().state == live


def test_depositaries_of_one_record_follow_each_other(play):
    other = Depositary.open(play.address, seed=play.seeds["depositary"], clock=play.clock)
    follower = Depositary.open(play.address, clock=play.clock)
    for number, seat in enumerate(ENVOYS):
        (play.depositary, other)[number % 2].perform(present(play, seat))
    play.at += 20 * HOUR
    assert other.tick()
    assert play.depositary.tick() == []
    assert play.depositary.catch_up() == other.catch_up() == follower.catch_up()
    assert follower.state.size == play.depositary.store.size()
    other.store.close()
    follower.store.close()


def test_without_the_key_a_record_is_read_and_not_added_to(play):
    follower = Depositary.open(play.address, clock=play.clock)
    assert follower.state == play.state
    for add in (lambda: follower.perform(present(play, "XOR/envoy")), follower.tick):
        with pytest.raises(Refused, match="record/depositary"):
            add()
    with pytest.raises(Malformed, match="no checkpoint"):
        follower.checkpoint()
    note = play.depositary.checkpoint()
    assert follower.checkpoint() == note == play.depositary.checkpoint()
    assert play.depositary.store.size() == play.state.size
    follower.store.close()


def test_another_key_is_not_the_depositarys(play):
    with pytest.raises(Refused, match="record/depositary"):
        Depositary.open(play.address, seed=seed_of("somebody else"), clock=play.clock)


def test_there_is_nothing_to_open_before_entry_0(store_address):
    with pytest.raises(Malformed):
        Depositary.open(store_address)
    play = opened("mare-2030", store_address)
    with pytest.raises(Refused, match="record/opening"):
        opened("mare-2030", store_address)
    assert play.state.size == 1
    play.close()


# --- tampering ----------------------------------------------------------------------------------------------


def test_a_compact_missing_from_the_archive_stops_everything(play):
    digest = play.state.parties.compact
    text = play.depositary.store.get_blob(digest)
    assert text
    play.depositary.store.erase_blob(digest)
    restarted = Depositary.open(play.address, seed=play.seeds["depositary"], clock=play.clock)
    with pytest.raises(Tampered, match="archive does not hold the compact"):
        restarted.perform(present(play, "XOR/envoy"))
    assert play.depositary.store.size() == restarted.state.size
    play.depositary.store.put_blob(digest, text)
    restarted.perform(present(play, "XOR/envoy"))
    restarted.store.close()


def test_a_compact_changed_in_the_archive_stops_everything(play):
    digest = play.state.parties.compact
    text = play.depositary.store.get_blob(digest)
    assert text
    changed = text.replace(b"PT12H", b"PT99H", 1)
    assert changed != text
    play.depositary.store.erase_blob(digest)
    play.depositary.store.put_blob(digest, changed)
    restarted = Depositary.open(play.address, seed=play.seeds["depositary"], clock=play.clock)
    with pytest.raises(Tampered, match="archive does not hold the compact"):
        restarted.perform(present(play, "XOR/envoy"))
    restarted.store.close()


def in_payload(data: bytes) -> bytes:
    entry = json.loads(data)
    payload = entry["act"]["payload"]
    entry["act"]["payload"] = ("f" if payload[0] == "e" else "e") + payload[1:]
    return json.dumps(entry, separators=(",", ":")).encode()


def in_signature(data: bytes) -> bytes:
    entry = json.loads(data)
    signature = entry["act"]["signatures"][0]["sig"]
    entry["act"]["signatures"][0]["sig"] = signature[:20] + ("A" if signature[20] != "A" else "B") + signature[21:]
    return json.dumps(entry, separators=(",", ":")).encode()


def in_time(data: bytes) -> bytes:
    return data.replace(b'"at":"2031', b'"at":"2030', 1)


def in_its_form(data: bytes) -> bytes:
    return data[:-1]


@pytest.mark.parametrize("change", [in_payload, in_signature, in_time, in_its_form])
def test_an_entry_changed_in_the_store_is_found_when_it_is_added_up(play, change):
    follower = Depositary.open(play.address, clock=play.clock)
    receipt = play.do("XOR/watch", acts.Acknowledge("R-1"))
    (data,) = play.depositary.store.entries(receipt.entry)
    changed = change(data)
    assert changed != data
    play.depositary.store.set_setting("state", None)
    raw(play, "DROP TRIGGER entry_stays" + ("" if is_sqlite(play) else " ON entry"))
    raw(play, "UPDATE entry SET bytes = ? WHERE idx = ?", changed, receipt.entry)
    with pytest.raises(Tampered, match=f"entry {receipt.entry}"):
        follower.catch_up()
    assert follower.state.size == receipt.entry
    with pytest.raises(Tampered, match=f"entry {receipt.entry}"):
        Depositary.open(play.address, clock=play.clock)
    follower.store.close()


def in_an_event(data: bytes) -> bytes:
    """What no signature covers and what still reads as an entry of this record."""
    return data.replace(b'"party":"XOR"', b'"party":"XTA"', 1)


def in_the_name_of_an_event(data: bytes) -> bytes:
    return data.replace(b'"response":"R-1"', b'"response":"R-7"', 1)


@pytest.mark.parametrize("change", [in_an_event, in_the_name_of_an_event])
def test_what_no_signature_covers_is_found_by_its_hash_when_it_is_added_up(play, change):
    follower = Depositary.open(play.address, clock=play.clock)
    receipt = play.do("XOR/watch", acts.Acknowledge("R-1"))
    play.do("XTA/watch", acts.Acknowledge("R-1"))
    (data, _) = play.depositary.store.entries(receipt.entry)
    changed = change(data)
    assert changed != data
    raw(play, "DROP TRIGGER entry_stays" + ("" if is_sqlite(play) else " ON entry"))
    raw(play, "UPDATE entry SET bytes = ? WHERE idx = ?", changed, receipt.entry)
    for _ in range(2):
        with pytest.raises(Tampered, match=f"entry {receipt.entry}"):
            follower.catch_up()
        assert follower.state.size == receipt.entry
    play.depositary.catch_up()  # it wrote them itself and reads them no more
    follower.store.close()


def test_entries_and_leaf_hashes_changed_together_are_found_by_the_head(play):
    follower = Depositary.open(play.address, clock=play.clock)
    receipt = play.do("XOR/watch", acts.Acknowledge("R-1"))
    play.do("XTA/watch", acts.Acknowledge("R-1"))
    (data, _) = play.depositary.store.entries(receipt.entry)
    changed = in_an_event(data)
    raw(play, "DROP TRIGGER entry_stays" + ("" if is_sqlite(play) else " ON entry"))
    raw(play, "UPDATE entry SET bytes = ? WHERE idx = ?", changed, receipt.entry)
    raw(play, "UPDATE entry SET leaf = ? WHERE idx = ?", leaf_hash(changed), receipt.entry)
    with pytest.raises(Tampered, match=f"entries {receipt.entry} to {receipt.entry + 1} lead to another tree"):
        follower.catch_up()
    follower.store.close()


def test_a_head_that_is_not_of_the_entries_seen_before_takes_no_act(play):
    size = play.state.size
    frontier = b"".join(play.depositary.record.frontier().hashes)
    raw(play, "UPDATE head SET frontier = ?", frontier[:-1] + bytes([frontier[-1] ^ 1]))
    for add in (play.depositary.catch_up, lambda: play.do("XOR/watch", acts.Acknowledge("R-1"))):
        with pytest.raises(Tampered, match=f"the {size} entries seen before led to another tree"):
            add()
    assert play.depositary.store.size() == size


def test_an_older_copy_put_in_the_place_of_the_record_is_noticed(tmp_path):
    play = staged("mare-2030", "activated", tmp_path / "record")
    play.do("XOR/watch", acts.Acknowledge("R-1"))
    older = staged("mare-2030", "reported", tmp_path / "older")
    play.depositary.store = older.depositary.store
    for add in (play.depositary.catch_up, play.depositary.tick, lambda: play.depositary.perform(b"no act")):
        with pytest.raises(Tampered, match="restore it from a whole copy"):
            add()
    assert older.depositary.store.size() == older.state.size


# --- killed at any statement --------------------------------------------------------------------------------


class Dying:
    """The process of performer.py, asked again and again."""

    def __init__(self) -> None:
        command = [sys.executable, str(ROOT / "tests/performer.py"), "dies"]
        environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
        self.process: subprocess.Popen[str] = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
        )

    def day(self, address: str, number: int) -> list[str]:
        """The steps that were said before statement `number`, and the status of the process."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{address} {number}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()


STEPS = {"acknowledged": 1, "evidence": 2, "received": 2, "present": 7, "lapsed": 11, "proposed": 12, "signed": 12}


def check_after(address: str, said: list[str], sizes: list[int]) -> None:
    """Nothing or everything of each step, what was said to be done is there, and the record goes on."""
    play = Play(address)
    play.seeds["depositary"] = seed_of("depositary")
    play.at += 40 * DAY
    play.open()
    size = play.state.size
    assert size in sizes
    done = [step for step in said if step in STEPS]
    assert not done or size - sizes[0] >= STEPS[done[-1]]
    blobs = set(play.depositary.store.blobs())
    named = {one.digest for entry in entries(play) for one in decode_statement(entry.act.payload).attachments}
    assert blobs == named | {play.state.parties.compact}
    waiting = "received" in said and "present" not in said and size == sizes[2]
    play.depositary.tick()
    assert not waiting or "XCO" in play.state.response.responses["R-1"].acknowledged
    assert verify_record(address, rules=True).size == play.state.size
    play.close()


@pytest.mark.slow
def test_killed_before_any_statement_nothing_or_everything_is_there(tmp_path):
    dying = Dying()
    whole = staged("mare-2030", "activated", tmp_path / "whole")
    sizes = [whole.state.size]
    sizes += [sizes[0] + more for more in sorted({*STEPS.values()})]
    day_of_work(whole)
    assert Depositary.open(tmp_path / "whole").state.size == sizes[-1]
    for number in range(1, 400):
        staged("mare-2030", "activated", tmp_path / str(number)).depositary.store.close()
        said = dying.day(str(tmp_path / str(number)), number)
        check_after(str(tmp_path / str(number)), said, sizes)
        if said[-1] == "0":
            assert "closed" in said
            assert number > 60
            break
    else:
        pytest.fail("the day never ended")
    dying.process.communicate()


@pytest.mark.slow
@pytest.mark.postgres
def test_killed_before_some_statements_on_postgres(tmp_path):
    dying = Dying()
    server = postgres_server()
    size = staged("mare-2030", "activated", tmp_path / "size").state.size
    sizes = [size, *(size + more for more in sorted({*STEPS.values()}))]
    ended = False
    for number in [*range(1, 90, 4), 400]:
        address = server.new_database()
        staged("mare-2030", "activated", address).depositary.store.close()
        said = dying.day(address, number)
        check_after(address, said, sizes)
        ended = ended or said[-1] == "0"
        server.clear(address)
    assert ended
    dying.process.communicate()
