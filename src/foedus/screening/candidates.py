"""Names of one segment whose score can reach a cutoff: nothing that reaches it is left out.

Every word of the query, and neighbours read as one, find the names with a like word. What a name can owe to them bounds its
score from above (the formula of `score.words`, with the most for what agrees and the least for what is left over). The most
frequent words, which together weigh too little for that, propose no names and are only looked at for those that others proposed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foedus.screening.align import Weigh
from foedus.screening.lookup import Found, Lookup
from foedus.screening.names import PARTICLES, Name
from foedus.screening.score import CONFLICT, SURPLUS
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
        self._total = np.zeros(0, np.float32)
        if names:
            self._total = np.add.reduceat(weights[arrays.name_words], arrays.name_words_at[:-1])
        # What each name owes: zero between queries.
        self._ours, self._theirs, self._covered = (np.zeros(names, np.float32) for _ in range(3))

    def find(self, name: Name, weigh: Weigh, cutoff: float) -> list[tuple[float, int]]:
        """The names, each with the most that its score can be. `weigh`: the weight of a word of the query."""
        whole = sum(map(weigh, name.words))
        words = [word for word in name.words if len(word) > 1 and word not in PARTICLES]
        loose = whole - sum(map(weigh, words))  # articles and initials, which are not looked up
        letters = sum(len(word) == 1 for word in name.words)
        if not words:  # then they are all there is
            words, loose, letters = [word for word in name.words if len(word) > 1], 0.0, 0
        weighed = sorted(((weigh(word), word) for word in set(words)), reverse=True)
        proposing = _proposing([weight * words.count(word) for weight, word in weighed], loose, whole, cutoff)
        asked = [(self._lookup.find(word, False, weight), weight * words.count(word)) for weight, word in weighed]
        joins = [(word, sum(map(weigh, name.words[first:last]))) for first, last, word in name.joins]
        asked = asked[:proposing] + [(self._lookup.find(word, True, weight), weight) for word, weight in joins] + asked[proposing:]
        return self._reaching(asked, proposing + len(joins), (loose, letters, whole), cutoff)

    def _reaching(
        self, asked: list[tuple[Found, float]], proposing: int, spare: tuple[float, int, float], cutoff: float
    ) -> list[tuple[float, int]]:
        """Of the names that the first `proposing` answers hold, those whose bound reaches the cutoff."""
        loose, letters, whole = spare
        proposed = [found.names for found, _ in asked[:proposing] if len(found.names)]
        if not proposed:
            return []
        names = np.concatenate(proposed) if len(proposed) > 1 else proposed[0]
        ours, theirs, covered = self._ours, self._theirs, self._covered
        for place, (found, weight) in enumerate(asked):
            where = found.names if place < proposing else names
            part = found if place < proposing else _only(found, names)
            ours[where] += np.minimum(part.theirs, weight) * part.ours
            theirs[where] += part.theirs
            covered[where] += weight * (part.ours > 0)
        alike = np.minimum(ours[names], whole) + loose
        ours_left = np.maximum(0.0, whole - loose - covered[names]) * ~self._initials[names]
        theirs_left = np.maximum(0.0, self._total[names] - theirs[names] - loose - letters)
        ours[names] = theirs[names] = covered[names] = 0.0
        missing = CONFLICT * np.minimum(ours_left, theirs_left) + SURPLUS * np.abs(ours_left - theirs_left)
        most = alike / (alike + missing) + _ROUNDING
        reach = (most >= cutoff) & self._alive[names]
        return list({name: (one, name) for one, name in zip(most[reach].tolist(), names[reach].tolist(), strict=True)}.values())


def _proposing(weights: list[float], loose: float, whole: float, cutoff: float) -> int:
    """How many of the words, the heaviest first, must propose names: if only the others agree, no score reaches the cutoff.

    With R agreeing and the rest a surplus, the score is at most R / (R + SURPLUS (whole - R)).
    """
    left = sum(weights) + loose
    for place, weight in enumerate(weights):
        if left < (cutoff - _ROUNDING) * (left + SURPLUS * (whole - left)):
            return place
        left -= weight
    return len(weights)


def _only(found: Found, names: NDArray[np.int32]) -> Found:
    """The answer for these names; zero for those that it does not hold."""
    if not len(found.names):
        return Found(names, *(np.zeros(len(names), np.float32) for _ in range(2)))
    at = np.minimum(np.searchsorted(found.names, names), len(found.names) - 1)
    held = (found.names[at] == names).astype(np.float32)
    return Found(names, found.ours[at] * held, found.theirs[at] * held)
