"""What falls due: obligations with a day of their own, and the days on which instruments lapse. Soonest first.

Only what the record or an instrument fixes; nothing is estimated. What was performed, released or lapsed is not due.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from foedus.commitments.rules import REINSTATEMENT
from foedus.web import board
from foedus.web.page import Page
from foedus.web.pages.horizon import of_agreements, of_the_compact

KINDS = ("obligation", "lapse")


class Due(Struct, frozen=True):
    """One thing on one day or at one moment. `id`: its own in every feed of this record; `late`: that is over."""

    id: str
    kind: str
    parties: tuple[str, ...]
    what: str
    due: date | datetime
    href: str
    recorded: datetime | None
    entry: int | None
    late: bool

    @property
    def day(self) -> date:
        """Its day, in UTC where it is a moment."""
        return self.due.date() if isinstance(self.due, datetime) else self.due


def agenda(page: Page) -> list[Due]:
    """Everything that falls due as the record stood, soonest first; what is late stands before."""
    found = [*_obligations(page), *_lapses(page)]
    return sorted(found, key=lambda one: (one.day, isinstance(one.due, datetime) and one.due.isoformat(), one.id))


def _obligations(page: Page) -> Iterator[Due]:
    """What parties owe under measures and by snapbacks, where a clause set a clock."""
    for obligation in page.state.commitments.obligations.values():
        one = page.see(obligation)
        if one is None or one.due_at is None or one.performed is not None or one.released is not None:
            continue
        snapback = one.measure == REINSTATEMENT
        what = (
            page.words.gettext("enact again what came back")
            if snapback
            else board.names(page).measure(one.measure, page.state)
        )
        yield Due(
            one.id, "obligation", (one.party,), what, one.due_at,
            "/sanctions" if snapback else f"/response/{one.response}", one.place.at, one.place.entry,
            one.due_at < page.at,
        )  # fmt: skip


def _lapses(page: Page) -> Iterator[Due]:
    """The days on which the compact, for its parties, and other instruments lapse by their own term."""
    for one in (*of_the_compact(page), *of_agreements(page)):
        if one.on is None or one.on < page.at.date():
            continue
        what = page.words.gettext("%(instrument)s lapses", instrument=one.name)
        key = f"{one.instrument}/lapse/{one.on:%Y%m%d}"
        yield Due(key, "lapse", one.parties, what, one.on, one.href, None, None, late=False)
