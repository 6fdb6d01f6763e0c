"""Words as flat letters, and the edits between many pairs of them at once.

Distances are computed on the letters where they lie: making text of hundreds of thousands of words, to give it to what
compares text, costs more than comparing them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from foedus.screening.spelling import FAR

Ints = NDArray[np.int64]
_BITS = 32  # of a column: longer words are compared one by one
_FEW = 128  # pairs: made into text as soon as into columns
_TOGETHER = 16_384  # pairs whose columns stay near the processor
_CODES = 64
_CODE = np.zeros(256, np.uint8)  # of each letter and digit; 0 for nothing else, for words have nothing else
_CODE[list(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] = np.arange(1, 63)


class Ends(NamedTuple):
    """Of words: how many letters, the first, the second (the first where there is one) and the last."""

    letters: Ints
    first: NDArray[np.uint8]
    second: NDArray[np.uint8]
    last: NDArray[np.uint8]


class Words:
    """Words one after another; none is empty. `having`: which letters each has, see `which_letters`."""

    def __init__(self, codes: NDArray[np.uint8], starts: NDArray[np.int32], having: NDArray[np.uint64]) -> None:
        self.codes, self.starts, self.having = codes, starts, having

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> Words:
        """Of ASCII text each."""
        starts = np.zeros(len(texts) + 1, np.int32)
        np.cumsum([len(text) for text in texts], out=starts[1:])
        codes = np.frombuffer("".join(texts).encode("ascii"), np.uint8)
        return cls(codes, starts, which_letters(codes, starts))

    def text(self, place: int) -> str:
        """One of them."""
        return self.codes[self.starts[place] : self.starts[place + 1]].tobytes().decode("ascii")

    def texts(self, places: Ints) -> list[str]:
        """Some of them."""
        return [self.text(place) for place in places.tolist()]

    def letters(self, places: Ints) -> Ints:
        """How many letters these have."""
        return (self.starts[places + 1] - self.starts[places]).astype(np.int64)

    def ends(self, places: Ints) -> Ends:
        """Of these words."""
        first, last = self.starts[places], self.starts[places + 1] - 1
        codes = self.codes
        return Ends((last - first + 1).astype(np.int64), codes[first], codes[np.minimum(first + 1, last)], codes[last])


def which_letters(codes: NDArray[np.uint8], starts: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Which letters each word has, a bit for each in the lower half, and of which it has an odd number in the upper."""
    if not len(codes):
        return np.empty(0, np.uint64)
    bits = np.left_shift(np.uint32(1), (codes & np.uint8(31)).astype(np.uint32))
    odd = np.bitwise_xor.reduceat(bits, starts[:-1]).astype(np.uint64) << np.uint64(32)
    having: NDArray[np.uint64] = odd | np.bitwise_or.reduceat(bits, starts[:-1])
    return having


def least_edits(ours: Words, owners: Ints, theirs: Words, places: Ints) -> NDArray[np.int32]:
    """The fewest edits that can lie between words of these letters and lengths.

    An edit adds a letter, drops one, or does both; of how many letters the number differs is seen where there is one or
    none of them, or the one number is even.
    """
    unlike = ours.having[owners] ^ theirs.having[places]
    letters = np.bitwise_count((unlike | (unlike >> np.uint64(32))) & np.uint64(0xFFFFFFFF)).astype(np.int32)
    apart = np.abs(ours.letters(owners) - theirs.letters(places)).astype(np.int32)
    fewest: NDArray[np.int32] = np.maximum(apart, (letters + apart + 1) >> 1)
    return fewest


def edits_between(ours: Words, owners: Ints, theirs: Words, places: Ints) -> NDArray[np.int32]:
    """The edits (optimal string alignment) between each and the other beside it; FAR + 1 where there are more."""
    if len(owners) <= _FEW:
        return _one_by_one(ours, owners, theirs, places)
    found = np.empty(len(owners), np.int32)
    patterns = _patterns(ours)
    long = ours.letters(owners) > _BITS
    found[long] = _one_by_one(ours, owners[long], theirs, places[long])
    short = np.flatnonzero(~long)
    order = short[np.argsort(-theirs.letters(places[short]), kind="stable")]
    for first in range(0, len(order), _TOGETHER):
        some = order[first : first + _TOGETHER]
        found[some] = _distances(patterns, ours.letters(owners[some]), owners[some], theirs, places[some])
    return np.minimum(found, FAR + 1)


def _one_by_one(ours: Words, owners: Ints, theirs: Words, places: Ints) -> NDArray[np.int32]:
    """As `edits_between`, of words made into text."""
    pairs = zip(owners.tolist(), places.tolist(), strict=True)
    edits = [OSA.distance(ours.text(one), theirs.text(other), score_cutoff=FAR) for one, other in pairs]
    return np.array(edits, np.int32)


def _patterns(words: Words) -> NDArray[np.uint32]:
    """For each word and letter the places of the word where the letter stands, a bit for each of the first _BITS."""
    lengths = np.diff(words.starts)
    whose = np.repeat(np.arange(len(lengths)), lengths)
    where = np.arange(len(words.codes)) - words.starts[whose]
    there = where < _BITS
    found = np.zeros(len(lengths) * _CODES, np.uint32)
    bits = np.left_shift(np.uint32(1), where[there].astype(np.uint32))
    np.bitwise_or.at(found, whose[there] * _CODES + _CODE[words.codes[there]], bits)
    return found


def _distances(
    patterns: NDArray[np.uint32], letters: Ints, owners: Ints, theirs: Words, places: Ints
) -> NDArray[np.int32]:
    """Hyyrö's bit-parallel algorithm (2003) with transpositions, a column of all pairs at a time; the longest of their
    words first, so that those that have ended stand after the others.
    """
    distance = letters.astype(np.int32)
    lengths, starts = theirs.letters(places), theirs.starts[places].astype(np.int64)
    base, last = owners * _CODES, (letters - 1).astype(np.uint32)
    one = np.uint32(1)
    up = np.full(len(owners), 0xFFFFFFFF, np.uint32)
    down, diagonal, before = np.zeros_like(up), np.zeros_like(up), np.zeros_like(up)
    for at in range(int(lengths[0]) if len(lengths) else 0):
        live = int(np.searchsorted(-lengths, -at))  # those longer than this
        if live < len(up):
            up, down, diagonal, before = up[:live], down[:live], diagonal[:live], before[:live]
        here = patterns[base[:live] + _CODE[theirs.codes[starts[:live] + at]]]
        crossed = ((~diagonal & here) << one) & before
        diagonal = (((here & up) + up) ^ up) | here | down | crossed
        right, left = down | ~(diagonal | up), diagonal & up
        distance[:live] += ((right >> last[:live]) & one).astype(np.int32)
        distance[:live] -= ((left >> last[:live]) & one).astype(np.int32)
        right, left = (right << one) | one, left << one
        up, down, before = left | ~(diagonal | right), right & diagonal, here
    return distance
