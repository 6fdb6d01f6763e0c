"""Known customers against what changed on the lists alone: who has to be looked at again, and nobody else.

The customers lie in an index of their own, and each entry that is new or amended is looked up in it. Whom it may mean
is then screened as ever, so that a hit has the score that a whole run would give it. A word weighs otherwise among
customers than among entries of lists, so the look-up goes down to MARGIN below the threshold.

What a whole run would say besides is left out: a change of many entries moves the weights of all words a little, and
with them the scores of entries that did not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from msgspec import Struct

from foedus.screening import THRESHOLD, Index, Match, Record

MARGIN = 0.25


class Searches(Protocol):
    """The lists: an index, or lists that change while they are searched."""

    def search(self, query: Record, limit: int | None, threshold: float, cutoff: float | None) -> list[Match]:
        """As Index.search."""


class Again(Struct, frozen=True):
    """A customer with the changed entries that it may be."""

    customer: Record
    matches: tuple[Match, ...]


def again(
    customers: Index, lists: Searches, changed: Iterable[Record], threshold: float = THRESHOLD
) -> Iterator[Again]:
    """The customers that may be among the entries that changed, in the order of their ids."""
    entries = {one.id: one for one in changed if one.names or one.weak_names or one.identifiers}
    least = max(0.5, threshold - MARGIN)
    near = {found.id for entry in entries.values() for found in customers.search(_asked(entry), None, least, least)}
    for id_ in sorted(near):
        customer = customers.record(id_)
        found = lists.search(customer, None, threshold, threshold)
        matches = tuple(match for match in found if match.id in entries)
        if matches:
            yield Again(customer, matches)


def _asked(entry: Record) -> Record:
    """An entry as a question: what its publisher calls weak names asks like the others, so that none is passed over."""
    return Record(
        entry.id, (*entry.names, *entry.weak_names), entry.kind, dates=entry.dates, countries=entry.countries,
        genders=entry.genders, identifiers=entry.identifiers,
    )  # fmt: skip
