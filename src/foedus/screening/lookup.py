"""What one word of a query finds in a segment: the names that have a word like it, and the most that each can owe to it.

Kept for the words asked for last, because customers share their names; a change of the index makes it anew.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from foedus.screening.align import JOINED
from foedus.screening.keys import exact_keys, keys_of
from foedus.screening.names import spellings
from foedus.screening.segment import Segment
from foedus.screening.spelling import LEAST, fold, likeness, skeleton

KEPT_BYTES = 48 * 2**20
_FAR = 3  # edits beyond which only the same consonants or a known spelling make words alike
# Neighbours read as one word stand for two or three words, whose weights are not known here: no more than this.
_JOINED_WEIGHT = 3.0


class Found(NamedTuple):
    """Names that have a like word, each once. `ours`: the most the pair can count, from the weight of the query's word and
    the likeness; `theirs`: the most that the words of the name that it covers weigh.
    """

    names: NDArray[np.int32]
    ours: NDArray[np.float32]
    theirs: NDArray[np.float32]


class Lookup:
    """Looks words up in one segment under one set of weights."""

    def __init__(self, segment: Segment, weights: NDArray[np.float32]) -> None:
        self._segment = segment
        self._weights = weights
        self._kept: OrderedDict[tuple[str, bool], Found] = OrderedDict()
        self._bytes = 0

    def find(self, word: str, join: bool, weight: float) -> Found:
        """The names with a word like this one. `join`: it was made of neighbours. `weight`: of the query's word or words."""
        key = (word, join)
        if (found := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
        else:
            found = self._find(word, join)
            self._kept[key] = found
            self._bytes += 12 * len(found.names) + 500
            while self._bytes > KEPT_BYTES:
                _, old = self._kept.popitem(last=False)
                self._bytes -= 12 * len(old.names) + 500
        return found

    def _find(self, word: str, join: bool) -> Found:
        arrays = self._segment.arrays
        places, alike = self._like(word, join)
        names, ours, theirs = [], [], []
        for place, likely in zip(places, alike, strict=True):
            having = arrays.having[arrays.having_at[place] : arrays.having_at[place + 1]]
            if len(having):
                weight = float(self._weights[place])
                names.append(having)
                ours.append(np.full(len(having), likely, np.float32))
                theirs.append(np.full(len(having), weight, np.float32))
            if likely >= JOINED:
                joining = arrays.joining[arrays.joining_at[place] : arrays.joining_at[place + 1]]
                if len(joining):
                    names.append(joining)
                    ours.append(np.full(len(joining), likely, np.float32))
                    theirs.append(np.full(len(joining), _JOINED_WEIGHT, np.float32))
        if not names:
            return Found(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.float32))
        return _each_once(np.concatenate(names), np.concatenate(ours), np.concatenate(theirs))

    def _like(self, word: str, join: bool) -> tuple[list[int], list[float]]:
        """Words of the vocabulary at least as alike as two words must be, and how alike."""
        keys = keys_of(word, join)
        if not join and (others := spellings(word)):
            keys = np.concatenate([keys, exact_keys(fold(other) for other in others)])
        found = self._segment.found(keys)
        if not len(found):
            return [], []
        places = found.tolist()
        near = self._near(word, places)
        least = JOINED if join else LEAST
        consonants = skeleton(word)
        known = set(spellings(word))
        kept, alike = [], []
        for place, is_near in zip(places, near, strict=True):
            other = self._segment.word(place)
            if not (is_near or other in known or (other.isupper() or word.isupper()) and skeleton(other) == consonants):
                continue
            if (likely := likeness(word, other)) >= least:
                kept.append(place)
                alike.append(likely)
        return kept, alike

    def _near(self, word: str, places: list[int]) -> list[bool]:
        """Which of these words are few edits away, folded or not: all at once."""
        segment = self._segment
        cutoff = {"score_cutoff": _FAR, "dtype": np.uint8}
        folded = process.cdist([fold(word)], [segment.folded(place) for place in places], scorer=OSA.distance, **cutoff)[0]
        return [bool(one) for one in folded <= _FAR]


def _each_once(
    names: NDArray[np.int32], ours: NDArray[np.float32], theirs: NDArray[np.float32]
) -> Found:
    """The most of each name."""
    if len(names) == 1:
        return Found(names.astype(np.int32), ours, theirs)
    order = np.argsort(names, kind="stable")
    names, ours, theirs = names[order], ours[order], theirs[order]
    starts = np.flatnonzero(np.concatenate([[True], names[1:] != names[:-1]]))
    return Found(names[starts], np.maximum.reduceat(ours, starts), np.maximum.reduceat(theirs, starts))


