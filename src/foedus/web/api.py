"""The API: submit a signed act, read the state, the record and its proofs. The answers are `api_types`.

Sends and signs nothing by itself: what enters the record does so through `Depositary.perform`, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import MediaType, Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from litestar.types import ControllerRouterHandler
from msgspec import Meta, Struct

from foedus import depositary as door
from foedus.acts import SALT_BYTES
from foedus.errors import FoedusError, Malformed, Refused
from foedus.record.envelope import Envelope
from foedus.web import (
    api_cosigning,
    api_late,
    api_record,
    api_tree,
    api_types,
    api_waiting,
    asked,
    examples,
    views,
    waiting,
)
from foedus.web.access import reader_of
from foedus.web.api_record import answer
from foedus.web.entries import known_size
from foedus.web.failures import described as problem_of
from foedus.web.openapi import AT, COUNT, KNOWN, START, Param, described, says
from foedus.web.page import Page
from foedus.web.unanswered import NotHere
from foedus.web.yente.routes import HANDLERS, PREFIX
from foedus.words import Words

T = TypeVar("T")
MOST_IN_BATCH = 100
_ID = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$"}


class Submission(Struct, frozen=True, forbid_unknown_fields=True):
    """An act with the attachments it names."""

    envelope: Envelope
    attachments: tuple[api_types.Blob, ...] = ()


class Sent(Struct, frozen=True, forbid_unknown_fields=True):
    """One act of a batch: `envelope` as for a single act, and told alone what is wrong with it."""

    envelope: dict[str, Any]
    attachments: tuple[api_types.Blob, ...] = ()


class Acts(Struct, frozen=True, forbid_unknown_fields=True):
    """Up to a hundred acts, performed in this order in one transaction, each refused alone."""

    acts: Annotated[tuple[Sent, ...], Meta(max_length=MOST_IN_BATCH)]


class _Submitted(Struct, frozen=True, forbid_unknown_fields=True):
    """The same as received: the envelope's bytes are read by nobody but the depositary."""

    envelope: msgspec.Raw
    attachments: tuple[api_types.Blob, ...] = ()


class _Batch(Struct, frozen=True, forbid_unknown_fields=True):
    acts: tuple[_Submitted, ...]


# --- submitting ---------------------------------------------------------------------------------------------


@post(
    "/api/acts",
    opt=says(
        "Submit one signed act",
        "acts",
        answer=api_types.Receipt,
        takes=(Envelope, Submission),
        errors=(400, 403, 409, 413),
        example=examples.RECEIPT,
        takes_example=examples.ENVELOPE,
    ),
    sync_to_thread=True,
)
def submit(page: NamedDependency[Page], body: RawBody) -> Response[bytes]:
    """The envelope itself, or `{envelope, attachments}`. Answers with the receipt when it is durable."""
    sent = submitted(body)
    receipt = page.depositary.perform(bytes(sent.envelope), blobs(sent.attachments))
    return answer(receipt_view(receipt), 201)


@post(
    "/api/acts/batch",
    status_code=200,
    opt=says(
        "Submit up to a hundred signed acts in one transaction, each refused alone",
        "acts",
        answer=api_types.Batch,
        takes=(Acts,),
        errors=(400, 403, 409, 413),
        example=examples.BATCH,
        takes_example=examples.ACTS,
    ),
    sync_to_thread=True,
)
def submit_batch(page: NamedDependency[Page], body: RawBody) -> Response[bytes]:
    """The results in the order of the acts."""
    asked.decoded(body, Acts)
    batch = asked.decoded(body, _Batch)
    files = [blob for act in batch.acts for blob in blobs(act.attachments)]
    done = page.depositary.perform_all([bytes(act.envelope) for act in batch.acts], files)
    return answer(api_types.Batch(tuple(batch_result(one, page.words) for one in done)))


@post(
    "/api/waiting",
    status_code=202,
    opt=says(
        "Leave an act that lacks a signature for another seat of its party",
        "acts",
        answer=api_waiting.WaitingView,
        takes=(Envelope, Submission),
        errors=(400, 403, 409, 413),
        takes_example=examples.ENVELOPE,
    ),
    sync_to_thread=True,
)
def leave(page: NamedDependency[Page], body: RawBody) -> Response[bytes]:
    """Kept for a day, beside the record and not in it; shown to its party alone."""
    submitted(body)
    found = waiting.leave(page.depositary.store, page.clauses, page.state, body, page.clock_now)
    return answer(api_waiting.view(found), 202)


@get(
    "/api/waiting",
    opt=says(
        "Acts of the reader's party that lack a signature",
        "acts",
        answer=api_waiting.WaitingList,
        params=(Param("party", "Whose; by default the reader's own", _ID, "UKR"),),
        errors=(400, 403),
    ),
    sync_to_thread=True,
)
def left(page: NamedDependency[Page]) -> Response[bytes]:
    """Each with the act as it was left."""
    reading = reader_of(page.request)
    party = asked.code(page, "party") or reading.party
    if party is None or not (reading.anybody or party == reading.party):
        raise Refused("record/marking", "what waits for a signature is shown to its own party: name it in `party`")
    found = waiting.waiting(page.depositary.store, page.clauses, page.state, party, page.clock_now)
    return answer(api_waiting.WaitingList(tuple(map(api_waiting.view, found))))


def submitted(body: bytes) -> _Submitted:
    """The two forms of a submission as one. Raises Malformed."""
    members = asked.decoded(body, dict[str, msgspec.Raw])
    if "envelope" in members:
        return asked.decoded(body, _Submitted)
    return _Submitted(msgspec.Raw(body))


def blobs(sent: Sequence[api_types.Blob]) -> list[tuple[bytes, bytes]]:
    """Salt and content of each attachment. Raises Malformed for a salt that is none."""
    for blob in sent:
        if len(blob.salt) != SALT_BYTES:
            raise Malformed(
                "an attachment's salt has {found} bytes; {expected} expected", found=len(blob.salt), expected=SALT_BYTES
            )
    return [(blob.salt, blob.content) for blob in sent]


def receipt_view(receipt: door.Receipt) -> api_types.Receipt:
    """The receipt, with where to go on."""
    entry = f"/api/entries/{receipt.entry}"
    links = api_types.Links(entry, f"{entry}/proof", "/api/checkpoint")
    return api_types.Receipt(receipt.entry, receipt.at, receipt.act_id, receipt.events, links)


def batch_result(done: door.Receipt | FoedusError, words: Words) -> api_types.BatchResult:
    """A receipt, or why there is none."""
    if isinstance(done, FoedusError):
        return api_types.BatchResult(problem=problem_of(done, words)[1])
    return api_types.BatchResult(receipt=receipt_view(done))


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
        params=(Param("id_", "The response", _ID, "R-1", "path"), AT, KNOWN),
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
        params=(Param("id_", "The party", _ID, "POL", "path"), AT, KNOWN),
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
    submit, submit_batch, leave, left, state, responses, response, incidents, parties, party, health, openapi,
    *api_record.handlers, *api_tree.handlers, *api_cosigning.handlers, *api_late.handlers,
]  # fmt: skip
routes: list[ControllerRouterHandler] = [
    Router("/", route_handlers=handlers, guards=[asked.plainly]), *api_tree.published,
]  # fmt: skip
