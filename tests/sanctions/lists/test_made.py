"""What stands in a list of each form comes out of it, under the names that all forms share."""

from __future__ import annotations

from datetime import date

import pytest

from foedus.errors import Malformed
from foedus.sanctions import lists
from foedus.sanctions.lists import Birth, Identifier, Link, Name
from tests.sanctions.lists import made


def by_id(read):
    return {one.id: one for one in read.targets}


def test_the_two_forms_of_the_uk_list_say_the_same():
    xml, table = lists.read(made.UK_XML), lists.read(made.uk_csv(made.UK_ROWS))
    assert (xml.format, table.format) == ("uk-xml", "uk-csv")
    assert (xml.as_of, table.as_of) == (date(2026, 8, 20), date(2026, 8, 20))
    assert xml.targets == table.targets
    assert xml.digest == table.digest
    assert (xml.skipped, xml.doubts, table.skipped, table.doubts) == ((), (), (), ())


def test_the_uk_list():
    read = by_id(lists.read(made.UK_XML))
    person, bank, ship = read["RUS0001"], read["RUS0002"], read["DPR0075"]
    assert person.names == (
        Name("Ivan Petrovich SIDOROV"),
        Name("Ivan SIDOROFF", "alias"),
        Name("The Baker", "weak"),
        Name("Иван Сидоров", "original", "Russian"),
    )
    assert [one.date for one in person.births if one.date] == ["1958", "1959-03-01"]
    assert person.measures == ("Asset freeze", "Travel Ban")
    assert (person.listed_on, person.updated_on, person.gender) == ("2012-06-29", "2026-04-16", "male")
    assert person.references == ("OFSI 13001", "UN TAi.002")
    assert bank.links == (Link("owner", "Example Holding"),)
    assert Identifier("inn", "7707083893", "Russia", "INN") in bank.identifiers
    assert (ship.kind, ship.countries) == ("vessel", ("Comoros",))
    assert {(one.kind, one.number) for one in ship.identifiers} == {("imo", "IMO9562233")}


def test_columns_of_the_uk_list_are_read_by_name_in_any_order():
    turned = lists.read(made.uk_csv(made.UK_ROWS, reversed(made.UK_HEADER)))
    assert turned.digest == lists.read(made.uk_csv(made.UK_ROWS)).digest


def test_the_list_of_switzerland():
    read = lists.read(made.SECO)
    person, ship = by_id(read)["5142"], by_id(read)["34461"]
    assert (read.as_of, len(read.targets), read.doubts) == (date(2026, 8, 27), 3, ())
    assert [str(one.what) for one in read.skipped] == ["900 was removed from the list on 2016-03-01"]
    assert person.names == (
        Name("Lukashenka Dzmitry"),
        Name("Lukashenko Dzmitry", "alias", "RUS"),
        Name("Лукашенко Дмитрий", "original", "RUS"),
    )
    assert (person.positions, person.gender, person.listed_on) == (("Dr.",), "male", "2012-03-01")
    assert Birth(place="Minsk", country="Belarus") in person.births
    assert {(one.kind, one.number) for one in person.identifiers} == {
        ("passport", "MP1234567"),
        ("inn", "500100732259"),
    }
    assert person.links == (Link("owned", to="46130", note="owner-of"),)
    assert person.addresses[0].city == "Minsk"
    assert (person.programmes, person.legal_basis) == (("Belarus",), ("Ordinance on measures against Belarus",))
    assert (ship.kind, ship.names[1].kind) == ("vessel", "former")


def test_a_part_of_the_swiss_list_is_no_list():
    with pytest.raises(Malformed, match="'delta'; the whole list"):
        lists.read(made.SECO.replace(b"whole-list", b"delta"))


def test_the_register_of_ukraine():
    read = by_id(lists.read(made.NSDC))
    person, bank = read["1001"], read["2001"]
    assert (person.kind, bank.kind, person.listed_on) == ("person", "organisation", "2022-10-19")
    assert person.names[0] == Name("Іваненко Іван Іванович", "primary", "ukr")
    assert ("inn", "500100732259") in {(one.kind, one.number) for one in person.identifiers}
    assert bank.identifiers == (Identifier("ogrn", "1027700132195", "ru", "reg:odrn"),)
    assert person.measures == ("блокування активів",)
    assert "until 2032-10-19" in person.remarks


def test_the_later_form_of_the_list_of_canada():
    read = lists.read(made.CANADA)
    ship, person = by_id(read)["Russia.4.2"], by_id(read)["Belarus.1-Part-1.1"]
    assert [str(one.what) for one in read.skipped] == ["Russia.4.3 has no name"]
    assert (ship.kind, [one.text for one in ship.names]) == ("vessel", ["Adler", "Adler Co., Ltd.", "Angara"])
    assert [one.date for one in person.births] == ["1967-03-18", "1968"]
    assert person.listed_on == "2020-09-28"


def test_followthemoney():
    read = lists.read(made.FTM)
    person, bank = by_id(read)["p1"], by_id(read)["c1"]
    assert [str(one.what) for one in read.skipped] == ["x1 is a Event, which is no target"]
    assert person.links == (Link("owned", to="c1", share="51", note="ownership"),)
    assert bank.links == (Link("owner", to="p1", share="51", note="ownership"),)
    assert (person.programmes, person.references, person.listed_on) == (("RUS",), ("UN TAi.002",), "2022-02-24")
    assert [one.kind for one in person.names] == ["primary", "weak", "alias", "alias"]
    assert {(one.kind, one.number, one.country) for one in person.identifiers} == {
        ("inn", "500100732259", ""),
        ("passport", "720123456", "ru"),
    }
    assert person.addresses[0].city == "Moscow"
