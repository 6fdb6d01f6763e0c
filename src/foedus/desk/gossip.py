"""Comparing what was shown here with what was shown to others: two histories under one key are found, and kept.

A note that somebody else has is compared with this copy alone, so nobody need be believed: the record's own signature
on it is what counts. What covers more than is held here waits until it is held.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec

from foedus.desk import evidence
from foedus.desk.copy import Copy
from foedus.desk.evidence import MAX_BYTES, Evidence
from foedus.errors import FoedusError, Malformed, Tampered
from foedus.logs import continued_from, key_of_epoch
from foedus.record.checkpoint import parse_checkpoint, verify_checkpoint
from foedus.record.note import MAX_NOTE_BYTES, VerifierKey, format_vkey, parse_note
from foedus.remote import Remote

log = logging.getLogger("foedus.witness")


def compare(copy: Copy, note: bytes, whose: str) -> bool:
    """Whether a checkpoint that another was shown fits this copy; False where it covers more than is held.

    Raises Tampered when it contradicts it, after both notes are kept as evidence, or when the record's key did not sign
    it; Malformed for what is no checkpoint.
    """
    key, newest = copy.log, copy.newest()
    if key is None or newest is None:
        return False
    log = _epoch_of(copy, note)
    if log is None:
        return False
    stated = verify_checkpoint(note, log).checkpoint
    ours = newest[1].checkpoint
    if stated.size > ours.size:
        return False
    root = copy.root(stated.size)
    if root == stated.root:
        return True
    proof = copy.depositary.record.consistency(stated.size, ours.size)
    path = evidence.keep(copy.folder, evidence.fork(log, copy.now(), (note, newest[0]), root, proof))
    raise Tampered(
        "{whose} was shown another history: its {shown} entries are not the first of the {size} "
        "held here, and one key signed both; both checkpoints are kept in {path}",
        whose=whose,
        shown=stated.size,
        size=ours.size,
        path=path,
    )


def _epoch_of(copy: Copy, note: bytes) -> VerifierKey | None:
    """The key that signs the epoch of a checkpoint; None for one that is not here yet, or that went on too long.

    The server of an epoch that is over may have signed more than was continued: that is not held here, and no fork.
    """
    stated, record = parse_checkpoint(parse_note(note).text), copy.state.parties.record
    assert record is not None, "the copy has a key"
    for epoch, after in zip(record.epochs, (*record.epochs[1:], None), strict=True):
        if epoch.log == stated.origin:
            return key_of_epoch(epoch) if after is None or stated.size <= after.place.entry else None
    return None if continued_from(stated.origin) else key_of_epoch(record.epoch)


def believe(copy: Copy, found: Evidence) -> Path:
    """Keep another's evidence of a fork of this record, which shows by itself what it says.

    Raises Malformed or Tampered when it does not.
    """
    key = copy.log
    if found.kind != "fork" or key is None or found.log != format_vkey(key):
        raise Malformed("evidence of another: a fork of this record was expected")
    return evidence.keep(copy.folder, found)


class Gossip:
    """Other witnesses, asked for the newest checkpoint that they cosigned. For one thread."""

    def __init__(self, copy: Copy, others: Sequence[Remote]) -> None:
        self.copy = copy
        self._others = others
        self._waiting: dict[str, bytes] = {}  # by address: a note that covers more than is held

    def ask(self) -> None:
        """Ask everybody, and compare. Who cannot be asked now is asked again next time.

        Raises Tampered for the first contradiction, once everybody was asked.
        """
        wrong: Tampered | None = None
        for other in self._others:
            try:
                self._note(other)
                self._evidence(other)
            except Tampered as problem:
                wrong = wrong or problem
            except FoedusError as problem:
                log.info("not compared with %s: %s", other.url, problem)
        if wrong is not None:
            raise wrong

    def _note(self, other: Remote) -> None:
        waiting = self._waiting.pop(other.url, None)
        if waiting is not None and not compare(self.copy, waiting, other.url):
            self._waiting[other.url] = waiting
        answer = other.get("checkpoint", MAX_NOTE_BYTES)
        if answer is None:
            return
        if compare(self.copy, answer.body, other.url):
            self.copy.keep_note(answer.body)  # with its cosignature: together they may settle it
        else:
            self._waiting.setdefault(other.url, answer.body)

    def _evidence(self, other: Remote) -> None:
        if evidence.kept(self.copy.folder):
            return  # one is enough, and nobody fills this disk
        answer = other.get("evidence", MAX_BYTES)
        try:
            found = msgspec.json.decode(answer.body, type=list[Evidence]) if answer else []
        except msgspec.MsgspecError as problem:
            raise Malformed("{url}/evidence cannot be read: {problem}", url=other.url, problem=problem) from None
        for one in [one for one in found if one.kind == "fork"][:1]:
            path = believe(self.copy, one)
            raise Tampered(
                "{url} found that the record was forked: both checkpoints are kept in {path}", url=other.url, path=path
            )
