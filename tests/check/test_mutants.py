"""Faults in the rules' own source and in texts, each found by the guarantee that should find it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from foedus.compact import model
from foedus.compact.duration import Duration
from foedus.compact.findings import MalformedCompact
from foedus.compact.loader import bundled, load
from foedus.compact.model import Compact
from foedus.parties import authority
from foedus.response import ballots, lapses, measures, meeting, opening
from foedus.response import state as response_state
from foedus.sanctions import conditions, snapback, status
from foedus.sanctions import state as sanctions_state
from tests.check.mutants import put
from tests.check.test_guarantees import among, deleted, instead, verdict

ONE = ("USA",)
TWO = ("USA", "GBR")
THREE = ("USA", "GBR", "POL")

# What is wrong, in which function, by which line otherwise; the guarantee that finds it, and among whom.
IN_SOURCE: dict[str, tuple[Callable[..., Any], str, str, str, tuple[str, ...]]] = {
    "a lapse without an end": (
        lapses._decided, 'acts.ResponseClosed(response.id, "decided"),', "", "ends", ONE),
    "a lapse without an outcome": (
        lapses._decided, "acts.ResponseDecided(response.id, outcomes, silent, absent),", "", "acts", ONE),
    "a deadline from the wrong moment": (
        opening.clocks, "clock.within.after(start)", "clock.within.after(clock.within.after(start))", "ends", ONE),
    "clocks of a request that wait for a call": (
        opening._open, 'clocks(clauses, id_, mode, at, "request")', 'clocks(clauses, id_, mode, at, "call")', "ends",
        ONE),
    "a quorum of everybody": (
        meeting.enough, "reached(clauses, state, quorum[1].rule, roll, there) if quorum else there >= roll",
        "there >= roll", "convening", THREE),
    "a meeting that is never convened": (
        meeting._convened, "if not enough(clauses, state, response, there):", "if True:", "convening", THREE),
    "failing to convene ends it": (
        lapses._step, 'clock.on_lapse == "ends" else failed', 'clock.on_lapse != "ends" else failed', "acts", ONE),
    "silence after which nobody may ask": (
        opening.request_convening,
        'return _open(clauses, state, act, incident, permit.id, "response", at)', "return ()", "silence", TWO),
    "everybody on the roll is bound": (
        measures.outcome, "bound: tuple[str, ...] = ()", "bound: tuple[str, ...] = response.roll", "only-joined",
        TWO),
    "a coalition of everybody": (
        measures.outcome, "carried = bool(joined or to_confirm) if clause else False",
        "carried = len(joined) == len(response.roll)", "coalition", TWO),
    "nothing is ever carried": (
        measures.outcome, "carried = bool(joined or to_confirm) if clause else False", "carried = False", "acts", ONE),
    "positions count on another text than the one on the table": (
        measures.outcome, "position.text == text", "position.text != text", "acts", ONE),
    "who left may do nothing any more": (
        authority._on_its_roll, "act.party in response.roll", "False", "leaving", ONE),
    "an extension of twice the time": (
        ballots.carried, "extension[1].by.after(clock.due)",
        "extension[1].by.after(extension[1].by.after(clock.due))", "ends-extended", ONE),
    "one extension after another": (
        ballots.propose_extension, "len(clock.extensions) >= clause[1].at_most", "False", "ends-extended", ONE),
    "whoever says anything is counted as joining": (
        measures.outcome, 'by_stance["joins" if position.confirmed else position.stance]', 'by_stance["joins"]',
        "only-joined", ONE),
    "a meeting that ends the response": (
        meeting._convened,
        'if not any(one.step == "decide" and one.mode in (None, response.mode) for _, one in clauses.every(Clock)):',
        "if True:", "outcome", ONE),
    "an attack that is voted on and not established": (
        ballots.carried, "events.append(acts.AttackEstablished(ballot.subject, ballot.provision))", "pass", "snapback",
        THREE),
    "conditions not checked again at the vote": (
        conditions.consent, "if all(one.verdict.holds for one in appraised(clauses, state, at)):", "if True:",
        "eased-unmet", ONE),
    "conditions not checked again at the close": (
        conditions.closing, "verdict.holds and not unmet", "verdict.holds", "eased-unmet", ONE),
    "relief that asks for no condition": (
        conditions.covered, "all_met(clauses, state, at)", "pass", "relief-unmet", ONE),
    "attestations that never grow stale": (
        conditions.appraisal, "last.stale_at is not None and at < last.stale_at", "last.stale_at is not None",
        "eased-stale", ONE),
    "renewed aggression that brings nothing back": (
        snapback.renewed, "if not state.sanctions.relieved:", "if state.sanctions.relieved:", "back", ONE),
    "snapback of another clause": (
        snapback.established, 'clause[1].when != "renewed_aggression"', 'clause[1].when == "renewed_aggression"',
        "snapback", THREE),
    "snapback that returns no kind of relief": (
        snapback.returning, "rule.returning,", "(),", "back", ONE),
    "snapback that skips suspended listings": (
        status._by_snapback, "if now.status not in RELIEF", 'if now.status not in ("eased", "lifted")', "back", ONE),
    "snapback that skips deviations": (
        status._by_snapback, 'kind not in returned.returning', 'kind != "relief"', "back", ONE),
    "attestations that survive renewed aggression": (
        conditions.appraisal, "last.place.entry > since and ", "", "eased-old", ONE),
    "snapback that obliges no issuer": (snapback.returning, "issuers.add(known.issuer)", "pass", "back", ONE),
    "snapback that no law follows": (
        status._by_snapback, '"owed" if issuer in returned.issuers else "no"', '"no"', "back", ONE),
    "a finding of bad faith that ends the response": (
        ballots.carried, 'elif ballot.about == "establishment":',
        ('elif ballot.about == "objection":\n        events.append(acts.ResponseClosed(ballot.subject, "ended"))\n'
        '    elif ballot.about == "establishment":'), "no-stop", ONE),
    "an extension that is carried and not recorded": (
        ballots.carried, "events.append(acts.ClockExtended(", "((", "extended", ONE),
    "an extension that is recorded and moves nothing": (
        response_state._clock_extended, "(*clock.extensions, Dated(event.due_at, place))", "clock.extensions",
        "extended", ONE),
    "an extension of no time": (
        ballots.carried, "extension[1].by.after(clock.due)", "clock.due", "extended", ONE),
    "an extension for which nobody may ask while there is time": (
        ballots.propose_extension, "not clock.running", "clock.running", "extends", ONE),
    "failing to convene decides": (
        lapses._step, 'if clock.on_lapse == "ends" else failed',
        "if False else _decided(clauses, state, response, absent)", "not-convened", ONE),
    "a consent that agrees an easing by itself": (
        conditions.consent, "verdict is not None and verdict.settled", 'verdict is not None and body.choice == "yes"',
        "eased-alone", ONE),
    "an easing counted among those alone who answered": (
        conditions._verdict, "frozenset(easing.roll)", "frozenset(choices)", "eased-alone", ONE),
    "snapback that is not kept": (
        sanctions_state._snapped_back, "returned=returned", "returned=None", "back", ONE),
}  # fmt: skip


def asked(id_: str, parties: tuple[str, ...], compact: Compact | None = None) -> bool | None:
    return verdict(id_, compact, parties).holds


EVERYBODY = model.Rule(consent=("guarantors",))
KYIV_ALONE = model.Rule(consent=("protected",))
IN_TEXT: dict[str, tuple[Callable[[], Compact], str, tuple[str, ...]]] = {
    "no return of what was eased": (lambda: deleted("P12.snapback", model.Snapback), "snapback", THREE),
    "deviations stay": (lambda: instead("P12.snapback", model.Snapback, returning=("relief",)), "back", ONE),
    "only a notice brings anything back": (
        lambda: instead(
            "P12.snapback", model.Snapback, when="notice", after=Duration.parse("P30D"), stopped_by=None
        ), "snapback", THREE),
    "an attack established by Ukraine's consent": (
        lambda: instead("P10.establish", model.Establishment, rule=KYIV_ALONE), "snapback", THREE),
    "an attack established by all": (
        lambda: instead("P10.establish", model.Establishment, rule=EVERYBODY), "snapback", THREE),
    "nobody may answer an easing": (lambda: deleted("P12.easing", model.Permit, "ConsentToEasing"), "eases", ONE),
    "an easing by everybody and an outsider's word": (
        lambda: instead("P12.easing", model.Easing, rule=model.Rule(consent=("RUS",))), "eases", ONE),
    "failing to convene ends the response": (
        lambda: instead("P10.convene", model.Clock, on_lapse="ends"), "coalition", TWO),
    "an easing by the consent of Ukraine": (
        lambda: instead("P12.easing", model.Easing, rule=KYIV_ALONE), "eased-alone", ONE),
    "an easing by the consent of any one": (
        lambda: instead("P12.easing", model.Easing, rule=model.Rule(count=model.Count(at_least=1))), "eased-alone",
        TWO),
    "failing to convene ends the response at once": (
        lambda: instead("P10.convene", model.Clock, on_lapse="ends"), "not-convened", ONE),
    "an extension by an outsider's word": (
        lambda: instead("P10.extension", model.Extension, rule=model.Rule(consent=("RUS",))), "extends", ONE),
    "an hour more to decide": (
        lambda: instead("P10.decide", model.Clock, within=Duration.parse("PT73H")), "ends", ONE),
    "a second extension": (lambda: instead("P10.extension", model.Extension, at_most=2), "ends-extended", ONE),
    "a vote of everybody": (
        lambda: instead("P10.coalition", model.Decision, mode="vote", rule=EVERYBODY), "coalition", TWO),
    "a quorum that is everybody": (
        lambda: instead("P10.quorum", model.Quorum, rule=model.Rule(share=model.Share(at_least=Fraction(1)))),
        "convening", THREE),
    "the aggressor's consent to a meeting": (
        lambda: instead("P10.quorum", model.Quorum, rule=model.Rule(consent=("RUS",))), "convening", THREE),
}  # fmt: skip


def test_there_are_enough_of_them():
    assert len(IN_SOURCE) + len(IN_TEXT) >= 30


@pytest.mark.slow
@pytest.mark.parametrize("fault", IN_SOURCE)
def test_a_fault_in_the_source_is_found(fault, monkeypatch):
    real, line, other, id_, parties = IN_SOURCE[fault]
    put(monkeypatch, real, line, other)
    assert asked(id_, parties) is False


@pytest.mark.slow
@pytest.mark.parametrize("fault", IN_TEXT)
def test_a_fault_in_a_text_is_found(fault):
    text, id_, parties = IN_TEXT[fault]
    assert asked(id_, parties, text()) is False


ASKED = {(one[3], one[4]) for one in IN_SOURCE.values()} | {(one[1], one[2]) for one in IN_TEXT.values()}


@pytest.mark.slow
# The others are asked of the bundled text as it is in test_guarantees.py.
@pytest.mark.parametrize(("id_", "parties"), sorted(pair for pair in ASKED if pair[1] != among(pair[0])))
def test_without_the_fault_the_same_question_holds(id_, parties):
    """Else a guarantee would find faults that are not there."""
    assert asked(id_, parties) is True


def test_the_union_counted_twice_is_a_finding(tmp_path):
    """As a head of its own beside its members: found by name, with file and line."""
    text = (bundled()["kyiv-2022"] / "compact.yaml").read_text("utf-8")
    start = text.index("  - id: EUE\n")
    place = text.index("heads: 0", start)
    (tmp_path / "compact.yaml").write_text(text[:place] + "heads: 1" + text[place + 8 :], "utf-8")
    with pytest.raises(MalformedCompact) as caught:
        load(tmp_path)
    line = text[:place].count("\n") + 1
    assert any(one.line == line and "EUE" in one.found for one in caught.value.findings)
