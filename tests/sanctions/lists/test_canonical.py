"""Canonical rows are one for each version, whatever order things were told in, and are read back as they were."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import Malformed
from foedus.sanctions import lists
from foedus.sanctions.lists.canonical import digest_of, parse_rows, rows, target
from tests.sanctions.lists import made
from tests.sanctions.lists.strategies import targets, versions


@given(versions())
def test_rows_are_read_back_as_they_were(version):
    data = rows(version.targets)
    assert parse_rows(data) == version.targets
    assert rows(parse_rows(data)) == data
    assert data.count(b"\n") == len(version.targets)
    assert b"\r" not in data


@given(targets(), st.randoms())
def test_the_order_in_which_things_are_told_changes_no_row(one, dice: random.Random):
    values = {name: getattr(one, name) for name in one.__struct_fields__}
    for name, value in values.items():
        if isinstance(value, tuple):
            values[name] = dice.sample((*value, *value), 2 * len(value))
    assert target(**values) == one


@given(st.randoms())
def test_the_order_of_rows_changes_no_digest(dice: random.Random):
    shuffled = dice.sample(made.UK_ROWS, len(made.UK_ROWS))
    assert lists.read(made.uk_csv(shuffled)).digest == lists.read(made.uk_csv(made.UK_ROWS)).digest


@given(targets(), targets())
def test_only_equal_targets_have_equal_rows(one, other):
    assert (digest_of([one]) == digest_of([other])) == (one == other)


def test_what_is_not_canonical_is_refused_with_its_line():
    version = lists.read(made.UK_XML)
    data = rows(version.targets)
    first, second, *_ = data.splitlines(keepends=True)
    for wrong in (second + first, first + first, first.replace(b'":"', b'": "', 1), first[:-1], b"{}\n", b"\xff\n"):
        with pytest.raises(Malformed, match="line "):
            parse_rows(wrong)
    spaced = msgspec.json.format(first.strip(), indent=1)
    with pytest.raises(Malformed):
        parse_rows(spaced + b"\n")
