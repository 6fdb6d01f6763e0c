"""The API: submit a signed act, read the state, the record and its proofs. The answers are `api_types`.

Sends and signs nothing by itself: what enters the record does so through `Depositary.perform`, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from foedus.web import (
    api_cosigning,
    api_late,
    api_record,
    api_submitting,
    api_tree,
    api_types,
    api_waiting,
    asked,
    examples,
    views,
)
from foedus.web.api_record import answer
from foedus.web.entries import known_size
from foedus.web.openapi import AT, COUNT, ID, KNOWN, START, Param, described, says
from foedus.web.page import Page
from foedus.web.unanswered import NotHere
from foedus.web.yente.routes import HANDLERS, PREFIX

# --- the state ----------------------------------------------------------------------------------------------


@get(
    "/api/state",
    opt=says(
        "The state in a few numbers",
        "state",
        answer=api_types.StateView,
        params=(AT, KNOWN),
        errors=(400,),
        example=examples.STATE,
    ),
    sync_to_thread=True,
)
def state(page: NamedDependency[Page]) -> Response[bytes]:
    """What the entries add up to."""
    return answer(views.state(page, known_size(page)))


@get(
    "/api/responses",
    opt=says(
        "Responses, oldest first",
        "state",
        answer=api_types.Listed[api_types.ResponseSummary],
        params=(AT, KNOWN, START, COUNT),
        errors=(400,),
    ),
    sync_to_thread=True,
)
def responses(page: NamedDependency[Page]) -> Response[bytes]:
    """Every response, open or closed."""
    found = views.seen(page, dict(page.state.response.responses))
    return answer(listed(page, found, views.summary))


@get(
    "/api/responses/{id_:str}",
    opt=says(
        "One response",
        "state",
        answer=api_types.ResponseView,
        params=(Param("id_", "The response", ID, "R-1", "path"), AT, KNOWN),
        errors=(400, 404),
    ),
    sync_to_thread=True,
)
def response(page: NamedDependency[Page], id_: FromPath[str]) -> Response[bytes]:
    """Its clocks, who came, what is on the table, who joined, how it ended."""
    found = page.see(page.state.response.responses.get(id_))
    if found is None:
        raise NotHere("there is no response {response}", response=id_[:40])
    return answer(views.response(page, found))


@get(
    "/api/incidents",
    opt=says(
        "Incidents, oldest first",
        "state",
        answer=api_types.Listed[api_types.IncidentView],
        params=(AT, KNOWN, START, COUNT),
        errors=(400,),
    ),
    sync_to_thread=True,
)
def incidents(page: NamedDependency[Page]) -> Response[bytes]:
    """Every report of an incident, with its corrections and evidence."""
    return answer(listed(page, views.seen(page, dict(page.state.response.incidents)), views.incident))


@get(
    "/api/parties",
    opt=says(
        "Parties the compact names",
        "state",
        answer=api_types.Listed[api_types.PartyView],
        params=(AT, KNOWN, START, COUNT),
        errors=(400,),
    ),
    sync_to_thread=True,
)
def parties(page: NamedDependency[Page]) -> Response[bytes]:
    """Each with its tier, instruments and seats."""
    return answer(listed(page, list(page.parties), lambda id_: views.party(page, id_)))


@get(
    "/api/parties/{id_:str}",
    opt=says(
        "One party",
        "state",
        answer=api_types.PartyView,
        params=(Param("id_", "The party", ID, "POL", "path"), AT, KNOWN),
        errors=(400, 404),
    ),
    sync_to_thread=True,
)
def party(page: NamedDependency[Page], id_: FromPath[str]) -> Response[bytes]:
    """Its tier, instruments and seats."""
    if id_ not in page.parties:
        raise NotHere("the compact names no party {code!r}", code=id_[:40])
    return answer(views.party(page, id_))


def listed(page: Page, found: Sequence[Any], view: Any) -> api_types.Listed[Any]:
    """The part of a list that `start` and `count` ask for."""
    start, count = asked.number(page, "start", 0), asked.number(page, "count", 50, 1, 100)
    items = tuple(view(item) for item in found[start : start + count])
    return api_record.part_of(page, items, start, count, len(found))


# --- about the API itself -----------------------------------------------------------------------------------


@get(
    "/api/healthz",
    opt=says(
        "Whether the console answers; says nothing of the record",
        "console",
        answer=api_types.Health,
        example=api_types.Health("ok"),
    ),
    sync_to_thread=False,
)
def health() -> Response[bytes]:
    """For whoever watches over the console."""
    return answer(api_types.Health("ok"))


@get(
    "/api/openapi.json",
    opt=says("This description", "console", schema={"type": "object"}),
    sync_to_thread=True,
)
def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """OpenAPI 3.1."""
    data = msgspec.json.encode(described(handlers, request.app.state.console.base_url, {PREFIX: HANDLERS}))
    return Response(data, media_type=MediaType.JSON)


handlers: list[HTTPRouteHandler] = [
    *api_submitting.handlers, *api_waiting.handlers, state, responses, response, incidents, parties, party, health,
    openapi, *api_record.handlers, *api_tree.handlers, *api_cosigning.handlers, *api_late.handlers,
]  # fmt: skip
routes: list[ControllerRouterHandler] = [
    Router("/", route_handlers=handlers, guards=[asked.plainly]), *api_tree.published,
]  # fmt: skip
