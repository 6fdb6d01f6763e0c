"""Names of one segment whose score can reach a cutoff: nothing that reaches it is left out.

Every word of the query, and neighbours read as one, find the names with a like word. What a name can owe to them
bounds its score from above (`bounds.py`). The most frequent words, which together weigh too little for that, propose
no names and are only looked at for those that others proposed.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from foedus.screening.align import Weigh
from foedus.screening.bounds import ROUNDING, Asked, Joined, Question, Totals, highest
from foedus.screening.lookup import Lookup, Wanted
from foedus.screening.names import PARTICLES, Name
from foedus.screening.record import ORGANISATION
from foedus.screening.score import INSIDE, LEAST_ONE_WORD, ONE_WORD, SURPLUS
from foedus.screening.segment import Segment


class Candidates:
    """Finds them in one segment under one set of weights."""

    def __init__(self, segment: Segment, weights: NDArray[np.float32], alive: NDArray[np.bool_]) -> None:
        """`weights`: of the segment's words. `alive`: of its names."""
        arrays = segment.arrays
        self._lookup = Lookup(segment, weights)
        self._alive = alive
        total = np.zeros(0, np.float32)
        if len(arrays.name_record):
            total = np.add.reduceat(weights[arrays.name_words], arrays.name_words_at[:-1])
        self._totals = Totals(
            total, np.diff(arrays.name_words_at), arrays.telling, arrays.initials, arrays.organisation
        )

    def prepare(self, names: Iterable[Name], weigh: Weigh) -> None:
        """Look up the words of many names at once, so that each is found quickly."""
        self._lookup.prepare(one for name in names for one in wanted(name, weigh))

    def find(self, name: Name, weigh: Weigh, cutoff: float, kind: str) -> list[tuple[float, int]]:
        """The names, each with the most that its score can be. `weigh`: the weight of a word of the query. `kind`: the
        query's.
        """
        asked_for = wanted(name, weigh)
        found = self._lookup.find(asked_for)
        words, telling = _looked_up(name)
        whole = sum(map(weigh, name.words))
        loose = whole - sum(map(weigh, words))  # articles and initials, which are not looked up
        letters = sum(len(word) == 1 for word in name.words) if telling else 0
        distinct = len(asked_for) - len(name.joins)
        asked = [
            Asked(one.word, one.weight, words.count(one.word), found[at]) for at, one in enumerate(asked_for[:distinct])
        ]
        joins = []
        for (first, last, _), one, its in zip(name.joins, asked_for[distinct:], found[distinct:], strict=True):
            if len(its.names):
                members = [at for at, member in enumerate(asked) if member.word in name.words[first:last]]
                joins.append(Joined(first, last, one.weight, members, its))
        single = not letters and distinct == len(words)
        proposing = _proposing([one.weight * one.times for one in asked], loose, whole, cutoff, single)
        proposed = [one.found.names for one in asked[:proposing]] + [join.found.names for join in joins]
        names = np.unique(np.concatenate(proposed)) if len(proposed) > 1 else proposed[0]
        names = names[self._alive[names]]
        if not len(names):
            return []
        question = Question(name.words, asked, joins, whole, loose, letters, telling, kind == ORGANISATION)
        most = highest(question, self._totals, names, cutoff)
        reach = np.flatnonzero(most >= cutoff)
        return list(zip(most[reach].tolist(), names[reach].tolist(), strict=True))


def _looked_up(name: Name) -> tuple[list[str], bool]:
    """The words that are looked up, and whether they are more than articles and letters: those only where they are all
    there is.
    """
    words = [word for word in name.words if len(word) > 1 and word not in PARTICLES]
    return (words, True) if words else (list(name.words), False)


def wanted(name: Name, weigh: Weigh) -> list[Wanted]:
    """What is looked up for a name: its words, each once, the heaviest first, then its joins."""
    words = sorted(((weigh(word), word) for word in set(_looked_up(name)[0])), reverse=True)
    return [Wanted(word, False, weight) for weight, word in words] + [
        Wanted(word, True, sum(map(weigh, name.words[first:last]))) for first, last, word in name.joins
    ]


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
        if left * most < (cutoff - ROUNDING) * (left + rate * (whole - left)):
            return place
        left -= weight
    return len(weights)
