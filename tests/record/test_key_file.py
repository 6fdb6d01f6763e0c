"""Key files: for their owner alone, whole or not there, and locked ones opened by their passphrase and nothing else."""

import os
import stat
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.pwhash import argon2id

from foedus.errors import FoedusError, Malformed, Refused
from foedus.record import key_file, keys
from foedus.record.key_file import LEAST, MODERATE, change_passphrase, read_key_file, write_key

SEED = bytes(range(32))
PUBLIC = keys.public_of(SEED)
WORDS = "пароль із п’яти слів"
SECRETS = (keys.encode_base64(SEED), SEED.hex(), WORDS, repr(SEED))


def never():
    raise AssertionError("a passphrase was asked for")


def locked(path, passphrase=WORDS):
    write_key(path, "ua/office", SEED, passphrase, LEAST)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "office.key"


def test_a_plain_key_file_is_one_line_for_its_owner_alone(path):
    write_key(path, "ua/office", SEED, None)
    assert path.read_text() == f"foedus-key-1 ua/office {keys.encode_base64(SEED)}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    file = read_key_file(path)
    assert (file.name, file.public, file.locked, file.seed(never)) == ("ua/office", PUBLIC, False, SEED)
    assert os.listdir(path.parent) == ["office.key"]


def test_a_locked_key_file_tells_its_name_and_public_key_and_nothing_more(path):
    file = read_key_file(locked(path))
    assert (file.name, file.public, file.locked) == ("ua/office", PUBLIC, True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert file.seed(lambda: WORDS) == SEED
    assert not any(secret in path.read_text() + repr(file) for secret in SECRETS)
    assert SEED not in path.read_bytes()


def test_the_same_key_and_passphrase_never_make_the_same_file(tmp_path):
    assert locked(tmp_path / "one").read_text() != locked(tmp_path / "two").read_text()


def test_a_wrong_passphrase_and_a_changed_file_are_told_alike(path):
    file = read_key_file(locked(path))
    with pytest.raises(Refused) as wrong:
        file.seed(lambda: "another")
    text = path.read_text()
    path.write_text(text.replace("ua/office", "ua/0ffice"))
    with pytest.raises(Refused) as changed:
        read_key_file(path).seed(lambda: WORDS)
    assert (
        str(wrong.value)
        == str(changed.value)
        == f"{path}: the passphrase does not open it, or it was changed " + ("[record/key-file]")
    )
    assert wrong.value.clause == "record/key-file"


@settings(deadline=None)  # writing a file durably takes as long as the disk does
@given(st.data())
def test_whatever_is_changed_in_a_locked_file_it_opens_no_other_key(tmp_path_factory, data):
    path = locked(tmp_path_factory.mktemp("keys") / "office.key")
    line = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(line) - 2))
    line[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(line))
    with pytest.raises((Refused, Malformed)):
        read_key_file(path).seed(lambda: WORDS)


@settings(deadline=None)  # writing a file durably takes as long as the disk does
@given(st.integers(0, 1000))
def test_a_file_that_was_cut_off_is_malformed_and_not_repeated(tmp_path_factory, size):
    path = locked(tmp_path_factory.mktemp("keys") / "office.key")
    whole = path.read_bytes()
    path.write_bytes(whole[: size % (len(whole) - 1)])
    with pytest.raises(Malformed, match="cut off, changed or of another kind"):
        read_key_file(path)


def test_a_passphrase_is_the_same_from_every_keyboard(path):
    composed, apart = unicodedata.normalize("NFC", "ключ Їжака é"), unicodedata.normalize("NFD", "ключ Їжака é")
    assert composed != apart
    assert read_key_file(locked(path, apart)).seed(lambda: composed) == SEED
    assert read_key_file(path).seed(lambda: apart) == SEED


@pytest.mark.parametrize("passphrase", ["", "x" * 1025, "\ud800"])
def test_what_is_no_passphrase_locks_and_opens_nothing(path, passphrase):
    with pytest.raises(Malformed, match="the passphrase"):
        locked(path, passphrase)
    assert not path.exists()
    with pytest.raises(Malformed, match="the passphrase"):
        read_key_file(locked(path)).seed(lambda: passphrase)


@pytest.mark.parametrize(
    ("passes", "memory"),
    [(9, 8), (1, 2**20 + 1), (1, 7), (9_999_999_999, 8), (1, 9_999_999_999), (1, 2**32 + 8)],
)
def test_planted_limits_are_refused_before_anything_is_computed(path, monkeypatch, passes, memory):
    path.write_text(locked(path).read_text().replace(" 1 8 ", f" {passes} {memory} "))
    monkeypatch.setattr(argon2id, "kdf", lambda *_, **__: pytest.fail("it was computed"))
    with pytest.raises(Malformed, match="passes over"):
        read_key_file(path)


@pytest.mark.parametrize("cost", ["0 8", "01 8", "1 08", "-1 8", "1 8.0", "1e1 8", "٣ 8", "1 99999999999"])
def test_a_limit_has_one_spelling(path, cost):
    path.write_text(locked(path).read_text().replace(" 1 8 ", f" {cost} "))
    with pytest.raises(Malformed):
        read_key_file(path)


def test_new_files_cost_a_guesser_what_libsodium_calls_moderate(path):
    assert (MODERATE.passes, MODERATE.memory_kib * 1024) == (argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE)
    write_key(path, "ua/office", SEED, WORDS)
    assert " 3 262144 " in path.read_text()
    assert read_key_file(path).seed(lambda: WORDS) == SEED


def test_without_the_memory_nothing_is_opened(path, monkeypatch):
    file = read_key_file(locked(path))

    def full(*_, **__):
        raise MemoryError

    monkeypatch.setattr(argon2id, "kdf", full)
    with pytest.raises(Malformed, match="memory"):
        file.seed(lambda: WORDS)


def test_the_passphrase_of_a_file_is_changed_and_its_key_stays(path):
    write_key(path, "ua/office", SEED, None)
    change_passphrase(read_key_file(path), SEED, "one", LEAST)
    assert read_key_file(path).seed(lambda: "one") == SEED
    change_passphrase(read_key_file(path), SEED, "two", LEAST)
    assert read_key_file(path).seed(lambda: "two") == SEED
    with pytest.raises(Refused):
        read_key_file(path).seed(lambda: "one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["office.key"]


def test_a_change_that_fails_leaves_the_file_as_it_was(path, monkeypatch):
    file = read_key_file(locked(path))
    before = path.read_bytes()

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Malformed, match="No space left"):
        change_passphrase(file, SEED, "other", LEAST)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["office.key"]


def test_behind_a_link_the_file_itself_is_changed(tmp_path, path):
    (tmp_path / "link").symlink_to(locked(path))
    change_passphrase(read_key_file(tmp_path / "link"), SEED, "other", LEAST)
    assert (tmp_path / "link").is_symlink()
    assert read_key_file(path).seed(lambda: "other") == SEED


def test_a_key_file_is_never_overwritten(path):
    write_key(path, "ua/office", SEED, None)
    with pytest.raises(Refused, match="never overwritten") as refused:
        write_key(path, "ua/office", keys.new_seed(), None)
    assert refused.value.clause == "record/key-file"
    assert read_key_file(path).seed(never) == SEED
    assert os.listdir(path.parent) == ["office.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_key_file_that_others_may_touch_is_refused_and_stays_unread(path, mode):
    locked(path).chmod(mode)
    with pytest.raises(Refused, match="chmod 600"):
        read_key_file(path)


def test_a_key_file_that_cannot_be_kept_leaves_nothing_behind(tmp_path, path, monkeypatch):
    with pytest.raises(Malformed, match="cannot be written"):
        write_key(tmp_path / "absent" / "office.key", "ua/office", SEED, None)
    with pytest.raises(Malformed, match="32 expected"):
        write_key(path, "ua/office", b"short", None)

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Malformed, match="No space left"):
        write_key(path, "ua/office", SEED, None)
    assert os.listdir(tmp_path) == []


BOX = keys.encode_base64(bytes(112))
HALF = keys.encode_base64(bytes(32))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"foedus-key-3 a AAAA\n",
        b"foedus-key-1 a AAAA\n",
        b"foedus-key-1 a " + b"A" * 43 + b"=\nfoedus-key-1 b " + b"A" * 43 + b"=\n",
        b"foedus-key-1  a " + b"A" * 43 + b"=\n",
        b"foedus-key-1 a+b " + b"A" * 43 + b"=\n",
        b"foedus-key-1 a " + b"A" * 2000 + b"\n",
        f"foedus-key-1 {HALF} a\n".encode(),
        f"foedus-key-2 a {HALF} 1 8\n".encode(),
        f"foedus-key-2 a {HALF} 1 8 {BOX} x\n".encode(),
        f"foedus-key-2 a {HALF} 1 8 {HALF}\n".encode(),
        f"foedus-key-2 a {BOX} 1 8 {BOX}\n".encode(),
        f"foedus-key-2 a+b {HALF} 1 8 {BOX}\n".encode(),
        b"\xff\xfe",
    ],
)
def test_what_is_no_key_file_is_malformed_and_not_repeated(path, content):
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(Malformed) as malformed:
        read_key_file(path)
    assert "AAAA" not in str(malformed.value)


def test_an_absent_key_file_is_malformed(path):
    with pytest.raises(Malformed, match="No such file"):
        read_key_file(path)


@settings(deadline=None)  # writing a file durably takes as long as the disk does
@given(st.binary(max_size=600))
def test_any_other_bytes_are_malformed(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("keys") / "office.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(FoedusError):
        read_key_file(path)


def test_a_file_that_shows_another_public_key_does_not_open(path, monkeypatch):
    """Whoever knows the passphrase could seal such a file; what it shows must be the key that signs."""
    monkeypatch.setattr(key_file, "public_of", lambda _: keys.public_of(bytes(32)))
    locked(path)
    monkeypatch.undo()
    with pytest.raises(Refused, match="does not open"):
        read_key_file(path).seed(lambda: WORDS)
