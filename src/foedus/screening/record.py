"""What is compared: a record with names, dates, countries and identifiers, and what a comparison found.

A record is a customer, a listed person, a ship: nothing here says which. FollowTheMoney entities (schema,
properties), as OpenSanctions publishes them and its API takes them, are read as records; what they have beyond these
members is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from foedus.errors import Malformed

PERSON, ORGANISATION, VESSEL, AIRCRAFT = "person", "organisation", "vessel", "aircraft"
KINDS = ("", PERSON, ORGANISATION, VESSEL, AIRCRAFT)


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """`names`: the primary one first, in any script. `weak_names`: given by the publisher as of low quality.

    `kind`: one of KINDS, empty where it is not known. `dates`: of birth or foundation, ISO 8601, as exact as known
    (`1961`, `1961-03`, `1961-03-07`). `countries`: two-letter codes, lower case. `genders`: `male` or `female`.
    `identifiers`: pairs of kind (`passport`, `national_id`, `imo`, `tax`, …: facts.py has the words for one) and value;
    the same value under the same kind is the same subject. `lists`: where the record was read, for the answer alone.
    """

    id: str
    names: tuple[str, ...]
    kind: str = ""
    weak_names: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    addresses: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()

    @property
    def caption(self) -> str:
        """The name to show: the first, or the id where there is none."""
        return (self.names or self.weak_names or (self.id,))[0]


class Reason(msgspec.Struct, frozen=True):
    """Why a score is what it is: one feature of `score.FEATURES`, what it did, and on what.

    `points`: what the score was moved by, so that the points of a match add up to its score. `found`: the values
    looked at.
    """

    code: str
    points: float
    found: dict[str, str]


class Match(msgspec.Struct, frozen=True):
    """One record found for a query. `score`: 0 to 1, four decimals. `match`: the score reached the threshold.

    `in_law`: `yes`, `owed` or `no`, filled in by whoever knows what the entry is in law; None where nobody does.
    """

    id: str
    caption: str
    score: float
    match: bool
    reasons: tuple[Reason, ...]
    lists: tuple[str, ...] = ()
    in_law: str | None = None


_SCHEMA_KINDS = {
    "Person": PERSON,
    "Organization": ORGANISATION,
    "Company": ORGANISATION,
    "PublicBody": ORGANISATION,
    "Vessel": VESSEL,
    "Airplane": AIRCRAFT,
}
_NAMES = ("name", "alias", "previousName")
_DATES = ("birthDate", "incorporationDate")
COUNTRIES = ("nationality", "citizenship", "country", "jurisdiction", "flag", "mainCountry")
_IDENTIFIERS = {
    "passportNumber": "passport", "idNumber": "national_id", "taxNumber": "tax", "innCode": "inn", "ogrnCode": "ogrn",
    "okpoCode": "registration", "leiCode": "lei", "imoNumber": "imo", "mmsi": "mmsi",
    "registrationNumber": "registration",
    "swiftBic": "swift", "isinCode": "isin", "publicKey": "wallet", "vatCode": "tax", "kppCode": "kpp",
    "dunsCode": "duns", "uniqueEntityId": "uei", "npiCode": "npi",
    "socialSecurityNumber": "national_id", "serialNumber": "serial_number",
    "callSign": "call_sign", "isin": "isin",
}  # fmt: skip


def from_followthemoney(entity: Mapping[str, Any]) -> Record:
    """A record of an entity `{"id", "schema", "properties": {"name": [...], …}}`; other members are left out.

    Raises Malformed where the properties are no lists of text, or there is neither name nor identifier.
    """
    schema, properties = entity.get("schema", ""), entity.get("properties")
    if not isinstance(schema, str) or not isinstance(properties, Mapping):
        raise Malformed(
            "an entity has `schema` and `properties`, found {found}", found=", ".join(map(str, entity))[:200]
        )
    parts = (_texts(properties, (one,)) for one in ("firstName", "middleName", "lastName"))
    joined = " ".join(text for part in parts for text in part[:1])
    names = _texts(properties, _NAMES) or ((joined,) if joined else ())
    caption = entity.get("caption")
    if isinstance(caption, str) and caption in names:
        names = (caption, *(name for name in names if name != caption))
    record = Record(
        id=str(entity.get("id") or ""),
        names=names,
        kind=_SCHEMA_KINDS.get(schema, ""),
        weak_names=_texts(properties, ("weakAlias",)),
        dates=_texts(properties, _DATES),
        countries=tuple(dict.fromkeys(filter(None, map(_code, _texts(properties, COUNTRIES))))),
        genders=tuple(gender.lower() for gender in _texts(properties, ("gender",))),
        identifiers=tuple((kind, text) for one, kind in _IDENTIFIERS.items() for text in _texts(properties, (one,))),
        addresses=_texts(properties, ("address",)),
        lists=tuple(str(one) for one in entity.get("datasets") or ()),
    )
    if not record.names and not record.weak_names and not record.identifiers:
        raise Malformed("entity {id!r} has neither a name nor an identifier: there is nothing to compare", id=record.id)
    return record


_TYPED = re.compile(r"(?:IMO|MMSI|INN|LEI)?[ :№#]*([0-9A-Z](?:[0-9A-Z./-]*[0-9]){4}[0-9A-Z./-]*)", re.IGNORECASE)


def typed(text: str) -> tuple[tuple[str, str], ...]:
    """What was typed where a name was asked for, as an identifier of each kind: where it is one word with five digits
    at least, which no name is.
    """
    found = _TYPED.fullmatch(text.strip())
    return tuple((kind, found[1]) for kind in dict.fromkeys(_IDENTIFIERS.values())) if found else ()


def _code(country: str) -> str:
    """Two letters of a code, `gb-sct` too; nothing of a name, which may begin as another country's code does."""
    return country[:2].lower() if len(country) == 2 or country[2:3] == "-" else ""


def _texts(properties: Mapping[str, Any], names: Iterable[str]) -> tuple[str, ...]:
    """The texts of these properties, in order, each once."""
    found: dict[str, None] = {}
    for name in names:
        values = properties.get(name) or ()
        values = (values,) if isinstance(values, str) else values
        if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
            raise Malformed("property {name}: a list of texts was expected, found {found!r}", name=name, found=values)
        found |= dict.fromkeys(value for value in values if value.strip())
    return tuple(found)
