"""Facts that must hold in the operative clauses of the bundled Kyiv Security Compact."""

from __future__ import annotations

from fractions import Fraction

import pytest

from foedus.compact import model
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.compact.loader import load
from foedus.compact.model import Compact
from foedus.compact.references import ACT_NAMES

PREVENTIVE_KINDS = {"military", "financial", "infrastructural", "technical", "informational"}
COMMITMENT_KINDS = {
    "defence_industry", "arms_transfers", "intelligence", "training", "joint_exercises", "air_missile_defence"
}  # fmt: skip


@pytest.fixture(scope="module")
def kyiv() -> Compact:
    return load("kyiv-2022")


@pytest.fixture(scope="module")
def clauses(kyiv: Compact) -> Clauses:
    return Clauses.of(kyiv)


def measures_of(compact: Compact, part: str) -> list[model.Measure]:
    (found,) = (one for one in compact.parts if one.id == part)
    every = (clause for provision in found.provisions for clause in provision.operates)
    return [clause for clause in every if isinstance(clause, model.Measure)]


# --- who may do what ------------------------------------------------------------------------------------


def test_every_act_has_its_permit_in_one_provision(clauses: Clauses) -> None:
    for act in ACT_NAMES - {"CallMeeting", "NotifySnapback"}:
        assert len({provision.id for provision, _ in clauses.permits(act)}) == 1, act
    # Aggression is established, not notified: there is no notice to give.
    assert not clauses.permits("NotifySnapback")
    # Both clocks run from the request: nothing counts from a call, so there is none to make.
    assert not clauses.permits("CallMeeting")
    assert all(clock.starts_on == "request" for _, clock in clauses.every(model.Clock))


def test_activation_is_the_protected_states_alone_and_takes_two_seats(clauses: Clauses) -> None:
    ((provision, permit),) = clauses.permits("Activate")
    assert provision.id == "P10.two-seats"
    assert provision.source.kind == "interpretation"
    assert permit.signatures == 2
    assert {by.group for by in permit.by} == {"protected"}


def test_only_an_armed_attack_opens_a_response(clauses: Clauses) -> None:
    opens = {clause.opens: set(clause.kinds) for _, clause in clauses.every(model.Trigger)}
    assert opens["response"] == {"armed_attack"}
    assert opens["consultation"] == {"threat", "cyber", "hybrid", "military_activity"}


def test_silence_of_the_protected_state_does_not_silence_the_guarantors(clauses: Clauses) -> None:
    ((provision, permit),) = clauses.permits("RequestConvening")
    assert provision.source.kind == "interpretation"
    assert permit.wait == Duration.parse("PT6H")
    assert {by.group for by in permit.by} == {"protected", "core", "wider"}


# --- the clocks and how it is decided -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "hours", "lapse"), [("convene", "PT24H", "written_procedure"), ("decide", "PT72H", "coalition")]
)
def test_both_clocks_run_from_the_request(clauses: Clauses, step: model.Step, hours: str, lapse: str) -> None:
    found = clauses.clock(step)
    assert found is not None
    provision, clock = found
    assert provision.source.kind == "text"
    assert (clock.within, clock.starts_on, clock.on_lapse) == (Duration.parse(hours), "request", lapse)


def test_nobody_can_block_the_willing(clauses: Clauses) -> None:
    found = clauses.one(model.Decision)
    assert found is not None
    assert (found[1].mode, found[1].binds, found[1].rule) == ("opt_in", "joiners", None)


def test_shares_that_fill_gaps(clauses: Clauses) -> None:
    quorum, extension = clauses.one(model.Quorum), clauses.one(model.Extension)
    objection, establishment = clauses.one(model.Objection), clauses.one(model.Establishment)
    assert quorum
    assert extension
    assert objection
    assert establishment
    assert establishment[1].rule
    for provision, rule in ((quorum[0], quorum[1].rule), (extension[0], extension[1].rule)):
        assert rule.share == model.Share(more_than=Fraction(1, 2))
        assert provision.source.kind == "interpretation"
    assert objection[1].rule.share == model.Share(at_least=Fraction(2, 3))
    assert establishment[1].rule.share == model.Share(more_than=Fraction(1, 2))
    assert establishment[0].source.kind == objection[0].source.kind == "interpretation"


def test_what_parties_adopt_needs_the_protected_state(clauses: Clauses) -> None:
    for of in ("reading", "accession", "tier"):
        found = clauses.adoption(of)
        assert found is not None
        assert found[1].rule.all_of is not None
        assert model.Rule(consent=("protected",)) in found[1].rule.all_of
        assert model.Rule(share=model.Share(more_than=Fraction(1, 2))) in found[1].rule.all_of
    amendment = clauses.adoption("amendment")
    assert amendment is not None
    assert amendment[1].rule == model.Rule(consent=("parties",))


# --- commitments and measures ---------------------------------------------------------------------------


def test_every_kind_of_commitment_is_a_duty_of_the_core_group(clauses: Clauses) -> None:
    core = {clause.kind for _, clause in clauses.every(model.Duty) if clause.bearers == ("core",)}
    assert core == COMMITMENT_KINDS


def test_the_protected_state_owes_something_too(clauses: Clauses) -> None:
    own = [clause.kind for _, clause in clauses.every(model.Duty) if clause.bearers == ("protected",)]
    assert own == ["own_defence"]


def test_preventive_measures_have_five_kinds_and_need_no_attack(kyiv: Compact) -> None:
    measures = measures_of(kyiv, "P8")
    assert {measure.kind for measure in measures} == PREVENTIVE_KINDS
    for measure in measures:
        assert "threat" in measure.on
        assert "armed_attack" not in measure.on


def test_the_prepared_list(kyiv: Compact) -> None:
    measures = measures_of(kyiv, "P9")
    immediate = [measure for measure in measures if measure.mode == "immediate"]
    assert len(immediate) >= 10
    assert len(measures) > len(immediate)
    assert {measure.kind for measure in measures} == PREVENTIVE_KINDS | {"sanctions", "diplomatic"}
    assert {str(measure.within) for measure in immediate} == {"PT6H", "PT12H", "PT24H"}
    for measure in measures:
        assert measure.on == ("armed_attack",)
        assert set(measure.bearers) <= {"core", "wider"}
        if measure.kind == "military":
            assert measure.bearers == ("core",), "the wider group's guarantees are not military"


# --- sanctions ------------------------------------------------------------------------------------------


def test_three_conditions_in_the_texts_words(clauses: Clauses) -> None:
    words = {clause.id: provision.text.en for provision, clause in clauses.every(model.Condition)}
    assert len(words) == 3
    assert "ceases to infringe on Ukraine's security" in words["ceases-to-infringe"]
    assert "guarantees that it will not attack" in words["guarantees-no-attack"]
    assert "repairs the damage" in words["repairs-the-damage"]


def test_snapback_asks_nobody(clauses: Clauses) -> None:
    found = clauses.one(model.Snapback)
    assert found is not None
    assert (found[1].when, found[1].returning) == ("renewed_aggression", ("relief", "deviation"))
    assert found[1].stopped_by == model.Rule(consent=("parties",)), "only all together can stop it"
    assert (found[1].after, found[1].sunset) == (None, None)


# --- relation to NATO and the European Union ------------------------------------------------------------


def test_accession_ends_activation_or_only_the_path_and_never_the_sanctions(clauses: Clauses) -> None:
    nato, union = clauses.interim("NATO"), clauses.interim("EU")
    assert nato is not None
    assert union is not None
    assert {"P10.request", "P10.two-seats", "P10.silence"} < set(nato[1].lapse)
    assert union[1].lapse == ("P6.eu-path",)
    assert nato[0].source.kind == union[0].source.kind == "interpretation"
    for lapse in (*nato[1].lapse, *union[1].lapse):
        assert not lapse.startswith(("P2.", "P12.")), "lasting commitments and sanctions continue"
