"""The console as one Litestar application: act → entry → record → state → page.

Serves pages, static files, the stream of changes and the API. On a live record it is read-only: only an exercise and a
desk have something here that could sign.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.datastructures import State as AppState
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from foedus.depositary import Depositary
from foedus.drills.runs import Drills
from foedus.searched import OfRecord, Searched
from foedus.watermark import Watermark
from foedus.web import alerted, assets, events
from foedus.web.acting import Acting, AnySeat, Keys
from foedus.web.alerted import Alerted
from foedus.web.batches import Batches
from foedus.web.console import Console
from foedus.web.failures import failure
from foedus.web.frame import page_of
from foedus.web.kept import Answers
from foedus.web.security import add_headers, check_request

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MODULES = (
    "pages.home",
    "pages.response",
    "pages.decision",
    "pages.act",
    "pages.note",
    "pages.seat",
    "pages.sanctions",
    "pages.commitments",
    "pages.commitments_map",
    "pages.reparations",
    "pages.reparations_claims",
    "pages.reparations_distributions",
    "pages.compact",
    "pages.check",
    "pages.check_drafts",
    "pages.parties",
    "pages.record",
    "pages.drills",
    "pages.what_if",
    "pages.screening",
    "api",
    "yente.routes",
)


def create_app(
    depositary: Depositary,
    *,
    exercise_keys: Keys | None = None,
    acting: Acting | None = None,
    base_url: str = "http://localhost:8000",
    more: Sequence[ControllerRouterHandler] = (),
    watermark: Watermark | None = None,
    alerts: Alerted | None = None,
    drills: Drills | None = None,
) -> Litestar:
    """The console over a depositary. `exercise_keys` only for an exercise: with them the reader may act as any seat.

    `acting`: how a desk acts as its seat, and `more`: its own pages. `base_url` is where readers reach the console; its
    host and the loopback names are the only ones answered. `watermark` rises with every checkpoint that is cosigned.
    `alerts`: with them people confirm here, and Home says who could not be reached. `drills`: the folder of those that
    are played from here.
    """
    host = urlsplit(base_url).hostname
    more = [*more, *(alerted.routes if alerts is not None else ())]
    acting = AnySeat(depositary, exercise_keys) if exercise_keys is not None else acting
    console = Console(
        depositary, acting, base_url.rstrip("/"), LOOPBACK | ({host} if host else set()), watermark, alerts, drills
    )
    live, searched, batches = events.Stream(console), Searched(OfRecord(depositary)), Batches()

    @asynccontextmanager
    async def streaming(_: Litestar) -> AsyncIterator[None]:
        await asyncio.to_thread(console.begin)
        live.start()
        try:
            yield
        finally:
            await live.stop()
            batches.forget()
            await asyncio.to_thread(console.end)

    return Litestar(
        route_handlers=[*routes(), *more],
        dependencies={"page": Provide(page_of, sync_to_thread=False)},
        before_request=check_request,
        before_send=[add_headers],
        exception_handlers={Exception: failure},
        lifespan=[streaming],
        state=AppState(
            {"console": console, "live": live, "answers": Answers(), "searched": searched, "batches": batches}
        ),
        openapi_config=None,
        debug=False,
        request_max_body_size=1_500_000,
    )


def routes() -> list[ControllerRouterHandler]:
    """Every handler of the page modules, and the static files."""
    found: list[ControllerRouterHandler] = [assets.static, events.stream]
    for name in MODULES:
        if find_spec(f"foedus.web.{name}"):
            found += import_module(f"foedus.web.{name}").routes
    return found
