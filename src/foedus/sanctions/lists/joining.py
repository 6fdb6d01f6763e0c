"""The same target across lists: what proves it, what proposes it, what people said of it, and the entities that follow.

    proved     an identifier of one in the world, one within a country, or the other's own number: joined without anyone
    proposed   equal or nearly equal names with nothing that speaks against it: joined when somebody says so
    judged     by a person, as an act: `same` joins, `different` parts, and either can be taken back

Every join says why. A judgment is of two entries and stands above proof: a passport number may have been copied
wrongly.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Literal, NamedTuple

from msgspec import Struct

from foedus.sanctions.lists.countries import same_country
from foedus.sanctions.lists.model import Identifier, IdentifierKind, ListVersion, Target
from foedus.sanctions.lists.numbers import CERTAIN, WITHIN_COUNTRY, compared, kind_in

Strength = Literal["proved", "proposed"]
NEAR = 88.0  # of 100, by the words of the names in their order of the alphabet
COMMON = 40  # a name that more entries than this share proposes nothing by itself

_WORDS = re.compile(r"[^\W_]+")


class Reason(Struct, frozen=True, order=True):
    """Why two entries may be one: by which sort of fact, and the fact itself in the words of both lists."""

    by: Literal["identifier", "reference", "name", "judgment"]
    fact: str


class Join(Struct, frozen=True, order=True):
    """Two entries, each as `list:id`, the first before the second, how strongly they are joined, and why."""

    one: str
    other: str
    strength: Strength
    reasons: tuple[Reason, ...]


class Entity(Struct, frozen=True):
    """What is behind one or more entries: its id is that of its first entry. `joins`: everything that holds it
    together.
    """

    id: str
    listings: tuple[str, ...]
    joins: tuple[Join, ...]


class _Entry(NamedTuple):
    key: str
    target: Target


def joins(versions: Iterable[ListVersion]) -> list[Join]:
    """Every join that identifiers prove or names propose, between entries of whichever lists, in order."""
    entries = [_Entry(f"{version.list}:{one.id}", one) for version in versions for one in version.targets]
    found: dict[tuple[str, str], set[Reason]] = defaultdict(set)
    proposed: dict[tuple[str, str], set[Reason]] = defaultdict(set)
    for one, other, reason in (*_by_identifier(entries), *_by_reference(entries)):
        within_one = one.partition(":")[0] == other.partition(":")[0]  # its publisher told them apart
        (proposed if within_one else found)[_ordered(one, other)].add(reason)
    proved = {pair: Join(*pair, "proved", tuple(sorted(reasons))) for pair, reasons in found.items()}
    for one, other, reason in _by_name(entries):
        pair = _ordered(one, other)
        if pair not in proved:
            proposed[pair].add(reason)
    return sorted((*proved.values(), *(Join(*pair, "proposed", tuple(sorted(why))) for pair, why in proposed.items())))


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _by_identifier(entries: list[_Entry]) -> Iterator[tuple[str, str, Reason]]:
    """Equal numbers of one sort. Of those that are one within a country only where both countries are known and
    equal, and birth dates agree.
    """
    holders: dict[tuple[IdentifierKind, str], list[tuple[_Entry, Identifier]]] = defaultdict(list)
    for entry in entries:
        for each in entry.target.identifiers:
            kind = kind_in(each)
            number = compared(kind, each.number)
            if len(number) >= 5 and (kind in CERTAIN or kind in WITHIN_COUNTRY):
                holders[kind, number].append((entry, each))
    for (kind, _), found in holders.items():
        for (one, mine), (other, theirs) in combinations(found, 2):
            if one.key == other.key or not _kinds_agree(one.target, other.target):
                continue
            if kind in WITHIN_COUNTRY and not (
                same_country(mine.country, theirs.country) and _may_be_one(one.target, other.target)
            ):
                continue
            yield one.key, other.key, Reason("identifier", f"{kind} {mine.number} = {theirs.number}")


def _by_reference(entries: list[_Entry]) -> Iterator[tuple[str, str, Reason]]:
    """An entry that names the number under which the United Nations list the same."""
    by_number = {f"UN {entry.target.id}": entry for entry in entries if entry.key.startswith("un-")}
    for entry in entries:
        for reference in entry.target.references:
            other = by_number.get(reference)
            if other is not None and other.key != entry.key:
                yield entry.key, other.key, Reason("reference", reference)


def _may_be_one(one: Target, other: Target) -> bool:
    """Whether their kinds and birth dates do not speak against it."""
    return _kinds_agree(one, other) and _dates_agree(one, other) is not False


def _kinds_agree(one: Target, other: Target) -> bool:
    return len({one.kind, other.kind} - {"unknown"}) < 2


def _dates_agree(one: Target, other: Target) -> bool | None:
    """Whether a date of one can be a date of the other; None where one has none."""
    mine, theirs = ([birth for birth in each.births if birth.date] for each in (one, other))
    if not mine or not theirs:
        return None
    return any(_overlap(a.date, b.date, a.circa or b.circa) for a in mine for b in theirs)


def _overlap(one: str, other: str, about: bool) -> bool:
    low, high = _bounds(one)
    from_, to = _bounds(other)
    if about:
        return abs(int(low[:4]) - int(from_[:4])) <= 2
    return low <= to and from_ <= high


def _bounds(text: str) -> tuple[str, str]:
    low, _, high = text.partition("/")
    return low.ljust(10, "-"), (high or low).ljust(10, "~")


def _by_name(entries: list[_Entry]) -> Iterator[tuple[str, str, Reason]]:
    """Equal names of one kind, and nearly equal ones of people where a date of birth agrees.

    Within one list two entries are two: its publisher told them apart.
    """
    named: dict[str, list[tuple[_Entry, str]]] = defaultdict(list)
    for entry in entries:
        for name in dict.fromkeys(name.text for name in entry.target.names if name.kind != "weak"):
            words = plain(name)
            if len(words) > 1 or (words and len(words[0]) > 6):
                named[" ".join(words)].append((entry, name))
    for found in named.values():
        if len(found) <= COMMON:
            yield from _pairs(found, "=")
    yield from _nearly(named)


def _pairs(found: list[tuple[_Entry, str]], sign: str) -> Iterator[tuple[str, str, Reason]]:
    for (one, mine), (other, theirs) in combinations(found, 2):
        if _list(one) != _list(other) and _may_be_one(one.target, other.target):
            yield one.key, other.key, Reason("name", f"{mine} {sign} {theirs}")


def _nearly(named: Mapping[str, list[tuple[_Entry, str]]]) -> Iterator[tuple[str, str, Reason]]:
    """Names that differ in a few letters, looked for among people born in the same year alone."""
    from rapidfuzz import fuzz

    years: dict[str, list[tuple[str, _Entry, str]]] = defaultdict(list)
    for words, found in named.items():
        for entry, name in found:
            if entry.target.kind == "person":
                for year in {birth.date[:4] for birth in entry.target.births if birth.date}:
                    years[year].append((words, entry, name))
    for group in years.values():
        lists = {_list(entry) for _, entry, _ in group}
        if len(lists) < 2:
            continue
        for (mine, one, name), (theirs, other, named_) in combinations(group, 2):
            if mine == theirs or mine[0] != theirs[0] or _list(one) == _list(other):
                continue
            if _may_be_one(one.target, other.target) and fuzz.ratio(mine, theirs, score_cutoff=NEAR):
                yield one.key, other.key, Reason("name", f"{name} ≈ {named_}")


def _list(entry: _Entry) -> str:
    return entry.key.partition(":")[0]


def plain(name: str) -> list[str]:
    """The words of a name for comparison: without accents, case and order. Letters of other scripts stay."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return sorted(_WORDS.findall(bare.casefold()))


def entities(
    versions: Iterable[ListVersion], found: Iterable[Join], judged: Mapping[tuple[str, str], str]
) -> list[Entity]:
    """The entities behind all entries, given what people said: `judged` of each pair in order, `same` or `different`.

    What is proved joins unless a person said `different`; what is proposed joins when a person said `same`; so do two
    entries that nothing proposed. An entry that nothing joins is an entity by itself.
    """
    holding = {(one.one, one.other): one for one in found if _holds(one, judged.get((one.one, one.other)))}
    for pair, said in judged.items():
        if said == "same":
            known = holding.get(pair)
            reasons = (*(known.reasons if known else ()), Reason("judgment", said))
            holding[pair] = Join(*pair, known.strength if known else "proposed", reasons)
    keys = [f"{version.list}:{one.id}" for version in versions for one in version.targets]
    root = {key: key for key in keys}

    def top(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    standing = [one for one in holding.values() if one.one in root and one.other in root]
    for one in standing:
        first, second = sorted((top(one.one), top(one.other)))
        root[second] = first
    groups: dict[str, list[str]] = defaultdict(list)
    for key in sorted(keys):
        groups[top(key)].append(key)
    held: dict[str, list[Join]] = defaultdict(list)
    for one in sorted(standing):
        held[top(one.one)].append(one)
    return [Entity(key, tuple(listings), tuple(held[key])) for key, listings in sorted(groups.items())]


def _holds(one: Join, said: str | None) -> bool:
    return said != "different" and (one.strength == "proved" or said == "same")
