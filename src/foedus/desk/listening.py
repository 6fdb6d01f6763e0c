"""A witness's own address: logs ask it for cosignatures, other witnesses for what it cosigned and what it found.

Answers three addresses, shows nothing of the record but its checkpoint, and holds no session.
"""

from __future__ import annotations

import math
from asyncio import to_thread
from typing import Any

import msgspec
import uvicorn
from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.datastructures import State

from foedus.desk import evidence
from foedus.desk.dialogue import TEXT, add_checkpoint
from foedus.desk.witness import Witness
from foedus.web.limits import Buckets, Rate

MOST_BYTES = 65_536
MOST_SHOWN = 10
# A log asks once for each checkpoint, another witness now and then.
ASKING = Rate(per_second=5, burst=50)


@post("/add-checkpoint", status_code=200)
async def add(request: Request[Any, Any, State], state: State) -> Response[str]:
    """c2sp.org/tlog-witness."""
    wait = state.buckets.wait(request.client.host if request.client else "nowhere")
    if wait > 0:
        seconds = str(math.ceil(wait))
        return Response(f"wait {seconds} s\n", status_code=429, media_type=TEXT, headers={"retry-after": seconds})
    reply = await to_thread(add_checkpoint, state.witness, await request.body())
    # As a header, to the letter: a media type that begins with text/ would be given a charset.
    return Response(reply.body, status_code=reply.status, headers={"content-type": reply.kind})


@get("/checkpoint", sync_to_thread=True)
def checkpoint(state: State) -> Response[bytes]:
    """The newest checkpoint that this witness cosigned, with its lines."""
    note = state.witness.cosigned()
    return Response(note or b"nothing was cosigned yet\n", status_code=200 if note else 404, media_type=TEXT)


@get("/evidence", sync_to_thread=True)
def found(state: State) -> Response[bytes]:
    """What this witness can prove against the record's server, oldest first."""
    kept = [one for _, one in evidence.kept(state.witness.copy.folder)][:MOST_SHOWN]
    return Response(msgspec.json.encode(kept), media_type=MediaType.JSON)


def app_of(witness: Witness) -> Litestar:
    """The witness as an application."""
    return Litestar(
        route_handlers=[add, checkpoint, found],
        state=State({"witness": witness, "buckets": Buckets(ASKING)}),
        openapi_config=None,
        logging_config=None,
        request_max_body_size=MOST_BYTES,
        debug=False,
    )


def listen(witness: Witness, host: str, port: int) -> None:
    """Answer until the process is asked to stop (SIGINT, SIGTERM)."""
    config = uvicorn.Config(
        app_of(witness), host=host, port=port, log_level="warning", access_log=False, server_header=False, ws="none"
    )
    uvicorn.Server(config).run()
