"""Answers and failures of these addresses: JSON, a failure with `detail` beside what every failure of ours says."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from foedus.web.failures import described, log, words_for


def answer(said: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """The answer as JSON."""
    data = msgspec.json.encode(said)
    return Response(data, status_code=status, media_type=MediaType.JSON, headers=dict(headers or {}))


def unchanged_or(request: Request[Any, Any, Any], said: object) -> Response[bytes]:
    """The answer with a strong ETag, or 304 where the asker has it already."""
    data = msgspec.json.encode(said)
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers={"etag": tag})
    return Response(data, media_type=MediaType.JSON, headers={"etag": tag})


def failure(request: Request[Any, Any, Any], problem: Exception) -> Response[bytes]:
    """A failure as their clients read it (`detail`), with the members of every failure of ours."""
    status, error = described(problem, words_for(request))
    if status == 500:
        log.error("%s %s failed", request.method, request.url.path, exc_info=problem)
    headers = problem.headers if isinstance(problem, HTTPException) else None
    return answer({"detail": error.because, **msgspec.to_builtins(error)}, status, headers)
