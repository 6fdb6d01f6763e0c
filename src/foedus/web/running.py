"""Which responses run, and which ended last, at the moment a page speaks of."""

from __future__ import annotations

from datetime import UTC, datetime

from foedus.response.state import Response
from foedus.web.page import Page

_FAR = datetime.max.replace(tzinfo=UTC)


def running(page: Page, most: int = 20) -> list[Response]:
    """Responses open at the page's moment, the earliest deadline first."""
    if page.past:
        found = [r for r in _newest_first(page) if _open_then(page, r)][: most * 4]
        seen = [page.see(response) for response in found]
    else:
        ids = list(page.state.response.open)
        seen = [page.state.response.responses[id_] for id_ in ids]
    return sorted((response for response in seen if response), key=next_due)[:most]


def _newest_first(page: Page) -> list[Response]:
    responses = page.state.response.responses
    return [responses[f"R-{number}"] for number in range(len(responses), 0, -1)]


def _open_then(page: Page, response: Response) -> bool:
    opened = response.place.seen(page.at, page.known)
    return opened and not (response.closed and response.closed.place.seen(page.at, page.known))


def next_due(response: Response) -> tuple[datetime, str]:
    """The next deadline of a response that still runs; far away when none does."""
    due = min((clock.due for clock in response.clocks if clock.running), default=_FAR)
    return due, response.id


def newest(page: Page, count: int) -> list[Response]:
    """The newest responses as seen at the page's moment, newest first."""
    found: list[Response] = []
    for response in _newest_first(page):
        if response.place.seen(page.at, page.known):
            seen = page.see(response)
            assert seen is not None, "its place was seen"
            found.append(seen)
        if len(found) == count:
            break
    return found
