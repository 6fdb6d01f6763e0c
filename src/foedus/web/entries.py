"""Entries of the record as rows that say who did what, read from the store and said in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from foedus.acts import Statement, decode_entry, decode_statement
from foedus.history import Place
from foedus.rules import CLOCK_ACTS
from foedus.web.board import names
from foedus.web.page import Page
from foedus.words import sentences

DEPOSITARY = "depositary"


class _Received(Struct):
    """Of an entry, only when it was received."""

    at: datetime


_at = msgspec.json.Decoder(_Received)


class Row(Struct, frozen=True):
    """One entry as a line: when it was received, who speaks, what was said, and its number."""

    number: int
    at: datetime
    party: str
    who: str
    seat: str
    act: str
    said: str
    subject: str

    @property
    def rest(self) -> str:
        """What follows the subject in the sentence."""
        return self.said.removeprefix(self.subject)


def known_size(page: Page) -> int:
    """How many entries the record had at the moment the page speaks of, as known."""
    moment = min(page.at, page.known)
    if not page.past or page.state.at is None or page.state.at <= moment:
        return page.state.size
    low, high = 0, page.state.size
    while low < high:
        middle = (low + high) // 2
        received = _at.decode(next(iter(page.depositary.record.entries(middle, middle + 1)))).at
        low, high = (middle + 1, high) if received <= moment else (low, middle)
    return low


def rows(page: Page, numbers: Iterable[int]) -> Iterator[Row]:
    """Rows for entries by number, in the order given."""
    for number in numbers:
        yield row(page, number, next(iter(page.depositary.record.entries(number, number + 1))))


def newest(page: Page, count: int, size: int) -> list[Row]:
    """The newest `count` of the first `size` entries, newest first."""
    first = max(0, size - count)
    data = list(page.depositary.record.entries(first, size))
    return [row(page, number, item) for number, item in reversed(list(enumerate(data, first)))]


def row(page: Page, number: int, data: bytes) -> Row:
    """One recorded entry as a row."""
    entry = decode_entry(data)
    statement = decode_statement(entry.act.payload)
    party = statement.seat.partition("/")[0]
    said = sentences.say_act(page.words, page.clauses, statement.body, party, page.state)
    subject = names(page).who(party)
    subject = subject[:1].upper() + subject[1:]
    return Row(
        number, entry.at, party, who(page, statement), statement.seat, type(statement.body).__name__, said,
        subject if said.startswith(subject) else "",
    )  # fmt: skip


def who(page: Page, statement: Statement) -> str:
    """Who speaks: the party, or the clock where the depositary records that a time ran out."""
    if statement.seat == DEPOSITARY:
        clock = isinstance(statement.body, CLOCK_ACTS)
        return page.words.gettext("Clock") if clock else page.words.gettext("Depositary")
    return page.name(statement.seat.partition("/")[0])


def numbers_in(subject: object) -> set[int]:
    """Numbers of all entries that left a trace in a subject of the state."""
    found: set[int] = set()
    _collect(subject, found)
    return found


def _collect(value: object, found: set[int]) -> None:
    if isinstance(value, Place):
        found.add(value.entry)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            _collect(getattr(value, name), found)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)
    elif hasattr(value, "values") and not isinstance(value, (str, bytes)):
        for item in value.values():
            _collect(item, found)
