"""Laws of sharing out, against arithmetic on fractions."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from foedus.claims.shares import MOST_EACH, converted, shared_out, summed
from foedus.errors import Malformed

AMOUNTS = st.lists(st.one_of(st.integers(0, 50), st.integers(0, 10**15)), min_size=1, max_size=40)


def plainly(amounts: list[int], money: int) -> list[int]:
    """Largest remainder as its definition says, one fraction after the other."""
    total = sum(amounts)
    if total <= money:
        return amounts
    exact = [Fraction(each * money, total) for each in amounts]
    cents = [floor(each) for each in exact]
    order = sorted(range(len(amounts)), key=lambda at: (cents[at] - exact[at], at))
    for at in order[: money - sum(cents)]:
        cents[at] += 1
    return cents


@given(AMOUNTS, st.integers(0, 10**16))
@example([1, 1, 1], 2)
@example([0, 0], 0)
@example([MOST_EACH] * 3, MOST_EACH)
@example([10**15] * 39 + [1], 39 * 10**15)
def test_it_is_the_largest_remainder_to_the_cent(amounts, money):
    found = shared_out(np.array(amounts, dtype=np.int64), money)
    assert found.cents.tolist() == plainly(amounts, money)
    assert found.total == sum(amounts)
    assert summed(found.cents) == min(money, sum(amounts)), "no cent is made and none is lost"


@given(AMOUNTS, st.integers(0, 10**16))
def test_nobody_gets_more_than_a_cent_beyond_the_exact_share(amounts, money):
    found = shared_out(np.array(amounts, dtype=np.int64), money).cents.tolist()
    total = sum(amounts) or 1
    share = min(Fraction(1), Fraction(money, total))
    assert all(abs(got - each * share) < 1 for got, each in zip(found, amounts, strict=True))
    assert all(got <= each for got, each in zip(found, amounts, strict=True))


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20), st.integers(1, 10**13))
def test_a_rate_rounds_half_up_to_the_cent(amounts, scaled):
    found = converted(np.array(amounts, dtype=np.int64), scaled, 10**10).tolist()
    assert found == [floor(Fraction(each * scaled, 10**10) + Fraction(1, 2)) for each in amounts]


def test_what_has_no_room_is_refused():
    with pytest.raises(Malformed, match="come to"):
        shared_out(np.full(5_000, 10**15, dtype=np.int64), 10)
    with pytest.raises(Malformed, match="too large at its rate"):
        converted(np.array([10**15]), 10**12, 10**10)


@given(st.lists(st.integers(0, 2**50), max_size=30))
def test_a_sum_is_exact(amounts):
    assert summed(np.array(amounts, dtype=np.int64)) == sum(amounts)
