"""Which word of one name stands for which of the other.

Equal words first, then the likest, each word once; then neighbours read as one word where that says more (`Jong Un`,
`Jongun`). The same whichever name comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from foedus.screening.names import Name
from foedus.screening.spelling import LEAST, PINYIN, likeness, of_one_name

Weigh = Callable[[str], float]
JOINED = 0.84  # the least likeness of words that were joined or split
MOVED = 0.97  # of neighbours on both sides, and of short words: the space moved, and nothing else
SHORT = 6
RARE, COMMONEST = 0.85, 0.35  # weights of a word that hardly a name has, and of one that many have
FORMS_OF_ONE = 0.2  # and where tables/names.txt has them as one name: Bob and Robert
SURE = 0.95  # a pair so alike is not taken apart for another reading


class Pair(NamedTuple):
    """Words of one name and of the other that stand for each other. `weight`: the smaller of the two sums.

    `known`: 0 to 1, how far both are words that names have, so that neither is likely to be a slip of the other.
    """

    ours: tuple[int, int]  # first, after the last
    theirs: tuple[int, int]
    likeness: float
    weight: float
    known: float = 0.0


class Alignment(NamedTuple):
    """`ours_left`, `theirs_left`: what the words without a counterpart weigh."""

    pairs: tuple[Pair, ...]
    ours_left: float
    theirs_left: float


def align(ours: Name, theirs: Name, weigh: Weigh) -> Alignment:
    """Pair the words of two names. `weigh`: the weight of a word."""
    a, b = ours.words, theirs.words
    weights_a, weights_b = [weigh(word) for word in a], [weigh(word) for word in b]
    pairs = [
        Pair(
            (i, i + 1),
            (j, j + 1),
            alike,
            min(weights_a[i], weights_b[j]),
            _two_names(a[i], b[j], alike, max(weights_a[i], weights_b[j])),
        )
        for i, j, alike in _words_paired(a, b)
    ]
    if len(pairs) < min(len(a), len(b)) or any(pair.likeness < SURE for pair in pairs):
        pairs = _joined(ours, theirs, weights_a, weights_b, pairs)
    left_a = sum(weights_a) - sum(sum(weights_a[slice(*pair.ours)]) for pair in pairs)
    left_b = sum(weights_b) - sum(sum(weights_b[slice(*pair.theirs)]) for pair in pairs)
    return Alignment(tuple(pairs), max(0.0, left_a), max(0.0, left_b))


def _two_names(one: str, other: str, alike: float, rarer: float) -> float:
    """From 0 where one of them is in hardly a name to 1 where both are in many; less where they are forms of one name.

    `rarer`: the weight of the rarer of the two.
    """
    if alike == 1.0 or rarer >= RARE or min(len(one), len(other)) == 1:
        return 0.0
    return min(1.0, (RARE - rarer) / (RARE - COMMONEST)) * (FORMS_OF_ONE if of_one_name(one, other) else 1.0)


def _words_paired(a: tuple[str, ...], b: tuple[str, ...]) -> Iterator[tuple[int, int, float]]:
    """Equal words in their order, then the likest of what is left."""
    free_a, free_b = list(range(len(a))), list(range(len(b)))
    for i, word in enumerate(a):
        for j in free_b:
            if b[j] == word:
                free_a.remove(i)
                free_b.remove(j)
                yield i, j, 1.0
                break
    if not free_a or not free_b:
        return
    found = [
        (-alike, abs(i - j), min(i, j), i, j)
        for i in free_a
        for j in free_b
        if (alike := likeness(a[i], b[j])) >= LEAST
    ]
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    for negative, _, _, i, j in sorted(found):
        if i not in taken_a and j not in taken_b:
            taken_a.add(i)
            taken_b.add(j)
            yield i, j, -negative


def _joined(ours: Name, theirs: Name, weights_a: list[float], weights_b: list[float], pairs: list[Pair]) -> list[Pair]:
    """The pairs with neighbours read as one word, where that covers more than the words alone."""
    found = []
    for (i, k, word), (j, m, other) in _joins(ours, theirs):
        apart = k - i > 1 and m - j > 1
        least = MOVED if apart or min(len(word), len(other)) < SHORT else JOINED
        if (alike := likeness(word, other)) < least or (apart and _two_in_pinyin(word, other)):
            continue
        both = min(sum(weights_a[i:k]), sum(weights_b[j:m]))
        replaced = [pair for pair in pairs if _meets(pair.ours, (i, k)) or _meets(pair.theirs, (j, m))]
        if any(pair.likeness == 1.0 and not _within(pair, i, k, j, m) for pair in replaced):
            continue  # an exact counterpart elsewhere says more than a join here
        gain = both * alike - sum(pair.weight * pair.likeness for pair in replaced)
        if gain <= 0 and (
            _all_paired(i, k, [pair.ours for pair in replaced]) or _all_paired(j, m, [pair.theirs for pair in replaced])
        ):
            continue  # the words say as much by themselves
        loss = sum(sum(weights_a[slice(*pair.ours)]) + sum(weights_b[slice(*pair.theirs)]) for pair in replaced)
        gain += (sum(weights_a[i:k]) + sum(weights_b[j:m]) - loss) * 0.5
        if gain > 1e-9:
            found.append((-gain, i + j, k + m, i, k, j, m, alike, both))
    for _, _, _, i, k, j, m, alike, both in sorted(found):
        met = [pair for pair in pairs if _meets(pair.ours, (i, k)) or _meets(pair.theirs, (j, m))]
        if any(pair.ours[1] - pair.ours[0] > 1 or pair.theirs[1] - pair.theirs[0] > 1 for pair in met):
            continue
        pairs = [pair for pair in pairs if pair not in met]
        pairs.append(Pair((i, k), (j, m), alike, both))
    return pairs


def _joins(ours: Name, theirs: Name) -> Iterator[tuple[tuple[int, int, str], tuple[int, int, str]]]:
    """What is worth a look: one of them neighbours read as one, the first letter the same, or the two after it."""
    if ours.joins:
        others = [(j, j + 1, word) for j, word in enumerate(theirs.words) if len(word) > 3]
        others += theirs.joins
        for join in ours.joins:
            first, after = join[2][0].lower(), join[2][1:3]
            for other in others:
                word = other[2]
                if word[0].lower() == first or word[1:3] == after:
                    yield join, other
    if theirs.joins:
        singles = [(i, i + 1, word) for i, word in enumerate(ours.words) if len(word) > 3]
        for other in theirs.joins:
            first, after = other[2][0].lower(), other[2][1:3]
            for single in singles:
                word = single[2]
                if word[0].lower() == first or word[1:3] == after:
                    yield single, other


def _two_in_pinyin(word: str, other: str) -> bool:
    """Whether neighbours are other syllables, though they sound alike as one word: `Chen Gang` and `Cheng Gang`."""
    return word != other and bool(PINYIN.fullmatch(word) and PINYIN.fullmatch(other))


def _all_paired(first: int, last: int, spans: list[tuple[int, int]]) -> bool:
    return sum(first <= span[0] and span[1] <= last for span in spans) == last - first


def _meets(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _within(pair: Pair, i: int, k: int, j: int, m: int) -> bool:
    return i <= pair.ours[0] and pair.ours[1] <= k and j <= pair.theirs[0] and pair.theirs[1] <= m
