"""Who belongs to a group, asked of a whole roll at once: the same as asked of each party."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from foedus.history import Dated
from foedus.parties.authority import belongs, is_present, of_roll
from foedus.state import State
from tests.plays import staged


def withdrawn(state: State, instrument: str, party: str) -> State:
    """The state in which the party has left, and its tier is still known."""
    key = f"{party} {instrument}"
    standing = state.parties.standings[key]
    left = replace(standing, statuses=(*standing.statuses, Dated("withdrawn", standing.place)))
    return replace(state, parties=replace(state.parties, standings=state.parties.standings.insert(key, left)))


@pytest.mark.parametrize("name", ["mare-2030", "kyiv-2022"])
@pytest.mark.parametrize("how_many", [0, 2])
def test_a_roll_is_asked_at_once_as_each_party_is(name, how_many, tmp_path):
    play = staged(name, "activated", tmp_path / "record")
    clauses, state, roll = play.clauses, play.state, play.state.response.responses["R-1"].roll
    for party in roll[:how_many]:
        state = withdrawn(state, clauses.compact.id, party)
        assert not is_present(clauses, state, party)
    groups = [
        "parties",
        "guarantors",
        "named",
        "protected",
        *clauses.groups,
        *(one.id for one in clauses.compact.parties),
    ]
    for group in groups:
        each = {party for party in roll if belongs(clauses, state, party, group, bound=True)}
        assert of_roll(clauses, state, roll, [group]) == each, group
    both = {party for party in roll if any(belongs(clauses, state, party, one, bound=True) for one in groups[4:6])}
    assert of_roll(clauses, state, roll, groups[4:6]) == both
    assert of_roll(clauses, state, roll, []) == set()
    play.close()
