"""The console's page of drills: plans in words, one that is begun, watched and stopped, many by lot, and who may."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from foedus.drills.runs import Drills, Run
from foedus.verify import verify_record
from tests.drills.plans import PLAN
from tests.web.live_record import Live
from tests.web.live_record import console as live_console
from tests.web.small_exercise import Reader, Small, console, path_of, words


@pytest.fixture
def small(tmp_path):
    return Small(tmp_path / "record")


def drills(tmp_path: Path, text: str = PLAN) -> Drills:
    folder = tmp_path / "drills"
    folder.mkdir()
    (folder / "night.yaml").write_text(text)
    return Drills(folder)


def of(kept: Drills, id_: str) -> Run:
    found = kept.run(id_)
    assert found is not None
    return found


def until(holds: Callable[[], Any], seconds: float = 90) -> Any:
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.2)
    return found


def test_a_plan_is_shown_in_words(small, tmp_path):
    with console(small, drills=drills(tmp_path)) as reader:
        listed = reader.words("/drills")
        assert "Night attack" in listed
        assert "Attack at night" in listed  # the bundled one
        plan = reader.words("/drills/plan/night")
        for said in ("Ukraine, duty desk", "30 minutes", "activates the guarantees", "half of them within 25 minutes"):
            assert said in plan
        assert "Begin the drill" in plan
        assert "Почати навчання" in reader.sits("", "uk").words("/drills/plan/night")
        assert reader.get("/drills/plan/absent").status_code == 404


def test_what_is_no_plan_is_named_with_its_reason(small, tmp_path):
    with console(small, drills=drills(tmp_path, "title: 7")) as reader:
        assert "night.yaml" in reader.words("/drills")
        assert reader.get("/drills/plan/night").status_code == 400
        assert reader.post("/drills/begin", {"plan": "night", "speed": "10"}).status_code == 400


def test_a_drill_is_begun_watched_and_stopped(small, tmp_path):
    kept = drills(tmp_path)
    with console(small, drills=kept) as reader:
        begun = reader.post("/drills/begin", {"plan": "night", "speed": "200"})
        path = path_of(begun)
        assert path.startswith("/drills/run/night-drill-")
        id_ = path.rpartition("/")[2]
        size = small.depositary.state.size
        assert reader.post("/drills/begin", {"plan": "night", "speed": "200"}).status_code == 409
        until(lambda: (course := of(kept, id_).course) is not None and course.phase == "playing" and course.roll)
        shown = reader.words(path)
        assert "Is running" in shown
        assert "Acknowledged" in shown
        stopped = reader.post("/drills/stop", {"run": id_, "because": "a real attack"})
        assert stopped.status_code == 200
        until(lambda: not of(kept, id_).plays)
        ended = reader.words(path)
        assert "NO PLAY: stopped" in ended
        assert "a real attack" in ended
        assert "Party by party" in ended
        assert reader.post("/drills/stop", {"run": id_}).status_code == 409
        for name in ("report.en.html", "report.uk.html", "report.en.pdf", "report.uk.pdf", "report.json"):
            assert reader.get(f"{path}/{name}").status_code == 200
        assert reader.get(f"{path}/exercise-secret").status_code == 404
        assert reader.get(f"{path}/record.db").status_code == 404
        assert small.depositary.state.size == size, "nothing of a drill reaches the record of this console"
    found = verify_record(str(kept.folder / "runs" / id_), rules=True)
    assert found.origin != small.depositary.record.origin


def test_many_are_drawn_by_lot(small, tmp_path):
    kept = drills(tmp_path)
    with console(small, drills=kept) as reader:
        path = path_of(reader.post("/drills/begin", {"plan": "night", "drawn": "200"}))
        until(lambda: not of(kept, path.rpartition("/")[2]).plays)
        shown = reader.get(path)
        assert "A quorum within 24 h" in words(shown)
        assert "<svg" in shown.text
        rows = reader.get(f"{path}?format=csv&table=bins").text.splitlines()
        assert sum(int(row.split(",")[2]) for row in rows[1:]) == 200
        hinges = reader.get(f"{path}?format=csv&table=hinges").text
        assert "/delegation" in hinges
        for wrong in ("0", "x", "1e9", ""):
            assert reader.post("/drills/begin", {"plan": "night", "drawn": wrong}).status_code == 400


def test_only_who_runs_the_console_begins_one_and_an_onlooker_stops_none(small, tmp_path):
    kept = drills(tmp_path)
    with console(small, drills=kept) as reader:
        id_ = path_of(reader.post("/drills/begin", {"plan": "night", "speed": "100"})).rpartition("/")[2]
        away: Reader = reader
        away.client.app.state.console.base_url = "https://foedus.example"
        assert away.sits("POL/duty").post("/drills/begin", {"plan": "night", "speed": "10"}).status_code == 403
        assert "Begin the drill" not in away.words("/drills/plan/night")
        assert away.sits("").post("/drills/stop", {"run": id_}).status_code == 403
        until((of(kept, id_).folder / "exercise-secret").exists)
        assert away.sits("POL/duty").post("/drills/stop", {"run": id_, "because": "real"}).status_code == 200
        until(lambda: not of(kept, id_).plays)
        assert away.client.post("/drills/stop", data={"run": id_}).status_code == 403, "another site's form"


def test_on_a_live_record_the_word_stands_first_and_last(tmp_path):
    live = Live(tmp_path / "live")
    with live_console(live.depositary, drills=drills(tmp_path)) as client:
        for path in ("/drills", "/drills/plan/night"):
            text = client.get(path).text
            title = text.partition("<title>")[2].partition("</title>")[0]
            assert title.startswith("EXERCISE: ")
            assert title.rpartition(" · ")[0].endswith(" EXERCISE")
            main = text.partition("<main")[2].partition("</main>")[0]
            assert main.count('class="edge"') == 2
        assert client.get("/drills/run/night-drill-20270101-000000").status_code == 404
    live.depositary.close()
