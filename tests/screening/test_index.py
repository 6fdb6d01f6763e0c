"""An index that changes: it answers as one built anew, quickly, and is the same again from its files."""

from __future__ import annotations

import random
from itertools import pairwise
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.errors import Malformed
from foedus.sanctions.lists.ftm import NUMBERS
from foedus.screening import Index, Record, candidates, from_followthemoney
from foedus.screening import index as index_module
from foedus.screening.certificate import Answer, ListUsed, certify, encode
from foedus.screening.names import parse
from foedus.screening.record import typed
from foedus.screening.weights import INITIAL, KNOWN, KNOWN_COUNTED, PARTICLE, TITLE, bound, weight, weights
from tests.screening.named import NAMES, needs_lists, real_records, record

some_records = st.lists(
    st.builds(
        Record,
        st.sampled_from("abcdefgh"),
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(tuple),
        st.sampled_from(("", "person")),
    ),
    max_size=5,
    unique_by=lambda one: one.id,
)


def answers(index: Index) -> list[object]:
    return [index.search(record(name), limit=None, cutoff=0.5) for name in NAMES]


@pytest.mark.slow
@settings(max_examples=30)
@given(
    some_records,
    st.lists(st.tuples(some_records, st.sets(st.sampled_from("abcdefgh"), max_size=3)), max_size=6),
    st.integers(1, 4),
)
def test_an_index_that_was_changed_answers_as_one_built_anew(first, changes, most_parts):
    """However many parts it may have before the small ones are made one."""
    with patch.object(index_module, "MOST_PARTS", most_parts):
        changed_as_built(first, changes)


def changed_as_built(first: list[Record], changes: list[tuple[list[Record], set[str]]]) -> None:
    index = Index(first)
    held = {one.id: one for one in first}
    for changed, removed in changes:
        gone = removed & held.keys()
        index.apply(changed, gone)
        held = {id_: one for id_, one in held.items() if id_ not in gone} | {one.id: one for one in changed}
    assert len(index) == len(held)
    assert {one.id: one for one in index.records()} == held
    assert answers(index) == answers(Index(held.values()))


def test_many_queries_together_are_answered_as_each_alone():
    index = Index(Record(str(place), (name, f"{name} {place}")) for place, name in enumerate(NAMES))
    queries = [Record(str(place), NAMES[place : place + 2]) for place in range(len(NAMES) - 1)]
    alone = [index.search(query, limit=None, cutoff=0.5) for query in queries]
    with patch.object(candidates, "MOST_FOUND", 50):
        assert index.search_all(queries, limit=None, cutoff=0.5) == alone
    assert index.search_all(queries, limit=None, cutoff=0.5) == alone


def test_weights_count_every_part_also_after_small_parts_were_made_one():
    records = [Record(str(place), (name, NAMES[0])) for place, name in enumerate(NAMES)]
    with patch.object(index_module, "MOST_PARTS", 2):
        index = Index(records[:5])
        for one in records[5:]:
            index.apply([one])
    anew = Index(records)
    words = {word for name in NAMES for read in parse(name) for word in read.words}
    assert {word: index.weigh(word) for word in words} == {word: anew.weigh(word) for word in words}
    assert answers(index) == answers(anew)


def test_a_change_that_cannot_be_made_changes_nothing():
    index = Index([record("Ivan Petrov")])
    before = answers(index)
    with pytest.raises(Malformed, match="not in the index"):
        index.apply([record("Igor Sechin", "2")], ["3"])
    assert (answers(index), "2" in index) == (before, False)


def test_an_index_from_its_files_answers_the_same(tmp_path):
    index = Index(Record(str(place), (name,)) for place, name in enumerate(NAMES))
    index.apply([record("Ivan Petrov", "new")], ["0"])
    index.save(tmp_path / "index")
    again = Index.open(tmp_path / "index")
    assert answers(again) == answers(index)
    again.apply(removed=["new"])
    assert "new" not in again


def test_files_of_another_engine_or_of_none_are_refused(tmp_path):
    Index([record("Ivan Petrov")]).save(tmp_path / "index")
    (tmp_path / "index" / "engine").write_text("0" * 64)
    with pytest.raises(Malformed, match="written by engine 000000000000"):
        Index.open(tmp_path / "index")
    with pytest.raises(Malformed, match="holds no index"):
        Index.open(tmp_path)


def test_an_answer_is_the_same_again_byte_for_byte():
    records = [Record(str(place), (name,)) for place, name in enumerate(NAMES)]
    lists = [ListUsed("b", "2" * 64), ListUsed("a", "1" * 64, "2026-10-10", 3)]

    def answer(order: list[Record], used: list[ListUsed]) -> bytes:
        query = record("Усама бен Ладен")
        return encode(Answer(query, tuple(Index(order).search(query, cutoff=0.5)), certify(order, used, 0.5, 0.8)))

    first = answer(records, lists)
    shuffled = random.Random(1).sample(records, len(records))
    assert answer(shuffled, lists[::-1]) == first
    assert answer(records[1:], lists) != first


@pytest.mark.parametrize(
    ("kind", "value", "asked"),
    [
        ("national_id", "AB 123-456", {"idNumber": ["ab123456"]}),
        ("swift", "VTBRRUMM", {"swiftBic": ["VTBRRUMMXXX"]}),
        ("tax", "7704734000", {"innCode": ["7704734000"]}),
        ("registration", "1027700132195", {"ogrnCode": ["1027700132195"]}),
        ("serial_number", "12-345", {"serialNumber": ["12345"]}),
        ("national_id", "4510 123456", {"socialSecurityNumber": ["4510123456"]}),
    ],
)
def test_a_number_is_found_by_whichever_word_its_kind_has(kind, value, asked):
    index = Index([Record("1", ("Somebody Else",), identifiers=((kind, value),)), Record("2", ("Another One",))])
    found = index.search(from_followthemoney({"schema": "Thing", "properties": {"name": ["Qwxz"], **asked}}))
    assert [match.id for match in found] == ["1"]


def test_every_kind_of_number_of_lists_is_one_that_a_query_has():
    """A query's words for kinds are those of the lists, or the same number would stand under two."""
    compared = {name: kind for name, kind in NUMBERS.items() if kind not in ("phone", "email", "website")}
    for name, kind in compared.items():
        entity = {"schema": "Thing", "properties": {name: ["A1"]}}
        assert from_followthemoney(entity).identifiers == ((kind, "A1"),)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("9150365", True),
        ("IMO 9150365", True),
        ("imo:9150365", True),
        ("AB123456", True),
        ("Factory 12345", False),
        ("Ivan", False),
        ("12", False),
        ("Volgo-Balt 199", False),
    ],
)
def test_a_number_typed_for_a_name_is_looked_up_as_one(text, is_one):
    index = Index([Record("1", ("Ocean Star",), identifiers=(("imo", "9150365"), ("passport", "AB-123456")))])
    found = index.search(Record("q", (text,), identifiers=typed(text)))
    assert [match.id for match in found] == (["1"] if is_one else [])


def test_an_identifier_finds_whatever_the_name():
    ships = [
        Record("1", ("Sea Star",), "vessel", identifiers=(("imo", "IMO 9150365"),)),
        Record("2", ("Ocean Pearl",), "vessel", identifiers=(("imo", "9999999"),)),
    ]
    index = Index(ships)
    (match,) = index.search(Record("q", ("Renamed Hope",), "vessel", identifiers=(("imo", "9150365"),)))
    assert (match.id, match.match) == ("1", True)
    (same,) = index.search(Record("q", ("Sea Star",), "vessel"))
    other = index.search(Record("q", ("Sea Star",), "vessel", identifiers=(("imo", "9999999"),)), cutoff=0.3)
    scores = {one.id: one.score for one in other}
    assert scores["2"] > scores["1"] < same.score


@needs_lists
@pytest.mark.slow
def test_what_a_query_finds_in_the_real_lists_is_in_a_strict_order():
    index = Index(real_records())
    draw = random.Random(4)
    pairs = ties = 0
    for query in draw.sample(list(index.records()), 300):
        found = index.search(Record("q", query.names[:1]), limit=None)
        for first, second in pairwise(found):
            ours, theirs = ({name.casefold() for name in index.record(one.id).names} for one in (first, second))
            same_names = ours & theirs  # one target on two lists
            pairs += not same_names
            ties += not same_names and first.score == second.score
    assert ties < 0.05 * pairs


@pytest.mark.parametrize(
    ("word", "most"),
    [("qwxyz", 1.0), ("ivan", KNOWN), ("petrov", KNOWN_COUNTED), ("sheikh", TITLE), ("al", PARTICLE), ("k", INITIAL)],
)
def test_a_word_weighs_no_more_than_its_sort_however_seldom(word, most):
    told = weights(np.array([bound(word)], np.float32), np.array([0], np.int32), 50_000)
    assert weight(word, 0, 50_000) == pytest.approx(most) == pytest.approx(float(told[0]))
    assert weight(word, 20_000, 50_000) <= most
