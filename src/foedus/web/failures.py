"""Every failure in one shape: a page for people, the same fields as JSON, and nothing of the inside in either."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from foedus.errors import Conflict, FoedusError, Malformed, Refused, Tampered
from foedus.web.frame import Page, html, page_of, wanted
from foedus.web.security import is_api

log = logging.getLogger("foedus.web")
STATUS: dict[type[FoedusError], int] = {Malformed: 400, Refused: 403, Conflict: 409, Tampered: 500}
CODES = {400: "malformed", 401: "unauthorised", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
         413: "too_large", 421: "wrong_host", 422: "malformed", 429: "too_many"}  # fmt: skip


def failure(request: Request[Any, Any, Any], problem: Exception) -> Response[Any]:
    """The answer to a request that failed. A fault of our own is logged with its trace and shown without."""
    status, error = described(problem)
    if status == 500:
        log.error("%s %s failed", request.method, request.url.path, exc_info=problem)
    body = msgspec.json.encode({"error": error})
    if is_api(request.url.path):
        return Response(body, status_code=status, media_type=MediaType.JSON)
    try:
        page = page_of(request)
        if wanted(page) != "html":
            return Response(body, status_code=status, media_type=MediaType.JSON)
    except Malformed:
        page = plain_page(request)
    except Exception:
        log.exception("the error page itself failed")
        return Response(body, status_code=status, media_type=MediaType.JSON)
    title, advice = advised(page, status)
    text = html(
        page, "error.html", {"title": title, "active": "", "advice": advice, "error": error, "status": status}
    )
    return Response(text, status_code=status, media_type=MediaType.HTML)


def described(problem: Exception) -> tuple[int, dict[str, str]]:
    """Status and the one error shape: code, message and, for a refusal, the clause."""
    if isinstance(problem, Refused):
        return STATUS[Refused], {"code": problem.code, "message": problem.because, "clause": problem.clause}
    if isinstance(problem, FoedusError):
        return STATUS[type(problem)], {"code": problem.code, "message": str(problem)}
    if isinstance(problem, HTTPException) and problem.status_code < 500:
        code = CODES.get(problem.status_code, "refused")
        return problem.status_code, {"code": code, "message": problem.detail}
    return 500, {"code": "fault", "message": "the console failed; nothing was recorded by this request"}


def plain_page(request: Request[Any, Any, Any]) -> Page:
    """The page of a request whose own `at` or `known` cannot be read: the same without its query."""
    request.scope["query_string"] = b""
    return page_of(Request(request.scope))


def advised(page: Page, status: int) -> tuple[str, str]:
    """Title and advice of the error page."""
    _ = page.words.gettext
    if status == 404:
        return _("There is no such page"), _("Check the address, or start from Home.")
    if status == 405:
        return _("This page cannot be used that way"), _("Go back and use the buttons of the page.")
    if status == 403:
        return _("This is not allowed"), _("Nothing was recorded. What is said below names the reason.")
    if status == 409:
        return _("Somebody else was first"), _(
            "Nothing was recorded. Go back, read what changed and try again."
        )
    if status < 500:
        return _("This cannot be read"), _(
            "Nothing was recorded. What is said below names what was expected."
        )
    return _("The console failed"), _(
        "Nothing was recorded by this request. The record itself is not affected. Try again."
    )
