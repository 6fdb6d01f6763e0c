"""What rules ask of a compact: each clause by what a rule knows, with its provision; groups by name."""

from __future__ import annotations

from typing import get_args

import pytest
from msgspec import Struct
from msgspec.structs import replace

from foedus.compact import model
from foedus.compact.clauses import UNIQUE, Clauses
from foedus.compact.loader import bundled, load
from foedus.compact.model import (
    Clause,
    Clock,
    Compact,
    Evidence,
    Measure,
    Permit,
    Provision,
    canonical,
    from_canonical,
)

EVERY = [*sorted(bundled()), "tests/compacts/mare-2030"]
Placed = tuple[Provision, Struct]


@pytest.fixture(scope="module")
def mare() -> Clauses:
    return Clauses.of(load("tests/compacts/mare-2030"))


def placed(compact: Compact) -> list[Placed]:
    """Every clause with its provision, in the order of the document."""
    return [(one, clause) for part in compact.parts for one in part.provisions for clause in one.operates]


@pytest.mark.parametrize("name", EVERY)
def test_every_clause_is_found_by_its_kind_in_the_order_of_the_document(name):
    compact = load(name)
    clauses = Clauses(compact)
    kinds: tuple[type[Struct], ...] = get_args(Clause)
    for kind in kinds:
        expected = [pair for pair in placed(compact) if type(pair[1]) is kind]
        assert list(clauses.every(kind)) == expected
        if kind in UNIQUE:
            assert clauses.one(kind) == (expected[0] if expected else None)


@pytest.mark.parametrize("name", EVERY)
def test_every_clause_is_found_by_what_a_rule_knows(name):
    clauses = Clauses(load(name))
    for pair in placed(clauses.compact):
        clause = pair[1]
        if isinstance(clause, Permit):
            assert pair in clauses.permits(clause.act)
        elif isinstance(clause, Clock):
            assert clauses.clock(clause.step) == pair
        elif isinstance(clause, Evidence):
            assert clauses.evidence(clause.act) == pair
        elif isinstance(clause, Measure):
            assert clauses.measure(clause.id) == pair
        elif isinstance(clause, model.Interim):
            assert clauses.interim(clause.organisation) == pair
        elif isinstance(clause, model.Trigger):
            assert all(pair in clauses.triggers(kind) for kind in clause.kinds)
        elif isinstance(clause, model.Adoption):
            assert all(clauses.adoption(of) == pair for of in clause.of)


@pytest.mark.parametrize("name", EVERY)
def test_a_deleted_provision_operates_no_more(name):
    """Deny by default: with a provision go its permits, clocks and measures, and nothing else."""
    compact = load(name)
    for at, part in enumerate(compact.parts):
        for gone in part.provisions:
            left = replace(part, provisions=tuple(one for one in part.provisions if one is not gone))
            clauses = Clauses(replace(compact, parts=(*compact.parts[:at], left, *compact.parts[at + 1 :])))
            assert clauses.provision(gone.id) is None
            found = [pair for kind in get_args(Clause) for pair in clauses.every(kind)]
            assert len(found) == len(placed(compact)) - len(gone.operates)


@pytest.mark.parametrize("name", EVERY)
def test_a_lapsed_provision_is_read_and_does_not_operate(name):
    whole = Clauses(load(name))
    for provision in whole.provisions:
        clauses = Clauses(whole.compact, frozenset({provision.id}))
        assert clauses.provision(provision.id) == provision
        assert clauses.digest == whole.digest
        found = [pair for kind in get_args(Clause) for pair in clauses.every(kind)]
        assert len(found) == len(placed(whole.compact)) - len(provision.operates)
        assert all(one.id != provision.id for one, _ in found)


def test_what_is_not_there_is_none_or_nobody(mare):
    assert mare.permits("Annihilate") == ()
    assert mare.measure("nothing") is None
    assert mare.party("XDR") is None, "an outsider is no party"
    assert mare.provision("Z") is None
    assert mare.agreement("Z") is None
    assert mare.digest_of("Z") is None
    assert mare.rank("cook") is None
    assert mare.name("roles", "cook") is None
    assert mare.members("nobody") == frozenset()


def test_groups_words_and_ids_mean_parties(mare):
    assert mare.members("keepers") == {"XOR", "XTA", "XBR", "XLI"}
    assert mare.members("islands") == {"XBR", "XLI", "XNU"}
    assert mare.members("protected") == {"XHA"}
    assert mare.members("guarantors") == {"XOR", "XTA", "XBR", "XLI", "XCO", "XNU"}
    assert mare.members("parties") == mare.members("guarantors") | {"XHA"} == mare.members("named")
    assert mare.members("XOR") == {"XOR"}
    assert mare.members("addressed") == frozenset(), "known only when a request is made"
    assert mare.excluded == {"XDR"}
    assert mare.tiers == {"keepers", "sponsors"}
    assert mare.territory == ("strait", "halvene", "lind-shelf")


def test_roles_have_words_and_ranks(mare):
    words = mare.name("roles", "admiral")
    assert words is not None
    assert (words.en, words.uk) == ("Naval command", "Морське командування")
    assert [mare.rank(role) for role in ("chancellor", "regent", "watch")] == [0, 1, 4]


def test_other_instruments_are_found_by_the_incident_that_opens_them(mare):
    def ids(kind: model.IncidentKind) -> list[str]:
        return [agreement.id for agreement in mare.consultations(kind)]

    assert ids("armed_attack") == ["convoy-2031", "radar-2030"]
    assert ids("threat") == ["convoy-2031"]
    assert ids("military_activity") == []


def test_digests_name_a_whole_a_provision_and_an_instrument(mare):
    assert mare.digest_of("mare-2030") == mare.digest
    digests = {mare.digest, mare.digest_of("convoy-2031"), mare.digest_of("radar-2030")}
    digests |= {mare.text_digest(provision.id) for provision in mare.provisions}
    assert len(digests) == 3 + len(mare.provisions)
    assert all(one is not None and len(bytes.fromhex(one)) == 32 for one in digests)


def test_asking_for_the_one_of_a_kind_that_may_be_many_is_a_mistake_of_ours(mare):
    with pytest.raises(AssertionError, match="ask every"):
        mare.one(Permit)


def test_one_compact_has_one_index(mare):
    assert Clauses.of(mare.compact) is mare
    again = from_canonical(canonical(mare.compact))
    assert again is not mare.compact
    assert Clauses.of(again) is mare


def test_many_compacts_push_out_the_oldest_and_never_mix(mare):
    others = [replace(mare.compact, id=f"mare-{number}") for number in range(200)]
    assert [Clauses.of(other).compact.id for other in others] == [other.id for other in others]
    assert Clauses.of(mare.compact).compact == mare.compact


def test_weights_cannot_be_changed(mare):
    with pytest.raises(TypeError):
        mare.weights["tonnage"]["XOR"] = 0
