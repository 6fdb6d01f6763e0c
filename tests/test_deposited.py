"""A list's feed brings a subscriber from any version to the newest, and shows him that he missed none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus import archive
from foedus.deposited import caught_up, feed
from foedus.errors import Tampered
from foedus.history import Place
from foedus.sanctions.lists.canonical import rows
from foedus.sanctions.state import Deposited
from tests.sanctions.lists.strategies import versions
from tests.test_archive import Memory

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def deposited(found):
    """An archive that holds these versions, and what the record says of them."""
    store = Memory()
    known = []
    for number, one in enumerate(found, 5):
        assert archive.put(store, rows(one.targets)) == one.digest
        known.append(Deposited(one.digest, one.digest, len(one.targets), 0, "UKR", Place(NOON, NOON, number)))
    return store, known


# An empty list is never published.
series = st.lists(versions().filter(lambda one: bool(one.targets)), min_size=1, max_size=5)


@given(series, st.integers(0, 5))
def test_whoever_was_away_catches_up_from_any_version(found, place):
    store, known = deposited(found)
    mine = found[place % len(found)]
    steps = list(feed(store, "un-consolidated", known, mine.digest))
    assert caught_up(mine.targets, steps, known) == found[-1].targets
    whole = list(feed(store, "un-consolidated", known))
    assert caught_up((), whole, known) == found[-1].targets


@given(series, st.data())
def test_a_step_left_out_doubled_or_moved_is_noticed(found, data):
    store, known = deposited(found)
    steps = list(feed(store, "un-consolidated", known))
    place = data.draw(st.integers(0, len(steps) - 1))
    wrong = data.draw(st.sampled_from(("left out", "doubled", "moved")))
    sent = {
        "left out": steps[:place] + steps[place + 1 :],
        "doubled": [*steps[:place], steps[place], *steps[place:]],
        "moved": steps[place:] + steps[:place],
    }[wrong]
    if sent == steps:
        return
    with pytest.raises(Tampered, match="does not go on"):
        caught_up((), sent, known)
