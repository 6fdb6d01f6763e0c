"""Steps of national law and the call back in the console: forms, the page of those who would be late, and the words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foedus.parties.acts import NationalStep, StateMandate
from foedus.response import callbacks
from foedus.words.read_back import WORDS, numbers_of, spoken
from tests.web.small_exercise import START, Small, console, path_of, words


@pytest.fixture
def small(tmp_path):
    made = Small(tmp_path / "record")
    yield made
    made.depositary.close()


@pytest.fixture
def reader(small):
    with console(small) as found:
        yield found


def rows(reader, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return reader.get(f"/mandates?format=json&{asked}").json()["tables"]["mandates"]


def test_a_form_states_the_steps_and_the_page_says_which_to_authorise(small, reader):
    assert "Nothing stated" in reader.words("/mandates")
    reader.sits("POL/foreign")
    form = "/act/StateMandate?kind=military"
    assert "State the steps of one’s own law: military measure" in reader.words(form)
    wrong = reader.post(form, {"national.parliament.hours": "many"})
    assert "Hours it takes: a whole number is expected" in words(wrong)
    assert "Say too how many hours" in words(reader.post(form, {"national.court.until": "2027-10-11 07:00"}))
    checked = reader.post(form, {"national.cabinet.hours": "12", "national.parliament.hours": "96"})
    assert path_of(reader.post(path_of(checked))).startswith("/act/receipt/")
    late = rows(reader, which="late")
    assert [(one["party"], one["kind"], one["hours"], one["authorise"]) for one in late] == [
        ("POL", "military", 108, "parliament")
    ]
    page = words(reader.get("/mandates"))
    assert "Could not decide within 72 hours today: 1 party" in page
    assert "consent of parliament" in page
    assert "1 party could not decide in time today" in reader.words("/")
    assert "Authorise now: consent of parliament" in reader.words("/parties/POL")
    assert "Не змогли б вирішити за 72 години сьогодні: 1 сторона" in reader.words("/mandates?lang=uk")


def test_a_delegation_counts_while_it_lasts_for_the_whole_time_to_decide_and_the_past_is_as_it_was(small, reader):
    ends = START + timedelta(days=10)
    stated = StateMandate("military", (NationalStep("parliament", 96, ends),))
    small.do("POL/foreign", stated)
    (one,) = rows(reader, which="ending")
    assert (one["party"], one["until"]) == ("POL", "2026-10-17T03:00:00Z")
    small.at = ends - timedelta(hours=71)
    assert [one["party"] for one in rows(reader, which="late")] == ["POL"]
    assert [one["party"] for one in rows(reader, which="ending", at="2026-10-11T00:00:00Z")] == ["POL"]
    assert rows(reader, which="late", at="2026-10-09T00:00:00Z") == []
    assert reader.get("/mandates?which=hardly").status_code == 400
    assert "POL,Poland,military,late" in reader.get("/mandates?format=csv&table=mandates").text


def test_who_calls_back_types_what_was_heard_in_either_language(small, reader):
    small.activate()
    numbers = callbacks.words(small.depositary.state, "R-1")
    page = reader.sits("POL/duty").words("/response/R-1")
    assert spoken(numbers, "en") in page
    assert spoken(numbers, "uk") in page
    assert "Nobody has called back yet." in page
    form = "/act/RecordCallBack?response=R-1"
    told = {"called": "UKR/foreign", "answer": "confirmed"}
    assert "one of them is no word of the list" in words(reader.post(form, {**told, "heard": "abracadabra"}))
    other = spoken([255 - one for one in numbers], "en")
    checked = reader.post(form, {**told, "heard": other})
    assert "not the words of the request" in words(checked)
    checked = reader.post(form, {**told, "heard": spoken(numbers, "uk").upper()})
    assert path_of(reader.post(path_of(checked))).startswith("/act/receipt/")
    after = reader.words("/response/R-1")
    assert "Confirmed" in after
    assert "Nobody has called back yet." not in after
    entry = small.depositary.state.size - 1
    recorded = next(small.depositary.record.entries(entry)).decode()
    assert "phone" not in recorded
    (call,) = reader.get("/response/R-1?format=json").json()["tables"]["calls"]
    assert (call["party"], call["seat"], call["called"], call["answer"]) == (
        "POL", "POL/duty", "UKR/foreign", "confirmed",
    )  # fmt: skip


def test_every_number_has_one_word_in_each_language():
    assert {language: len(set(found)) for language, found in WORDS.items()} == {"en": 256, "uk": 256}
    assert not set(WORDS["en"]) & set(WORDS["uk"])
    everything = tuple(range(256))
    assert numbers_of(spoken(everything, "uk")) == numbers_of(spoken(everything, "en")) == everything
    assert numbers_of("М'яч  apple") == numbers_of("м’яч яблуко")
    assert numbers_of("apple and arch") is None
