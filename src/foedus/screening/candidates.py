"""Names of one segment whose score can reach a cutoff: nothing that reaches it is left out.

Every word of the query, and neighbours read as one, find the names with a like word. What a name can owe to them
bounds its score from above (`bounds.py`). The most frequent words, which together weigh too little for that, propose
no names and are only looked at for those that others proposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from foedus.screening.align import Weigh
from foedus.screening.bounds import ROUNDING, Asked, Joined, Question, Totals, highest, proposed
from foedus.screening.lookup import Found, Lookup, Wanted
from foedus.screening.names import PARTICLES, Name
from foedus.screening.record import ORGANISATION
from foedus.screening.score import INSIDE, LEAST_ONE_WORD, ONE_WORD, SURPLUS
from foedus.screening.segment import Segment

MOST_FOUND = 200_000  # of names, each of some forty bytes, that are bounded at once


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
        lengths = np.diff(arrays.name_words_at)
        self._totals = Totals(total, lengths, arrays.telling, arrays.initials, arrays.organisation, segment.beginnings)

    def find(self, asked: Sequence[tuple[Name, str, float]], weigh: Weigh) -> list[list[tuple[float, int]]]:
        """For each name of a query, with its kind and the cutoff: the names, each with the most that its score can be.

        Many at once are several times as fast. `weigh`: the weight of a word of a query.
        """
        wanted = [_wanted(name, weigh) for name, _, _ in asked]
        found = self._lookup.find([one for its in wanted for one in its])
        questions, at = [], 0
        for (name, kind, cutoff), its in zip(asked, wanted, strict=True):
            questions.append(_question(name, its, found[at : at + len(its)], weigh, kind, cutoff))
            at += len(its)
        return [reached for some in _portions(questions) for reached in self._reached(some)]

    def _reached(self, questions: list[Question]) -> list[list[tuple[float, int]]]:
        rows = proposed(questions, self._alive)
        if not len(rows.names):
            return [[] for _ in questions]
        most = highest(questions, self._totals, rows)
        reach = np.flatnonzero(most >= np.array([one.cutoff for one in questions], np.float32)[rows.question])
        found: list[list[tuple[float, int]]] = [[] for _ in questions]
        listed = (rows.question[reach].tolist(), most[reach].tolist(), rows.names[reach].tolist())
        for at, its, name in zip(*listed, strict=True):
            found[at].append((its, name))
        return found


def _portions(questions: list[Question]) -> Iterator[list[Question]]:
    """As many together as find MOST_FOUND names, one at least: that bounds the memory."""
    some: list[Question] = []
    found = 0
    for question in questions:
        its = sum(len(one.found.names) for one in question.asked) + sum(len(one.found.names) for one in question.joins)
        if some and found + its > MOST_FOUND:
            yield some
            some, found = [], 0
        some.append(question)
        found += its
    if some:
        yield some


def _question(name: Name, wanted: list[Wanted], found: list[Found], weigh: Weigh, kind: str, cutoff: float) -> Question:
    """What was looked up for a name, made ready to be bounded."""
    words, telling = _looked_up(name)
    whole = sum(map(weigh, name.words))
    loose = whole - sum(map(weigh, words))  # articles and initials, which are not looked up
    letters = [(word, weigh(word)) for word in name.words if len(word) == 1] if telling else []
    distinct = len(wanted) - len(name.joins)
    times = [words.count(one.word) for one in wanted[:distinct]]
    single = not letters and distinct == len(words)
    weights = [one.weight * number for one, number in zip(wanted, times, strict=False)]
    proposing = _proposing(weights, loose, whole, cutoff, single)
    asked = [
        Asked(one.word, one.weight, times[at], found[at], at < proposing) for at, one in enumerate(wanted[:distinct])
    ]
    joins = []
    for (first, last, _), its in zip(name.joins, found[distinct:], strict=True):
        if len(its.names):
            members = [at for at, member in enumerate(asked) if member.word in name.words[first:last]]
            joins.append(Joined(first, last, members, its))
    return Question(name.words, asked, joins, whole, loose, letters, telling, kind == ORGANISATION, cutoff)


def _looked_up(name: Name) -> tuple[list[str], bool]:
    """The words that are looked up, and whether they are more than articles and letters: those only where they are all
    there is.
    """
    words = [word for word in name.words if len(word) > 1 and word not in PARTICLES]
    return (words, True) if words else (list(name.words), False)


def _wanted(name: Name, weigh: Weigh) -> list[Wanted]:
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
