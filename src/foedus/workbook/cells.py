"""How a cell becomes what an act says. Nothing is guessed: what can be read in two ways is not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from foedus.commitments.owing import day_ends
from foedus.commitments.sources.reading import UNDISCLOSED, Cell, Unread, number, places, plain, shown
from foedus.compact.findings import Phrase
from foedus.workbook.columns import Column, Reads
from foedus.workbook.lists import currencies

MOST_LETTERS = 20_000
NOT_SAID = "undisclosed"
# What a name may not look like: the id of something in the record.
_LIKE_AN_ID = re.compile(r"[A-Z]{1,2}-\d+(/.*)?")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,95}")
_UNIT = re.compile(r"[A-Z]{3}|[a-z][a-z0-9-]{0,62}")
_YES = {"yes": True, "true": True, "так": True, "no": False, "false": False, "ні": False}
Accepted = Mapping[str, Container[str]]  # the codes that a list has, by its name


def said(cell: Cell) -> str:
    """A cell as text; a whole number as such, for spreadsheets keep `12` as 12.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return plain(cell)


def read(column: Column, cell: Cell, accepted: Accepted) -> Any:
    """What a cell says; None where it is empty. Raises Unread."""
    if said(cell) == "":
        return None
    try:
        return _READERS[column.reads](column, cell, accepted)
    except Unread as problem:
        raise Unread(problem.what, column.header) from None


def _reference(column: Column, cell: Cell, accepted: Accepted) -> str:
    return said(cell)  # an id, or somebody's own words for a row above


def _name(column: Column, cell: Cell, accepted: Accepted) -> str:
    text = said(cell)
    if _LIKE_AN_ID.fullmatch(text) or len(text) > 64:
        raise Unread(
            Phrase(
                "{found!r} looks like an id of the record, or is too long; expected a name of your own", found=text[:64]
            )
        )
    return text


def _code(column: Column, cell: Cell, accepted: Accepted) -> str:
    text = said(cell)
    if not _CODE.fullmatch(text):
        raise Unread(Phrase("{found!r} is no code; expected one of letters and digits, with . _ - and / between them",
                            found=text))  # fmt: skip
    _known(column.listed, text, accepted)
    return text


def _known(listed: str, text: str, accepted: Accepted) -> None:
    """Raises Unread unless the list has the code, where the list is one that the rules do not know."""
    if listed in accepted and text not in accepted[listed]:
        raise Unread(Phrase(
            "{found!r} is not on the list {list}; write it at its end on the sheet Lists if it is meant",
            found=text, list=listed,
        ))  # fmt: skip


def _amount(column: Column, cell: Cell, accepted: Accepted) -> str:
    if plain(cell).casefold() in UNDISCLOSED:
        if column.header not in ("amount", "value"):
            raise Unread(Phrase("{found!r} stands where a number was expected", found=plain(cell)))
        return NOT_SAID
    value = number(cell)
    if value is None:
        raise Unread(Phrase("{found!r} is no number; write undisclosed for what is not said", found=plain(cell)))
    if (many := places(cell)) is not None:
        raise Unread(Phrase("{found} has {many} places; at most {most} can be said", found=shown(plain(cell)),
                            many=str(many), most="6"))  # fmt: skip
    if value < 0:
        raise Unread(Phrase("{found} is negative; what goes back or is corrected has a sheet of its own",
                            found=f"{value:f}"))  # fmt: skip
    return f"{value:f}"


def _unit(column: Column, cell: Cell, accepted: Accepted) -> str:
    text = said(cell)
    if not _UNIT.fullmatch(text):
        raise Unread(Phrase("{found!r} is no unit; expected three capitals for money, such as EUR, or a code in small"
                            " letters, such as howitzer", found=text))  # fmt: skip
    if text.isupper():
        return _currency(column, cell, accepted)
    _known("unit", text, accepted)
    return text


def _currency(column: Column, cell: Cell, accepted: Accepted) -> str:
    text = said(cell)
    if text not in currencies():
        raise Unread(Phrase("{found!r} is no currency of ISO 4217, such as EUR or UAH", found=text))
    return text


def _word(column: Column, cell: Cell, accepted: Accepted) -> str:
    text = said(cell).casefold()
    if text not in column.choices:
        raise Unread(Phrase("{found!r} was found; expected one of {known}", found=said(cell),
                            known=", ".join(column.choices)))  # fmt: skip
    return text


def _several(column: Column, cell: Cell, accepted: Accepted) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(one.strip() for one in re.split(r"[,;]", said(cell)) if one.strip()))
    for one in found:
        if column.choices:
            _word(column, one, accepted)
        else:
            _known(column.listed, one, accepted)
    return found


def _day(column: Column, cell: Cell, accepted: Accepted) -> date:
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise Unread(Phrase("{found!r} has a time; expected a day such as 2026-12-24", found=plain(cell)))
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = said(cell)
    day, _, rest = text.partition(".")
    month, _, year = rest.partition(".")
    written = f"{year}-{month:0>2}-{day:0>2}" if year else text
    try:
        if not isinstance(cell, str) or len(written) != len("2026-12-24"):
            raise ValueError
        return date.fromisoformat(written)
    except ValueError:
        raise Unread(Phrase("{found!r} is no day; expected one such as 2026-12-24 or 24.12.2026", found=text)) from None


def _moment(column: Column, cell: Cell, accepted: Accepted) -> datetime:
    """A moment with its zone; a day alone means its end."""
    try:
        found = datetime.fromisoformat(plain(cell)) if isinstance(cell, str) and "T" in cell else None
        if found is not None and found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        found = None
    if found is not None or (isinstance(cell, datetime) and cell.time() != time()):
        raise Unread(Phrase("{found!r} has no zone; write 2026-12-24T12:00Z, or a day alone for its end",
                            found=plain(cell)))  # fmt: skip
    return day_ends(_day(column, cell, accepted))


def _whole(column: Column, cell: Cell, accepted: Accepted) -> int:
    text = said(cell)
    if isinstance(cell, bool) or not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Unread(Phrase("{found!r} is no whole number", found=text))
    return int(text)


def _yes_no(column: Column, cell: Cell, accepted: Accepted) -> bool:
    found = _YES.get(plain(cell).casefold())
    if found is None:
        raise Unread(Phrase("{found!r} was found; expected one of {known}", found=plain(cell), known="yes, no"))
    return found


def _words(column: Column, cell: Cell, accepted: Accepted) -> str:
    text = str(cell).strip()
    if len(text) > MOST_LETTERS:
        raise Unread(Phrase("{found} letters; expected at most {most}", found=str(len(text)), most=str(MOST_LETTERS)))
    return text


_READERS: dict[Reads, Callable[[Column, Cell, Accepted], Any]] = {
    "name": _name, "reference": _reference, "code": _code, "amount": _amount, "unit": _unit, "currency": _currency,
    "word": _word, "several": _several, "day": _day, "moment": _moment, "whole": _whole, "yes_no": _yes_no,
    "words": _words,
}  # fmt: skip
