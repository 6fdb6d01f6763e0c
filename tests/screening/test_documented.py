"""docs/screening.md says what is so: its examples, its features, its default threshold."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from foedus.screening import THRESHOLD, Match, Record, compare
from foedus.screening.score import FEATURES
from foedus.threshold_guide import Level, levels, svg

PAGE = (Path(__file__).parents[2] / "docs/screening.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| (.+?) · (.+?) \| (0\.\d{4}) \| (.+?) \|$", PAGE, re.MULTILINE)
BODIES = ("ООО", "LLC", "PJSC")


def record(text: str) -> Record:
    """`Ivan Petrov, 1960-03-01`: a name, and a date where there is one."""
    name, _, date = text.rpartition(", ") if text[-2:].isdigit() else (text, "", "")
    kind = "organisation" if any(form in name for form in BODIES) else "person"
    return Record("1", (name,), kind, dates=(date,) if date else ())


def said(match: Match) -> list[str]:
    return [f"{reason.code} {reason.points:+.4f}".replace("-", "−") for reason in match.reasons]


@pytest.mark.parametrize(("one", "other", "score", "because"), EXAMPLES)
def test_an_example_comes_out_as_it_says(one, other, score, because):
    match = compare(record(one), record(other))
    assert match.score == float(score)
    assert [re.sub(r" \(.*\)", "", part) for part in because.split(" · ")] == said(match)


def test_there_are_examples():
    assert len(EXAMPLES) >= 6


def test_every_feature_stands_there_with_its_part():
    parts = dict(re.findall(r"^\| `(\w+)` \| .* \| (0\.\d+) \|$", PAGE, re.MULTILINE))
    assert {code: float(part) for code, part in parts.items()} == {one.code: one.part for one in FEATURES[1:]}


def test_the_guide_s_table_and_picture_are_those_of_the_product():
    rows = re.findall(
        r"^\| \**([\d.]+)\**(?: \(default\))? \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.MULTILINE
    )
    assert [Level(*map(float, row)) for row in rows] == levels()
    assert (Path(__file__).parents[2] / "docs/thresholds.svg").read_text("utf-8") == svg(THRESHOLD)


def test_the_guide_shows_what_the_default_promises():
    (default,) = [one for one in levels() if one.threshold == THRESHOLD]
    assert default.recall >= 0.993
    assert default.alerts_per_1000 <= 5
    for one, other in pairwise(levels()):
        assert one.recall >= other.recall
        assert one.alerts_per_1000 >= other.alerts_per_1000


def test_the_default_threshold_is_the_one_it_names():
    assert f"**{THRESHOLD}** (default)" in PAGE
