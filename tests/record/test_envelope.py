"""The envelope: what is signed is what came, and there is one reading of it."""

import base64
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from foedus.errors import Malformed
from foedus.record import keys
from foedus.record.envelope import (
    ACT_TYPE,
    EXERCISE_ACT_TYPE,
    MAX_ENVELOPE_BYTES,
    Envelope,
    Signature,
    add_signature,
    check_json,
    decode_envelope,
    encode_envelope,
    pae,
    sign_envelope,
    verify_signatures,
)

KEYS = [keys.SeedKey(bytes([number]) * 32) for number in range(1, 6)]
PUBLIC = {keys.key_id(key.public): key.public for key in KEYS}
IDS = list(PUBLIC)
ONE = sign_envelope(b'{"act":1}', ACT_TYPE, KEYS[:1])
WIRE = encode_envelope(ONE)
SIG = base64.b64encode(ONE.signatures[0].sig)


def test_pae_is_that_of_the_dsse_specification():
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )
    assert pae("é", b"") == b"DSSEv1 2 \xc3\xa9 0 "


@given(st.binary(max_size=300), st.sampled_from([ACT_TYPE, EXERCISE_ACT_TYPE]), st.integers(1, 4))
def test_what_is_signed_is_read_back_and_verifies(payload, kind, count):
    envelope = sign_envelope(payload, kind, KEYS[:count])
    read = decode_envelope(encode_envelope(envelope))
    assert read == envelope
    assert (read.payload, read.payloadType) == (payload, kind)
    assert [one.keyid for one in read.signatures] == IDS[:count]
    verify_signatures(read, PUBLIC)


@given(st.binary(min_size=1, max_size=60), st.integers(0), st.sampled_from(["payload", "sig", "type"]))
def test_any_changed_bit_fails(payload, bit, part):
    envelope = sign_envelope(payload, ACT_TYPE, KEYS[:2])
    first, second = envelope.signatures

    def flip(data):
        at = bit % (8 * len(data))
        return data[: at // 8] + bytes([data[at // 8] ^ 1 << at % 8]) + data[at // 8 + 1 :]

    changed = {
        "payload": Envelope(flip(payload), ACT_TYPE, envelope.signatures),
        "sig": Envelope(payload, ACT_TYPE, (first, Signature(second.keyid, flip(second.sig)))),
        "type": Envelope(payload, EXERCISE_ACT_TYPE, envelope.signatures),
    }[part]
    with pytest.raises(Malformed, match=IDS[1] if part == "sig" else IDS[0]):
        verify_signatures(changed, PUBLIC)


def test_a_key_that_is_not_expected_is_named():
    envelope = add_signature(ONE, KEYS[4])
    with pytest.raises(Malformed, match=IDS[4]):
        verify_signatures(envelope, {IDS[0]: PUBLIC[IDS[0]]})


def test_an_envelope_without_signatures_never_passes():
    with pytest.raises(Malformed, match="no signature"):
        verify_signatures(Envelope(b"{}", ACT_TYPE, ()), PUBLIC)
    with pytest.raises(Malformed, match="0 signatures"):
        sign_envelope(b"{}", ACT_TYPE, [])
    with pytest.raises(Malformed, match="0 signatures"):
        decode_envelope(b'{"payload":"e30=","payloadType":"a/b","signatures":[]}')


def test_signatures_are_added_until_four_and_by_each_key_once():
    envelope = ONE
    for key in KEYS[1:4]:
        envelope = add_signature(envelope, key)
    assert envelope == sign_envelope(ONE.payload, ACT_TYPE, KEYS[:4])
    with pytest.raises(Malformed, match="5 signatures"):
        add_signature(envelope, KEYS[4])
    with pytest.raises(Malformed, match="two signatures of one key"):
        add_signature(ONE, KEYS[0])


def test_an_envelope_that_no_record_takes_is_not_made():
    with pytest.raises(Malformed, match="attachment"):
        sign_envelope(b"x" * 40_000, ACT_TYPE, KEYS[:1])
    fits = encode_envelope(sign_envelope(b"x" * 36_000, ACT_TYPE, KEYS[:4]))
    assert len(fits) < MAX_ENVELOPE_BYTES
    with pytest.raises(Malformed, match="at most 48000"):
        decode_envelope(fits + b" " * MAX_ENVELOPE_BYTES, max_bytes=48_000)


@pytest.mark.parametrize("kind", ["", "a b", 'a"b', "a\\b", "é", "a\n", "x" * 129, "\ud800"])
def test_types_that_are_no_media_type(kind):
    with pytest.raises(Malformed, match="payload type"):
        sign_envelope(b"{}", kind, KEYS[:1])


def test_spaces_and_the_order_of_members_are_free():
    members = json.loads(WIRE)
    for text in (
        json.dumps(members),
        json.dumps(members, indent=2) + "\n",
        json.dumps(dict(reversed(members.items()))),
    ):
        assert decode_envelope(text.encode()) == ONE


def rewritten(old, new):
    assert old in WIRE
    return WIRE.replace(old, new, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        WIRE + b"x",
        WIRE + WIRE,
        b"\xef\xbb\xbf" + WIRE,
        WIRE[:-1],
        rewritten(b'{"payload"', b'{"extra":1,"payload"'),
        rewritten(b'{"payload"', b'{"payload":"e30=","payload"'),
        rewritten(b'"payloadType"', b'"payloadType":"a/b","payloadType"'),
        rewritten(b'"signatures"', b'"signatures":[],"signatures"'),
        rewritten(b'"keyid"', b'"keyid":"0000000000000000","keyid"'),
        rewritten(b'"sig":', b'"sig":"","sig":'),
        rewritten(b'{"payload"', b'{"p\\u0061yload":"e30=","payload"'),
        rewritten(b'"payload"', b'"p\\u0061yload"'),
        rewritten(b"application/", b"application\\/"),
        rewritten(b'"keyid"', b'"extra":"","keyid"'),
        rewritten(IDS[0].encode(), IDS[0].upper().encode()),
        rewritten(IDS[0].encode(), b""),
        rewritten(base64.b64encode(b'{"act":1}'), b"eyJhY3QiOjF="),
        rewritten(base64.b64encode(b'{"act":1}'), b"eyJhY3QiOjF9\xff"),
        rewritten(b'=="', b'="'),
        rewritten(b'=="', b'"'),
        rewritten(SIG[85:86] + b'=="', bytes([SIG[85] + 1]) + b'=="'),
        b'{"payload":"e30=","payloadType":"a/b","signatures":[{"keyid":"0000000000000000","sig":"AAAA"}]}',
        b'{"payload":1,"payloadType":"a/b","signatures":[]}',
        b"[" * 100_000,
    ],
)
def test_what_has_a_second_reading_is_malformed(data):
    with pytest.raises(Malformed):
        decode_envelope(data, max_bytes=1 << 20)


def mutated(original):
    """The original with a few stretches cut, doubled or overwritten: near enough to reach every check."""
    cut = st.tuples(st.integers(0, len(original)), st.integers(0, 12), st.binary(max_size=6))

    def apply(edits):
        data = original
        for at, gone, put in edits:
            data = data[:at] + put + data[at + gone :]
        return data

    return st.lists(cut, min_size=1, max_size=3).map(apply)


@given(st.one_of(st.binary(max_size=200), mutated(WIRE)))
@example(b'{"payload":')
def test_decoding_raises_malformed_and_nothing_else(data):
    try:
        envelope = decode_envelope(data)
    except Malformed:
        return
    assert decode_envelope(encode_envelope(envelope)) == envelope


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), json_values, max_size=4), st.booleans())
def test_plain_json_passes_as_payload(value, escaped):
    check_json(json.dumps(value, ensure_ascii=escaped).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    ("payload", "because"),
    [
        (b"", "Expecting value"),
        (b"[]", "object expected"),
        (b'{"a":1,"a":1}', "'a' comes twice"),
        (b'{"a":1,"\\u0061":2}', "'a' comes twice"),
        (b'{"b":[{"a":1,"a":1}]}', "'a' comes twice"),
        (b'{"a":1.0}', "integers only"),
        (b'{"a":1e3}', "integers only"),
        (b'{"a":NaN}', "integers only"),
        (b'{"a":-Infinity}', "integers only"),
        (b'{"a":9007199254740992}', "2\\*\\*53 - 1"),
        (b'{"a":-9007199254740992}', "2\\*\\*53 - 1"),
        (b'{"a":-0}', "integer -0"),
        (b'{"a":' + b"9" * 5000 + b"}", "payload"),
        (b'{"a":"\\ud800"}', "surrogates"),
        (b'{"\\udc00":1}', "surrogates"),
        (b'{"a":"\xed\xa0\x80"}', "utf-8"),
        (b'{"a":"\xff"}', "utf-8"),
        (b'\xef\xbb\xbf{"a":1}', "Expecting value"),
        (b'{"a":1} x', "Extra data"),
        (b'{"a":"\n"}', "control character"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "deeper than 32"),
        (b'{"a":' * 9000, "payload"),
        (b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}", "payload"),
    ],
)
def test_json_that_two_readers_might_read_differently_is_no_payload(payload, because):
    with pytest.raises(Malformed, match=because):
        check_json(payload)


def test_the_largest_that_is_allowed_passes():
    check_json(b'{"a":' * 32 + b"-9007199254740991" + b"}" * 32)
    check_json(b' {"a" : "\\ud83d\\ude00 \xf0\x9f\x98\x80"} ')


@given(st.one_of(st.binary(max_size=60), mutated(b'{"a":[1,{"b":"\\u00e9\xc3\xa9"}],"c":-12,"d":null}')))
def test_checking_a_payload_raises_malformed_and_nothing_else(data):
    try:
        check_json(data)
    except Malformed:
        return
    json.loads(data)
