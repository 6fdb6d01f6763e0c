"""Who may read, and how often: decided before any page or answer is made. Deny by default.

An exercise is open to everybody. A live record is read with a token that names the reader's party, except on
the machine itself (loopback) while no token was made. Acts and cosignatures need no token: their signatures are
the authority. A reader is refused in the same words whatever was wrong, so that nobody learns which tokens exist.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import math
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from msgspec import Struct

from foedus.web import tokens
from foedus.web.console import Console
from foedus.web.limits import FAILING, READING, SUBMITTING, Buckets
from foedus.web.page import COOKIE
from foedus.web.unanswered import Unanswered

ACT_PATHS = frozenset({"/api/acts", "/api/acts/batch", "/api/waiting", "/api/cosignatures"})
# What says nothing of the record: the console's own files, that it lives, and how it is asked.
OPEN_PATHS = frozenset({"/api/healthz", "/api/openapi.json"})
ENTRANCE = "/enter/"
ASK = {"WWW-Authenticate": 'Basic realm="Foedus", charset="UTF-8"'}


class Reader(Struct, frozen=True):
    """Who reads. `token`: its name, None where none is needed. `party`: whose reader, None for an onlooker.

    `anybody`: in an exercise, where a reader may take the seat of any party.
    """

    token: str | None = None
    party: str | None = None
    anybody: bool = False


class Access:
    """The limits of one console, kept by the application."""

    def __init__(
        self,
        reading: Buckets | None = None,
        submitting: Buckets | None = None,
        failing: Buckets | None = None,
    ) -> None:
        self.reading = reading or Buckets(READING)
        self.submitting = submitting or Buckets(SUBMITTING)
        self.failing = failing or Buckets(FAILING)


def access_of(request: Request[Any, Any, Any]) -> Access:
    """The limits of the application that the request came to."""
    state = request.app.state
    if "access" not in state:
        state["access"] = Access()
    access: Access = state["access"]
    return access


def check_access(request: Request[Any, Any, Any]) -> None:
    """Let the request through, or raise 401 (no token) or 429 (too often)."""
    path = request.url.path
    if path.startswith("/static/"):
        return
    access, address = access_of(request), address_of(request)
    if request.method == "POST" and path in ACT_PATHS:
        _limited(access.submitting, address)
        return
    if path in OPEN_PATHS or path.startswith(ENTRANCE):
        _limited(access.reading, address)
        return
    reader = reader_of(request)
    _limited(access.reading, f"token {reader.token}" if reader.token else address)


def reader_of(request: Request[Any, Any, Any]) -> Reader:
    """Who reads. Raises 401 in the one form, or 429 after too many wrong tokens."""
    console: Console = request.app.state.console
    record = console.depositary.state.parties.record
    acting = console.acting
    if acting is not None and acting.secret is not None:
        # A desk: other programs and other users of this machine reach its address too, and may do nothing there.
        if not hmac.compare_digest(request.cookies.get(desk_cookie(console), ""), acting.secret):
            raise not_let_in()
        return Reader(party=_seat_party(request, console))
    if record is None or record.exercise:
        return Reader(party=_seat_party(request, console), anybody=True)
    known = tokens.tokens(console.depositary.store)
    if not known and asked_on_loopback(request):
        return Reader()
    access, address = access_of(request), address_of(request)
    if access.failing.empty(address):
        _limited(access.failing, address)
    secret = presented(request)
    token = tokens.matching(known, secret) if secret else None
    if token is not None:
        return Reader(token.name, token.party)
    if secret:
        access.failing.wait(address)
    raise Unanswered(
        "a read token is needed here: send `Authorization: Bearer TOKEN`, or TOKEN as the password",
        status=401,
        headers=ASK,
    )


def not_let_in() -> Unanswered:
    """The answer of a desk to whoever has not its way in (401)."""
    return Unanswered(
        "this desk lets in only who opened it: use the address that `foedus desk` showed when it started", status=401
    )


def presented(request: Request[Any, Any, Any]) -> str:
    """The token in the request: a bearer token, an API key as clients of yente send it, or the password of basic
    authentication; empty for none.
    """
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() in ("bearer", "apikey"):
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def asked_on_loopback(request: Request[Any, Any, Any]) -> bool:
    """Whether the console is for this machine alone: its address is a loopback name, and so was the way here.

    The address the socket was reached at decides, not the `Host` that the reader wrote.
    """
    console: Console = request.app.state.console
    server = request.scope.get("server")
    reached = server[0] if server else ""
    return is_loopback(urlsplit(console.base_url).hostname or "") and is_loopback(reached)


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address_of(request: Request[Any, Any, Any]) -> str:
    """Where the request came from, as the key of its bucket."""
    return request.client.host if request.client else "nowhere"


def _seat_party(request: Request[Any, Any, Any], console: Console) -> str | None:
    """The party of the seat for which the reader acts: at a desk its own, in an exercise whichever they took."""
    _, _, chosen = request.cookies.get(COOKIE, "").partition(":")
    acting = console.acting
    known = console.depositary.state.parties.seats.get(acting.seat(chosen)) if acting is not None else None
    return known.party if known else None


def desk_cookie(console: Console) -> str:
    """The name of the cookie with which a desk lets its officer in: another for each port, which browsers mix up."""
    return f"foedus-desk-{urlsplit(console.base_url).port or 80}"


def _limited(buckets: Buckets, key: str) -> None:
    wait = buckets.wait(key)
    if wait > 0:
        seconds = math.ceil(wait)
        raise Unanswered(
            "more requests than this console answers: wait {seconds} s",
            status=429,
            headers={"Retry-After": str(seconds)},
            seconds=seconds,
        )
