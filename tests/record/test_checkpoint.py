"""Checkpoints and cosignatures, by the letter of c2sp.org/tlog-checkpoint and c2sp.org/tlog-cosignature."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric import mldsa
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.errors import Malformed, Tampered
from foedus.record import checkpoint as checkpoints
from foedus.record import keys
from foedus.record.checkpoint import (
    MAX_SIZE,
    Checkpoint,
    Cosignature,
    cosign,
    cosign_mldsa44,
    cosigner_key,
    format_checkpoint,
    mldsa44_key,
    parse_checkpoint,
    sign_checkpoint,
    subtree_message,
    verify_checkpoint,
    verify_subtree,
)
from foedus.record.merkle import EMPTY_ROOT, leaf_hash
from foedus.record.note import Note, add_signatures, format_note, note_key, parse_note, sign_note

ORIGIN = "example.com/compact"
LOG_SEED, WITNESS_SEED = bytes(range(32)), bytes(range(1, 33))
LOG, WITNESS = note_key(ORIGIN, LOG_SEED), cosigner_key("witness.example/w", WITNESS_SEED)
PQ = mldsa44_key("witness.example/pq", WITNESS_SEED)
ROOT = leaf_hash(b"root")
HEAD = Checkpoint(ORIGIN, 7, ROOT)
TEXT = format_checkpoint(HEAD)
NOTE = sign_checkpoint(HEAD, LOG_SEED)
AT = datetime(2026, 3, 1, 10, 0, 0, tzinfo=UTC)

lines = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
heads = st.builds(
    Checkpoint,
    lines,
    st.integers(1, MAX_SIZE),
    st.binary(min_size=32, max_size=32),
    st.lists(lines, max_size=2).map(tuple),
)


@given(heads)
def test_a_checkpoint_survives_its_text(head):
    assert parse_checkpoint(format_checkpoint(head)) == head


def test_a_checkpoint_is_three_lines():
    assert TEXT.decode().split("\n") == [ORIGIN, "7", "PAb5plclr2BSYfY2ZyyWINQJcx2JpFHXRV/pxK4WeCk=", ""]
    assert format_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT)).startswith(b"example.com/compact\n0\n47DEQpj8")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"a\n",
        b"a\n7\n",
        TEXT[:-1],
        TEXT + b"\n",
        TEXT.replace(b"7", b"07"),
        TEXT.replace(b"7\n", b"+7\n"),
        TEXT.replace(b"7\n", b"-7\n"),
        TEXT.replace(b"7\n", b"7 \n"),
        TEXT.replace(b"7\n", "\u0667\n".encode()),
        TEXT.replace(b"7\n", b"9223372036854775808\n"),
        TEXT.replace(b"7\n", b"0\n"),
        TEXT.replace(ORIGIN.encode(), b""),
        TEXT.replace(ORIGIN.encode(), b"\xff"),
        TEXT[:-6] + b"\n",
        b"a\n7\nAAAA\n",
    ],
)
def test_what_is_no_checkpoint(text):
    with pytest.raises(Malformed):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    "head",
    [
        HEAD._replace(origin=""),
        HEAD._replace(origin="a\n1"),
        HEAD._replace(origin="\ud800"),
        HEAD._replace(size=-1),
        HEAD._replace(size=2**63),
        HEAD._replace(size=0),
        HEAD._replace(root=b"short"),
        HEAD._replace(extensions=("",)),
        HEAD._replace(extensions=("a\nb",)),
    ],
)
def test_a_checkpoint_that_could_not_be_read_is_not_written(head):
    with pytest.raises(Malformed):
        format_checkpoint(head)


@given(st.binary(max_size=100))
def test_parsing_raises_malformed_and_nothing_else(data):
    for text in (data, TEXT[: len(data) % 70] + data):
        try:
            head = parse_checkpoint(text)
        except Malformed:
            continue
        assert format_checkpoint(head) == text


def test_the_log_and_its_witnesses_are_told_apart():
    note = add_signatures(
        NOTE,
        [cosign(TEXT, WITNESS.name, WITNESS_SEED, AT), cosign_mldsa44(TEXT, PQ.name, WITNESS_SEED, None)],
    )
    signed = verify_checkpoint(note, LOG, [PQ, WITNESS])
    assert signed.checkpoint == HEAD
    assert signed.cosignatures == (Cosignature(WITNESS, AT), Cosignature(PQ, None))
    assert verify_checkpoint(note, LOG, [PQ]).cosignatures == (Cosignature(PQ, None),)
    assert verify_checkpoint(note, LOG).cosignatures == ()


def test_witnesses_alone_do_not_make_a_checkpoint():
    cosigned = format_note(Note(TEXT, (cosign(TEXT, WITNESS.name, WITNESS_SEED, AT),)))
    with pytest.raises(Tampered, match=r"not signed by example\.com/compact"):
        verify_checkpoint(cosigned, LOG, [WITNESS])


def test_another_logs_origin_is_tampered():
    with pytest.raises(Tampered, match="origin"):
        verify_checkpoint(sign_note(TEXT.replace(b"compact", b"comfort"), ORIGIN, LOG_SEED), LOG)
    with pytest.raises(Tampered):
        verify_checkpoint(sign_checkpoint(HEAD._replace(origin="example.com/b"), LOG_SEED), LOG)


def test_a_note_that_is_no_checkpoint_is_malformed_even_when_signed():
    with pytest.raises(Malformed):
        verify_checkpoint(sign_note(b"hello\n", ORIGIN, LOG_SEED), LOG)
    with pytest.raises(Malformed):
        cosign(b"hello\n", WITNESS.name, WITNESS_SEED, AT)


def test_a_log_may_sign_with_ml_dsa_itself():
    key = mldsa44_key(ORIGIN, LOG_SEED)
    note = format_note(Note(TEXT, (cosign_mldsa44(TEXT, ORIGIN, LOG_SEED, AT),)))
    assert verify_checkpoint(note, key).checkpoint == HEAD
    assert verify_checkpoint(note, key, [key]).cosignatures == (Cosignature(key, AT),)


def test_an_untimed_key_among_the_witnesses_claims_no_time():
    second = note_key("example.com/mirror", WITNESS_SEED)
    note = add_signatures(NOTE, parse_note(sign_note(TEXT, second.name, WITNESS_SEED)).signatures)
    assert verify_checkpoint(note, LOG, [second]).cosignatures == (Cosignature(second, None),)


@pytest.mark.parametrize("make", [cosign, cosign_mldsa44])
@given(bit=st.integers(0, 8 * 72 - 1))
@settings(max_examples=40)
def test_any_changed_bit_of_time_or_signature_is_tampered(make, bit):
    key = WITNESS if make is cosign else PQ
    one = make(TEXT, key.name, WITNESS_SEED, AT)
    flipped = bytearray(one.signature)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Tampered):
        verify_checkpoint(add_signatures(NOTE, [one._replace(signature=bytes(flipped))]), LOG, [key])


@pytest.mark.parametrize("length", [0, 3, 7, 8, 71, 73])
def test_cut_cosignatures_are_tampered(length):
    for key in (WITNESS, PQ):
        one = cosign(TEXT, WITNESS.name, WITNESS_SEED, AT)._replace(name=key.name, key_id=key.key_id)
        cut = one._replace(signature=(one.signature + b"x")[: length or 1])
        with pytest.raises(Tampered):
            verify_checkpoint(add_signatures(NOTE, [cut]), LOG, [key])


def test_a_time_that_no_clock_shows_is_tampered():
    """Correctly signed, but for the year 10000: accepting it would break whoever compares times."""
    seconds = checkpoints.LATEST + 1
    forged = cosign(TEXT, WITNESS.name, WITNESS_SEED, AT)._replace(
        signature=seconds.to_bytes(8) + keys.sign(WITNESS_SEED, b"cosignature/v1\ntime %d\n%b" % (seconds, TEXT))
    )
    with pytest.raises(Tampered):
        verify_checkpoint(add_signatures(NOTE, [forged]), LOG, [WITNESS])


def test_a_cosignature_covers_the_extension_lines_or_by_ml_dsa_does_not():
    extended = format_checkpoint(HEAD._replace(extensions=("extra",)))
    note = sign_note(extended, ORIGIN, LOG_SEED)
    with pytest.raises(Tampered):
        verify_checkpoint(add_signatures(note, [cosign(TEXT, WITNESS.name, WITNESS_SEED, AT)]), LOG, [WITNESS])
    verify_checkpoint(add_signatures(note, [cosign_mldsa44(TEXT, PQ.name, WITNESS_SEED, AT)]), LOG, [PQ])


def test_times_are_whole_seconds_in_utc():
    kyiv = (AT + timedelta(milliseconds=900)).astimezone(timezone(timedelta(hours=2)))
    assert cosign(TEXT, WITNESS.name, WITNESS_SEED, kyiv) == cosign(TEXT, WITNESS.name, WITNESS_SEED, AT)
    with pytest.raises(Malformed, match="1970"):
        cosign(TEXT, WITNESS.name, WITNESS_SEED, datetime(1970, 1, 1, tzinfo=UTC))


def test_the_signed_text_is_the_one_of_the_specification():
    one = cosign(TEXT, WITNESS.name, WITNESS_SEED, AT)
    message = b"cosignature/v1\ntime 1772359200\n" + TEXT
    assert one.signature == (1772359200).to_bytes(8) + keys.sign(WITNESS_SEED, message)
    assert subtree_message("w", 1, "log", 0, 7, root=ROOT) == (
        b"subtree/v1\n\0\x01w" + (1).to_bytes(8) + b"\x03log" + bytes(8) + (7).to_bytes(8) + ROOT
    )


def test_a_subtree_is_cosigned_without_a_time():
    private = mldsa.MLDSA44PrivateKey.from_seed_bytes(WITNESS_SEED)
    signature = bytes(8) + private.sign(subtree_message(PQ.name, 0, ORIGIN, 4, 8, root=ROOT))
    assert verify_subtree(PQ, signature, ORIGIN, 4, 8, root=ROOT) is None
    for key, sig, start, end in [
        (PQ, signature, 4, 7),
        (PQ, signature, 0, 8),
        (PQ, (1).to_bytes(8) + signature[8:], 4, 8),
        (PQ._replace(name="witness.example/other"), signature, 4, 8),
        (PQ._replace(public=PQ.public[:-1]), signature, 4, 8),
        (WITNESS, signature, 4, 8),
    ]:
        with pytest.raises(Tampered):
            verify_subtree(key, sig, ORIGIN, start, end, root=ROOT)


@pytest.mark.parametrize(
    ("name", "seconds", "start", "end", "root"),
    [
        ("\ud800", 0, 0, 1, ROOT),
        ("w" * 256, 0, 0, 1, ROOT),
        ("", 0, 0, 1, ROOT),
        ("w", 1, 4, 8, ROOT),
        ("w", 0, 8, 4, ROOT),
        ("w", 0, 0, 1, b"r"),
    ],
)
def test_messages_that_cannot_be_written(name, seconds, start, end, root):
    with pytest.raises(Malformed):
        subtree_message(name, seconds, ORIGIN, start, end, root=root)
    with pytest.raises(Malformed):
        subtree_message("w", 0, "o" * 256, 0, 1, root=ROOT)


def test_where_ml_dsa_is_missing_it_is_said(monkeypatch):
    one = cosign_mldsa44(TEXT, PQ.name, WITNESS_SEED, AT)
    monkeypatch.delattr(mldsa, "MLDSA44PrivateKey")
    monkeypatch.delattr(mldsa, "MLDSA44PublicKey")
    with pytest.raises(Malformed, match="version 47"):
        cosign_mldsa44(TEXT, PQ.name, WITNESS_SEED, AT)
    with pytest.raises(Malformed, match="version 47"):
        verify_checkpoint(add_signatures(NOTE, [one]), LOG, [PQ])
    with pytest.raises(Malformed, match="32 expected"):
        mldsa44_key(PQ.name, b"short")
