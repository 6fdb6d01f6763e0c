"""Signed notes and verifier keys, by the letter of c2sp.org/signed-note."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import Malformed, Tampered
from foedus.record import keys
from foedus.record.note import (
    MAX_NOTE_BYTES,
    Note,
    NoteSignature,
    VerifierKey,
    add_signatures,
    format_note,
    format_vkey,
    note_key,
    parse_note,
    parse_vkey,
    sign_note,
    verify_note,
)
from foedus.unseen import UNSEEN, mixed

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
KEY, OTHER_KEY = note_key("example.com/log", SEED), note_key("example.com/log", OTHER)
TEXT = b"a text\n"
NOTE = sign_note(TEXT, "example.com/log", SEED)

# The example of the specification, section "Verifier keys".
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n— example.com/foo"
    " Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()

names = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="+"),
    min_size=1,
    max_size=40,
).filter(lambda name: UNSEEN.search(name) is None and mixed(name) is None)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=80).map(
    lambda text: f"{text}\n".encode()
)
signatures = st.builds(NoteSignature, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))
notes = st.builds(Note, texts, st.lists(signatures, min_size=1, max_size=6).map(tuple))


def test_the_example_of_the_specification_verifies():
    key = parse_vkey(SPEC_KEY)
    assert format_vkey(key) == SPEC_KEY
    note, verified = verify_note(SPEC_NOTE, [key])
    assert note.text == b"This is an example message.\n"
    assert [found for found, _ in verified] == [key]
    assert format_note(note) == SPEC_NOTE


@given(notes)
def test_a_note_survives_its_bytes(note):
    assert parse_note(format_note(note)) == note


@given(texts, names, st.binary(min_size=32, max_size=32))
def test_what_is_signed_verifies(text, name, seed):
    key = parse_vkey(format_vkey(note_key(name, seed)))
    note, [(by, _)] = verify_note(sign_note(text, name, seed), [OTHER_KEY, key])
    assert (note.text, by) == (text, key)


@given(st.integers(0, len(TEXT) - 2), st.sampled_from(b"xyz\n"))
def test_any_other_text_is_tampered(at, put):
    changed = TEXT[:at] + bytes([put]) + TEXT[at + 1 :]
    if changed != TEXT:
        with pytest.raises(Tampered):
            verify_note(NOTE.replace(TEXT, changed, 1), [KEY])


@given(st.integers(0, 8 * 64 - 1))
def test_any_changed_bit_of_a_signature_is_tampered(bit):
    text, (one,) = parse_note(NOTE)
    flipped = bytearray(one.signature)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Tampered):
        verify_note(format_note(Note(text, (one._replace(signature=bytes(flipped)),))), [KEY])


def test_the_text_ends_at_the_last_blank_line():
    text = b"one\n\n\xe2\x80\x94 example.com/log AAAAAAA=\n\ntwo\n"
    note, _ = verify_note(sign_note(text, "example.com/log", SEED), [KEY])
    assert note.text == text
    assert parse_note(b"\n\n\xe2\x80\x94 a AAAAAAA=\n").text == b"\n"


def test_unknown_signatures_are_carried_and_prove_nothing():
    unknown = NoteSignature("example.com/log", b"\0\0\0\0", b"no signature")
    same_id = NoteSignature("example.com/else", KEY.key_id, b"no signature")
    note, verified = verify_note(add_signatures(NOTE, [unknown, same_id]), [KEY])
    assert len(note.signatures) == 3
    assert [key for key, _ in verified] == [KEY]
    with pytest.raises(Tampered, match="expected at least one of 1 known keys"):
        verify_note(NOTE, [OTHER_KEY])
    with pytest.raises(Tampered):
        verify_note(NOTE, [])


def test_one_bad_signature_of_a_known_key_condemns_the_note():
    bad = NoteSignature("example.com/log", OTHER_KEY.key_id, bytes(64))
    assert verify_note(add_signatures(NOTE, [bad]), [KEY])
    with pytest.raises(Tampered, match="does not fit"):
        verify_note(add_signatures(NOTE, [bad]), [KEY, OTHER_KEY])
    with pytest.raises(Tampered, match="does not fit"):
        verify_note(add_signatures(NOTE, [NoteSignature("example.com/log", KEY.key_id, b"x")]), [KEY])


def test_keys_that_share_name_and_id_are_tried_each():
    """A key made to collide with another's four-byte id gains nothing and harms nothing."""

    class Colliding(VerifierKey):
        key_id = KEY.key_id

    twin = Colliding("example.com/log", 1, OTHER_KEY.public)
    _, verified = verify_note(NOTE, [twin, KEY])
    assert [key for key, _ in verified] == [KEY]


def test_old_and_new_key_may_both_sign():
    both = add_signatures(NOTE, parse_note(sign_note(TEXT, "example.com/log", OTHER)).signatures)
    assert len(verify_note(both, [KEY, OTHER_KEY])[1]) == 2
    assert add_signatures(both, parse_note(NOTE).signatures) == both


def test_a_hundred_signatures_are_read_and_a_hundred_and_one_are_not():
    lines = [NoteSignature(f"w{number}", b"abcd", b"x") for number in range(100)]
    assert len(parse_note(format_note(Note(TEXT, tuple(lines)))).signatures) == 100
    one_more = format_note(Note(TEXT, tuple(lines))) + lines[0].line().encode()
    with pytest.raises(Malformed, match="101 signatures"):
        parse_note(one_more)
    with pytest.raises(Malformed, match="101 signatures"):
        add_signatures(NOTE, lines)


DASH = "— ".encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"text\n",
        b"text\n\n",
        b"text\n\n\n",
        b"text" + b"\n" + DASH + b"a AAAAAAA=\n",
        b"\n" + DASH + b"a AAAAAAA=\n",
        b"text\n\n" + DASH + b"a AAAAAAA=",
        b"text\n\n" + DASH + b"a AAAAAAA=\nrest",
        b"text\n\n" + DASH + b"a AAAAAAA=\n\n",
        b"text\n\n- a AAAAAAA=\n",
        b"text\n\n" + DASH + b"AAAAAAA=\n",
        b"text\n\n" + DASH + b" AAAAAAA=\n",
        b"text\n\n" + DASH + b"a  AAAAAAA=\n",
        b"text\n\n" + DASH + b"a b AAAAAAA=\n",
        b"text\n\n" + DASH + b"a+b AAAAAAA=\n",
        b"text\n\n" + DASH + "a\u2003b AAAAAAA=\n".encode(),
        b"text\n\n" + DASH + b"a AAAA\n",
        b"text\n\n" + DASH + b"a AAAAAA==\n",
        b"text\n\n" + DASH + b"a AAAAAAB=\n",
        b"text\n\n" + DASH + b"a AAAAAAA\n",
        b"text\n\n" + DASH + b"a AAAAAAA=\r\n",
        b"te\rxt\n\n" + DASH + b"a AAAAAAA=\n",
        b"te\x00xt\n\n" + DASH + b"a AAAAAAA=\n",
        b"te\txt\n\n" + DASH + b"a AAAAAAA=\n",
        b"te\xffxt\n\n" + DASH + b"a AAAAAAA=\n",
        b"text\n\n" + DASH + b"a\xff AAAAAAA=\n",
        b"x" * MAX_NOTE_BYTES + b"\n\n" + DASH + b"a AAAAAAA=\n",
    ],
)
def test_what_is_no_note(data):
    with pytest.raises(Malformed):
        parse_note(data)


@pytest.mark.parametrize(
    "note",
    [
        Note(b"text\n", ()),
        Note(b"text", (NoteSignature("a", b"abcd", b"x"),)),
        Note(b"te\txt\n", (NoteSignature("a", b"abcd", b"x"),)),
        Note(b"\xff\n", (NoteSignature("a", b"abcd", b"x"),)),
        Note(b"text\n", (NoteSignature("a b", b"abcd", b"x"),)),
        Note(b"text\n", (NoteSignature("a", b"abc", b"x"),)),
        Note(b"text\n", (NoteSignature("a", b"abcd", b""),)),
        Note(b"x" * MAX_NOTE_BYTES + b"\n", (NoteSignature("a", b"abcd", b"x"),)),
    ],
)
def test_a_note_that_could_not_be_read_is_not_written(note):
    with pytest.raises(Malformed):
        format_note(note)


pieces = st.sampled_from(
    [
        b"\n",
        b"\n\n",
        DASH,
        b" ",
        b"+",
        b"a",
        b"example.com/log ",
        NOTE[-90:],
        b"AAAAAAA=",
        b"\t",
        b"\xff",
        b"\xc2\xa0",
    ]
)


@given(st.one_of(st.binary(max_size=120), st.lists(pieces, max_size=12).map(b"".join)))
def test_parsing_raises_malformed_and_nothing_else(data):
    try:
        note = parse_note(data)
    except Malformed:
        return
    assert format_note(note) == data


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        SPEC_KEY.replace("530d903a", "530d903b"),
        SPEC_KEY.replace("530d903a", "530D903A"),
        SPEC_KEY.replace("foo", "fob"),
        SPEC_KEY.replace("foo", "f o"),
        SPEC_KEY + "=",
        SPEC_KEY[:-4],
        "example.com/foo+530d903a+",
        format_vkey(VerifierKey("a", 2, keys.public_of(SEED))),
        format_vkey(VerifierKey("a", 1, keys.public_of(SEED)[:31])),
        format_vkey(VerifierKey("a", 1, bytes(32))),
        format_vkey(VerifierKey("a", 4, b"\1" + bytes(31))),
        format_vkey(VerifierKey("a", 6, keys.public_of(SEED))),
    ],
)
def test_what_is_no_verifier_key(text):
    with pytest.raises(Malformed):
        parse_vkey(text)


@given(st.one_of(st.text(), st.text(st.sampled_from(SPEC_KEY + "+="), max_size=90)))
def test_parsing_a_key_raises_malformed_and_nothing_else(text):
    try:
        key = parse_vkey(text)
    except Malformed:
        return
    assert format_vkey(key) == text


def test_a_key_of_a_type_the_note_has_no_use_for_is_malformed():
    with pytest.raises(Malformed, match="0x04"):
        verify_note(NOTE, [VerifierKey("example.com/log", 4, KEY.public)])
