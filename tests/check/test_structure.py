"""A rule as a game says of every coalition what the rule itself says when the others keep silent."""

from __future__ import annotations

from itertools import combinations
from typing import get_args

import pytest

from foedus.acts import Event
from foedus.check.blocking import blocking_sets
from foedus.check.structure import game_of, ruled
from foedus.compact import operators
from foedus.compact.clauses import Clauses
from foedus.compact.loader import load
from foedus.compact.model import Rule
from foedus.compact.references import EVENT_NAMES
from tests.plays import MARE


@pytest.mark.parametrize("name", [MARE, "vienna-2011"])
def test_a_game_wins_when_its_rule_holds(name):
    clauses = Clauses.of(load(name))
    every = [clause for one in clauses.provisions for clause in one.operates]
    rules = [rule for clause in every if isinstance(rule := getattr(clause, "rule", None), Rule)]
    assert rules
    for rule in rules:
        roll = tuple(sorted(clauses.members("guarantors")))[:6]
        game = game_of(clauses, rule, roll)
        for size in range(len(roll) + 1):
            for members in combinations(range(len(roll)), size):
                yes = frozenset(roll[one] for one in members)
                silent_objects = frozenset(roll) - yes
                holds = operators.holds(rule, clauses, frozenset(roll), yes, silent_objects, members=clauses.members)
                assert game.wins(frozenset(members)) == holds, (rule, yes)


def test_no_guarantor_alone_blocks_a_meeting_of_the_kyiv_text():
    rules = {(one.provision, one.what): one.game for one in ruled(Clauses.of(load("kyiv-2022")))}
    sizes = blocking_sets(rules["P10.quorum", "quorum"])
    assert sizes is not None
    heads = sum(rules["P10.quorum", "quorum"].tables[0])
    assert min(sizes) == heads - heads // 2
    assert set(blocking_sets(rules["P14.amend", "adoption"]) or {}) == {1}


def test_a_guarantee_may_ask_for_every_event_there_is():
    assert {kind.__name__ for kind in get_args(Event)} == EVENT_NAMES
