"""Voting games: exact to the last integer against the literature, and against counting every coalition one by one."""

from __future__ import annotations

import json
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.check import levels, power
from foedus.check.blocking import blocking_sets
from foedus.check.games import read_games
from foedus.check.voting import HEADS, AllOf, AnyOf, Game, Threshold, dual
from foedus.compact.findings import MalformedCompact

DATA = Path(__file__).parents[3] / "shared/data/voting/games.json"
PUBLISHED = read_games("games.json", DATA.read_bytes()) if DATA.is_file() else ()
absent = pytest.mark.skipif(not PUBLISHED, reason=f"{DATA} is absent: published games are not in the project")


@absent
@pytest.mark.parametrize("read", PUBLISHED, ids=lambda read: read.name)
def test_a_published_game_is_exact(read):
    found, expected = power.power(read.game), read.expected
    assert sum(found.winning) == expected["winning_coalitions"]
    assert 2 ** len(read.game.players) == expected["total_coalitions"]
    assert dict(zip(read.game.players, found.decisive, strict=True)) == expected["swings"]
    sets = {str(size): number for size, number in (blocking_sets(read.game) or {}).items()}
    assert sets == expected["smallest_blocking_sets_by_size"]
    for index, name in ((found.banzhaf, "banzhaf_normalised"), (found.shapley_shubik, "shapley_shubik")):
        for player, share in zip(read.game.players, index, strict=True):
            assert abs(share - expected[name][player]) < Fraction(1, 10**15)


def test_the_security_council_by_its_own_rule():
    """Nine of fifteen, none of the five against: known fractions."""
    members = ["CHN", "FRA", "RUS", "GBR", "USA", *(f"E{number}" for number in range(10))]
    file = {
        "game": "UNSC",
        "players": [{"name": name} for name in members],
        "wins_if": {"all_of": [{"count_at_least": 9}, {"consent": members[:5]}]},
    }
    (read,) = read_games("x", json.dumps(file).encode())
    found = power.power(read.game)
    assert (sum(found.winning), found.decisive[0], found.decisive[5]) == (848, 848, 84)
    assert (found.banzhaf[0], found.shapley_shubik[0]) == (Fraction(848, 5080), Fraction(421, 2145))
    assert (found.banzhaf[5], found.shapley_shubik[5]) == (Fraction(84, 5080), Fraction(4, 2145))
    assert blocking_sets(read.game) == {1: 5, 7: 120}


# --- against every coalition, one by one ------------------------------------------------------------------------------


def counted(game: Game) -> tuple[list[int], list[list[int]], dict[int, int]]:
    players = len(game.players)
    everybody = frozenset(range(players))
    coalitions = [frozenset(one for one in everybody if number >> one & 1) for number in range(2**players)]
    wins = {one: game.wins(one) for one in coalitions}
    winning = [0] * (players + 1)
    sets: dict[int, int] = {}
    swings = [[0] * players for _ in range(players)]
    for one in coalitions:
        winning[len(one)] += wins[one]
        for player in everybody - one:
            swings[player][len(one)] += wins[one | {player}] and not wins[one]
        if not wins[everybody - one] and all(wins[everybody - (one - {player})] for player in one):
            sets[len(one)] = sets.get(len(one), 0) + 1
    return winning, swings, sets


@st.composite
def games(draw) -> Game:
    players = draw(st.integers(1, 7))
    scale = draw(st.sampled_from((1, 1, 10**15)))
    table = st.lists(st.integers(0, 9).map(lambda one: one * scale), min_size=players, max_size=players).map(tuple)
    tables = tuple(draw(st.lists(table, min_size=1, max_size=3)))

    def bound(which):
        total = players if which == HEADS else sum(tables[which])
        return st.integers(-1, total + 2).map(lambda least: Threshold(which, least))

    leaf = st.integers(HEADS, len(tables) - 1).flatmap(bound)
    parts = lambda rule: st.lists(rule, min_size=1, max_size=3).map(tuple)  # noqa: E731  # used twice, below
    rule = st.recursive(leaf, lambda rule: st.one_of(parts(rule).map(AllOf), parts(rule).map(AnyOf)), max_leaves=6)
    return Game(tuple(f"P{number}" for number in range(players)), tables, draw(rule))


@settings(max_examples=400)
@given(game=games())
def test_it_counts_as_one_who_looks_at_every_coalition(game):
    winning, swings, sets = counted(game)
    found = power.power(game)
    assert (list(found.winning), [list(one) for one in found.swings]) == (winning, swings)
    assert blocking_sets(game) == dict(sorted(sets.items()))


@settings(max_examples=200)
@given(game=games())
def test_both_ways_of_counting_agree(game):
    order = list(range(len(game.players)))
    found = power.power(game)
    assert levels.counted(game, order) == (list(found.winning), [list(one) for one in found.swings])


@settings(max_examples=200)
@given(game=games())
def test_the_dual_of_the_dual_is_the_game(game):
    assert dual(dual(game)) == game


def test_nothing_overflows_with_many_players():
    """Simple majority of 101: every count is a sum of binomials."""
    game = Game(tuple(f"P{number}" for number in range(101)), ((3,) * 101,), Threshold(0, 3 * 51))
    found = power.power(game)
    assert sum(found.winning) == 2**100
    assert set(found.decisive) == {comb(100, 50)}
    assert set(found.shapley_shubik) == {Fraction(1, 101)}
    assert blocking_sets(game) == {51: comb(101, 51)}


def test_weights_of_any_size_are_counted():
    """27 players with populations to the last inhabitant: no table of sums could hold them."""
    people = tuple(83_000_001 - 3_000_017 * number for number in range(27))
    game = Game(
        tuple(map(str, range(27))), (people,), AllOf((Threshold(HEADS, 15), Threshold(0, sum(people) * 65 // 100)))
    )
    found = power.power(game)
    assert found.decisive == tuple(sorted(found.decisive, reverse=True))
    assert sum(found.shapley_shubik) == 1
    halved = Game(
        game.players,
        (tuple(2 * one for one in people),),
        AllOf((Threshold(HEADS, 15), Threshold(0, 2 * (sum(people) * 65 // 100)))),
    )
    assert power.power(halved) == found


def test_the_security_council_before_1965():
    """Seven of eleven, with the five: 76/385 and 1/462, as Shapley and Shubik had it in 1954 (0.197 and 0.002)."""
    permanent = (1,) * 5 + (0,) * 6
    found = power.power(Game(tuple(map(str, range(11))), (permanent,), AllOf((Threshold(0, 5), Threshold(HEADS, 7)))))
    assert sum(found.winning) == 57
    assert found.shapley_shubik == (Fraction(76, 385),) * 5 + (Fraction(1, 462),) * 6


def test_nassau_county_where_three_of_six_were_never_decisive():
    """The board of 1964, which Banzhaf brought to court: 31, 31, 28, 21, 2 and 2 votes, 58 to win."""
    game = Game(tuple("ABCDEF"), ((31, 31, 28, 21, 2, 2),), Threshold(0, 58))
    assert power.power(game).banzhaf == (Fraction(1, 3),) * 3 + (Fraction(0),) * 3
    assert blocking_sets(game) == {2: 3}


# --- what a file may be -----------------------------------------------------------------------------------------------

TWO = '"players": [{"name": "A", "weights": [1]}, {"name": "B", "weights": [2]}]'


def faults(text: str) -> list[str]:
    with pytest.raises(MalformedCompact) as caught:
        read_games("g.json", text.encode())
    return [one.one_line() for one in caught.value.findings]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "g.json:1:1: found no JSON"),
        ("[", "found no JSON"),
        ("[]", "found an empty list; expected at least one"),
        ("7", "found the number 7"),
        ('{"players": []}', "players; expected a list of players, one at least"),
        (f'{{{TWO}}}', "found no key 'wins_if'"),
        (f'{{{TWO},\n"wins_if": {{"all_of": []}}}}', "g.json:2:23: found an empty list in wins_if.all_of"),
        (f'{{{TWO}, "wins_if": {{}}}}', "found no operator"),
        (f'{{{TWO}, "wins_if": {{"count_at_least": 1, "against_at_most": 1}}}}', "exactly one of all_of"),
        (f'{{{TWO}, "wins_if": {{"count_at_leest": 1}}}}', "did you mean 'count_at_least'?"),
        (f'{{{TWO}, "wins_if": {{"count_at_least": "1"}}}}', "found '1' in wins_if.count_at_least; expected a whole"),
        (f'{{{TWO}, "wins_if": {{"weight": 1, "at_least": 1}}}}', "the number of a weight, below 1"),
        (f'{{{TWO}, "wins_if": {{"weight": 0}}}}', "found no bound"),
        (f'{{{TWO}, "wins_if": {{"weight": 0, "share_at_least": "3/2"}}}}', "found 3/2"),
        (f'{{{TWO}, "wins_if": {{"weight": 0, "share_at_least": "1/0"}}}}', "found '1/0'"),
        (f'{{{TWO}, "wins_if": {{"consent": ["A", "C"]}}}}', "wins_if.consent[1]; expected a player"),
        (f'{{{TWO}, "wins_if": {{"consent": []}}}}', "a list of players, one at least"),
        ('{"players": [{"name": "A"}, {"name": "A"}], "wins_if": {"count_at_least": 1}}', "found 'A' twice"),
        ('{"players": [{"name": "A", "weights": [-1]}], "wins_if": {"count_at_least": 1}}', "the number -1"),
        ('{"players": [{"name": "A", "weights": [1]}, {"name": "B"}], "wins_if": {"count_at_least": 1}}', "0 weights"),
        ('{"players": [{"name": "A", "weights": [0]}], "wins_if": {"weight": 0, "share_at_least": "1/2"}}', "sum is 0"),
        ('{"players": [{"name": "A", "weights": [9e30]}], "wins_if": {"count_at_least": 1}}', "a sum below"),
        ('{"players": [{"name": "A", "weights": [9e999999999]}], "wins_if": {"count_at_least": 1}}', "too many digits"),
        ('{"players": [{"name": "A", "name": "B"}], "wins_if": {"count_at_least": 1}}', "found the key 'name' twice"),
        ('{"players": [{"name": "A"}], "wins_if": ' + '{"all_of": [' * 50 + "1" + "]}" * 50 + "}", "wins_if"),
    ],
)  # fmt: skip
def test_a_fault_is_found_by_its_place(text, says):
    found = faults(text)
    assert any(says in one for one in found), found


def test_what_can_be_counted_and_deserves_a_look_is_a_finding():
    rules = ('"wins_if": {"count_at_least": 3}', '"source": "s", "wins_if": {"against_at_most": 2}')
    text = "[" + ", ".join(f"{{{TWO}, {rule}}}" for rule in rules) + "]"
    impossible, trivial = read_games("g.json", text.encode())
    found = {str(one.found) for one in impossible.findings}
    assert found == {"weights without a source", "a rule that nobody can satisfy"}
    assert [one.found for one in trivial.findings] == ["a rule that holds without anybody"]
    assert power.power(impossible.game).winning == (0, 0, 0)
    assert blocking_sets(impossible.game) == {0: 1}
    assert blocking_sets(trivial.game) == {}


def test_decimals_are_taken_as_written():
    text = '{"players": [{"name": "A", "weights": [0.1]}, {"name": "B", "weights": [0.2]}], "source": "s", '
    (read,) = read_games("g.json", (text + '"wins_if": {"weight": 0, "at_least": 0.3}}').encode())
    assert sum(power.power(read.game).winning) == 1
