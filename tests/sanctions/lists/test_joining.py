"""Identifiers join with certainty, people decide, either can be undone; and every join says why."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from foedus.sanctions import lists
from foedus.sanctions.lists import Birth, Identifier, ListVersion, Name
from foedus.sanctions.lists.canonical import digest_of, target
from foedus.sanctions.lists.joining import Join, Reason, entities, joins
from foedus.sanctions.lists.numbers import compared
from tests.sanctions.lists import made


def version(which, *targets):
    return ListVersion("X", which, which, None, digest_of(targets), targets)


def person(id_, name, born="", *identifiers, **more):
    return target(id_, "person", [Name(name)], births=[Birth(born)], identifiers=identifiers, **more)


def found(one, other):
    return [
        (each.strength, [str(why.fact) for why in each.reasons])
        for each in joins((version("a", one), version("b", other)))
    ]


IVAN = person("1", "Ivan SIDOROV", "1958", Identifier("passport", "72 0123456", "Russia"))


def test_a_passport_joins_within_its_country():
    same = person("2", "Sidoroff, I.", "1958-03-02", Identifier("passport", "720123456", "RUSSIAN FEDERATION"))
    assert found(IVAN, same) == [("proved", ["passport 72 0123456 = 720123456"])]
    assert found(IVAN, person("2", "Sidoroff", "", Identifier("passport", "720123456", "Iran"))) == []
    assert found(IVAN, person("2", "Sidoroff", "", Identifier("passport", "720123456"))) == []
    assert found(IVAN, person("2", "Sidoroff", "1971", Identifier("passport", "720123456", "Russia"))) == []


def test_numbers_that_are_one_in_the_world_join_wherever_they_are_called_what():
    ofac = target("1", "organisation", [Name("BANK A")], identifiers=[Identifier("tax", "7707083893", "Russia")])
    uk = target("2", "organisation", [Name("Bank B")], identifiers=[Identifier("inn", "7707083893")])
    assert found(ofac, uk) == [("proved", ["inn 7707083893 = 7707083893"])]
    ship = target("3", "vessel", [Name("A")], identifiers=[Identifier("imo", "IMO 9562233")])
    other = target("4", "vessel", [Name("B")], identifiers=[Identifier("imo", "9562233")])
    assert found(ship, other) == [("proved", ["imo IMO 9562233 = 9562233"])]


def test_a_number_whose_check_digits_do_not_agree_joins_nothing():
    assert compared("inn", "7707083894") == compared("ogrn", "1027700132196") == compared("imo", "9562234") == ""
    assert compared("lei", "253400WSS48YWMBUA687") == ""
    assert compared("ogrn", "1027700132195") == "1027700132195"


def test_a_number_of_the_united_nations_joins():
    un = version("un-consolidated", person("QDi.006", "AIMAN AL-ZAWAHIRI"))
    uk = version("uk", person("AQD0001", "Ayman", references=["UN QDi.006"]))
    assert joins((un, uk)) == [
        Join("uk:AQD0001", "un-consolidated:QDi.006", "proved", joins((un, uk))[0].reasons),
    ]
    assert [(why.by, why.fact) for why in joins((un, uk))[0].reasons] == [("reference", "UN QDi.006")]


def test_two_entries_of_one_list_are_two():
    assert joins([version("a", IVAN, person("2", "Ivan Sidorov", "1958"))]) == []


def test_a_number_that_one_list_has_twice_proposes():
    bank, branch = (
        target(id_, "organisation", [Name(id_)], identifiers=[Identifier("inn", "7707083893")]) for id_ in "ab"
    )
    assert [one.strength for one in joins([version("a", bank, branch)])] == ["proposed"]


def test_people_join_part_and_take_back():
    one, other = version("a", IVAN), version("b", person("2", "Sidorov Ivan"))
    both = (one, other)
    proposed = joins(both, [("a:1", "b:2", Reason("name", "Ivan SIDOROV = Sidorov Ivan"))])
    pair = ("a:1", "b:2")
    assert [each.listings for each in entities(both, proposed, {})] == [("a:1",), ("b:2",)]
    (joined,) = entities(both, proposed, {pair: "same"})
    assert (joined.id, joined.listings) == ("a:1", pair)
    assert [why.by for why in joined.joins[0].reasons] == ["name", "judgment"]
    assert entities(both, proposed, {pair: "withdrawn"}) == entities(both, proposed, {})
    assert len(entities(both, proposed, {pair: "different"})) == 2


def test_what_is_proved_is_parted_by_people_alone():
    same = person("2", "X", "", Identifier("passport", "720123456", "ru"))
    both = (version("a", IVAN), version("b", same))
    assert len(entities(both, joins(both), {})) == 1
    assert len(entities(both, joins(both), {("a:1", "b:2"): "different"})) == 2


def test_people_join_what_nothing_proposed():
    both = (version("a", IVAN), version("b", person("2", "The Baker")))
    (joined,) = entities(both, joins(both), {("a:1", "b:2"): "same"})
    assert [why.by for why in joined.joins[0].reasons] == ["judgment"]


def test_the_uk_and_ukraine_list_one_man_and_switzerland_his_bank():
    versions = [lists.read(data) for data in (made.UK_XML, made.NSDC, made.FTM)]
    proved = {(one.one, one.other) for one in joins(versions) if one.strength == "proved"}
    assert proved == {("ftm:c1", "nsdc:2001"), ("ftm:p1", "nsdc:1001")}


KEYS = [f"{name}:1" for name in "abcd"]


@given(
    st.sets(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).filter(lambda pair: pair[0] < pair[1])),
    st.dictionaries(st.sampled_from([("a:1", "b:1"), ("b:1", "c:1")]), st.sampled_from(["same", "different"])),
)
def test_every_entry_is_in_one_entity_and_joins_hold_it_together(pairs, judged):
    versions = [version(name, person("1", name)) for name in "abcd"]
    made_ = entities(versions, [Join(one, other, "proved", ()) for one, other in pairs], judged)
    assert sorted(key for one in made_ for key in one.listings) == KEYS
    for one in made_:
        reached = {one.id}
        for _ in one.listings:
            reached |= {key for each in one.joins for key in (each.one, each.other) if {each.one, each.other} & reached}
        assert reached == set(one.listings)
    assert not [each for one in made_ for each in one.joins if judged.get((each.one, each.other)) == "different"]
