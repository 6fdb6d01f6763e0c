"""OFAC's advanced XML: what its tables, places and documents say of a target comes together in it."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import etree

from foedus.errors import Malformed
from foedus.sanctions import lists
from foedus.sanctions.lists import Birth, Identifier, Link, Name
from tests.sanctions.lists.advanced import advanced
from tests.sanctions.lists.schema import SCHEMAS, needs_lists


@needs_lists
def test_the_list_is_one_by_the_published_schema():
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "sdn_advanced.xsd")))
    schema.assertValid(etree.fromstring(advanced()))


def test_what_is_told_in_six_places_comes_together():
    read = lists.read(advanced())
    assert (read.list, read.format, read.as_of) == ("ofac-sdn", "ofac-advanced", date(2026, 8, 3))
    assert (read.skipped, read.doubts) == ((), ())
    person, bank, ship = read.targets
    assert person.names == (
        Name("SIDOROV, Ivan Petrovich"),
        Name("Baker", "weak"),
        Name("SIDOROFF, Ivan", "former"),
        Name("Сидоров, Иван", "original", "Cyrillic"),
    )
    assert set(person.births) == {Birth("1958", circa=True), Birth(place="Tula, Russia", country="Russia")}
    assert (person.countries, person.gender, person.positions) == (("Russia",), "male", ("Director",))
    assert person.addresses[0].city == "Moscow"
    assert set(person.identifiers) == {
        Identifier("passport", "720123456", "Russia", "Passport", "Fraudulent"),
        Identifier("wallet", "1Fk9zBTqPfX", label="Digital Currency Address - XBT"),
    }
    assert (person.programmes, person.measures) == (("RUSSIA-EO14024",), ("Block",))
    assert (person.legal_basis, person.listed_on) == (("Executive Order 14024",), "2022-02-24")
    assert person.links == (Link("owned", to="102", note="Owned or Controlled By"),)
    assert set(bank.links) == {
        Link("owner", to="101", note="Owned or Controlled By"),
        Link("owned", to="103", note="Owned or Controlled By"),
    }
    assert (ship.kind, ship.countries, ship.remarks) == ("vessel", ("Comoros",), ("VESSEL TYPE Crude Oil Tanker",))
    assert {(one.kind, one.number) for one in ship.identifiers} == {("imo", "IMO 9562233"), ("call_sign", "D6A2345")}


def test_a_number_without_explanation_is_refused_with_its_line():
    with pytest.raises(Malformed, match="line 10: RelationType 1999 was found, which the tables"):
        lists.read(advanced().replace(b'RelationTypeID="1555"', b'RelationTypeID="1999"'))
