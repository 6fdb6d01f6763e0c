"""What seats said by telephone or on paper in a response: both times of each, and whether its seat has countersigned.

What was never confirmed stays in the list, as such: that it was said and entered is on record, and counts for nothing.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from foedus.response.state import Response, Transcript
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.words import sentences
from foedus.words.titles import MEANS, title


class TranscriptRow(Struct, frozen=True):
    """One: what was said by whom, when; by whom it was entered, when; and where it stands."""

    id: str
    seat: str
    said: str
    means: str
    said_at: datetime
    by: str
    entered_at: datetime
    entry: int
    mark: Mark
    until: datetime
    ended_at: datetime | None


def transcripts(page: Page, it: Response) -> list[TranscriptRow]:
    """Those of the response, in the order in which they were entered."""
    subjects = {one.value for one in (*it.measures, *it.ballots)}
    every = page.state.response.transcripts.values()
    seen = [page.see(one) for one in every if one.subject in subjects]
    return [_row(page, one) for one in sorted((o for o in seen if o is not None), key=lambda o: o.place.entry)]


def _row(page: Page, one: Transcript) -> TranscriptRow:
    ended = one.countersigned or one.lapsed
    means = title(page.words, MEANS, one.means)
    return TranscriptRow(
        one.id, page.seat_name(one.seat), sentences.say_act(page.words, page.clauses, one.said, one.party, page.state),
        means[:1].upper() + means[1:], one.said_at, page.seat_name(one.by), one.place.known, one.place.entry,
        mark(page, one), one.lapses_at, ended.known if ended else None,
    )  # fmt: skip


def mark(page: Page, one: Transcript) -> Mark:
    """Where a transcript stands: what waits has no effect, what was not confirmed never had."""
    _ = page.words.gettext
    if one.countersigned:
        return Mark("tick", "green", _("Countersigned"))
    if one.lapsed:
        return Mark("cross", "red", _("Entered, never confirmed"))
    return Mark("half", "amber", _("Entered, not yet countersigned"))
