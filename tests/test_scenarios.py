"""Every scenario on the compact it names; the generic ones on every compact that has names for them."""

from __future__ import annotations

import pytest

from foedus.depositary import Depositary
from foedus.record.store import open_store
from tests.scenario import played
from tests.scenario_acts import seed_of
from tests.scenario_text import Scenario, scenarios

SCENARIOS = scenarios()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_scenario(scenario: Scenario, tmp_path):
    folder = tmp_path / "record"
    run = played(scenario, store=lambda clock: open_store(folder, clock=clock, create=True))
    live = run.depositary.state
    run.depositary.store.close()
    again = Depositary.open(folder, seed=seed_of("depositary"))
    assert again.state == live, "what the entries add up to is not what the acts left"
    again.store.close()
