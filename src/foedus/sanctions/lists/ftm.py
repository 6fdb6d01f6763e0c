"""Any list as FollowTheMoney JSON lines (followthemoney.tech): entities of people, organisations, vessels and aircraft,
with the sanctions, documents, addresses and relations that name them.

Other kinds of entities are skipped and counted. A value stands as the file has it: countries are codes there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct

from foedus.compact.findings import Phrase
from foedus.errors import Malformed
from foedus.sanctions.lists import dates
from foedus.sanctions.lists.canonical import target
from foedus.sanctions.lists.model import (
    Address,
    Birth,
    Identifier,
    IdentifierKind,
    Kind,
    Link,
    LinkKind,
    Name,
    NameKind,
    Target,
)
from foedus.sanctions.lists.numbers import kind_of
from foedus.sanctions.lists.reading import Content, Files, Notes, text_of

Values = dict[str, tuple[str, ...]]

SCHEMAS: dict[str, Kind] = {
    "Person": "person",
    **dict.fromkeys(("Organization", "Company", "LegalEntity", "PublicBody"), "organisation"),
    "Vessel": "vessel",
    "Airplane": "aircraft",
    **dict.fromkeys(("Asset", "CryptoWallet", "Security", "Thing"), "unknown"),
}
NAMES: dict[str, NameKind] = {
    "name": "primary",
    "alias": "alias",
    "weakAlias": "weak",
    "previousName": "former",
}
# Where a number of a kind stands; the first of a kind is where one is written.
NUMBERS: dict[str, IdentifierKind] = {
    "passportNumber": "passport",
    "idNumber": "national_id",
    "taxNumber": "tax",
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "registrationNumber": "registration",
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "callSign": "call_sign",
    "leiCode": "lei",
    "swiftBic": "swift",
    "dunsCode": "duns",
    "isinCode": "isin",
    "isin": "isin",
    "publicKey": "wallet",
    "serialNumber": "serial_number",
    "phone": "phone",
    "email": "email",
    "website": "website",
    "okpoCode": "registration",
    "vatCode": "tax",
    "socialSecurityNumber": "national_id",
}
BIRTHS = ("birthDate", "incorporationDate", "buildDate")
_COUNTRIES = ("nationality", "citizenship", "country", "jurisdiction", "flag")
_RELATIONS: dict[str, tuple[str, str, LinkKind, LinkKind]] = {  # two ends, and what the other is to each
    "Ownership": ("owner", "asset", "owned", "owner"),
    "Directorship": ("director", "organization", "linked", "linked"),
    "Family": ("person", "relative", "family", "family"),
    "UnknownLink": ("subject", "object", "linked", "linked"),
    "Associate": ("person", "associate", "linked", "linked"),
    "Employment": ("employee", "employer", "linked", "linked"),
    "Membership": ("member", "organization", "linked", "linked"),
    "Representation": ("agent", "client", "linked", "linked"),
}
_DOCUMENTS = ("Passport", "Identification")


class Entity(Struct, frozen=True):
    """A line. Members that are not named here are for others."""

    id: str
    schema: str
    properties: dict[str, tuple[str | dict[str, object], ...]]

    def values(self) -> Values:
        """What it says, property by property; an entity within it by its id."""
        return {name: tuple(_text(one) for one in each) for name, each in self.properties.items()}


def _text(value: str | dict[str, object]) -> str:
    return value if isinstance(value, str) else str(value.get("id", ""))


class _Around:
    """What other entities say of the targets, by the target's id."""

    def __init__(self) -> None:
        self.sanctions: dict[str, list[Values]] = defaultdict(list)
        self.documents: dict[str, list[tuple[str, Values]]] = defaultdict(list)
        self.addresses: dict[str, Values] = {}
        self.links: dict[str, list[Link]] = defaultdict(list)

    def take(self, entity: Entity) -> bool:
        """Keep it; whether it is of a kind that says something of a target."""
        values = entity.values()
        if entity.schema == "Sanction":
            for holder in values.get("entity", ()):
                self.sanctions[holder].append(values)
        elif entity.schema in _DOCUMENTS:
            for holder in values.get("holder", ()):
                self.documents[holder].append((entity.schema, values))
        elif entity.schema == "Address":
            self.addresses[entity.id] = values
        elif entity.schema in _RELATIONS:
            self._relate(_RELATIONS[entity.schema], values, entity.schema)
        else:
            return False
        return True

    def _relate(self, relation: tuple[str, str, LinkKind, LinkKind], values: Values, schema: str) -> None:
        first, second, other_to_first, other_to_second = relation
        ended = values.get("endDate", ())
        if schema == "Ownership" and ended:  # it is told, and is no stake any more
            other_to_first = other_to_second = "linked"
        said = (*values.get("role", ()), *values.get("relationship", ()), *_ends(ended))
        note, share = "; ".join(said) or schema.lower(), next(iter(values.get("percentage", ())), "")
        for one in values.get(first, ()):
            for other in values.get(second, ()):
                self.links[one].append(Link(other_to_first, to=other, share=share, note=note))
                self.links[other].append(Link(other_to_second, to=one, share=share, note=note))


def read(files: Files, notes: Notes) -> Content:
    """The list. Raises Malformed with the line where it is no entity; entities of other kinds are skipped."""
    file, data = files.only()
    text = text_of(file, data, notes)
    around, found = _Around(), []
    for line, entity in _entities(file, text, files):
        if entity.schema in SCHEMAS:
            found.append((line, entity))
        elif not around.take(entity):
            notes.skip(file, line, Phrase("{id} is a {schema}, which is no target", id=entity.id, schema=entity.schema))
    targets: list[tuple[int, Target]] = []
    for line, entity in found:
        one = _target(entity, around)
        if one.names:
            targets.append((line, one))
        else:
            notes.skip(file, line, Phrase("{id} has no name", id=entity.id))
    return Content("-", "ftm", None, targets)


def _entities(file: str, text: str, files: Files) -> Iterator[tuple[int, Entity]]:
    decode = msgspec.json.Decoder(Entity).decode
    done, size = 0, len(text)
    for line, each in enumerate(text.split("\n"), 1):
        done += len(each) + 1
        if not each.strip():
            continue
        try:
            yield line, decode(each)
        except (msgspec.MsgspecError, RecursionError) as problem:
            raise Malformed(
                "{file}, line {line}: {problem}: an entity with id, schema and properties was expected there",
                file=file,
                line=line,
                problem=problem,
            ) from None
        if files.progress and line % 1000 == 0:
            files.progress(min(done, size), size)


def _target(entity: Entity, around: _Around) -> Target:
    values = entity.values()
    sanctions = around.sanctions.get(entity.id, [])

    def of_sanctions(*names: str) -> list[str]:
        return [text for one in sanctions for name in names for text in one.get(name, ())]

    return target(
        entity.id,
        SCHEMAS[entity.schema],
        _names(values),
        births=_births(values),
        countries=_all(values, _COUNTRIES),
        identifiers=_identifiers(values, around.documents.get(entity.id, [])),
        addresses=_addresses(values, around),
        programmes=(*of_sanctions("program", "programId"), *_all(values, ("program", "programId"))),
        measures=of_sanctions("provisions"),
        legal_basis=(*of_sanctions("authority"), *of_sanctions("sourceUrl")),
        positions=_all(values, ("position", "title")),
        links=around.links.get(entity.id, ()),
        references=(f"UN {text}" for text in of_sanctions("unscId")),
        gender=next(iter(values.get("gender", ())), ""),
        listed_on=min(of_sanctions("listingDate", "startDate"), default=""),
        updated_on=max(values.get("modifiedAt", ()), default=""),
        remarks=(*_all(values, ("notes", "summary")), *of_sanctions("reason"), *_ends(of_sanctions("endDate"))),
    )


def _ends(texts: Iterable[str]) -> Iterator[str]:
    return (f"until {text}" for text in texts)


def _all(values: Values, names: Iterable[str]) -> list[str]:
    return [text for name in names for text in values.get(name, ())]


def _names(values: Values) -> Iterator[Name]:
    for name, kind in NAMES.items():
        for number, text in enumerate(values.get(name, ())):
            yield Name(text, "alias" if kind == "primary" and number else kind)


def _births(values: Values) -> Iterator[Birth]:
    for text in _all(values, BIRTHS):
        known = dates.iso(text)
        yield Birth(known or "", note="" if known else text)
    countries = values.get("birthCountry", ())
    places = values.get("birthPlace", ())
    if len(countries) == len(places) == 1:
        yield Birth(place=places[0], country=countries[0])
    else:
        yield from (Birth(place=text) for text in places)
        yield from (Birth(country=text) for text in countries)


def _identifiers(values: Values, documents: list[tuple[str, Values]]) -> Iterator[Identifier]:
    told = set()
    stated = {number: kind for name, kind in NUMBERS.items() for number in values.get(name, ())}
    for schema, one in documents:
        label = next(iter((*one.get("type", ()), schema)))
        kind = "passport" if schema == "Passport" else kind_of(label)
        note = "; ".join(one.get("summary", ()))
        country = next(iter(one.get("country", ())), "")
        for number in one.get("number", ()):
            told.add(number)
            yield Identifier(stated.get(number, kind), number, country, label, note)
    for name, kind in NUMBERS.items():
        yield from (Identifier(kind, number) for number in values.get(name, ()) if number not in told)


def _addresses(values: Values, around: _Around) -> Iterator[Address]:
    yield from (Address(text) for text in values.get("address", ()))
    for id_ in values.get("addressEntity", ()):
        if one := around.addresses.get(id_):
            yield _address(one)


def _address(one: Mapping[str, tuple[str, ...]]) -> Address:
    def first(*names: str) -> str:
        return ", ".join(text for name in names for text in one.get(name, ()))

    text = first("street", "street2", "street3", "postOfficeBox") or first("full")
    return Address(
        text, first("city"), first("region", "state"), first("postalCode"), first("country"), first("remarks")
    )
