"""Languages, moments, numbers and durations as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.compact.duration import Duration
from foedus.errors import Malformed
from foedus.words import LANGUAGES, from_environment, local, negotiate, translator
from foedus.words.catalogue import ukrainian_form

EN, UK = translator("en"), translator("uk")
AT = datetime(2022, 10, 10, 5, 0, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "en"),
        ("", "en"),
        ("uk", "uk"),
        ("uk-UA,uk;q=0.9,en;q=0.8", "uk"),
        ("fr, en;q=0.3, uk;q=0.8", "uk"),
        ("en, uk", "en"),
        ("UK;q=0.1", "uk"),
        ("uk;q=0", "en"),
        ("uk;q=x, de", "en"),
    ],
)
def test_the_language_that_weighs_most_is_taken(header, expected):
    assert negotiate(header) == expected


@given(st.text(max_size=60))
def test_no_header_is_too_odd(header):
    assert negotiate(header) in LANGUAGES


def test_a_terminal_says_its_language():
    assert from_environment({"LANG": "uk_UA.UTF-8"}) == "uk"
    assert from_environment({"LC_ALL": "C", "LANG": "uk_UA.UTF-8"}) == "en"
    assert from_environment({}) == "en"


def test_another_language_is_malformed():
    with pytest.raises(Malformed, match="expected one of en, uk"):
        translator("tlh")


def test_moments():
    assert EN.moment(AT) == "10 October 2022, 05:00 UTC"
    assert UK.moment(AT) == "10.10.2022, 05:00 UTC"
    assert EN.moment(AT, "Europe/Kyiv") == "10 October 2022, 08:00 UTC+3"
    assert EN.moment(AT, seconds=True) == "10 October 2022, 05:00:07 UTC"
    assert UK.clock(AT, "America/St_Johns") == "02:30 UTC-2:30"
    assert EN.day(AT.date()) == "Monday, 10 October 2022"
    assert UK.day(AT.date()) == "понеділок, 10 жовтня 2022"
    assert (EN.weekday(AT.date()), UK.weekday(AT.date())) == ("Monday", "понеділок")
    assert (EN.month(AT.date()), UK.month(AT.date())) == ("October 2022", "жовтень 2022")
    assert UK.date(date(2022, 9, 3)) == "03.09.2022"


@pytest.mark.parametrize("zone", ["Europe/Kiew", "", "../../etc/passwd", "/etc/passwd", "a\0b", "Europe"])
def test_a_zone_that_is_none_is_malformed(zone):
    with pytest.raises(Malformed, match="IANA"):
        local(AT, zone)


@pytest.mark.parametrize(
    ("seconds", "english", "ukrainian"),
    [
        (0, "0 min", "0 хв"),
        (59, "0 min", "0 хв"),
        (60, "1 min", "1 хв"),
        (3600, "1 h", "1 год"),
        (49 * 3600 + 24 * 60 + 59, "49 h 24 min", "49 год 24 хв"),
        (719 * 3600, "719 h", "719 год"),
        (720 * 3600, "30 days", "30 днів"),
        (1234 * 3600, "51 days", "51 день"),
    ],
)
def test_durations_are_whole_hours_and_minutes_and_days_from_thirty_on(seconds, english, ukrainian):
    assert EN.duration(timedelta(seconds=seconds)) == english
    assert UK.duration(timedelta(seconds=seconds)) == ukrainian


def test_time_left():
    assert EN.left(AT + timedelta(hours=24), AT) == "24 h left"
    assert EN.left(AT + timedelta(seconds=59), AT) == "less than a minute left"
    assert EN.left(AT, AT) == "just now"
    assert EN.left(AT - timedelta(minutes=75), AT) == "1 h 15 min ago"
    assert UK.left(AT - timedelta(minutes=75), AT) == "1 год 15 хв тому"
    assert UK.left(AT + timedelta(hours=24), AT) == "залишилося 24 год"


@pytest.mark.parametrize(
    ("text", "english", "ukrainian"),
    [
        ("PT24H", "24 hours", "24 години"),
        ("PT72H", "72 hours", "72 години"),
        ("PT1H30M", "1 hour 30 minutes", "1 година 30 хвилин"),
        ("P6M", "6 months", "6 місяців"),
        ("P10Y", "10 years", "10 років"),
        ("P1Y6M", "1 year 6 months", "1 рік 6 місяців"),
        ("P30D", "30 days", "30 днів"),
    ],
)
def test_durations_of_clauses_in_words(text, english, ukrainian):
    assert EN.span(Duration.parse(text)) == english
    assert UK.span(Duration.parse(text)) == ukrainian


def test_numbers_and_money():
    space = "\N{NO-BREAK SPACE}"
    assert (EN.number("1234.50"), UK.number("1234.50")) == ("1,234.50", f"1{space}234,50")
    assert (EN.number(84), UK.number(0)) == ("84", "0")
    assert EN.number(10**30) == "1" + ",000" * 10
    assert EN.number(f"{10**30}.25") == "1" + ",000" * 10 + ".25"
    assert EN.money("1500000", "EUR") == f"EUR{space}1,500,000"
    assert UK.money("1500000.5", "EUR") == f"1{space}500{space}000,5{space}EUR"
    with pytest.raises(Malformed, match="decimal number"):
        EN.number("many")


def test_codes_in_words():
    assert (EN.country("POL"), UK.country("PL"), EN.country("EUE")) == ("Poland", "Польща", "European Union")
    assert (EN.country("XYZ"), EN.currency("EUR"), UK.currency("???")) == ("XYZ", "Euro", "???")


def test_lists():
    assert EN.items(["a", "b", "c"]) == "a, b and c"
    assert UK.items(["а", "б"]) == "а і б"
    assert EN.items([]) == ""


@given(st.integers(0, 10_000))
def test_ukrainian_plurals_follow_the_last_digits(number):
    form = ukrainian_form(number)
    assert form == ukrainian_form(number + 100)
    if number % 10 in (0, 5, 6, 7, 8, 9) or 10 < number % 100 < 15:
        assert form == 2


def test_what_has_no_translation_is_said_in_english():
    assert UK.gettext("nothing says this") == "nothing says this"
    assert UK.ngettext("%(num)s thing", "%(num)s things", 2) == "2 things"
