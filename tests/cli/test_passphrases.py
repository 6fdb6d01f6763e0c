"""Locked keys on the command line: made, opened, changed; from files and at a terminal."""

from __future__ import annotations

import getpass
import os
import pty
import select
import subprocess
import sys
import unicodedata
import warnings
from pathlib import Path

import pytest

from foedus.record import key_file
from foedus.record.key_file import LEAST, read_key_file
from foedus.record.keys import encode_base64

WORDS = "п’ять слів із її сну"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Files cost next to nothing to open here: what they cost is proven in tests/record/test_key_file.py."""
    monkeypatch.setattr(key_file.write_key, "__defaults__", (LEAST,))
    monkeypatch.setattr(key_file.change_passphrase, "__defaults__", (LEAST,))


def secret(path: Path, text: str = WORDS) -> Path:
    path.write_text(text + "\n", "utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def words(tmp_path):
    return secret(tmp_path / "words")


@pytest.fixture
def key(foedus, tmp_path, words):
    """A locked key file."""
    file = tmp_path / "pol-head.key"
    assert foedus("key", "new", file, "--name", "POL/head", "--passphrase-file", words).status == 0
    return file


@pytest.fixture
def live(foedus, tmp_path, key):
    """A live record whose one seat has the locked key."""
    done = foedus("init", tmp_path / "live", "--compact", "kyiv-2022", "--head", f"POL/head={key}")
    assert done.status == 0, done.err
    return tmp_path / "live"


def revoke(foedus, live, key, *more):
    return foedus("seat", "revoke", live, "POL/head", "--key", key, *more)


def test_a_locked_key_shows_its_public_part_and_never_its_seed(foedus, key, words):
    shown = foedus("key", "show", key)
    data = foedus.json("key", "show", key)
    seed = read_key_file(key).seed(lambda: WORDS)
    assert (data["name"], data["locked"]) == ("POL/head", True)
    assert data["public"] == read_key_file(key).public.hex()
    for hidden in (seed.hex(), encode_base64(seed), WORDS):
        assert hidden not in shown.out + shown.err + key.read_text()


def test_a_plain_key_says_so(foedus, tmp_path):
    made = foedus("key", "new", tmp_path / "k", "--plain")
    assert "It has no passphrase" in made.out
    assert foedus.json("key", "show", tmp_path / "k")["locked"] is False


def test_without_a_terminal_a_key_is_locked_from_a_file_or_plain_on_purpose(foedus, tmp_path, words):
    ran = foedus("key", "new", tmp_path / "k")
    assert ran.status == 2
    assert "no terminal to ask on: give --passphrase-file FILE | --plain" in ran.line
    both = foedus("key", "new", tmp_path / "k", "--plain", "--passphrase-file", words)
    assert (both.status, "choose" in both.line) == (2, True)
    assert not (tmp_path / "k").exists()


def test_a_locked_key_signs_with_its_passphrase_from_a_file(foedus, live, key, words):
    ran = revoke(foedus, live, key)
    assert ran.status == 2
    assert "is locked, and there is no terminal to ask on: give --passphrase-file FILE" in ran.line
    assert revoke(foedus, live, key, "--passphrase-file", words).status == 0


@pytest.mark.parametrize(
    ("content", "mode", "status", "says"),
    [
        ("another\n", 0o600, 1, "the passphrase does not open it, or it was changed"),
        ("\n", 0o600, 2, "on one line, and nothing else"),
        ("", 0o600, 2, "on one line, and nothing else"),
        (f"{WORDS}\nmore\n", 0o600, 2, "on one line, and nothing else"),
        ("x" * 2000, 0o600, 2, "more than 1,026 bytes"),
        (f"{WORDS}\n", 0o644, 1, "chmod 600"),
        (f"{WORDS}\n", 0o640, 1, "chmod 600"),
    ],
)
def test_what_opens_nothing(foedus, tmp_path, live, key, content, mode, status, says):
    file = tmp_path / "given"
    file.write_text(content, "utf-8")
    file.chmod(mode)
    ran = revoke(foedus, live, key, "--passphrase-file", file)
    assert (ran.status, says in ran.line) == (status, True), ran.err
    assert "another" not in ran.err
    assert foedus.json("status", live)["entries"] == 1


def test_a_passphrase_file_that_is_not_there_or_no_text(foedus, tmp_path, live, key, words):
    assert "No such file" in revoke(foedus, live, key, "--passphrase-file", tmp_path / "none").line
    words.write_bytes(b"\xff\xfe\n")
    assert "UTF-8 was expected" in revoke(foedus, live, key, "--passphrase-file", words).line


def test_the_passphrase_may_be_written_in_another_form(foedus, tmp_path, live, key):
    apart = secret(tmp_path / "apart", unicodedata.normalize("NFD", WORDS))
    assert apart.read_text("utf-8") != WORDS + "\n"
    assert revoke(foedus, live, key, "--passphrase-file", apart).status == 0


def test_a_passphrase_is_set_and_changed(foedus, tmp_path, words):
    file, other = tmp_path / "k", secret(tmp_path / "other", "other")
    foedus("key", "new", file, "--plain")
    public = foedus.json("key", "show", file)["public"]
    change = ("key", "passphrase", file)
    assert "has no passphrase yet" in foedus(*change, "--passphrase-file", words).line
    assert "no terminal" in foedus(*change).line
    assert foedus(*change, "--new-passphrase-file", words).status == 0
    assert "does not open" in foedus(*change, "--passphrase-file", other, "--new-passphrase-file", other).line
    said = foedus.json(*change, "--passphrase-file", words, "--new-passphrase-file", other)
    assert (said["locked"], said["public"]) == (True, public)
    assert read_key_file(file).seed(lambda: "other")


def test_each_locked_key_has_its_own_passphrase_the_depositarys_first(foedus, tmp_path, live, key, words):
    other = secret(tmp_path / "other", "the depositary's")
    foedus("key", "passphrase", live / "depositary.key", "--new-passphrase-file", other)
    assert foedus.json("status", live)["entries"] == 1, "it is read without its key"
    assert foedus("seat", "list", live).status == 0
    assert "does not open" in revoke(foedus, live, key, "--passphrase-file", words, "--passphrase-file", other).line
    assert "pol-head.key is locked" in revoke(foedus, live, key, "--passphrase-file", other).line
    assert revoke(foedus, live, key, "--passphrase-file", other, "--passphrase-file", words).status == 0


def test_a_record_is_opened_and_served_with_a_locked_depositarys_key(foedus, tmp_path, key, words, unused_port):
    new = ("init", tmp_path / "new", "--compact", "kyiv-2022", "--head", f"POL/head={key}")
    other = tmp_path / "depositary.key"
    foedus("key", "new", other, "--passphrase-file", words)
    assert "is locked" in foedus(*new, "--depositary-key", other).line
    assert foedus(*new, "--depositary-key", other, "--passphrase-file", words).status == 0
    serve = ("serve", tmp_path / "new", "--port", unused_port, "--depositary-key", other)
    assert "is locked" in foedus(*serve).line
    wrong = secret(tmp_path / "wrong", "wrong")
    assert "does not open" in foedus(*serve, "--passphrase-file", wrong).line


def test_a_signature_is_added_with_a_locked_key(foedus, tmp_path, live, key, words):
    body = tmp_path / "b.json"
    body.write_text('{"act":"RevokeSeat","seat":"POL/head"}', "utf-8")
    signed = tmp_path / "signed.json"
    sign = ("sign", body, "--record", live, "--key", key, "--out", signed)
    assert foedus(*sign, "--passphrase-file", words).status == 0
    second = tmp_path / "second.key"
    foedus("key", "new", second, "--passphrase-file", words)
    assert len(foedus("sign", signed, "--key", second, "--passphrase-file", words).data["signatures"]) == 2
    assert foedus("submit", live, signed).status == 0


# --- at a terminal ------------------------------------------------------------------------------------------


def typed(*arguments: object, answers: tuple[str, ...]) -> tuple[int, str]:
    """Exit status and screen of `foedus` in a terminal, each question answered in turn."""
    screen, keyboard = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "foedus", *map(str, arguments)],
        stdin=keyboard,
        stdout=keyboard,
        stderr=keyboard,
        env={**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
        start_new_session=True,
    )
    os.close(keyboard)
    seen, asked = b"", list(answers)
    try:
        while select.select([screen], [], [], 60)[0]:
            try:
                seen += os.read(screen, 4096)
            except OSError:  # how Linux says that the other side has closed
                break
            if asked and seen.endswith(b": "):
                os.write(screen, asked.pop(0).encode() + b"\n")
        status = child.wait(timeout=60)
    finally:
        child.kill()
        os.close(screen)
    return status, seen.decode("utf-8", "replace")


def test_a_person_is_asked_and_sees_nothing_of_the_answer(tmp_path, live):
    file = tmp_path / "k"
    status, screen = typed("key", "new", file, answers=(WORDS, WORDS))
    assert status == 0, screen
    assert screen.count("New passphrase of") == screen.count("The same once more") == 1
    assert WORDS not in screen
    assert read_key_file(file).seed(lambda: WORDS)
    status, screen = typed("seat", "revoke", live, "POL/head", "--key", tmp_path / "pol-head.key", answers=(WORDS,))
    assert status == 0, screen
    assert "Passphrase of" in screen
    assert WORDS not in screen


@pytest.mark.parametrize(
    ("answers", "says"),
    [(("one", "two"), "the two passphrases differ"), (("", ""), "has 0 bytes"), (("\x04",), "gave none unseen")],
)
def test_a_passphrase_that_a_person_cannot_have_meant(tmp_path, answers, says):
    status, screen = typed("key", "new", tmp_path / "k", answers=answers)
    assert status == 2, screen
    assert says in screen
    assert not (tmp_path / "k").exists()


def test_a_terminal_that_would_show_what_is_typed_is_not_asked(foedus, live, key, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda _: warnings.warn("echo", getpass.GetPassWarning, stacklevel=1))
    ran = revoke(foedus, live, key)
    assert (ran.status, "gave none unseen: give --passphrase-file FILE" in ran.line) == (2, True)


def test_the_question_is_in_the_persons_language(tmp_path):
    status, screen = typed("key", "new", tmp_path / "k", "--lang", "uk", answers=(WORDS, WORDS))
    assert status == 0, screen
    assert "Нова парольна фраза" in screen
