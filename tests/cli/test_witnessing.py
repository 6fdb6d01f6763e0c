"""`witness`, `serve --watermark`, and what `status` and `verify` say of it: over a real server on this machine."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from foedus.cli import witnessing
from foedus.cli.session import session
from foedus.desk import evidence, rounds
from foedus.desk.rounds import Round
from foedus.errors import Conflict, FoedusError, Malformed, Tampered
from foedus.record.checkpoint import Checkpoint, sign_checkpoint
from foedus.record.key_file import write_key
from foedus.record.keys import new_seed, public_of
from foedus.record.merkle import leaf_hash, root_of
from foedus.record.note import note_key
from tests.cli.running import Foedus
from tests.plays import START, seed_of

WITNESSES = ("UKR", "POL", "EST")


@contextmanager
def serving(folder: Path, port: int, *options: object) -> Iterator[str]:
    """`foedus serve` in a process of its own, which answers."""
    command = [sys.executable, "-m", "foedus", "serve", str(folder), "--port", str(port), *map(str, options)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    url = f"http://127.0.0.1:{port}"
    try:
        while process.poll() is None:
            try:
                httpx.get(f"{url}/api/healthz").raise_for_status()
                break
            except httpx.TransportError:
                threading.Event().wait(0.02)
        yield url
    finally:
        process.terminate()
        process.communicate(timeout=30)


def enrolled(foedus: Foedus, exercise: Path, folder: Path) -> dict[str, Path]:
    """Key files of witnesses that their parties enrolled, beside those that the exercise comes with."""
    made = {}
    for party in WITNESSES:
        made[party] = folder / f"{party}.key"
        seed = new_seed()
        write_key(made[party], f"{party}/witness", seed, None)
        foedus.json(
            "seat", "enrol", exercise, f"{party}/witness", "--public", public_of(seed).hex(), "--as", f"{party}/head"
        )
    return made


def test_three_witnesses_settle_a_record_and_a_restored_backup_does_not_start(
    foedus: Foedus, exercise: Path, tmp_path: Path, unused_port: int
) -> None:
    shutil.copytree(exercise, tmp_path / "backup")
    keys = enrolled(foedus, exercise, tmp_path)
    mark = tmp_path / "kept" / "mark"
    size = foedus.json("status", exercise)["entries"]
    built = size - len(WITNESSES)
    assert foedus.json("status", exercise)["settled"]["size"] == built
    with serving(exercise, unused_port, "--watermark", mark) as url:
        for number, (party, key) in enumerate(keys.items(), 1):
            done = foedus.json("witness", url, "--key", key, "--dir", tmp_path / party, "--once")
            assert done["handed_in"]
            assert done["cosigned"] >= size
            stands = httpx.get(f"{url}/api/checkpoint").json()["settled"]
            assert len(stands["newest"]["cosigned"]) == number
            assert (stands["size"] >= size) == (number == 3)
            assert stands["size"] >= built
        said = foedus("witness", url, "--key", keys["POL"], "--dir", tmp_path / "POL", "--once")
        assert "Cosigned as" in said.out
        assert "/POL/witness" in said.out
    report = foedus.json("verify", exercise, "--rules")
    assert report["settled"] == report["size"]
    assert "enough witnesses cosigned them, as P14.witnesses asks" in foedus("verify", exercise).out
    stands = foedus.json("status", exercise)["settled"]
    assert stands["size"] == report["settled"]
    assert "Settled: the first" in foedus("status", exercise).out
    assert foedus.json("verify", tmp_path / "EST", "--rules")["size"] == report["size"]
    ran = foedus("serve", tmp_path / "backup", "--watermark", mark)
    assert (ran.status, "put back to an older copy" in ran.line) == (3, True)
    assert "foedus copy" in ran.line
    assert "позначка" in foedus("serve", tmp_path / "backup", "--watermark", mark, "--lang", "uk").line


def test_what_goes_wrong_in_a_round_is_said_in_the_chosen_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Failing(rounds.Rounds):
        def __init__(self) -> None:
            pass

        def run(self, stop: threading.Event, done: object, failed: Callable[[FoedusError], None]) -> None:
            for _n in range(2):
                failed(Conflict("{url} could not be reached ({problem})", url="http://x", problem="refused"))
            raise KeyboardInterrupt

    monkeypatch.setattr(session, "language", "uk")
    witnessing._work(Failing(), "http://x", "127.0.0.1", None)
    assert capsys.readouterr().err.count("http://x: немає зв’язку (refused)") == 1


def test_a_port_to_answer_on_that_is_taken_is_said_before_anything_begins(unused_port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", unused_port))
        taken.listen()
        with pytest.raises(Malformed, match="choose another"):
            witnessing._work(rounds.Rounds.__new__(rounds.Rounds), "http://x", "127.0.0.1", unused_port)


def test_a_key_that_no_party_enrolled(foedus: Foedus, exercise: Path, tmp_path: Path, unused_port: int) -> None:
    write_key(tmp_path / "stranger.key", "stranger", new_seed(), None)
    with serving(exercise, unused_port) as url:
        ran = foedus("witness", url, "--key", tmp_path / "stranger.key", "--dir", tmp_path / "w", "--once")
    assert ran.status == 1
    assert "of no witness" in ran.line
    ran = foedus("witness", url, "--key", tmp_path / "stranger.key", "--dir", tmp_path / "w", "--once")
    assert ran.status == 1
    assert "could not be reached" in ran.line


def test_a_folder_of_a_record_of_its_own_is_no_place_for_a_copy(foedus: Foedus, exercise: Path, tmp_path: Path) -> None:
    write_key(tmp_path / "w.key", "w", new_seed(), None)
    ran = foedus("witness", "http://127.0.0.1:9", "--key", tmp_path / "w.key", "--dir", exercise, "--once")
    assert ran.status == 2
    assert "no desk's copy" in ran.line


def test_rounds_go_on_whatever_happens_and_the_same_is_said_once() -> None:
    stop = threading.Event()
    told: list[object] = []
    script: Iterator[FoedusError | Round] = iter(
        [Conflict("away"), Conflict("away"), Round(3, 7, True), Tampered("a lie")]
    )

    class Scripted(rounds.Rounds):
        def __init__(self) -> None:
            pass

        def once(self, *, wait: bool = False) -> Round:
            found = next(script)
            if isinstance(found, Tampered):
                stop.set()
            if isinstance(found, FoedusError):
                raise found
            return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "SOONEST", 0.001)
        patch.setattr(rounds, "LATEST", 0.001)
        patch.setattr(rounds, "AT_MOST_EVERY", 0.001)
        Scripted().run(stop, lambda done: told.append(done.cosigned), lambda problem: told.append(str(problem)))
    assert told == ["away", "away", 7, "a lie"]


def test_evidence_is_checked_by_whoever_gets_it(foedus: Foedus, tmp_path: Path) -> None:
    key, entries = seed_of("depositary"), [b"one", b"two", b"three"]
    log = note_key("log.example", key)
    roots = [root_of(map(leaf_hash, part)) for part in (entries[:2], entries[1:])]
    forked = [sign_checkpoint(Checkpoint(log.name, 2, root), key) for root in roots]
    found = evidence.fork(log, START, (forked[0], forked[1]), roots[1], [])
    path = evidence.keep(tmp_path, found)
    ran = foedus("verify", path)
    assert ran.status == 0
    assert "signed two checkpoints that cannot both be of one record" in ran.out
    assert foedus.json("verify", path)["kind"] == "fork"
    text = path.read_text("utf-8")
    path.write_text(text.replace(found.notes[0][-9:-3], "AAAAAA"), "utf-8")
    assert foedus("verify", path).status in (2, 3)
    path.write_text("{}", "utf-8")
    assert foedus("verify", path).status == 2
