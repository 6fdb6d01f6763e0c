"""What witnesses settled: read from the cosignatures that a record's checkpoints carry.

Who counts and when they are enough is `parties/witnesses`, a function of the entries that the checkpoint covers. So
what was once settled stays settled: entries never change, and the note of a size only gains signatures.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from foedus.depositary import Depositary
from foedus.errors import Malformed, Refused
from foedus.logs import Text, clauses_at, key_of, log_key, sorted_out
from foedus.parties.witnesses import asked, counted, enough
from foedus.record.checkpoint import claimed, parse_checkpoint
from foedus.record.cosigned import keep
from foedus.record.note import Note, format_note, parse_note
from foedus.state import State

RECENT = 100  # the newest checkpoints, to which cosignatures may still be added


class Cosigned(Struct, frozen=True):
    """One witness's cosignature of a checkpoint. `at`: the time it claims."""

    seat: str
    party: str
    outside: bool
    at: datetime | None


class Witnessed(Struct, frozen=True):
    """How a checkpoint stands with the witnesses that the compact then in force names.

    `operator`: who runs the server, and is no outsider. `witnesses`: seats whose key counts on it. `settles`: whether
    enough of them cosigned.
    """

    size: int
    provision: str
    at_least: int
    outside_at_least: int
    operator: str
    witnesses: tuple[str, ...]
    cosigned: tuple[Cosigned, ...]
    settles: bool


class Settled(Struct, frozen=True):
    """How a record stands. `size`: its first so many entries are settled.

    `newest`: the checkpoint of the largest size that a witness cosigned; the newest of all while none did. `last`: by
    seat, the size that each witness cosigned last and when; 0 for none lately.
    """

    size: int
    newest: Witnessed
    last: dict[str, tuple[int, datetime | None]]


# --- keys and lines -----------------------------------------------------------------------------------------------


def known_lines(state: State, text: Text, data: bytes) -> bytes:
    """A checkpoint's note with the lines alone that the record's key and its witnesses made: a bounded note.

    Raises Malformed for no note, and where nothing of it is known.
    """
    note = parse_note(data)
    size, origin = parse_checkpoint(note.text).size, _origin(state)
    witnesses = counted(clauses_at(state, text, size), state.parties, size)
    keys = [log_key(state, size), *(key_of(origin, one) for one in witnesses)]
    lines = [line for key in keys if (line := sorted_out(note, key)[0]) is not None]
    return format_note(Note(note.text, tuple(lines)))


def witnessed(state: State, text: Text, data: bytes) -> Witnessed | None:
    """How a checkpoint stands, by the lines that verify; None where the compact then in force names no witnesses."""
    note = parse_note(data)
    return _stands(state, text, parse_checkpoint(note.text).size, note)


def _stands(state: State, text: Text, size: int, note: Note | None) -> Witnessed | None:
    """The same; without a note, as a checkpoint of so many entries that nobody has signed yet."""
    clauses, origin = clauses_at(state, text, size), _origin(state)
    found = asked(clauses)
    if found is None:
        return None
    provision, clause = found
    witnesses = counted(clauses, state.parties, size)
    by = {}
    for one in witnesses:
        line = sorted_out(note, key_of(origin, one))[0] if note is not None else None
        if line is not None:
            by[one] = Cosigned(one.seat, one.party, one.outside, claimed(line.signature))
    return Witnessed(
        size, provision.id, clause.at_least, clause.outside_at_least, clause.operator,
        tuple(one.seat for one in witnesses), tuple(by.values()), enough(clause, by.keys()),
    )  # fmt: skip


def _origin(state: State) -> str:
    record = state.parties.record
    assert record is not None, "only an opened record has checkpoints"
    return record.origin


# --- a record ------------------------------------------------------------------------------------------------------


class Settling:
    """What witnesses settled of one record. Remembers only what can never change; safe for several threads."""

    def __init__(self, depositary: Depositary) -> None:
        self.depositary = depositary
        self._settled = 0
        self._below = 0  # no checkpoint under this size gains a cosignature any more, and none there is larger
        self._read: dict[int, tuple[bytes, Witnessed | None]] = {}

    def read(self, size: int, note: bytes) -> Witnessed | None:
        """How one checkpoint of this record stands, verified once for each note."""
        known = self._read.get(size)
        if known is not None and known[0] == note:
            return known[1]
        found = witnessed(self.depositary.state, self.depositary.compact_by_digest, note)
        if len(self._read) > 2 * RECENT:
            self._read.clear()
        self._read[size] = (note, found)
        return found

    def settled(self) -> int:
        """How many entries are settled: the size of the largest checkpoint that enough witnesses cosigned."""
        oldest = 0
        for number, (size, note) in enumerate(self._newest_first()):
            oldest = size if number < RECENT else oldest
            found = self.read(size, note) if _cosigned(note) else None
            if found is not None and found.settles:
                self._settled = max(self._settled, size)
                break
        self._below = max(self._below, oldest)
        return self._settled

    def stands(self) -> Settled | None:
        """How the record stands; None where the compact names no witnesses."""
        recent = self.depositary.store.checkpoints(RECENT)
        state = self.depositary.state
        unsigned = (state, self.depositary.compact_by_digest, state.size, None)
        newest = self.read(*recent[0]) if recent else _stands(*unsigned)
        if newest is None:
            return None
        last: dict[str, tuple[int, datetime | None]] = dict.fromkeys(newest.witnesses, (0, None))
        shown = None
        for size, note in recent:
            found = self.read(size, note) if _cosigned(note) else None
            if found is None or not found.cosigned:
                continue
            shown = shown or found
            for one in found.cosigned:
                if last.get(one.seat) == (0, None):
                    last[one.seat] = (size, one.at)
            if all(size for size, _ in last.values()):
                break
        return Settled(self.settled(), shown or newest, last)

    def _newest_first(self) -> Iterator[tuple[int, bytes]]:
        """Checkpoints of which it is not yet known whether they settle more than is settled."""
        below = None
        while part := self.depositary.store.checkpoints(RECENT, below):
            for size, note in part:
                if size <= self._settled or size < self._below:
                    return
                yield size, note
            below = part[-1][0]

    def accept(self, data: bytes) -> tuple[bytes, Witnessed]:
        """Keep the cosignatures that witnesses of this record made of one of its own recent checkpoints: the note as
        kept, and how it stands.

        Raises Malformed for what is no such note or does not verify, Refused when nobody whose key counts made any.
        """
        note = parse_note(data)
        stated = parse_checkpoint(note.text)
        state, text = self.depositary.catch_up(), self.depositary.compact_by_digest
        mine = dict(self.depositary.store.checkpoints(RECENT)).get(stated.size)
        if mine is None or parse_note(mine).text != note.text:
            raise Malformed(
                "a cosignature of {shown} entries of {origin!r}: expected one of the {most} newest "
                "checkpoints of {expected}, as they were signed here: fetch the checkpoint again",
                shown=stated.size,
                origin=stated.origin[:80],
                most=RECENT,
                expected=log_key(state).name,
            )
        witnesses = counted(clauses_at(state, text, stated.size), state.parties, stated.size)
        lines = []
        for key in [key_of(_origin(state), one) for one in witnesses]:
            line, wrong = sorted_out(note, key)
            if wrong:
                raise Malformed(
                    "the cosignature of {name} does not fit the checkpoint of {shown} entries",
                    name=key.name,
                    shown=stated.size,
                )
            lines += [line] if line is not None else []
        if not lines:
            raise Refused(
                "record/witness",
                "no line of this note is by a witness whose key counts on a checkpoint of {size} entries",
                size=stated.size,
            )
        kept = keep(self.depositary.store, stated.size, format_note(Note(note.text, tuple(lines))))
        found = self.read(stated.size, kept)
        assert found is not None, "witnesses were counted, so the compact names them"
        return kept, found


def _cosigned(note: bytes) -> bool:
    """Whether a note has more lines than its log's: what has not is not verified for nothing."""
    return note.count("\n— ".encode()) > 1
