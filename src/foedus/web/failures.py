"""Every failure in one shape: a page for people, the same fields as JSON, and nothing of the inside in
either.
"""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from foedus.errors import Conflict, FoedusError, Malformed, Refused, Tampered
from foedus.web.access import reader_of
from foedus.web.api_types import Problem
from foedus.web.frame import html, page_of, wanted
from foedus.web.page import Page
from foedus.web.security import is_api
from foedus.words.sentences import say_refusal

log = logging.getLogger("foedus.web")
STATUS: dict[type[FoedusError], int] = {Malformed: 400, Refused: 403, Conflict: 409, Tampered: 500}
CODES = {400: "malformed", 401: "unauthorised", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
         413: "too_large", 421: "wrong_host", 429: "too_many"}  # fmt: skip
REMEDIES = {
    "refused": "Read the clause named; what a seat may do now is shown on its page of the console.",
    "malformed": "Mend what is named, and send it again.",
    "conflict": "Try again in a moment; first look whether the record has the act by now.",
    "tampered": "Stop, keep what you hold, and compare with another copy of the record.",
    "unauthorised": "Ask whoever runs this console for a read token of your party.",
    "forbidden": "Use the console's own forms; acts from elsewhere are sent signed to /api/acts.",
    "not_found": "Check the address; /api/openapi.json lists those of the API.",
    "method_not_allowed": "Use the method that /api/openapi.json names for this address.",
    "too_large": "Send less at once; large evidence goes in several attachments.",
    "wrong_host": "Use the address under which this console was set up.",
    "too_many": "Wait as long as the header Retry-After says.",
    "fault": "Try again; if it fails again, tell whoever runs this console. The record is not affected.",
}


def failure(request: Request[Any, Any, Any], problem: Exception) -> Response[Any]:
    """The answer to a request that failed. A fault of our own is logged with its trace and shown without."""
    status, error = described(problem)
    if status == 500:
        log.error("%s %s failed", request.method, request.url.path, exc_info=problem)
    headers = dict(problem.headers or {}) if isinstance(problem, HTTPException) else {}
    bare = Response(msgspec.json.encode(error), status_code=status, media_type=MediaType.JSON, headers=headers)
    if is_api(request.url.path) or not may_see_the_frame(request, status):
        return bare
    try:
        page = page_of(request)
        if wanted(page) != "html":
            return bare
    except Malformed:
        page = plain_page(request)
    except Exception:
        log.exception("the error page itself failed")
        return bare
    title, advice = advised(page, status)
    said = say_refusal(page.words, page.clauses, problem) if isinstance(problem, Refused) else error.because
    values = {"title": title, "active": "", "advice": advice, "error": error, "said": said, "status": status}
    text = html(page, "error.html", values)
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=headers)


def may_see_the_frame(request: Request[Any, Any, Any], status: int) -> bool:
    """Whether the reader may see a page of this console at all: its frame says how large the record is."""
    if status in (401, 421, 429):
        return False
    try:
        reader_of(request)
    except Exception:  # noqa: BLE001 - the answer is a failure already; anything wrong here only makes it plainer
        return False
    return True


def described(problem: Exception) -> tuple[int, Problem]:
    """Status and the one error shape."""
    if isinstance(problem, Refused):
        expected = problem.found.get("expected")
        found = str(expected) if expected is not None else None
        remedy = REMEDIES[problem.code]
        return STATUS[Refused], Problem(problem.code, problem.because, remedy, problem.clause, found)
    if isinstance(problem, FoedusError):
        return STATUS[type(problem)], Problem(problem.code, str(problem), REMEDIES[problem.code])
    if isinstance(problem, HTTPException) and problem.status_code < 500:
        code = CODES.get(problem.status_code, "malformed")
        allowed = (problem.headers or {}).get("allow")
        return problem.status_code, Problem(code, problem.detail, REMEDIES[code], expected=allowed)
    because = "the console failed; nothing was recorded by this request"
    return 500, Problem("fault", because, REMEDIES["fault"])


def plain_page(request: Request[Any, Any, Any]) -> Page:
    """The page of a request whose own `at` or `known` cannot be read: the same without its query."""
    return Page(request.app.state.console, request, "")


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
        return _("Somebody else was first"), _("Nothing was recorded. Go back, read what changed and try again.")
    if status < 500:
        return _("This cannot be read"), _("Nothing was recorded. What is said below names what was expected.")
    return _("The console failed"), _(
        "Nothing was recorded by this request. The record itself is not affected. Try again."
    )
