"""How sure it is that two records are of one subject: the one table of features and their weights.

A score begins with how alike the names are and is then moved by one feature after another, so that what moved it can
be said. A feature that speaks for it closes a part of what is missing to 1, one that speaks against it takes a part
of what is there: no feature makes up for another by adding, and nothing is cut off at 1, where ties would begin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from foedus.screening import facts
from foedus.screening.align import Alignment, Pair, Weigh, align
from foedus.screening.names import GUESSED, PARTICLES, Name, parse
from foedus.screening.record import ORGANISATION, PERSON, Match, Reason, Record
from foedus.screening.weights import weight

SURE = 0.9  # a pair so alike frames a name
ONE_WORD, LEAST_ONE_WORD = 0.2, 0.5  # what one word in common takes, and the part of it for an organisation
INITIALS = 0.05  # what a letter for a word takes
ONE_NUMBER = 0.65  # of what another number takes, a number that one name alone has: `Sea Star` and `Sea Star 7` are two
COMMON, COMMON_FALL = 0.12, 0.3  # what common words take, and what is left of it for each weight of 1 in common
THRESHOLD = 0.81  # chosen on the tuning part of the labelled set: docs/screening.md
# What it costs, by weight: words without a counterpart on both sides, on one side, and there between the first word
# and the last, where middle names stand that are often left out; that a pair is unlike, and how much more the more it
# is unlike: one slip in a long word is a slip, one in a short word is often another name.
CONFLICT, SURPLUS, INSIDE, UNLIKE, STEEPER = 1.5, 0.25, 0.15, 1.0, 1.5
TWO_INSIDE = 0.2  # where one name has two such words more: one of them may be a second family name
TWO_NAMES = 1.4  # how much more a pair costs for being unlike where both words are names that many have
Likeness = TypeVar("Likeness", float, NDArray[np.float32])
_NEUTRAL = frozenset({"company", "group"})


class Compared(NamedTuple):
    """Two names next to each other."""

    ours: Name
    theirs: Name
    alignment: Alignment
    kinds: tuple[str, str]


Said = tuple[float, dict[str, str]]  # -1 to 1: how much it speaks against or for; on what


def words(compared: Compared) -> Said:
    """The share of the weight of both names that has its counterpart.

    A word that only one name has costs a quarter of its weight, less where first and last words agree; where both
    have words of their own, they contradict each other and cost one and a half times the smaller weight.
    """
    ours_left, theirs_left = compared.alignment.ours_left, compared.alignment.theirs_left
    pairs = compared.alignment.pairs
    alike = sum(pair.weight * pair.likeness for pair in pairs)
    unlike = sum(pair.weight * unlikeness(pair.likeness) * (1.0 + TWO_NAMES * pair.known) for pair in pairs)
    surplus = SURPLUS
    if _framed(compared):
        apart = abs(len(compared.ours.words) - len(compared.theirs.words))
        surplus = INSIDE if apart < 2 else TWO_INSIDE
    missing = unlike + CONFLICT * min(ours_left, theirs_left) + surplus * abs(ours_left - theirs_left)
    return alike / (alike + missing) if alike else 0.0, {"query": compared.ours.text, "name": compared.theirs.text}


def unlikeness(likeness: Likeness) -> Likeness:
    """What a pair costs for being unlike, by its weight."""
    return (1.0 - likeness) * (UNLIKE + STEEPER * (1.0 - likeness))


def _framed(compared: Compared) -> bool:
    """Whether the first words surely stand for each other, and so do the last, of names of somebody."""
    pairs = compared.alignment.pairs
    last = (len(compared.ours.words), len(compared.theirs.words))
    if len(pairs) < 2 or ORGANISATION in compared.kinds or abs(last[0] - last[1]) > 2:
        return False
    sure = [pair for pair in pairs if pair.likeness >= SURE]
    return any(pair.ours[0] == pair.theirs[0] == 0 for pair in sure) and any(
        (pair.ours[1], pair.theirs[1]) == last for pair in sure
    )


def _telling(compared: Compared) -> list[Pair]:
    """The pairs that are no articles, in either name; of neighbours read as one (`al Zahra`, `Hamza bin`) one may."""
    ours, theirs = compared.ours.words, compared.theirs.words
    return [
        pair
        for pair in compared.alignment.pairs
        if not PARTICLES.issuperset(ours[slice(*pair.ours)]) and not PARTICLES.issuperset(theirs[slice(*pair.theirs)])
    ]


def lineage(compared: Compared) -> Said:
    """Against: both say whose child, and father and child change places (`Abdullah bin Omar`, `Omar bin Abdullah`)."""
    mine, other = compared.ours, compared.theirs
    if not any(mine.generations) or not any(other.generations):
        return 0.0, {}
    places = [(mine.generations[pair.ours[0]], other.generations[pair.theirs[0]]) for pair in _telling(compared)]
    # A family name may stand first or last; two that change places move one up and one down.
    crossed = any(ours < theirs for ours, theirs in places) and any(ours > theirs for ours, theirs in places)
    return (-1.0 if crossed else 0.0), {"query": mine.text, "name": other.text}


def order(compared: Compared) -> Said:
    """Against, a little: other order of words; less where the family name alone stands first or last."""
    if not any(ours > theirs for ours, theirs in _neighbours(compared)):
        return 0.0, {}
    drops = sum(ours > theirs for ours, theirs in _neighbours(compared))
    return (-0.4 if drops == 1 else -1.0), {}


def _neighbours(compared: Compared) -> Iterator[tuple[int, int]]:
    places = [pair.theirs[0] for pair in sorted(compared.alignment.pairs, key=lambda pair: pair.ours)]
    yield from pairwise(places)


def one_word(compared: Compared) -> Said:
    """Against: the names have one word in common and one of them has more; less for an organisation."""
    pairs = _telling(compared)
    if len(pairs) != 1 or max(pairs[0].ours[1] - pairs[0].ours[0], pairs[0].theirs[1] - pairs[0].theirs[0]) > 1:
        return 0.0, {}
    more = max(sum(word not in PARTICLES for word in name.words) for name in (compared.ours, compared.theirs))
    if more < 2:
        return 0.0, {}
    word = min(compared.ours.words[pairs[0].ours[0]], compared.theirs.words[pairs[0].theirs[0]])
    return (-LEAST_ONE_WORD if ORGANISATION in compared.kinds else -1.0), {"word": word}


def initials(compared: Compared) -> Said:
    """Against, a little: a letter stands for a word."""
    ours, theirs = compared.ours.words, compared.theirs.words
    short = [
        ours[pair.ours[0]]
        for pair in compared.alignment.pairs
        if (len(ours[pair.ours[0]]) == 1) != (len(theirs[pair.theirs[0]]) == 1)
    ]
    return (-1.0 if short else 0.0), {"letter": ", ".join(short)}


def form(compared: Compared) -> Said:
    """Against: legal forms of two classes (a limited and a joint-stock company). `Company` and `group` agree with
    each.
    """
    ours, theirs = compared.ours.forms - _NEUTRAL, compared.theirs.forms - _NEUTRAL
    if not ours or not theirs or ours & theirs:
        return 0.0, {}
    soft = "corporation" in ours | theirs
    return (-0.3 if soft else -1.0), {"query": ", ".join(sorted(ours)), "name": ", ".join(sorted(theirs))}


def number(compared: Compared) -> Said:
    """Against: numbers that differ (`Factory 12`, `Factory 21`), or that one name alone has."""
    ours, theirs = (_numbers(name, compared.kinds) for name in (compared.ours, compared.theirs))
    if sorted(ours) == sorted(theirs):
        return 0.0, {}
    return (-1.0 if ours and theirs else -ONE_NUMBER), {"query": " ".join(ours) or "–", "name": " ".join(theirs) or "–"}


def _numbers(name: Name, kinds: tuple[str, str]) -> list[str]:
    """The numbers in a name; `Vega I` has one too, where nobody is asked for (`Claridad i Cia.` has an `and`)."""
    found = [word for word in name.words if word.isdigit()]
    if not found and name.words[-1] == "i" and len(name.words) > 1 and PERSON not in kinds:
        return ["1"] if len(name.words[-2]) > 1 and "company" not in name.forms else []
    return found


def script(compared: Compared) -> Said:
    """Against, barely: the names were compared as they are read, not as they are written."""
    return (-1.0 if compared.ours.text.casefold() != compared.theirs.text.casefold() else 0.0), {}


def common(compared: Compared) -> Said:
    """Against, a little: the more names have these words, the less it says that two agree."""
    shared = sum(pair.weight * pair.likeness for pair in compared.alignment.pairs)
    return -(COMMON_FALL**shared), {}


class Feature(NamedTuple):
    """`part`: the part of what is there that it takes, or of what is missing that it closes, saying all it can."""

    code: str
    part: float
    says: Callable[..., Said]


BASE = Feature("words", 1.0, words)
OF_NAMES = (
    Feature("lineage", 0.4, lineage),
    Feature("order", 0.03, order),
    Feature("one_word", ONE_WORD, one_word),
    Feature("initials", INITIALS, initials),
    Feature("form", 0.22, form),
    Feature("number", 0.3, number),
    Feature("script", 0.004, script),
    Feature("common", COMMON, common),
)
OF_RECORDS = (
    Feature("weak_name", 0.08, facts.weak_name),
    Feature("kind", 0.3, facts.kind),
    Feature("date", 0.3, facts.date),
    Feature("country", 0.12, facts.country),
    Feature("gender", 0.25, facts.gender),
    Feature("identifier", 0.95, facts.identifier),
)
FEATURES = (BASE, *OF_NAMES, *OF_RECORDS)


def moved(score: float, feature: Feature, value: float) -> float:
    """The score after a feature said `value`."""
    return score + (1.0 - score) * feature.part * value if value > 0 else score + score * feature.part * value


def compare_names(ours: Name, theirs: Name, weigh: Weigh, kinds: tuple[str, str]) -> tuple[float, tuple[Reason, ...]]:
    """The score of two names, and its reasons; the same whichever comes first. None of two that were both guessed."""
    if ours.way == theirs.way == GUESSED:
        return 0.0, ()
    compared = Compared(ours, theirs, align(ours, theirs, weigh), kinds)
    score, found = words(compared)
    reasons = [Reason(BASE.code, round(score, 4), found)]
    if not score:
        return 0.0, tuple(reasons)
    for feature in OF_NAMES:
        value, found = feature.says(compared)
        if value:
            after = moved(score, feature, value)
            reasons.append(Reason(feature.code, round(after - score, 4), found))
            score = after
    return score, tuple(reasons)


def finish(
    ours: Record, theirs: Record, name: float, reasons: tuple[Reason, ...], weak: bool
) -> tuple[float, tuple[Reason, ...]]:
    """The score of two records whose best names have this score. `weak`: one of those names is of low quality."""
    score, more = name, list(reasons)
    for feature in OF_RECORDS:
        value, found = feature.says(ours, theirs, weak)
        if value:
            after = moved(score, feature, value)
            more.append(Reason(feature.code, round(after - score, 4), found))
            score = after
    return round(score, 4), tuple(more)


def highest_without_facts(query: Record, cutoff: float) -> float:
    """The least score of names that can still reach the cutoff when all that the query tells speaks for it."""
    told = {"date": query.dates, "country": query.countries}
    missing = 1.0 - cutoff
    for feature in OF_RECORDS:
        if told.get(feature.code):
            missing /= 1.0 - feature.part * (facts.MOST_OF_COUNTRY if feature.code == "country" else 1.0)
    return 1.0 - missing


def default_weigh(word: str) -> float:
    """The weight of a word when no list says how common it is."""
    return weight(word, 2, 0)


def names_of(record: Record) -> Iterator[tuple[Name, bool]]:
    """Every name, each way it is read, with whether it is weak."""
    for weak, texts in ((False, record.names), (True, record.weak_names)):
        for text in texts:
            for name in parse(text):
                yield name, weak


def best(
    ours: Iterable[tuple[Name, bool]], theirs: Iterable[tuple[Name, bool]], weigh: Weigh, kinds: tuple[str, str]
) -> tuple[float, tuple[Reason, ...], bool]:
    """The likest two of the names of two records. Of equals the first."""
    most: tuple[float, tuple[Reason, ...], bool] = (0.0, (), False)
    others = list(theirs)
    for name, weak in ours:
        for other, also in others:
            score, reasons = compare_names(name, other, weigh, kinds)
            if score > most[0]:
                most = (score, reasons, weak or also)
    return most


def compare(ours: Record, theirs: Record, weigh: Weigh = default_weigh, threshold: float = THRESHOLD) -> Match:
    """Compare two records by themselves, without a list that says how common their words are.

    The score is the same whichever comes first; the answer is about `theirs`.
    """
    score, reasons = finish(ours, theirs, *best(names_of(ours), names_of(theirs), weigh, (ours.kind, theirs.kind)))
    return Match(theirs.id, theirs.caption, score, score >= threshold, reasons, theirs.lists)
