"""Stories of what if: made from the clauses and the seats, for any agreement."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foedus import stories
from foedus.errors import Refused
from foedus.supposing import suppose
from tests.plays import staged


@pytest.fixture(params=["kyiv-2022", "mare-2030"])
def play(request, tmp_path):
    play = staged(request.param, "signed", tmp_path / "record")
    yield play
    play.close()


def test_an_attack_is_reported_and_activated_by_whoever_may(play):
    acts = stories.attack(play.clauses, play.state, play.at)
    assert [one.body["act"] for one in acts] == ["ReportIncident", "Activate"]
    found = suppose(play.clauses, play.state, play.at, acts, play.at + timedelta(hours=1))
    assert [step.refused for step in found.steps] == [None, None]
    assert set(found.then.response.responses) - set(found.now.response.responses)


def test_who_has_given_notice_gives_none_again(play):
    able = stories.withdrawable(play.clauses, play.state, play.at)
    assert able
    acts = stories.withdrawal(play.clauses, play.state, play.at, able[0])
    then = suppose(play.clauses, play.state, play.at, acts, play.at).then
    assert able[0] not in stories.withdrawable(play.clauses, then, play.at)
    with pytest.raises(Refused):
        stories.withdrawal(play.clauses, then, play.at, able[0])


def test_a_refused_renewal_fails_and_the_regime_ends(tmp_path):
    from foedus.exercise import build

    depositary = build(tmp_path / "demo")
    clauses, state, at = depositary.clauses, depositary.state, depositary.now()
    able = stories.refusable(clauses, state)
    assert able
    party, regime = able[0]
    found = suppose(clauses, state, at, stories.refusal(clauses, state, at, party, regime), at + timedelta(days=365))
    assert [type(step.body).__name__ for step in found.steps if step.refused] == ["RenewRegime"]
    assert found.then.sanctions.regimes[regime].lapsed
    assert not state.sanctions.regimes[regime].lapsed
    depositary.close()
