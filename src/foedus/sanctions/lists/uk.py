"""What the two forms of the UK sanctions list share: one designation under the names of the CSV file's columns.

Dates are written day first; a day or month that is not known is `dd` or `00`. A target's id is its Unique ID.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from foedus.sanctions.lists import dates
from foedus.sanctions.lists.canonical import target
from foedus.sanctions.lists.model import Address, Birth, Identifier, Kind, Link, Name, NameKind, Target
from foedus.sanctions.lists.numbers import kind_of, labelled

Column = Callable[[str], list[str]]  # what a column says

KINDS: dict[str, Kind] = {"individual": "person", "entity": "organisation", "ship": "vessel"}
MEANT = "Individual, Entity, Ship"


class Designation(NamedTuple):
    """One entry. `values`: what a column says, every value once; the rest is what belongs together within a row."""

    names: list[tuple[str, str, str]]  # name, its type, its strength
    original: list[tuple[str, str]]  # name, its language or script
    values: dict[str, list[str]]
    addresses: list[Address]
    births: list[tuple[str, str]]  # town, country
    passports: list[tuple[str, str]]  # number, what is said of it
    national: list[tuple[str, str]]


def named(type_: str, strength: str) -> NameKind:
    """The kind of a name by the list's words."""
    low = type_.lower()
    if low.startswith("primary name"):
        return "primary" if "variation" not in low else "alias"
    return "weak" if "low" in strength.lower() else "former" if "former" in low or "fka" in low else "alias"


def made(one: Designation) -> Target:
    """The target. Its id and kind have been checked."""

    def values(column: str) -> list[str]:
        return one.values.get(column, [])

    def first(column: str) -> str:
        return next(iter(values(column)), "")

    un = first("UN Reference Number")
    group = first("OFSI Group ID")
    measures = (part.strip() for text in values("Sanctions Imposed") for part in text.split("|"))
    described = ("Type of entity", "Type of ship", "Tonnage of ship", "Length of ship", "Year Built", "Previous flags")
    return target(
        first("Unique ID"),
        KINDS[first("Designation Type").lower()],
        (*(Name(text, named(type_, strength)) for text, type_, strength in one.names), *_original(one.original)),
        births=(*_births(values("D.O.B")), *(Birth(place=town, country=country) for town, country in one.births)),
        countries=(*values("Nationality(/ies)"), *values("Current believed flag of ship")),
        identifiers=_identifiers(one, values),
        addresses=one.addresses,
        programmes=values("Regime Name"),
        measures=measures,
        legal_basis=values("Designation source"),
        positions=(*values("Title"), *values("Position")),
        links=_links(values),
        references=(f"UN {un}" if un else "", f"OFSI {group}" if group else ""),
        gender=first("Gender").lower(),
        listed_on=dates.iso(first("Date Designated")) or "",
        updated_on=max((dates.iso(text) or "" for text in values("Last Updated")), default=""),
        remarks=(
            *values("Other Information"),
            *values("UK Statement of Reasons"),
            *(f"{column}: {text}" for column in described for text in values(column)),
        ),
    )


def _original(names: Iterable[tuple[str, str]]) -> Iterator[Name]:
    return (Name(text, "original", language) for text, language in names)


def _births(texts: Iterable[str]) -> Iterator[Birth]:
    for text in texts:
        known = dates.iso(text)
        yield Birth(known or "", note="" if known else text)


def _identifiers(one: Designation, values: Column) -> Iterator[Identifier]:
    for number, said in one.passports:
        yield Identifier("passport", number, label="Passport number", note=said)
    for number, said in one.national:
        yield Identifier("national_id", number, label="National Identifier number", note=said)
    for text in values("Business registration number (s)"):
        yield labelled(text, "Business registration number")
    for column in ("IMO number", "Hull identification number (HIN)", "Phone number", "Website", "Email address"):
        yield from (Identifier(kind_of(column), text, label=column) for text in values(column))


def _links(values: Column) -> Iterator[Link]:
    yield from (Link("owner", text) for text in values("Parent company"))
    yield from (Link("owned", text) for text in values("Subsidiaries"))
    yield from (Link("operator", text) for text in values("Current owner/operator (s)"))
    yield from (Link("linked", text, note="previous owner/operator") for text in values("Previous owner/operator (s)"))
