"""Who can block: the smallest blocking sets, counted exactly by size, and examples of them.

A set blocks when the others, all together, do not win; it is smallest when none of its members may be spared. There are
millions of them with 35 players: they are counted, and only few are listed.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, pairwise
from math import comb

import numpy as np

from foedus.check import levels
from foedus.check.levels import FIRST, WON, Level, Numbers, number_type
from foedus.check.power import MOST_PLACES, add, least_sums
from foedus.check.voting import HEADS, Game, Rule, Threshold, blockers, dual, thresholds, without

# So many states with their spared members are followed; a rule of several tables in no common order may need more.
MOST_FOLLOWED = 1_500_000
_MOST_TRIED = 200_000


def blocking_sets(game: Game) -> dict[int, int] | None:
    """How many smallest blocking sets of each size there are; None where there are too many to be counted exactly."""
    alone = blockers(game)
    if not game.wins(frozenset(range(len(game.players)))):
        return {0: 1}  # nobody need be against
    if len(alone) == len(game.players):
        return {1: len(alone)} if alone else {}
    rest = without(game, alone) if alone else game
    found = _smallest_winning(dual(rest))
    if found is None:
        return None
    if alone:
        found[1] = found.get(1, 0) + len(alone)
    return dict(sorted(found.items()))


def _smallest_winning(game: Game) -> dict[int, int] | None:
    """How many winning coalitions of each size lose without any of their members."""
    used = sorted({one.table for one in thresholds(game.rule)} - {HEADS})
    tables = [game.tables[one] for one in used]
    order = sorted(range(len(game.players)), key=lambda one: tuple(table[one] for table in tables), reverse=True)
    in_one_order = all(table[one] >= table[other] for table in tables for one, other in pairwise(order))
    if in_one_order and len(used) <= 1:
        by_table = Game(game.players, (tables[0] if tables else (0,) * len(order),), _only(game, used))
        if (len(order) + 1) * max(least_sums(by_table)) <= MOST_PLACES:
            return _by_table(by_table)
    graph = levels.levels(game, order)
    return _by_last(graph) if in_one_order else _by_spared(graph)


def _only(game: Game, used: list[int]) -> Rule:
    """The rule with its one table as the first."""

    def first(rule: Rule) -> Rule:
        if isinstance(rule, Threshold):
            return rule if rule.table == HEADS else Threshold(used.index(rule.table), rule.at_least)
        return type(rule)(tuple(first(part) for part in rule.parts))

    return first(game.rule)


def _by_table(game: Game) -> dict[int, int]:
    """Players from the heaviest: a coalition is smallest when it loses without its last member, the lightest."""
    players, least = len(game.players), least_sums(game)
    table: Numbers = np.zeros((players + 1, max(1, *least)), number_type(players))
    table[0, 0] = 1
    found: defaultdict[int, int] = defaultdict(int)
    for known, weight in enumerate(sorted(game.tables[0], reverse=True)):
        for size in range(known + 1):
            found[size + 1] += int(table[size, max(0, least[size + 1] - weight) : least[size]].sum())
        add(table, known, weight)
    return {size: number for size, number in found.items() if number}


def _by_last(graph: list[Level]) -> dict[int, int]:
    """The same over levels, for several tables by which players stand in one order."""
    kind = number_type(len(graph))
    ways: Numbers = np.ones(1, kind)
    found: defaultdict[int, int] = defaultdict(int)
    for level in graph:
        done = level.favour == WON
        for size in np.unique(level.heads[done]):
            found[int(size) + 1] += int(ways[done & (level.heads == size)].sum())
        numbers = np.concatenate([level.against, level.favour])
        total = np.zeros(int(numbers.max(initial=WON)) + 1, kind)
        np.add.at(total, numbers, np.concatenate([ways, ways]))
        ways = total[FIRST:]
    return dict(found)


def _by_spared(graph: list[Level]) -> dict[int, int] | None:
    """The same where players stand in no one order: of each coalition every member that might be spared is followed."""
    found: defaultdict[int, int] = defaultdict(int)
    states: dict[tuple[int, int, frozenset[int]], int] = {(FIRST, 0, frozenset()): 1}
    for level in graph:
        against, favour = level.against.tolist(), level.favour.tolist()
        following: defaultdict[tuple[int, int, frozenset[int]], int] = defaultdict(int)
        for (state, size, spared), ways in states.items():
            place = state - FIRST
            stays = frozenset(against[one - FIRST] for one in spared)
            grows = frozenset([against[place], *[favour[one - FIRST] for one in spared]])
            if against[place] >= FIRST and WON not in stays:
                following[against[place], size, frozenset(one for one in stays if one >= FIRST)] += ways
            if WON in grows or favour[place] < WON:
                continue
            if favour[place] == WON:
                found[size + 1] += ways
            else:
                following[favour[place], size + 1, frozenset(one for one in grows if one >= FIRST)] += ways
        states = following
        if len(states) > MOST_FOLLOWED:
            return None
    return dict(found)


def examples(game: Game, size: int, most: int = 10) -> list[tuple[str, ...]]:
    """Some blocking sets of the least size, in the order of players; none where too many would have to be tried."""
    everybody = frozenset(range(len(game.players)))
    alone = blockers(game)
    rest = [player for player in range(len(game.players)) if size == 1 or player not in alone]
    if size == 0 or comb(len(rest), size) > _MOST_TRIED:
        return []
    found: list[tuple[str, ...]] = []
    for members in combinations(rest, size):
        if not game.wins(everybody.difference(members)):
            found.append(tuple(game.players[one] for one in members))
            if len(found) == most:
                break
    return found
