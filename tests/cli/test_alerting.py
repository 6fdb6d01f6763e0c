"""Alerts, contacts and drills on the command line, as an operator meets them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from foedus.alerts.watchdog import Watchdog
from tests.alerts.sinks import http, smtp
from tests.drills.plans import written

if TYPE_CHECKING:
    from foedus.remote import Remote

PEOPLE = """seat,name,channel,address,language,pin
POL/duty,Ewa,mail,ewa@pl.example,uk,482913
POL/duty,Ewa,webhook,URL/ewa,uk,482913
"""


@pytest.fixture
def servers():
    with smtp() as box, http() as calls:
        yield box, calls


def settings(folder: Path, box, exercise: str = "true") -> Path:
    (folder / "secret").write_text("s3cret\n")
    (folder / "secret").chmod(0o600)
    path = folder / "alerts.yaml"
    relay = f"{{host: 127.0.0.1, port: {box.port}, starttls: never, sender: drill@foedus.example}}"
    path.write_text(f"exercise: {exercise}\nmail: {relay}\nwebhook: {{secret_file: secret}}\n")
    return path


def test_from_a_list_of_people_to_a_seat_that_can_be_reached(foedus, exercise, tmp_path, servers):
    box, calls = servers
    config, people = settings(tmp_path, box), tmp_path / "people.csv"
    people.write_text(PEOPLE.replace("URL", calls.url))
    assert "`foedus contacts import` takes a list" in foedus("contacts", "list", exercise, "--config", config).line
    taken = foedus.json("contacts", "import", people, exercise, "--config", config)
    assert (taken["people"], taken["channels"]) == (1, 2)
    assert (config.parent / "deliveries.db").stat().st_mode & 0o077 == 0
    assert "pl.example" not in foedus("contacts", "list", exercise, "--config", config).out
    # In a process of its own, as it listens to signals.
    command = [sys.executable, "-m", "foedus", "alerts", "run", str(exercise), "--config", str(config), "--once"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    (test_mail,) = [mail for mail in box.mails if "X-Foedus-Alert" in mail and taken["test"] in mail["X-Foedus-Alert"]]
    body = test_mail.get_body()
    assert body is not None
    codes = re.findall(r"Ваш код: (\w+)", body.get_content())
    codes += re.findall(r"код: (\w+)", next(b for p, _, b in calls.found if taken["test"].encode() in b).decode())
    pin = tmp_path / "pin"
    pin.write_text("482913\n")
    pin.chmod(0o600)
    for code in codes:
        assert foedus("alerts", "confirm", exercise, code, "--config", config, "--pin-file", pin).status == 0
    assert "give --pin-file FILE" in foedus("alerts", "confirm", exercise, codes[0], "--config", config).line
    assert foedus("alerts", "confirm", exercise, "AAAAAAAA", "--config", config, "--pin-file", pin).status == 1
    status = foedus.json("alerts", "status", exercise, "--config", config)
    assert [one["seat"] for one in status["seats"] if one["ready"]] == ["POL/duty"]
    assert [(one["sent"], one["confirmed"]) for one in status["tests"]] == [(1, 1)]
    assert "POL/head" in foedus("alerts", "status", exercise, "--config", config).out
    assert foedus("alerts", "test", exercise, "--config", config, "--seat", "POL/duty").status == 0


def test_what_is_wrong_is_said_with_what_to_do(foedus, exercise, tmp_path, servers):
    box, _ = servers
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE.replace("POL/duty,Ewa,mail", "POL/cook,Ewa,mail").replace("URL", "https://a.example"))
    config = settings(tmp_path, box)
    assert "row 2, column seat" in foedus("contacts", "import", people, exercise, "--config", config).line
    assert "Nobody can be told yet" in foedus("contacts", "list", exercise, "--config", config).out
    config = settings(tmp_path, box, "false")
    assert "share neither" in foedus("alerts", "run", exercise, "--config", config, "--once").line
    config.write_text("exercise: true\nmial: {}\n")
    assert "mial" in foedus("alerts", "status", exercise, "--config", config).line
    assert foedus("alerts", "status", exercise, "--config", tmp_path / "no.yaml").status == 2


def test_a_watchdog_says_when_a_record_is_silent(foedus, unused_port, servers):
    _, calls = servers
    url = f"http://127.0.0.1:{unused_port}"
    ran = foedus("watchdog", url, "--once", "--tell", f"{calls.url}/pager")
    assert ran.status == 1
    assert "is SILENT" in ran.out
    ((path, _, body),) = calls.found
    assert (path, b"silent" in body) == ("/pager", True)
    assert "one look cannot say" in foedus("watchdog", url, "--once", "--advances", "PT1H").line
    assert "немає зв’язку" in foedus("watchdog", url, "--once", "--lang", "uk").line


def test_what_has_never_answered_is_not_said_to_answer():
    def nothing(*_: object) -> None:
        return None

    time, server = [0.0], SimpleNamespace(url="https://record.example", get=nothing)
    watch = Watchdog(cast("Remote", server), 180.0, None, ticks=lambda: time[0])
    assert watch.look().what == "unheard"
    time[0] = 180.0
    assert watch.look().what == "silent"


def test_a_drill_by_lot_and_what_is_refused(foedus, exercise, tmp_path):
    plan = written(tmp_path)
    found = foedus.json("drill", plan, tmp_path / "lots", "--simulate", 200)
    assert (found["drills"], sum(found["bins"])) == (200, 200)
    assert "EXERCISE" in (tmp_path / "lots/quorum.svg").read_text("utf-8")
    assert "is not empty" in foedus("drill", plan, exercise).line
    assert "no exercise was built here" in foedus("no-play", tmp_path).line
    said = foedus("no-play", exercise, "--because", "a real attack")
    assert (said.status, "there is nothing to stop" in said.line) == (1, True)
    assert not (Path(exercise) / "NO-PLAY").exists()


def test_what_if_records_nothing(foedus, exercise, tmp_path):
    before = foedus.json("verify", exercise)["size"]
    acts = tmp_path / "suppose.yaml"
    acts.write_text(
        "- seat: UKR/duty\n  evidence: 1\n  body: {act: ReportIncident, kind: armed_attack, territory: UA,"
        ' occurred_from: "2026-01-01T00:00:00Z"}\n'
        "- {seat: UKR/head, also: [UKR/foreign], at: PT1H, body: {act: Activate, incident: I-3}}\n"
        "- {seat: GBR/duty, at: PT2H, body: {act: Activate, incident: I-3}}\n"
    )
    found = foedus.json("what-if", exercise, "--suppose", acts, "--hours", 2)
    assert {"R-3/step/convene", "R-3/step/decide"} <= {one["deadline"] for one in found["due"]}
    assert [one["refused"] is not None for one in found["steps"] if one["seat"] == "GBR/duty"] == [True]
    said = foedus("what-if", exercise, "--suppose", acts, "--hours", 2, "--lang", "uk")
    assert "ПРИПУЩЕННЯ" in said.out
    assert foedus.json("verify", exercise)["size"] == before
