"""Which text uses which operator, and that none of the language is used by no text.

K: the Kyiv Security Compact, V: the Vienna Document, M: the fictional Mare compact. A scenario that needs an
operator finds here the text to run it under. What no scenario runs, since only a checker reads it, stands in designs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import msgspec.inspect as mi
import pytest
from msgspec import Struct

from foedus.compact import model
from foedus.compact.clauses import Clauses
from foedus.compact.loader import load
from foedus.compact.model import Clause, Compact, IncidentKind, MeasureKind, Permit
from foedus.compact.references import ACT_NAMES

TEXTS = {"K": "kyiv-2022", "V": "vienna-2011", "M": "tests/compacts/mare-2030"}

CLAUSES = {
    "permit": "KVM", "trigger": "KVM", "territory": "KVM", "exclusion": "KM", "evidence": "KM",
    "clock": "KVM", "quorum": "KVM", "roll": "KVM", "decision": "KVM", "extension": "KM",
    "ad_referendum": "KM", "precedence": "KM", "objection": "KM", "establishment": "KM", "measure": "KM",
    "open_proposal": "KM", "adoption": "KM", "term": "KM", "interim": "KM", "duty": "KM",
    "condition": "KM", "easing": "KM", "snapback": "KM", "regime": "KM", "compensation": "KM", "claims": "KM",
    "distribution": "KM", "adjournment": "KM", "witnessing": "KM", "transcript": "KM",
    "succession": "KM", "recusal": "", "referral": "",
}  # fmt: skip
RULES = {
    "all_of": "KM", "any_of": "M", "share": "KM", "count": "VM", "weight": "M", "consent": "KM",
    "no_objection": "KVM",
}  # fmt: skip
WORDS = {
    "share.of": {"roll": "KM", "cast": "M"},
    "clock.step": {"reply": "VM", "acknowledge": "KM", "convene": "KVM", "decide": "KVM"},
    "clock.starts_on": {"request": "KVM", "call": "V", "attack": "M", "convened": "VM"},
    "clock.on_lapse": {"record": "KVM", "written_procedure": "K", "coalition": "K", "ends": "VM"},
    "decision.mode": {"opt_in": "K", "vote": "VM"},
    "decision.binds": {"joiners": "KV", "roll": "M"},
    # No text lets the request itself establish the attack; tests that need it change this word of M.
    "establishment.by": {"request": "", "rule": "KM"},
    "measure.mode": {"immediate": "KM", "decision": "KM"},
    "snapback.when": {"renewed_aggression": "K", "notice": "M"},
    "snapback.returning": {"relief": "KM", "deviation": "K"},
    "trigger.opens": {"response": "KM", "consultation": "KVM"},
    "adoption.of": {"reading": "KM", "amendment": "KM", "accession": "KM", "tier": "KM"},
    "source.kind": {"text": "KVM", "interpretation": "KVM", "adopted": "M"},
    "share.bound": {"at_least": "KM", "more_than": "KM"},
    "weight.bound": {"at_least": "M", "more_than": "M"},
}


@pytest.fixture(scope="module")
def texts() -> dict[str, Compact]:
    return {letter: load(name) for letter, name in TEXTS.items()}


def structs(value: object) -> Iterator[Struct]:
    """Every struct in the provisions of a compact."""
    if isinstance(value, Struct):
        yield value
        for field in value.__struct_fields__:
            yield from structs(getattr(value, field))
    elif isinstance(value, tuple):
        for one in value:
            yield from structs(one)


def users(texts: dict[str, Compact], kind: type[Struct], field: str, word: object) -> str:
    """The letters of the texts in which a struct of the kind says the word in the field."""
    found = ""
    for letter, compact in texts.items():
        said = [getattr(one, field) for one in structs(compact.parts) if type(one) is kind]
        found += letter * any(word == one or (isinstance(one, tuple) and word in one) for one in said)
    return found


KINDS: dict[str, type[Struct]] = {str(one.__struct_config__.tag): one for one in get_args(Clause)}
NAMED: dict[str, type[Struct]] = {
    **KINDS,
    "share": model.Share,
    "weight": model.Weight,
    "source": model.Source,
}


def test_the_tables_name_the_whole_language():
    assert set(CLAUSES) == set(KINDS)
    assert set(RULES) == set(model.Rule.__struct_fields__)
    for name, words in WORDS.items():
        kind, field = name.split(".")
        if field != "bound":
            assert set(words) == set(allowed(NAMED[kind], field)), name


def allowed(kind: type[Struct], field: str) -> tuple[object, ...]:
    described = mi.type_info(kind)
    assert isinstance(described, mi.StructType)
    (found,) = (one.type for one in described.fields if one.name == field)
    if isinstance(found, mi.VarTupleType):
        found = found.item_type
    assert isinstance(found, mi.LiteralType)
    return tuple(found.values)


@pytest.mark.parametrize(("name", "letters"), CLAUSES.items())
def test_clauses(texts, name, letters):
    found = [letter for letter, compact in texts.items() if Clauses.of(compact).every(KINDS[name])]
    assert "".join(found) == letters


@pytest.mark.parametrize(("name", "letters"), RULES.items())
def test_rules(texts, name, letters):
    found = [
        letter
        for letter, compact in texts.items()
        if any(getattr(one, name) is not None for one in structs(compact.parts) if isinstance(one, model.Rule))
    ]
    assert "".join(found) == letters


@pytest.mark.parametrize("name", WORDS)
def test_words(texts, name):
    kind, field = name.split(".")
    for word, letters in WORDS[name].items():
        if field == "bound":
            found = "".join(
                letter
                for letter, compact in texts.items()
                if any(getattr(one, word) is not None for one in structs(compact.parts) if type(one) is NAMED[kind])
            )
        else:
            found = users(texts, NAMED[kind], field, word)
        assert found == letters, (name, word)


def test_every_act_is_permitted_by_some_text_and_mare_permits_all_but_a_call(texts):
    permitted = {letter: {permit.act for _, permit in Clauses.of(one).every(Permit)} for letter, one in texts.items()}
    assert set().union(*permitted.values()) == ACT_NAMES
    assert permitted["M"] == ACT_NAMES - {"CallMeeting"}


def test_every_kind_of_incident_and_of_measure_is_used_by_mare(texts):
    mare = Clauses.of(texts["M"])
    assert all(mare.triggers(kind) for kind in get_args(IncidentKind))
    kinds = {measure.kind for _, measure in mare.every(model.Measure)}
    free = {kind for _, proposal in mare.every(model.OpenProposal) for kind in proposal.kinds}
    assert kinds | free == set(get_args(MeasureKind))


def test_mare_shares_no_party_hour_or_office_with_kyiv(texts):
    """What a rule of one text might take for granted, another denies."""
    mare, kyiv = texts["M"], texts["K"]
    assert not {party.id for party in mare.parties} & {party.id for party in kyiv.parties}
    assert not {role.id for role in mare.roles} & {role.id for role in kyiv.roles}
    assert not {group.id for group in mare.groups} & {group.id for group in kyiv.groups}
    hours = [
        {(clock.step, str(clock.within)) for _, clock in Clauses.of(one).every(model.Clock)} for one in (mare, kyiv)
    ]
    assert hours[0] & hours[1] == set()
    assert all(party.heads for party in mare.parties), "there is no union in it"


def test_a_text_without_a_part_of_the_language_is_a_compact_too(texts):
    """Vienna has no measure, no acknowledgement, no term: rules must ask for clauses, not expect them."""
    vienna = Clauses.of(texts["V"])
    for kind in (model.Measure, model.Term, model.Extension, model.Exclusion, model.Establishment):
        assert not vienna.every(kind)
    assert vienna.clock("acknowledge") is None
