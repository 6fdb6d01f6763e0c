"""/search and /entities: the lists looked through as text, and one entity with what stands around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from foedus.errors import Malformed
from foedus.sanctions.lists import Target
from foedus.screening import Match, Record
from foedus.screening.record import typed
from foedus.searched import Held
from foedus.web.openapi import Param
from foedus.web.unanswered import NotHere
from foedus.web.yente.answering import answer
from foedus.web.yente.asked import Asked
from foedus.web.yente.described import ANY, DATASET, FILTERS, FOUND, LIMIT, LOOKING, OFFSET, WORDS, screens
from foedus.web.yente.entities import adjacent, countries_of, entity, nested, topics
from foedus.web.yente.matching import total

MOST_SHOWN, MOST_SKIPPED = 500, 9_499
FACETS = {"countries": "Countries", "topics": "Topics", "datasets": "Datasets"}
FILTER_OPS = ("OR", "AND")
SORTS = ("caption", "first_seen", "last_change", "id")
Row = tuple[Held, Target]


@get(
    "/search/{dataset:str}",
    opt=screens("The lists looked through", FOUND, DATASET, WORDS, LIMIT, OFFSET, *FILTERS, *LOOKING),
    sync_to_thread=True,
)
def search(request: Request[Any, Any, Any], dataset: FromPath[str]) -> Response[bytes]:
    """What the words name, the likest first; without words everything that the filters leave."""
    asked = Asked(request)
    limit, offset = asked.number("limit", 10, MOST_SHOWN), asked.number("offset", 0, MOST_SKIPPED)
    names = [name for text in asked.many("facets") for name in text.split(",")] or list(FACETS)
    for name in names:
        if name not in FACETS:
            raise Malformed("`facets` are of {expected}; found {text!r}", expected=", ".join(FACETS), text=name[:40])
    found = sorted_by(asked, filtered(asked, found_by(asked, dataset)))
    return answer({
        "limit": limit,
        "offset": offset,
        "total": total(len(found)),
        "results": [with_law(asked, *row) for row in found[offset : offset + limit]],
        "facets": {name: facet(name, found) for name in names},
    })  # fmt: skip


def with_law(asked: Asked, held: Held, one: Target) -> dict[str, Any]:
    """An entity, and whether it is in law."""
    known = entity(held, one)
    return known | {"in_law": asked.searched.in_law(known["id"])}


def found_by(asked: Asked, dataset: str) -> list[Row]:
    """The targets that the words and the common filters leave."""
    wanted, text = asked.wanted(dataset), asked.one("q").strip()
    if text in ("", "*"):
        every = asked.searched.targets()
        return [(held, one) for id_, held, one in every if wanted(named(id_, held), one)]
    try:
        exact = [asked.searched.target(text)]
    except KeyError:
        exact = []
    found = asked.searched.search(Record("q", (text,), identifiers=typed(text)), None, cutoff=0.5, wanted=wanted)
    return exact or [asked.searched.target(match.id) for match in found]


def named(id_: str, held: Held) -> Match:
    """A target as if it had been found, with no score."""
    return Match(id_, id_, 0.0, False, (), (held.version.list,))


def filtered(asked: Asked, rows: list[Row]) -> list[Row]:
    """Those with the values that `filter=property:value` names; several of one property are alternatives."""
    wanted: dict[str, set[str]] = {}
    for text in asked.many("filter"):
        name, colon, value = text.partition(":")
        if not colon:
            raise Malformed("`filter` is `property:value`; found {text!r}", text=text[:40])
        wanted.setdefault(name.removeprefix("properties."), set()).add(value)
    how = asked.one("filter_op", "OR").upper()
    if how not in FILTER_OPS:
        raise Malformed(
            "`filter_op` is one of {expected}; found {text!r}", expected=", ".join(FILTER_OPS), text=how[:40]
        )
    every = how == "AND"

    def fits(row: Row) -> bool:
        properties = entity(*row)["properties"]
        has = {name: values & set(properties.get(name, ())) for name, values in wanted.items()}
        return all(len(has[name]) == len(wanted[name]) if every else has[name] for name in wanted)

    return [row for row in rows if fits(row)] if wanted else rows


def sorted_by(asked: Asked, rows: list[Row]) -> list[Row]:
    """In the order asked for; the likest first where none is. Raises Malformed."""
    for text in reversed(asked.many("sort")):
        name, _, direction = text.partition(":")
        if name not in SORTS:
            raise Malformed("`sort` is one of {expected}; found {text!r}", expected=", ".join(SORTS), text=text[:40])
        rows = sorted(rows, key=lambda row: str(entity(*row)[name] or ""), reverse=direction == "desc")
    return rows


def facet(name: str, rows: Iterable[Row]) -> dict[str, Any]:
    """How many of what was found have each value, the most frequent first."""
    counted: Counter[str] = Counter()
    for held, one in rows:
        values = {"countries": countries_of, "topics": topics}.get(name)
        counted.update(values(one) if values else (held.version.list,))
    return {
        "label": FACETS[name],
        "values": [{"name": value, "label": value, "count": count} for value, count in counted.most_common(50)],
    }


@get(
    "/entities/{rest:path}",
    opt=screens(
        "One entity; behind its id /adjacent, and a property",
        ANY,
        Param("rest", "The id", {"type": "string"}, "ofac-sdn:6365", "path"),
        LIMIT,
        OFFSET,
    ),
    sync_to_thread=True,
)
def entities(request: Request[Any, Any, Any], rest: FromPath[str]) -> Response[bytes]:
    """One entity; behind its id `/adjacent` and a property of it. An id may have strokes in it."""
    asked = Asked(request)
    id_, _, behind = rest.strip("/").partition("/adjacent")
    try:
        held, one = asked.searched.target(id_)
    except KeyError:
        raise NotHere("there is no entity {name!r} in the lists that are searched", name=id_[:80]) from None
    if not rest.strip("/").endswith(f"{id_}/adjacent{behind}"):
        whole = nested(held, one) if asked.one("nested", "true") != "false" else entity(held, one)
        return answer(whole | {"in_law": asked.searched.in_law(id_)})
    limit, offset = asked.number("limit", 10, MOST_SHOWN), asked.number("offset", 0, MOST_SKIPPED)
    around, name = adjacent(held, one), behind.strip("/")
    if name:
        return answer(_part(around.get(name, []), limit, offset))
    pages = {name: _part(found, limit, offset) for name, found in around.items()}
    return answer({"entity": entity(held, one), "adjacent": pages})


def _part(found: list[dict[str, Any]], limit: int, offset: int) -> dict[str, Any]:
    return {"results": found[offset : offset + limit], "total": total(len(found)), "limit": limit, "offset": offset}
