"""The most that the score of a name can be, from the words that it has like those of a query: the formula of
`score.words` and of the features that can be told without pairing words, for many names at once.

For what agrees it takes the most, for what is left over and unlike the least: a comparison never says more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.screening.lookup import ALIKE, COLUMNS, COVERED, JOINED, PAIRS, SURE, THEIRS, UNLIKE, Found
from foedus.screening.names import PARTICLES
from foedus.screening.score import (
    COMMON,
    COMMON_FALL,
    CONFLICT,
    INITIALS,
    INSIDE,
    LEAST_ONE_WORD,
    ONE_WORD,
    SURPLUS,
)
from foedus.screening.spelling import INITIAL_LIKENESS
from foedus.screening.weights import INITIAL, PARTICLE

ROUNDING = 1e-4  # of 32-bit sums, on the side of comparing too much
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]


class Totals(NamedTuple):
    """Of every name of a segment: what its words weigh, their number, how many are no articles, and how many letters;
    whether it is an organisation's.
    """

    weight: Floats
    words: NDArray[np.int32]
    telling: NDArray[np.uint8]
    initials: NDArray[np.uint8]
    organisation: Flags


class Asked(NamedTuple):
    """A word of the query, how many times it stands there, and what it found."""

    word: str
    weight: float
    times: int
    found: Found


class Joined(NamedTuple):
    """Neighbours of the query read as one word, from `first` to before `last`. `members`: their places among those
    asked.
    """

    first: int
    last: int
    weight: float
    members: list[int]
    found: Found


class Question(NamedTuple):
    """A name of the query, looked up. `loose`: what its articles and letters weigh, of the `whole`.

    `telling`: there is a word that is neither. `organisation`: an organisation is asked for.
    """

    words: tuple[str, ...]
    asked: list[Asked]
    joins: list[Joined]
    whole: float
    loose: float
    letters: int
    telling: bool
    organisation: bool


def highest(question: Question, totals: Totals, names: NDArray[np.int32], cutoff: float) -> Floats:
    """The most that the score of each of these names can be. `names`: ascending."""
    owed, framed = _owed(question, names)
    total, initials = totals.weight[names], totals.initials[names]
    loose, whole = question.loose, question.whole
    alike = np.minimum(np.minimum(owed[:, ALIKE], whole - loose) + loose, total)
    ours_left = np.maximum(0.0, whole - loose - owed[:, COVERED])
    theirs_left = np.maximum(0.0, total - owed[:, THEIRS] - loose)
    organisation = totals.organisation[names] | question.organisation
    # A middle name left out costs less, and is one word, between words that surely stand for each other.
    framed &= ~organisation
    framed &= np.abs(totals.words[names] - len(question.words)) <= 1
    rate = np.where(framed, INSIDE, SURPLUS).astype(np.float32)
    most = _share(alike, owed[:, UNLIKE], ours_left, theirs_left, rate)
    if _one_word_tells(question, cutoff):
        single = (owed[:, PAIRS] == 1) & (owed[:, JOINED] == 0) & (initials == 0)
        if sum(word not in PARTICLES for word in question.words) < 2:
            single &= totals.telling[names] > 1
        most *= 1.0 - ONE_WORD * np.where(organisation, LEAST_ONE_WORD, 1.0).astype(np.float32) * single
    if question.letters or initials.any():
        most = np.maximum(most, _with_letters(question, alike, ours_left, theirs_left, rate, initials))
    return (most + ROUNDING).astype(np.float32)


def _share(alike: Floats, unlike: Floats, ours_left: Floats, theirs_left: Floats, rate: Floats) -> Floats:
    """What agrees over that and what is missing, and what common words take of it."""
    missing = unlike + CONFLICT * np.minimum(ours_left, theirs_left) + rate * np.abs(ours_left - theirs_left)
    return (alike / (alike + missing + 1e-9)) * (1.0 - COMMON * COMMON_FALL**alike)  # type: ignore[no-any-return]


def _one_word_tells(question: Question, cutoff: float) -> bool:
    """Whether one word in common is surely called so: not where letters may agree too, nor where the pair may be with
    an article, which then is no pair and alone would reach the cutoff.
    """
    few = question.loose + PARTICLE
    alone = few / (few + INSIDE * max(0.0, question.whole - few))
    return question.telling and not question.letters and alone < cutoff


def _with_letters(
    question: Question, alike: Floats, ours_left: Floats, theirs_left: Floats, rate: Floats,
    initials: NDArray[np.uint8],
) -> Floats:  # fmt: skip
    """The most where a letter stands for a word: nothing where no name has one."""
    heaviest = max(one.weight for one in question.asked)
    most = _share(
        alike + INITIAL * INITIAL_LIKENESS * initials,
        np.zeros_like(alike),
        np.maximum(0.0, ours_left - heaviest * initials),
        np.maximum(0.0, theirs_left - question.letters - INITIAL * initials),
        rate,
    )
    possible = (initials > 0) | (question.letters > 0)
    return most * (1.0 - INITIALS) * possible


def _owed(question: Question, names: NDArray[np.int32]) -> tuple[Floats, Flags]:
    """What each name can owe, as the columns of `Found.values`; and whether the first and the last word of the
    query may be surely paired.

    A join counts for what it adds to its words: whichever reading a comparison takes, it counts no word twice.
    """
    words = question.words
    owed = np.zeros((len(names), COLUMNS), np.float32)
    looked_up = {one.word for one in question.asked}
    ends = [np.full(len(names), word not in looked_up) for word in (words[0], words[-1])]
    for one in question.asked:
        held, at = _held(one.found.names, names)
        values = one.found.values[at]
        for word, sure in zip((words[0], words[-1]), ends, strict=True):
            if word == one.word:
                sure[held] = values[:, SURE] > 0
        owed[held] += values if one.times == 1 else values * one.times
    for join in question.joins:
        held, at = _held(join.found.names, names)
        alone = np.zeros((len(held), COLUMNS), np.float32)
        for place in join.members:
            member = question.asked[place]
            where, its = _held(member.found.names, names[held])
            alone[where] += member.found.values[its] * member.times
        values = join.found.values[at]
        more = np.maximum(0.0, values - alone)
        more[(more[:, ALIKE] == 0) & (more[:, COVERED] == 0)] = 0.0
        more[:, UNLIKE] = -np.minimum(alone[:, UNLIKE], owed[held, UNLIKE])  # the words may stand in the join
        more[:, JOINED] = 1.0
        owed[held] += more
        for sure, meets in zip(ends, (join.first == 0, join.last == len(words)), strict=True):
            if meets:
                sure[held] |= values[:, SURE] > 0
    return owed, ends[0] & ends[1] & (len(words) > 1)  # one word is no frame


def _held(found: NDArray[np.int32], names: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which of the names were found, and where among those found. Both ascend."""
    if not len(found):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    at = np.searchsorted(found, names)
    at[at == len(found)] = 0
    held = np.flatnonzero(found[at] == names)
    return held, at[held]
