"""What each vote weighs: coalitions, swings, Banzhaf and Shapley-Shubik, as exact whole numbers and fractions.

Players without whom nobody wins are taken out first. A rule of heads and one table is counted in one table of sizes
and sums (generating functions); any other over `levels`. It estimates nothing: what cannot be counted is refused.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial, gcd

import numpy as np
from msgspec import Struct

from foedus.check import levels
from foedus.check.levels import Numbers, number_type
from foedus.check.voting import HEADS, Game, Threshold, blockers, dual, holds, thresholds, without

# The table of sizes and sums has at most so many places; beyond, few players with large weights are counted by levels.
MOST_PLACES = 24_000_000


class Power(Struct, frozen=True):
    """`winning`: how many coalitions of each size, from 0, win. `swings`: of each player, in how many coalitions of
    each size, itself not counted, it turns losing into winning.
    """

    winning: tuple[int, ...]
    swings: tuple[tuple[int, ...], ...]

    @property
    def decisive(self) -> tuple[int, ...]:
        """Of each player, in how many coalitions of the others it is decisive."""
        return tuple([sum(one) for one in self.swings])

    @property
    def banzhaf(self) -> tuple[Fraction, ...]:
        """The share of each player in all swings (normalised Banzhaf index); 0 where nobody is ever decisive."""
        every = sum(self.decisive)
        return tuple([Fraction(one, every or 1) for one in self.decisive])

    @property
    def shapley_shubik(self) -> tuple[Fraction, ...]:
        """In what share of all orders of players each is the one with whom the rule begins to hold."""
        players = len(self.swings)
        orders = [factorial(size) * factorial(players - 1 - size) for size in range(players)]
        whole = factorial(players)
        return tuple(
            [Fraction(sum(n * weight for n, weight in zip(one, orders, strict=True)), whole) for one in self.swings]
        )

    @property
    def to_act(self) -> Fraction:
        """The share of all coalitions that win (Coleman's power of a body to act)."""
        return Fraction(sum(self.winning), 2 ** len(self.swings))


def power(game: Game) -> Power:
    """The power of each player. Raises Malformed for a game too large to be counted exactly."""
    needed = blockers(game)
    if not needed or len(needed) == len(game.players):
        return _plain(game)
    rest = _plain(without(game, needed))
    places = iter(rest.swings)
    given = len(needed)
    # A needed player is decisive wherever the others with it win; another only where all the needed are.
    own = (*(0,) * (given - 1), *rest.winning)
    swings = tuple(own if one in needed else (*(0,) * given, *next(places)) for one in range(len(game.players)))
    return Power((*(0,) * given, *rest.winning), swings)


def _plain(game: Game) -> Power:
    used = sorted({one.table for one in thresholds(game.rule)} - {HEADS})
    if len(used) <= 1:
        table = game.tables[used[0]] if used else (0,) * len(game.players)
        small = _divided(table, game)
        other = dual(small)
        if _places(small) > _places(other):
            return _turned(_by_table(other)) if _places(other) <= MOST_PLACES else _by_levels(game)
        if _places(small) <= MOST_PLACES:
            return _by_table(small)
    return _by_levels(game)


def _by_levels(game: Game) -> Power:
    order = sorted(range(len(game.players)), key=lambda one: tuple(table[one] for table in game.tables), reverse=True)
    winning, swings = levels.counted(game, order)
    return Power(tuple(winning), tuple(map(tuple, swings)))


def _divided(table: tuple[int, ...], game: Game) -> Game:
    """The same game with one table whose weights have no common divisor."""
    common = gcd(*table) or 1

    def smaller(rule: object) -> object:
        if isinstance(rule, Threshold):
            return rule if rule.table == HEADS else Threshold(0, -(-rule.at_least // common))
        return type(rule)(tuple(smaller(part) for part in rule.parts))  # type: ignore[attr-defined,call-arg]  # AllOf, AnyOf

    return Game(game.players, (tuple([one // common for one in table]),), smaller(game.rule))  # type: ignore[arg-type]  # a rule like the one given


def least_sums(game: Game) -> list[int]:
    """Of each number of heads the least sum of the one table with which so many win.

    Where so many never win, one more than they can have. The rule is monotone in the sum: found by halving.
    """
    table = sorted(game.tables[0], reverse=True)
    found = []
    for heads in range(len(table) + 1):
        low, high = 0, sum(table[:heads]) + 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if holds(game.rule, heads, [middle]) else (middle + 1, high)
        found.append(low)
    return found


def _places(game: Game) -> int:
    return (len(game.players) + 1) * max(least_sums(game))


def _by_table(game: Game) -> Power:
    players, weights = len(game.players), game.tables[0]
    least = least_sums(game)
    table: Numbers = np.zeros((players + 1, max(1, *least)), number_type(players))
    table[0, 0] = 1
    for known, weight in enumerate(sorted(weights)):
        add(table, known, weight)
    losing = [int(table[heads, : least[heads]].sum()) for heads in range(players + 1)]
    winning = tuple([comb(players, heads) - one for heads, one in enumerate(losing)])
    swings = {weight: _swings(table, weight, least) for weight in set(weights)}
    return Power(winning, tuple([swings[weight] for weight in weights]))


def add(table: Numbers, known: int, weight: int) -> None:
    """One more player in a table of coalitions by size and sum that holds so many; larger sums are not kept."""
    if weight < table.shape[1]:
        table[1 : known + 2, weight:] += table[: known + 1, : table.shape[1] - weight]


def _swings(table: Numbers, weight: int, least: list[int]) -> tuple[int, ...]:
    """In how many coalitions of the others, by size, one player of this weight is decisive."""
    others = table[0].copy()
    found = []
    for size in range(len(least) - 1):
        found.append(int(others[max(0, least[size + 1] - weight) : least[size]].sum()))
        following = table[size + 1].copy()
        if weight < len(others):
            following[weight:] -= others[: len(others) - weight]
        others = following
    return tuple(found)


def _turned(blocking: Power) -> Power:
    """The power in a game from that in its dual: a set wins when the others do not block."""
    players = len(blocking.swings)
    winning = tuple([comb(players, size) - blocking.winning[players - size] for size in range(players + 1)])
    return Power(winning, tuple([one[::-1] for one in blocking.swings]))
