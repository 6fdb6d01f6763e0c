"""/v2/search and /v2/listinfo as moov watchman has them, thinly: one name, and what narrows it down."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from foedus.country_names import country_code
from foedus.errors import Malformed
from foedus.screening import THRESHOLD, Record
from foedus.screening.record import AIRCRAFT, KINDS, ORGANISATION, PERSON, VESSEL
from foedus.web.yente.answering import answer
from foedus.web.yente.asked import Asked
from foedus.web.yente.described import ANY, LIMIT, NAME, WATCHED, screens
from foedus.web.yente.entities import entity

_KINDS = {
    "person": PERSON, "business": ORGANISATION, "organization": ORGANISATION, "vessel": VESSEL, "aircraft": AIRCRAFT,
}  # fmt: skip
_TYPES = {PERSON: "person", ORGANISATION: "business", VESSEL: "vessel", AIRCRAFT: "aircraft"}
_IDENTIFIERS = {"imoNumber": "imo", "mmsi": "mmsi", "gov_passport": "passport", "cryptoAddress": "wallet"}
MOST_RESULTS = 100


@get("/v2/search", opt=screens("One name, as moov watchman", WATCHED, NAME, LIMIT), sync_to_thread=True)
def search(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Entities like the one described, each with `match`, its score."""
    asked = Asked(request)
    query = _record(asked)
    source = asked.one("source") or "default"
    least = asked.share("minMatch", THRESHOLD)
    fits = asked.wanted(source)
    found = asked.searched.search(query, asked.number("limit", 10, MOST_RESULTS), least, least, fits)
    entities = [_entity(asked, one.id) | {"match": one.score, "inLaw": one.in_law} for one in found]
    said = {"name": asked.one("name"), "entityType": asked.one("type"), "source": asked.one("source")}
    return answer({"query": said, "entities": entities})


@get("/v2/listinfo", opt=screens("How many entries each list has, as moov watchman", ANY), sync_to_thread=True)
def listinfo(request: Request[Any, Any, Any]) -> Response[bytes]:
    """How many entries each list has, and their digests."""
    held = [one.held for one in Asked(request).searched.standings() if one.held]
    return answer({
        "lists": {one.version.list: one.used.records for one in held},
        "listHashes": {one.version.list: one.used.digest for one in held},
    })  # fmt: skip


def _record(asked: Asked) -> Record:
    kind = asked.one("type")
    if kind and kind not in _KINDS:
        raise Malformed("`type` is one of {expected}; found {text!r}", expected=", ".join(_KINDS), text=kind[:40])
    return Record(
        "query",
        tuple(filter(None, (asked.one("name"), *asked.many("altNames")))),
        _KINDS.get(kind, KINDS[0]),
        dates=tuple(asked.many("birthDate")),
        countries=tuple(filter(None, map(country_code, asked.many("country")))),
        genders=tuple(asked.many("gender")),
        identifiers=tuple((kind, text) for name, kind in _IDENTIFIERS.items() for text in asked.many(name)),
    )


def _entity(asked: Asked, id_: str) -> dict[str, Any]:
    held, one = asked.searched.target(id_)
    known = entity(held, one)
    return {
        "name": known["caption"],
        "entityType": _TYPES.get(one.kind, "unknown"),
        "sourceList": held.version.list,
        "sourceID": one.id,
        "altNames": [name.text for name in one.names[1:]],
        "sourceData": known,
    }
