"""Which acts the record holds, and where: a persistent set of act ids, far denser than a map of them.

A million ids in a map are a million keys, numbers and nodes, a quarter of a gigabyte. Here they stand side by side
in some thousand strings of bytes, and one more id makes one of these anew. It forgets nothing and refuses nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

ID_BYTES = 16
_NUMBER_BYTES = 4
_BYTES = ID_BYTES + _NUMBER_BYTES
# So many rows of so many strings. A string of a million acts has 5 kB then, copied in a tenth of a microsecond.
_SIDE = 64

Rows = tuple[tuple[bytes, ...], ...]


class Seen:
    """Act ids with the numbers of their entries, never changed once made.

    An id stands in the string that its hash names. Python's hash is another in each process, so nobody can choose
    ids that all fall into one.
    """

    __slots__ = ("_rows",)

    def __init__(self, rows: Rows = ((b"",) * _SIDE,) * _SIDE) -> None:
        self._rows = rows

    @classmethod
    def of(cls, ids: bytes) -> Seen:
        """What `ids` gives back. Raises ValueError when it is not whole ids."""
        if len(ids) % ID_BYTES:
            raise ValueError(f"{len(ids)} bytes are not ids of {ID_BYTES}")
        strings: defaultdict[int, bytearray] = defaultdict(bytearray)
        for number in range(len(ids) // ID_BYTES):
            id_ = ids[number * ID_BYTES : (number + 1) * ID_BYTES]
            strings[hash(id_) % _SIDE**2] += id_ + number.to_bytes(_NUMBER_BYTES, "big")
        return cls(
            tuple([tuple([bytes(strings[row * _SIDE + place]) for place in range(_SIDE)]) for row in range(_SIDE)])
        )

    def ids(self) -> bytes:
        """Every id, one after the other in the order of the entries, of which each has one act."""
        ids = bytearray(ID_BYTES * sum(len(string) // _BYTES for string in self._strings()))
        for string in self._strings():
            for start in range(0, len(string), _BYTES):
                number = int.from_bytes(string[start + ID_BYTES : start + _BYTES], "big")
                ids[number * ID_BYTES : (number + 1) * ID_BYTES] = string[start : start + ID_BYTES]
        return bytes(ids)

    def _strings(self) -> Iterator[bytes]:
        return (string for row in self._rows for string in row)

    def insert(self, id_: bytes, number: int) -> Seen:
        """With one more act, that of entry `number`."""
        at, place = divmod(hash(id_) % _SIDE**2, _SIDE)
        rows = list(self._rows)
        row = list(rows[at])
        row[place] += id_ + number.to_bytes(_NUMBER_BYTES, "big")
        rows[at] = tuple(row)
        return Seen(tuple(rows))

    def get(self, id_: bytes) -> int | None:
        """The number of the entry of an act; None when the record does not hold it."""
        at, place = divmod(hash(id_) % _SIDE**2, _SIDE)
        string = self._rows[at][place]
        start = string.find(id_)
        while start > 0 and start % _BYTES:  # it was found across the edge of two
            start = string.find(id_, start + 1)
        if start < 0:
            return None
        return int.from_bytes(string[start + ID_BYTES : start + _BYTES], "big")

    def __contains__(self, id_: object) -> bool:
        return isinstance(id_, bytes) and self.get(id_) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Seen) and self._rows == other._rows

    __hash__ = None  # type: ignore[assignment]  # compared in tests and caches only, never a key
