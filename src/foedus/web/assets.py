"""Static files, held in memory by their names: nothing outside the package's folder can be asked for."""

from __future__ import annotations

from functools import lru_cache
from mimetypes import guess_type
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from foedus.web.console import STATIC
from foedus.web.unanswered import NotHere

TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@lru_cache(maxsize=1)
def files() -> dict[str, bytes]:
    """Every static file by its path under static/."""
    return {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in STATIC.rglob("*") if path.is_file()}


@get("/static/{name:path}", include_in_schema=False, sync_to_thread=False)
def static(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """A file of the console. With the digest of its content in the address it may be kept for ever."""
    name = name.lstrip("/")
    if name not in files():
        raise NotHere("no such file")
    suffix = name[name.rfind(".") :]
    kind = TYPES.get(suffix) or guess_type(name)[0] or "application/octet-stream"
    cached = "public, max-age=31536000, immutable" if request.query_params.get("v") else "no-cache"
    return Response(files()[name], media_type=kind, headers={"cache-control": cached})
