"""Dates as lists write them, as ISO 8601 as far as they are known. What is no date is given back as None, never
guessed.

`12 Jan 1982`, `Jan 1982`, `1982`, `01/03/1958`, `dd/mm/1945`, `00/00/1975`, `1960 to 1965`, `circa 1961`,
`2012-12-31+01:00`.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T[\d:.]+)?(?:Z|[+-]\d\d:?\d\d)?")
_DAY_MONTH = re.compile(r"(?:(\d{1,2})[ -])?([A-Za-z]{3,9})\.?[ -](\d{4})")
_SLASHES = re.compile(r"(\d{1,2}|dd)[/.](\d{1,2}|mm)[/.](\d{4})", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:between )?(.+?) (?:to|and|-|–) (.+)", re.IGNORECASE)
_CIRCA = re.compile(r"(?:circa|c\.|approximately|about) *", re.IGNORECASE)


@lru_cache(maxsize=65536)
def iso(text: str) -> str | None:
    """A day, month or year as ISO 8601; a range as `a/b`; None for what is neither."""
    text = text.strip()
    return _one(text) or _range(text)


def circa(text: str) -> tuple[str | None, bool]:
    """The same, and whether the list says that it is about then."""
    bare = _CIRCA.sub("", text.strip())
    return iso(bare), bare != text.strip()


def _range(text: str) -> str | None:
    found = _BETWEEN.fullmatch(text)
    if found is None:
        return None
    low, high = _one(_CIRCA.sub("", found[1])), _one(_CIRCA.sub("", found[2]))
    return f"{low}/{high}" if low and high and low <= high else None


def _one(text: str) -> str | None:
    if found := _ISO.fullmatch(text):
        return _known(found[1], found[2], found[3])
    if found := _SLASHES.fullmatch(text):
        day, month = (_number(part) for part in found.group(1, 2))
        return _known(found[3], month, day)
    if found := _DAY_MONTH.fullmatch(text):
        name = found[2].lower()
        month = next((f"{n:02}" for n, each in enumerate(_MONTHS, 1) if name.startswith(each)), "99")
        return _known(found[3], month, f"{int(found[1]):02}" if found[1] else None)
    return None


def _number(text: str) -> str | None:
    """Two digits; None for `dd`, `mm` and `00`, with which a list says that it does not know."""
    return f"{int(text):02}" if text.isdigit() and int(text) else None


def _known(year: str, month: str | None, day: str | None) -> str | None:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day if month else None) if part)


def day(text: str) -> date | None:
    """A whole day; None for anything less."""
    known = iso(text)
    return date.fromisoformat(known) if known and len(known) == 10 else None
