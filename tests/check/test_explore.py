"""What the explorer keeps and puts together again is what the rules themselves say, step by step."""

from __future__ import annotations

import pytest

from foedus import rules
from foedus.acts import Event
from foedus.check import memo
from foedus.check.explore import Explorer
from foedus.check.explored import Explored, Limits
from foedus.check.key import Keys
from foedus.check.situation import START, Situation, after, depositary_act, situation
from foedus.compact.loader import load
from foedus.history import Place
from foedus.sanctions.state import Attestation
from foedus.state import State

RESPONSE = ("Activate", "RequestConvening", "RecordPresence", "ProposeMeasure", "TakePosition")
SANCTIONS = ("ContestCondition", "ProposeEasing", "ConsentToEasing", "GrantRelief", "CastVote")
GIVEN: dict[tuple[str, ...], tuple[str, ...]] = {
    RESPONSE: ("ReportIncident", "AddEvidence"),
    SANCTIONS: ("AdoptSchedule", "AttestCondition", "ProposeEasing"),
}


def begun(acts: tuple[str, ...], parties: tuple[str, ...]) -> Situation:
    by_all = ("AttestCondition",) if acts is SANCTIONS else ()
    return after(situation(load("kyiv-2022"), parties), GIVEN[acts], None, by_all)


def explored(start: Situation, acts: tuple[str, ...], most: int, *, reduce: bool = True) -> Explored:
    return Explorer(start, [], Limits(frozenset(acts), most_states=most, reduce=reduce)).run()


def passed(start: Situation, state: State, at):
    """What is due by then, by the rules alone."""
    events: tuple[Event, ...] = ()
    while (upcoming := rules.next_due(state)) is not None and upcoming <= at:
        due = rules.due(start.clauses, state, at)
        for body in due:
            if rules.stands(state, body):
                act = depositary_act(state, body, at)
                more, state = rules.enact(start.clauses, state, act, at, rules.came_true(state, body))
                events += more
        if not due:
            break
    return events, state


def walk(start: Situation, found: Explored) -> None:
    """Each way that was found, once more through `enact` and `due` with a whole state: the same events."""
    state_of = {0: start.state}
    for number in range(1, found.states):
        last, state = found.steps[number], state_of[found.parents[number]]
        assert last is not None
        for step in (*found.before.get(number, ()), last):
            if step.body is None:
                events, state = passed(start, state, step.at)
            else:
                act = start.act(state, step.party, step.body, step.at)
                assert act is not None
                events, state = rules.enact(start.clauses, state, act, step.at)
            assert events == step.events, (number, found.story(number))
        state_of[number] = state


@pytest.mark.slow
@pytest.mark.parametrize("reduce", [True, False], ids=["reduced", "whole"])
@pytest.mark.parametrize("acts", [RESPONSE, SANCTIONS], ids=["response", "sanctions"])
def test_every_step_found_is_the_step_of_the_rules_from_the_very_beginning(acts, reduce):
    start = begun(acts, ("USA", "GBR"))
    walk(start, explored(start, acts, 6_000, reduce=reduce))


@pytest.mark.slow
@pytest.mark.parametrize("acts", [RESPONSE, SANCTIONS], ids=["response", "sanctions"])
def test_answers_that_are_kept_are_those_that_are_found_anew(acts, monkeypatch):
    start = begun(acts, ("USA", "GBR"))
    kept = explored(start, acts, 1_500)
    monkeypatch.setattr(memo, "_kept", lambda root, reads, answer: None)
    anew = explored(start, acts, 1_500)
    assert (kept.states, kept.transitions, kept.parents) == (anew.states, anew.transitions, anew.parents)
    assert [one and (one.party, one.body, one.at) for one in kept.steps] == [
        one and (one.party, one.body, one.at) for one in anew.steps
    ]


def test_a_response_among_one_guarantor_has_so_many_states():
    """Another number is another meaning of when two states are one: it must be meant."""
    found = explored(begun(RESPONSE, ("USA",)), RESPONSE, 10_000, reduce=False)
    assert (found.complete, found.states, found.transitions) == (True, 1_637, 9_651)


def test_what_was_said_before_renewed_aggression_is_not_what_was_said_after_it():
    """Also at one moment: the first counts no more, the second does."""
    keys = Keys((("POL",), ("UKR",)), 1, 0.0, START.timestamp() + 1)
    said = [Attestation(True, "POL/foreign", (), START, Place(START, START, entry)) for entry in (1, 2, 2)]
    first, second, third = (keys.value(one, START.timestamp()).number for one in said)
    assert first != second
    assert second == third
