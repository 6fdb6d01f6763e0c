"""Names that are none, or hardly: each is answered or refused with a reason, and none is taken for everybody."""

from __future__ import annotations

import json
from time import perf_counter

import pytest

from foedus.customers import by_index, screen_file
from foedus.errors import Malformed
from foedus.screening import Index, Record, compare
from foedus.screening.certificate import certify
from foedus.screening.names import MOST_LETTERS
from tests.screening.named import NAMES
from tests.web.listed import ENTITIES, server, write_list

RECORDS = [Record(str(place), (name,)) for place, name in enumerate(NAMES)]
LISTED = Index(RECORDS)
SECHIN = str(NAMES.index("SECHIN, Igor Ivanovich"))


def found(*names: str) -> list[str]:
    return [match.id for match in LISTED.search(Record("q", names), limit=None)]


@pytest.mark.parametrize("name", ["", "   ", "\t\n", "?!", "—", "😀🎉", "\x00\x1b", "\u202e\u200f", "\u0301", "\ud800"])
def test_what_has_no_letter_and_no_digit_is_refused(name):
    with pytest.raises(Malformed, match="no letter and no digit"):
        found(name)
    assert compare(Record("a", (name,)), Record("b", (name,))).score == 0.0


@pytest.mark.parametrize(
    "name",
    [
        "Igor\x00 Ivanovich\x1b[0m Sechin",  # control letters
        "Igor\tIvanovich\r\nSechin",
        "\u202eIgor Ivanovich Sechin\u202c\u200f",  # marks of direction
        "I\u200bgor Ivano\u00advich Sechin",  # spaces of no width, hyphens that are not shown
        "Igor 😀 Ivanovich 🎉 Sechin",
        "Іgоr Ivаnоvіch Sеchіn",  # letters of Cyrillic that look like Latin ones
        "Игорь Ivanovich Сечин",
        "ＩＧＯＲ Ivanovich ＳＥＣＨＩＮ",  # of full width
        "I\u0301gor Ivanovich Sechin\u0323",  # with marks
        "igor ivanovich sechin " + "." * 5_000,
    ],
)
def test_what_surrounds_a_name_hides_nobody(name):
    assert found(name) == [SECHIN]


def test_names_from_right_to_left_are_read():
    listed = Index([Record("1", ("حسن نصر الله",)), Record("2", ("משה כהן",)), Record("3", ("Hassan Nasrallah",))])
    assert {"1", "3"} <= {match.id for match in listed.search(Record("q", ("حسن نصرالله",)), cutoff=0.7)}
    assert [match.id for match in listed.search(Record("q", ("\u200fמשה כהן\u200f",)))] == ["2"]


def test_ten_thousand_letters_are_compared_to_where_it_is_said():
    start = perf_counter()
    assert found("Igor Ivanovich Sechin" + " " * 10_000) == [SECHIN]
    for name in ("a" * 10_000, "a " * 5_000, "Sechin " * 1_500, "я" * 10_000, "王" * 10_000, "ـ" * 100 + "ع" * 10_000):
        assert len(found(name)) <= 1
        assert compare(Record("a", (name,)), Record("b", (name,))).score > 0
    assert found("x" * MOST_LETTERS + " Igor Ivanovich Sechin") == [], "what stands behind is not compared"
    assert perf_counter() - start < 30


@pytest.mark.parametrize(
    "name", ["al", "bin", "de la", "the of and", "Mr Dr", "LLC", "ООО", "Joint Stock Company", "Company", "Group",
             "Limited Trading", "a", "1", "bin al"],
)  # fmt: skip
def test_words_that_say_nothing_name_nobody(name):
    assert len(found(name)) <= 1


def test_a_list_with_names_of_every_sort_is_built_and_searched():
    odd = ["", " ", "😀", "a" * 10_000, "bin", "LLC", "\x00", "Igor Sechin"]
    listed = Index(Record(str(place), (name,)) for place, name in enumerate(odd))
    assert len(listed) == len(odd)
    assert [match.id for match in listed.search(Record("q", ("Igor Sechin",)))] == ["7"]
    with pytest.raises(Malformed, match="no Unicode"):
        listed.apply([Record("half", ("\ud800x",))])
    assert len(listed) == len(odd)


def test_a_file_with_bad_rows_is_finished_and_names_them(tmp_path):
    rows = ["id,name,kind,identifiers", "1,Igor Ivanovich Sechin,,", "2,😀,,", "3,,,", "4,Sechin,ghost,",
            "5,Sea Star 7,vessel,imo", '6,"Igor\nIvanovich Sechin",person,', "7", ",Igor Ivanovich Sechin,,,,,extra",
            "9," + "x" * 10_000 + ",,"]  # fmt: skip
    file, out = tmp_path / "customers.csv", tmp_path / "hits.csv"
    file.write_bytes("\n".join(rows).encode() + b"\n10,\xff\xfe Igor Ivanovich Sechin,,\n")
    certificate = certify(RECORDS, [], 0.8, 0.8)
    done = screen_file(by_index(LISTED, certificate, 5), certificate, file, out, 5)
    assert done.rows == 10
    assert [number for number, _ in done.bad] == [2, 3, 4, 5, 7]
    assert all(problem for _, problem in done.bad)
    assert [line.split(",")[0] for line in out.read_text("utf-8").splitlines()[1:]] == ["1", "6", "8", "10"]


@pytest.mark.parametrize("names", [["😀"], [""], ["\u202e"], ["LLC"], ["x" * 10_000], ["Ig\x00or Sechin"], ["\ud83d"]])
def test_a_query_over_http_is_answered_or_told(tmp_path, names):
    good = {"schema": "Person", "properties": {"name": ["Igor Ivanovich Sechin"]}}
    body = json.dumps({"queries": {"odd": {"schema": "Person", "properties": {"name": names}}, "good": good}})
    with server(write_list(tmp_path / "list.jsonl", *ENTITIES)) as (client, _):
        told = client.post("/match/default", content=body.encode())
        if told.status_code == 400:  # a lone half of a pair is no text in JSON
            assert told.json()["detail"]
            return
        responses = told.json()["responses"]
        assert responses["odd"]["status"] == 200 or responses["odd"]["detail"]
        assert responses["good"]["results"][0]["id"] == "ftm:p-1"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"queries": []}', b'{"queries": {"q": 7}}', b"\xff\xfe",
                                  b"[" * 100_000])  # fmt: skip
def test_a_body_that_is_no_json_is_told(tmp_path, body):
    with server(write_list(tmp_path / "list.jsonl", *ENTITIES)) as (client, _):
        told = client.post("/match/default", content=body)
        assert told.status_code == 400
        assert told.json()["detail"]
