"""`demo`, `init`, `key`, `seat` and `token`: a record from nothing to its first readers."""

from __future__ import annotations

import json
import os
import stat

import pytest

from foedus.errors import Conflict
from foedus.record.key_file import read_key_file
from foedus.record.keys import public_of
from foedus.verify import verify_record
from tests.plays import MARE

ORIGIN = "example.org/kyiv"


@pytest.fixture
def keys(foedus, tmp_path):
    """Key files of the heads of two parties."""
    made = {}
    for party in ("UKR", "POL"):
        made[party] = tmp_path / f"{party}.key"
        assert foedus("key", "new", made[party], "--name", f"{party}/head", "--plain").status == 0
    return made


@pytest.fixture
def live(foedus, tmp_path, keys):
    """A live record with two parties' heads."""
    heads = [f"--head={party}/head={path}" for party, path in keys.items()]
    done = foedus("init", tmp_path / "live", "--compact", "kyiv-2022", "--origin", ORIGIN, *heads)
    assert done.status == 0, done.err
    return tmp_path / "live"


# --- demo and init ------------------------------------------------------------------------------------------


def test_the_demo_is_an_exercise_that_verifies(foedus, exercise):
    said = foedus.json("demo", exercise, "--no-serve")
    report = verify_record(exercise, rules=True)
    assert said == {"folder": str(exercise), "entries": report.size, "exercise": True, "url": None}
    assert report.exercise
    assert report.signed == report.size


def test_the_demo_does_not_take_another_folder(foedus, tmp_path, live):
    ran = foedus("demo", live, "--no-serve")
    assert (ran.status, ran.out) == (1, "")
    assert "no exercise" in ran.line
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear", "utf-8")
    ran = foedus("demo", tmp_path / "mine", "--no-serve")
    assert ran.status == 2
    assert "is not empty" in ran.line
    assert (tmp_path / "mine/letter.txt").read_text("utf-8") == "dear"


def test_a_port_that_is_taken_is_said_so(foedus, exercise, unused_port):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", unused_port))
        taken.listen()
        ran = foedus("serve", exercise, "--port", unused_port)
    assert ran.status == 2
    assert f"port {unused_port} on 127.0.0.1 cannot be had" in ran.err
    assert "choose another" in ran.line
    assert "Serving" not in ran.err


def test_nothing_is_continued_from_where_there_is_no_copy(foedus, tmp_path, keys, unused_port):
    ran = foedus(
        "serve", tmp_path / "new", "--continue", tmp_path / "none", "--key", keys["POL"], "--port", unused_port
    )
    assert (ran.status, ran.out) == (2, "")
    assert ran.line.endswith("none holds no copy of a desk or a witness")
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("begun", [("demo",), ("drill", "night-attack")])
def test_an_exercise_goes_into_no_database(foedus, tmp_path, monkeypatch, begun):
    monkeypatch.chdir(tmp_path)
    ran = foedus(*begun, "postgresql://user:secret-word@db.example/record")
    assert (ran.status, ran.out) == (2, "")
    assert ran.line.endswith("postgresql://…: a folder was expected; exercises live in a folder")
    assert list(tmp_path.iterdir()) == []


def test_a_live_record_says_its_key_and_keeps_its_own_to_itself(foedus, live):
    key_file = live / "depositary.key"
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    seed = read_key_file(key_file).seed(str)
    status = foedus.json("status", live)
    assert (status["origin"], status["exercise"], status["entries"], status["checkpoint"]) == (ORIGIN, False, 1, 1)
    report = verify_record(live, rules=True)
    assert public_of(seed).hex() == foedus.json("key", "show", key_file)["public"]
    assert not report.exercise


def test_an_exercise_is_opened_with_demo_keys_for_every_party(foedus, tmp_path):
    said = foedus.json("init", tmp_path / "e", "--compact", "kyiv-2022", "--exercise")
    assert said["exercise"] is True
    assert said["heads"] > 30
    assert foedus("seat", "list", tmp_path / "e").out.count("/head") == said["heads"]
    body = tmp_path / "body.json"
    body.write_text(foedus("act", "new", "SignText", "--record", tmp_path / "e", "--seat", "POL/head").out, "utf-8")
    assert foedus("act", tmp_path / "e", body, "--as", "POL/head").status == 0


@pytest.mark.parametrize(
    ("more", "status", "says"),
    [
        ([], 2, "needs the first seat of a party"),
        (["--head", "UKR"], 2, "PARTY/ROLE=KEY was expected"),
        (["--head", "UKR/head=zz"], 2, "64 hex digits of a public key, or a key file"),
        (["--head", f"UKR/head={'0' * 64}"], 2, "prime-order"),
        (["--head", "XYZ/head=KEY"], 2, "XYZ is not named in kyiv-2022"),
        (["--head", "UKR/king=KEY"], 2, "the roles of kyiv-2022 are"),
        (["--head", "UKR/head=KEY", "--head", "POL/head=KEY"], 2, "every seat needs its own key"),
        (["--head", "UKR/head=KEY", "--ceiling", "cosmic"], 2, "expected one of unclassified"),
        (["--head", "UKR/head=KEY", "--exercise"], 2, "--head is for a live record"),
        (["--head", "UKR/head=KEY", "--origin", "two words"], 2, "two words"),
        (["--head", "UKR/head=KEY", "--origin", "x" * 121], 2, "121 characters found"),
    ],
)
def test_what_a_new_record_cannot_be(foedus, tmp_path, keys, more, status, says):
    more = [argument.replace("KEY", str(keys["UKR"])) if "PARTY" not in argument else argument for argument in more]
    ran = foedus("init", tmp_path / "new", "--compact", "kyiv-2022", *more)
    assert (ran.status, ran.out) == (status, "")
    assert says in ran.line
    assert not (tmp_path / "new/record.db").exists()


def test_a_record_is_never_opened_over_another(foedus, live, keys):
    before = (live / "record.db").read_bytes()
    ran = foedus("init", live, "--compact", "kyiv-2022", "--head", f"UKR/head={keys['UKR']}")
    assert ran.status == 2
    assert "already holds a record" in ran.line
    assert (live / "record.db").read_bytes() == before


def test_a_compact_with_faults_opens_nothing(foedus, tmp_path, keys):
    (tmp_path / "bad.yaml").write_text("format: 2\nid: x\n", "utf-8")
    ran = foedus("init", tmp_path / "new", "--compact", tmp_path / "bad.yaml", "--head", f"UKR/head={keys['UKR']}")
    assert ran.status == 2
    assert "bad.yaml:1" in ran.line
    assert not (tmp_path / "new").exists()


# --- keys ---------------------------------------------------------------------------------------------------


def test_a_key_is_made_once_and_its_private_part_never_shown(foedus, tmp_path):
    file = tmp_path / "pol-duty.key"
    made = foedus("key", "new", file, "--plain")
    seed = read_key_file(file).seed(str)
    shown = foedus("key", "show", file, "--json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert shown.data["name"] == "pol-duty"
    assert shown.data["public"] == public_of(seed).hex()
    import base64

    for ran in (made, shown):
        for secret in (seed.hex(), base64.b64encode(seed).decode()):
            assert secret not in ran.out + ran.err
    again = foedus("key", "new", file, "--plain")
    assert again.status == 1
    assert "never overwritten" in again.line
    assert read_key_file(file).seed(str) == seed


def test_a_key_that_others_may_read_is_refused(foedus, tmp_path):
    file = tmp_path / "k"
    foedus("key", "new", file, "--plain")
    os.chmod(file, 0o644)
    ran = foedus("key", "show", file)
    assert ran.status == 1
    assert "chmod 600" in ran.line
    assert foedus("key", "show", tmp_path / "none").status == 2


# --- seats --------------------------------------------------------------------------------------------------


def test_a_seat_is_enrolled_by_its_own_party_acts_and_is_revoked(foedus, tmp_path, live, keys):
    duty = tmp_path / "duty.key"
    foedus("key", "new", duty, "--plain")
    ran = foedus("seat", "enrol", live, "POL/duty", "--public", duty, "--key", keys["UKR"])
    assert ran.status == 1
    assert "of its own party only" in ran.line
    receipt = foedus.json("seat", "enrol", live, "POL/duty", "--public", duty, "--key", keys["POL"])
    assert receipt["entry"] == 1
    seats = {seat["seat"]: seat for seat in foedus.json("seat", "list", live)}
    assert seats["POL/duty"]["public"] == foedus.json("key", "show", duty)["public"]
    assert foedus("seat", "revoke", live, "POL/duty", "--key", keys["POL"]).status == 0
    assert "POL/duty" in foedus("seat", "list", live).out
    assert {seat["seat"] for seat in foedus.json("seat", "list", live) if seat["revoked"]} == {"POL/duty"}
    ran = foedus("seat", "revoke", live, "POL/duty", "--key", keys["POL"])
    assert ran.status == 1
    assert "no seat" in ran.line


def test_a_seat_gets_another_key_and_keeps_its_scope(foedus, tmp_path, live, keys):
    old, new = tmp_path / "old.key", tmp_path / "new.key"
    for file in (old, new):
        foedus("key", "new", file, "--plain")
    rotate = ("seat", "rotate", live, "POL/duty", "--public", new, "--key", keys["POL"])
    assert "POL/duty has no key to replace" in foedus(*rotate, "--json").data["message"]
    enrol = ("seat", "enrol", live, "POL/duty", "--key", keys["POL"], "--scope", "Acknowledge", "--public")
    assert foedus(*enrol, old).status == 0
    ran = foedus(*enrol, new)
    assert ran.status == 1
    assert "`foedus seat rotate` replaces it" in ran.line
    entry = foedus.json(*rotate)["entry"]
    seat = next(seat for seat in foedus.json("seat", "list", live) if seat["seat"] == "POL/duty")
    assert (seat["public"], seat["scope"]) == (foedus.json("key", "show", new)["public"], ["Acknowledge"])
    assert foedus.json("status", live)["entries"] == entry + 1
    refused = foedus("seat", "revoke", live, "POL/duty", "--key", old)
    assert (refused.status, "speaks for no seat" in refused.line) == (1, True)
    assert "already speaks for" in foedus(*rotate).line
    foedus("seat", "revoke", live, "POL/duty", "--key", keys["POL"])
    assert "has no key to replace" in foedus(*rotate).line
    assert verify_record(live, rules=True).size == entry + 2


def test_a_head_replaces_its_own_key_and_no_other_partys(foedus, tmp_path, live, keys):
    new = tmp_path / "new.key"
    foedus("key", "new", new, "--plain")
    rotate = ("seat", "rotate", live, "POL/head", "--public", new, "--key")
    assert "of its own party only" in foedus(*rotate, keys["UKR"]).line
    assert foedus(*rotate, keys["POL"]).status == 0
    assert "speaks for no seat" in foedus("seat", "revoke", live, "POL/head", "--key", keys["POL"]).line
    assert foedus("seat", "revoke", live, "POL/head", "--key", new).status == 0


@pytest.mark.parametrize(
    ("seat", "key", "says"),
    [
        ("POL", "KEY", "PARTY/ROLE was expected"),
        ("POL/duty", "nonsense", "64 hex digits"),
        ("POL/duty", "OWN", "already speaks for Poland, head of state or government: make another"),
    ],
)
def test_what_is_no_seat(foedus, live, keys, seat, key, says):
    public = {"KEY": "1" * 64, "OWN": keys["POL"]}.get(key, key)
    ran = foedus("seat", "enrol", live, seat, "--public", public, "--key", keys["POL"])
    assert ran.status in (1, 2)
    assert says in ran.line


def test_nobody_acts_without_a_key_or_with_a_demo_key_in_a_live_record(foedus, live):
    ran = foedus("seat", "revoke", live, "POL/head")
    assert ran.status == 2
    assert "nobody signs" in ran.line
    ran = foedus("seat", "revoke", live, "POL/head", "--as", "POL/head")
    assert ran.status == 1
    assert "no exercise" in ran.line


# --- tokens -------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_listed_and_revoked(foedus, live):
    made = foedus.json("token", "new", live, "warsaw", "--party", "POL")
    assert made["token"].startswith("foedus-read-")
    listed = foedus("token", "list", live, "--json")
    assert [token["name"] for token in listed.data] == ["warsaw"]
    assert made["token"] not in listed.out
    assert b"foedus-read-" not in (live / "record.db").read_bytes()
    assert foedus("token", "new", live, "warsaw", "--party", "POL").status == 1
    ran = foedus("token", "new", live, "x", "--party", "XYZ")
    assert ran.status == 2
    assert "not a party" in ran.line
    assert foedus("token", "revoke", live, "warsaw").status == 0
    assert foedus("token", "revoke", live, "warsaw").status == 1
    assert foedus.json("token", "list", live) == []
    assert "no tokens" in foedus("token", "list", live).out


def test_a_copy_without_the_key_is_read_and_not_added_to(foedus, tmp_path, live, keys):
    assert foedus("copy", live, tmp_path / "copy").status == 0
    assert foedus("status", tmp_path / "copy").status == 0
    ran = foedus("seat", "revoke", tmp_path / "copy", "POL/head", "--key", keys["POL"])
    assert ran.status == 1
    assert "no depositary key" in ran.line
    key = live / "depositary.key"
    ran = foedus("seat", "revoke", tmp_path / "copy", "POL/head", "--key", keys["POL"], "--depositary-key", keys["UKR"])
    assert ran.status == 1
    assert "not the depositary key" in ran.line
    assert json.loads(foedus("key", "show", key, "--json").out)["name"] == ORIGIN


def test_a_record_that_cannot_be_opened_leaves_no_key(foedus, tmp_path, keys, monkeypatch):
    def full(*args: object, **more: object) -> None:
        raise Conflict("the disk is full")

    monkeypatch.setattr("foedus.founding.init_record", full)
    ran = foedus("init", tmp_path / "new", "--compact", "kyiv-2022", f"--head=UKR/head={keys['UKR']}")
    assert (ran.status, ran.line) == (1, "conflict: the disk is full")
    assert list((tmp_path / "new").iterdir()) == []


def test_another_compact_names_its_own_first_role(foedus, tmp_path):
    said = foedus.json("init", tmp_path / "e", "--compact", MARE, "--exercise")
    assert said["compact"] == "mare-2030"
    seats = foedus.json("seat", "list", tmp_path / "e")
    assert {seat["role"] for seat in seats} == {"chancellor"}


def test_a_copy_of_an_exercise_stands_at_its_last_entry(foedus, tmp_path, exercise):
    assert foedus("copy", exercise, tmp_path / "copy").status == 0
    whole, copy = foedus.json("status", exercise), foedus.json("status", tmp_path / "copy")
    assert copy["exercise"] is True
    assert (copy["note"], copy["entries"]) == (None, whole["entries"])
    assert copy["at"] == copy["last_entry_at"]
    assert foedus("status", tmp_path / "copy").out.startswith("EXERCISE ")


@pytest.mark.postgres
def test_a_record_in_a_database(foedus, tmp_path, keys, postgres_address):
    """The same commands on PostgreSQL, whose depositary's key lies in a file of its own."""
    depositary = tmp_path / "depositary.key"
    assert foedus("key", "new", depositary, "--plain").status == 0
    head = f"--head=POL/head={keys['POL']}"
    assert "--depositary-key" in foedus("init", postgres_address, "--compact", "kyiv-2022", head).line
    secret = postgres_address.replace("postgres@", "postgres:secret-word@")
    assert secret != postgres_address
    made = ("init", secret, "--compact", "kyiv-2022", head, "--depositary-key", depositary)
    for ran in (foedus(*made), foedus(*made)):
        assert "secret-word" not in ran.out + ran.err
        assert "postgresql://…" in ran.out + ran.err
    enrol = ("seat", "enrol", postgres_address, "POL/duty", "--public", keys["UKR"], "--key", keys["POL"])
    assert "no depositary key" in foedus(*enrol).line
    assert foedus(*enrol, "--depositary-key", depositary).status == 0
    assert foedus.json("verify", postgres_address, "--rules")["size"] == 2
    assert foedus.json("export", postgres_address, "--to", tmp_path / "e.foedus")["entries"] == 2
