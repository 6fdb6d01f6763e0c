"""Names that are none, or hardly: each is answered or refused with a reason, and none is taken for everybody."""

from __future__ import annotations

import json
from time import perf_counter

import pytest

from foedus.customers import by_index, screen_file
from foedus.errors import Malformed
from foedus.screening import Index, Record, compare, from_followthemoney
from foedus.screening.certificate import certify
from foedus.screening.names import MOST_LETTERS
from foedus.web.yente.matching import record_in
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
    assert [one.row for one in done.bad] == [2, 3, 4, 5, 7, 10]
    assert all(one.sentence.format(**one.found) for one in done.bad)
    assert [line.split(",")[0] for line in out.read_text("utf-8").splitlines()[1:]] == ["1", "6", "8"]


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


def test_a_quote_that_is_never_closed_costs_its_row_alone(tmp_path):
    file, out = tmp_path / "customers.csv", tmp_path / "hits.csv"
    swallowed = "".join(f"{at},Nobody at all\n" for at in range(20_000))
    file.write_text(f'id,name\n1,Igor Ivanovich Sechin\n2,"Igor{swallowed}3,Igor Ivanovich Sechin\n', "utf-8")
    certificate = certify(RECORDS, [], 0.8, 0.8)
    done = screen_file(by_index(LISTED, certificate, 5), certificate, file, out, 5)
    assert done.bad[0].row == 2
    assert "is a quote never closed" in done.bad[0].sentence
    assert [line.split(",")[0] for line in out.read_text("utf-8").splitlines()[1:]] == ["1", "3"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,Igor Sechin,person,07.09.1960,ru,", "07.09.1960"),
        ("1,Igor Sechin,person,1960,Narnia,", "Narnia"),
        ('1,"Igor\nSechin\nand\nmany\nothers",person,1960,ru,', "4 line breaks"),
    ],
)
def test_what_cannot_be_read_is_said_and_never_left_out(tmp_path, row, said):
    file, out = tmp_path / "customers.csv", tmp_path / "hits.csv"
    heading = "id,name,kind,dates,countries,genders"
    file.write_text(f"{heading}\n{row}\n2,Igor Ivanovich Sechin,person,1960,Російська Федерація,M\n", "utf-8")
    certificate = certify(RECORDS, [], 0.8, 0.8)
    done = screen_file(by_index(LISTED, certificate, 5), certificate, file, out, 5)
    assert [(one.row, said in one.sentence.format(**one.found)) for one in done.bad] == [(1, True)]
    assert [line.split(",")[0] for line in out.read_text("utf-8").splitlines()[1:]] == ["2"]


def test_facts_that_say_nothing_move_nothing():
    one = Record("1", ("Igor Sechin",), "person", countries=("ru",), genders=("male",))
    odd = Record("2", ("Igor Sechin",), "company", dates=("unknown",), countries=("RU",), genders=("M", "unknown"))
    codes = {reason.code for reason in compare(one, odd).reasons if reason.points < -0.01}
    assert codes <= {"common"}
    unknown = Record("3", ("Igor Sechin",), "person", genders=("other",))
    assert "gender" not in {reason.code for reason in compare(one, unknown).reasons}
    woman = Record("4", ("Igor Sechin",), "person", genders=("Female",))
    assert "gender" in {reason.code for reason in compare(one, woman).reasons}


def test_days_of_one_year_that_differ_say_little_where_one_is_the_first_of_january():
    def points(one: str, other: str) -> float:
        pair = (Record("1", ("Igor Sechin",), dates=(one,)), Record("2", ("Igor Sechin",), dates=(other,)))
        return sum(reason.points for reason in compare(*pair).reasons if reason.code == "date")

    assert points("1960-09-07", "1960-09-07") > points("1960-01-01", "1960-09-07") > 0
    assert points("1960-07-09", "1960-09-07") > 0
    assert (
        0 > points("1960-09-08", "1960-09-07") > points("1960-03-21", "1960-09-07") > points("1985-09-07", "1960-09-07")
    )


def test_a_country_s_name_is_not_taken_for_a_code():
    entity = {"schema": "Person", "properties": {"name": ["A B"], "nationality": ["Austria", "gb-sct", "RU"]}}
    assert from_followthemoney(entity).countries == ("gb", "ru")
    assert record_in(entity).countries == ("at", "gb", "ru")
