"""/catalog, /algorithms, /updatez, /healthz, /readyz: which lists are searched in which version, told as it is now."""

from __future__ import annotations

import inspect
from typing import Any

from litestar import Request, Response, get, post

from foedus.screening import THRESHOLD
from foedus.screening.score import FEATURES
from foedus.searched import Searched, Standing
from foedus.web.failures import words_for
from foedus.web.unanswered import Unanswered
from foedus.web.yente.answering import answer, unchanged_or
from foedus.web.yente.asked import Asked
from foedus.web.yente.described import ALGORITHMS, CATALOG, STATUS, SYNC, screens
from foedus.web.yente.matching import ALGORITHM
from foedus.words import Words
from foedus.words.failures import say_error

_ABOUT = "Words of names paired by likeness, then features of names and records one after another: docs/screening.md"


@get("/catalog", opt=screens("Which lists are searched in which version", CATALOG), sync_to_thread=True)
def catalog(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The lists, what is offered of each and what is searched."""
    return unchanged_or(request, _catalog(Asked(request).searched, words_for(request)))


@get("/manifest", opt=screens("The same by its older name", CATALOG), sync_to_thread=True)
def manifest(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The same by its older name."""
    return unchanged_or(request, _catalog(Asked(request).searched, words_for(request)))


def _catalog(searched: Searched, words: Words) -> dict[str, Any]:
    standings = searched.standings()
    return {
        "datasets": [
            _all(standings),
            *(_dataset(one, words) for one in standings),
        ],
        "current": [one.list for one in standings if one.current],
        "outdated": [one.list for one in standings if not one.current],
        "index_stale": not all(one.current for one in standings),
        "indexing": searched.busy,
    }


def _all(standings: list[Standing]) -> dict[str, Any]:
    return {
        "name": "default", "title": "Every list", "load": True, "children": [one.list for one in standings],
        "index_current": all(one.current for one in standings),
    }  # fmt: skip


def _dataset(one: Standing, words: Words) -> dict[str, Any]:
    held = one.held
    return {
        "name": one.list,
        "title": one.list,
        "load": True,
        "version": one.offered,
        "index_version": one.searched,
        "index_current": one.current,
        "entity_count": held.used.records if held else 0,
        "last_export": held.used.as_of or None if held else None,
        "publisher": {"name": held.version.publisher, "official": True} if held else None,
        "digest": held.used.digest if held else None,
        "failed": say_error(words, one.failed) if one.failed else None,
        "children": [],
    }


@get("/algorithms", opt=screens("The algorithm and its features", ALGORITHMS), sync_to_thread=False)
def algorithms() -> Response[bytes]:
    """The one algorithm, and its features."""
    features = {
        one.code: {"description": inspect.cleandoc(one.says.__doc__ or ""), "part": one.part} for one in FEATURES
    }
    one = {
        "name": ALGORITHM, "description": _ABOUT, "features": features, "docs": features, "threshold": THRESHOLD,
    }  # fmt: skip
    return answer({"algorithms": [one], "default": ALGORITHM, "best": ALGORITHM})


@post("/updatez", status_code=200, opt=screens("Read what is new", STATUS, SYNC, also=(202,)), sync_to_thread=True)
def updatez(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Read what is new: `sync=true` answers when that is done, and 503 where a list is not current after it."""
    asked = Asked(request)
    if not asked.yes("sync"):
        return answer({"status": "ok"}, 202)
    behind = [one for one in asked.searched.keep_up() if not one.current]
    if behind:
        raise _not_ready(behind, words_for(request))
    return answer({"status": "ok"})


@get("/healthz", opt=screens("Whether the server answers", STATUS), sync_to_thread=False)
def healthz() -> Response[bytes]:
    """Whether the server answers."""
    return answer({"status": "ok"})


@get("/readyz", opt=screens("Whether every list is searched", STATUS), sync_to_thread=True)
def readyz(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Whether every list that is offered is searched, in this version or an earlier one."""
    asked = Asked(request)
    standings = asked.searched.standings()
    missing = [one for one in standings if one.held is None]
    if missing or not standings:
        raise _not_ready(missing, words_for(request))
    return answer({"status": "ok"})


def _not_ready(behind: list[Standing], words: Words) -> Unanswered:
    said = (f"{one.list} ({say_error(words, one.failed)})" if one.failed else one.list for one in behind)
    return Unanswered("not searched in the version that is offered: {lists}", status=503, lists="; ".join(said) or "-")
