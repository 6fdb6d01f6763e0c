"""Which act of which party each entry is, for lists that are filtered: a few bytes an entry, made once.

Read from the record, thrown away with the process, and never part of State. It decodes of an entry only what
a list asks for; what an entry says is read from the entry itself.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

import msgspec
from msgspec import Struct

from foedus.acts import Attachment
from foedus.depositary import Depositary
from foedus.markings import Held

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class _Body(Struct):
    act: str


class _Statement(Struct):
    seat: str
    body: _Body
    attachments: tuple[Attachment, ...] = ()


class _Envelope(Struct):
    payload: bytes


class _Entry(Struct):
    at: datetime
    act: _Envelope


_entry = msgspec.json.Decoder(_Entry)
_statement = msgspec.json.Decoder(_Statement)


class Index:
    """The entries of one record by act, party and time. Safe for use by several threads."""

    def __init__(self, depositary: Depositary) -> None:
        self._depositary = depositary
        self._lock = threading.Lock()
        self._names: list[str] = []
        self._codes: dict[str, int] = {}
        self._acts = array("H")
        self._parties = array("H")
        self._times = array("q")
        self.attachments: dict[str, Held] = {}

    def catch_up(self) -> Index:
        """Add the entries recorded since the last call."""
        with self._lock:
            for number, data in enumerate(self._depositary.record.entries(len(self._times)), len(self._times)):
                self._add(number, data)
        return self

    def _add(self, number: int, data: bytes) -> None:
        entry = _entry.decode(data)
        said = _statement.decode(entry.act.payload)
        party = said.seat.partition("/")[0]
        self._acts.append(self._code(said.body.act))
        self._parties.append(self._code(party))
        self._times.append((entry.at - _EPOCH) // _MICROSECOND)
        for attachment in said.attachments:
            self.attachments.setdefault(attachment.digest, Held(attachment, number, party))

    def _code(self, name: str) -> int:
        if name not in self._codes:
            self._codes[name] = len(self._names)
            self._names.append(name)
        return self._codes[name]

    def size(self, moment: datetime) -> int:
        """How many entries had been received at a moment: times never decrease along the record."""
        return bisect_right(self._times, (moment - _EPOCH) // _MICROSECOND)

    def numbers(self, start: int, end: int, act: str | None, party: str | None) -> Sequence[int]:
        """Numbers start to end - 1 of the entries of an act and a party, either left open; lowest first."""
        if act is None and party is None:
            return range(start, end)
        wanted_act, wanted_party = self._wanted(act), self._wanted(party)
        acts, parties = self._acts, self._parties
        return [
            number
            for number in range(start, end)
            if wanted_act in (None, acts[number]) and wanted_party in (None, parties[number])
        ]

    def _wanted(self, name: str | None) -> int | None:
        return None if name is None else self._codes.get(name, -1)

    def counts(self, end: int) -> tuple[dict[str, int], dict[str, int]]:
        """How many of the first `end` entries are of each act, and of each party."""
        return self._counted(self._acts, end), self._counted(self._parties, end)

    def _counted(self, column: array[int], end: int) -> dict[str, int]:
        counted: dict[int, int] = {}
        for code in column[:end]:
            counted[code] = counted.get(code, 0) + 1
        return {self._names[code]: count for code, count in counted.items()}


_KEPT: WeakKeyDictionary[Depositary, Index] = WeakKeyDictionary()
_KEEPING = threading.Lock()


def index_of(depositary: Depositary) -> Index:
    """The index of this depositary's record, with every entry so far."""
    with _KEEPING:
        index = _KEPT.get(depositary)
        if index is None:
            index = _KEPT[depositary] = Index(depositary)
    return index.catch_up()
