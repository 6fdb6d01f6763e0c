"""/reconcile: the same for OpenRefine, by the Reconciliation Service API 0.2 of the W3C community group.

Only one match is proposed as certain, and only where no other reaches the threshold: OpenRefine joins it unasked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, RawBody
from msgspec import Struct

from foedus.errors import Malformed
from foedus.sanctions.lists import Target
from foedus.screening import THRESHOLD, Match, from_followthemoney
from foedus.web.failures import words_for
from foedus.web.yente.answering import answer
from foedus.web.yente.asked import Asked
from foedus.web.yente.described import ANY, DATASET, EXTEND, KIND, PREFIX_, QUERIES, screens
from foedus.web.yente.entities import entity
from foedus.web.yente.looking import named
from foedus.web.yente.matching import CUTOFF, MOST_BYTES, MOST_QUERIES, MOST_RESULTS
from foedus.words import Words
from foedus.words.failures import say_error

TYPES = {
    "Thing": "Anything", "LegalEntity": "Person or organisation", "Person": "Person", "Organization": "Organisation",
    "Vessel": "Vessel", "Airplane": "Aircraft",
}  # fmt: skip
PROPERTIES = {
    "name": "Name", "alias": "Other name", "birthDate": "Date of birth", "incorporationDate": "Date of foundation",
    "nationality": "Nationality", "country": "Country", "flag": "Flag", "gender": "Gender", "imoNumber": "IMO number",
    "passportNumber": "Passport", "idNumber": "Identity number", "taxNumber": "Tax number", "innCode": "INN",
    "ogrnCode": "OGRN", "leiCode": "LEI", "registrationNumber": "Registration number", "position": "Position",
    "notes": "Notes", "topics": "Topics",
}  # fmt: skip


SUGGESTED = 10
KINDS = ("entity", "type", "property")
Wanted = Callable[[Match, Target], bool]


class _Value(Struct, frozen=True):
    pid: str
    v: Any = None


class _Query(Struct, frozen=True):
    query: str = ""
    type: str | list[str] = ""
    limit: int = 5
    properties: tuple[_Value, ...] = ()


class _Wanted(Struct, frozen=True):
    id: str


class _Extension(Struct, frozen=True):
    ids: tuple[str, ...]
    properties: tuple[_Wanted, ...]


@get(
    "/reconcile/{dataset:str}",
    opt=screens("For OpenRefine: what this is, or answers", ANY, DATASET, QUERIES, EXTEND),
    sync_to_thread=True,
)
def asked_by_address(request: Request[Any, Any, Any], dataset: FromPath[str]) -> Response[bytes]:
    """What this is, or the answers to `queries` in the address."""
    return _answered(request, dataset, Asked(request).query)


@post(
    "/reconcile/{dataset:str}",
    status_code=200,
    opt=screens("For OpenRefine: answers to a form", ANY, DATASET, errors=(400, 404, 413, 414, 503)),
    sync_to_thread=True,
    request_max_body_size=MOST_BYTES,
)
def asked_by_form(request: Request[Any, Any, Any], dataset: FromPath[str], body: RawBody) -> Response[bytes]:
    """The answers to `queries` or `extend` of a form."""
    return _answered(request, dataset, parse_qs(bytes(body).decode("utf-8", "replace")))


def _answered(request: Request[Any, Any, Any], dataset: str, form: dict[str, list[str]]) -> Response[bytes]:
    asked = Asked(request)
    if "queries" in form:
        queries = _read(form["queries"][-1], dict[str, _Query])
        if len(queries) > MOST_QUERIES:
            raise Malformed("{found} queries at once; {most} at most", found=len(queries), most=MOST_QUERIES)
        return answer(_all(asked, dataset, queries, words_for(request)))
    if "extend" in form:
        return answer(_extended(asked, _read(form["extend"][-1], _Extension)))
    return answer(_manifest(request, dataset, asked))


def _all(asked: Asked, dataset: str, queries: dict[str, _Query], words: Words) -> dict[str, dict[str, Any]]:
    """The results of each; one that cannot be looked up is told beside its empty result. Raises Malformed where none
    could be.
    """
    wanted, found, problems = asked.wanted(dataset), dict[str, dict[str, Any]](), list[Malformed]()
    for key, one in queries.items():
        try:
            found[key] = {"result": _results(asked, wanted, one)}
        except Malformed as problem:
            problems.append(problem)
            found[key] = {"result": [], "detail": say_error(words, problem)}
    if problems and len(problems) == len(found):
        raise problems[0]
    return found


def _read(text: str, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, RecursionError) as problem:
        raise Malformed("the body of the request cannot be read: {problem}", problem=problem) from None


def _manifest(request: Request[Any, Any, Any], dataset: str, asked: Asked) -> dict[str, Any]:
    asked.lists(dataset)
    address = f"{str(request.base_url).rstrip('/')}{request.url.path.rstrip('/')}"
    entities = address.rpartition("/reconcile/")[0] + "/entities/"
    return {
        "versions": ["0.2"],
        "name": f"Foedus: {dataset}",
        "identifierSpace": entities,
        "schemaSpace": "https://followthemoney.tech/explorer/schemata/",
        "view": {"url": f"{entities}{{{{id}}}}"},
        "defaultTypes": [_type("LegalEntity")],
        "suggest": {
            kind: {"service_url": address, "service_path": f"/suggest/{kind}"}
            for kind in ("entity", "property", "type")
        },
        "extend": {"propose_properties": {"service_url": address, "service_path": "/extend/property"}},
    }


def _type(name: str) -> dict[str, str]:
    return {"id": name, "name": TYPES.get(name, name)}


def _results(asked: Asked, wanted: Wanted, query: _Query) -> list[dict[str, Any]]:
    properties: dict[str, list[str]] = {"name": [query.query]}
    for one in query.properties:
        for value in one.v if isinstance(one.v, list) else [one.v]:
            text = value.get("name") or value.get("id") if isinstance(value, dict) else value
            if text is not None:
                properties.setdefault(one.pid, []).append(str(text))
    types = [query.type] if isinstance(query.type, str) else query.type
    record = from_followthemoney({"schema": next(iter(types), ""), "properties": properties})
    limit = max(1, min(query.limit, MOST_RESULTS))
    found = asked.searched.search(record, max(limit, 2), THRESHOLD, CUTOFF, wanted)
    sure = sum(one.match for one in found) == 1  # of more than are shown, where one is shown
    return [_result(asked, one, sure) for one in found[:limit]]


def _result(asked: Asked, one: Match, sure: bool) -> dict[str, Any]:
    held, target = asked.searched.target(one.id)
    known = entity(held, target)
    return {
        "id": one.id, "name": known["caption"], "score": round(one.score * 100, 2), "match": sure and one.match,
        "type": [_type(known["schema"])], "description": held.version.list, "in_law": one.in_law,
    }  # fmt: skip


def _extended(asked: Asked, wanted: _Extension) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for id_ in wanted.ids:
        try:
            known = entity(*asked.searched.target(id_))["properties"]
        except KeyError:
            known = {}
        rows[id_] = {one.id: [{"str": text} for text in known.get(one.id, ())] for one in wanted.properties}
    meta = [{"id": one.id, "name": PROPERTIES.get(one.id, one.id)} for one in wanted.properties]
    return {"meta": meta, "rows": rows}


def _begun(asked: Asked, wanted: Wanted, prefix: str) -> list[dict[str, Any]]:
    """Entities named so, then those of which a name has words that begin so: what is typed is not yet whole."""
    try:
        found = _results(asked, wanted, _Query(prefix, limit=SUGGESTED))
    except Malformed:  # no letter yet
        found = []
    known, words = {one["id"] for one in found}, prefix.casefold().split()
    for id_, held, target in asked.searched.targets():
        if len(found) == SUGGESTED:
            break
        if id_ not in known and _begins(words, target) and wanted(named(id_, held), target):
            found.append(_result(asked, named(id_, held), sure=False))
    return found


def _begins(words: list[str], target: Target) -> bool:
    """Whether one of its names has, for each of the words, one that begins so."""
    for name in target.names:
        its = name.text.casefold().replace("-", " ").split()
        if all(any(one.startswith(word) for one in its) for word in words):
            return True
    return False


@get(
    "/reconcile/{dataset:str}/suggest/{kind:str}",
    opt=screens("For OpenRefine: what begins so", ANY, DATASET, KIND, PREFIX_),
    sync_to_thread=True,
)
def suggest(request: Request[Any, Any, Any], dataset: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
    """What begins so: an entity, a property or a type."""
    asked = Asked(request)
    wanted, prefix = asked.wanted(dataset), asked.one("prefix").strip()
    if kind not in KINDS:
        raise Malformed("suggested are {expected}; found {text!r}", expected=", ".join(KINDS), text=kind[:40])
    if kind == "entity":
        return answer({"result": _begun(asked, wanted, prefix) if prefix else []})
    known = TYPES if kind == "type" else PROPERTIES
    begins = [
        {"id": id_, "name": name}
        for id_, name in known.items()
        if id_.lower().startswith(prefix.lower()) or name.lower().startswith(prefix.lower())
    ]
    return answer({"result": begins})


@get(
    "/reconcile/{dataset:str}/extend/property",
    opt=screens("For OpenRefine: what a table can be given", ANY, DATASET),
    sync_to_thread=True,
)
def propose(request: Request[Any, Any, Any], dataset: FromPath[str]) -> Response[bytes]:
    """The properties that a table can be given from an entity."""
    asked = Asked(request)
    asked.lists(dataset)
    return answer({
        "type": asked.one("type", "Thing"),
        "properties": [{"id": id_, "name": name} for id_, name in PROPERTIES.items()],
    })  # fmt: skip
