"""Which acts the record holds, and where: a persistent set of act ids, far denser than a map of them.

A million ids in a map are a million keys, numbers and nodes, a quarter of a gigabyte. Here they stand side by side
in some thousand strings of bytes, and one more id makes one of these anew. It forgets nothing and refuses nothing.
"""

from __future__ import annotations

from collections import defaultdict

from rpds import HashTrieMap

ID_BYTES = 16
_NUMBER_BYTES = 4
_BYTES = ID_BYTES + _NUMBER_BYTES
# A string of a million acts has 5 kB then, which is copied in a tenth of a microsecond.
_STRINGS = 4096


class Seen:
    """Act ids with the numbers of their entries, never changed once made.

    An id stands in the string that its hash names. Python's hash is another in each process, so nobody can choose
    ids that all fall into one.
    """

    __slots__ = ("_strings",)

    def __init__(self, strings: HashTrieMap[int, bytes] | None = None) -> None:
        self._strings: HashTrieMap[int, bytes] = HashTrieMap() if strings is None else strings

    @classmethod
    def of(cls, ids: bytes) -> Seen:
        """What `ids` gives back. Raises ValueError when it is not whole ids."""
        if len(ids) % ID_BYTES:
            raise ValueError(f"{len(ids)} bytes are not ids of {ID_BYTES}")
        strings: defaultdict[int, bytearray] = defaultdict(bytearray)
        for number in range(len(ids) // ID_BYTES):
            id_ = ids[number * ID_BYTES : (number + 1) * ID_BYTES]
            strings[hash(id_) % _STRINGS] += id_ + number.to_bytes(_NUMBER_BYTES, "big")
        return cls(HashTrieMap({name: bytes(string) for name, string in strings.items()}))

    def ids(self) -> bytes:
        """Every id, one after the other in the order of the entries, of which each has one act."""
        ids = bytearray(ID_BYTES * sum(len(string) // _BYTES for string in self._strings.values()))
        for string in self._strings.values():
            for start in range(0, len(string), _BYTES):
                number = int.from_bytes(string[start + ID_BYTES : start + _BYTES], "big")
                ids[number * ID_BYTES : (number + 1) * ID_BYTES] = string[start : start + ID_BYTES]
        return bytes(ids)

    def insert(self, id_: bytes, number: int) -> Seen:
        """With one more act, that of entry `number`."""
        name = hash(id_) % _STRINGS
        string = self._strings.get(name, b"") + id_ + number.to_bytes(_NUMBER_BYTES, "big")
        return Seen(self._strings.insert(name, string))

    def get(self, id_: bytes) -> int | None:
        """The number of the entry of an act; None when the record does not hold it."""
        string = self._strings.get(hash(id_) % _STRINGS, b"")
        start = string.find(id_)
        while start > 0 and start % _BYTES:  # it was found across the edge of two
            start = string.find(id_, start + 1)
        if start < 0:
            return None
        return int.from_bytes(string[start + ID_BYTES : start + _BYTES], "big")

    def __contains__(self, id_: object) -> bool:
        return isinstance(id_, bytes) and self.get(id_) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Seen) and self._strings == other._strings

    __hash__ = None  # type: ignore[assignment]  # compared in tests and caches only, never a key
