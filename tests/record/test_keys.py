"""Keys: signing and checking by one rule, names, base64."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import Malformed
from foedus.record import keys

SEED = bytes(range(32))
PUBLIC = keys.public_of(SEED)
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.mark.parametrize(
    ("seed", "public", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ],
)
def test_signatures_are_those_of_rfc_8032(seed, public, message, signature):
    seed, public, message, signature = map(bytes.fromhex, (seed, public, message, signature))
    assert keys.public_of(seed) == public
    assert keys.sign(seed, message) == signature
    assert keys.verify(public, message, signature)


@given(st.binary(max_size=200), st.integers(0, 8 * 64 - 1), st.binary(max_size=4))
def test_a_signature_fits_its_message_and_no_other(message, bit, tail):
    signature = keys.sign(SEED, message)
    assert keys.verify(PUBLIC, message, signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not keys.verify(PUBLIC, message, bytes(flipped))
    assert not keys.verify(PUBLIC, message + b"\0", signature)
    assert not keys.verify(keys.public_of(bytes(32)), message, signature)
    assert not keys.verify(PUBLIC, tail + message, signature[:60])
    assert not keys.verify(PUBLIC[:31], message, signature)


def test_a_signature_whose_s_is_one_order_higher_is_refused():
    signature = keys.sign(SEED, b"message")
    s = int.from_bytes(signature[32:], "little") + ORDER
    assert not keys.verify(PUBLIC, b"message", signature[:32] + s.to_bytes(32, "little"))


@pytest.mark.parametrize(
    "public",
    [
        "0000000000000000000000000000000000000000000000000000000000000000",  # of order 4
        "0100000000000000000000000000000000000000000000000000000000000000",  # the neutral element
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",  # of order 8
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y not below p
        "0200000000000000000000000000000000000000000000000000000000000000",  # on no curve point
        "00",
        "",
    ],
)
def test_keys_that_fit_several_messages_or_none_are_not_admitted(public):
    with pytest.raises(Malformed):
        keys.check_public_key(bytes.fromhex(public))


@given(st.binary(min_size=32, max_size=32))
def test_every_key_made_from_a_seed_is_admitted(seed):
    assert keys.check_public_key(keys.public_of(seed)) == keys.public_of(seed)


def test_a_key_id_is_sixteen_digits_of_its_hash():
    assert keys.key_id(PUBLIC) == "56475aa75463474c"
    assert keys.new_seed() != keys.new_seed()


@given(st.binary(max_size=80))
def test_base64_has_one_spelling(data):
    text = keys.encode_base64(data)
    assert keys.decode_base64(text) == keys.decode_base64(text.encode()) == data


@pytest.mark.parametrize(
    "text", ["QQ", "QQ=", "QR==", "QQ==\n", " QQ==", "Q Q==", "Q-==", "QQ===", "=", "QQ==QQ==", "Ä"]
)
def test_no_other_spelling_is_read(text):
    with pytest.raises(Malformed):
        keys.decode_base64(text)


@given(st.text())
def test_base64_that_cannot_be_read_is_malformed_and_nothing_else(text):
    try:
        data = keys.decode_base64(text)
    except Malformed:
        return
    assert keys.encode_base64(data) == text


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u00a0b", "a\x7f", "\x00", "x" * 256, "\ud800"])
def test_names_that_no_key_may_have(name):
    with pytest.raises(Malformed):
        keys.check_name(name)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("example.org/ky\u200biv", r"U\+200B found in it"),
        ("example.org/\u202eviyk", r"U\+202E found in it"),
        ("example.org\u009b2J", r"U\+009B found in it"),  # moves the cursor of some terminals
        ("ex\u0430mple.org", "'ex\u0430mple' mixes Latin letters"),  # a Cyrillic letter
        ("\u039frigin.example", "'\u039frigin' mixes Latin letters"),  # a Greek one
    ],
)
def test_a_name_that_passes_for_another_names_no_key(name, says):
    with pytest.raises(Malformed, match=says):
        keys.check_name(name)


def test_a_name_in_any_one_alphabet_names_a_key():
    for name in ("example.org/kyiv", "example.org/Київ", "приклад.укр/kyiv", "例え.example"):
        assert keys.check_name(name) == name


def test_a_key_in_memory_signs_and_shows_only_its_id():
    key = keys.SeedKey(SEED)
    assert key.public == PUBLIC
    assert key.sign(b"message") == keys.sign(SEED, b"message")
    assert repr(key) == f"SeedKey({keys.key_id(PUBLIC)})"
    with pytest.raises(Malformed, match="31 bytes found"):
        keys.SeedKey(SEED[:31])
