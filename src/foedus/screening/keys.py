"""Keys under which a word is found although it is mistyped: its hash and those of what is left after deleting
letters.

Two words at most k edits apart (optimal string alignment) have a word in common that each becomes by at most k
deletions (Garbe's symmetric deletion). Keys are hashes of 32 bits; a key shared by accident costs a comparison, never
an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.screening.spelling import edits_allowed, fold, skeleton

Keys = NDArray[np.uint32]
JOIN_EDITS = 1  # in words read as one: their number is large, and one edit beside a lost space is enough
MOST_LETTERS = 41  # from here on as many edits as here
_TOGETHER = 1 << 16  # keys
_ABOVE, _PLACE = np.uint64(32), np.uint64(0xFFFFFFFF)  # a key stands above the place of its word
_BASE, _MIX = 0x9E3779B97F4A7C15, np.uint64(0xD6E8FEB86659FD93)


@lru_cache(maxsize=256)
def _deletions(letters: int, edits: int) -> NDArray[np.uint64]:
    """For words of so many letters a matrix: a column for each way to delete at most `edits`, with the powers of what
    stays.
    """
    columns = []
    for deleted in range(min(edits, letters - 1) + 1 if letters else 1):
        for gone in combinations(range(letters), deleted):
            column, power = [0] * letters, 1
            for place in range(letters):
                if place not in gone:
                    power = power * _BASE % 2**64
                    column[place] = power
            columns.append(column)
    return np.array(columns, np.uint64).reshape(len(columns), letters).T.copy()


def _hashed(codes: NDArray[np.uint64], edits: int) -> Keys:
    """Keys of words of one length, a row each."""
    sums = codes @ _deletions(codes.shape[1], edits)
    sums = (sums ^ (sums >> np.uint64(29))) * _MIX
    # Neither 0, which means none, nor the greatest, after which there is no next.
    return ((sums >> np.uint64(32)) % np.uint64(2**32 - 2) + np.uint64(1)).astype(np.uint32)


def _codes(words: Sequence[str], letters: int) -> NDArray[np.uint64]:
    joined = "".join(words).encode("ascii")
    return np.frombuffer(joined, np.uint8).reshape(len(words), letters).astype(np.uint64)


def edits_of(word: str, join: bool) -> int:
    """How many deletions a word, folded or not, is kept and looked up under."""
    if word.isdigit():
        return 0
    return min(JOIN_EDITS, edits_allowed(len(word))) if join else edits_allowed(len(word))


def texts_of(word: str, join: bool) -> Iterator[tuple[str, int]]:
    """The texts under whose keys a word is, with the deletions: as it is folded, as it is written, its consonants.

    As written too, because a slip may make another sound of two: `ashraq` and `asnraq` are one edit apart, folded
    two.
    """
    folded, low = fold(word), word.lower()
    yield folded, edits_of(folded, join)
    if low != folded:
        yield low, edits_of(low, join)
    if not join and (consonants := skeleton(word)):
        yield f"#{consonants}", 0


@lru_cache(maxsize=65_536)
def exact_key(text: str) -> int:
    """The key of a text as it is."""
    return int(_hashed(_codes([text], len(text)), 0)[0, 0])


def consonant_keys(skeletons: Sequence[str]) -> Keys:
    """The key of each of these consonants; 0 where there are none."""
    there = [at for at, one in enumerate(skeletons) if one]
    found = np.zeros(len(skeletons), np.uint32)
    packed = _Packed([f"#{skeletons[at]}" for at in there], np.zeros(len(there), np.int64), np.array(there, np.int64))
    for part in packed.parts():
        found[part & _PLACE] = part >> _ABOVE
    return found


def all_keys(
    words: Sequence[str], folded: Sequence[str], consonants: Keys, joins: NDArray[np.bool_]
) -> tuple[Keys, NDArray[np.int32]]:
    """The keys of a whole vocabulary, sorted, each with the place of its word: as `texts_of` has them.

    `joins`: which words are only joined ones, of which `consonants` are 0.
    """
    low = [word.lower() for word in words]
    other = np.flatnonzero([one != two for one, two in zip(low, folded, strict=True)])
    third = np.flatnonzero(consonants)
    written = [low[at] for at in other.tolist()]
    heard = _Packed(folded, _edits(folded, joins), np.arange(len(folded)))
    as_written = _Packed(written, _edits(written, joins[other]), other)
    # Filled and sorted in place: of a large list there are tens of millions, and new memory costs more than hashing.
    packed = np.empty(len(third) + heard.size + as_written.size, np.uint64)
    at = len(third)
    packed[:at] = (consonants[third].astype(np.uint64) << _ABOVE) | third.astype(np.uint64)
    for part in chain(heard.parts(), as_written.parts()):
        packed[at : at + len(part)] = part
        at += len(part)
    packed.sort()
    keys, places = np.empty(len(packed), np.uint32), np.empty(len(packed), np.int32)
    np.right_shift(packed, _ABOVE, out=keys, casting="unsafe")
    np.bitwise_and(packed, _PLACE, out=places, casting="unsafe")
    return keys, places


def _edits(texts: Sequence[str], joins: NDArray[np.bool_]) -> NDArray[np.int64]:
    """`edits_of` each."""
    allowed = np.array([edits_allowed(letters) for letters in range(MOST_LETTERS + 1)])
    edits = allowed[np.minimum(np.fromiter(map(len, texts), np.int64, len(texts)), MOST_LETTERS)]
    edits = np.where(joins, np.minimum(edits, JOIN_EDITS), edits)
    return np.where(np.fromiter(map(str.isdigit, texts), np.bool_, len(texts)), 0, edits)


class _Packed:
    """The keys of many texts of few lengths, each above the place of its text. `size`: how many."""

    def __init__(self, texts: Sequence[str], edits: NDArray[np.int64], places: NDArray[np.int64]) -> None:
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        self._letters = np.frombuffer("".join(texts).encode("ascii"), np.uint8)
        self._starts, self._places = np.cumsum(lengths) - lengths, places.astype(np.uint64)
        sorts = lengths * 4 + edits
        self._sorts = {sort: np.flatnonzero(sorts == sort) for sort in np.unique(sorts).tolist()}
        self.size = sum(len(at) * _deletions(sort // 4, sort % 4).shape[1] for sort, at in self._sorts.items())

    def parts(self) -> Iterator[NDArray[np.uint64]]:
        """All of them, so many at a time that they stay near the processor."""
        for sort, all_at in self._sorts.items():
            letters, edits = divmod(sort, 4)
            together = max(1, _TOGETHER // _deletions(letters, edits).shape[1])
            for first in range(0, len(all_at), together):
                at = all_at[first : first + together]
                codes = self._letters[self._starts[at][:, None] + np.arange(letters)].astype(np.uint64)
                packed = _hashed(codes, edits).astype(np.uint64)
                packed <<= _ABOVE
                packed |= self._places[at][:, None]
                yield packed.ravel()


def presence(keys: Keys) -> NDArray[np.uint8]:
    """Bits that say where among all of these sorted keys there are any: about one in sixteen is set."""
    bits = 1 << max(10, min(30, (16 * len(keys)).bit_length()))
    found = np.zeros(bits // 8, np.uint8)
    for first in range(0, len(keys), _TOGETHER):
        at, mask = _bit(bits // 8, keys[first : first + _TOGETHER])
        starts = begins(at)  # those of one byte stand together
        found[at[starts]] |= np.bitwise_or.reduceat(mask, starts)
    return found


def begins(ordered: NDArray[Any]) -> NDArray[np.int64]:
    """Where among ordered values each one stands first."""
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return np.flatnonzero(first)


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each value once, ascending."""
    ordered = np.sort(values)
    return ordered[begins(ordered)]


def is_present(present: NDArray[np.uint8], keys: Keys) -> NDArray[np.bool_]:
    """Which of the keys may be there; the others are not."""
    at, mask = _bit(len(present), keys)
    there: NDArray[np.bool_] = (present[at] & mask) != 0
    return there


def _bit(size: int, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Byte and bit of each key."""
    place = keys >> np.uint32(32 - (size * 8 - 1).bit_length())
    return (place >> np.uint32(3)).astype(np.int64), np.left_shift(np.uint8(1), (place & np.uint32(7)).astype(np.uint8))


def hashed_all(texts: Iterable[tuple[str, int, int]]) -> tuple[Keys, NDArray[np.int32]]:
    """Every key of every (text, edits, place), with the places: hashed together where they are equally long."""
    groups: dict[tuple[int, int], tuple[list[str], list[int]]] = {}
    for text, edits, place in texts:
        group = groups.setdefault((len(text), edits), ([], []))
        group[0].append(text)
        group[1].append(place)
    keys, places = [np.empty(0, np.uint32)], [np.empty(0, np.int32)]
    for (letters, edits), (texts_of, at) in sorted(groups.items()):
        hashed = _hashed(_codes(texts_of, letters), edits)
        keys.append(hashed.ravel())
        places.append(np.repeat(np.array(at, np.int32), hashed.shape[1]))
    return np.concatenate(keys), np.concatenate(places)
