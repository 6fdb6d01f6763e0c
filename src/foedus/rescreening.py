"""Known customers against what changed on the lists alone: who has to be looked at again, and nobody else.

The customers lie in an index of their own, and each entry that is new or amended is looked up in it; or, where they are
too many for that, the entries do, and the customers pass by (`OnlyChanged`). Whom an entry may mean
is then screened as ever, so that a hit has the score that a whole run would give it. A word weighs otherwise among
customers than among entries of lists, so the look-up goes down to MARGIN below the threshold.

What a whole run would say besides is left out: a change of many entries moves the weights of all words a little, and
with them the scores of entries that did not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from foedus.screening import THRESHOLD, Index, Match, Record

MARGIN = 0.25


class Searches(Protocol):
    """The lists: an index, or lists that change while they are searched."""

    def search(self, query: Record, limit: int | None, threshold: float, cutoff: float | None) -> list[Match]:
        """As Index.search."""


class OnlyChanged:
    """Lists as if they held what changed alone, for a file of customers of any length: who is near no entry that
    changed is asked no further, and who is, is screened as ever.

    The same as `again` from the other side: the entries lie in the index, and the customers pass by.
    """

    def __init__(self, lists: Index, changed: Iterable[Record]) -> None:
        self._lists = lists
        entries = _with_something(changed)
        self._entries = {one.id for one in entries}
        self._near = Index(map(_asked, entries))

    def __len__(self) -> int:
        """How many entries changed."""
        return len(self._entries)

    def search_all(
        self, queries: Sequence[Record], limit: int | None, threshold: float = THRESHOLD, cutoff: float | None = None
    ) -> list[list[Match]]:
        """As Index.search_all, of what changed."""
        cutoff = threshold if cutoff is None else cutoff
        least = max(0.5, cutoff - MARGIN)
        near = [at for at, found in enumerate(self._near.search_all(queries, 1, least, least)) if found]
        whole = self._lists.search_all([queries[at] for at in near], None, threshold, cutoff)
        matches: list[list[Match]] = [[] for _ in queries]
        for at, found in zip(near, whole, strict=True):
            matches[at] = [match for match in found if match.id in self._entries][:limit]
        return matches


class Again(Struct, frozen=True):
    """A customer with the changed entries that it may be."""

    customer: Record
    matches: tuple[Match, ...]


def again(
    customers: Index, lists: Searches, changed: Iterable[Record], threshold: float = THRESHOLD
) -> Iterator[Again]:
    """The customers that may be among the entries that changed, in the order of their ids."""
    entries = {one.id: one for one in _with_something(changed)}
    least = max(0.5, threshold - MARGIN)
    near = {found.id for entry in entries.values() for found in customers.search(_asked(entry), None, least, least)}
    for id_ in sorted(near):
        customer = customers.record(id_)
        found = lists.search(customer, None, threshold, threshold)
        matches = tuple(match for match in found if match.id in entries)
        if matches:
            yield Again(customer, matches)


def _with_something(changed: Iterable[Record]) -> list[Record]:
    return [one for one in changed if one.names or one.weak_names or one.identifiers]


def changed_since(before: Iterable[Record], after: Iterable[Record]) -> list[Record]:
    """What is new or amended: an entry that was taken out makes nobody a hit."""
    known = {one.id: one for one in before}
    return [one for one in after if known.get(one.id) != one]


def _asked(entry: Record) -> Record:
    """An entry as a question: what its publisher calls weak names asks like the others, so that none is passed over."""
    return Record(
        entry.id, (*entry.names, *entry.weak_names), entry.kind, dates=entry.dates, countries=entry.countries,
        genders=entry.genders, identifiers=entry.identifiers,
    )  # fmt: skip
