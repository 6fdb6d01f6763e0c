"""Calendars as RFC 5545 has them: lines of 75 octets, moments in UTC, days without an hour, every letter kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from foedus.web.ics import OCTETS, Event, write
from tests.strategies import examples

AT = datetime(2026, 10, 10, 12, tzinfo=UTC)
printable = st.text(st.characters(exclude_categories=("C", "Z"))).map(str.strip)


def lines(data: bytes) -> list[str]:
    """The lines of a calendar, unfolded."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= OCTETS
        line.decode()  # no letter is divided
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


def value(data: bytes, name: str) -> str:
    """The first value of that name, its escapes undone."""
    found = next(line for line in lines(data) if line.partition(":")[0].partition(";")[0] == name)
    said, at = "", 0
    text = found.partition(":")[2]
    while at < len(text):
        if text[at] == "\\":
            said += "\n" if text[at + 1] == "n" else text[at + 1]
            at += 2
        else:
            said += text[at]
            at += 1
    return said


@given(printable, printable)
@examples(100)
def test_every_letter_is_kept(summary, more):
    data = write("Foedus", [Event("1@x", AT, summary, AT, description=f"{summary}\n{more}")])
    assert value(data, "SUMMARY") == summary
    if summary or more:
        assert value(data, "DESCRIPTION") == f"{summary}\n{more}"


def test_a_moment_is_in_utc_and_a_day_has_no_hour():
    kyiv = timezone(timedelta(hours=3))
    data = write("Foedus", [
        Event("1@x", AT, "a", datetime(2026, 10, 11, 1, 30, tzinfo=kyiv)), Event("2@x", AT, "b", date(2026, 12, 31))
    ])  # fmt: skip
    found = lines(data)
    assert "DTSTART:20261010T223000Z" in found
    assert found[found.index("DTSTART;VALUE=DATE:20261231") + 1] == "DTEND;VALUE=DATE:20270101"
    assert found.count("BEGIN:VEVENT") == found.count("END:VEVENT") == 2
    assert found[0] == "BEGIN:VCALENDAR"
    assert found[-1] == "END:VCALENDAR"
    for needed in ("VERSION:2.0", "UID:1@x", "UID:2@x", "DTSTAMP:20261010T120000Z"):
        assert needed in found


def test_the_same_feed_has_the_same_bytes():
    events = [Event("1@x", AT, "Строк", AT)]
    assert write("Foedus", events) == write("Foedus", events)
