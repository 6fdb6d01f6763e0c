"""A game as levels of states, one level for each player: what matters of those who have spoken, and nothing else.

Two states of a level are one when the players still to come cannot tell them apart: the same heads, and of each
threshold the same missing sum, rounded up to what the rest can add at all (Bolus, "Power indices of simple games and
vector-weighted majority games by means of binary decision diagrams", EJOR 210, 2011). States in which nothing can be
won, or nothing lost any more, leave the levels. Any number of tables, weights of any size.
"""

from __future__ import annotations

from math import comb
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from foedus.check.voting import HEADS, Game, Threshold, holds, thresholds
from foedus.errors import Malformed

LOST, WON = 0, 1  # numbers of the two states that leave the levels; the others begin at FIRST
FIRST: Final = 2
# So many sums of the rest are kept to round to. Above, levels are near the first player and have few states.
_MOST_SUMS: Final = 1 << 18
# A level of more states does not fit a small machine's memory.
MOST_STATES: Final = 6_000_000
# Up to so many players every count is below 2^63.
SMALL: Final = 62

Numbers = NDArray[Any]


class Level(Struct):
    """States before one player speaks: heads and sums so far, and which state follows if the player is against or in
    favour.
    """

    heads: Numbers
    sums: list[Numbers]
    against: Numbers
    favour: Numbers


def number_type(players: int) -> Any:
    """The type in which a count over so many players never overflows."""
    return np.int64 if players <= SMALL else object


def levels(game: Game, order: list[int]) -> list[Level]:
    """The levels, players taken in `order`. Raises Malformed when there are more states than memory holds."""
    rest = _sums_of_rest(game, order)
    left = [[sum(table[player] for player in order[at:]) for table in game.tables] for at in range(len(order) + 1)]
    heads: Numbers = np.zeros(1, np.int64)
    sums: list[Numbers] = [np.zeros(1, np.int64) for _ in game.tables]
    found = []
    for at, player in enumerate(order):
        both_heads = np.concatenate([heads, heads + 1])
        both = [np.concatenate([one, one + table[player]]) for one, table in zip(sums, game.tables, strict=True)]
        numbers, first = _merged(game, both_heads, both, len(order) - at - 1, left[at + 1], rest[at + 1])
        found.append(Level(heads, sums, numbers[: len(heads)], numbers[len(heads) :]))
        heads, sums = both_heads[first], [one[first] for one in both]
        if len(heads) > MOST_STATES:
            raise Malformed(
                "{players} players under this rule are more than can be counted exactly here: {states} states found",
                players=len(order), states=len(heads),
            )  # fmt: skip
    return found


def _sums_of_rest(game: Game, order: list[int]) -> list[list[Numbers | None]]:
    """Of each level and table the sums that the players to come can add, sorted; None where they are too many."""
    found: list[list[Numbers | None]] = [[np.zeros(1, np.int64) for _ in game.tables]]
    for player in reversed(order):
        level: list[Numbers | None] = []
        for known, table in zip(found[-1], game.tables, strict=True):
            more = None if known is None else np.union1d(known, known + table[player])
            level.append(more if more is not None and len(more) <= _MOST_SUMS else None)
        found.append(level)
    return found[::-1]


def _merged(
    game: Game, heads: Numbers, sums: list[Numbers], to_come: int, left: list[int], rest: list[Numbers | None]
) -> tuple[Numbers, Numbers]:
    """The number of each state in the next level, and of each new state the first place where it stands."""
    won = holds(game.rule, heads, sums)
    lost = ~holds(game.rule, heads + to_come, [one + more for one, more in zip(sums, left, strict=True)])
    open_ = np.flatnonzero(~won & ~lost)
    numbers = np.where(won, WON, LOST).astype(np.int64)
    key = heads[open_]
    for one in thresholds(game.rule):
        if one.table != HEADS:
            column = _missing(one, sums[one.table][open_], left[one.table], rest[one.table])
            key = key * (int(column.max(initial=0)) + 1) + column
            if one is not thresholds(game.rule)[-1]:
                key = np.unique(key, return_inverse=True)[1]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    numbers[open_] = inverse + FIRST
    return numbers, open_[first]


def _missing(threshold: Threshold, sums: Numbers, left: int, rest: Numbers | None) -> Numbers:
    missing = threshold.at_least - sums
    if rest is not None:
        return np.searchsorted(rest, missing)
    return np.unique(np.clip(missing, 0, left + 1), return_inverse=True)[1]


def counted(game: Game, order: list[int]) -> tuple[list[int], list[list[int]]]:
    """How many coalitions of each size win; and of each player, in the game's order, in how many coalitions without it
    of each size it is decisive. Raises Malformed when there are more states than memory holds.
    """
    try:
        return _counted(game, order)
    except MemoryError:
        raise Malformed(
            "{players} players under this rule need more memory than there is to be counted exactly", players=len(order)
        ) from None


def _counted(game: Game, order: list[int]) -> tuple[list[int], list[list[int]]]:
    players = len(order)
    graph = levels(game, order)
    kind = number_type(players)
    ways = [np.ones(1, kind)]
    for level in graph[:-1]:
        ways.append(_ways(level, ways[-1], kind))
    swings: list[list[int]] = [[] for _ in order]
    below: Numbers = np.zeros((0, players + 1), kind)
    for at in reversed(range(players)):
        level = graph[at]
        against = _winning(level.against, level.heads, below, players - at - 1, players, kind)
        favour = _winning(level.favour, level.heads + 1, below, players - at - 1, players, kind)
        more = favour[:, 1:] - against[:, :-1]
        swings[order[at]] = [int(one) for one in ways[at] @ more]
        below = against + favour
    if not players:
        return [int(holds(game.rule, 0, [0] * len(game.tables)))], []
    return [int(one) for one in below[0]], swings


def _ways(level: Level, ways: Numbers, kind: Any) -> Numbers:
    """In how many ways each state of the next level is reached."""
    numbers = np.concatenate([level.against, level.favour])
    total = np.zeros(int(numbers.max(initial=LOST)) + 1, kind)
    np.add.at(total, numbers, np.concatenate([ways, ways]))
    return total[FIRST:]


def _winning(numbers: Numbers, heads: Numbers, below: Numbers, to_come: int, players: int, kind: Any) -> Numbers:
    """Of each state, how many completions win, by the size of the whole coalition."""
    found = np.zeros((len(numbers), players + 1), kind)
    inner = numbers >= FIRST
    found[inner] = below[numbers[inner] - FIRST]
    for size in np.unique(heads[numbers == WON]):
        row = np.zeros(players + 1, kind)
        row[size : size + to_come + 1] = [comb(to_come, more) for more in range(to_come + 1)]
        found[(numbers == WON) & (heads == size)] = row
    return found
