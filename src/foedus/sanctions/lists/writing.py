"""A list version for others: as FollowTheMoney JSON lines, which `ftm` reads back, and as CSV for a spreadsheet.

An identifier with a country or a label is written as a document of its own beside the number, as that format has it. A
range of dates is written as its two ends, and what is about a date as the date: that format has no other way.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

import msgspec

from foedus.sanctions.lists.countries import country
from foedus.sanctions.lists.ftm import NAMES, NUMBERS
from foedus.sanctions.lists.model import Address, Identifier, Kind, Link, ListVersion, Name, Target

_SCHEMAS: dict[Kind, str] = {
    "person": "Person",
    "organisation": "Organization",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "unknown": "LegalEntity",
}
_BORN: dict[Kind, str] = {"person": "birthDate", "vessel": "buildDate", "aircraft": "buildDate"}
_COUNTRIES: dict[Kind, str] = {"person": "nationality", "vessel": "flag"}
_PROPERTY = {kind: name for name, kind in reversed(NUMBERS.items())}
_NAME = {kind: name for name, kind in NAMES.items()} | {"original": "alias"}
Properties = dict[str, list[str]]


def ftm(version: ListVersion) -> Iterator[bytes]:
    """The version as FollowTheMoney entities, one a line, each target before what names it; every line with its end."""
    known = {one.id: f"{version.list}-{one.id}" for one in version.targets}
    for one in version.targets:
        for entity in entities(version, one, known):
            yield msgspec.json.encode(entity) + b"\n"


def entities(version: ListVersion, one: Target, known: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """A target, and then what names it: addresses, documents, the sanction, relations. `known`: ids of the list's
    targets, by the publisher's.
    """
    id_ = known[one.id]
    properties = _properties(one)
    addresses = [(f"{id_}-address-{number}", each) for number, each in enumerate(one.addresses, 1)]
    properties["addressEntity"] = [address for address, _ in addresses]
    yield _entity(id_, _SCHEMAS[one.kind], properties)
    for address, each in addresses:
        yield _entity(address, "Address", _address(each))
    for number, identifier in enumerate(one.identifiers, 1):
        if identifier.country or identifier.label:
            schema = "Passport" if identifier.kind == "passport" else "Identification"
            yield _entity(f"{id_}-document-{number}", schema, _document(id_, identifier))
    yield _entity(f"{id_}-sanction", "Sanction", _sanction(version, id_, one))
    for link in one.links:
        if link.kind in ("owned", "linked", "family") and link.to in known:
            yield _relation(id_, known[link.to], link)


def _entity(id_: str, schema: str, properties: Properties) -> dict[str, object]:
    kept = {name: list(dict.fromkeys(text for text in texts if text)) for name, texts in properties.items()}
    return {"id": id_, "schema": schema, "properties": {name: texts for name, texts in kept.items() if texts}}


def described(id_: str, one: Target | None, topics: list[str]) -> dict[str, object]:
    """A target by itself under this id and with these topics; one that no list describes is a legal entity of no name
    but its id.
    """
    if one is None:
        return _entity(id_, "LegalEntity", {"name": [id_], "topics": topics})
    return _entity(id_, _SCHEMAS[one.kind], {**_properties(one), "topics": topics})


def _properties(one: Target) -> Properties:
    found: Properties = {"topics": ["sanction"], "gender": [one.gender], "modifiedAt": [one.updated_on]}
    for name in one.names:
        found.setdefault(_NAME[name.kind], []).append(name.text)
    for birth in one.births:
        found.setdefault(_BORN.get(one.kind, "incorporationDate"), []).extend(birth.date.split("/"))
        found.setdefault("birthPlace", []).append(birth.place)
        found.setdefault("birthCountry", []).append(_code(birth.country))
    for identifier in one.identifiers:
        if identifier.kind in _PROPERTY:
            found.setdefault(_PROPERTY[identifier.kind], []).append(identifier.number)
    found[_COUNTRIES.get(one.kind, "country")] = [_code(text) for text in one.countries]
    found["position"] = list(one.positions)
    found["notes"] = list(one.remarks)
    return found


def _code(text: str) -> str:
    """The code in small letters, as the format has it; what is not known stays as it is written."""
    return (country(text) or text).lower() if country(text) else text


def _address(one: Address) -> Properties:
    return {
        "street": [one.text], "city": [one.city], "region": [one.region], "postalCode": [one.postcode],
        "country": [_code(one.country)], "remarks": [one.note],
    }  # fmt: skip


def _document(holder: str, one: Identifier) -> Properties:
    return {
        "holder": [holder], "number": [one.number], "type": [one.label or one.kind],
        "country": [_code(one.country)], "summary": [one.note],
    }  # fmt: skip


def _sanction(version: ListVersion, id_: str, one: Target) -> Properties:
    un = [text.removeprefix("UN ") for text in one.references if re.fullmatch(r"UN [A-Z]{2}[ei]\.\d+", text)]
    return {
        "entity": [id_], "authority": [version.publisher, *one.legal_basis], "program": list(one.programmes),
        "provisions": list(one.measures), "listingDate": [one.listed_on], "authorityId": [one.id], "unscId": un,
    }  # fmt: skip


def _relation(id_: str, other: str, link: Link) -> dict[str, object]:
    number = sha256(f"{id_}\n{other}\n{link.kind}\n{link.note}".encode()).hexdigest()[:16]
    if link.kind == "owned":
        said = {"owner": [id_], "asset": [other], "percentage": [link.share], "role": [link.note]}
        return _entity(f"link-{number}", "Ownership", said)
    if link.kind == "family":
        said = {"person": [id_], "relative": [other], "relationship": [link.note]}
        return _entity(f"link-{number}", "Family", said)
    return _entity(f"link-{number}", "UnknownLink", {"subject": [id_], "object": [other], "role": [link.note]})


COLUMNS = (
    "list", "id", "kind", "name", "aliases", "weak_aliases", "born", "countries", "identifiers", "programmes",
    "measures", "listed_on", "legal_basis",
)  # fmt: skip


def table(version: ListVersion) -> Iterator[str]:
    """The version as CSV (RFC 4180), a header and a row for each target; several values divided by `; `."""
    yield _line(COLUMNS)
    for one in version.targets:
        others = [name for name in one.names if name != one.names[0]]
        yield _line((
            version.list, one.id, one.kind, one.names[0].text,
            _joined(name.text for name in others if name.kind != "weak"), _weak(others),
            _joined(birth.date for birth in one.births), _joined(one.countries),
            _joined(f"{each.kind} {each.number}" for each in one.identifiers),
            _joined(one.programmes), _joined(one.measures), one.listed_on, _joined(one.legal_basis),
        ))  # fmt: skip


def _weak(names: Iterable[Name]) -> str:
    return _joined(name.text for name in names if name.kind == "weak")


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(text for text in texts if text)


def _line(cells: Iterable[str]) -> str:
    """A row. What a spreadsheet would take for a formula is given a quotation mark before it."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in cells])
    return out.getvalue()
