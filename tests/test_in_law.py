"""Whether what is found is in law: as the record says, and never said where nobody knows."""

from __future__ import annotations

import json

import pytest

from foedus.exercise import build
from foedus.in_law import WORDS, Laws, with_law
from foedus.sanctions.matrix import who_listed
from foedus.screening import Match, Record
from foedus.searched import OfFiles, OfRecord, Searched
from tests.web.listed import write_list
from tests.web.live_record import console

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def depositary(tmp_path_factory):
    """An exercise, whose fictional parties publish lists, list by them, give relief and take it back."""
    made = build(tmp_path_factory.mktemp("law") / "record")
    yield made
    made.close()


@pytest.fixture(scope="module")
def searched(depositary):
    made = Searched(OfRecord(depositary))
    made.keep_up()
    return made


def test_a_match_says_what_the_record_says(depositary, searched):
    state, at = depositary.state.sanctions, max(depositary.now(), depositary.state.at)
    law = Laws(depositary).now()
    together = [both.split("\n") for both, words in state.judged.items() if {one.judgment for one in words} == {"same"}]
    said, joined = set(), []
    for id_, held, target in searched.targets():
        same = {f"{held.version.list}:{target.id}"}
        for _ in state.judged:  # as often as there are pairs, the longest way from one entry to another
            same |= {one for pair in together for one in pair if same & set(pair)}
        listed = [who_listed(state, one.replace(":", ".", 1), at, at, law.tables) for one in same]
        words = {one.standing.in_law for each in listed for one in each}
        expected = next((word for word in WORDS if word in words), None)
        assert searched.in_law(id_) == expected
        alone = who_listed(state, f"{held.version.list}.{target.id}", at, at, law.tables)
        joined.append(expected is not None and not alone)
        (match, *_) = searched.search(Record("q", (target.names[0].text,)), None)
        assert {one.in_law for one in searched.search(Record("q", (target.names[0].text,)), None) if one.id == id_} == {
            expected
        }, match
        said.add(expected)
    assert "yes" in said
    assert any(joined), "some entry is listed under another list's id alone"
    assert said & {"owed", "no", None}


def test_what_holds_somewhere_goes_before_what_holds_nowhere(depositary):
    law = Laws(depositary).now()
    assert law.word("xaa-list:no-such-entry") is None
    assert with_law(None, [Match("a:1", "A", 1.0, True, ())]) == [Match("a:1", "A", 1.0, True, ())]


def test_a_table_that_is_not_held_is_not_passed_over(depositary):
    from msgspec.structs import replace

    law = Laws(depositary).now()
    known = next(id_ for id_ in law.state.targets if law.word(id_.replace(".", ":", 1)) == "yes")
    lacking = replace(law, missing=True)
    assert lacking.word(known.replace(".", ":", 1)) == "yes"
    assert lacking.word("xaa-list:no-such-entry") is None
    other = [id_ for id_ in law.state.targets if law.word(id_.replace(".", ":", 1)) in ("owed", "no")]
    assert all(lacking.word(id_.replace(".", ":", 1)) is None for id_ in other), "the table may say more"


def test_the_same_record_is_the_same_answer(depositary, searched):
    again = Searched(OfRecord(depositary))
    again.keep_up()
    one, other = (each.certificate(0.7, 0.8) for each in (searched, again))
    assert one == other
    assert set(one.law) == {"entry", "since"}


def test_a_file_says_nothing_of_law(tmp_path):
    made = Searched(OfFiles([write_list(tmp_path / "ftm.jsonl")]))
    made.keep_up()
    assert [one.in_law for one in made.search(Record("q", ("Igor Sechin",)), None)] == [None]
    assert made.in_law("ftm:p-1") is None
    assert made.certificate(0.7, 0.8).law == {}


def test_the_console_and_each_address_say_it(depositary, searched):
    id_, _, target = next(row for row in searched.targets() if searched.in_law(row[0]) == "yes")
    name, path = target.names[0].text, "/api/screening"
    with console(depositary) as client:
        client.app.state["searched"].keep_up()
        query = {"schema": "Thing", "properties": {"name": [name]}}
        matched = client.post(f"{path}/match/default", json={"queries": {"q": query}}).json()
        (found,) = [one for one in matched["responses"]["q"]["results"] if one["id"] == id_]
        assert found["in_law"] == "yes"
        assert matched["certificate"]["law"]["entry"]
        assert client.get(f"{path}/entities/{id_}").json()["in_law"] == "yes"
        results = client.get(f"{path}/search/default", params={"q": name}).json()["results"]
        assert [one["in_law"] for one in results if one["id"] == id_] == ["yes"]
        entities = client.get(f"{path}/v2/search", params={"name": name}).json()["entities"]
        assert "yes" in [one["inLaw"] for one in entities]
        asked = {"queries": json.dumps({"q": {"query": name}})}
        assert client.get(f"{path}/reconcile/default", params=asked).json()["q"]["result"][0]["in_law"] == "yes"
        assert "in law" in client.get("/screening", params={"name": name}).text
        table = client.get("/screening", params={"name": name, "format": "csv", "table": "matches"}).text
        assert table.splitlines()[0].endswith("in_law")
