"""Keys on a token of PKCS#11, tried on SoftHSM2; and its URIs, of which none is guessed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import Conflict, Malformed, Refused, Tampered
from foedus.keyring import OutsideKey, known, open_key, public_key
from foedus.keyring.pkcs11_uri import TokenUri, parse_uri
from foedus.record.envelope import ACT_TYPE, sign_envelope, verify_signatures
from foedus.record.keys import key_id, verify
from tools.key_places import HOW, SOFTHSM, softhsm_library

PIN = "пін 1234"
MODULE = "/usr/lib/softhsm/libsofthsm2.so"


def ask(_what):
    return PIN


def never(what):
    raise AssertionError(f"the PIN of {what} was asked for")


# --- URIs -----------------------------------------------------------------------------------------------------


def test_a_uri_says_which_key_on_which_token():
    uri = "pkcs11:token=A%20%D0%91;object=duty;id=%01%FF;type=private?module-path=/lib/p.so&pin-source=file:/run/pin"
    assert parse_uri(uri) == TokenUri(
        "/lib/p.so", token="A Б", object="duty", id=b"\x01\xff", pin_source=Path("/run/pin")
    )
    assert parse_uri("pkcs11:?module-path=/lib/p.so") == TokenUri("/lib/p.so")
    parts = "pkcs11:serial=1;manufacturer=M;model=X?module-path=/p.so"
    assert parse_uri(parts) == TokenUri("/p.so", serial="1", manufacturer="M", model="X")


@given(st.text(max_size=30), st.binary(min_size=1, max_size=30))
def test_whatever_can_be_written_is_read_again(label, id_):
    uri = f"pkcs11:object={quote_from_bytes(label.encode())};id={quote_from_bytes(id_)}?module-path=/p.so"
    assert parse_uri(uri) == TokenUri("/p.so", object=label, id=id_)


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("pkcs11:", "module-path"),
        ("pkcs11:token=a", "module-path"),
        ("pkcs11:token=a?module-path=p.so", "module-path"),
        ("pkcs11:token=a?module-path=/p.so&pin-value=1234", "other users can see it"),
        ("pkcs11:token=a?module-path=/p.so&pin-source=file:pin", "pin-source"),
        ("pkcs11:token=a?module-path=/p.so&pin-source=|cat", "pin-source"),
        ("pkcs11:token=a;token=b?module-path=/p.so", "once at most"),
        ("pkcs11:tokens=a?module-path=/p.so", "'tokens' found"),
        ("pkcs11:token?module-path=/p.so", "'token' found"),
        ("pkcs11:;?module-path=/p.so", "'' found"),
        ("pkcs11:type=cert?module-path=/p.so", "type=private"),
        ("pkcs11:token=%ff?module-path=/p.so", "UTF-8"),
        ("pkcs11:token=a?module-name=p", "'module-name' found"),
    ],
)
def test_what_is_no_uri_is_refused_and_nothing_is_loaded(uri, says):
    with pytest.raises(Malformed) as malformed:
        parse_uri(uri)
    assert says in str(malformed.value)
    assert "1234" not in str(malformed.value)


# --- SoftHSM2 -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hsm():
    """Two tokens, made before the library is loaded: "duty" with keys "one", "two" (twice) and an ECDSA key."""
    module = softhsm_library()
    if module is None:
        pytest.skip(HOW)
    pkcs11 = pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed: make setup")
    folder = Path(tempfile.mkdtemp(prefix="token-"))
    (folder / "tokens").mkdir()
    (folder / "conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "conf"))
        for label in ("duty", "empty"):
            words = ["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "5678"]
            subprocess.run([SOFTHSM, *words], check=True, capture_output=True)
        _fill(pkcs11, pkcs11.lib(str(module)).get_token(token_label="duty"))
        yield str(module)
    shutil.rmtree(folder)


def _fill(pkcs11, token):
    curves = pkcs11.util.ec
    kinds = {
        "ed": (pkcs11.KeyType.EC_EDWARDS, pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, "1.3.101.112"),
        "ec": (pkcs11.KeyType.EC, pkcs11.Mechanism.EC_KEY_PAIR_GEN, "secp256r1"),
    }
    with token.open(user_pin=PIN, rw=True) as session:
        for label, id_, kind in (("one", 1, "ed"), ("two", 2, "ed"), ("two", 3, "ed"), ("other", 4, "ec")):
            key_type, mechanism, curve = kinds[kind]
            attributes = {pkcs11.Attribute.EC_PARAMS: curves.encode_named_curve_parameters(curve)}
            made = session.create_domain_parameters(key_type, attributes, local=True)
            made.generate_keypair(mechanism=mechanism, store=True, label=label, id=bytes([id_]))


def uri(hsm, path, more=""):
    return f"pkcs11:{path}?module-path={hsm}{more}"


def test_a_key_on_a_token_signs(hsm):
    key = open_key(uri(hsm, "token=duty;object=one"), ask)
    assert isinstance(key, OutsideKey)
    for message in (b"", b"message", b"x" * 40_000):
        assert verify(key.public, message, key.sign(message))
    envelope = sign_envelope(b"{}", ACT_TYPE, [key])
    verify_signatures(envelope, {key_id(key.public): key.public})
    assert PIN not in repr(key)


def test_its_public_part_is_known_without_the_pin(hsm):
    where = uri(hsm, "token=duty;object=one")
    found = known(where)
    assert (found.name, found.locked) == ("one", True)
    assert public_key(where) == found.public == open_key(where, ask).public


def test_two_keys_of_one_token_sign_in_one_run(hsm):
    keys = [open_key(uri(hsm, f"token=duty;id=%0{number}"), ask) for number in (1, 2, 3)]
    assert len({key.public for key in keys}) == 3
    assert all(verify(key.public, b"m", key.sign(b"m")) for key in keys)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("token=duty;object=two", "2 private Ed25519 keys fit"),
        ("token=duty;object=none", "0 private Ed25519 keys fit"),
        ("token=duty;object=other", "0 private Ed25519 keys fit"),
        ("token=empty", "0 private Ed25519 keys fit"),
        ("token=absent", "0 tokens fit"),
        ("token=duty;model=another", "0 tokens fit"),
    ],
)
def test_a_key_that_is_not_there_or_not_the_only_one_is_not_guessed(hsm, path, says):
    with pytest.raises(Malformed) as malformed:
        open_key(uri(hsm, path), ask)
    assert says in str(malformed.value)


def test_the_pin_may_come_from_a_file_that_nobody_else_may_read(hsm, tmp_path):
    file = tmp_path / "pin"
    file.write_text(f"{PIN}\n", "utf-8")
    where = uri(hsm, "token=empty;object=none", f"&pin-source=file:{file}")
    file.chmod(0o644)
    with pytest.raises(Refused, match="chmod 600"):
        open_key(where, never)
    file.chmod(0o600)
    with pytest.raises(Malformed, match="0 private"):
        open_key(where, never)


def test_a_library_that_is_none(hsm, tmp_path):
    (tmp_path / "lib.so").write_bytes(b"no library")
    with pytest.raises(Malformed, match="is no file"):
        open_key(uri(tmp_path / "none.so", "token=duty"), never)
    with pytest.raises(Conflict, match="nothing was signed"):
        open_key(uri(tmp_path / "lib.so", "token=duty"), never)


def test_a_token_that_signs_something_else_is_tampering(hsm):
    key = open_key(uri(hsm, "token=duty;id=%01"), ask)
    other = open_key(uri(hsm, "token=duty;id=%02"), ask)
    with pytest.raises(Tampered, match="nothing was signed"):
        OutsideKey(key.public, "the token", other.sign).sign(b"message")


def test_a_wrong_pin_opens_nothing(hsm):
    """In a process of its own: here the token is open already, and stays so until all its sessions end."""
    script = (
        "from foedus.keyring import open_key\nfrom foedus.errors import Refused\nimport sys\n"
        "try:\n    open_key(sys.argv[1], lambda what: sys.argv[2])\n"
        "except Refused as refused:\n    print(refused)\n"
    )
    for pin in ("987654", "7"):
        command = [sys.executable, "-c", script, uri(hsm, "token=duty;object=one"), pin]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "the PIN does not open it" in done.stdout
        assert pin not in done.stdout


def test_without_the_package_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(Malformed, match=r"pip install 'foedus\[token\]'"):
        open_key(f"pkcs11:token=duty?module-path={MODULE}", never)
