"""Whose keys sign a record's checkpoints: that of the epoch which made one, and those of its witnesses.

Who counts as a witness and when they are enough is `parties/witnesses`; this says which line of a note is whose.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from foedus.compact.clauses import Clauses
from foedus.parties.state import Epoch
from foedus.parties.witnesses import Witness, compact_at
from foedus.record.checkpoint import CHECKPOINT_CHECKS
from foedus.record.note import COSIGNATURE, ED25519, Note, NoteSignature, VerifierKey
from foedus.state import State

Text = Callable[[str], Clauses]
_CONTINUES = re.compile(r"(.+)/from-(0|[1-9][0-9]{0,18})/[A-Za-z0-9][A-Za-z0-9._-]*")


def log_key(state: State, size: int | None = None) -> VerifierKey:
    """The key that signs a record's checkpoints now, or signed that of `size` entries."""
    record = state.parties.record
    assert record is not None, "only an opened record has a key"
    return key_of_epoch(record.epoch if size is None else record.signed_by(size))


def first_key(state: State) -> VerifierKey:
    """The key that entry 0 declares, from which all others of the record follow."""
    record = state.parties.record
    assert record is not None, "only an opened record has a key"
    return key_of_epoch(record.epochs[0])


def key_of_epoch(epoch: Epoch) -> VerifierKey:
    """The key that verifies an epoch's checkpoints, under its name."""
    return VerifierKey(epoch.log, ED25519, bytes.fromhex(epoch.key))


def continued_from(log: str) -> tuple[str, int] | None:
    """Of the name of a later epoch, the record's origin and the number of entries that it continued; None for another
    name. It is a claim: the entry of that number shows whether it is so.
    """
    found = _CONTINUES.fullmatch(log)
    return (found[1], int(found[2])) if found else None


def name_of(origin: str, seat: str) -> str:
    """The name of a witness in signature lines: the record's origin, a slash, its seat (docs/record.md)."""
    return f"{origin}/{seat}"


def key_of(origin: str, witness: Witness) -> VerifierKey:
    """The key that verifies a witness's cosignatures: the one with which its seat signs acts."""
    return VerifierKey(name_of(origin, witness.seat), COSIGNATURE, bytes.fromhex(witness.key))


def clauses_at(state: State, text: Text, size: int) -> Clauses:
    """The compact as it operated when the record had `size` entries; `text` gives one by its digest, or raises."""
    digest, lapsed = compact_at(state.parties, size)
    return _without(text(digest), lapsed) if lapsed else text(digest)


@lru_cache(maxsize=64)
def _without(clauses: Clauses, lapsed: frozenset[str]) -> Clauses:
    return Clauses(clauses.compact, lapsed)


def sorted_out(note: Note, key: VerifierKey) -> tuple[NoteSignature | None, bool]:
    """The first line of a key that verifies, and whether another of its lines does not."""
    lines = [one for one in note.signatures if (one.name, one.key_id) == (key.name, key.key_id)]
    good = [one for one in lines if CHECKPOINT_CHECKS[key.algorithm](key, note.text, one.signature)]
    return (good[0] if good else None), len(good) < len(lines)
