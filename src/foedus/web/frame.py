"""One view as page, JSON or CSV, in the frame that every page shares.

A page module gathers plain values and calls `render`; it never formats a response itself.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

import jinja2
import msgspec
from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie
from msgspec import Struct

from foedus.compact.model import encode_hook
from foedus.errors import Malformed
from foedus.web import desk_words, marks, moments, said
from foedus.web.console import STATIC, TEMPLATES, Console
from foedus.web.page import COOKIE, Page, with_query

MEDIA = {"html": MediaType.HTML, "json": MediaType.JSON, "csv": "text/csv"}


class Table(Struct, frozen=True):
    """A table of a page as data. `columns`: machine names. `rows`: plain values, one tuple a row."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[object]]


def page_of(request: Request[Any, Any, Any]) -> Page:
    """The dependency `page` of every handler."""
    return Page(cast(Console, request.app.state.console), request)


# --- templates --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """Address of a static file with the digest of its content, so that it may be cached for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The templates. Everything is escaped; an undefined name is our own mistake and fails loudly."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(asset=asset, iso=moments.iso, TimeLeft=moments.TimeLeft, len=len, draw=marks.draw)
    made.globals.update(tell=said, desk=desk_words, with_query=with_query)
    return made


def html(page: Page, template: str, values: Mapping[str, Any]) -> str:
    """A template with the frame's values and the page's own."""
    return environment().get_template(template).render(
        page=page, lang=page.lang, say=page.say, _=page.words.gettext, ngettext=page.words.ngettext, **values
    )  # fmt: skip


def render(
    page: Page,
    template: str,
    *,
    title: str,
    active: str = "",
    status: int = 200,
    data: object = None,
    tables: Mapping[str, Table] | None = None,
    **values: Any,
) -> Response[Any]:
    """One view in the form asked for: `?format=html|json|csv` or the Accept header.

    `data` is the view as plain values (what JSON shows); `tables` its tables by name (what CSV shows, `?table=`
    names which, the first by default). `active` is the entry of the navigation under which the page stands.
    """
    tables = tables or {}
    form = wanted(page)
    if form == "json":
        body: object = encode(page, data, tables)
    elif form == "csv":
        body = csv_of(page, tables)
    else:
        body = html(page, template, {"title": title, "active": active, "tables": tables, **values})
    response = Response(body, status_code=status, media_type=MEDIA[form], cookies=language_cookie(page))
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    return response


def wanted(page: Page) -> str:
    """The form asked for: html, json or csv. Raises Malformed for another."""
    named = page.query.get("format")
    if named is not None:
        if named not in MEDIA:
            raise Malformed("`format` is html, json or csv; found {found!r}", found=named[:20])
        return named
    accept = page.request.headers.get("accept", "")
    for part in accept.split(","):
        kind = part.split(";")[0].strip()
        if kind in ("text/html", "application/xhtml+xml", "*/*"):
            return "html"
        if kind in ("application/json", "text/csv"):
            return kind.split("/")[1]
    return "html"


def encode(page: Page, data: object, tables: Mapping[str, Table]) -> bytes:
    """The view as JSON: where and when it was asked, then its data, then its tables as lists of objects."""
    view = {
        "record": page.state.parties.record.origin if page.state.parties.record else None,
        "exercise": page.exercise,
        "size": page.state.size,
        "at": moments.iso(page.at),
        "known": moments.iso(page.known),
        "view": data if data is not None else {},
        "tables": {
            name: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for name, table in tables.items()
        },
    }
    return msgspec.json.format(msgspec.json.encode(view, enc_hook=encode_hook), indent=2) + b"\n"


def csv_of(page: Page, tables: Mapping[str, Table]) -> str:
    """One table of the view as CSV (RFC 4180). Raises Malformed when the page has no such table."""
    name = page.query.get("table") or next(iter(tables), "")
    if name not in tables:
        has = ", ".join(tables) or "—"
        raise Malformed("this page has no table {name!r}; it has: {has}", name=name[:40], has=has)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(tables[name].columns)
    writer.writerows([[plain(cell) for cell in row] for row in tables[name].rows])
    return out.getvalue()


def plain(cell: object) -> str:
    """A value as one CSV cell: nothing that a spreadsheet would run as a formula."""
    if cell is None:
        return ""
    text = moments.iso(cell) if isinstance(cell, datetime) else str(cell)
    return f"'{text}" if text and text[0] in "=+-@\t\r" and not text[1:2].isdigit() else text


# --- the cookie -------------------------------------------------------------------------------------------------------


def cookie(lang: str, seat: str) -> Cookie:
    """The one cookie: chosen language and, in an exercise, chosen seat. Proves nothing and opens nothing."""
    return Cookie(COOKIE, path="/", value=f"{lang}:{seat}", httponly=True, samesite="strict", max_age=90 * 86_400)


def language_cookie(page: Page) -> list[Cookie]:
    """Remembers a language chosen by `?lang=`; nothing otherwise."""
    return [cookie(page.lang, page.chosen_seat)] if page.query.get("lang") == page.lang else []
