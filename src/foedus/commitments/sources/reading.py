"""What importers share: what is noted while they read, and how a cell becomes a number, a quantity or a day.

Nothing is guessed: a cell that is neither a number nor a word known for "not stated" is Unread, with what was expected.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from foedus.commitments.sources.model import KINDS, Kind, Note, Place, Quantity
from foedus.compact.findings import Phrase

Progress = Callable[[int, int], None]  # done, in all: rows or bytes
Cell = object  # whatever a sheet or a CSV file has there

SHOWN = 64  # characters of a cell
CENT = Decimal("0.01")
MICRO = Decimal("0.000001")
MOST = Decimal(10) ** 15  # of any currency: more than the budgets of all states together
NOTHING = {"", ".", "-", "–", "n/a", "na", "none", "not given", "not found"}
_WRITTEN = re.compile(r"[+-]?(?:inf|nan|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
UNDISCLOSED = {"undisclosed", "not disclosed", "unknown", "classified", "confidential"}
WORDS = {"dozens": 24, "several": 2, "some": 1, "hundreds": 200, "thousands": 2000}


class Unread(Exception):
    """A cell that cannot be read; why, and in which field. The importer says where, and goes on with the next row."""

    def __init__(self, what: Phrase, field: str = "") -> None:
        super().__init__(str(what))
        self.what, self.field = what, field


class Notes:
    """What is noted while a source is read."""

    def __init__(self) -> None:
        self.skipped: list[Note] = []
        self.doubts: list[Note] = []

    def skip(self, place: Place, what: Phrase) -> None:
        """A row, or what stands in one cell of it, is not taken."""
        self.skipped.append(Note(place, what))

    def doubt(self, place: Place, what: Phrase) -> None:
        """What is taken may not be right."""
        self.doubts.append(Note(place, what))


def plain(cell: Cell) -> str:
    """A cell's text without the blanks around it, and single ones within: sheets have `Humanitarian ` and U+00A0.

    A whole number is written as such: a spreadsheet keeps 2024 as 2024.0.
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).replace("\u00a0", " ").split())


def number(cell: Cell) -> Decimal | None:
    """A number; None where the source states none. Raises Unread.

    A binary fraction is read as the shortest decimal that means it, to six places: what is smaller is noise of the
    sheet's own arithmetic, and sums of what is left are exact in any order.
    """
    if isinstance(cell, bool):
        raise Unread(Phrase("{found!r} stands where a number was expected", found=str(cell)))
    text = repr(cell) if isinstance(cell, int | float) else plain(cell)
    if text.casefold() in NOTHING or text.casefold() in UNDISCLOSED:
        return None
    try:
        value = Decimal(text if _WRITTEN.fullmatch(text) else "")  # Decimal itself reads 1_000 and ١٢, too
    except InvalidOperation:
        raise Unread(
            Phrase(
                "{found!r} is no number; expected digits with at most one point, without separators", found=shown(text)
            )
        ) from None
    if not value.is_finite() or abs(value) >= MOST:
        raise Unread(
            Phrase("{found} is larger than any budget; expected less than {most}", found=shown(text), most=str(MOST))
        )
    return value.quantize(MICRO).normalize() + 0


def shown(text: str) -> str:
    """What stands in a cell, to be shown: not all of it where somebody put a book there."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def places(cell: Cell, most: int = 6) -> int | None:
    """How many places after the point a number written as text has, where that is more than are kept."""
    try:
        exponent = Decimal(plain(cell)).normalize().as_tuple().exponent if isinstance(cell, str) else 0
    except InvalidOperation:
        return None
    return -exponent if isinstance(exponent, int) and -exponent > most else None


def euros(value: Decimal) -> Decimal:
    """Euros and cents."""
    return value.quantize(CENT)


def off_rate(amount: Decimal, rate: Decimal, eur: Decimal) -> bool:
    """Whether the euros beside an amount are others than its rate gives, by more than a cent or a millionth."""
    return abs(amount / rate - eur) > max(eur / 1_000_000, CENT)


def not_by_rate(amount: Decimal, currency: str, rate: Decimal, eur: Decimal) -> Phrase:
    """What is then said."""
    return Phrase(
        "{amount} {currency} at {rate} to the euro is not {eur} EUR",
        amount=str(amount), currency=currency, rate=str(rate), eur=str(eur),
    )  # fmt: skip


def quantity(cell: Cell, of: Quantity | None = None) -> Quantity | None:
    """How many; None where nothing is stated. `of`: how many there are in all, for `partially`. Raises Unread.

    Undisclosed is one at least, without an upper bound: somebody said that there are some.
    """
    word = plain(cell).casefold() if isinstance(cell, str) else ""
    if word in UNDISCLOSED:
        return Quantity(Decimal(1), None, word)
    if word in WORDS:
        return Quantity(Decimal(WORDS[word]), None, word)
    if word == "partially":
        return Quantity(Decimal(1), of.high if of else None, word)
    value = number(cell)
    return None if value is None else Quantity(value, value)


Period = tuple[date | None, date | None]
_US = r"(\d{1,2})/(\d{1,2})/(\d{2,4})"
_MONTH = re.compile(r"(?:(?:not specified|unspecified|unclear|unknown)\D*)?(\d{1,2})/(\d{2}|\d{4})", re.IGNORECASE)
_BOUND = re.compile(rf"(until|since|by|after|before)\s+{_US}", re.IGNORECASE)
_BETWEEN = re.compile(rf"between\s+{_US}\s*(?:&|and)\s*{_US}", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T.*)?")
_UNDATED = {*NOTHING, *UNDISCLOSED, "unspecified", "not specified", "unclear", "undated"}


def period(cell: Cell) -> Period:
    """The days between which something happened, as a source writes them. Raises Unread.

    A day, a month or a year in ISO 8601; a day as sheets hold it; `until 7/27/2022`, `not specified, 03/22`,
    `between 3/4/22 & 3/11/22` as trackers write it, with the month first.
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell, cell
    return _written(plain(cell))


@lru_cache(maxsize=4096)
def _written(text: str) -> Period:
    if text.casefold() in _UNDATED:
        return None, None
    try:
        found = _in_words(text)
    except ValueError:
        found = None
    if found is None:
        raise Unread(
            Phrase("{found!r} is no day; expected one such as 2024-02-23, a month or a year", found=shown(text))
        )
    return found


def _in_words(text: str) -> Period | None:
    if iso := _ISO.fullmatch(text):
        year, month, day = (int(part) if part else None for part in iso.groups())
        assert year is not None, "the year is not optional"
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        return (date(year, month, day),) * 2 if day else of_month(year, month)
    if between := _BETWEEN.fullmatch(text):
        first, last = _day(*between.groups()[:3]), _day(*between.groups()[3:])
        return (first, last) if first <= last else None
    if bound := _BOUND.fullmatch(text):
        named = _day(*bound.groups()[1:])
        return (named, None) if bound[1].casefold() in ("since", "after") else (None, named)
    if month_of := _MONTH.fullmatch(text):
        return of_month(_year(month_of[2]), int(month_of[1]))
    return None


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _day(month: str, day: str, year: str) -> date:
    return date(_year(year), int(month), int(day))


def of_month(year: int, month: int) -> Period:
    """The first and the last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


_KINDS: dict[str, Kind] = {kind: kind for kind in KINDS}


def kind(cell: Cell) -> Kind:
    """The kind of aid. Raises Unread."""
    found = _KINDS.get(plain(cell).casefold())
    if found is None:
        raise Unread(
            Phrase(
                "{found!r} is no kind of aid; expected one of {known}", found=shown(plain(cell)), known=", ".join(KINDS)
            )
        )
    return found


@lru_cache(maxsize=1024)
def currency(text: str) -> str:
    """A code of ISO 4217. Raises Unread."""
    from babel.core import get_global

    code = plain(text).upper()
    if code not in get_global("all_currencies"):
        raise Unread(Phrase("{found!r} is no currency of ISO 4217, such as EUR or UAH", found=shown(plain(text))))
    return code
