"""What words of a query find in a segment: the names that have a word like each, and the most that each name can owe to
it.

Many words are looked up at once, because each step then is one call over flat arrays. Kept for the words asked for
last, because customers share their names; a change of the index makes it anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.screening import align, score
from foedus.screening.keys import begins
from foedus.screening.likenesses import Likenesses
from foedus.screening.segment import Segment, spans

KEPT_BYTES = 64 * 2**20
_SURE = np.float32(score.SURE - 1e-6)

# Of a word and a name that has a word like it: the most the pair can count, its smaller weight by the likeness; the
# most that the words of the name weigh that it covers; what it covers of the query; the least that it costs; 1; whether
# a pair may be sure, and whether it may be with neighbours of the name read as one, 1 or 0.
ALIKE, THEIRS, COVERED, UNLIKE, PAIRS, SURE, JOINED = range(7)
COLUMNS = 7


class Found(NamedTuple):
    """Names that have a like word, each once, ascending, and a row of these columns for each."""

    names: NDArray[np.int32]
    values: NDArray[np.float32]


NONE = Found(np.empty(0, np.int32), np.empty((0, COLUMNS), np.float32))
_BYTES = 4 + 4 * COLUMNS  # of each name found


class Wanted(NamedTuple):
    """A word of a query. `join`: it was made of neighbours. `weight`: of the word, or of those neighbours together."""

    word: str
    join: bool
    weight: float


class Lookup:
    """Looks words up in one segment under one set of weights."""

    def __init__(self, segment: Segment, weights: NDArray[np.float32]) -> None:
        self._segment = segment
        self._weights = weights
        self._likenesses = Likenesses(segment)
        self._kept: OrderedDict[Wanted, Found] = OrderedDict()
        self._bytes = 0

    def find(self, wanted: Sequence[Wanted]) -> list[Found]:
        """For each the names with a word like it; what is not kept is looked up all at once."""
        kept = self._kept
        found = {one: kept[one] for one in wanted if one in kept}
        for one in found:
            kept.move_to_end(one)
        new = [one for one in dict.fromkeys(wanted) if one not in found]
        if new:
            found.update(zip(new, self._find(new), strict=True))
            for one in new:
                kept[one] = found[one]
                self._bytes += _BYTES * len(found[one].names) + 500
            while self._bytes > KEPT_BYTES:
                _, old = kept.popitem(last=False)
                self._bytes -= _BYTES * len(old.names) + 500
        return [found[one] for one in wanted]

    def _find(self, wanted: Sequence[Wanted]) -> list[Found]:
        arrays = self._segment.arrays
        owners, places, alike = self._likenesses.of([(one.word, one.join) for one in wanted])
        from_words, at = spans(arrays.having_at, places)
        names = arrays.having[at]
        theirs = self._weights[places[from_words]]
        joins = np.flatnonzero(alike >= np.float32(align.JOINED))
        from_joins, at = spans(arrays.joining_at, places[joins])
        from_ = np.concatenate([from_words, joins[from_joins]])
        return _each_once(
            len(wanted),
            owners[from_],
            np.concatenate([names, arrays.joining[at]]),
            alike[from_],
            np.concatenate([theirs, self._joined_weights(at)]),
            np.repeat([False, True], [len(names), len(at)]),
            np.array([one.weight for one in wanted], np.float32),
        )

    def _joined_weights(self, at: NDArray[np.int64]) -> NDArray[np.float32]:
        """What the neighbours weigh together that make a word, in each of its names."""
        first, words = self._segment.arrays.joining_first[at], self._segment.arrays.name_words
        both: NDArray[np.float32] = self._weights[words[first]] + self._weights[words[first + 1]]
        three = np.flatnonzero(self._segment.arrays.joining_three[at])
        both[three] += self._weights[words[first[three] + 2]]
        return both


def _each_once(
    number: int,
    owners: NDArray[np.int64],
    names: NDArray[np.int32],
    likeness_of: NDArray[np.float32],
    theirs: NDArray[np.float32],
    joined: NDArray[np.bool_],
    weights: NDArray[np.float32],
) -> list[Found]:
    """For each of so many words the most of each name, and the least that it costs.

    A pair costs what it is unlike, or its words stay apart: then what is left over costs the least rate.
    """
    if not len(names):
        return [NONE] * number
    packed = (owners << 32) | names
    order = np.argsort(packed, kind="stable")
    packed, likeness_of, theirs = packed[order], likeness_of[order], theirs[order]
    weight = weights[owners[order]]
    smaller = np.minimum(theirs, weight)
    starts = begins(packed)
    names, owners = (packed[starts] & 0xFFFFFFFF).astype(np.int32), packed[starts] >> 32
    values = np.empty((len(starts), COLUMNS), np.float32)
    values[:, ALIKE] = np.maximum.reduceat(smaller * likeness_of, starts)
    values[:, THEIRS] = np.maximum.reduceat(theirs, starts)
    values[:, COVERED] = weight[starts]
    unlike = np.minimum(score.unlikeness(likeness_of), np.float32(score.INSIDE))
    values[:, UNLIKE] = np.minimum.reduceat(smaller * unlike, starts)
    values[:, PAIRS] = 1.0
    values[:, SURE] = np.logical_or.reduceat(likeness_of >= _SURE, starts)
    values[:, JOINED] = np.logical_or.reduceat(joined[order], starts)
    ends = np.searchsorted(owners, np.arange(number + 1)).tolist()
    # Copies, because a slice would keep all of them in memory while one is kept.
    return [Found(names[first:last].copy(), values[first:last].copy()) for first, last in pairwise(ends)]
