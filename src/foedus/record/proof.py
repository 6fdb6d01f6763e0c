"""A proof that travels: entry number, inclusion proof and signed checkpoint in one text
(c2sp.org/tlog-proof@v1).

Whoever has the entry, the log's key and this text needs no server to know that the entry is in the record.
What the optional extra line says is not covered by any signature and is never used here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from foedus.errors import Malformed, Refused
from foedus.record.checkpoint import parse_checkpoint, verify_checkpoint
from foedus.record.keys import decode_base64, encode_base64
from foedus.record.merkle import HASH_BYTES, leaf_hash, verify_inclusion
from foedus.record.note import MAX_NOTE_BYTES, VerifierKey, parse_note

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63
MAX_HEAD_BYTES = 64 * 1024

_is_index = re.compile(r"index (0|[1-9][0-9]{0,18})").fullmatch


@dataclass(frozen=True, slots=True)
class Proof:
    """Entry number, inclusion proof (leaf's sibling first), signed checkpoint it leads to, unsigned extra."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""


def format_proof(proof: Proof) -> bytes:
    """The proof as text that `parse_proof` reads back. Raises Malformed for one that could not be read."""
    lines = [HEADER]
    if proof.extra:
        lines.append(f"extra {encode_base64(proof.extra)}")
    lines += [f"index {proof.index}", *[encode_base64(value) for value in proof.hashes]]
    data = "".join(f"{line}\n" for line in lines).encode() + b"\n" + proof.checkpoint
    parse_proof(data)
    return data


def parse_proof(data: bytes) -> Proof:
    """The proof written in `data`; its checkpoint is readable, nothing is verified yet. Raises Malformed."""
    if len(data) > MAX_HEAD_BYTES + MAX_NOTE_BYTES:
        raise Malformed(
            "proof: {found} bytes found, at most {most} expected", found=len(data), most=MAX_HEAD_BYTES + MAX_NOTE_BYTES
        )
    head, blank, checkpoint = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Malformed("proof: a character outside ASCII found before the checkpoint") from None
    if not blank or lines.pop(0) != HEADER:
        raise Malformed(
            "proof: expected a first line {expected!r} and a blank line before the checkpoint", expected=HEADER
        )
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = decode_base64(lines.pop(0).removeprefix("extra "))
        if not extra:
            raise Malformed("proof: an empty extra line; expected none")
    index = _is_index(lines.pop(0)) if lines else None
    if index is None:
        raise Malformed("proof: expected a line 'index <decimal>'")
    hashes = tuple([decode_base64(line) for line in lines])
    if len(hashes) > MAX_HASHES or any(len(value) != HASH_BYTES for value in hashes):
        raise Malformed(
            "proof: {found} hashes, expected at most {most} of {expected} bytes",
            found=len(hashes),
            most=MAX_HASHES,
            expected=HASH_BYTES,
        )
    parse_checkpoint(parse_note(checkpoint).text)
    return Proof(int(index[1]), hashes, checkpoint, extra)


def verify_proof(
    entry: bytes,
    proof: Proof | bytes,
    log: VerifierKey,
    witnesses: Sequence[VerifierKey] = (),
    quorum: int = 0,
) -> int:
    """The number of this entry in the log, once the proof shows that it is there.

    `quorum`: how many of `witnesses` (counted by name) must have cosigned the checkpoint. Raises Malformed
    for an unreadable proof, Tampered when a signature or hash does not fit, Refused when too few witnesses
    cosigned.
    """
    if isinstance(proof, bytes):
        proof = parse_proof(proof)
    (_, size, root, _), cosignatures = verify_checkpoint(proof.checkpoint, log, witnesses)
    names = {cosignature.key.name for cosignature in cosignatures}
    if len(names) < quorum:
        raise Refused(
            "record/quorum",
            "the checkpoint of size {size} is cosigned by {found} known witnesses, {expected} required",
            size=size,
            found=len(names),
            expected=quorum,
        )
    verify_inclusion(leaf_hash(entry), proof.index, size, proof.hashes, root)
    return proof.index
