"""OFAC's lists in the older XML (sdn.xml, consolidated.xml; schema sdn.xsd, consolidated.xsd).

The file states how many entries it has; another number is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from foedus.errors import Malformed
from foedus.sanctions.lists import dates
from foedus.sanctions.lists.canonical import target
from foedus.sanctions.lists.markup import Element, Reader, required
from foedus.sanctions.lists.model import Address, Birth, Identifier, Kind, Link, Name, Target
from foedus.sanctions.lists.numbers import kind_of
from foedus.sanctions.lists.reading import Content, Files, Notes

SHAPE = {
    "sdnList": "publshInformation sdnEntry",
    "publshInformation": "Publish_Date Record_Count",
    "sdnEntry": "uid firstName lastName title sdnType remarks programList idList akaList addressList nationalityList"
    " citizenshipList dateOfBirthList placeOfBirthList vesselInfo",
    "programList": "program",
    "idList": "id",
    "id": "uid idType idNumber idCountry issueDate expirationDate",
    "akaList": "aka",
    "aka": "uid type category lastName firstName",
    "addressList": "address",
    "address": "uid address1 address2 address3 city stateOrProvince postalCode country",
    "nationalityList": "nationality",
    "nationality": "uid country mainEntry",
    "citizenshipList": "citizenship",
    "citizenship": "uid country mainEntry",
    "dateOfBirthList": "dateOfBirthItem",
    "dateOfBirthItem": "uid dateOfBirth mainEntry",
    "placeOfBirthList": "placeOfBirthItem",
    "placeOfBirthItem": "uid placeOfBirth mainEntry",
    "vesselInfo": "callSign vesselType vesselFlag vesselOwner tonnage grossRegisteredTonnage",
}
KINDS: dict[str, Kind] = {"Individual": "person", "Entity": "organisation", "Vessel": "vessel", "Aircraft": "aircraft"}
_NON_SDN = {"NS-PLC", "561LIST", "FSE-IR", "FSE-SY", "FSE-WMD", "NS-ISA", "NS-CMIC", "NS-MBS", "CAPTA"}


def read(files: Files, notes: Notes) -> Content:
    """The list. Raises Malformed with the line and what was expected, or when entries are missing."""
    reader = Reader(files, notes, SHAPE, "sdnEntry", root="sdnList", strict=True)
    found = [(row.line, _target(reader, row)) for row in reader.rows()]
    stated = reader.root.value("publshInformation/Record_Count")
    if stated and stated != str(len(found)):
        raise Malformed(
            "{file}: {found} entries found, {expected} expected, as the file itself states: fetch it again",
            file=reader.file,
            found=len(found),
            expected=stated,
        )
    programmes = {programme for _, one in found for programme in one.programmes}
    which = "ofac-consolidated" if programmes & _NON_SDN or any("EO13662" in one for one in programmes) else "ofac-sdn"
    return Content("USA", which, _published(reader.root.value("publshInformation/Publish_Date")), found)


def _published(text: str) -> date | None:
    """`04/06/2018` is 6 April: month first."""
    month, _, rest = text.partition("/")
    day, _, year = rest.partition("/")
    return dates.day(f"{year}-{month}-{day}")


def _target(reader: Reader, row: Element) -> Target:
    type_ = required(reader, row, "sdnType")
    if type_ not in KINDS:
        raise Malformed(
            "{file}, line {line}: the type {found!r}; one of {expected} was expected",
            file=reader.file,
            line=row.line,
            found=type_,
            expected=", ".join(KINDS),
        )
    vessel = row.first("vesselInfo") or Element("vesselInfo", {}, row.line)
    said = {"Vessel type": "vesselType", "Tonnage": "tonnage", "Gross registered tonnage": "grossRegisteredTonnage"}
    facts = (f"{label} {vessel.value(tag)}" for label, tag in said.items() if vessel.value(tag))
    ids = list(_identifiers(row))
    gender = next((one.number.lower() for one in ids if one.label == "Gender"), "")
    if sign := vessel.value("callSign"):
        ids.append(Identifier("call_sign", sign, label="Call Sign"))
    return target(
        required(reader, row, "uid"),
        KINDS[type_],
        (Name(_name(row) or required(reader, row, "lastName")), *_aliases(row)),
        births=_births(row),
        countries=(
            *row.values("nationalityList/nationality/country"),
            *row.values("citizenshipList/citizenship/country"),
            vessel.value("vesselFlag"),
        ),
        identifiers=(one for one in ids if one.label != "Gender"),
        addresses=map(_address, row.all("addressList/address")),
        programmes=row.values("programList/program"),
        positions=(row.value("title"),),
        links=(Link("owner", owner) for owner in vessel.values("vesselOwner")),
        gender=gender,
        remarks=(row.value("remarks"), *facts),
    )


def _name(one: Element) -> str:
    return ", ".join(part for part in (one.value("lastName"), one.value("firstName")) if part)


def _aliases(row: Element) -> Iterator[Name]:
    for one in row.all("akaList/aka"):
        former = one.value("type").startswith("f.k.a")
        yield Name(_name(one), "former" if former else "weak" if one.value("category") == "weak" else "alias")


def _births(row: Element) -> Iterator[Birth]:
    for text in row.values("dateOfBirthList/dateOfBirthItem/dateOfBirth"):
        known, about = dates.circa(text)
        yield Birth(known or "", circa=about and known is not None, note="" if known else text)
    for text in row.values("placeOfBirthList/placeOfBirthItem/placeOfBirth"):
        yield Birth(place=text, country=text.rpartition(", ")[2])


def _identifiers(row: Element) -> Iterator[Identifier]:
    for one in row.all("idList/id"):
        label = one.value("idType")
        spans = ((word, one.value(tag)) for word, tag in (("issued", "issueDate"), ("expires", "expirationDate")))
        note = " ".join(f"{word} {when}" for word, when in spans if when)
        yield Identifier(kind_of(label), one.value("idNumber"), one.value("idCountry"), label, note)


def _address(one: Element) -> Address:
    text = ", ".join(one.value(f"address{n}") for n in (1, 2, 3) if one.value(f"address{n}"))
    return Address(text, one.value("city"), one.value("stateOrProvince"), one.value("postalCode"), one.value("country"))
