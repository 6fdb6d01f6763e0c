"""The API's part for what an earlier epoch had received: whoever holds a proof of it hands it in.

Keeps it until the time for it is over, and says how long that is; what becomes of it is then in the record.
"""

from __future__ import annotations

from datetime import datetime

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody
from msgspec import Struct

from foedus.web import api_types, asked
from foedus.web.api_record import answer
from foedus.web.openapi import says
from foedus.web.page import Page


class ReceivedLate(Struct, frozen=True, forbid_unknown_fields=True):
    """A c2sp.org/tlog-proof@v1 of an entry of the epoch before, with it in the extra line, and its attachments."""

    proof: str
    attachments: tuple[api_types.Blob, ...] = ()


class LateView(api_types.Data, frozen=True):
    """It was kept. It enters the record at `until`, when all that was received before is in."""

    until: datetime


@post(
    "/api/late",
    status_code=202,
    opt=says(
        "Hand in what the epoch before had received and this one does not continue",
        "acts",
        answer=LateView,
        takes=(ReceivedLate,),
        errors=(400, 403, 409, 413),
        example=LateView(datetime.fromisoformat("2026-10-12T06:01:30+00:00")),
    ),
    sync_to_thread=True,
)
def late(page: NamedDependency[Page], body: RawBody) -> Response[bytes]:
    """Kept when the key of the epoch before signed for it; the same twice is kept once."""
    sent = asked.decoded(body, ReceivedLate)
    files = [(blob.salt, blob.content) for blob in sent.attachments]
    return answer(LateView(page.depositary.receive_late(sent.proof, files)), 202)


handlers: list[HTTPRouteHandler] = [late]
