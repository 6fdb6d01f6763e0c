"""Calendar invitations (RFC 5545, RFC 5546): one meeting for each response, the same UID for ever, a rising SEQUENCE.

A meeting that will not be is cancelled, over the same UID. Nothing in a calendar answers for a government.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from foedus.alerts.messages import Message
from foedus.compact.clauses import Clauses
from foedus.response.state import Response
from foedus.state import State

LENGTH = timedelta(hours=1)
FOLD_BYTES = 75
# What is told of a response that changes when it meets, or that it will meet.
_MOVES = frozenset({"opened", "consultation", "called", "extended", "adjourned", "resumed", "withdrawn", "closed"})


def invitation(message: Message, clauses: Clauses, state: State, origin: str, subject: str) -> bytes | None:
    """The invitation or cancellation that goes with a message; None where no meeting has a time to be called for.

    SEQUENCE is the number of the entry, so that of two invitations the later one counts, whichever arrives first.
    """
    response = state.response.responses.get(message.about)
    if message.kind not in _MOVES or response is None:
        return None
    begins = _meets_by(response)
    if begins is None:
        return None
    over = response.closed is not None
    title = clauses.compact.short_title.en
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//foedus//alerts//EN", f"METHOD:{'CANCEL' if over else 'REQUEST'}",
        "BEGIN:VEVENT", f"UID:{response.id}@{origin}", f"SEQUENCE:{message.entry}", f"DTSTAMP:{_stamp(message.at)}",
        f"DTSTART:{_stamp(begins)}", f"DTEND:{_stamp(begins + LENGTH)}", f"SUMMARY:{_text(subject)}",
        f"DESCRIPTION:{_text(f'{title}, {response.id}')}", f"ORGANIZER:{_uri(origin)}",
        f"STATUS:{'CANCELLED' if over else 'CONFIRMED'}", "END:VEVENT", "END:VCALENDAR",
    )  # fmt: skip
    return "".join(_folded(line) for line in lines).encode()


def _meets_by(response: Response) -> datetime | None:
    """When it goes on, where it is adjourned; else by when it has to convene."""
    if response.adjourned is not None:
        return response.adjourned.until
    clock = response.clock("convene")
    return clock.due if clock else None


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(said: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", said).replace("\n", "\\n")


def _uri(origin: str) -> str:
    return "mailto:depositary@" + re.sub(r"[^A-Za-z0-9.-]", "-", origin.partition("/")[0])


def _folded(line: str) -> str:
    """The line, no part of it longer than 75 octets, and no letter cut (RFC 5545 section 3.1)."""
    parts: list[str] = []
    part = ""
    for sign in line:
        if len((part + sign).encode()) > FOLD_BYTES - bool(parts):
            parts.append(part)
            part = ""
        part += sign
    return "\r\n ".join([*parts, part]) + "\r\n"
