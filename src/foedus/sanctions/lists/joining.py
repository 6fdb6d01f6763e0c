"""The same target across lists: what proves it, what proposes it, what people said of it, and the entities that follow.

    proved     an identifier of one in the world, one within a country, or the other's own number: joined without anyone
    proposed   names that are alike, as screening finds them (`foedus.proposing`), and an identifier within one list:
               joined when somebody says so
    judged     by a party, as an act: `same` joins, `different` parts, and either can be taken back by who said it

Every join says why. A judgment is of two entries and stands above proof: a passport number may have been copied
wrongly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Literal, NamedTuple

from msgspec import Struct

from foedus.sanctions.lists.countries import same_country
from foedus.sanctions.lists.model import Identifier, IdentifierKind, ListVersion, Target
from foedus.sanctions.lists.numbers import CERTAIN, WITHIN_COUNTRY, compared, kind_in

Strength = Literal["proved", "proposed"]


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


Alike = tuple[str, str, Reason]  # two entries whose names are alike, and the names


def joins(versions: Iterable[ListVersion], alike: Iterable[Alike] = ()) -> list[Join]:
    """Every join that identifiers prove, or they or names propose, between entries of whichever lists, in order.

    `alike`: what names propose; without it only identifiers are looked at.
    """
    entries = [_Entry(f"{version.list}:{one.id}", one) for version in versions for one in version.targets]
    found: dict[tuple[str, str], set[Reason]] = defaultdict(set)
    proposed: dict[tuple[str, str], set[Reason]] = defaultdict(set)
    for one, other, reason in (*_by_identifier(entries), *_by_reference(entries)):
        within_one = one.partition(":")[0] == other.partition(":")[0]  # its publisher told them apart
        (proposed if within_one else found)[_ordered(one, other)].add(reason)
    proved = {pair: Join(*pair, "proved", tuple(sorted(reasons))) for pair, reasons in found.items()}
    for one, other, reason in alike:
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
                same_country(mine.country, theirs.country) and may_be_one(one.target, other.target)
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


def may_be_one(one: Target, other: Target) -> bool:
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


def entities(
    versions: Iterable[ListVersion], found: Iterable[Join], judged: Mapping[tuple[str, str], str]
) -> list[Entity]:
    """The entities behind all entries, given what people said: `judged` of each pair in order, `same`, `different`, or
    another word where they contradict, so that proof decides.

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
