"""Every address of a console that can be read: each route of its table, with every parameter filled in.

A new route is walked by itself. One with a parameter, or with a question in its query, for which nothing is filled in
here is an error: whoever adds it says what can be asked.
"""

from __future__ import annotations

import base64
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from foedus.acts import ACT_NAMES
from foedus.record.tiles import new_tiles
from foedus.web import accounted, tracked
from foedus.web.access import Access
from foedus.web.limits import Buckets, Rate
from foedus.web.openapi import Says
from tests.documents.pdf_text import Pdf

# What pages are asked in their query. `page.query[…]`, `asked.…(page, …)` in a page's module is looked up here.
QUESTIONS: dict[str, str] = {
    "a": "rio-1947", "about": "R-1", "act": "AddEvidence", "at": "2100-01-01T00:00:00Z", "attack": "yes",
    "b": "istanbul-2022", "back": "/record", "before": "0" * 64, "born": "1970",
    "cell": "UKR/T-1", "claim": "C-1", "clause": "consultation", "columns": "parties", "count": "100", "country": "UA",
    "digest": "0" * 64, "donor": "LVA", "effect": "permits", "file": "compact.yaml",
    "force": "political", "from": "0", "gdp": "source",
    "group": "core", "hours": "720", "issuer": "UKR",
    "kind": "bilateral", "known": "2100-01-01T00:00:00Z", "left": "1", "level": "secret", "limit": "5",
    "measure": "R-1/M-1",
    "name": "bank", "new": "2", "newer_than": "0", "obligation": "O-1", "of": "compact", "offset": "0",
    "old": "1", "page": "1",
    "party": "UKR", "per": "gdp", "prefix": "vess", "q": "bank", "refuses": "UKR EUE/none",
    "restriction": "asset_freeze",
    "seat": "UKR/duty", "show": "all", "since": "2001-01-01", "skip": "0", "source": "text",
    "stage": "committed", "standing": "party", "start": "0",
    "sums": "named",
    "text": "rio-1947", "tier": "core", "timeline": "all", "to": "9",
    "unit": "EUR", "vintage": "0" * 64, "which": "all", "who": "all",
    "withdraws": "POL",
    "year": "2024",
    # Of screening, by the names of others.
    "changed_since": "2020-01-01", "countries": "ru", "datasets": "all", "exclude_dataset": "sdn",
    "exclude_entity_ids": "sdn:1", "exclude_schema": "Vessel", "extend": "{}", "facets": "countries",
    "filter": "countries:ru", "filter_op": "OR", "include_dataset": "sdn", "queries": '{"q0":{"query":"bank"}}',
    "schema": "Person", "sort": "name", "topics": "sanction",
}  # fmt: skip
# The other forms in which what is so typed can be had.
FORMS = {"text/html": ("format=json", "format=csv", "lang=uk"), "application/pdf": ("lang=uk",)}
ASKED = re.compile(r'(?:page\.query(?:\.get)?[\[(]|page\.moment\(|asked\.\w+\(page, )"(\w+)"')
BUSY = 429


def fill(size: int, entries: Sequence[int], ids: Sequence[str], digests: Sequence[str]) -> dict[str, list[str]]:
    """What can stand for each parameter of a path. `entries`, `ids`, `digests`: those to be looked at."""
    files = [f"entry-{number}.{kind}" for number in entries for kind in ("json", "tlog-proof")]
    return {
        "number": [str(number) for number in entries],
        "id_": list(ids),
        "digest": [*digests, "0" * 64],
        "secret": ["guess"],
        "dataset": ["default", "ofac-sdn"],
        "kind": ["entity", "property", "type"],
        "rest": ["ofac-sdn:1"],
        "path": [tile.path().removeprefix("tile/") for tile in new_tiles(0, size)],
        "/act/{name:str} name": list(ACT_NAMES),
        "/sanctions/lists/{name:str} name": ["ofac-sdn"],
        "/static/{name:path} name": ["foedus.css"],
        "/drills/plan/{name:str} name": ["night-attack"],
        "/drills/run/{id_:str}/{name:str} name": ["report.json"],
        "/commitments/charts/{name:str} name": [
            "donors.svg",
            "donors.png",
            "donor-stages.svg",
            "own-parties.svg",
            "own-map.png",
        ],
        "/reparations/charts/{name:str} name": ["where.svg", "flow-EUR.svg", "where.png"],
        "/reparations/assets/{id_:str} id_": ["AS-1", "AS-99"],
        "/commitments/donors/{id_:str} id_": ["LVA", "USA"],
        "/commitments/rows/{number:int} number": ["0", "999999"],
        "/commitments/obligations/{id_:path} id_": ["O-1", "O-39", "R-1/P10.report/POL"],
        "/reparations/distributions/{id_:str} id_": ["DS-1", "DS-9"],
        "/record/{number:int}/{name:str} name": files,
    }


def read_routes(app: Litestar) -> Iterator[tuple[HTTPRoute, HTTPRouteHandler]]:
    """The routes that can be read, each with what answers. A stream has no end: tests/web/test_stream.py."""
    for route in app.routes:
        assert isinstance(route, HTTPRoute)
        for handler in route.route_handlers:
            if "GET" in handler.http_methods and handler.parsed_return_field.annotation is not Stream:
                yield route, handler


def paths(route: HTTPRoute, filled: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The addresses of one route, every parameter filled in each way."""
    parts: list[Sequence[str]] = []
    for part in route.path_components:
        if isinstance(part, str):
            parts.append([part])
            continue
        values = filled.get(f"{route.path} {part.name}") or filled.get(part.name)
        assert values, f"{route.path}: say in tests/web/walk.py what can stand for {part.name}"
        parts.append(values)
    for chosen in product(*parts):
        yield "/" + "/".join(chosen)


def questions(handler: HTTPRouteHandler) -> list[str]:
    """What this handler, or another of its module, may be asked in the query."""
    module = inspect.getmodule(getattr(handler.fn, "func", handler.fn))  # one that runs in a thread is wrapped
    assert module is not None, handler
    source = inspect.getsource(module)
    if "Tracked(" in source:  # which asks on behalf of its page
        source += inspect.getsource(tracked)
    if "Accounted(" in source:
        source += inspect.getsource(accounted)
    names = set(ASKED.findall(source)) - {"format", "lang", "table"}
    said: Says | None = handler.opt.get("says")
    names |= {param.name for param in said.params if param.where == "query"} if said else set()
    missing = names - QUESTIONS.keys()
    assert not missing, f"{module.__name__}: say in tests/web/walk.py what can be asked as {sorted(missing)}"
    return [f"{name}={QUESTIONS[name]}" for name in sorted(names)]


def found_in(client: TestClient[Any], filled: Mapping[str, Sequence[str]], secrets: Sequence[bytes]) -> set[str]:
    """The routes at which one of the secrets is read, in whatever form and in whichever answer."""
    (found,) = each_found_in(client, filled, secrets)
    return found


def each_found_in(
    client: TestClient[Any], filled: Mapping[str, Sequence[str]], *several: Sequence[bytes]
) -> list[set[str]]:
    """The same of several sorts of secrets, in one walk."""
    client.app.state["access"] = Access(reading=Buckets(Rate(1e9, 1e9)))
    sought = [{trace for secret in secrets for trace in traces(secret)} for secrets in several]
    found: list[set[str]] = [set() for _ in several]
    for route, handler in read_routes(client.app):
        asked = questions(handler)
        for path in paths(route, filled):
            here = client.get(path, follow_redirects=False)
            answers = [here]
            if here.status_code < 400:
                forms = FORMS.get(here.headers.get("content-type", "").partition(";")[0], ())
                answers += [client.get(f"{path}?{one}", follow_redirects=False) for one in (*forms, *asked)]
            for answer in answers:
                assert answer.status_code not in (BUSY, 500), (str(answer.url), answer.text[:300])
                told = list(said(answer))
                for sort, traces_of_it in zip(found, sought, strict=True):
                    if any(trace in part for trace in traces_of_it for part in told):
                        sort.add(route.path)
    return found


def said(answer: Any) -> Iterator[bytes]:
    """Everything that an answer says: its head, its body, and of a PDF its words and the files within."""
    yield repr(answer.headers.multi_items()).encode()
    yield answer.content
    if answer.content.startswith(b"%PDF"):
        yield from printed(answer.content)


@cache
def printed(paper: bytes) -> tuple[bytes, ...]:
    """The words of a PDF and the files within: the same paper, asked for otherwise or by another, is read once."""
    pdf = Pdf(paper)
    return "".join(pdf.text(page) for page in range(len(pdf.pages))).encode(), *pdf.attached().values()


def traces(secret: bytes) -> Iterator[bytes]:
    """How the bytes look as they are, in hex, and in base64 wherever they begin."""
    yield secret
    yield secret.hex().encode()
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + secret)
        yield encoded[4 if before else 0 : -4]
