"""The API's part about the whole: checkpoints, consistency, tiles, and the compact under which the record is kept.

Served as C2SP publishes a log, byte for byte.
"""

from __future__ import annotations

from asyncio import to_thread

from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from foedus.compact.model import canonical
from foedus.compact.schema import schema
from foedus.errors import Malformed
from foedus.record.cosigned import note_of
from foedus.record.keys import encode_base64
from foedus.record.merkle import TILE_WIDTH
from foedus.record.note import format_vkey
from foedus.record.tiles import encode_bundle, encode_tile, parse_tile_path, tile_width
from foedus.web import api_checkpoints, api_types, asked, examples, views
from foedus.web.api_record import answer
from foedus.web.events import Stream
from foedus.web.openapi import AT, KNOWN, Param, says
from foedus.web.page import Page
from foedus.web.reading import checkpoint, log_key, reader
from foedus.web.unanswered import NotHere

_NUMBER = {"type": "integer", "minimum": 0, "maximum": 10**15}
_OF = {"type": "string", "enum": ["compact", "agreement"]}
_DIGEST = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
BYTES, TEXT = "application/octet-stream", "text/plain"
WAIT_SECONDS = 20.0  # how long whoever follows may wait for news
TIME_HEADER = "foedus-time"
KEPT = {"cache-control": "public, max-age=31536000, immutable"}


# --- the tree ---------------------------------------------------------------------------------------------------


@get(
    "/api/checkpoint",
    opt=says(
        "The newest signed checkpoint",
        "record",
        answer=api_checkpoints.CheckpointView,
        errors=(404,),
        example=examples.CHECKPOINT,
    ),
    sync_to_thread=True,
)
def checkpoint_view(page: NamedDependency[Page]) -> Response[bytes]:
    """Size and root, and the note that signs them."""
    note, stated = checkpoint(page)
    key = format_vkey(log_key(page))
    root, settled = encode_base64(stated.root), views.settled(page)
    return answer(api_checkpoints.CheckpointView(stated.origin, stated.size, root, note.decode(), key, settled))


@get(
    "/api/consistency",
    opt=says(
        "That a larger record only added to a smaller one",
        "record",
        answer=api_types.Consistency,
        params=(
            Param("old", "Entries of the smaller", _NUMBER, 1),
            Param("new", "Entries of the larger; all by default", _NUMBER, 2),
        ),
        errors=(400,),
    ),
    sync_to_thread=True,
)
def consistency(page: NamedDependency[Page]) -> Response[bytes]:
    """RFC 6962 section 2.1.2."""
    record, size = page.depositary.record, page.state.size
    new = asked.number(page, "new", size, 0, size)
    old = asked.number(page, "old", 0, 0, new)
    hashes = tuple(encode_base64(value) for value in record.consistency(old, new))
    roots = encode_base64(record.root(old)), encode_base64(record.root(new))
    return answer(api_types.Consistency(old, new, *roots, hashes))


@get("/checkpoint", include_in_schema=False)
async def checkpoint_file(page: NamedDependency[Page]) -> Response[bytes]:
    """The newest checkpoint as c2sp.org/tlog-tiles publishes it; `newer_than=SIZE` waits a while for a larger one.

    The header `Foedus-Time` tells the record's time, so that who follows can tell when its own clock is wrong.
    """
    newer_than = asked.optional_number(page, "newer_than")
    if newer_than is not None and newer_than >= page.state.size:
        live: Stream = page.request.app.state.live
        await live.news(newer_than, WAIT_SECONDS)
    note = await to_thread(lambda: checkpoint(page)[0])
    return Response(note, media_type=TEXT, headers={TIME_HEADER: page.console.now().isoformat()})


@get("/settled", include_in_schema=False, sync_to_thread=True)
def settled_file(page: NamedDependency[Page]) -> Response[bytes]:
    """The largest checkpoint that witnesses settled, with their cosignatures: what a copy can be continued from."""
    size = page.console.settling.settled()
    note = note_of(page.depositary.store, size) if size else None
    if note is None:
        raise NotHere("no checkpoint of this record is settled")
    return Response(note, media_type=TEXT)


@get("/tile/{path:path}", include_in_schema=False, sync_to_thread=True)
def tile_file(page: NamedDependency[Page], path: FromPath[str]) -> Response[bytes]:
    """A tile or a bundle of entries (c2sp.org/tlog-tiles). Raises 404 for one that does not exist (yet).

    `skip=N` leaves the first entries of a bundle out: who follows has them.
    """
    try:
        tile = parse_tile_path("tile" + path)
    except Malformed as problem:
        raise NotHere("{problem}", problem=problem) from None
    if tile.width > tile_width(page.state.size, tile.level, tile.n):
        raise NotHere("the record has no {tile} yet: {size} entries", tile=tile.path(), size=page.state.size)
    start = tile.n * TILE_WIDTH
    store = page.depositary.store
    if tile.level is None:
        skip = asked.number(page, "skip", 0, 0, tile.width - 1)
        data = encode_bundle(list(store.entries(start + skip, start + tile.width)))
    elif tile.level == 0:
        data = encode_tile(store.leaves(start, start + tile.width))
    else:
        data = encode_tile(store.nodes(tile.level, start, tile.width))
    # What is read with a token is not for a cache on the way, which would give it to whoever has none.
    kept = KEPT if tile.width == TILE_WIDTH and reader(page).token is None else {}
    return Response(data, media_type=BYTES, headers=kept)


# --- the compact --------------------------------------------------------------------------------------------


@get(
    "/api/compact",
    opt=says(
        "The compact: its canonical bytes, whose SHA-256 is its digest",
        "compact",
        schema={"type": "object"},
        errors=(400, 404),
        params=(AT, KNOWN, Param("digest", "Another compact under which this record was kept", _DIGEST)),
    ),
    sync_to_thread=True,
)
def compact(page: NamedDependency[Page]) -> Response[bytes]:
    """The one in force, or in force at `at`, or that of `digest`."""
    seen = [one.value for one in page.state.parties.compacts if one.place.seen(page.at, page.known)]
    digest = page.query.get("digest") or (seen[-1] if seen else "")
    if digest not in [one.value for one in page.state.parties.compacts]:
        raise NotHere("this record was never kept under the compact {digest!r}", digest=digest[:64])
    data = canonical(page.depositary.compact_by_digest(digest).compact)
    return Response(data, media_type=MediaType.JSON, headers={"etag": f'"{digest}"'})


@get(
    "/api/compact/schema",
    opt=says(
        "JSON Schema of compact files, for editors",
        "compact",
        schema={"type": "object"},
        errors=(400,),
        params=(Param("of", "Of the whole, or of one instrument beside it", _OF, "compact"),),
    ),
    sync_to_thread=True,
)
def compact_schema(page: NamedDependency[Page]) -> Response[bytes]:
    """JSON Schema 2020-12."""
    of = asked.choice(page, "of", ("compact", "agreement"))
    return answer(schema("agreement" if of == "agreement" else "compact"))


@get(
    "/api/exercise",
    opt=says(
        "What an exercise says of itself: what in it is historical, what invented, how lots were drawn",
        "record",
        schema={"type": "object"},
        errors=(404,),
    ),
    sync_to_thread=True,
)
def exercise(page: NamedDependency[Page]) -> Response[bytes]:
    """Words about it, of which no rule knows."""
    note = page.exercise_note
    if note is None:
        raise NotHere("this record is no exercise that says anything of itself")
    return answer(note)


handlers: list[HTTPRouteHandler] = [checkpoint_view, consistency, compact, compact_schema, exercise]
# What c2sp.org/tlog-tiles publishes, under its own addresses: no part of the API, and described there.
published: list[HTTPRouteHandler] = [checkpoint_file, settled_file, tile_file]
