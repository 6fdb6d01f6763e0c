"""Which responses run, and which ended last, at the moment a page speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from foedus.response.state import Clock, Response
from foedus.web.page import Page

_FAR = datetime.max.replace(tzinfo=UTC)


def running(page: Page, most: int) -> tuple[list[Response], int]:
    """Responses open at the page's moment, earliest deadline first: as many as are shown, and how many there are."""
    responses = page.state.response.responses
    if page.past:
        found = [response for response in responses.values() if _open_then(page, response)]
    else:
        found = [responses[id_] for id_ in page.state.response.open]
    found.sort(key=lambda response: next_due(page, response))
    seen = [page.see(response) for response in found[:most]]
    return [response for response in seen if response is not None], len(found)


def _newest_first(page: Page) -> Iterator[Response]:
    responses = page.state.response.responses
    return (responses[f"R-{number}"] for number in range(len(responses), 0, -1))


def _open_then(page: Page, response: Response) -> bool:
    opened = response.place.seen(page.at, page.known)
    return opened and not (response.closed and response.closed.place.seen(page.at, page.known))


def next_due(page: Page, response: Response) -> tuple[datetime, str]:
    """The next deadline of a response at the page's moment, read without making the whole response past."""
    return min((_due(page, clock) for clock in response.clocks if _runs(page, clock)), default=_FAR), response.id


def _runs(page: Page, clock: Clock) -> bool:
    if not clock.place.seen(page.at, page.known):
        return False
    return not any(end is not None and end.seen(page.at, page.known) for end in (clock.met, clock.lapsed))


def _due(page: Page, clock: Clock) -> datetime:
    known = [extension.value for extension in clock.extensions if extension.place.seen(page.at, page.known)]
    return known[-1] if known else clock.due_at


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
