"""A second opinion: Spin, with a model written from the clauses alone, finds as many states as the explorer."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from foedus.check.explore import Explorer
from foedus.check.explored import Limits
from foedus.check.situation import Situation, after, chosen, situation
from foedus.check.verdicts import watch
from foedus.compact import model
from foedus.compact.duration import Duration
from foedus.compact.loader import load
from foedus.compact.model import Compact
from tests.check import promela_sanctions as sanctions
from tests.check.promela import ACTS, MEETING, promela
from tests.check.test_guarantees import changed, deleted, instead
from tools.second_opinions import HOW, find

GIVEN = ("ReportIncident", "AddEvidence")
MORE = model.Rule(all_of=(model.Rule(count=model.Count(at_least=2)), model.Rule(consent=("USA",))))
TEXTS = {
    "as it is": lambda: load("kyiv-2022"),
    "no quorum clause": lambda: deleted("P10.quorum", model.Quorum),
    "two, and one of them by name": lambda: instead("P10.quorum", model.Quorum, rule=MORE),
    "failing to convene ends it": lambda: instead("P10.convene", model.Clock, on_lapse="ends"),
    "nobody decides": lambda: deleted("P10.decide", model.Clock),
    "time to decide from the meeting": lambda: instead("P10.decide", model.Clock, starts_on="convened"),
    "an hour less": lambda: instead("P10.decide", model.Clock, within=Duration.parse("PT23H")),
    "nobody may ask while the protected state is silent": lambda: deleted("P10.silence", model.Permit),
    "Istanbul": lambda: load("istanbul-2022"),
    "Rio": lambda: load("rio-1947"),
}


def begun(compact: Compact, guarantors: int) -> Situation:
    """With every party told from every other: Spin merges none."""
    start = situation(compact, chosen(compact, guarantors))
    given = tuple(act for act in GIVEN if any(name == act for _, name in start.speaks))
    start = after(start, given, None)
    return replace(start, classes=tuple((party,) for party in start.parties))


def searched(source: str, folder: Path, *options: str) -> str:
    """What Spin says of a model. It keeps variables that are never read, and searches without reduction.

    Its program is compiled as it stands: it runs for a tenth of a second, and making it faster takes longer.
    """
    found = find()
    assert found is not None
    (folder / "model.pml").write_text(source)
    said = ""
    for command in (
        [found[0], "-o2", "-a", "model.pml"],
        [found[1], "-O0", "-w", "-DSAFETY", "-DNOREDUCE", *options, "-o", "pan", "pan.c"],
        ["./pan", "-E", "-n", "-m200000"],
    ):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        said = done.stdout
        assert done.returncode == 0, said + done.stderr
    assert "max search depth too small" not in said
    return said


def stored(source: str, folder: Path) -> int:
    """How many states Spin reaches."""
    said = searched(source, folder)
    assert "errors: 0" in said, said
    number = re.search(r"(\d+) states, stored", said)
    assert number is not None, said
    return int(number[1])


spin = pytest.mark.skipif(find() is None and os.environ.get("CI") != "true", reason=HOW)


@pytest.mark.slow
@spin
@pytest.mark.parametrize("guarantors", [2, 4])
@pytest.mark.parametrize("text", TEXTS)
def test_spin_reaches_as_many_states_until_the_meeting(text, guarantors, tmp_path):
    start = begun(TEXTS[text](), guarantors)
    found = Explorer(start, [], Limits(frozenset(MEETING), reduce=False)).run()
    assert found.complete
    assert stored(promela(start, MEETING), tmp_path) == found.states


@pytest.mark.slow
@spin
@pytest.mark.parametrize(
    ("text", "guarantors"), [*((text, 1) for text in TEXTS), ("as it is", 2), ("Rio", 2), ("Istanbul", 3)]
)
def test_spin_reaches_as_many_states_until_the_decision(text, guarantors, tmp_path):
    start = begun(TEXTS[text](), guarantors)
    found = Explorer(start, [], Limits(frozenset(ACTS), reduce=False)).run()
    assert found.complete
    assert stored(promela(start), tmp_path) == found.states


@pytest.mark.slow
@spin
@pytest.mark.parametrize(
    ("text", "guarantors"),
    [("as it is", 2), ("nobody decides", 1), ("Istanbul", 1), ("Istanbul", 3), ("Rio", 1), ("Rio", 2), ("Rio", 3)],
)
def test_spin_finds_as_short_a_way_to_a_measure_that_is_carried_or_none(text, guarantors, tmp_path):
    start = begun(TEXTS[text](), guarantors)
    carried = watch(model.Reachable(event="ResponseDecided", where="carried"), start.clauses)
    found = Explorer(start, [carried], Limits(frozenset(ACTS))).run()
    said = searched(promela(start, never_carried=True), tmp_path, "-DBFS")
    depth = re.search(r"assertion violated .*\(at depth (\d+)\)", said)
    shown = found.shown[0]
    assert (depth is None) == (shown is None) == (text == "nobody decides")
    if depth is not None and shown is not None:
        assert int(depth[1]) + 1 == len(found.story(shown))  # Spin counts from nought


# --- snapback on notice -----------------------------------------------------------------------------------------------

TWO = model.Rule(count=model.Count(at_least=2, group="council"))
STOPS: dict[str, dict[str, Any]] = {
    "nine votes": {},
    "two votes, no permanent member against": {
        "stopped_by": model.Rule(all_of=(TWO, model.Rule(no_objection="permanent")))
    },
    "two votes": {"stopped_by": TWO},
    "more than half of those who vote": {
        "stopped_by": model.Rule(share=model.Share(more_than=Fraction(1, 2), of="cast"))
    },
    "with the consent of France": {"stopped_by": model.Rule(consent=("FRA",))},
    "nothing stops it": {"stopped_by": None},
    "ten days to the hour": {"after": Duration.parse("P10D"), "whole_days": False, "stopped_by": TWO},
}  # fmt: skip


def notice(stops: str, day: str) -> Situation:
    """Three members of the Council, all under relief, on the day."""
    text = load("unsc-2231-2015")
    compact = changed(lambda _, one: replace(one, **STOPS[stops]) if type(one) is model.Snapback else one, text)
    start = situation(compact, ("FRA", "GBR", "DNK"), None, date.fromisoformat(day))
    start = after(start, ("AdoptSchedule", "GrantRelief"), None)
    return replace(start, classes=tuple((party,) for party in start.parties))


@pytest.mark.slow
@spin
@pytest.mark.parametrize("day", ["2025-08-28", "2025-09-17", "2025-09-19"])
@pytest.mark.parametrize("stops", STOPS)
def test_spin_reaches_as_many_states_after_a_notice_and_stops_it_as_soon(stops, day, tmp_path):
    start = notice(stops, day)
    stopped = watch(model.Reachable(event="SnapbackStopped"), start.clauses)
    limits = Limits(frozenset(sanctions.ACTS), reduce=False)
    assert stored(sanctions.promela(start), tmp_path) == Explorer(start, [], limits).run().states
    found = Explorer(start, [stopped], limits).run()
    said = searched(sanctions.promela(start, never_stopped=True), tmp_path, "-DBFS")
    depth = re.search(r"assertion violated .*\(at depth (\d+)\)", said)
    shown = found.shown[0]
    assert (depth is None) == (shown is None)
    if depth is not None and shown is not None:
        assert int(depth[1]) + 1 == len(found.story(shown))


def test_a_model_is_of_its_text():
    one = promela(begun(load("kyiv-2022"), 2))
    assert one != promela(begun(TEXTS["failing to convene ends it"](), 2))
    assert "left_convene = 1440" in one
