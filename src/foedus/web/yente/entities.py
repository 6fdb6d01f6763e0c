"""Targets of lists as entities of FollowTheMoney, in the shape in which yente gives them.

An entity's id is that of its record, `list:id`; what stands around it (addresses, documents, sanctions, relations) has
ids of its own and is reached through it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from foedus.country_names import country_code
from foedus.sanctions.lists import Target
from foedus.sanctions.lists.writing import entities
from foedus.screening import Match
from foedus.searched import Held
from foedus.words import Words
from foedus.words.matches import say_reason

Entity = dict[str, Any]
SCHEMATA = {
    "person": frozenset(("Thing", "LegalEntity", "Person")),
    "organisation": frozenset(("Thing", "LegalEntity", "Organization")),
    "vessel": frozenset(("Thing", "Value", "Asset", "Vehicle", "Vessel")),
    "aircraft": frozenset(("Thing", "Value", "Asset", "Vehicle", "Airplane")),
    "unknown": frozenset(("Thing", "LegalEntity")),
}
# By which property an entity hangs on the target that it names, in FollowTheMoney's own words.
_HANGS = {
    ("Address", ""): "addressEntity",
    ("Sanction", "entity"): "sanctions",
    ("Passport", "holder"): "identification",
    ("Identification", "holder"): "identification",
    ("Ownership", "owner"): "ownershipOwner",
    ("Ownership", "asset"): "ownershipAsset",
    ("Family", "person"): "familyPerson",
    ("Family", "relative"): "familyRelative",
    ("UnknownLink", "subject"): "unknownLinkTo",
    ("UnknownLink", "object"): "unknownLinkFrom",
}


def schemata(one: Target) -> frozenset[str]:
    """The schema of a target and those above it."""
    return SCHEMATA[one.kind]


def topics(_one: Target) -> frozenset[str]:
    """What is said of whoever stands on a list; the lists say no more in common."""
    return frozenset(("sanction",))


def countries_of(one: Target) -> frozenset[str]:
    """Codes of the countries that a target has to do with."""
    named = (*one.countries, *(birth.country for birth in one.births), *(each.country for each in one.addresses))
    return frozenset(filter(None, map(country_code, named)))


def entity(held: Held, one: Target) -> Entity:
    """A target by itself."""
    return _framed(next(_raw(held, one)), held, one)


def adjacent(held: Held, one: Target) -> dict[str, list[Entity]]:
    """What stands around a target, by the property through which it is reached; relations of both directions."""
    id_ = _id(held, one)
    found: dict[str, list[Entity]] = {}
    others = (held.targets[_id_of(held, link.to)] for link in one.links if _id_of(held, link.to) in held.targets)
    around = [*list(_raw(held, one))[1:], *(each for other in others for each in list(_raw(held, other))[1:])]
    for each in {each["id"]: each for each in around}.values():
        for (schema, end), name in _HANGS.items():
            owns = each["schema"] == schema and (
                id_ in each["properties"].get(end, ()) if end else each["id"].startswith(f"{id_}-address-")
            )
            if owns:
                found.setdefault(name, []).append(_around(held, one, each))
    return found


def nested(held: Held, one: Target) -> Entity:
    """A target with what stands around it within its properties."""
    whole = entity(held, one)
    whole["properties"] = {**whole["properties"], **adjacent(held, one)}
    return whole


def _around(held: Held, one: Target, each: Entity) -> Entity:
    """What stands around a target, with the other end of a relation as an entity."""
    framed = _framed(each, held, one)
    id_ = _id(held, one)
    framed["properties"] = {
        name: [entity(held, held.targets[text]) if text != id_ and text in held.targets else text for text in texts]
        for name, texts in framed["properties"].items()
    }
    return framed


def _raw(held: Held, one: Target) -> Iterator[Entity]:
    known = {each: _id_of(held, each) for each in (one.id, *(link.to for link in one.links if link.to))}
    yield from entities(held.version, one, {id_: each for id_, each in known.items() if each in held.targets})


def _id(held: Held, one: Target) -> str:
    return _id_of(held, one.id)


def _id_of(held: Held, id_: str) -> str:
    return f"{held.version.list}:{id_}"


def _framed(raw: Entity, held: Held, one: Target) -> Entity:
    properties = raw["properties"]
    return {
        "id": raw["id"],
        "caption": next(iter(properties.get("name") or properties.get("alias") or ()), raw["id"]),
        "schema": raw["schema"],
        "properties": properties,
        "datasets": [held.version.list],
        "referents": [],
        "target": raw["id"] == _id(held, one),
        "first_seen": _moment(one.listed_on),
        "last_seen": held.used.as_of or None,
        "last_change": _moment(one.updated_on or one.listed_on),
    }


def _moment(day: str) -> str | None:
    """A day as a moment where it is a whole one: that is all these members may hold."""
    return f"{day}T00:00:00" if len(day) == 10 else None


def scored(found: Match, held: Held, one: Target, words: Words) -> Entity:
    """A match with its score and the reasons, one for each feature that moved it."""
    told = {
        reason.code: {
            "score": reason.points,
            "detail": say_reason(words, reason),
            "query": reason.found.get("query"),
            "candidate": reason.found.get("name") or reason.found.get("record"),
        }
        for reason in found.reasons
    }
    said = {"score": found.score, "match": found.match, "in_law": found.in_law, "explanations": told}
    return entity(held, one) | said
