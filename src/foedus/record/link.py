"""The text by which paper names an act: record, id and SHA-256 of the exact bytes signed (docs/record.md).

It is made to be read off a QR code and compared. It opens nothing, names no server, and proves nothing by itself.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from foedus.errors import Malformed

SCHEME = "foedus:"
_LINK = re.compile(rf"{SCHEME}(?P<origin>[^#]+)/act/(?P<id>[0-9a-f]{{32}})#sha256=(?P<sha256>[0-9a-f]{{64}})").fullmatch


class ActLink(NamedTuple):
    """An act by the record it is for, its id, and the digest of its statement's bytes; the last two lower-case hex."""

    origin: str
    id: str
    sha256: str


def format_link(link: ActLink) -> str:
    """The link as text: a URI of RFC 3986, whatever the origin is called."""
    return f"{SCHEME}{quote(link.origin, safe='/~')}/act/{link.id}#sha256={link.sha256}"


def parse_link(text: str) -> ActLink:
    """The act that a link names. Raises Malformed for anything but its one spelling."""
    found = _LINK(text)
    link = ActLink(unquote(found["origin"]), found["id"], found["sha256"]) if found else None
    if link is None or format_link(link) != text:
        raise Malformed(
            "link {text!r}: expected foedus:ORIGIN/act/ID#sha256=DIGEST, as a note verbale carries", text=text[:120]
        )
    return link
