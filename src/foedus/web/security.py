"""What every answer carries and every request must show: strict headers, our own host name, our own origin.

There are no sessions to steal; what is kept out is another site speaking through the reader's browser.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from foedus.web.access import check_access
from foedus.web.unanswered import Unanswered

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def add_headers(message: Message, scope: Scope) -> None:
    """Litestar `before_send`: the headers of every answer, errors too."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if not scope.get("path", "").startswith("/static/"):
            headers.setdefault("cache-control", "no-store")


async def check_request(request: Request[Any, Any, Any]) -> None:
    """Litestar `before_request`. Raises 421 for a host that is not ours, 403 for another site's form, and
    what `access` refuses.

    A browser says where a request comes from (Sec-Fetch-Site, or Origin in older ones); one that says neither
    may only read. Requests with an Authorization header carry no cookie's authority and are let through.
    """
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    if host not in request.app.state.console.hosts:
        raise Unanswered("this console does not answer for {host!r}", status=421, host=host[:60])
    check_access(request)
    if request.method in SAFE or is_api(request.url.path):
        return
    if not from_here(request):
        raise Unanswered("the form was sent by another site", status=403)


def is_api(path: str) -> bool:
    """Acts sent to the API are signed, and no cookie counts there."""
    return path == "/api" or path.startswith("/api/")


def from_here(request: Request[Any, Any, Any]) -> bool:
    """Whether the browser says that our own page sent the request."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")
