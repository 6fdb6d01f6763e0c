"""Parameters of an address and bodies, each read in one way: what was found and what was expected, or the value."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from foedus.errors import Malformed
from foedus.web.page import Page

T = TypeVar("T")
MOST = 10**15
_is_number = re.compile(r"0|[1-9][0-9]{0,15}").fullmatch
_is_code = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,95}").fullmatch


def plainly(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of the API: a parameter has a value, and one. Forms of pages may leave theirs empty. Raises Malformed."""
    given = parse_qsl(connection.url.query, keep_blank_values=True)
    empty = [name for name, value in given if not value]
    if empty:
        raise Malformed("`{name}` is there without a value; leave it out instead", name=empty[0][:40])
    twice = [name for name, times in Counter(name for name, _ in given).items() if times > 1]
    if twice:
        raise Malformed("`{name}` is there more than once; one was expected", name=twice[0][:40])


def number(page: Page, name: str, default: int, least: int = 0, most: int = MOST) -> int:
    """A whole number of the query. Raises Malformed."""
    text = page.query.get(name)
    if text is None or text == "":
        return default
    value = int(text) if _is_number(text) else -1
    if not least <= value <= most:
        raise Malformed(
            "`{name}` is a whole number from {least} to {most}; found {text!r}",
            name=name,
            least=least,
            most=most,
            text=text[:40],
        )
    return value


def optional_number(page: Page, name: str, most: int = MOST) -> int | None:
    """A whole number of the query, None when it is not there. Raises Malformed."""
    value = number(page, name, -1, 0, most)
    return None if value < 0 else value


def code(page: Page, name: str) -> str | None:
    """A code of the query, such as a party's; None when it is not there. Raises Malformed."""
    text = page.query.get(name)
    if not text:
        return None
    if not _is_code(text):
        raise Malformed("`{name}` is a code such as POL or TakePosition; found {text!r}", name=name, text=text[:40])
    return text


def choice(page: Page, name: str, choices: tuple[str, ...]) -> str | None:
    """One of a few words of the query; None when it is not there. Raises Malformed."""
    text = page.query.get(name)
    if not text:
        return None
    if text not in choices:
        raise Malformed(
            "`{name}` is one of {expected}; found {text!r}", name=name, expected=", ".join(choices), text=text[:40]
        )
    return text


def decoded(body: bytes, kind: type[T]) -> T:
    """The body as a type. Raises Malformed with the path of what is wrong."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed("the body of the request cannot be read: {problem}", problem=problem) from None
