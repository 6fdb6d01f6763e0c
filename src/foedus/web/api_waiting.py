"""The API's part for acts that lack a signature: left by one seat for another of its party, and shown to it alone."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody

from foedus.awaiting import Awaiting
from foedus.errors import Refused
from foedus.record.envelope import Envelope
from foedus.web import asked, examples, waiting
from foedus.web.access import reader_of
from foedus.web.api_record import answer
from foedus.web.api_submitting import Submission, submitted
from foedus.web.api_types import Count, Data
from foedus.web.openapi import ID, Param, says
from foedus.web.page import Page


class WaitingView(Data, frozen=True):
    """An act that lacks a signature. `signers`: seats that signed; `needed`: how many must. `act`: as it was left."""

    act_id: str
    party: str
    kind: str
    signers: tuple[str, ...]
    needed: Count
    act: str


class WaitingList(Data, frozen=True):
    """Acts that lack a signature."""

    acts: tuple[WaitingView, ...]


def view(found: Awaiting) -> WaitingView:
    """An act that lacks a signature, with the act itself."""
    return WaitingView(
        found.statement.id, found.party, type(found.statement.body).__name__, found.signers, found.needed,
        found.signed.to_json().decode(),
    )  # fmt: skip


@post(
    "/api/waiting",
    status_code=202,
    opt=says(
        "Leave an act that lacks a signature for another seat of its party",
        "acts",
        answer=WaitingView,
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
    return answer(view(found), 202)


@get(
    "/api/waiting",
    opt=says(
        "Acts of the reader's party that lack a signature",
        "acts",
        answer=WaitingList,
        params=(Param("party", "Whose; by default the reader's own", ID, "UKR"),),
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
    return answer(WaitingList(tuple(map(view, found))))


handlers: list[HTTPRouteHandler] = [leave, left]
