"""What these addresses take and give, for /api/openapi.json: the shapes of yente's clients, and what we say beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Meta, Struct

from foedus.screening import THRESHOLD
from foedus.web.openapi import Param, says


def _several(name: str, about: str, example: str | None = None) -> Param:
    schema = {"type": "array", "items": {"type": "string"}}
    return Param(name, about, schema, None if example is None else [example])


_SHARE: dict[str, Any] = {"type": "number", "minimum": 0, "maximum": 1}
_TEXT: dict[str, Any] = {"type": "string"}
DATASET = Param("dataset", "A list by its name, or `default` for every list", {"type": "string"}, "default", "path")
LIMIT = Param("limit", "How many results at most", {"type": "integer", "minimum": 0, "maximum": 500}, 5)
OFFSET = Param("offset", "How many to pass over", {"type": "integer", "minimum": 0, "maximum": 9499}, 0)
THRESHOLD_ = Param("threshold", f"From which score on it is called a match; {THRESHOLD} where none is given", _SHARE)
CUTOFF = Param("cutoff", "The least score that is shown; 0.7 where none is given, 0.5 at least", _SHARE)
ALGORITHM = Param("algorithm", "There is one; yente's names are taken for it", {"type": "string"}, "best")
WORDS = Param("q", "What is looked for; everything where it is empty", {"type": "string"}, "Igor Sechin")
KIND = Param("kind", "What begins so", {"enum": ["entity", "type", "property"]}, "type", "path")
PREFIX_ = Param("prefix", "With what it begins", {"type": "string"}, "vess")
NAME = Param("name", "A name, in any script", {"type": "string"}, "Igor Sechin")
QUERIES = Param("queries", "Queries by their keys, as JSON", _TEXT, '{"q": {"query": "Igor Sechin"}}')
EXTEND = Param("extend", "Entities and the properties wanted of them, as JSON", _TEXT)
SYNC = Param("sync", "Answer when that is done", {"type": "string"}, "true")
# What narrows down where is looked: each may be there several times.
SCHEMA = _several("schema", "Only of these schemata, and those below them", "Person")
FILTERS = (
    _several("include_dataset", "These lists too"),
    _several("exclude_dataset", "None of these lists"),
    SCHEMA,
    _several("exclude_schema", "None of these schemata"),
    _several("topics", "Only with one of these topics", "sanction"),
    _several("countries", "Only with one of these countries, by two letters", "ru"),
    _several("exclude_entity_ids", "None of these entities; 50 at most"),
    Param("changed_since", "Only what changed since that day, or does not say when", _TEXT, "2020-01-01"),
)
LOOKING = (
    _several("datasets", "Only these lists"),
    _several("filter", "`property:value`; several of one property are alternatives", "nationality:ru"),
    Param("filter_op", "Whether values of one property are alternatives", {"enum": ["OR", "AND"]}, "OR"),
    _several("sort", "`caption`, `first_seen`, `last_change` or `id`, then `:desc`", "caption:desc"),
    _several("facets", "`countries`, `topics`, `datasets`: what to count, also with commas", "countries"),
)


class Example(Struct, frozen=True):
    """One query: an entity of FollowTheMoney."""

    schema: str
    properties: dict[str, list[str]]
    id: str | None = None


class Examples(Struct, frozen=True):
    """Queries, each under a key that its response has too."""

    queries: Annotated[dict[str, Example], Meta(min_length=1, max_length=5_000)]


EXAMPLE = Examples({"q": Example("Person", {"name": ["Igor Sechin"], "birthDate": ["1960-09-07"]})})


def _object(about: str, **members: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "description": about, "properties": members, "required": sorted(members)}


_FLAG: dict[str, Any] = {"type": "boolean"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_LIST_OF_TEXT: dict[str, Any] = {"type": "array", "items": _TEXT}
IN_LAW: dict[str, Any] = {
    "enum": ["yes", "owed", "no", None],
    "description": "Whether the listing is in force in law by this record; null where nothing says so",
}
_TOTAL = _object("Counted, not estimated", value=_COUNT, relation={"enum": ["eq"]})
_ENTITY: dict[str, dict[str, Any]] = {
    "id": _TEXT, "caption": _TEXT, "schema": _TEXT, "datasets": _LIST_OF_TEXT, "referents": _LIST_OF_TEXT,
    "properties": {"type": "object"}, "target": _FLAG, "in_law": IN_LAW,
}  # fmt: skip
ENTITY = _object("An entity of FollowTheMoney", **_ENTITY)
SCORED = _object(
    "A match: the points of its explanations add up to the score", **_ENTITY, score=_SHARE, match=_FLAG,
    explanations={"type": "object", "additionalProperties": {"type": "object"}},
)  # fmt: skip
CERTIFICATE = _object(
    "What the answer rests on: the same digests give the same answer", engine=_TEXT, index=_TEXT,
    lists={"type": "array", "items": {"type": "object"}}, records=_COUNT, cutoff=_SHARE, threshold=_SHARE,
    bound=_LIST_OF_TEXT, beyond=_LIST_OF_TEXT, law={"type": "object"}, since={"type": "object"},
)  # fmt: skip
_RESPONSE = _object(
    "Of one query", status={"enum": [200, 400]}, results={"type": "array", "items": SCORED}, total=_TOTAL,
    query={"type": "object"},
)  # fmt: skip
MATCHES = _object(
    "By the keys of the queries", responses={"type": "object", "additionalProperties": _RESPONSE}, limit=_COUNT,
    algorithm=_TEXT, certificate=CERTIFICATE,
)  # fmt: skip
FOUND = _object(
    "A page of what was found", limit=_COUNT, offset=_COUNT, total=_TOTAL, results={"type": "array", "items": ENTITY},
    facets={"type": "object"},
)  # fmt: skip
CATALOG = _object(
    "The lists: what is offered of each, and what is searched", datasets={"type": "array", "items": {"type": "object"}},
    current=_LIST_OF_TEXT, outdated=_LIST_OF_TEXT, index_stale=_FLAG, indexing=_FLAG,
)  # fmt: skip
ALGORITHMS = _object(
    "There is one", algorithms={"type": "array", "items": {"type": "object"}}, default=_TEXT, best=_TEXT
)
STATUS = _object("That it is so", status={"enum": ["ok"]})
WATCHED = _object("As moov watchman", query={"type": "object"}, entities={"type": "array", "items": {"type": "object"}})
ANY: dict[str, Any] = {"type": "object"}


def screens(
    summary: str, schema: dict[str, Any], *params: Param, errors: Sequence[int] = (400, 404, 414, 503), **rest: Any
) -> dict[str, Any]:
    """The `opt` of a handler of these addresses."""
    return says(summary, "screening", schema=schema, params=params, errors=errors, **rest)
