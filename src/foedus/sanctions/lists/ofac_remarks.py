"""What OFAC writes into the remarks of an entry, taken apart: births, countries, numbers, weak aliases, links.

What is not understood stays a remark, word for word. A part is what stands between `; `.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from foedus.sanctions.lists import dates
from foedus.sanctions.lists.model import Birth, Identifier, Link, Name
from foedus.sanctions.lists.numbers import kind_of

_ALIAS = re.compile(r"[afn]\.k\.a\. '(?P<name>.+)'")
_COUNTRY = re.compile(r"(?:nationality|citizen) (.+)")
_FLAG = re.compile(r"(?:Vessel Flag|Nationality of Registration) (.+)")
_LINK = re.compile(r"Linked To: (.+)")
_BORN = re.compile(r"(?:DOB|Organization Established Date|Aircraft Manufacture Date|Year Built) (.+)")
_PLACE = re.compile(r"POB (.+)")
_GENDER = re.compile(r"Gender (Male|Female)")
# A label ends in one of these words; the number follows, then the country in brackets and what is said of it.
_NUMBER = re.compile(
    r"(?P<label>(?:[A-Z][^;()]{0,60}?"
    r" )?(?:Passport|No\.?|#|Number|ID|Card|Code|Identification|MMSI|ISIN|SWIFT/BIC|BIC|BIK"
    r"|D\.N\.I\.|C\.U\.R\.P\.|C\.U\.I\.T\.|C\.U\.I\.P\.|R\.F\.C\.|I\.F\.E\.|SSN|License|Diplomatic Passport)"
    r"(?: \((?:[A-Z]{2,5}|also called [^)]*)\))?(?: No\.?| #)?(?: IMO)?) "
    r"(?P<number>(?=[^()]*\d|[A-Z]{8})[^()]+?)(?: \((?P<country>[^()]*)\))?(?P<note>(?: (?:issued|expires|\(|Date)"
    r" ?.*)?)"
)
_ADDRESS = re.compile(
    r"(?P<label>Digital Currency Address - \w+|Website|Email Address|Telephone:?|Phone Number|Fax:?) (?P<number>\S.*)"
)


class Said(NamedTuple):
    """The parts by what they say."""

    names: list[Name]
    births: list[Birth]
    countries: list[str]
    identifiers: list[Identifier]
    links: list[Link]
    remarks: list[str]
    gender: str = ""


def parse(remarks: str) -> Said:
    """The remarks of one entry, all of them."""
    said = Said([], [], [], [], [], [])
    for part in remarks.removesuffix(".").split("; "):
        bare = part.strip().removeprefix("alt. ")
        if gender := _GENDER.fullmatch(bare):
            said = said._replace(gender=gender[1].lower())
        elif bare and not _person(bare, said) and not _number(bare, said):
            said.remarks.append(part.strip())
    return said


def _person(part: str, said: Said) -> bool:
    """Whether it was a name, a birth, a country or a link."""
    if alias := _ALIAS.fullmatch(part):
        said.names.append(Name(alias["name"], "weak"))
    elif born := _BORN.fullmatch(part):
        known, about = dates.circa(born[1])
        said.births.append(Birth(known or "", circa=about and known is not None, note="" if known else born[1]))
    elif place := _PLACE.fullmatch(part):
        said.births.append(Birth(place=place[1], country=place[1].rpartition(", ")[2]))
    elif country := _COUNTRY.fullmatch(part) or _FLAG.fullmatch(part):
        said.countries.append(country[1])
    elif link := _LINK.fullmatch(part):
        said.links.append(Link("linked", link[1]))
    else:
        return False
    return True


def _number(part: str, said: Said) -> bool:
    """Whether it was a number."""
    if address := _ADDRESS.fullmatch(part):
        label = address["label"].rstrip(":")
        said.identifiers.append(Identifier(kind_of(label), address["number"], label=label))
        return True
    found = _NUMBER.fullmatch(part)
    if found is None:
        return False
    label, note = found["label"], found["note"].strip()
    said.identifiers.append(Identifier(kind_of(label), found["number"], found["country"] or "", label, note))
    return True
