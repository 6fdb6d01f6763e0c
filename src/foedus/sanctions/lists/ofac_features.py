"""The features of a party in OFAC's advanced XML: births, countries, numbers and what else is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from foedus.sanctions.lists.model import Address, Birth, Identifier, Link
from foedus.sanctions.lists.numbers import kind_of

if TYPE_CHECKING:
    from foedus.sanctions.lists.markup import Element
    from foedus.sanctions.lists.ofac_advanced import Tables

_BORN = ("birthdate", "organization established date", "year built", "aircraft manufacture date")
_COUNTRIES = ("nationality country", "citizenship country", "nationality of registration", "vessel flag")


class Said(NamedTuple):
    """What the features say."""

    births: list[Birth]
    countries: list[str]
    identifiers: list[Identifier]
    addresses: list[Address]
    positions: list[str]
    links: list[Link]
    remarks: list[str]
    gender: str = ""


def parse(profile: Element, tables: Tables) -> Said:
    """The features of one party. Raises Malformed for a number that the tables do not have."""
    said = Said([], [], [], [], [], [], [])
    for feature in profile.all("Feature"):
        name = tables.word("FeatureType", feature.get("FeatureTypeID"), feature.line)
        for version in feature.all("FeatureVersion"):
            said = _version(name, version, tables, said)
    return said


def _version(name: str, version: Element, tables: Tables, said: Said) -> Said:
    from foedus.sanctions.lists.ofac_advanced import period

    low = name.lower().rstrip(":")
    texts = list(_details(version, tables))
    places = [tables.locations.get(one.get("LocationID"), Address()) for one in version.all("VersionLocation")]
    if low in _BORN:
        for one in version.all("DatePeriod"):
            known, about = period(one)
            said.births.append(Birth(known, circa=about and bool(known)))
        said.births.extend(Birth(note=text) for text in texts)
    elif low == "place of birth":
        said.births.extend(Birth(place=text, country=text.rpartition(", ")[2]) for text in texts)
        said.births.extend(Birth(place=_place(one), country=one.country) for one in places)
    elif low == "location":
        said.addresses.extend(places)
    elif low in _COUNTRIES:
        said.countries.extend((*texts, *(one.country for one in places)))
    elif low == "gender":
        return said._replace(gender=texts[0].lower() if texts else "")
    elif low == "title":
        said.positions.extend(texts)
    elif low == "vessel owner":
        said.links.extend(Link("owner", text) for text in texts)
    elif kind_of(name) != "other":
        said.identifiers.extend(Identifier(kind_of(name), text, label=name) for text in texts)
    else:
        dates = (period(one)[0] for one in version.all("DatePeriod"))
        more = (text for text in (*texts, *(_place(one) or one.country for one in places), *dates) if text)
        said.remarks.append(f"{name} {'; '.join(more)}".strip())
    return said


def _details(version: Element, tables: Tables) -> Iterator[str]:
    for one in version.all("VersionDetail"):
        text = one.text or tables.word("DetailReference", one.get("DetailReferenceID"), one.line)
        if text:
            yield text
    yield from version.values("Comment")


def _place(one: Address) -> str:
    return ", ".join(part for part in (one.text, one.city, one.region, one.postcode) if part)
