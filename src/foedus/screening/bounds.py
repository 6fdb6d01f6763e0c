"""The most that the score of a name can be, from the words that it has like those of a query: the formula of
`score.words` and of the features that can be told without pairing words, for many names at once.

For what agrees it takes the most, for what is left over and unlike the least: a comparison never says more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus.screening.initials import Beginnings, Initials, told
from foedus.screening.keys import begins, distinct
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
    TWO_INSIDE,
)
from foedus.screening.spelling import INITIAL_LIKENESS
from foedus.screening.weights import INITIAL, PARTICLE

_NAME = 0xFFFFFFFF
_FIRST, _LAST = COLUMNS, COLUMNS + 1
ROUNDING = 1e-4  # of 32-bit sums, on the side of comparing too much
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]


class Totals(NamedTuple):
    """Of every name of a segment: what its words weigh, their number, how many are no articles, and how many letters;
    whether it is an organisation's; how its words begin.
    """

    weight: Floats
    words: NDArray[np.int32]
    telling: NDArray[np.uint8]
    initials: NDArray[np.uint8]
    organisation: Flags
    beginnings: Beginnings


class Asked(NamedTuple):
    """A word of the query, how many times it stands there, what it found, and whether that proposes names."""

    word: str
    weight: float
    times: int
    found: Found
    proposes: bool


class Joined(NamedTuple):
    """Neighbours of the query read as one word, from `first` to before `last`. `members`: their places among those
    asked.
    """

    first: int
    last: int
    members: list[int]
    found: Found


class Question(NamedTuple):
    """A name of a query, looked up. `loose`: what its articles and letters weigh, of the `whole`. `alone`: the letters,
    and what each weighs.

    `telling`: there is a word that is neither. `organisation`: an organisation is asked for.
    """

    words: tuple[str, ...]
    asked: list[Asked]
    joins: list[Joined]
    whole: float
    loose: float
    alone: list[tuple[str, float]]
    telling: bool
    organisation: bool
    cutoff: float

    @property
    def letters(self) -> int:
        """How many words are a letter."""
        return len(self.alone)


class Rows(NamedTuple):
    """Names proposed for questions. `packed`: question and name in one number, ascending."""

    packed: NDArray[np.int64]
    question: NDArray[np.int64]
    names: NDArray[np.int64]


def proposed(questions: Sequence[Question], alive: Flags) -> Rows:
    """The names that the words of each question propose, of those that still hold."""
    found = [
        (at, one.names)
        for at, question in enumerate(questions)
        for one in (*(word.found for word in question.asked if word.proposes), *(join.found for join in question.joins))
    ]
    packed = distinct(_packed(found))
    packed = packed[alive[packed & _NAME]]
    return Rows(packed, packed >> 32, packed & _NAME)


def highest(questions: Sequence[Question], totals: Totals, rows: Rows) -> Floats:
    """The most that the score of each of these names can be.

    Of those that seem to reach the cutoff the letters that stand alone are looked at: that is too much for all of them.
    """
    owed = _owed(questions, rows)
    loose, letters, telling = _of_rows(rows, [(one.loose, one.letters, one.telling) for one in questions])
    initials = totals.initials[rows.names].astype(np.float32)
    most = _most(questions, totals, rows, owed, Initials(loose, loose, letters, initials))
    cutoffs = np.array([one.cutoff for one in questions], np.float32)[rows.question]
    closer = np.flatnonzero((most >= cutoffs) & ((letters > 0) | (initials > 0)) & (telling > 0))
    if len(closer):
        some = Rows(rows.packed[closer], rows.question[closer], rows.names[closer])
        its = told([(one.words, one.alone, one.loose) for one in questions], *some[1:], totals.beginnings)
        most[closer] = _most(questions, totals, some, owed[closer], its)
    return most


def _most(questions: Sequence[Question], totals: Totals, rows: Rows, owed: Floats, letters: Initials) -> Floats:
    """The same, where this is known of the letters."""
    whole, heaviest, least_words = _of_rows(rows, [
        (one.whole, max(word.weight for word in one.asked), len(one.words)) for one in questions
    ])  # fmt: skip
    organisation, tells, several = _of_rows(rows, [
        (one.organisation, _one_word_tells(one), sum(word not in PARTICLES for word in one.words) > 1)
        for one in questions
    ]) > 0  # fmt: skip
    total = totals.weight[rows.names]
    alike = np.minimum(np.minimum(owed[:, ALIKE] + letters.equal, whole), total)
    ours_left = np.maximum(0.0, whole - letters.equal - owed[:, COVERED])
    theirs_left = np.maximum(0.0, total - owed[:, THEIRS] - letters.equal)
    organisation = organisation | totals.organisation[rows.names]
    # A middle name left out costs less between words that surely stand for each other; one word is no such frame.
    framed = (owed[:, _FIRST] > 0) & (owed[:, _LAST] > 0) & (least_words > 1) & ~organisation
    apart = np.abs(totals.words[rows.names] - least_words)
    inside = np.where(apart < 2, np.float32(INSIDE), np.float32(TWO_INSIDE))
    rate = np.where(framed & (apart <= 2), inside, np.float32(SURPLUS))
    most = _share(alike, owed[:, UNLIKE], ours_left, theirs_left, rate)
    single = tells & (owed[:, PAIRS] == 1) & (owed[:, JOINED] == 0) & (letters.ours == 0) & (letters.theirs == 0)
    single &= several | (totals.telling[rows.names] > 1)
    most *= 1.0 - np.float32(ONE_WORD) * np.where(organisation, np.float32(LEAST_ONE_WORD), np.float32(1.0)) * single
    lettered = np.flatnonzero((letters.ours > 0) | (letters.theirs > 0))
    if len(lettered):
        agreed, its = owed[lettered], Initials(*(one[lettered] for one in letters))
        weights = whole[lettered], total[lettered], heaviest[lettered]
        most[lettered] = np.maximum(most[lettered], _with_letters(agreed, weights, rate[lettered], its))
    bounded: Floats = most + np.float32(ROUNDING)
    return bounded


def _with_letters(owed: Floats, weights: tuple[Floats, Floats, Floats], rate: Floats, letters: Initials) -> Floats:
    """The most where a letter of one name stands for a word of the other. `weights`: of the query, the name, and the
    heaviest word of the query.
    """
    whole, total, heaviest = weights
    equal, covered, ours, theirs = letters
    agreed = equal + np.float32(INITIAL_LIKENESS) * (covered - equal)
    most = _share(
        np.minimum(np.minimum(owed[:, ALIKE] + agreed, whole), total) + np.float32(INITIAL * INITIAL_LIKENESS) * theirs,
        np.zeros_like(whole),
        np.maximum(0.0, whole - covered - owed[:, COVERED] - heaviest * theirs),
        np.maximum(0.0, total - owed[:, THEIRS] - covered - ours - np.float32(INITIAL) * theirs),
        rate,
    )
    return most * np.float32(1.0 - INITIALS)


def _of_rows(rows: Rows, values: list[tuple[float, ...]]) -> Floats:
    """For each of the values of a question a line with that of each row."""
    return np.ascontiguousarray(np.array(values, np.float32).T[:, rows.question])


def _share(alike: Floats, unlike: Floats, ours_left: Floats, theirs_left: Floats, rate: Floats) -> Floats:
    """What agrees over that and what is missing, and what common words take of it."""
    missing = unlike + CONFLICT * np.minimum(ours_left, theirs_left) + rate * np.abs(ours_left - theirs_left)
    share: Floats = (alike / (alike + missing + 1e-9)) * (1.0 - COMMON * COMMON_FALL**alike)
    return share


def _one_word_tells(question: Question) -> bool:
    """Whether one word in common is surely called so where no letter agrees: not where the pair may be with an article,
    which then is no pair and alone would reach the cutoff.
    """
    few = question.loose + PARTICLE
    alone = few / (few + INSIDE * max(0.0, question.whole - few))
    return question.telling and alone < question.cutoff


def _owed(questions: Sequence[Question], rows: Rows) -> Floats:
    """What each name can owe: the columns of `Found.values`, and whether the first and the last word of the query may
    be surely paired.
    """
    held: list[NDArray[np.int64]] = []
    values: list[Floats] = []
    more: list[
        tuple[int, bool, bool]
    ] = []  # for each found: how many times, and whether it is the first word, the last
    starts = np.searchsorted(rows.question, np.arange(len(questions) + 1)).tolist()
    proposing = [(at, one.found.names) for at, its in enumerate(questions) for one in its.asked if one.proposes]
    places = _places(rows.packed, _packed(proposing))
    after = 0
    for at, question in enumerate(questions):
        names = rows.names[starts[at] : starts[at + 1]]
        for one in question.asked:
            if one.proposes:
                first, after = after, after + len(one.found.names)
                held.append(places[first:after])
                values.append(one.found.values)
            elif len(names):
                its, where = _held(one.found.names, names)
                held.append(its + starts[at])
                values.append(one.found.values[where])
            else:
                continue
            more.append((one.times, one.word == question.words[0], one.word == question.words[-1]))
    owed = _summed(len(rows.names), held, values, more)
    for at, question in enumerate(questions):
        looked_up = {one.word for one in question.asked}
        part = owed[starts[at] : starts[at + 1]]
        for word, column in ((question.words[0], _FIRST), (question.words[-1], _LAST)):
            if word not in looked_up:
                part[:, column] = 1.0
        if question.joins and len(part):
            _add_joins(question, rows.names[starts[at] : starts[at + 1]], part)
    return owed


def _summed(
    number: int, held: list[NDArray[np.int64]], values: list[Floats], more: list[tuple[int, bool, bool]]
) -> Floats:
    """The values of each row together; -1 stands for a name that is in no row."""
    owed = np.zeros((number, COLUMNS + 2), np.float32)
    if not held or not number:
        return owed
    at = np.concatenate(held)
    whole = np.empty((len(at), COLUMNS + 2), np.float32)
    np.concatenate(values, out=whole[:, :COLUMNS])
    lengths = list(map(len, held))
    times, first, last = np.repeat(np.array(more, np.float32), lengths, axis=0).T
    whole[:, _FIRST], whole[:, _LAST] = first * whole[:, SURE], last * whole[:, SURE]
    whole[:, :COLUMNS] *= times[:, None]
    order = np.argsort(at, kind="stable")
    order = order[np.searchsorted(at[order], 0) :]
    if len(order):
        at = at[order]
        starts = begins(at)
        owed[at[starts]] = np.add.reduceat(whole[order], starts, axis=0)
    return owed


def _add_joins(question: Question, names: NDArray[np.int64], owed: Floats) -> None:
    """A join counts for what it adds to its words: whichever reading a comparison takes, it counts no word twice."""
    for join in question.joins:
        held, at = _held(join.found.names, names)
        alone = np.zeros((len(held), COLUMNS), np.float32)
        for place in join.members:
            member = question.asked[place]
            where, its = _held(member.found.names, names[held])
            alone[where] += member.found.values[its] * np.float32(member.times)
        values = join.found.values[at]
        more = np.maximum(0.0, values - alone)
        more[(more[:, ALIKE] == 0) & (more[:, COVERED] == 0)] = 0.0
        more[:, UNLIKE] = -np.minimum(alone[:, UNLIKE], owed[held, UNLIKE])  # the words may stand in the join
        more[:, JOINED] = 1.0
        owed[held, :COLUMNS] += more
        if join.first == 0:
            owed[held, _FIRST] += values[:, SURE]
        if join.last == len(question.words):
            owed[held, _LAST] += values[:, SURE]


def _packed(found: list[tuple[int, NDArray[np.int32]]]) -> NDArray[np.int64]:
    """Question and name in one number, for the names found for each question."""
    if not found:
        return np.empty(0, np.int64)
    asked = np.repeat(np.array([at for at, _ in found], np.int64), [len(names) for _, names in found])
    packed: NDArray[np.int64] = (asked << 32) | np.concatenate([names for _, names in found])
    return packed


def _places(among: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each stands among those that ascend, -1 where it does not."""
    if not len(among):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    return np.where(among[at] == wanted, at, -1)


def _held(found: NDArray[np.int32], names: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of the names were found, and where among those found. Both ascend."""
    at = _places(found, names.astype(np.int32))  # type: ignore[arg-type]  # of one kind, which is what counts
    held = np.flatnonzero(at >= 0)
    return held, at[held]
