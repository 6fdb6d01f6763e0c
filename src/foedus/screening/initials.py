"""Which letters that stand alone may agree with a word of the other name: told from how the words begin, for many names
at once.

Names of one query have letters by the thousand; what they could add to a score, all together, is so much that without a
look most names with one in common word would be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_CODE = np.zeros(256, np.uint64)  # of a letter, whichever its case, or a digit
_CODE[list(b"abcdefghijklmnopqrstuvwxyz")] = np.arange(1, 27)
_CODE[list(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")] = np.arange(1, 27)
_CODE[list(b"0123456789")] = np.arange(27, 37)
_ONE = np.uint64(1)


class Initials(NamedTuple):
    """Of query and name, for each pair of them the most there can be. `equal`: what the words of the query weigh, of
    those that are not looked up, that may be in the name too. `covered`: what those weigh that may agree with any word.

    `ours`: letters of the query that may stand for a word or a letter of the name. `theirs`: letters of the name that
    may stand for a word of the query.
    """

    equal: Floats
    covered: Floats
    ours: Floats
    theirs: Floats


class Beginnings(NamedTuple):
    """Of the names of a segment the words, and of each word the code of its first letter and whether it is all."""

    name_words: NDArray[np.int32]
    name_words_at: NDArray[np.int32]
    code: NDArray[np.uint64]
    alone: NDArray[np.bool_]


def beginnings(
    codes: NDArray[np.uint8], words_at: NDArray[np.int32], name_words: NDArray[np.int32], starts: NDArray[np.int32]
) -> Beginnings:
    """Of the words of a segment."""
    return Beginnings(name_words, starts, _CODE[codes[words_at[:-1]]], np.diff(words_at) == 1)


def told(
    queries: Sequence[tuple[tuple[str, ...], list[tuple[str, float]], float]],
    question: NDArray[np.int64],
    names: NDArray[np.int64],
    begin: Beginnings,
) -> Initials:
    """For each of the names, asked for by the query of that number. Of a query: its words, its letters with what each
    weighs, and what it has that is not looked up.
    """
    first = begin.name_words_at[names].astype(np.int64)
    lengths = begin.name_words_at[names + 1] - first
    starts = np.cumsum(lengths) - lengths
    whose = np.repeat(np.arange(len(names)), lengths)
    words = begin.name_words[np.arange(len(whose)) + (first - starts)[whose]]
    bits = np.left_shift(_ONE, begin.code[words])
    alone = begin.alone[words]
    having = np.bitwise_or.reduceat(bits, starts)
    letters = np.bitwise_or.reduceat(np.where(alone, bits, np.uint64(0)), starts)
    wanted = np.array([_begun([word for word in its if len(word) > 1]) for its, _, _ in queries], np.uint64)
    theirs = np.add.reduceat((alone & ((bits & wanted[question][whose]) != 0)).astype(np.float32), starts)
    loose = np.array([one for _, _, one in queries], np.float32)[question]
    equal, covered, ours = loose, loose.copy(), np.zeros(len(names), np.float32)
    for at in range(max((len(its) for _, its, _ in queries), default=0)):
        those = [its[at] if at < len(its) else ("", 0.0) for _, its, _ in queries]
        bit = np.array([_begun([letter]) for letter, _ in those], np.uint64)[question]
        weight = np.array([one for _, one in those], np.float32)[question]
        any_ = (having & bit) != 0
        equal -= np.where((letters & bit) != 0, np.float32(0), weight)
        covered -= np.where(any_, np.float32(0), weight)
        ours += any_
    return Initials(np.maximum(equal, np.float32(0)), np.maximum(covered, np.float32(0)), ours, theirs)


def _begun(words: list[str]) -> int:
    """The bits of the letters with which they begin; none for an empty one."""
    found = 0
    for word in words:
        if word:
            found |= 1 << int(_CODE[ord(word[0])])
    return found
