"""Whether two lists mean the same country: by ISO 3166 code, by its name in English or Ukrainian, by a name lists use.

What is not known is compared as it is written, and says nothing of another country.
"""

from __future__ import annotations

import re
from functools import cache

# Names that lists use and CLDR does not.
_ALSO = {
    "russian federation": "RU", "ussr": "RU", "iran islamic republic of": "IR", "islamic republic of iran": "IR",
    "syrian arab republic": "SY", "democratic peoples republic of korea": "KP", "korea north": "KP",
    "north korea": "KP", "dprk": "KP", "korea south": "KR", "republic of korea": "KR",
    "democratic republic of the congo": "CD", "congo democratic republic of the": "CD", "burma": "MM",
    "united kingdom of great britain and northern ireland": "GB", "uk": "GB", "usa": "US",
    "united states of america": "US", "uae": "AE", "cote divoire": "CI", "ivory coast": "CI", "turkey": "TR",
    "moldova republic of": "MD", "republic of moldova": "MD", "palestinian": "PS", "libyan arab jamahiriya": "LY",
    "republic of belarus": "BY", "the gambia": "GM", "bosnia and herzegovina": "BA", "macedonia": "MK",
    "czech republic": "CZ", "swaziland": "SZ", "viet nam": "VN", "tanzania united republic of": "TZ",
    "bolivarian republic of venezuela": "VE", "venezuela bolivarian republic of": "VE", "hong kong": "HK",
    "peoples republic of china": "CN", "republic of serbia": "RS",
}  # fmt: skip
_NOT_WORD = re.compile(r"[^\w ]+|_")


@cache
def _names() -> dict[str, str]:
    from babel import Locale

    found = dict(_ALSO)
    for language in ("en", "uk"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(_plain(name), code)
                found.setdefault(code.lower(), code)
    return found


def _plain(text: str) -> str:
    return " ".join(_NOT_WORD.sub("", text.casefold().replace("-", " ")).split())


@cache
def country(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country as a list writes it; None where it is not known."""
    return _names().get(_plain(text)) if text else None


def same_country(one: str, other: str) -> bool:
    """Whether both name a country, and the same."""
    mine, theirs = (country(text) or _plain(text) for text in (one, other))
    return bool(mine) and mine == theirs
