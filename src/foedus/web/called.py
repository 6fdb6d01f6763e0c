"""The call back on the page of a response: the words to be read, in both languages, and who called whom."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from foedus.response import callbacks
from foedus.response.state import Response
from foedus.web.frame import Table
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.words import LANGUAGES, NAMES
from foedus.words.read_back import spoken


class CallRow(Struct, frozen=True):
    """One call: who called which office, what was said, and where it stands in the record."""

    seat: str
    called: str
    mark: Mark
    at: datetime
    entry: int


def read_back(page: Page, it: Response) -> list[tuple[str, str]]:
    """The words of the request that opened the response, by the name of each language; none where nobody signed it."""
    numbers = callbacks.words(page.state, it.id)
    return [(NAMES[lang], spoken(numbers, lang)) for lang in LANGUAGES] if numbers else []


def calls(page: Page, it: Response) -> list[CallRow]:
    """Every call, in the order of the record."""
    return [
        CallRow(
            page.seat_name(one.seat), page.seat_name(one.called), mark(page, one.answer), one.place.at, one.place.entry
        )
        for one in it.calls
    ]


def mark(page: Page, answer: str) -> Mark:
    """What was said, with its symbol."""
    _ = page.words.gettext
    return {
        "confirmed": Mark("tick", "green", _("Confirmed")),
        "denied": Mark("cross", "red", _("Denied: not our request")),
        "unanswered": Mark("empty", "ink", _("Nobody answered")),
    }[answer]


def table(it: Response) -> Table:
    """The calls as plain values."""
    return Table(
        ("party", "seat", "called", "answer", "at", "entry"),
        [(one.party, one.seat, one.called, one.answer, one.place.at, one.place.entry) for one in it.calls],
    )
