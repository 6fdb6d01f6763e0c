"""`key new --root`, `seat root` and `seat recover`: lost and stolen seats come back, also from an offline machine."""

from __future__ import annotations

import json
import re
import stat

import pytest

from foedus.record import key_file
from foedus.record.key_file import LEAST
from foedus.verify import verify_record
from tests.documents.qr_reader import read

WORDS = "two safes, one passphrase"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Files cost next to nothing to open here: what they cost is proven in tests/record/test_key_file.py."""
    monkeypatch.setattr(key_file.write_key, "__defaults__", (LEAST,))


@pytest.fixture
def words(tmp_path):
    path = tmp_path / "words"
    path.write_text(WORDS, "utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def keys(foedus, tmp_path, words):
    """Head, ministry, their successors, and the root key of one party."""
    made = {}
    for name in ("head", "foreign", "new", "newer"):
        made[name] = tmp_path / f"{name}.key"
        assert foedus("key", "new", made[name], "--plain").status == 0
    for name in ("root", "next"):
        made[name] = tmp_path / f"{name}.key"
        assert foedus("key", "new", made[name], "--root", "--passphrase-file", words).status == 0
    return made


@pytest.fixture
def live(foedus, tmp_path, keys):
    """A live record in which the party deposited its root key."""
    record = tmp_path / "live"
    done = foedus("init", record, "--compact", "kyiv-2022", "--head", f"POL/head={keys['head']}")
    assert done.status == 0, done.err
    assert (
        foedus("seat", "enrol", record, "POL/foreign", "--public", keys["foreign"], "--key", keys["head"]).status == 0
    )
    deposit = ("seat", "root", record, "--public", keys["root"], "--key", keys["head"])
    assert "needs signatures of 2 seats" in foedus(*deposit).line
    assert foedus(*deposit, "--key", keys["foreign"]).status == 0
    return record


def in_force(foedus, record) -> dict[str, str]:
    return {one["seat"]: one["public"] for one in foedus.json("seat", "list", record) if not one["revoked"]}


def test_a_root_key_says_how_it_is_kept_and_can_be_printed(foedus, tmp_path, words):
    file, paper = tmp_path / "pol-root.key", tmp_path / "pol-root.svg"
    ran = foedus("key", "new", file, "--root", "--paper", paper, "--passphrase-file", words)
    assert ran.status == 0, ran.err
    assert "Delete" in ran.out
    assert stat.S_IMODE(paper.stat().st_mode) == 0o600
    drawn, line = paper.read_text("utf-8"), file.read_text("utf-8").strip()
    (path,) = re.findall(r' d="([^"]+)"', drawn)
    assert read(path, int(re.findall(r'viewBox="0 0 (\d+)', drawn)[0])) == line
    assert "".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawn)).removeprefix("pol-root") == line
    assert foedus("key", "new", tmp_path / "plain.key", "--root", "--plain").status == 2


def test_lost_seats_come_back_and_the_record_verifies(foedus, live, keys, words):
    before = verify_record(live, rules=True).size
    recover = ("seat", "recover", live, "POL/head", "--public", keys["new"], "--passphrase-file", words)
    assert foedus(*recover, "--root-key", keys["root"]).status == 0
    assert in_force(foedus, live) == {"POL/head": foedus.json("key", "show", keys["new"])["public"]}
    assert verify_record(live, rules=True).size == before + 1
    assert "speaks for no seat" in foedus("seat", "revoke", live, "POL/head", "--key", keys["head"]).line


def test_a_recovery_is_signed_where_there_is_no_record(foedus, tmp_path, live, keys, words):
    asked, signed = tmp_path / "recover.json", tmp_path / "signed.json"
    ran = foedus(
        "seat", "recover", live, "POL/foreign", "--public", keys["new"], "--revoke", "POL/foreign", "--out", asked
    )
    assert ran.status == 0, ran.err
    assert json.loads(asked.read_text("utf-8"))["signatures"] == []
    assert foedus("submit", live, asked).status == 2
    ran = foedus("sign", asked, "--key", keys["root"], "--passphrase-file", words, "--out", signed)
    assert ran.status == 0, ran.err
    assert '"act":"RecoverSeat"' in ran.err
    assert foedus("submit", live, signed).status == 0
    held = in_force(foedus, live)
    assert held["POL/foreign"] == foedus.json("key", "show", keys["new"])["public"]
    assert held["POL/head"] == foedus.json("key", "show", keys["head"])["public"]


def test_the_next_root_key_is_deposited_by_the_one_before(foedus, live, keys, words):
    deposit = ("seat", "root", live, "--public", keys["next"])
    by_seats = foedus(*deposit, "--key", keys["head"], "--key", keys["foreign"])
    assert "the next one is deposited by an act that this one signs" in by_seats.line
    assert foedus(*deposit, "--key", keys["root"], "--passphrase-file", words).status == 0
    recover = ("seat", "recover", live, "POL/head", "--public", keys["new"], "--passphrase-file", words, "--root-key")
    assert foedus(*recover, keys["root"]).status == 1
    assert foedus(*recover, keys["next"]).status == 0


def test_who_signs_or_where_it_is_written_must_be_said(foedus, live, keys):
    ran = foedus("seat", "recover", live, "POL/head", "--public", keys["new"])
    assert (ran.status, "--root-key" in ran.line) == (2, True)
    ran = foedus("seat", "recover", live, "head", "--public", keys["new"], "--out", "x.json")
    assert (ran.status, "PARTY/ROLE" in ran.line) == (2, True)
