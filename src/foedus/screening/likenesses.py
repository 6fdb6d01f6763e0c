"""Words of a segment that are like words of a query, and how alike they are, many at once.

What is said is never less than `spelling.likeness`: a rule of it that makes words less alike and is not told from
flat arrays is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from foedus.screening.align import JOINED
from foedus.screening.keys import distinct, hashed_all, texts_of
from foedus.screening.names import spellings
from foedus.screening.segment import Segment, between
from foedus.screening.spelling import (
    FAR,
    FIRST_LETTER,
    FIRST_VOWEL,
    LEAST,
    SAME_CONSONANTS,
    SHORT,
    fold,
    likeness,
    skeleton,
)

_VOWEL = np.zeros(256, np.bool_)
_VOWEL[list(b"aeiou")] = True
_ARTICLE = np.zeros(256, np.bool_)
_ARTICLE[list(b"aeu")] = True
_A, _L = ord("a"), ord("l")

Ints = NDArray[np.int64]


class Likenesses:
    """Finds them in one segment."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        arrays = segment.arrays
        self._heard = _letters(arrays.folds, arrays.folds_at)
        self._written = _letters(arrays.words, arrays.words_at)

    def of(self, asked: Sequence[tuple[str, bool]]) -> tuple[Ints, Ints, NDArray[np.float32]]:
        """For (word, whether it was made of neighbours) the words at least as alike as two words must be.

        Which was asked, ascending; the place of the word that is like it; how alike.
        """
        keys, askers = hashed_all(_looked_up(asked))
        owners, places = self._under(keys, askers.astype(np.int64))
        least = np.array([JOINED if join else LEAST for _, join in asked], np.float32)
        near = np.flatnonzero(self._may_be([word for word, _ in asked], owners, places, least))
        owners, places = owners[near], places[near]
        alike = self._alike([word for word, _ in asked], owners, places)
        kept = np.flatnonzero(alike >= least[owners] - np.float32(1e-6))
        return owners[kept], places[kept], alike[kept]

    def _under(self, keys: NDArray[np.uint32], owners: Ints) -> tuple[Ints, Ints]:
        """The words under these keys, each once for each that asks, in order."""
        present, first, last = self._segment.under(keys)
        from_, at = between(first, last)
        packed = distinct((owners[present[from_]] << 32) | self._segment.arrays.key_words[at])
        return packed >> 32, packed & 0xFFFFFFFF

    def _may_be(self, asked: list[str], owners: Ints, places: Ints, least: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which pairs may be so alike, told from which letters they have: an edit changes two of them at most."""
        arrays, folds = self._segment.arrays, [fold(word) for word in asked]
        same = self._same(asked, owners, places)
        allowed = (1.0 - least[owners]).astype(np.float64) + 1e-5
        may = self._edits_may(folds, self._heard, arrays.folds_at, (owners, places, same, allowed))
        sounds = np.array([word != folded for word, folded in zip(asked, folds, strict=True)], np.bool_)
        other = np.flatnonzero(~may & (sounds[owners] | arrays.sounds[places]))
        those = (owners[other], places[other], same[other], allowed[other])
        may[other] = self._edits_may(asked, self._written, arrays.words_at, those)
        kept = np.array([word.isupper() or bool(spellings(word)) for word in asked], np.bool_)
        return may | kept[owners] | arrays.without_vowels[places]

    def _same(self, asked: list[str], owners: Ints, places: Ints) -> NDArray[np.bool_]:
        """Which have the same consonants, or may have: of words that are only joined ones they are not kept."""
        theirs = self._segment.arrays.consonants[places]
        same: NDArray[np.bool_] = (_consonants(asked)[owners] == theirs) | (theirs == 0)
        return same

    def _edits_may(
        self, texts: list[str], letters: NDArray[np.uint32], starts: NDArray[np.int32],
        pairs: tuple[Ints, Ints, NDArray[np.bool_], NDArray[np.float64]],
    ) -> NDArray[np.bool_]:  # fmt: skip
        owners, places, same, allowed = pairs
        lengths = np.array([len(text) for text in texts], np.int64)
        codes = np.frombuffer("".join(texts).encode("ascii"), np.uint8)
        ours = _letters(codes, np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
        edits = (np.bitwise_count(ours[owners] ^ letters[places]).astype(np.int64) + 1) >> 1
        theirs = starts[places + 1] - starts[places]
        longest = np.maximum(lengths[owners], theirs)
        article = (np.abs(lengths[owners] - theirs) == 2) & (edits <= 1)  # with and without: more alike than by edits
        cost = edits * np.where(same & (3 * edits <= longest), SAME_CONSONANTS, 1.0)
        may: NDArray[np.bool_] = article | ((edits <= FAR) & (cost <= allowed * longest))
        return may

    def _alike(self, asked: list[str], owners: Ints, places: Ints) -> NDArray[np.float32]:
        segment, arrays = self._segment, self._segment.arrays
        if not len(places):
            return np.empty(0, np.float32)
        folds = [fold(word) for word in asked]
        whose, where = owners.tolist(), places.tolist()
        edits = _edits([folds[one] for one in whose], [segment.folds[place] for place in where])
        ours, theirs = _Ends.of_texts(folds, owners), _Ends.of_array(arrays.folds, arrays.folds_at, places)
        same = self._same(asked, owners, places)
        alike = _by_edits(ours, theirs, edits, same)
        upper = np.array([word.isupper() for word in asked], np.bool_)[owners] | arrays.without_vowels[places]
        odd = (edits == 0) | (same & upper) | _odd_ends(ours, theirs, edits)
        # As they are written they may be nearer, where they are not written as they sound.
        sounds = np.array([word != folded for word, folded in zip(asked, folds, strict=True)], np.bool_)
        longest = np.maximum(ours.letters, theirs.letters)
        unsure = (edits > 1) | ((edits > 0) & (longest <= SHORT))
        other = np.flatnonzero(unsure & (sounds[owners] | arrays.sounds[places]))
        if len(other):
            listed = other.tolist()
            edits = _edits([asked[whose[at]] for at in listed], [segment.words[where[at]] for at in listed])
            ours = _Ends.of_texts(asked, owners[other])
            theirs = _Ends.of_array(arrays.words, arrays.words_at, places[other])
            alike[other] = np.maximum(alike[other], _by_edits(ours, theirs, edits, same[other]))
            odd[other] |= _odd_ends(ours, theirs, edits)
        odd &= (alike > 0) | (same & upper)
        for one, word in enumerate(asked):
            if known := spellings(word):
                first, last = np.searchsorted(owners, [one, one + 1]).tolist()
                odd[first:last] |= np.fromiter((segment.words[at] in known for at in where[first:last]), np.bool_)
        for at in np.flatnonzero(odd).tolist():
            alike[at] = likeness(asked[whose[at]], segment.words[where[at]])
        return alike


def _letters(codes: NDArray[np.uint8], starts: NDArray[np.int32]) -> NDArray[np.uint32]:
    """Which letters each word has, a bit for each; no word is empty."""
    if not len(codes):
        return np.empty(0, np.uint32)
    bits = np.left_shift(np.uint32(1), (codes & np.uint8(31)).astype(np.uint32))
    found: NDArray[np.uint32] = np.bitwise_or.reduceat(bits, starts[:-1])
    return found


def _by_edits(ours: _Ends, theirs: _Ends, edits: NDArray[np.int32], same: NDArray[np.bool_]) -> NDArray[np.float32]:
    """As `spelling`'s for words one by one, but that the ending of a woman's name costs nothing here."""
    longest = np.maximum(ours.letters, theirs.letters)
    cost = edits * np.where(same & (3 * edits <= longest), SAME_CONSONANTS, 1.0) + _of_first(ours, theirs, longest)
    alike: NDArray[np.float32] = (1.0 - cost / longest).astype(np.float32)
    alike[edits > FAR] = 0.0
    return alike


def _looked_up(asked: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, int, int]]:
    for place, (word, join) in enumerate(asked):
        for text, edits in texts_of(word, join):
            yield text, edits, place
        if not join:
            for other in spellings(word):
                yield fold(other), 0, place


def _edits(ones: list[str], others: list[str]) -> NDArray[np.int32]:
    """The edits between each and the other beside it, FAR + 1 where there are more."""
    edits: NDArray[np.int32] = process.cpdist(ones, others, scorer=OSA.distance, score_cutoff=FAR, dtype=np.int32)
    return edits


class _Ends:
    """Of words, as folded: how many letters, the first, the second and the last."""

    def __init__(self, codes: NDArray[np.uint8], first: Ints, after: Ints) -> None:
        self.letters = after - first
        self.last = codes[after - 1]
        self.first, self.second = codes[first], codes[np.minimum(first + 1, after - 1)]

    @classmethod
    def of_array(cls, codes: NDArray[np.uint8], starts: NDArray[np.int32], places: Ints) -> _Ends:
        """Of words that stand one after another."""
        return cls(codes, starts[places].astype(np.int64), starts[places + 1].astype(np.int64))

    @classmethod
    def of_texts(cls, texts: list[str], places: Ints) -> _Ends:
        """Of some of these."""
        starts = np.concatenate([[0], np.cumsum([len(text) for text in texts])]).astype(np.int32)
        return cls.of_array(np.frombuffer("".join(texts).encode("ascii"), np.uint8), starts, places)


def _of_first(ours: _Ends, theirs: _Ends, longest: Ints) -> NDArray[np.float64]:
    """What another first letter costs at least."""
    swapped = (ours.first == theirs.second) & (ours.second == theirs.first)
    apart = ours.letters - theirs.letters
    lost = ((apart == 1) & (ours.second == theirs.first)) | ((apart == -1) & (theirs.second == ours.first))
    counts = (ours.first != theirs.first) & ~swapped & ~(lost & (longest > 3))
    cost: NDArray[np.float64] = np.where(_VOWEL[ours.first] & _VOWEL[theirs.first], FIRST_VOWEL, FIRST_LETTER) * counts
    return cost


def _odd_ends(ours: _Ends, theirs: _Ends, edits: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Where an article or the ending of a woman's name may make the difference."""
    apart = ours.letters - theirs.letters
    longer_first = np.where(apart > 0, ours.first, theirs.first)
    longer_second = np.where(apart > 0, ours.second, theirs.second)
    longer_last = np.where(apart > 0, ours.last, theirs.last)
    article = (np.abs(apart) == 2) & _ARTICLE[longer_first] & (longer_second == _L)
    odd: NDArray[np.bool_] = article | ((np.abs(apart) == 1) & (edits == 1) & (longer_last == _A))
    return odd


def _consonants(words: list[str]) -> NDArray[np.int64]:
    """The key of the consonants of each word, -1 where there are fewer than two."""
    found = np.full(len(words), -1, np.int64)
    keys, places = hashed_all(
        (f"#{consonants}", 0, at) for at, consonants in enumerate(map(skeleton, words)) if consonants
    )
    found[places] = keys
    return found
