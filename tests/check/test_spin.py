"""A second opinion: Spin, with a model written from the clauses alone, finds as many states as the explorer."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from foedus.check.explore import Explorer
from foedus.check.explored import Limits
from foedus.check.situation import Situation, after, chosen, situation
from foedus.compact import model
from foedus.compact.duration import Duration
from foedus.compact.loader import load
from foedus.compact.model import Compact
from tests.check.promela import ACTS, promela
from tests.check.test_guarantees import deleted, instead
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


def stored(source: str, folder: Path) -> int:
    """How many states Spin reaches. It keeps variables that are never read, and searches without reduction."""
    found = find()
    assert found is not None
    (folder / "model.pml").write_text(source)
    said = ""
    for command in (
        [found[0], "-o2", "-a", "model.pml"],
        [found[1], "-O1", "-w", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"],
        ["./pan", "-E", "-n", "-m200000"],
    ):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        said = done.stdout
        assert done.returncode == 0, said + done.stderr
    assert "errors: 0" in said, said
    assert "max search depth too small" not in said
    number = re.search(r"(\d+) states, stored", said)
    assert number is not None, said
    return int(number[1])


@pytest.mark.slow
@pytest.mark.skipif(find() is None and os.environ.get("CI") != "true", reason=HOW)
@pytest.mark.parametrize("guarantors", [2, 4])
@pytest.mark.parametrize("text", TEXTS)
def test_spin_reaches_as_many_states(text, guarantors, tmp_path):
    start = begun(TEXTS[text](), guarantors)
    found = Explorer(start, [], Limits(frozenset(ACTS), reduce=False)).run()
    assert found.complete
    assert stored(promela(start), tmp_path) == found.states


def test_a_model_is_of_its_text():
    one = promela(begun(load("kyiv-2022"), 2))
    assert one != promela(begun(TEXTS["failing to convene ends it"](), 2))
    assert "left_convene = 1440" in one
