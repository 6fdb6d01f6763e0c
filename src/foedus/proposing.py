"""Entries of several lists whose names are alike, as screening finds them: what is proposed to people as one.

Nothing is joined here: somebody has to say so. Identifiers are looked at by `sanctions.lists.joining`, which knows when
one proves; here names alone speak, with what dates, countries and kinds say of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from foedus.sanctions.lists import ListVersion
from foedus.sanctions.lists.joining import Alike, Reason, may_be_one
from foedus.screened import record_of
from foedus.screening import Index, Match, Record

TOGETHER = 250  # searched at once
COMMON = 40  # a name that more entries than this share proposes nothing by itself


def alike(versions: Sequence[ListVersion]) -> Iterator[Alike]:
    """Pairs of entries of different lists that reach the threshold of screening, each once, the lower id first.

    Within one list two entries are two: its publisher told them apart. So are two whose kinds or dates of birth differ.
    """
    targets = {f"{version.list}:{one.id}": one for version in versions for one in version.targets}
    every = [_names_of(record_of(one, version.list)) for version in versions for one in version.targets]
    records = [record for record in every if record.names]
    if len(versions) < 2:
        return
    index = Index(records)
    # A score is the same whichever of two is asked for, so those of the longest list are not.
    longest = max(versions, key=lambda version: len(version.targets)).list
    asked = [record for record in records if record.lists != (longest,) and _has_words(record)]
    for at in range(0, len(asked), TOGETHER):
        some = asked[at : at + TOGETHER]
        for record, matches in zip(some, index.search_all(some, limit=None), strict=True):
            others = [one for one in matches if one.lists != record.lists]
            for other in others if len(others) <= COMMON else ():
                twice = other.id < record.id and other.lists != (longest,)
                if not twice and may_be_one(targets[record.id], targets[other.id]):
                    yield _pair(record, other)


def _names_of(record: Record) -> Record:
    """The record without what is no name, or a weak one."""
    return replace(record, weak_names=(), identifiers=(), addresses=())


def _has_words(record: Record) -> bool:
    return any(one.isalnum() for name in record.names for one in name)


def _pair(record: Record, other: Match) -> Alike:
    """The two in order, with the two names that are the likest, and the score."""
    words = next(reason for reason in other.reasons if reason.code == "words")
    sign = "=" if words.points >= 1 else "≈"
    (one, mine), (two, theirs) = sorted(((record.id, words.found["query"]), (other.id, words.found["name"])))
    return one, two, Reason("name", f"{mine} {sign} {theirs} ({other.score:.2f})")
