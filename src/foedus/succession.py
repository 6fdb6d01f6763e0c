"""A record that goes on at another desk: what the first entry of a new epoch must show, and what the epoch before it
had received and could not settle.

Both are judged by signatures that anybody can check again: of the server that fell silent, and of its witnesses. Whose
turn it is says the compact (`parties/succession.py`). Nothing here asks a clock or a network.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from foedus.acts import Act, Entry, decode_entry
from foedus.errors import Malformed, Refused, Tampered
from foedus.logs import Text, clauses_at, key_of, key_of_epoch, log_key, sorted_out
from foedus.parties.acts import ContinueRecord
from foedus.parties.succession import turn
from foedus.parties.witnesses import Witness, asked, counted, enough
from foedus.record.checkpoint import Checkpoint, claimed, parse_checkpoint, verify_checkpoint
from foedus.record.keys import decode_base64
from foedus.record.merkle import verify_consistency
from foedus.record.note import parse_note
from foedus.record.proof import parse_proof, verify_proof
from foedus.state import State


def check(state: State, text: Text, act: Act, at: datetime, root: bytes) -> None:
    """That an act may continue the record whose entries add up to `state` and lead to `root`.

    The server signed the checkpoint over all of them; enough witnesses settled it, or an earlier one that it only adds
    to; and since none of them the time of the clause is over. Raises Refused `record/succession`, or with the clause.
    """
    body = act.body
    assert isinstance(body, ContinueRecord), "other acts continue nothing"
    try:
        settled = _signed(state, body.settled)
        last = _signed(state, body.checkpoint) if body.checkpoint else settled
        times = _settles(state, text, body.settled, settled.size)
        if last != settled:
            proof = [decode_base64(one) for one in body.proof]
            verify_consistency(settled.size, last.size, proof, settled.root, last.root)
    except (Malformed, Tampered) as problem:
        raise Refused("record/succession", "what is continued was not signed so: {problem}", problem=problem) from None
    if last.size != state.size or last.root != root:
        raise Refused(
            "record/succession",
            "the checkpoint that is continued is of {found} entries; here are {expected}, or others: an epoch continues"
            " exactly those that the epoch before signed",
            found=last.size,
            expected=state.size,
        )
    assert state.at is not None, "an opened record has a time"
    turn(clauses_at(state, text, state.size), act.party, max(state.at, *times), at)


def _signed(state: State, note: str) -> Checkpoint:
    data = note.encode("utf-8", "surrogatepass")
    size = parse_checkpoint(parse_note(data).text).size
    return verify_checkpoint(data, log_key(state, min(size, state.size))).checkpoint


def _settles(state: State, text: Text, note: str, size: int) -> Sequence[datetime]:
    """When those who settled a checkpoint say that they cosigned it. Raises Refused when they are too few."""
    clauses, record = clauses_at(state, text, size), state.parties.record
    assert record is not None, "an opened record is continued"
    found = asked(clauses)
    if found is None:
        raise Refused("record/succession", "the compact names no witnesses: nothing is settled that could be continued")
    read = parse_note(note.encode("utf-8", "surrogatepass"))
    by: dict[Witness, datetime | None] = {}
    for one in counted(clauses, state.parties, size):
        line, wrong = sorted_out(read, key_of(record.origin, one))
        if wrong:
            raise Tampered("the cosignature of {seat} does not fit the checkpoint", seat=one.seat)
        if line is not None:
            by[one] = claimed(line.signature)
    provision, clause = found
    if not enough(clause, by.keys()):
        raise Refused(
            provision.id,
            "the checkpoint of {size} entries is cosigned by {found} parties and not settled: a record is continued"
            " from what witnesses settled",
            size=size,
            found=len({one.party for one in by}),
        )
    return [at for at in by.values() if at is not None]


# --- what the epoch before had received ----------------------------------------------------------------------------


class Stamped(Struct, frozen=True):
    """An act as an epoch that is over had received it: as its entry `number`."""

    number: int
    entry: Entry


def stamped(state: State, proof: str) -> Stamped:
    """What a proof shows that the epoch before had received after what is continued, and before it was over.

    Raises Refused `record/late` for anything else, Malformed for what is no proof.
    """
    record = state.parties.record
    if record is None or len(record.epochs) < 2:
        raise Refused("record/late", "this record is in its first epoch: nothing was received before it")
    before, now = record.epochs[-2:]
    assert now.since is not None, "a later epoch says since when there was silence"
    read = parse_proof(proof.encode("utf-8", "surrogatepass"))
    if not read.extra:
        raise Malformed("the proof does not carry the entry: it belongs into its extra line")
    entry = decode_entry(read.extra)
    try:
        number = verify_proof(read.extra, read, key_of_epoch(before))
    except Tampered as problem:
        raise Refused("record/late", "the epoch before did not sign that: {problem}", problem=problem) from None
    if number < now.place.entry:
        raise Refused("record/late", "entry {number} was continued: it is in the record", number=number)
    if not now.since <= entry.at <= now.place.at:
        raise Refused(
            "record/late",
            "entry {number} says that it was received at {at}: expected between {since} and {until}, when the epoch was"
            " over",
            number=str(number),
            at=entry.at.isoformat(),
            since=now.since.isoformat(),
            until=now.place.at.isoformat(),
        )
    return Stamped(number, entry)


def in_turn(state: State, entry: Entry) -> Stamped | None:
    """Of an entry that came in late, what the epoch before had received; None for any other.

    Late entries stand right after the one that began the epoch, as they were received. Raises as `stamped`.
    """
    if entry.late is None:
        return None
    found = stamped(state, entry.late)
    record = state.parties.record
    assert record is not None, "it was stamped for a record"
    if found.entry.act != entry.act or entry.true_at != found.entry.at:
        raise Refused("record/late", "the proof is of another act, or of another time")
    if entry.at != record.epoch.place.at or found.number <= record.epoch.late:
        raise Refused(
            "record/late", "entries that come in late stand first in the epoch, in the order of their numbers"
        )
    return found
