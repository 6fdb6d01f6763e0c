"""Games: who wins together. Exact whole numbers only; a rule is thresholds of sums, joined by all-of and any-of.

Every such rule is monotone: more in favour never loses. It reads no file and knows no agreement; `games` and
`structure` make games of both.
"""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Any, Final

from msgspec import Struct

HEADS: Final = -1


class Threshold(Struct, frozen=True):
    """The sum of a table over those in favour is `at_least` so much; table `HEADS` counts the players."""

    table: int
    at_least: int


class AllOf(Struct, frozen=True):
    """Every part holds."""

    parts: tuple[Rule, ...]


class AnyOf(Struct, frozen=True):
    """One of the parts holds."""

    parts: tuple[Rule, ...]


Rule = Threshold | AllOf | AnyOf


class Game(Struct, frozen=True):
    """Players, tables of whole weights with one weight for each player, and the rule by which a coalition wins."""

    players: tuple[str, ...]
    tables: tuple[tuple[int, ...], ...]
    rule: Rule

    def wins(self, members: frozenset[int]) -> bool:
        """Whether these players, by their places, win together."""
        sums = [sum(table[player] for player in members) for table in self.tables]
        return bool(holds(self.rule, len(members), sums))


def holds(rule: Rule, heads: Any, sums: Any) -> Any:
    """Whether the rule holds over sums of the tables: numbers, or arrays of them, which gives an array."""
    if isinstance(rule, Threshold):
        return (heads if rule.table == HEADS else sums[rule.table]) >= rule.at_least
    parts = [holds(part, heads, sums) for part in rule.parts]
    return reduce(and_ if isinstance(rule, AllOf) else or_, parts)


def thresholds(rule: Rule) -> tuple[Threshold, ...]:
    """Every threshold in the rule, each once."""
    if isinstance(rule, Threshold):
        return (rule,)
    return tuple(dict.fromkeys(one for part in rule.parts for one in thresholds(part)))


def dual(game: Game) -> Game:
    """The game of blocking: a set wins in it when the others, all together, lose.

    Of a table with the sum t, `sum of the others < q` is `own sum >= t - q + 1`; all-of and any-of change places.
    """

    def turned(rule: Rule) -> Rule:
        if isinstance(rule, Threshold):
            total = len(game.players) if rule.table == HEADS else sum(game.tables[rule.table])
            return Threshold(rule.table, total - rule.at_least + 1)
        parts = tuple(turned(part) for part in rule.parts)
        return AnyOf(parts) if isinstance(rule, AllOf) else AllOf(parts)

    return Game(game.players, game.tables, turned(game.rule))


def without(game: Game, consenting: frozenset[int]) -> Game:
    """The game of the other players once these are in favour."""
    kept = [player for player in range(len(game.players)) if player not in consenting]

    def lowered(rule: Rule) -> Rule:
        if isinstance(rule, Threshold):
            given = len(consenting) if rule.table == HEADS else sum(game.tables[rule.table][one] for one in consenting)
            return Threshold(rule.table, rule.at_least - given)
        return type(rule)(tuple(lowered(part) for part in rule.parts))

    players = tuple([game.players[player] for player in kept])
    tables = tuple([tuple([table[player] for player in kept]) for table in game.tables])
    return Game(players, tables, lowered(game.rule))


def blockers(game: Game) -> frozenset[int]:
    """Players without whom nobody wins: each alone is a blocking set."""
    everybody = frozenset(range(len(game.players)))
    return frozenset(player for player in everybody if not game.wins(everybody - {player}))
