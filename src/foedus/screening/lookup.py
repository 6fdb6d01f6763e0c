"""What one word of a query finds in a segment: the names that have a word like it, and the most that each can owe to
it.

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
from foedus.screening.keys import exact_key, keys_of
from foedus.screening.names import spellings
from foedus.screening.segment import Segment
from foedus.screening.spelling import FAR, LEAST, SAME_CONSONANTS, fold, likeness, skeleton

KEPT_BYTES = 48 * 2**20
# Neighbours read as one word stand for two or three words, whose weights are not known here: no more than this.
_JOINED_WEIGHT = 3.0


class Found(NamedTuple):
    """Names that have a like word, each once. `ours`: the most the pair can count, from the weight of the query's
    word and the likeness; `theirs`: the most that the words of the name that it covers weigh.
    """

    names: NDArray[np.int32]
    ours: NDArray[np.float32]
    theirs: NDArray[np.float32]


class Lookup:
    """Looks words up in one segment under one set of weights."""

    def __init__(self, segment: Segment, weights: NDArray[np.float32]) -> None:
        self._segment = segment
        self._weights = weights
        self._without_vowels = segment.arrays.without_vowels
        self._kept: OrderedDict[tuple[str, bool], Found] = OrderedDict()
        self._bytes = 0

    def find(self, word: str, join: bool, weight: float) -> Found:
        """The names with a word like this one. `join`: it was made of neighbours. `weight`: of the query's word or
        words.
        """
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
        names, likely, theirs = [], [], []
        for place, likeness_of in zip(places, alike, strict=True):
            listed = [(arrays.having, arrays.having_at, float(self._weights[place]))]
            if likeness_of >= JOINED:
                listed.append((arrays.joining, arrays.joining_at, _JOINED_WEIGHT))
            for table, at, weight in listed:
                if len(part := table[at[place] : at[place + 1]]):
                    names.append(part)
                    likely.append(likeness_of)
                    theirs.append(weight)
        if not names:
            return Found(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.float32))
        lengths = list(map(len, names))
        return _each_once(
            np.concatenate(names),
            np.repeat(np.array(likely, np.float32), lengths),
            np.repeat(np.array(theirs, np.float32), lengths),
        )

    def _like(self, word: str, join: bool) -> tuple[list[int], list[float]]:
        """Words of the vocabulary at least as alike as two words must be, and how alike."""
        keys = keys_of(word, join)
        if not join and (others := spellings(word)):
            keys = np.concatenate([keys, np.array([exact_key(fold(other)) for other in others], np.uint32)])
        found = self._segment.found(keys)
        least = JOINED if join else LEAST
        kept, alike = [], []
        for place in self._near(word, found, least):
            if (likely := likeness(word, self._segment.words[place])) >= least:
                kept.append(place)
                alike.append(likely)
        return kept, alike

    def _near(self, word: str, places: NDArray[np.int32], least: float) -> list[int]:
        """Which of these words may be alike enough: by the edits between the folded words, all at once, and by what
        is known.
        """
        if not len(places):
            return []
        listed, folds, words = places.tolist(), self._segment.folds, self._segment.words
        edits, longest = _edits(fold(word), [folds[place] for place in listed])
        slips, _ = _edits(word, [words[place] for place in listed])
        edits = np.minimum(edits, slips)
        same = self._segment.arrays.consonants[places] == _consonants_of(word)
        cost = np.where(same, SAME_CONSONANTS * edits, edits)
        near = ((edits <= FAR) & (cost <= (1.0 - least) * longest)) | (
            same & (word.isupper() | self._without_vowels[places])
        )
        if known := spellings(word):
            near |= np.fromiter((words[place] in known for place in listed), np.bool_, len(listed))
        return places[near].tolist()  # type: ignore[no-any-return]  # numpy's tolist


def _edits(word: str, others: list[str]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """The edits between a word and each of the others, FAR + 1 where there are more, and the longer length."""
    edits = process.cdist([word], others, scorer=OSA.distance, score_cutoff=FAR, dtype=np.uint8)[0]
    return edits, np.maximum(len(word), np.fromiter(map(len, others), np.int32, len(others)))


def _consonants_of(word: str) -> int:
    return exact_key(f"#{consonants}") if (consonants := skeleton(word)) else -1


def _each_once(names: NDArray[np.int32], ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> Found:
    """The most of each name."""
    if len(names) == 1:
        return Found(names.astype(np.int32), ours, theirs)
    order = np.argsort(names, kind="stable")
    names, ours, theirs = names[order], ours[order], theirs[order]
    starts = np.flatnonzero(np.concatenate([[True], names[1:] != names[:-1]]))
    return Found(names[starts], np.maximum.reduceat(ours, starts), np.maximum.reduceat(theirs, starts))
