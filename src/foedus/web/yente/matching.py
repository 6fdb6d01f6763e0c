"""/match: entities looked up, many at once.

More than yente's hundred queries are taken. A query that cannot be read is told in its own response and the others are
answered; only where none could be is the whole answer an error.
"""

from __future__ import annotations

import itertools
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath, RawBody
from msgspec import Meta, Struct

from foedus.country_names import country_code
from foedus.errors import Malformed
from foedus.screening import THRESHOLD, from_followthemoney
from foedus.screening.record import COUNTRIES, Record
from foedus.web.failures import words_for
from foedus.web.yente.answering import answer
from foedus.web.yente.asked import Asked
from foedus.web.yente.described import ALGORITHM as ALGORITHM_PARAM
from foedus.web.yente.described import CUTOFF as CUTOFF_PARAM
from foedus.web.yente.described import DATASET, EXAMPLE, FILTERS, LIMIT, MATCHES, THRESHOLD_, Examples, screens
from foedus.web.yente.entities import scored
from foedus.web.yente.schemata import known_schema
from foedus.words.failures import say_error

MOST_QUERIES = 5_000
MOST_RESULTS = 500
MOST_BYTES = 32_000_000
CUTOFF = 0.7
ALGORITHM = "foedus"
# Clients of yente ask for its algorithms by name. There is one here: it answers, and the answer says so.
THEIRS = ("logic-v2", "logic-v1", "name-based", "name-qualified", "regression-v1", "regression-v2", "ofac-249")
ALGORITHMS = ("best", ALGORITHM, *THEIRS)


class Queries(Struct, frozen=True):
    """The body. Other members than these are for other versions."""

    queries: Annotated[dict[str, dict[str, Any]], Meta(max_length=MOST_QUERIES)]
    weights: dict[str, float] = {}
    config: dict[str, Any] = {}


@post(
    "/match/{dataset:str}",
    status_code=200,
    opt=screens(
        "Entities looked up, many at once",
        MATCHES,
        DATASET,
        LIMIT,
        THRESHOLD_,
        CUTOFF_PARAM,
        ALGORITHM_PARAM,
        *FILTERS,
        takes=(Examples,),
        takes_example=EXAMPLE,
        errors=(400, 404, 413, 414, 503),
    ),
    sync_to_thread=True,
    request_max_body_size=MOST_BYTES,
)
def match(request: Request[Any, Any, Any], dataset: FromPath[str], body: RawBody) -> Response[bytes]:
    """Each query with its ranked matches."""
    asked = Asked(request)
    sent = queries_in(bytes(body), asked)
    limit = asked.number("limit", 5, MOST_RESULTS)
    threshold = asked.share("threshold", THRESHOLD)
    cutoff = min(threshold, asked.share("cutoff", CUTOFF))
    wanted, words = asked.wanted(dataset), words_for(request)
    responses: dict[str, Any] = {}
    problems = []
    for key, query in sent.queries.items():
        try:
            found = asked.searched.search(record_in(query), None, threshold, cutoff, wanted)
        except Malformed as problem:
            problems.append(problem)
            responses[key] = {
                "status": 400, "results": [], "total": total(0), "query": query, "detail": say_error(words, problem),
            }  # fmt: skip
            continue
        shown = [scored(one, *asked.searched.target(one.id), words) for one in itertools.islice(found, limit)]
        responses[key] = {"status": 200, "results": shown, "total": total(len(found)), "query": query}
    if len(problems) == len(responses):
        raise problems[0]
    said = {
        "responses": responses, "limit": limit, "algorithm": ALGORITHM,
        "certificate": asked.searched.certificate(cutoff, threshold),
    }  # fmt: skip
    return answer(said, headers={"x-batch-size": str(len(responses))})


def queries_in(body: bytes, asked: Asked) -> Queries:
    """The queries of a body. Raises Malformed where there is none, or something is asked that is not done here."""
    try:
        sent = msgspec.json.decode(body, type=Queries)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed("the body of the request cannot be read: {problem}", problem=problem) from None
    if not sent.queries:
        raise Malformed("no queries were found: `queries` holds one entity at least, each under a key")
    algorithm = asked.one("algorithm", "best")
    if algorithm not in ALGORITHMS:
        raise Malformed(
            "`algorithm` is one of {expected}; found {text!r}", expected=", ".join(ALGORITHMS), text=algorithm[:40]
        )
    for name in (*sent.weights, *sent.config):
        raise Malformed("{name!r} cannot be set here: weights and settings are those of the engine", name=name[:80])
    return sent


def record_in(query: dict[str, Any]) -> Record:
    """An entity as a record. Raises Malformed."""
    if not isinstance(query.get("schema"), str):
        raise Malformed("an entity has `schema` and `properties`, found {found}", found=", ".join(query)[:200] or "-")
    known_schema(query["schema"])
    properties = query.get("properties")
    if not isinstance(properties, dict):
        return from_followthemoney(query)
    coded = {name: _codes(value) if name in COUNTRIES else value for name, value in properties.items()}
    return from_followthemoney({**query, "properties": coded})


def _codes(values: Any) -> Any:
    """Countries that were named, by their codes; what is neither stays as it is."""
    texts = isinstance(values, list) and all(isinstance(one, str) for one in values)
    return [country_code(one) or one for one in values] if texts else values


def total(count: int) -> dict[str, object]:
    """How many there are, counted and not estimated."""
    return {"value": count, "relation": "eq"}
