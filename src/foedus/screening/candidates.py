"""Names of one segment whose score can reach a cutoff: nothing that reaches it is left out.

Every word of the query, and neighbours read as one, find the names with a like word. What a name can owe to them
bounds its score from above (the formula of `score.words`, with the most for what agrees and the least for what is
left over). The most frequent words, which together weigh too little for that, propose no names and are only looked at
for those that others proposed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foedus.screening.align import Weigh
from foedus.screening.lookup import Found, Lookup
from foedus.screening.names import PARTICLES, Name
from foedus.screening.score import CONFLICT, INSIDE, LEAST_ONE_WORD, ONE_WORD, SURPLUS
from foedus.screening.segment import Segment

_ROUNDING = 1e-4  # of 32-bit sums, on the side of comparing too much


class Candidates:
    """Finds them in one segment under one set of weights."""

    def __init__(self, segment: Segment, weights: NDArray[np.float32], alive: NDArray[np.bool_]) -> None:
        """`weights`: of the segment's words. `alive`: of its names."""
        arrays = segment.arrays
        names = len(arrays.name_record)
        self._lookup = Lookup(segment, weights)
        self._alive = alive
        self._initials = arrays.initials
        self._words = np.diff(arrays.name_words_at)
        self._total = np.zeros(0, np.float32)
        if names:
            self._total = np.add.reduceat(weights[arrays.name_words], arrays.name_words_at[:-1])

    def find(self, name: Name, weigh: Weigh, cutoff: float) -> list[tuple[float, int]]:
        """The names, each with the most that its score can be. `weigh`: the weight of a word of the query."""
        whole = sum(map(weigh, name.words))
        words = [word for word in name.words if len(word) > 1 and word not in PARTICLES]
        loose = whole - sum(map(weigh, words))  # articles and initials, which are not looked up
        letters = sum(len(word) == 1 for word in name.words)
        if not words:  # then they are all there is
            words, loose, letters = list(name.words), 0.0, 0
        weighed = sorted(((weigh(word), word) for word in set(words)), reverse=True)
        single = not letters and len(weighed) == len(words)
        proposing = _proposing([weight * words.count(word) for weight, word in weighed], loose, whole, cutoff, single)
        asked = [(self._lookup.find(word, False, weight), weight * words.count(word)) for weight, word in weighed]
        joins = []
        for first, last, word in name.joins:
            members = [place for place, (_, one) in enumerate(weighed) if one in name.words[first:last]]
            weight = sum(map(weigh, name.words[first:last]))
            joins.append((self._lookup.find(word, True, weight), weight, members))
        proposed = [found.names for found, _ in asked[:proposing]] + [found.names for found, _, _ in joins]
        return self._reaching(
            np.unique(np.concatenate(proposed)), asked, joins, (loose, letters, whole, len(name.words)), cutoff
        )

    def _reaching(
        self,
        names: NDArray[np.int32],
        asked: list[tuple[Found, float]],
        joins: list[tuple[Found, float, list[int]]],
        spare: tuple[float, int, float, int],
        cutoff: float,
    ) -> list[tuple[float, int]]:
        """Of these names those whose bound reaches the cutoff. `joins`: with the places of their words in `asked`.

        A join counts for what it adds to its words: whichever reading a comparison takes, it counts no word twice.
        """
        if not len(names):
            return []
        loose, letters, whole, number = spare
        words = np.stack([_owed(found, weight, names) for found, weight in asked])
        owed = words.sum(axis=0)
        for found, weight, members in joins:
            if len(found.names):
                join = _owed(found, weight, names)
                alone = words[members].sum(axis=0)
                more = np.maximum(0.0, join - alone)
                owed += more * ((more[0] > 0) | (more[2] > 0))
        ours, theirs, covered = owed
        alike = np.minimum(ours, whole) + loose
        ours_left = np.maximum(0.0, whole - loose - covered) * ~self._initials[names]
        theirs_left = np.maximum(0.0, self._total[names] - theirs - loose - letters)
        # A middle name left out costs less, and is one word.
        rate = np.where(np.abs(self._words[names] - number) <= 1, INSIDE, SURPLUS)
        missing = CONFLICT * np.minimum(ours_left, theirs_left) + rate * np.abs(ours_left - theirs_left)
        most = alike / (alike + missing) + _ROUNDING
        reach = np.flatnonzero((most >= cutoff) & self._alive[names])
        return list(zip(most[reach].tolist(), names[reach].tolist(), strict=True))


def _proposing(weights: list[float], loose: float, whole: float, cutoff: float, single: bool) -> int:
    """How many of the words, the heaviest first, must propose names: if only the others agree, no score reaches the
    cutoff.

    With R agreeing and the rest a surplus, the score is at most R / (R + rate (whole - R)). `single`: every word
    stands there once and is no letter; then the last alone is the one word that agrees, in no frame of first and
    last.
    """
    left = sum(weights) + loose
    for place, weight in enumerate(weights):
        last = single and 0 < place == len(weights) - 1
        rate, most = (SURPLUS, 1.0 - ONE_WORD * LEAST_ONE_WORD) if last else (INSIDE, 1.0)
        if left * most < (cutoff - _ROUNDING) * (left + rate * (whole - left)):
            return place
        left -= weight
    return len(weights)


def _owed(found: Found, weight: float, names: NDArray[np.int32]) -> NDArray[np.float32]:
    """For each name: the most that agrees, the most it covers of the name, and what it covers of the query."""
    owed = np.zeros((3, len(names)), np.float32)
    if len(found.names):
        at = np.minimum(np.searchsorted(found.names, names), len(found.names) - 1)
        held = found.names[at] == names
        at = at[held]
        theirs = found.theirs[at]
        owed[0, held] = np.minimum(theirs, weight) * found.ours[at]
        owed[1, held] = theirs
        owed[2, held] = weight
    return owed
