"""`foedus check`: what it answers, in lines and as data, and how it fails."""

from __future__ import annotations

import json

import pytest

from foedus.cli import run
from foedus.compact.loader import bundled

GAME = {
    "game": "three",
    "source": "made up",
    "players": [{"name": name, "weights": [weight]} for name, weight in (("A", 2), ("B", 1), ("C", 1), ("D", 0))],
    "wins_if": {"weight": 0, "at_least": 3},
}


def ran(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    status = run([str(argument) for argument in arguments])
    found = capsys.readouterr()
    return status, found.out, found.err


def test_a_game_is_told(capsys, tmp_path):
    file = tmp_path / "games.json"
    file.write_text(json.dumps([GAME]), "utf-8")
    status, out, _ = ran(capsys, "check", "--games", file)
    assert status == 0
    assert "Winning coalitions: 6 of 16; power to act 37.50 %." in out
    assert "Never decisive: D." in out
    assert "6/10 (60.00 %)" in out
    status, out, _ = ran(capsys, "check", "--games", file, "--json", "--lang", "uk")
    (game,) = json.loads(out)["games"]
    assert (game["swings"], game["shapley_shubik"]["A"]) == ({"A": 6, "B": 2, "C": 2, "D": 0}, "2/3")
    assert game["smallest_blocking_sets_by_size"] == {"1": 1, "2": 1}
    assert game["smallest_blocking_sets"] == [["A"]]


def test_what_the_file_expects_is_compared(capsys, tmp_path):
    file = tmp_path / "games.json"
    file.write_text(
        json.dumps(GAME | {"expected": {"winning_coalitions": 5, "swings": {"A": 6, "B": 2, "C": 2, "D": 0}}})
    )
    status, out, _ = ran(capsys, "check", "--games", file, "--json")
    assert status == 1
    assert json.loads(out)["games"][0]["differs_from_expected"] == ["winning_coalitions"]


def test_numbers_of_any_size_are_written(capsys, tmp_path):
    file = tmp_path / "games.json"
    players = [{"name": f"P{number}"} for number in range(70)]
    file.write_text(json.dumps({"source": "made up", "players": players, "wins_if": {"count_at_least": 1}}))
    status, out, _ = ran(capsys, "check", "--games", file, "--json")
    assert status == 0
    assert json.loads(out)["games"][0]["winning_coalitions"] == 2**70 - 1


def test_faults_are_findings(capsys, tmp_path):
    file = tmp_path / "games.json"
    file.write_text(json.dumps(GAME | {"wins_if": {"weight": 0, "share_at_least": "3/2"}}), "utf-8")
    status, out, _ = ran(capsys, "check", "--games", file)
    assert status == 2
    assert "found 3/2 in wins_if.share_at_least" in out
    assert ran(capsys, "check")[0] == 2
    assert ran(capsys, "check", "x", "--games", file)[0] == 2


@pytest.mark.slow
def test_a_text_is_told(capsys, tmp_path):
    whole = (bundled()["kyiv-2022"] / "compact.yaml").read_text("utf-8")
    text, _, asked = whole.partition("\nguarantees:\n")
    only = asked.split("  - id: ends-extended")[0]
    file = tmp_path / "compact.yaml"
    file.write_text(
        f"{text}\nguarantees:\n{only}".replace("within: PT72H, starts_on: request", "within: PT80H, starts_on: request")
    )
    status, out, _ = ran(capsys, "check", file, "--guarantors", 1)
    assert status == 1
    assert "1. BROKEN: Every response ends in a recorded outcome within 72 hours." in out
    assert "T+0:00" in out
    assert "[P10.two-seats]" in out
    status, out, _ = ran(capsys, "check", file, "--guarantors", 1, "--json", "--lang", "uk")
    (verdict,) = json.loads(out)["guarantees"]
    assert verdict["holds"] is False
    assert verdict["story"][0]["act"] == "ReportIncident"
    file.write_text(file.read_text().replace("event: ResponseOpened", "event: ResponseOpend"))
    status, out, _ = ran(capsys, "check", file)
    assert (status, "did you mean 'ResponseOpened'?" in out) == (2, True)
