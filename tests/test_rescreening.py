"""Customers against a delta alone: the same as screening all of them again and keeping what concerns the change."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.rescreening import OnlyChanged, again, changed_since
from foedus.screening import Index, Record
from tests.screening.named import NAMES, needs_lists, real_records

entries = st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True)


def whole(customers: list[Record], lists: Index, changed: set[str]) -> dict[str, list[str]]:
    """What screening everybody finds of the entries that changed."""
    found = {one.id: [m.id for m in lists.search(one, None) if m.id in changed] for one in customers}
    return {id_: ids for id_, ids in found.items() if ids}


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(entries, entries)
def test_a_delta_finds_what_screening_everybody_finds(before, added):
    old = [Record(f"l:{name}", (name,)) for name in before]
    new = [Record(f"l:{name}", (name,)) for name in added if name not in before]
    customers = [Record(name, (name,)) for name in NAMES]
    lists = Index(old)
    lists.apply(new)
    found = {one.customer.id: [match.id for match in one.matches] for one in again(Index(customers), lists, new)}
    assert found == whole(customers, lists, {one.id for one in new})


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(entries, entries)
def test_so_does_it_where_the_customers_pass_by(before, added):
    old = [Record(f"l:{name}", (name,)) for name in before]
    new = [Record(f"l:{name}", (name,)) for name in added if name not in before]
    customers = [Record(name, (name,)) for name in NAMES]
    lists = Index(old)
    lists.apply(new)
    found = OnlyChanged(lists, changed_since(old, lists.records())).search_all(customers, None)
    said = {one.id: [match.id for match in matches] for one, matches in zip(customers, found, strict=True) if matches}
    assert said == whole(customers, lists, {one.id for one in new})


def test_who_is_not_near_is_not_asked():
    asked: list[str] = []
    lists = Index([Record("l:1", ("Igor Ivanovich SECHIN",)), Record("l:2", ("Olena Shevchenko",))])

    class Counted:
        def search(self, query, limit, threshold, cutoff):
            asked.append(query.id)
            return lists.search(query, limit, threshold, cutoff)

    customers = Index([Record("a", ("Igor Sechin",)), Record("b", ("Olena Shevchenko",)), Record("c", ("Zhang Wei",))])
    found = list(again(customers, Counted(), [lists.record("l:1")]))
    assert [(one.customer.id, one.matches[0].id) for one in found] == [("a", "l:1")]
    assert asked == ["a"]


def test_an_identifier_alone_is_enough():
    entry = Record("l:1", ("Another name",), identifiers=(("imo", "9150365"),))
    customers = Index([Record("ship", ("Sea Star 7",), identifiers=(("imo", "9150365"),)), Record("x", ("Zhang Wei",))])
    assert [one.customer.id for one in again(customers, Index([entry]), [entry])] == ["ship"]


@needs_lists
@pytest.mark.slow
def test_on_the_real_lists_nothing_is_lost():
    records = real_records()
    chosen = random.Random(7).sample(records, 400)
    changed = chosen[:100]
    customers = [Record(f"c{place}", one.names[:1], one.kind) for place, one in enumerate(chosen) if one.names]
    customers += [
        Record(f"s{place}", (one.names[0].lower().replace("e", "a", 1),))
        for place, one in enumerate(chosen)
        if one.names
    ]
    lists = Index(records)
    found = {one.customer.id: [match.id for match in one.matches] for one in again(Index(customers), lists, changed)}
    assert found == whole(customers, lists, {one.id for one in changed})
    passing = OnlyChanged(lists, changed).search_all(customers, None)
    said = {one.id: [match.id for match in matches] for one, matches in zip(customers, passing, strict=True) if matches}
    assert said == found
