"""The language of scenarios is whole, has no dead words, and is read strictly: nothing unknown is passed over."""

from __future__ import annotations

from typing import get_args

import pytest

from foedus.acts import Body, Event
from foedus.parties.acts import ContinueRecord, ReceivedBefore, RecordContinued
from foedus.response.acts import Outcome
from tests.scenario import DiffersError, played
from tests.scenario_facts import FACTS
from tests.scenario_text import MANNERS, SHORT, MisreadError, parsed, scenarios
from tests.scenario_words import ACTS, EVENTS

LINES = [line for scenario in scenarios() for line in scenario.lines]


# A record goes on elsewhere on cosignatures over a copy, which no scenario has: tests/test_succession.py, test_late.py.
ELSEWHERE = {ContinueRecord, RecordContinued, ReceivedBefore}


def test_every_act_and_every_event_has_its_words():
    assert {phrase.kind for phrase in ACTS} == set(get_args(Body)) - ELSEWHERE
    assert {phrase.kind for phrase in EVENTS} == {*get_args(Event), Outcome} - ELSEWHERE


@pytest.mark.parametrize("table", [ACTS, EVENTS, FACTS, SHORT], ids=["acts", "events", "facts", "short"])
def test_every_phrase_is_spoken_in_some_scenario(table):
    spoken = {line.phrase.template for line in LINES if line.phrase is not None}
    assert [phrase.template for phrase in table if phrase.template not in spoken] == []


def test_every_manner_is_met_in_some_scenario():
    assert set(MANNERS) == {name for line in LINES for name in line.manner}


HEAD = "compact: kyiv-2022\n\ngiven signed: UKR POL\n"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("given signed: UKR\n", "x:1"),
        ("compact: kyiv-2022\ncompact: kyiv-2022\n", "x:2"),
        (HEAD + "perhaps at T0\n", "x:4"),
        ("compact: kyiv-2022\nand signed: UKR\n", "x:2"),
        ("compact: kyiv-2022\nthen nothing\n", "x:2"),
        (HEAD + "when POL/duty acknowledge R-1\n", "x:4"),
        (HEAD + "when POL/duty acknowledges\n", "x:4"),
        (HEAD + "when POL/duty acknowledges R-1 (loudly)\n", "x:4"),
        (HEAD + "when at noon: POL/duty acknowledges R-1\n", "x:4"),
        (HEAD + "when Poland acknowledges R-1\n", "x:4"),
        (HEAD + "when at T0\nthen R-1 was convened\n", "x:5"),
        (HEAD + "when at T0\nthen at T0: roll of R-1 is POL\n", "x:5"),
        (HEAD + "when at T0\nthen refused by nobody at all\n", "x:5"),
        (HEAD + "when signed: POL\n", "x:4"),
        (HEAD + "when {protected} moves to core\nand {nobody} moves to core\n", "x:5"),
    ],
)
def test_what_is_not_known_is_an_error_with_its_line(text, place):
    with pytest.raises(MisreadError, match=rf"^{place}: "):
        parsed(text, "x")


def test_time_runs_forward_in_a_scenario():
    scenario = parsed(HEAD + "when at T0+2h\nand at T0+1h\n", "x")
    with pytest.raises(MisreadError, match=r"x:5: T0\+1h lies before"):
        played(scenario)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("when POL/head moves to wider\nthen nothing\n", "x:4: .*\n.*refused: POL moves"),
        ("when POL/head moves to wider\n", "x:4: .*\n.*refused: POL moves"),
        ("when POL/head moves to wider\nthen refused by P14.term\n", "x:5: .*\n.*P14.tier"),
        ('when POL/head moves to wider\nthen refused by P14.tier: "tea"\n', "x:5: .*\n.*other words"),
        ("when POL/head gives notice of the compact\nthen refused by P14.notice\n", "x:5: .*\n.*not refused"),
        ("when POL/head gives notice of the compact\nthen nothing\n", r"(?s)x:5: .*NoticeGiven"),
        ("when POL/head gives notice of the compact\nthen POL joined the group core\n", "x:5: .*\n.*found"),
        ("when at T0\nthen no POL joined the group wider\nand POL owes tea\n", "x:6: .*\n.*found"),
        ("when at T0\nthen R-1 is open\n", "x:5: .*\n.*there is no 'R-1'"),
    ],
)
def test_what_differs_is_told_with_its_line(lines, says):
    with pytest.raises(DiffersError, match=says):
        played(parsed(HEAD + lines, "x"))
