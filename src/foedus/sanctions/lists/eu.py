"""EU consolidated financial sanctions list, version 1.1 (XML; schema of the Commission's Financial Sanctions Files).

A target's id is its EU reference number, or the logical id of an entry without one. `strong` marks a name by which
somebody is surely meant; the first such name comes first, and one that is not strong is weak.
"""

from __future__ import annotations

from collections.abc import Iterator

from foedus.sanctions.lists import dates
from foedus.sanctions.lists.canonical import target
from foedus.sanctions.lists.markup import Element, Reader
from foedus.sanctions.lists.model import Address, Birth, Identifier, Name, Target
from foedus.sanctions.lists.numbers import kind_of
from foedus.sanctions.lists.reading import Content, Files, Notes

_COUNTRY = "@countryIso2Code @countryDescription"
_OPERABLE = "remark additionalInformation @logicalId"
_DETAIL = f"{_OPERABLE} regulationSummary @regulationLanguage"
_SUMMARY = "@regulationType @publicationDate @numberTitle @publicationUrl"
SHAPE = {
    "export": "sanctionEntity @generationDate @globalFileId",
    "sanctionEntity": f"{_OPERABLE} regulation subjectType nameAlias citizenship birthdate address identification"
    " @delistingDate @designationDate @designationDetails @unitedNationId @euReferenceNumber",
    "regulation": f"{_OPERABLE} publicationUrl corrigendum @regulationType @organisationType @publicationDate"
    " @entryIntoForceDate @numberTitle @programme",
    "corrigendum": _SUMMARY,
    "regulationSummary": _SUMMARY,
    "additionalInformation": "@key @value",
    "contactInfo": "@key @value",
    "subjectType": "@code @classificationCode",
    "nameAlias": f"{_DETAIL} @firstName @middleName @lastName @wholeName @function @gender @title @nameLanguage"
    " @strong",
    "citizenship": f"{_DETAIL} @acquisitionDate @disenfranchisementDate @region {_COUNTRY}",
    "birthdate": f"{_DETAIL} @circa @calendarType @city @zipCode @birthdate @dayOfMonth @monthOfYear @year"
    f" @yearRangeFrom @yearRangeTo @region @place {_COUNTRY}",
    "address": f"{_DETAIL} contactInfo @city @street @poBox @zipCode @region @place @asAtListingTime {_COUNTRY}",
    "identification": f"{_DETAIL} @diplomatic @knownExpired @knownFalse @reportedLost @revokedByIssuer @issueDate"
    " @issuedBy"
    f" @latinNumber @nameOnDocument @number @validFrom @validTo @identificationTypeCode @identificationTypeDescription"
    f" @region {_COUNTRY}",
}
_UNKNOWN = ("", "UNKNOWN")
_FALSE = ("knownFalse", "knownExpired", "reportedLost", "revokedByIssuer", "diplomatic")


def read(files: Files, notes: Notes) -> Content:
    """The list. Raises Malformed with the line and what was expected."""
    reader = Reader(files, notes, SHAPE, "sanctionEntity", root="export", strict=True)
    found = [(row.line, _target(row)) for row in reader.rows()]
    return Content("EU", "eu-fsf", dates.day(reader.root.get("generationDate")), found)


def _target(row: Element) -> Target:
    kind = row.first("subjectType")
    aliases = list(row.all("nameAlias"))
    logical, reference, un = row.get("logicalId"), row.get("euReferenceNumber"), row.get("unitedNationId")
    regulations = list(row.all("regulation"))
    delisted = row.get("delistingDate")
    return target(
        reference or logical,
        "person" if kind is not None and kind.get("classificationCode") == "P" else "organisation",
        _names(aliases),
        births=map(_birth, row.all("birthdate")),
        countries=map(_country, row.all("citizenship")),
        identifiers=(*map(_identifier, row.all("identification")), *_contacts(row)),
        addresses=map(_address, row.all("address")),
        programmes=(one.get("programme") for one in regulations),
        legal_basis=map(_law, regulations),
        positions=(one.get(name) for one in aliases for name in ("title", "function")),
        references=(f"UN {un}" if un else "", f"EU {logical}" if reference else ""),
        gender=next((_GENDERS[sex] for one in aliases if (sex := one.get("gender")) in _GENDERS), ""),
        listed_on=row.get("designationDate"),
        updated_on=max((one.get("publicationDate") for one in regulations), default=""),
        remarks=(*row.values("remark"), row.get("designationDetails"), f"delisted on {delisted}" if delisted else ""),
    )


_GENDERS = {"M": "male", "F": "female"}


def _names(aliases: list[Element]) -> Iterator[Name]:
    strong = [one for one in aliases if one.get("strong") == "true"]
    first = (strong or aliases)[:1]
    for one in aliases:
        kind = "primary" if one in first else "alias" if one in strong else "weak"
        parts = (one.get(name) for name in ("firstName", "middleName", "lastName"))
        whole = one.get("wholeName") or " ".join(part for part in parts if part)
        yield Name(whole, kind, one.get("nameLanguage"))  # type: ignore[arg-type]  # one of three words


def _law(one: Element) -> str:
    url = one.value("publicationUrl")
    return f"{one.get('numberTitle')}, in force {one.get('entryIntoForceDate')}" + (f" ({url})" if url else "")


def _country(one: Element) -> str:
    name = one.get("countryDescription")
    return "" if name in _UNKNOWN else name


def _joined(one: Element, *names: str) -> str:
    return ", ".join(one.get(name) for name in names if one.get(name))


def _birth(one: Element) -> Birth:
    year, month, day = one.get("year"), one.get("monthOfYear"), one.get("dayOfMonth")
    low, high = one.get("yearRangeFrom"), one.get("yearRangeTo")
    parts = "-".join(part.zfill(2) for part in (year, month, day if month else "") if part)
    known = dates.iso(one.get("birthdate") or (parts if year else "")) or (
        f"{low}/{high}" if low and high else low or high
    )
    calendar = one.get("calendarType")
    note = "; ".join((*one.values("remark"), *([calendar] if calendar not in ("", "GREGORIAN") else ())))
    return Birth(
        known, _joined(one, "place", "city", "region", "zipCode"), _country(one), one.get("circa") == "true", note
    )


def _identifier(one: Element) -> Identifier:
    label = one.get("identificationTypeDescription") or one.get("identificationTypeCode")
    said = (name for name in _FALSE if one.get(name) == "true")
    spans = (f"{name} {one.get(name)}" for name in ("issuedBy", "issueDate", "validFrom", "validTo") if one.get(name))
    note = "; ".join((*said, *spans, *one.values("remark")))
    return Identifier(kind_of(label), one.get("number") or one.get("latinNumber"), _country(one), label, note)


def _contacts(row: Element) -> Iterator[Identifier]:
    for one in row.all("address/contactInfo"):
        yield Identifier(kind_of(one.get("key")), one.get("value"), label=one.get("key"))


def _address(one: Element) -> Address:
    text = _joined(one, "street", "poBox", "place")
    note = "; ".join(one.values("remark"))
    return Address(text, one.get("city"), one.get("region"), one.get("zipCode"), _country(one), note)
