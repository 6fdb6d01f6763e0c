"""Countries by whatever name a list or a customer's file has for them, as two-letter codes.

Names in English and Ukrainian and three-letter codes are the CLDR's; what lists and registers write otherwise stands
below. A name that is none of these is no country: nothing is guessed from how it begins.
"""

from __future__ import annotations

import functools
import re

from foedus.errors import Malformed

_OTHERWISE = {
    "kp": "democratic people's republic of korea, dprk",
    "kr": "republic of korea",
    "ru": "russian federation, російська федерація, рф",
    "sy": "syrian arab republic",
    "ir": "islamic republic of iran",
    "cd": "democratic republic of the congo, dr congo, drc",
    "cg": "congo, republic of the congo",
    "gb": "united kingdom of great britain & northern ireland, great britain, england, scotland, wales",
    "us": "united states of america, сша",
    "cn": "people's republic of china, prc",
    "hk": "hong kong",
    "mo": "macao, macau",
    "ps": "state of palestine, palestine, palestinian, gaza, gaza strip, west bank",
    "tz": "united republic of tanzania",
    "mm": "burma",
    "tr": "turkey",
    "mk": "macedonia, former yugoslav republic of macedonia",
    "cv": "cabo verde",
    "ci": "ivory coast, cote d'ivoire",
    "cz": "czech republic",
    "vn": "viet nam",
    "la": "lao people's democratic republic",
    "md": "republic of moldova",
    "ly": "libyan arab jamahiriya",
    "bn": "brunei darussalam",
    "nl": "holland",
    "sz": "swaziland",
    "tl": "east timor",
    "tw": "province of china taiwan",
    "by": "republic of belarus",
    "va": "holy see",
    "ua": "crimea, крим",
}
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")


@functools.cache
def _codes() -> dict[str, str]:
    from babel import Locale
    from babel.core import get_global

    named = {
        _plain(name): code.lower()
        for language in ("uk", "en")
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }
    aliases = {alias: codes for alias, codes in get_global("territory_aliases").items() if alias.isalpha()}
    short = {alias.lower(): codes[0].lower() for alias, codes in aliases.items() if len(codes) == 1}
    return short | named | {name: code for code, names in _OTHERWISE.items() for name in names.split(", ")}


def _plain(name: str) -> str:
    """Without what is written now so, now otherwise: case, brackets, apostrophes, `the`, `and`, and the order of
    `Korea, North`.
    """
    text = _IN_BRACKETS.sub("", name.casefold().replace("’", "'").replace("ʼ", "'").replace("ô", "o")).strip()
    last, comma, first = text.partition(", ")
    text = (f"{first} {last}" if comma else text).removeprefix("the ").replace("saint ", "st. ")
    return text.replace(" and ", " & ").replace("-", " & ")


def country_code(country: str) -> str:
    """The code of a country given by its code or a name; empty where it is neither."""
    text = country.strip()
    if len(text) == 2 and text.isascii() and text.isalpha():
        code = text.lower()
        return _codes().get(code, code)
    found = _codes().get(_plain(text))
    return found or _codes().get(text.casefold(), "")


def known_code(country: str) -> str:
    """The same of what somebody asked for. Raises Malformed where it is no country."""
    if code := country_code(country):
        return code
    raise Malformed("{found!r} is no country known here: its two letters were expected, as UA", found=country[:80])
