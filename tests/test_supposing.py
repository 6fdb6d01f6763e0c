"""What if: a fork of the state shows what would follow, and leaves the record as it is."""

from __future__ import annotations

import pytest

from foedus.errors import Malformed
from foedus.supposing import Supposed, read_suppositions, suppose
from tests.plays import HOUR, staged

ATTACK = Supposed(
    "UKR/duty",
    {"act": "ReportIncident", "kind": "armed_attack", "territory": "UA", "occurred_from": "2031-03-01T00:00:00Z"},
    evidence=1,
)


@pytest.fixture
def play(tmp_path):
    play = staged("kyiv-2022", "signed", tmp_path / "record")
    yield play
    play.close()


def activate(play) -> Supposed:
    number = len(play.state.response.incidents) + 1
    return Supposed("UKR/head", {"act": "Activate", "incident": f"I-{number}"}, "PT1H", ("UKR/foreign",))


def test_an_attack_tonight_opens_clocks_and_clauses_and_nothing_is_recorded(play):
    before = play.state
    found = suppose(play.clauses, play.state, play.at, [ATTACK, activate(play)], play.at + 2 * HOUR)
    assert play.depositary.state is before
    assert play.depositary.store.size() == before.size
    assert [step.refused for step in found.steps if step.seat.startswith("UKR")] == [None, None]
    (response,) = set(found.then.response.responses) - set(found.now.response.responses)
    steps = {one.id for one in found.due}
    assert {f"{response}/step/acknowledge", f"{response}/step/convene", f"{response}/step/decide"} <= steps
    assert set(found.owed) == {
        f"{response}/{owed.measure}/{party}"
        for owed in found.then.response.responses[response].owed
        for party in owed.parties
    }


def test_time_passes_on_and_what_nobody_does_lapses(play):
    found = suppose(play.clauses, play.state, play.at, [ATTACK, activate(play)], play.at + 80 * HOUR)
    lapsed = [type(event).__name__ for step in found.steps for event in step.events if step.seat == "depositary"]
    assert "ConveningFailed" in lapsed
    assert "ResponseDecided" in lapsed
    assert [step.at for step in found.steps] == sorted(step.at for step in found.steps)


def test_what_the_compact_forbids_is_said_with_its_clause(play):
    found = suppose(
        play.clauses, play.state, play.at, [Supposed("GBR/duty", {"act": "Activate", "incident": "I-1"})], play.at
    )
    assert found.steps[0].refused is not None
    assert found.steps[0].refused.clause
    assert found.then.response == found.now.response


@pytest.mark.parametrize("seat", ["UKR/nobody", "XXX/head", "UKR", "depositary"])
def test_who_is_nobody_is_named(play, seat):
    with pytest.raises(Malformed, match=f"{seat} is no seat"):
        suppose(play.clauses, play.state, play.at, [Supposed(seat, {"act": "Activate", "incident": "I-1"})], play.at)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        "- seat: UKR/duty",
        "- {seat: UKR/duty, body: {act: Explode}}",
        "\t- x",
        "- {seat: 1, body: {}}",
        "[" * 5000,
        "- 2026-13-45",
        "- !!bool maybe",
        '- "\\U00110000"',
    ],
)
def test_a_file_that_is_no_list_of_acts_is_refused(tmp_path, text):
    path = tmp_path / "suppose.yaml"
    path.write_text(text)
    with pytest.raises(Malformed):
        read_suppositions(path)
    with pytest.raises(Malformed):
        read_suppositions(tmp_path / "absent.yaml")
