"""A proof that travels: format, and what it takes to believe it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import Malformed, Refused, Tampered
from foedus.record.checkpoint import (
    Checkpoint,
    cosign,
    cosign_mldsa44,
    cosigner_key,
    format_checkpoint,
    mldsa44_key,
    sign_checkpoint,
)
from foedus.record.merkle import TreeReader, inclusion_proof, leaf_hash, root_of
from foedus.record.note import NoteSignature, add_signatures, note_key
from foedus.record.proof import Proof, format_proof, parse_proof, verify_proof

ORIGIN = "example.com/compact"
SEED, WITNESS_SEED = bytes(range(32)), bytes(range(1, 33))
LOG = note_key(ORIGIN, SEED)
ENTRIES = [b"entry %d" % number for number in range(11)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
HEAD = Checkpoint(ORIGIN, 11, root_of(LEAVES))
NOTE = sign_checkpoint(HEAD, SEED)
AT = datetime(2026, 3, 1, 10, 0, 0, tzinfo=UTC)


def proof_of(index, extra=b"", note=NOTE):
    read = TreeReader(lambda level, start, count: LEAVES[start : start + count] if level == 0 else [])
    return Proof(index, tuple(inclusion_proof(read, index, 11)), note, extra)


TEXT = format_proof(proof_of(5))


@given(st.integers(0, 2**60), st.lists(st.binary(min_size=32, max_size=32), max_size=63), st.binary(max_size=40))
def test_a_proof_survives_its_text(index, hashes, extra):
    proof = Proof(index, tuple(hashes), NOTE, extra)
    assert parse_proof(format_proof(proof)) == proof


def test_a_proof_is_written_as_specified():
    lines = format_proof(proof_of(5, b"extra")).decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra ZXh0cmE=", "index 5"]
    assert lines[7] == ""
    assert "\n".join(lines[8:]).encode() == NOTE


@pytest.mark.parametrize("index", range(11))
def test_every_entry_is_proven_and_no_other(index):
    proof = proof_of(index)
    assert verify_proof(ENTRIES[index], proof, LOG) == index
    assert verify_proof(ENTRIES[index], format_proof(proof), LOG) == index
    with pytest.raises(Tampered):
        verify_proof(ENTRIES[(index + 1) % 11], proof, LOG)
    with pytest.raises(Tampered):
        verify_proof(ENTRIES[index] + b"\0", proof, LOG)


@given(st.integers(0, 8 * 32 * 4 - 1))
def test_any_changed_bit_of_a_hash_is_tampered(bit):
    proof = proof_of(5)
    data = bytearray(b"".join(proof.hashes))
    data[bit // 8] ^= 1 << bit % 8
    hashes = tuple(bytes(data[at : at + 32]) for at in range(0, len(data), 32))
    with pytest.raises(Tampered):
        verify_proof(ENTRIES[5], Proof(5, hashes, NOTE), LOG)


def test_a_proof_against_another_logs_key_or_head_is_tampered():
    with pytest.raises(Tampered):
        verify_proof(ENTRIES[5], TEXT, note_key(ORIGIN, WITNESS_SEED))
    other = sign_checkpoint(Checkpoint(ORIGIN, 11, LEAVES[0]), SEED)
    with pytest.raises(Tampered):
        verify_proof(ENTRIES[5], proof_of(5, note=other), LOG)
    smaller = sign_checkpoint(Checkpoint(ORIGIN, 5, root_of(LEAVES[:5])), SEED)
    with pytest.raises(Tampered):
        verify_proof(ENTRIES[5], proof_of(5, note=smaller), LOG)


def test_a_quorum_counts_witnesses_and_not_their_signatures():
    text = format_checkpoint(HEAD)
    one, two = cosigner_key("w.example/1", WITNESS_SEED), mldsa44_key("w.example/1", WITNESS_SEED)
    three = cosigner_key("w.example/2", SEED)
    note = add_signatures(
        NOTE,
        [
            cosign(text, "w.example/1", WITNESS_SEED, AT),
            cosign_mldsa44(text, "w.example/1", WITNESS_SEED, AT),
            NoteSignature("w.example/unknown", b"abcd", bytes(72)),
        ],
    )
    assert verify_proof(ENTRIES[5], proof_of(5, note=note), LOG, [one, two, three], quorum=1) == 5
    with pytest.raises(Refused, match="cosigned by 1 known witnesses, 2 required") as refused:
        verify_proof(ENTRIES[5], proof_of(5, note=note), LOG, [one, two, three], quorum=2)
    assert refused.value.clause == "record/quorum"


def changed(old, new):
    assert old in TEXT
    return TEXT.replace(old, new, 1)


HASH_LINE = TEXT.split(b"\n")[2] + b"\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        TEXT[:40],
        b"\n" + TEXT,
        changed(b"@v1", b"@v2"),
        changed(b"index 5", b"index 05"),
        changed(b"index 5", b"index -5"),
        changed(b"index 5", b"index +5"),
        changed(b"index 5", b"index"),
        changed(b"index 5\n", b""),
        changed(b"index 5", b"extra \nindex 5"),
        changed(b"index 5", b"extra AAA\nindex 5"),
        changed(b"index 5", b"extra AAAA\nextra AAAA\nindex 5"),
        changed(b"index 5", b"index 5\nindex 5"),
        changed(b"index 5", "index \u0665".encode()),
        changed(HASH_LINE, HASH_LINE * 64),
        changed(HASH_LINE, b"AAAA\n"),
        changed(HASH_LINE, HASH_LINE[:-2] + b"\n"),
        changed(HASH_LINE, b" " + HASH_LINE),
        changed(b"\n\n", b"\r\n\r\n"),
        changed(ORIGIN.encode(), b""),
        TEXT[:-1],
        TEXT + b"x" * 1_100_000,
        TEXT[: TEXT.index(b"\n\n")] + b"\n\nno checkpoint\n\n\xe2\x80\x94 a AAAAAAA=\n",
    ],
)
def test_what_is_no_proof(data):
    with pytest.raises(Malformed):
        parse_proof(data)


@given(st.integers(0, len(TEXT)), st.integers(0, 20), st.binary(max_size=6))
def test_parsing_raises_malformed_and_nothing_else(at, gone, put):
    data = TEXT[:at] + put + TEXT[at + gone :]
    try:
        proof = parse_proof(data)
    except Malformed:
        return
    assert format_proof(proof) == data


@pytest.mark.parametrize(
    "proof", [Proof(-1, (), NOTE), Proof(0, (b"x",), NOTE), Proof(0, (), b"no note"), Proof(10**19, (), NOTE)]
)
def test_a_proof_that_could_not_be_read_is_not_written(proof):
    with pytest.raises(Malformed):
        format_proof(proof)
