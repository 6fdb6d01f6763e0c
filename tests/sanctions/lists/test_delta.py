"""A version and the deltas after it are the next version: as a law, and over the years that publishers left us."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given

from foedus.errors import Malformed, Tampered
from foedus.sanctions import lists
from foedus.sanctions.lists.delta import Delta, apply, delta, parse_delta
from tests.sanctions.lists import made
from tests.sanctions.lists.schema import LISTS, needs_lists
from tests.sanctions.lists.strategies import versions


@given(versions(), versions())
def test_a_version_and_its_delta_are_the_next_version(old, new):
    change = delta(old, new)
    assert apply(old.targets, change) == new.targets
    assert apply(new.targets, delta(new, old)) == old.targets
    assert parse_delta(msgspec.json.encode(change)) == change
    assert change.empty == (old.digest == new.digest)


@given(versions(), versions())
def test_a_delta_says_nothing_of_what_stayed(old, new):
    change = delta(old, new)
    stayed = {one.id for one in old.targets if one in new.targets}
    told = {one.id for one in (*change.added, *change.amended)} | set(change.removed)
    assert told == {one.id for one in (*old.targets, *new.targets)} - stayed
    assert all(one.changes for one in change.amended)
    assert not [
        each
        for one in change.amended
        for each in one.changes
        if set(map(str, each.added)) & set(map(str, each.removed))
    ]


@given(versions(), versions(), versions())
def test_a_delta_is_applied_to_no_other_version(old, new, other):
    if other.digest == old.digest:
        return
    try:
        made = apply(other.targets, delta(old, new))
    except Tampered:
        return
    assert made == new.targets, "whatever it was applied to, the digest is the promised one"


def test_two_lists_have_no_delta():
    with pytest.raises(Malformed, match="GBR uk and CHE seco are different lists"):
        delta(lists.read(made.UK_XML), lists.read(made.SECO))


def test_a_field_that_is_none_is_refused():
    uk = lists.read(made.UK_XML)
    change = {
        "list": "uk",
        "old": uk.digest,
        "new": uk.digest,
        "amended": [{"id": "RUS0001", "changes": [{"field": "id"}]}],
    }
    with pytest.raises(Malformed, match="id is no field"):
        apply(uk.targets, msgspec.convert(change, Delta))


def test_what_changed_is_told_field_by_field():
    new = made.UK_XML.replace(b"dd/mm/1958", b"02/03/1958").replace(b"<Name6>The Baker", b"<Name6>The Miller")
    change = delta(lists.read(made.UK_XML), lists.read(new))
    (amended,) = change.amended
    assert (amended.id, [one.field for one in amended.changes]) == ("RUS0001", ["names", "births"])
    names, births = amended.changes
    assert (names.removed, names.added) == (
        ({"text": "The Baker", "kind": "weak"},),
        ({"text": "The Miller", "kind": "weak"},),
    )
    assert (births.removed, births.added) == (({"date": "1958"},), ({"date": "1958-03-02"},))


def series(paths, format=None):
    return [lists.read(LISTS / path, format) for path in paths]


@needs_lists
@pytest.mark.slow
def test_the_list_of_the_united_nations_from_2018_to_2025():
    """Four published versions: what the Security Council added, removed and amended between them."""
    versions = series(f"un/un_{day}.xml" for day in ("2018-06", "2018-10", "2020-04", "2025-11"))
    changes = [delta(old, new) for old, new in pairwise(versions)]
    assert [(len(one.added), len(one.removed), len(one.amended)) for one in changes] == []
    targets = versions[0].targets
    for change, version in zip(changes, versions[1:], strict=True):
        targets = apply(targets, change)
        assert targets == version.targets


@needs_lists
@pytest.mark.slow
def test_the_list_of_ofac_from_2019_to_2025():
    """Three sets, of which the last is without its main file: aliases and addresses show who came and went."""
    days = ("ofac/2019-01", "ofac/2021-07", "ofac/2025-02")
    versions = series(days, "ofac-csv-parts")
    changes = [delta(old, new) for old, new in pairwise(versions)]
    assert [(len(one.added), len(one.removed), len(one.amended)) for one in changes] == []
    assert apply(versions[0].targets, changes[0]) == versions[1].targets
    assert apply(versions[1].targets, changes[1]) == versions[2].targets
    whole = delta(*series(days[:2]))
    assert (len(whole.added), len(whole.removed)) == (len(changes[0].added), len(changes[0].removed))
