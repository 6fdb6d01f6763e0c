"""The API's part about single entries: what was signed, what followed, its bytes, its proof, its attachments.

Bytes are served as they were recorded. An attachment is served to those whom its marking names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from foedus.acts import ACT_NAMES, SALT_BYTES
from foedus.web import api_types, asked
from foedus.web.entries import known_size
from foedus.web.index import index_of
from foedus.web.openapi import AT, COUNT, KNOWN, START, Param, says
from foedus.web.page import Page, with_query
from foedus.web.reading import Recorded, content, proof_of, recorded, several, with_entry

_NUMBER = {"type": "integer", "minimum": 0, "maximum": 10**15}
_NTH = Param("number", "The entry, numbered from 0", _NUMBER, 0, "path")
_CODE = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._/-]{0,95}$"}
_ACT = {"type": "string", "enum": list(ACT_NAMES)}
_DIGEST = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_BYTES = {"type": "string", "contentMediaType": "application/octet-stream"}
_WORDS = {"type": "string"}
BYTES, TEXT = "application/octet-stream", "text/plain"


def answer(data: object, status: int = 200) -> Response[bytes]:
    """An answer as JSON."""
    return Response(msgspec.json.encode(data), status_code=status, media_type=MediaType.JSON)


def part_of(page: Page, items: Sequence[Any], start: int, count: int, total: int) -> api_types.Listed[Any]:
    """Part of a list with the address of the next part."""
    more = start + len(items) < total and items
    query = {**page.query, "start": start + len(items), "count": count}
    following = with_query(page.request.url.path, query) if more else None
    return api_types.Listed(tuple(items), start, len(items), total, following)


# --- entries ------------------------------------------------------------------------------------------------


@get(
    "/api/entries",
    opt=says(
        "Entries, oldest first",
        "record",
        answer=api_types.Listed[api_types.EntryView],
        params=(
            AT,
            KNOWN,
            START,
            COUNT,
            Param("act", "Only acts of this kind", _ACT, "ReportIncident"),
            Param("party", "Only acts of this party", _CODE, "UKR"),
        ),
        errors=(400,),
    ),
    sync_to_thread=True,
)
def entries(page: NamedDependency[Page]) -> Response[bytes]:
    """`start` counts the entries that the filters leave."""
    start, count = asked.number(page, "start", 0), asked.number(page, "count", 50, 1, 100)
    act, party = asked.choice(page, "act", ACT_NAMES), asked.code(page, "party")
    size = known_size(page)
    if act is None and party is None:
        numbers: Sequence[int] = range(size)
    else:
        numbers = index_of(page.depositary).numbers(0, size, act, party)
    items = [view(found) for found in picked(page, numbers[start : start + count])]
    return answer(part_of(page, items, start, count, len(numbers)))


def picked(page: Page, numbers: Sequence[int]) -> list[Recorded]:
    """Entries by number; one read where they stand side by side."""
    if isinstance(numbers, range):
        return list(several(page, numbers.start, numbers.stop)) if numbers else []
    return [recorded(page, number) for number in numbers]


@get(
    "/api/entries/{number:int}",
    opt=says("One entry", "record", answer=api_types.EntryView, params=(_NTH, AT, KNOWN), errors=(400, 404)),
    sync_to_thread=True,
)
def entry(page: NamedDependency[Page], number: FromPath[int]) -> Response[bytes]:
    """What was signed, and what followed."""
    return answer(view(recorded(page, number)))


@get(
    "/api/entries/{number:int}/raw",
    opt=says(
        "The bytes of an entry, as they were hashed",
        "record",
        media=BYTES,
        schema=_BYTES,
        params=(_NTH,),
        errors=(400, 404),
    ),
    sync_to_thread=True,
)
def entry_raw(page: NamedDependency[Page], number: FromPath[int]) -> Response[bytes]:
    """SHA-256(0x00 || these bytes) is the leaf."""
    return Response(recorded(page, number).data, media_type=BYTES)


@get(
    "/api/entries/{number:int}/proof",
    opt=says(
        "The proof that an entry is in the record",
        "record",
        media="text/plain",
        schema=_WORDS,
        params=(_NTH,),
        errors=(400, 404),
    ),
    sync_to_thread=True,
)
def entry_proof(page: NamedDependency[Page], number: FromPath[int]) -> Response[bytes]:
    """A c2sp.org/tlog-proof@v1 that leads to the newest checkpoint."""
    data = recorded(page, number).data
    return Response(with_entry(proof_of(page, number), data), media_type=TEXT)


def view(found: Recorded) -> api_types.EntryView:
    """An entry as the API shows it."""
    said, entry = found.statement, found.entry
    return api_types.EntryView(
        found.number, entry.at, found.leaf.hex(), entry.compact, entry.rules, said.seat, found.party, found.act,
        said.id, tuple(item.keyid for item in entry.act.signatures), said, entry.events, entry.true_at,
    )  # fmt: skip


# --- attachments --------------------------------------------------------------------------------------------


@get(
    "/api/attachments/{digest:str}",
    opt=says(
        "An attachment's content",
        "record",
        media=BYTES,
        schema=_BYTES,
        params=(Param("digest", "SHA-256(salt || content), as the act names it", _DIGEST, "0" * 64, "path"),),
        errors=(400, 403, 404, 410),
    ),
    sync_to_thread=True,
)
def attachment(page: NamedDependency[Page], digest: FromPath[str]) -> Response[bytes]:
    """The content; the header `Foedus-Salt` (hex) has its salt, with which the digest can be computed."""
    data = content(page, digest)
    headers = {
        "foedus-salt": data[:SALT_BYTES].hex(),
        # Never shown in place: what a party attached is not ours to run in a reader's browser.
        "content-disposition": f'attachment; filename="{digest[:16]}.bin"',
    }
    return Response(data[SALT_BYTES:], media_type=BYTES, headers=headers)


handlers: list[HTTPRouteHandler] = [entries, entry, entry_raw, entry_proof, attachment]
