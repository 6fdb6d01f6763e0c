"""Facts that must hold in the bundled Kyiv Security Compact: what it is, whom it names, where it applies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TypeVar

import msgspec
import pytest

from foedus.compact import model
from foedus.compact.clauses import Clauses
from foedus.compact.loader import load
from foedus.compact.model import Compact, Provision

NAMED_CORE = {"USA", "GBR", "CAN", "POL", "ITA", "DEU", "FRA", "AUS", "TUR"}
EU_MEMBERS = {
    "AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN", "FRA", "DEU", "GRC", "HUN", "IRL",
    "ITA", "LVA", "LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "ESP", "SWE",
}  # fmt: skip
G7 = {"CAN", "FRA", "DEU", "ITA", "JPN", "GBR", "USA"}
OBLASTS = 24


@pytest.fixture(scope="module")
def kyiv() -> Compact:
    return load("kyiv-2022")


@pytest.fixture(scope="module")
def clauses(kyiv: Compact) -> Clauses:
    return Clauses.of(kyiv)


def provisions(compact: Compact) -> dict[str, Provision]:
    return {one.id: one for part in compact.parts for one in part.provisions}


def group(compact: Compact, name: str) -> set[str]:
    return {party.id for party in compact.parties if name in party.groups}


S = TypeVar("S", bound=msgspec.Struct)


def within(value: object, kind: type[S]) -> Iterator[S]:
    """Every struct of a kind inside a value."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from within(getattr(value, field), kind)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from within(one, kind)
    elif isinstance(value, dict):
        for one in value.values():
            yield from within(one, kind)


# --- what it is -----------------------------------------------------------------------------------------


def test_it_is_a_recommendation_that_no_state_signed(kyiv: Compact) -> None:
    assert kyiv.signed_by_states is False
    assert kyiv.dated == date(2022, 9, 13)
    assert "signed by no state" in kyiv.nature.en
    assert "named as possible" in kyiv.nature.en
    assert "жодна держава їх не підписала" in kyiv.nature.uk
    assert "recommendations" in kyiv.title.en.lower()


def test_nothing_is_adopted_before_parties_adopt_it(kyiv: Compact) -> None:
    assert not [source for source in within(kyiv, model.Source) if source.kind == "adopted"]


def test_a_gap_that_is_filled_here_has_no_more_force_than_a_recommendation(kyiv: Compact) -> None:
    for provision in provisions(kyiv).values():
        if provision.source.kind == "interpretation":
            assert provision.force == "recommendation", provision.id
            assert provision.source.note or provision.source.ref, provision.id


def test_no_party_is_fictional(kyiv: Compact) -> None:
    assert not [party.id for party in kyiv.parties if party.fictional]


# --- both languages, every source -----------------------------------------------------------------------


def test_all_words_stand_in_both_languages(kyiv: Compact) -> None:
    for words in within(kyiv, model.Words):
        assert re.search(r"[а-яіїєґ]", words.uk, re.IGNORECASE), words
        assert not re.search(r"[ыэъё]", words.uk, re.IGNORECASE), f"not Ukrainian: {words.uk}"
        assert not re.search(r"[а-яіїєґ]'[а-яіїєґ]", words.uk, re.IGNORECASE), f"write ’: {words.uk}"
        english = re.sub(r"“[^”]*”", "", words.en)
        assert not re.search(r"[а-яіїєґ]", english, re.IGNORECASE), words
        assert "  " not in words.en + words.uk, words


def test_every_reference_to_a_source_resolves_and_every_source_is_used(kyiv: Compact) -> None:
    used = {ref for source in within(kyiv, model.Source) for ref in source.ref}
    assert used <= set(kyiv.sources)
    notes = " ".join(words.en for words in within(kyiv, model.Words))
    unused = {name for name in kyiv.sources if name not in used and not re.search(rf"\b{name}\b", notes)}
    assert not unused


def test_what_is_known_only_from_memory_is_marked(kyiv: Compact) -> None:
    for source in within(kyiv, model.Source):
        if source.kind == "text" and not source.ref:
            assert source.verified is False, source


def test_notes_tell_where_sources_conflict(kyiv: Compact) -> None:
    found = provisions(kyiv)

    def note(provision: str) -> str:
        words = found[provision].source.note
        assert words is not None, provision
        return words.en

    assert "for instance" in note("P10.decide")
    assert "threat" in note("P10.threat")
    assert "four kinds" in note("P8.financial")
    assert "two conditions" in note("P12.keep")
    assert "No source settles" in note("P10.start")


# --- parties --------------------------------------------------------------------------------------------


def test_the_protected_state_is_in_no_group(kyiv: Compact) -> None:
    assert kyiv.protected == "UKR"
    assert next(party for party in kyiv.parties if party.id == "UKR").groups == ()


def test_a_guarantor_is_in_one_tier(kyiv: Compact) -> None:
    tiers = {one.id for one in kyiv.groups if one.tier}
    assert tiers == {"core", "wider"}
    for party in kyiv.parties:
        assert len(tiers & set(party.groups)) == (0 if party.id == "UKR" else 1), party.id


def test_the_states_that_the_text_names_are_told_from_those_that_we_read_into_it(kyiv: Compact) -> None:
    core = {party.id: party.source.kind for party in kyiv.parties if "core" in party.groups}
    assert {party for party, kind in core.items() if kind == "text"} == NAMED_CORE
    read = group(kyiv, "nordic") | group(kyiv, "baltic") | group(kyiv, "central_european")
    assert set(core) == NAMED_CORE | read


def test_the_wider_group_is_the_g7_the_union_and_two_more(kyiv: Compact) -> None:
    assert group(kyiv, "wider") == (EU_MEMBERS | G7 | {"KOR", "EUE"}) - group(kyiv, "core")


def test_memberships(kyiv: Compact) -> None:
    assert group(kyiv, "eu") == EU_MEMBERS
    assert group(kyiv, "g7") == G7
    assert {party.id for party in kyiv.parties if "EUE" in party.part_of} == EU_MEMBERS
    assert group(kyiv, "black_sea") == {"TUR", "BGR", "ROU"}
    assert {"IRL", "AUT", "MLT", "CYP", "JPN", "KOR", "AUS", "EUE"}.isdisjoint(group(kyiv, "nato"))


def test_the_union_counts_no_head_beside_its_members(kyiv: Compact) -> None:
    assert {party.id for party in kyiv.parties if not party.heads} == {"EUE"}


def test_the_aggressor_holds_no_seat_and_is_never_counted(kyiv: Compact, clauses: Clauses) -> None:
    assert "RUS" not in {party.id for party in kyiv.parties}
    assert "RUS" in {one.id for one in kyiv.outsiders}
    assert "RUS" in clauses.excluded
    for instrument in kyiv.agreements:
        assert "RUS" not in {status.party for status in instrument.parties}
    for _, permit in clauses.every(model.Permit):
        assert "RUS" not in {by.group for by in permit.by}


# --- territory ------------------------------------------------------------------------------------------


def test_the_territory_is_that_of_1991_with_crimea_and_sevastopol(kyiv: Compact, clauses: Clauses) -> None:
    places = {one.id: one.name for one in kyiv.places}
    assert places["UA-43"].en == "Autonomous Republic of Crimea"
    assert places["UA-40"].uk == "місто Севастополь"
    assert sum(name.uk.endswith("область") for name in places.values()) == OBLASTS
    ((_, territory),) = clauses.every(model.Territory)
    assert set(territory.codes) == set(places)
