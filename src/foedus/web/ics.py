"""iCalendar (RFC 5545): what falls due, for the calendars that people look at. Written only, never read.

    write("Foedus", [Event("R-1/M-2/POL@origin", stamped, "Poland: …", due=…)])

Lines are folded at 75 octets and end in CRLF; a moment is in UTC; an event of a day has no hour. Nothing here has an
alarm: what must wake somebody goes by the channels of alerts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

OCTETS = 75


class Event(Struct, frozen=True):
    """One thing on a day or at a moment. `id`: the same in every copy of the feed; `stamped`: when it was recorded."""

    id: str
    stamped: datetime
    summary: str
    due: date | datetime
    description: str = ""
    url: str = ""
    category: str = ""


def write(name: str, events: Iterable[Event], language: str = "en") -> bytes:
    """A calendar of events in the order given."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Foedus//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME;LANGUAGE={language}:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for one in events:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(one: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(one.id)}"
    yield f"DTSTAMP:{_moment(one.stamped)}"
    if isinstance(one.due, datetime):
        yield f"DTSTART:{_moment(one.due)}"
    else:
        yield f"DTSTART;VALUE=DATE:{one.due:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{one.due + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{escaped(one.summary)}"
    if one.description:
        yield f"DESCRIPTION:{escaped(one.description)}"
    if one.url:
        yield f"URL:{one.url}"
    if one.category:
        yield f"CATEGORIES:{escaped(one.category)}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(said: str) -> str:
    """A text: what separates is escaped, a new line is written so, and what no calendar shows is left out."""
    for letter, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        said = said.replace(letter, written)
    return said if said.isprintable() else "".join([one for one in said if one.isprintable()])


def _folded(line: str) -> bytes:
    """A line in pieces of at most 75 octets, no letter divided; each piece but the first begins with a blank."""
    if len(whole := line.encode()) <= OCTETS:
        return whole + b"\r\n"
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > OCTETS:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
