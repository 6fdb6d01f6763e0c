"""The API's part for witnesses: they hand in their cosignatures of checkpoints that this server showed.

Keeps one line for each witness whose key counts, of the newest checkpoints alone: what is kept is bounded.
"""

from __future__ import annotations

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody

from foedus.errors import Malformed
from foedus.web import api_checkpoints, asked, examples, views
from foedus.web.api_record import answer
from foedus.web.openapi import says
from foedus.web.page import Page

MOST_BYTES = 65_536


@post(
    "/api/cosignatures",
    status_code=200,
    opt=says(
        "Hand in cosignatures of a recent checkpoint of this record",
        "record",
        answer=api_checkpoints.WitnessedView,
        takes=(api_checkpoints.CosignedNote,),
        errors=(400, 403, 409, 413),
        example=examples.WITNESSED,
        takes_example=examples.COSIGNED_NOTE,
    ),
    sync_to_thread=True,
)
def cosignatures(page: NamedDependency[Page], body: RawBody) -> Response[bytes]:
    """Lines of witnesses whose key counts are kept, all others are left out; answers how the checkpoint then stands."""
    if len(body) > MOST_BYTES:
        raise Malformed("a note of {size} bytes found, at most {most} are read here", size=len(body), most=MOST_BYTES)
    sent = asked.decoded(body, api_checkpoints.CosignedNote)
    note, found = page.console.settling.accept(sent.note.encode("utf-8", "surrogatepass"))
    if page.console.watermark is not None:
        page.console.watermark.raise_to(note)
    return answer(views.witnessed(found))


handlers: list[HTTPRouteHandler] = [cosignatures]
