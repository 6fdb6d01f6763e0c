"""What if on the console: acts supposed in a fork, with what is different, and nothing recorded."""

from __future__ import annotations

import pytest

from foedus.response.acts import RecordPresence
from tests.web.live_record import Live
from tests.web.live_record import console as live_console
from tests.web.small_exercise import Small, console


@pytest.fixture
def small(tmp_path):
    return Small(tmp_path / "record")


def test_an_attack_opens_deadlines_and_clauses_and_nothing_is_recorded(small):
    size = small.depositary.state.size
    with console(small) as reader:
        shown = reader.words("/what-if?attack=yes")
        assert "SUPPOSED." in shown
        for said in ("the time to convene (R-1)", "R-1 is closed: the time to decide is over", "Ukraine and Poland"):
            assert said in shown
        view = reader.get("/what-if?attack=yes&format=json").json()
        steps = [row["act"] for row in view["tables"]["steps"]]
        assert steps[:2] == ["ReportIncident", "Activate"]
        assert "RecordLapse" in steps
        assert view["tables"]["owed"] == [], "nobody agreed to anything in advance"
        assert "Припустімо: напад" in reader.sits("", "uk").words("/what-if?attack=yes")
    assert small.depositary.state.size == size
    assert not small.depositary.state.response.incidents


def test_what_runs_out_in_any_case_is_not_shown_as_different(small):
    small.activate()
    with console(small) as reader:
        shown = reader.words("/what-if?withdraws=POL")
        assert "Poland gives notice" in shown
        assert "the parties meeting" not in shown
        lines = shown.partition("Step by step")[2]
        assert "R-1" not in lines.partition("What was owed before")[0]


def test_a_past_state_is_forked_too(small):
    before = small.at
    small.later(hours=1)
    small.activate()
    small.later(hours=1)
    small.do("POL/delegation", RecordPresence("R-1", True))
    at = before.isoformat().replace("+00:00", "Z")
    with console(small) as reader:
        now = reader.get("/what-if?attack=yes&format=json").json()
        then = reader.get(f"/what-if?attack=yes&at={at}&format=json").json()
        assert any("R-2" in row["deadline"] for row in now["tables"]["due"])
        assert all("R-1" in row["deadline"] for row in then["tables"]["due"] if "step" in row["deadline"])


@pytest.mark.parametrize("query", ["withdraws=ZZZ", "refuses=POL+EUE/none", "hours=7", "refuses=x"])
def test_what_nobody_could_do_is_refused(small, query):
    with console(small) as reader:
        assert reader.get(f"/what-if?{query}").status_code == 400


def test_a_live_record_answers_it_too(tmp_path):
    live = Live(tmp_path)
    with live_console(live.depositary) as client:
        answer = client.get("/what-if")
        assert answer.status_code == 200
        assert client.get("/what-if?attack=yes").status_code == 200
    live.depositary.close()
