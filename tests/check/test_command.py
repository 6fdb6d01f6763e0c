"""`foedus check`: what it answers, in lines and as data, and how it fails."""

from __future__ import annotations

import json

import pytest

from foedus.acts import decode_entry
from foedus.check import levels
from foedus.cli import run
from foedus.compact.loader import bundled
from foedus.depositary import Depositary

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


def test_a_game_too_large_is_refused_by_name_and_the_others_are_counted(capsys, tmp_path, monkeypatch):
    weights = [[at * 7 % 11 + 5, at * 5 % 13 + 4] for at in range(14)]
    large = {
        "game": "large",
        "source": "made up",
        "players": [{"name": f"P{at}", "weights": row} for at, row in enumerate(weights)],
        "wins_if": {"all_of": [{"weight": one, "share_at_least": "3/5"} for one in (0, 1)]},
    }
    file = tmp_path / "games.json"
    file.write_text(json.dumps([large, GAME]), "utf-8")
    assert ran(capsys, "check", "--games", file)[0] == 0
    monkeypatch.setattr(levels, "MOST_STATES", 10)
    status, out, _ = ran(capsys, "check", "--games", file)
    assert status == 1
    assert "large: 14 players\nNot counted: 14 players under this rule are more than can be counted exactly" in out
    assert "Winning coalitions: 6 of 16" in out

    def no_room(*given: object) -> None:
        raise MemoryError

    monkeypatch.setattr(levels, "_ways", no_room)
    monkeypatch.setattr(levels, "MOST_STATES", 6_000_000)
    status, out, _ = ran(capsys, "check", "--games", file, "--json")
    refused, counted = json.loads(out)["games"]
    assert status == 1
    assert (refused["game"], refused["refused"]["found"]) == ("large", {"players": 14})
    assert counted["winning_coalitions"] == 6


def test_what_the_file_expects_is_compared(capsys, tmp_path):
    file = tmp_path / "games.json"
    file.write_text(
        json.dumps(GAME | {"expected": {"winning_coalitions": 5, "swings": {"A": 6, "B": 2, "C": 2, "D": 0}}})
    )
    status, out, _ = ran(capsys, "check", "--games", file, "--json")
    assert status == 1
    assert json.loads(out)["games"][0]["differs_from_expected"] == ["winning_coalitions"]


def test_what_is_expected_under_a_name_that_nothing_has_is_told(capsys, tmp_path):
    file = tmp_path / "games.json"
    file.write_text(json.dumps(GAME | {"expected": {"winning": 6}}))
    status, out, _ = ran(capsys, "check", "--games", file)
    assert status == 0
    assert "Expected by the file and not compared, for nothing here has that name: winning." in out


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff\xfe[", "bytes that are not UTF-8"),
        (b"[" * 9_000, "lists too deep to read"),
        (json.dumps(GAME).replace("3", "1e400").encode(), "a number with too many digits"),
    ],
)
def test_games_that_cannot_be_read_say_why(capsys, tmp_path, data, told):
    file = tmp_path / "games.json"
    file.write_bytes(data)
    status, out, _ = ran(capsys, "check", "--games", file)
    assert status == 2
    assert f"{file}:1:1: found {told}" in out


def test_a_guarantee_that_cannot_be_asked_says_why_and_the_others_are_asked(capsys, tmp_path):
    text = (bundled()["istanbul-2022"] / "compact.yaml").read_text("utf-8")
    file = tmp_path / "draft.yaml"
    file.write_text(text.replace("    given: [ReportIncident]\n", "    given: [NotifySnapback]\n"), "utf-8")
    line = text[: text.index("    given: [ReportIncident]\n")].count("\n") + 1
    status, out, _ = ran(capsys, "check", file)
    assert status == 1
    assert "1. BROKEN" in out
    assert "2. NOT SHOWN" in out
    assert "nobody may perform “Notify that commitments are not performed” here" in out
    assert f"{file}:{line}:" in out
    assert ran(capsys, "check", file, "--story", 3)[0] == 2


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


RIO = "rio-1947"


def test_a_story_is_played_as_an_exercise(capsys, tmp_path):
    """The record that comes of it holds the very events of the story."""
    folder = tmp_path / "played"
    status, out, _ = ran(
        capsys, "check", "budapest-1994", "--guarantors", 3, "--story", 1, "--play", folder, "--json"
    )  # fmt: skip
    assert status == 1
    told = json.loads(out)["guarantees"][0]["story"]
    status, out, _ = ran(capsys, "timeline", folder)
    assert status == 0
    assert "EXERCISE" in out or "exercise" in out
    opened = Depositary.open(folder)
    entries = [decode_entry(data) for data in opened.store.entries(0)]
    opened.close()
    story = [event for step in told for event in step["events"]]
    assert [type(event).__name__ for entry in entries for event in entry.events][-len(story) :] == story
    assert ran(capsys, "check", "budapest-1994", "--play", folder)[0] == 2


def test_two_drafts_are_told_apart(capsys, tmp_path):
    """Not which words changed but what they change: the blocking minority, who blocks alone, the longest time."""
    text = (bundled()[RIO] / "compact.yaml").read_text("utf-8")
    draft = text.replace("mode: vote, rule: {share: {at_least: 2/3}}", "mode: vote, rule: {consent: [guarantors]}")
    draft = draft.replace("within: P30D", "within: P60D")
    file = tmp_path / "draft.yaml"
    file.write_text(draft, "utf-8")
    _, out, _ = ran(capsys, "check", file, "--against", RIO, "--json")
    found = {(one["what"], one["id"]): (one["was"], one["is"]) for one in json.loads(out)["differences"]}
    was, now = found["blockers", "17 decision whole"]
    assert (was["smallest_blocking_sets_by_size"], was["block_alone"]) == ({"6": 27_132}, [])
    assert now["smallest_blocking_sets_by_size"] == {"1": 19}
    assert found["worst_times", "decide"] == (30 * 86_400, 60 * 86_400)
    assert found["guarantees", "alone"][0]["holds"] is True
    assert found["guarantees", "alone"][1] == {"holds": False, "prevented_by": "ARG"}
    assert ("power", "17 decision whole") in found
    assert set(json.loads(out)["provisions_changed"]) == {"13", "17"}
    _, out, _ = ran(capsys, "check", file, "--against", RIO)
    assert "longest time, decide: 30 days → 60 days" in out
    assert "alone: holds → broken (ARG)" in out
    _, out, _ = ran(capsys, "check", RIO, "--against", RIO)
    assert "Nothing is otherwise" in out
    _, out, _ = ran(capsys, "check", file, "--against", RIO, "--lang", "uk")
    assert "найдовший строк" in out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rio-1947", "Not played: that parties to a dispute do not vote."),
        ("budapest-1994", "Not played: what a body outside the text decides."),
    ],
)
def test_what_is_only_counted_is_said_to_be(capsys, name, said):
    _, out, _ = ran(capsys, "check", name, "--states", 5)
    assert said in out
    assert "Not played" not in ran(capsys, "check", "nato-1949", "--states", 5)[1]
    (everywhere,) = json.loads(ran(capsys, "check", "nato-1949", "--states", 5, "--json")[1])["limits"]
    assert everywhere.startswith("Left out everywhere: ")
