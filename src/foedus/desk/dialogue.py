"""The dialogue of c2sp.org/tlog-witness: a log asks for a cosignature of its checkpoint, with a consistency proof.

A proof that entries were only added is not enough here: a checkpoint is cosigned when this witness has recomputed every
entry under it. Where it cannot, it answers 503 and signs nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from foedus.desk import gossip
from foedus.desk.witness import Witness
from foedus.errors import FoedusError, Malformed, Tampered
from foedus.record.checkpoint import Checkpoint, parse_checkpoint, verify_checkpoint
from foedus.record.keys import decode_base64
from foedus.record.merkle import HASH_BYTES, verify_consistency
from foedus.record.note import parse_note

MOST_HASHES = 63
TEXT, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"

_is_old = re.compile(rb"old (0|[1-9][0-9]{0,18})").fullmatch


class Reply(NamedTuple):
    """What is answered."""

    status: int
    body: str
    kind: str = TEXT


class Request(NamedTuple):
    """What was asked: from which size, by which proof, for which note."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes
    checkpoint: Checkpoint


def read(body: bytes) -> Request:
    """The request in a body. Raises Malformed."""
    head, blank, note = body.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    old = _is_old(first)
    if not blank or old is None:
        raise Malformed("add-checkpoint: expected `old SIZE`, proof lines, an empty line and a checkpoint")
    if len(lines) > MOST_HASHES:
        raise Malformed(
            "add-checkpoint: {count} proof lines found, at most {most} expected", count=len(lines), most=MOST_HASHES
        )
    proof = tuple(decode_base64(line) for line in lines)
    if any(len(one) != HASH_BYTES for one in proof):
        raise Malformed("add-checkpoint: each proof line is a hash of {bytes} bytes", bytes=HASH_BYTES)
    return Request(int(old[1]), proof, note, parse_checkpoint(parse_note(note).text))


def add_checkpoint(witness: Witness, body: bytes) -> Reply:
    """Answer one request. What a log signed that contradicts this copy is kept as evidence, whatever is answered."""
    try:
        asked = read(body)
    except Malformed as problem:
        return Reply(400, f"{problem}\n")
    log = witness.copy.log
    if log is None or log.name != asked.checkpoint.origin:
        return Reply(404, f"this witness does not follow {asked.checkpoint.origin[:80]!r}\n")
    try:
        verify_checkpoint(asked.note, log)
    except FoedusError as problem:
        return Reply(403, f"{problem}\n")
    if asked.old > asked.checkpoint.size:
        return Reply(400, f"old {asked.old} is more than the checkpoint's {asked.checkpoint.size} entries\n")
    with witness.lock:
        return _compared(witness, asked) or _recomputed(witness, asked)


def _compared(witness: Witness, asked: Request) -> Reply | None:
    """The refusal, if the checkpoint does not continue what was cosigned last."""
    mark, stated = witness.mark, asked.checkpoint
    contradicts = ""
    try:
        gossip.compare(witness.copy, asked.note, "whoever asked")
    except FoedusError as problem:
        contradicts = f"{problem}\n"
    if asked.old != mark.size:
        return Reply(409, f"{mark.size}\n", SIZE)
    if asked.old == stated.size and mark.size and stated.root != mark.root:
        return Reply(409, contradicts or "another root of this size was cosigned\n")
    try:
        if asked.old:
            verify_consistency(asked.old, stated.size, asked.proof, mark.root, stated.root)
        elif asked.proof:
            return Reply(422, "from size 0 there is nothing to prove: no proof line was expected\n")
    except Tampered as problem:
        return Reply(422, f"{problem}\n")
    return Reply(503, contradicts) if contradicts else None


def _recomputed(witness: Witness, asked: Request) -> Reply:
    """The cosignature, once every entry under the checkpoint is recomputed here."""
    copy, stated = witness.copy, asked.checkpoint
    try:
        if copy.size < stated.size:
            witness.follower.follow()
        if copy.size < stated.size or not copy.size:
            return Reply(503, f"{stated.size} entries were signed and {copy.size} could be fetched and recomputed\n")
        gossip.compare(copy, asked.note, "whoever asked")
        if copy.size == stated.size:
            copy.keep_note(asked.note)
        note = witness.cosign()
        if note is None:
            return Reply(503, "what is held here is under no checkpoint yet\n")
        if witness.mark.size != stated.size:
            # A cosignature says: the largest I have seen. More has been seen by now, and that is what was cosigned.
            return Reply(409, f"{witness.mark.size}\n", SIZE)
        return Reply(200, "".join(line.line() for line in witness.lines(note)))
    except FoedusError as problem:
        return Reply(503, f"{problem}\n")
