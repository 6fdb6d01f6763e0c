"""Every failure in one shape: a page for people, the same fields as JSON, and nothing of the inside in
either.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from foedus.errors import Conflict, FoedusError, Malformed, Refused, Tampered
from foedus.web.access import reader_of
from foedus.web.api_types import Problem
from foedus.web.fields import large
from foedus.web.frame import environment, html, page_of, wanted
from foedus.web.page import Page, language_of
from foedus.web.security import is_api
from foedus.web.unanswered import NotYet, Unanswered
from foedus.words import Words, mark, translator
from foedus.words.failures import found_in, say_because, say_error

log = logging.getLogger("foedus.web")
STATUS: dict[type[FoedusError], int] = {Malformed: 400, Refused: 403, Conflict: 409, Tampered: 500}
CODES = {400: "malformed", 401: "unauthorised", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
         413: "too_large", 414: "too_large", 421: "wrong_host", 429: "too_many", 503: "not_ready"}  # fmt: skip
REMEDIES = {
    "refused": mark("Read the clause named; what a seat may do now is shown on its page of the console."),
    "malformed": mark("Mend what is named, and send it again."),
    "conflict": mark("Try again in a moment; first look whether the record has the act by now."),
    "waits": mark("There is nothing more to do: look for it in the record after that time."),
    "tampered": mark("Stop, keep what you hold, and compare with another copy of the record."),
    "unauthorised": mark(
        "Use the address that lets you in, or ask whoever runs this console for a read token of your party."
    ),
    "forbidden": mark("Use the console's own forms; acts from elsewhere are sent signed to /api/acts."),
    "not_found": mark("Check the address; /api/openapi.json lists those of the API."),
    "method_not_allowed": mark("Use the method that /api/openapi.json names for this address."),
    "too_large": mark("Send less at once; large evidence goes in several attachments."),
    "wrong_host": mark("Use the address under which this console was set up."),
    "too_many": mark("Wait as long as the header Retry-After says."),
    "being_made": mark("Ask again after as many seconds as the header Retry-After says; a page does so by itself."),
    "not_ready": mark("Try again when /catalog calls every list current; what failed is named there."),
    "fault": mark("Try again; if it fails again, tell whoever runs this console. The record is not affected."),
}
# What the library that reads requests says of an address in its own English.
THEIRS = {
    404: mark("there is nothing at this address"),
    405: mark("this address is not used that way"),
    413: mark("more was sent than is read at once"),
}


def failure(request: Request[Any, Any, Any], problem: Exception) -> Response[Any]:
    """The answer to a request that failed. A fault of our own is logged with its trace and shown without."""
    words = words_for(request)
    status, error = described(problem, words)
    if status == 500:
        log.error("%s %s failed", request.method, request.url.path, exc_info=problem)
    headers = {"Vary": "Accept, Accept-Language, Cookie"}
    if isinstance(problem, HTTPException):
        headers |= problem.headers or {}
    bare = Response(msgspec.json.encode(error), status_code=status, media_type=MediaType.JSON, headers=headers)
    if is_api(request.url.path):
        return bare
    if not may_see_the_frame(request, status):
        asked_by_a_browser = "text/html" in request.headers.get("accept", "")
        return outside(status, error, words, headers) if asked_by_a_browser else bare
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
    said = large(say_because(words, problem, page.clauses)) if isinstance(problem, Refused) else error.because
    values = {"title": title, "active": "", "advice": advice, "error": error, "said": said, "status": status}
    text = html(page, "error.html", values)
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=headers)


def outside(status: int, error: Problem, words: Words, headers: dict[str, str]) -> Response[Any]:
    """The same answer for people: a page without the frame, which says nothing of the record."""
    _ = words.gettext
    titles = {401: _("You are not let in"), 421: _("Not at this address"), 429: _("Too much was asked at once")}
    values = {"words": words, "title": titles.get(status, _("This is not answered")), "status": status, "error": error}
    text = environment().get_template("bare.html").render(_=_, said=large(error.because), **values)
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


def described(problem: Exception, words: Words) -> tuple[int, Problem]:
    """Status and the one error shape, in the words of a language; its codes and `found` are the same in each."""
    because = said_of(problem, words)
    if isinstance(problem, FoedusError):
        clause = problem.clause if isinstance(problem, Refused) else None
        expected = problem.found.get("expected")
        return _status(problem), Problem(
            problem.code,
            because,
            words.gettext(REMEDIES[problem.code]),
            clause,
            None if expected is None else str(expected),
            found_in(problem) or None,
        )
    if isinstance(problem, Unanswered) or (isinstance(problem, HTTPException) and problem.status_code < 500):
        code = "being_made" if isinstance(problem, NotYet) else CODES.get(problem.status_code, "malformed")
        allowed = (problem.headers or {}).get("allow")
        found = found_in(problem) if isinstance(problem, Unanswered) else {}
        remedy = words.gettext(REMEDIES[code])
        return problem.status_code, Problem(code, because, remedy, expected=allowed, found=found or None)
    return 500, Problem("fault", because, words.gettext(REMEDIES["fault"]))


def said_of(problem: Exception, words: Words) -> str:
    """What was found, without the clause of a refusal; nothing of the inside."""
    if isinstance(problem, Refused | Unanswered):
        return say_because(words, problem)
    if isinstance(problem, FoedusError):
        return say_error(words, problem)
    if isinstance(problem, HTTPException) and problem.status_code < 500:
        known = THEIRS.get(problem.status_code)
        return words.gettext(known) if known else problem.detail
    return words.gettext("the console failed; nothing was recorded by this request")


def _status(problem: FoedusError) -> int:
    return next(status for kind, status in STATUS.items() if isinstance(problem, kind))


def words_for(request: Request[Any, Any, Any]) -> Words:
    """The words of the reader's language, also where the request is none that a page could be made for."""
    asked = {name: values[-1] for name, values in parse_qs(request.url.query).items()}
    return translator(language_of(request, asked))


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
    if status == 413:
        return _("This is too large"), _("Nothing was recorded. Send less at once, or a smaller file.")
    if status < 500:
        return _("This cannot be read"), _("Nothing was recorded. What is said below names what was expected.")
    if status == 503:
        return _("This is not ready yet"), _(
            "Nothing was recorded. The page asks again by itself, if it can be waited for."
        )
    return _("The console failed"), _(
        "Nothing was recorded by this request. The record itself is not affected. Try again."
    )
