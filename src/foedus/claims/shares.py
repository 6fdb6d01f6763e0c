"""Whole cents shared out exactly among millions: arithmetic on flat arrays, and nothing else.

A share is amount times money over the sum of the amounts. It is estimated in floating point, which is off by one at
most, and put right by what it leaves over, which is exact modulo 2^64 and lies within the sum. So no number has to be
longer than 64 bits, and no result rests on rounding.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from foedus.errors import Malformed

Cents = npt.NDArray[np.int64]
MOST_SUM = 2**62  # so that what an estimate leaves over, off by one sum at most, has room in 64 bits
MOST_EACH = 2**50  # so that an estimate in floating point is off by one at most


class Shared(NamedTuple):
    """What each gets. `extra`: how many got a cent more than their share rounded down; `least`: the smallest remainder
    that did, of `total`; of those with just that remainder, the first in order did.
    """

    cents: Cents
    total: int
    extra: int
    least: int


def summed(amounts: Cents) -> int:
    """The sum, exact however large."""
    return (int((amounts >> 32).sum()) << 32) + int((amounts & 0xFFFFFFFF).sum())


def shared_out(amounts: Cents, money: int) -> Shared:
    """Each amount in full where the money suffices, else each the same share of the money, by largest remainder: what
    is left after rounding down goes, a cent each, to the largest remainders; among equal ones to the first in order.

    Amounts are whole, 0 or more, up to 2^50. Raises Malformed when they come to 2^62 or more.
    """
    total = summed(amounts)
    if total <= money:
        return Shared(amounts.copy(), total, 0, 0)
    if total >= MOST_SUM:
        raise Malformed("claims come to {found} cents: less than {most} was expected", found=total, most=MOST_SUM)
    assert amounts.max() <= MOST_EACH, "amounts are bounded where they are read"
    cents = np.floor(amounts.astype(np.float64) * (money / total)).astype(np.int64)
    over = _left(amounts, money, cents, total)
    extra = money - summed(cents)
    if not extra:
        return Shared(cents, total, 0, 0)
    least = int(np.partition(over, over.size - extra)[over.size - extra])
    above = over > least
    cents += above
    cents[np.flatnonzero(over == least)[: extra - int(above.sum())]] += 1
    assert summed(cents) == money, "what is shared out is the money, no cent more or less"
    return Shared(cents, total, extra, least)


def _left(amounts: Cents, money: int, cents: Cents, total: int) -> Cents:
    """What rounding down leaves of each, in 1/total of a cent, after the estimates were put right in place."""
    over: Cents = amounts * np.int64(money) - cents * np.int64(total)  # modulo 2^64
    for _ in range(2):
        low, high = over < 0, over >= total
        cents += high.astype(np.int64) - low
        over += (low.astype(np.int64) - high) * np.int64(total)
    assert not ((over < 0) | (over >= total)).any(), "an estimate is off by one at most"
    return over


def converted(amounts: Cents, scaled: int, scale: int) -> Cents:
    """Amounts at a rate of scaled/scale, rounded half up to the cent. Raises Malformed when one has no room."""
    if not scaled or not amounts.size:
        return amounts.copy()
    if int(amounts.max()) * scaled > MOST_EACH * scale:
        raise Malformed("an amount of {found} cents is too large at its rate", found=int(amounts.max()))
    half, twice = np.int64(scale), 2 * scale
    worth = np.floor(amounts.astype(np.float64) * (scaled / scale) + 0.5).astype(np.int64)
    over = amounts * np.int64(2 * scaled) + half - worth * np.int64(twice)
    low, high = over < 0, over >= twice
    worth += high.astype(np.int64) - low
    return worth
