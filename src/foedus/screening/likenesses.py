"""Words of a segment that are like words of a query, and how alike they are, many at once.

What is said is never less than `spelling.likeness`: a rule of it that makes words less alike and is not told from
flat arrays is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from foedus.screening.align import JOINED
from foedus.screening.keys import all_keys, consonant_keys, distinct, hashed_all
from foedus.screening.letters import Ends, Words, edits_between, least_edits
from foedus.screening.names import sounds, spellings
from foedus.screening.segment import Segment, between
from foedus.screening.spelling import (
    FAR,
    FIRST_LETTER,
    FIRST_VOWEL,
    LEAST,
    SAME_CONSONANTS,
    SAME_SOUND,
    SHORT,
    SOUND_ALIKE,
    SPELLINGS,
    fold_all,
    likeness,
    skeleton_all,
)

_VOWEL = np.zeros(256, np.bool_)
_VOWEL[list(b"aeiou")] = True
_ARTICLE = np.zeros(256, np.bool_)
_ARTICLE[list(b"aeu")] = True
_IN_NO_TABLE = -1.0  # of Arrays.fixed: a word that tables/names.txt has not has this
_A, _I, _L = ord("a"), ord("i"), ord("l")
_SOUND = np.zeros((256, 256), np.bool_)
for _one, _other in map(str.encode, SOUND_ALIKE):
    _SOUND[_one, _other] = _SOUND[_other, _one] = True

Ints = NDArray[np.int64]


class Likenesses:
    """Finds them in one segment."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._heard, self._written = segment.heard, segment.written

    def of(self, asked: Sequence[tuple[str, bool]]) -> tuple[Ints, Ints, NDArray[np.float32]]:
        """For (word, whether it was made of neighbours) the words at least as alike as two words must be.

        Which was asked, ascending; the place of the word that is like it; how alike.
        """
        words = _Asked(asked)
        owners, places = self._under(*words.keys())
        near = np.flatnonzero(self._may_be(words, owners, places))
        owners, places = owners[near], places[near]
        alike = self._alike(words, owners, places)
        kept = np.flatnonzero(alike >= words.least[owners] - np.float32(1e-6))
        return owners[kept], places[kept], alike[kept]

    def _under(self, keys: NDArray[np.uint32], owners: Ints) -> tuple[Ints, Ints]:
        """The words under these keys, each once for each that asks, in order."""
        present, first, last = self._segment.under(keys)
        from_, at = between(first, last)
        packed = distinct((owners[present[from_]] << 32) | self._segment.arrays.key_words[at])
        return packed >> 32, packed & 0xFFFFFFFF

    def _may_be(self, asked: _Asked, owners: Ints, places: Ints) -> NDArray[np.bool_]:
        """Which pairs may be so alike, told from which letters they have: an edit changes two of them at most."""
        arrays = self._segment.arrays
        same = self._same(asked, owners, places)
        allowed = (1.0 - asked.least[owners]).astype(np.float64) + 1e-5
        may = _edits_may(asked.folds, self._heard, (owners, places, same, allowed))
        other = np.flatnonzero(~may & (asked.sounds[owners] | arrays.sounds[places]))
        those = (owners[other], places[other], same[other], allowed[other])
        may[other] = _edits_may(asked.words, self._written, those)
        known = asked.known[owners] & (arrays.fixed[places] != _IN_NO_TABLE)
        may |= known | asked.upper[owners] | arrays.without_vowels[places]
        return may

    def _same(self, asked: _Asked, owners: Ints, places: Ints) -> NDArray[np.bool_]:
        """Which have the same consonants, or may have: of words that are only joined ones they are not kept."""
        theirs = self._segment.arrays.consonants[places]
        same: NDArray[np.bool_] = (asked.consonants[owners] == theirs) | (theirs == 0)
        return same

    def _alike(self, asked: _Asked, owners: Ints, places: Ints) -> NDArray[np.float32]:
        arrays = self._segment.arrays
        if not len(places):
            return np.empty(0, np.float32)
        edits = edits_between(asked.folds, owners, self._heard, places)
        ours, theirs = asked.folds.ends(owners), self._heard.ends(places)
        same = self._same(asked, owners, places)
        alike = _by_edits(ours, theirs, edits, same)
        upper = asked.upper[owners] | arrays.without_vowels[places]
        one_letter = (asked.words.letters(owners) == 1) | (self._written.letters(places) == 1)
        odd = ((edits == 0) & one_letter) | (same & upper) | _odd_ends(ours, theirs, edits)
        heard = np.flatnonzero((edits == 0) & ~one_letter)
        equal = edits_between(asked.words, owners[heard], self._written, places[heard]) == 0
        exact = np.where(equal, np.float32(1.0), np.float32(SAME_SOUND))
        # As they are written they may be nearer, where they are not written as they sound.
        longest = np.maximum(ours.letters, theirs.letters)
        unsure = (edits > 1) | ((edits > 0) & (longest <= SHORT))
        other = np.flatnonzero(unsure & (asked.sounds[owners] | arrays.sounds[places]))
        if len(other):
            edits = edits_between(asked.words, owners[other], self._written, places[other])
            ours, theirs = asked.words.ends(owners[other]), self._written.ends(places[other])
            alike[other] = np.maximum(alike[other], _by_edits(ours, theirs, edits, same[other]))
            odd[other] |= _odd_ends(ours, theirs, edits)
        odd &= (alike > 0) | (same & upper)
        in_table = asked.known[owners] & (arrays.fixed[places] != _IN_NO_TABLE)
        for at in np.flatnonzero(in_table & (alike < np.float32(SPELLINGS))).tolist():
            odd[at] |= self._segment.word(places[at]) in spellings(asked.texts[owners[at]])
        odd[heard] = False
        alike[heard] = exact
        for at in np.flatnonzero(odd).tolist():
            alike[at] = likeness(asked.texts[owners[at]], self._segment.word(places[at]))
        return alike


class _Asked:
    """Words that are looked up, and what is known of each. `least`: how alike another must be. `known`: there are other
    spellings in tables/names.txt.
    """

    def __init__(self, asked: Sequence[tuple[str, bool]]) -> None:
        self.texts = [word for word, _ in asked]
        self._folds, self._joins = fold_all(self.texts), np.array([join for _, join in asked], np.bool_)
        self.words, self.folds = Words.of_texts(self.texts), Words.of_texts(self._folds)
        self.least = np.where(self._joins, np.float32(JOINED), np.float32(LEAST))
        self.sounds = np.array([word != other for word, other in zip(self.texts, self._folds, strict=True)], np.bool_)
        self.known = np.array([bool(spellings(word)) for word in self.texts], np.bool_)
        self.upper = np.array([word.isupper() for word in self.texts], np.bool_)
        self.consonants = consonant_keys(skeleton_all(self.texts, self._folds))

    def keys(self) -> tuple[NDArray[np.uint32], Ints]:
        """The keys under which each is looked up, with the place of the word: its own, and those of its spellings."""
        joins = self._joins
        keys, places = all_keys(self.texts, self._folds, np.where(joins, np.uint32(0), self.consonants), joins)
        known = np.flatnonzero(self.known & ~joins).tolist()
        more, its = hashed_all((heard, 0, at) for at in known for heard in sounds(self.texts[at]))
        return np.concatenate([keys, more]), np.concatenate([places, its]).astype(np.int64)


def _edits_may(
    ours: Words, theirs: Words, pairs: tuple[Ints, Ints, NDArray[np.bool_], NDArray[np.float64]]
) -> NDArray[np.bool_]:
    """Which pairs may be no more unlike than is allowed, by the least edits that their letters and lengths tell."""
    owners, places, same, allowed = pairs
    edits = least_edits(ours, owners, theirs, places)
    one, other = ours.ends(owners), theirs.ends(places)
    longest = np.maximum(one.letters, other.letters)
    article = (np.abs(one.letters - other.letters) == 2) & (edits <= 2)  # with and without: more alike than by edits
    cost = edits * _of_each(one, other, longest, same, edits) + _of_first(one, other, longest)
    may: NDArray[np.bool_] = article | ((edits <= FAR) & (cost <= allowed * longest))
    return may


def _by_edits(ours: Ends, theirs: Ends, edits: NDArray[np.int32], same: NDArray[np.bool_]) -> NDArray[np.float32]:
    """As `spelling`'s for words one by one, but that the ending of a woman's name costs nothing here."""
    longest = np.maximum(ours.letters, theirs.letters)
    cost = edits * _of_each(ours, theirs, longest, same, edits) + _of_first(ours, theirs, longest)
    alike: NDArray[np.float32] = (1.0 - cost / longest).astype(np.float32)
    alike[edits > FAR] = 0.0
    return alike


def _of_each(
    ours: Ends, theirs: Ends, longest: Ints, same: NDArray[np.bool_], edits: NDArray[np.int32]
) -> NDArray[np.float64]:
    """What an edit costs at least."""
    sounds = (edits <= 1) & (ours.letters == theirs.letters) & (longest > SHORT) & _SOUND[ours.first, theirs.first]
    return np.where((same & (3 * edits <= longest)) | sounds, SAME_CONSONANTS, 1.0)


def _of_first(ours: Ends, theirs: Ends, longest: Ints) -> NDArray[np.float64]:
    """What another first letter costs at least."""
    swapped = (ours.first == theirs.second) & (ours.second == theirs.first)
    apart = ours.letters - theirs.letters
    lost = ((apart == 1) & (ours.second == theirs.first)) | ((apart == -1) & (theirs.second == ours.first))
    scanned = ((ours.first == _I) & (theirs.first == _L)) | ((ours.first == _L) & (theirs.first == _I))
    sounds = _SOUND[ours.first, theirs.first] & (longest > SHORT)
    counts = (ours.first != theirs.first) & ~swapped & ~scanned & ~sounds & ~(lost & (longest > 3))
    cost: NDArray[np.float64] = np.where(_VOWEL[ours.first] & _VOWEL[theirs.first], FIRST_VOWEL, FIRST_LETTER) * counts
    return cost


def _odd_ends(ours: Ends, theirs: Ends, edits: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Where an article or the ending of a woman's name may make the difference."""
    apart = ours.letters - theirs.letters
    longer_first = np.where(apart > 0, ours.first, theirs.first)
    longer_second = np.where(apart > 0, ours.second, theirs.second)
    longer_last = np.where(apart > 0, ours.last, theirs.last)
    article = (np.abs(apart) == 2) & _ARTICLE[longer_first] & (longer_second == _L)
    odd: NDArray[np.bool_] = article | ((np.abs(apart) == 1) & (edits == 1) & (longer_last == _A))
    return odd
