"""Names that are alike propose that entries of two lists are one, whatever their script; nothing else does here."""

from __future__ import annotations

import pytest

from foedus.proposing import alike
from foedus.sanctions.lists import Birth, Identifier, Name
from foedus.sanctions.lists.canonical import target
from foedus.sanctions.lists.joining import joins
from tests.sanctions.lists.test_joining import IVAN, person, version


def found(one, other):
    both = (version("a", one), version("b", other))
    return [(each.strength, [str(why.fact) for why in each.reasons]) for each in joins(both, alike(both))]


@pytest.mark.parametrize("name", ["sídorov, ivan", "SIDOROV Ivan", "Иван СИДОРОВ", "Ivan SIDOROFF", "Iван Сидоров"])
def test_names_propose_in_any_order_spelling_and_script(name):
    ((strength, (fact,)),) = found(IVAN, person("2", name))
    assert strength == "proposed"
    assert fact.startswith("Ivan SIDOROV ")
    assert name in fact


def test_what_speaks_against_it_proposes_nothing():
    assert found(IVAN, person("2", "sidorov, ivan", "1971")) == []
    assert found(IVAN, target("2", "vessel", [Name("Ivan Sidorov")])) == []
    assert found(IVAN, person("2", "Igor PETROV", "1958")) == []
    assert found(IVAN, target("2", "person", [Name("Ivan Sidorov", "weak")], births=[Birth("1958")])) == []
    assert found(IVAN, person("2", "?!")) == []


def test_a_number_proposes_nothing_beside_what_it_proves():
    assert found(IVAN, person("2", "Olena Koval", "1958", Identifier("passport", "72 0123456"))) == []


def test_within_one_list_two_entries_are_two():
    both = (version("a", IVAN, person("2", "Ivan Sidorov", "1958")), version("b", person("3", "Olena Koval")))
    assert list(alike(both)) == []


def test_a_name_that_very_many_share_proposes_nothing():
    many = version("b", *(person(str(number), "Ivan Sidorov") for number in range(41)))
    assert list(alike((version("a", IVAN), many))) == []
    few = version("b", *many.targets[:40])
    assert len(list(alike((version("a", IVAN), few)))) == 40
