"""What a console does not answer, as a sentence that can be said in either language, with the status of HTTP.

For what is no failure of an act: an address that names nothing, a reader who may not see what is there.
"""

from __future__ import annotations

from collections.abc import Mapping

from litestar.exceptions import HTTPException


class Unanswered(HTTPException):
    """`sentence` and `found`: as of foedus.errors. `headers`: what the answer carries besides."""

    def __init__(
        self, sentence: str, /, *, status: int, headers: Mapping[str, str] | None = None, **found: object
    ) -> None:
        super().__init__(detail=sentence.format(**found), status_code=status, headers=dict(headers or {}))
        self.sentence = sentence
        self.found = found


class NotHere(Unanswered):
    """The address names nothing that there is, at this moment, for this reader (404)."""

    def __init__(self, sentence: str, /, **found: object) -> None:
        super().__init__(sentence, status=404, headers=None, **found)


class NotYet(Unanswered):
    """What is asked for is being made (503); a reader's browser asks again by itself after so many seconds."""

    def __init__(self, sentence: str, /, *, seconds: int, **found: object) -> None:
        after = {"Retry-After": str(seconds), "Refresh": str(seconds)}
        super().__init__(sentence, status=503, headers=after, **found)
