"""What a server signed and cannot have signed honestly, kept so that anyone can check it without trusting the desk.

Evidence is bytes that the record's own key signed. What a server merely said, and did not sign, is told to the officer
and is no evidence.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from foedus.desk.reasons import Reason, reason_of
from foedus.errors import Malformed, Tampered
from foedus.record.checkpoint import verify_checkpoint
from foedus.record.files import write_whole
from foedus.record.keys import decode_base64, encode_base64
from foedus.record.merkle import verify_consistency
from foedus.record.note import ED25519, VerifierKey, format_vkey, parse_vkey
from foedus.record.proof import Proof, format_proof, verify_proof

FOLDER = "evidence"
MAX_BYTES = 4 * 2**20
Kind = Literal["fork", "false_entry"]


class Evidence(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Of one contradiction.

    `fork`: `notes` are two checkpoints that the key of `log` signed, the smaller one first. Where their sizes differ,
    `root` (base64) is the root that the larger one's history had at the smaller one's size, and `proof` (base64 hashes)
    shows that it did. `false_entry`: `proof` is one c2sp.org/tlog-proof@v1 of `entry` (base64); `because` says what
    recomputing it found, which anyone with the entries before it can do again; `reason` says it to a reader of another
    language.
    """

    kind: Kind
    log: str
    found_at: datetime
    because: str
    notes: tuple[str, ...] = ()
    root: str = ""
    proof: tuple[str, ...] = ()
    entry: bytes = b""
    reason: Reason | None = None


def false_entry(log: VerifierKey, found_at: datetime, proof: Proof, entry: bytes, why: Tampered) -> Evidence:
    """Evidence that the record's key signed for an entry that does not hold. Raises Tampered when it did not."""
    text = format_proof(proof).decode()
    evidence = Evidence(
        "false_entry", format_vkey(log), found_at, str(why), proof=(text,), entry=entry, reason=reason_of(why)
    )
    check(evidence)
    return evidence


def fork(log: VerifierKey, found_at: datetime, notes: tuple[bytes, bytes], root: bytes, proof: list[bytes]) -> Evidence:
    """Evidence of two histories under one key. Raises Malformed when these notes do not show it."""
    evidence = Evidence(
        "fork", format_vkey(log), found_at, "two checkpoints that cannot both be of one record",
        tuple(note.decode() for note in notes), encode_base64(root), tuple(map(encode_base64, proof)),
    )  # fmt: skip
    check(evidence)
    return evidence


def keep(folder: Path, evidence: Evidence) -> Path:
    """Write the evidence to a file of its own, named by what it shows, unless the same is there already."""
    check(evidence)
    room = folder / FOLDER
    room.mkdir(exist_ok=True)
    held = list(kept(folder))
    for path, known in held:
        if (known.kind, known.notes, known.proof) == (evidence.kind, evidence.notes, evidence.proof):
            return path
    path = room / f"{len(held) + 1:03d}-{evidence.kind.replace('_', '-')}.json"
    write_whole(path, msgspec.json.format(msgspec.json.encode(evidence), indent=2) + b"\n")
    return path


def kept(folder: Path) -> list[tuple[Path, Evidence]]:
    """All evidence of a desk, oldest first."""
    return [(path, read(path)) for path in sorted((folder / FOLDER).glob("*.json"))]


def read(path: Path) -> Evidence:
    """Evidence from its file. Raises Malformed."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem.strerror) from None
    if len(data) > MAX_BYTES:
        raise Malformed(
            "{path}: {found} bytes found, at most {most} expected", path=path, found=len(data), most=MAX_BYTES
        )
    try:
        return msgspec.json.decode(data, type=Evidence)
    except msgspec.MsgspecError as problem:
        raise Malformed("{path}: no evidence: {problem}", path=path, problem=problem) from None


def check(evidence: Evidence) -> None:
    """Raises Malformed or Tampered unless the evidence shows what it says, by the signatures in it alone."""
    log = parse_vkey(evidence.log)
    if log.algorithm != ED25519:
        raise Malformed("evidence: the key of a record is an Ed25519 key")
    if evidence.kind == "false_entry":
        if len(evidence.proof) != 1:
            raise Malformed("evidence of a false entry: one proof expected")
        verify_proof(evidence.entry, evidence.proof[0].encode(), log)
        return
    if len(evidence.notes) != 2:
        raise Malformed("evidence of a fork: two checkpoints expected")
    small, large = (verify_checkpoint(note.encode(), log).checkpoint for note in evidence.notes)
    root, proof_hashes = decode_base64(evidence.root), [decode_base64(one) for one in evidence.proof]
    if small.size > large.size or small.root == root:
        raise Malformed("evidence of a fork: these checkpoints do not contradict each other")
    try:
        verify_consistency(small.size, large.size, proof_hashes, root, large.root)
    except Tampered:
        raise Malformed("evidence of a fork: the proof does not lead to the larger checkpoint") from None
