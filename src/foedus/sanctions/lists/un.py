"""United Nations Security Council Consolidated List (XML; schema sc-sanctions.xsd of un.org).

A target's id is its permanent reference number. An alias of quality `Low` is weak.
"""

from __future__ import annotations

from collections.abc import Iterator

from foedus.sanctions.lists import dates
from foedus.sanctions.lists.canonical import target
from foedus.sanctions.lists.markup import Element, Reader, required
from foedus.sanctions.lists.model import Address, Birth, Identifier, Name, NameKind, Target
from foedus.sanctions.lists.numbers import kind_of
from foedus.sanctions.lists.reading import Content, Files, Notes

_BOTH = (
    "DATAID VERSIONNUM FIRST_NAME UN_LIST_TYPE REFERENCE_NUMBER LISTED_ON NAME_ORIGINAL_SCRIPT COMMENTS1 LIST_TYPE"
    " LAST_DAY_UPDATED SORT_KEY SORT_KEY_LAST_MOD DELISTED_ON"
)
SHAPE = {
    "CONSOLIDATED_LIST": "@dateGenerated INDIVIDUALS ENTITIES",
    "INDIVIDUALS": "INDIVIDUAL",
    "ENTITIES": "ENTITY",
    "INDIVIDUAL": f"{_BOTH} SECOND_NAME THIRD_NAME FOURTH_NAME GENDER SUBMITTED_BY NATIONALITY2 TITLE DESIGNATION"
    " NATIONALITY"
    " INDIVIDUAL_ALIAS INDIVIDUAL_ADDRESS INDIVIDUAL_DATE_OF_BIRTH INDIVIDUAL_PLACE_OF_BIRTH INDIVIDUAL_DOCUMENT",
    "ENTITY": f"{_BOTH} SUBMITTED_ON ENTITY_ALIAS ENTITY_ADDRESS",
    **dict.fromkeys(("TITLE", "DESIGNATION", "NATIONALITY", "LIST_TYPE", "LAST_DAY_UPDATED"), "VALUE"),
    "INDIVIDUAL_ALIAS": "QUALITY ALIAS_NAME DATE_OF_BIRTH CITY_OF_BIRTH COUNTRY_OF_BIRTH NOTE",
    "ENTITY_ALIAS": "QUALITY ALIAS_NAME NOTE",  # not in the schema
    "INDIVIDUAL_ADDRESS": "STREET CITY STATE_PROVINCE ZIP_CODE COUNTRY NOTE",
    "ENTITY_ADDRESS": "STREET CITY STATE_PROVINCE ZIP_CODE COUNTRY NOTE",
    "INDIVIDUAL_DATE_OF_BIRTH": "TYPE_OF_DATE NOTE DATE YEAR FROM_YEAR TO_YEAR",
    "INDIVIDUAL_PLACE_OF_BIRTH": "STREET CITY STATE_PROVINCE ZIP_CODE COUNTRY NOTE",  # not all of it in the schema
    "INDIVIDUAL_DOCUMENT": "TYPE_OF_DOCUMENT TYPE_OF_DOCUMENT2 NUMBER ISSUING_COUNTRY DATE_OF_ISSUE CITY_OF_ISSUE"
    " COUNTRY_OF_ISSUE NOTE",
}
_QUALITIES: dict[str, NameKind] = {"low": "weak", "f.k.a.": "former"}


def read(files: Files, notes: Notes) -> Content:
    """The list. Raises Malformed with the line and what was expected."""
    reader = Reader(files, notes, SHAPE, "INDIVIDUAL ENTITY", root="CONSOLIDATED_LIST", strict=True)
    found = [(row.line, _target(reader, row)) for row in reader.rows()]
    return Content("UN", "un-consolidated", dates.day(reader.root.get("dateGenerated")), found)


def _target(reader: Reader, row: Element) -> Target:
    person = row.tag == "INDIVIDUAL"
    positions = (*row.values("TITLE/VALUE"), *row.values("DESIGNATION/VALUE"))
    delisted = row.value("DELISTED_ON")
    return target(
        required(reader, row, "REFERENCE_NUMBER"),
        "person" if person else "organisation",
        _names(reader, row),
        births=(*_births(row), *_alias_births(row)),
        countries=(*row.values("NATIONALITY/VALUE"), row.value("NATIONALITY2")),
        identifiers=_documents(row),
        addresses=_addresses(row),
        programmes=row.values("UN_LIST_TYPE"),
        positions=positions,
        references=(f"UN DATAID {required(reader, row, 'DATAID')}",),
        gender=row.value("GENDER").lower(),
        listed_on=required(reader, row, "LISTED_ON"),
        updated_on=max(row.values("LAST_DAY_UPDATED/VALUE"), default=""),
        remarks=(row.value("COMMENTS1"), f"delisted on {delisted}" if delisted else ""),
    )


def _names(reader: Reader, row: Element) -> Iterator[Name]:
    parts = (required(reader, row, "FIRST_NAME"), *(row.value(f"{n}_NAME") for n in ("SECOND", "THIRD", "FOURTH")))
    yield Name(" ".join(part for part in parts if part))
    for alias in (*row.all("INDIVIDUAL_ALIAS"), *row.all("ENTITY_ALIAS")):
        yield Name(
            alias.value("ALIAS_NAME"), _QUALITIES.get(alias.value("QUALITY").lower(), "alias"), note=alias.value("NOTE")
        )
    yield Name(row.value("NAME_ORIGINAL_SCRIPT"), "original")


def _births(row: Element) -> Iterator[Birth]:
    for one in row.all("INDIVIDUAL_DATE_OF_BIRTH"):
        low, high = one.value("FROM_YEAR"), one.value("TO_YEAR")
        text = one.value("DATE") or one.value("YEAR") or (f"{low}/{high}" if low and high else low or high)
        known = text if "/" in text else dates.iso(text) or ""
        note = "; ".join(part for part in (one.value("NOTE"), "" if known else text) if part)
        yield Birth(known, circa=one.value("TYPE_OF_DATE").upper() == "APPROXIMATELY" and bool(known), note=note)
    for one in row.all("INDIVIDUAL_PLACE_OF_BIRTH"):
        place = ", ".join(
            part for part in (one.value(tag) for tag in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE")) if part
        )
        yield Birth(place=place, country=one.value("COUNTRY"), note=one.value("NOTE"))


def _alias_births(row: Element) -> Iterator[Birth]:
    """A passport in another name has its own date and place."""
    for one in row.all("INDIVIDUAL_ALIAS"):
        text = one.value("DATE_OF_BIRTH")
        known = dates.iso(text) or ""
        note = "" if known else text
        yield Birth(known, one.value("CITY_OF_BIRTH"), one.value("COUNTRY_OF_BIRTH"), note=note)


def _documents(row: Element) -> Iterator[Identifier]:
    for one in row.all("INDIVIDUAL_DOCUMENT"):
        number = one.value("NUMBER")
        if not number and not one.value("NOTE"):
            continue
        label = " ".join(unit for unit in (one.value("TYPE_OF_DOCUMENT"), one.value("TYPE_OF_DOCUMENT2")) if unit)
        country = one.value("ISSUING_COUNTRY") or one.value("COUNTRY_OF_ISSUE")
        more = (one.value("NOTE"), one.value("DATE_OF_ISSUE"), one.value("CITY_OF_ISSUE"))
        yield Identifier(kind_of(label), number, country, label, "; ".join(part for part in more if part))


def _addresses(row: Element) -> Iterator[Address]:
    for one in (*row.all("INDIVIDUAL_ADDRESS"), *row.all("ENTITY_ADDRESS")):
        parts = (one.value(name) for name in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"))
        yield Address(*parts)
