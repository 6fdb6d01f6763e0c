"""The description of the API as OpenAPI 3.1, made from the handlers themselves and the types they answer.

Each handler says beside itself what it takes and gives (`says`); nothing is described a second time, and an
address without a description is not in the API (a test compares both ways).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from foedus import __version__
from foedus.compact.model import encode_hook
from foedus.web.api_types import Problem

PROBLEMS = {
    400: "Malformed: cannot be read as what it claims to be, or a parameter is not as described",
    401: "A read token is needed",
    403: "Refused: the compact, or a rule of the record, does not allow it",
    404: "There is no such thing",
    405: "This method is not answered here",
    409: "Conflict: somebody was first, or the store could not take it now; try again",
    410: "It is not held here; its digest remains in the record",
    413: "Larger than is taken at once",
    414: "An address longer than is read",
    421: "This console does not answer for that host",
    429: "More requests than are answered; `Retry-After` says how long to wait",
    503: "Not every list that is asked has been read yet",
}
EVERYWHERE = (401, 421, 429)
ID = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$"}


class Param(Struct, frozen=True):
    """A parameter of the address. `schema`: what is accepted, as JSON Schema."""

    name: str
    about: str
    schema: Mapping[str, Any]
    example: object = None
    where: Literal["query", "path"] = "query"


class Says(Struct, frozen=True):
    """What one operation takes and gives.

    `answer`: the type of the answer, or None when it is no JSON of ours: then `media` names it. `takes`:
    types of the body, any of which is accepted. `errors`: statuses beside those of every operation. `also`: statuses
    other than the first with the same answer.
    """

    summary: str
    tag: str
    answer: Any = None
    media: str = "application/json"
    params: Sequence[Param] = ()
    takes: Sequence[Any] = ()
    errors: Sequence[int] = ()
    also: Sequence[int] = ()
    example: object = None
    takes_example: object = None
    schema: Mapping[str, Any] | None = None


def says(summary: str, tag: str, **rest: Any) -> dict[str, Any]:
    """The `opt` of a handler that describes it."""
    return {"says": Says(summary, tag, **rest)}


_MOMENT = {"type": "string", "format": "date-time"}
AT = Param("at", "Show what was true at this moment", _MOMENT, "2026-10-11T07:06:00Z")
KNOWN = Param("known", "Show what the record knew at this moment", _MOMENT, "2026-10-11T07:06:00Z")
START = Param("start", "Number of the first item", {"type": "integer", "minimum": 0, "maximum": 10**15}, 0)
COUNT = Param("count", "How many items at most", {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}, 50)


def described(
    handlers: Iterable[HTTPRouteHandler], address: str, beside: Mapping[str, Iterable[HTTPRouteHandler]] | None = None
) -> dict[str, Any]:
    """The whole description. `address`: where this console is reached. `beside`: handlers that stand under a prefix."""
    operations = [(handler, "", handler.opt["says"]) for handler in handlers if "says" in handler.opt]
    for prefix, those in (beside or {}).items():
        operations += [(handler, prefix, handler.opt["says"]) for handler in those if "says" in handler.opt]
    kinds = [Problem]
    for _, _, said in operations:
        kinds += [kind for kind in (said.answer, *said.takes) if kind is not None and kind not in kinds]
    schemas, components = msgspec.json.schema_components(
        kinds, ref_template="#/components/schemas/{name}", schema_hook=_no_other
    )
    of = dict(zip(kinds, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for handler, prefix, said in operations:
        for path in sorted(handler.paths):
            for method in sorted(handler.http_methods):
                operation = _operation(handler, method, said, of)
                if prefix:
                    operation["operationId"] = f"{prefix.rpartition('/')[2]}_{method.lower()}{_name(path)}"
                paths.setdefault(_template(prefix + path), {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Foedus", "version": __version__, "description": ABOUT, "license": LICENSE},
        "servers": [{"url": address}],
        "security": [{}, {"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": TOKEN}},
        },
    }


LICENSE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
ABOUT = (
    "Acts are sent signed (DSSE envelopes, docs/record.md) and need no token: the signatures are the "
    "authority. Everything else reads. `at` and `known` show any past moment: what was true at `at`, as "
    "recorded by `known`. Every failure has one shape, `Problem`."
)
TOKEN = "A read token names the reader's party. Needed for a live record, except on its own machine."  # noqa: S105 - words


def _template(path: str) -> str:
    """`/api/entries/{number:int}` as OpenAPI writes it."""
    parts = [f"{{{part[1:-1].partition(':')[0]}}}" if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


def _name(path: str) -> str:
    """An address as part of a name."""
    return re.sub(r"[^a-z0-9]+", "_", _template(path).lower()).rstrip("_")


def _operation(handler: HTTPRouteHandler, method: str, said: Says, of: Mapping[Any, Any]) -> dict[str, Any]:
    status = str(handler.status_code or (201 if method == "POST" else 200))
    content: dict[str, Any] = {"schema": of[said.answer] if said.answer else (said.schema or {})}
    if said.example is not None:
        content["example"] = plain(said.example)
    problem = {"application/json": {"schema": of[Problem]}}
    operation: dict[str, Any] = {
        "operationId": handler.handler_name.rpartition(".")[2],
        "summary": said.summary,
        "tags": [said.tag],
        "parameters": [_parameter(param) for param in said.params],
        "responses": {
            **{
                str(code): {"description": said.summary, "content": {said.media: content}}
                for code in (status, *said.also)
            },
            **{
                str(code): {"description": PROBLEMS[code], "content": problem}
                for code in sorted({*EVERYWHERE, *said.errors})
            },
        },
    }
    if said.takes:
        schemas = [of[kind] for kind in said.takes]
        body: dict[str, Any] = {"schema": schemas[0] if len(schemas) == 1 else {"anyOf": schemas}}
        if said.takes_example is not None:
            body["example"] = plain(said.takes_example)
        operation["requestBody"] = {"required": True, "content": {"application/json": body}}
    return operation


def _parameter(param: Param) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": param.name,
        "in": param.where,
        "description": param.about,
        "required": param.where == "path",
        "schema": dict(param.schema),
    }
    if param.example is not None:
        found["example"] = param.example
    return found


def plain(value: object) -> Any:
    """An example as plain JSON values."""
    return msgspec.json.decode(msgspec.json.encode(value, enc_hook=encode_hook))


def _no_other(kind: type) -> dict[str, Any]:
    raise AssertionError(f"an answer holds {kind}, which JSON cannot: {datetime.__name__} and plain data can")
