"""These addresses as one router, beside a record's console or alone over files of lists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

from foedus.searched import Searched
from foedus.web.access import is_loopback
from foedus.web.security import add_headers
from foedus.web.unanswered import Unanswered
from foedus.web.yente import about, looking, matching, reconcile, watchman
from foedus.web.yente.answering import failure

HANDLERS: list[HTTPRouteHandler] = [
    matching.match, looking.search, looking.entities, about.catalog, about.manifest, about.algorithms, about.updatez,
    about.healthz, about.readyz, reconcile.asked_by_address, reconcile.asked_by_form, reconcile.suggest,
    reconcile.propose, watchman.search, watchman.listinfo,
]  # fmt: skip
PREFIX = "/api/screening"
routes: list[ControllerRouterHandler] = [
    Router(PREFIX, route_handlers=HANDLERS, exception_handlers={Exception: failure})
]


def alone(searched: Searched) -> Litestar:
    """A server of its own, for this machine: whoever reaches it may ask, so it answers for loopback names alone."""

    @asynccontextmanager
    async def reading(_: Litestar) -> AsyncIterator[None]:
        searched.begin()
        yield

    return Litestar(
        route_handlers=[Router("/", route_handlers=HANDLERS)],
        before_request=_on_this_machine,
        before_send=[add_headers],
        exception_handlers={Exception: failure},
        lifespan=[reading],
        state=State({"searched": searched}),
        openapi_config=None,
        debug=False,
        request_max_body_size=1_500_000,
    )


async def _on_this_machine(request: Request[Any, Any, Any]) -> None:
    """Raises 421 for a name that may be another machine's: a page elsewhere could make a browser ask for it."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    if not is_loopback(host):
        raise Unanswered("this console does not answer for {host!r}", status=421, host=host[:60])
