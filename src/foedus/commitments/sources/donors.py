"""Whom a source names as donor: by ISO 3166-1 alpha-3 code, by its English name, or by a name that trackers use.

The organs of the European Union are donors of their own: `EUE` its Commission and Council, `EPF` the peace facility,
`EIB` the bank. A name that is not known is Unread and never compared by likeness: Kosovo is not Serbia.
"""

from __future__ import annotations

from functools import cache

from foedus.commitments.sources.model import Row
from foedus.commitments.sources.reading import Unread, plain, shown
from foedus.compact.findings import Phrase

INSTITUTIONS = {
    "EUE": "EU (Commission and Council)",
    "EPF": "European Peace Facility",
    "EIB": "European Investment Bank",
}
# Names that trackers and registers use and CLDR does not.
_ALSO = {
    "czech republic": "CZE", "turkey": "TUR", "turkiye": "TUR", "great britain": "GBR", "uk": "GBR", "usa": "USA",
    "united states of america": "USA", "republic of korea": "KOR", "korea, south": "KOR", "uae": "ARE",
    "bosnia-herzegovina": "BIH", "eu": "EUE", "european union": "EUE", "eu institutions": "EUE",
    "eu (commission and council)": "EUE", "european commission": "EUE", "eib": "EIB", "epf": "EPF",
    "european peace facility": "EPF", "european investment bank": "EIB", "kosovo": "XKX",
}  # fmt: skip
GROUPS = ("eu-members", "eu-institutions", "others")
FORMER = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})  # codes of states by names that they no longer have


@cache
def _codes() -> dict[str, str]:
    """Every name and code in lower case, with the alpha-3 code that it means."""
    from babel import Locale

    names = Locale("en").territories
    found = {code.casefold(): code for code in (*INSTITUTIONS, "XKX")}
    for alpha3, alpha2 in _alpha2().items():
        found[alpha3.casefold()] = alpha3
        if alpha2 in names:
            found.setdefault(plain(names[alpha2]).casefold(), alpha3)
    return found | _ALSO


@cache
def _alpha2() -> dict[str, str]:
    from babel.core import get_global

    aliases = get_global("territory_aliases")
    found = {code: to[0] for code, to in aliases.items() if len(code) == 3 and code.isalpha() and len(to) == 1}
    return {code: two for code, two in found.items() if code not in FORMER}


@cache
def of_alpha2(code: str) -> str | None:
    """The alpha-3 code of an alpha-2 code, `EUE` of `EU`; None where there is none."""
    if code == "EU":
        return "EUE"
    return next((three for three, two in _alpha2().items() if two == code and three.casefold() in _codes()), None)


@cache
def donor(name: str) -> str:
    """The code of a donor. Raises Unread."""
    found = _codes().get(plain(name).casefold())
    if found is None:
        raise Unread(
            Phrase("{found!r} is no donor known; write its English name or its ISO 3166 code", found=shown(plain(name)))
        )
    return found


def donor_name(code: str, language: str = "en") -> str:
    """Its name in a language; the code itself where it is no state's."""
    from babel import Locale

    if code in INSTITUTIONS:
        return INSTITUTIONS[code]
    return str(Locale(language).territories.get(_alpha2().get(code, ""), code))


def group_of(row: Row, members: frozenset[str]) -> str:
    """The one group that a row's donor is counted in: no donor is in two, no group is itself a donor."""
    if row.donor in INSTITUTIONS:
        return "eu-institutions"
    return "eu-members" if row.donor in members else "others"
