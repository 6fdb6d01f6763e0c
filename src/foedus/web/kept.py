"""Answers given again within the second in which they were made: many readers have the same page open.

An answer follows from the state, the drafts, the second and what was asked; it is kept under exactly these, and all are
forgotten when one of the first three is another. A page that is made of anything else must not be kept here; what
witnesses cosigned, which they do once a second at most, is the one thing that may be a second late.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from litestar import Response

from foedus.web.page import Page

Asked = tuple[str | None, ...]
HEADERS = ("accept", "accept-language", "authorization", "cookie")
MOST = 100


class Answers:
    """The answers of one console to what was asked of one state in one second."""

    def __init__(self) -> None:
        self._made_of: tuple[object, ...] = ()
        self._kept: dict[Asked, Response[Any]] = {}

    def about(self, page: Page) -> dict[Asked, Response[Any]]:
        """What was answered about the state, the drafts and the second of this page."""
        made_of = (page.state, page.console.drafts.standing, page.clock_now)
        same = len(self._made_of) == len(made_of) and self._made_of[2] == made_of[2]
        if not (same and self._made_of[0] is made_of[0] and self._made_of[1] is made_of[1]):
            self._made_of, self._kept = made_of, {}
        return self._kept


def kept(handler: Callable[..., Response[Any]]) -> Callable[..., Response[Any]]:
    """A handler of a page that answers the same question within the same second with the same answer."""

    @wraps(handler)
    def answered(*, page: Page, **asked_for: Any) -> Response[Any]:
        if page.console.acting is not None and not page.console.acting.chooses:
            return handler(page=page, **asked_for)  # a desk's pages also say how it stands to its server
        asked = (str(page.request.url), *(page.request.headers.get(name) for name in HEADERS))
        held: Answers = page.request.app.state.answers
        answers = held.about(page)
        answer = answers.get(asked)
        if answer is None:
            answer = handler(page=page, **asked_for)
            if len(answers) < MOST:
                answers[asked] = answer
        return answer

    return answered
