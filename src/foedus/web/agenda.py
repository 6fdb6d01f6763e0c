"""What falls due: obligations with a day of their own, and the days on which instruments lapse. Soonest first.

Only what the record or an instrument fixes; nothing is estimated. What was performed, released or lapsed is not due.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from foedus.commitments.account import listing, overdue_first
from foedus.commitments.calendar import Falls, falls
from foedus.commitments.rules import REINSTATEMENT
from foedus.commitments.state import MEASURE
from foedus.web import board
from foedus.web.owed import Owed, day_of
from foedus.web.page import Page
from foedus.web.pages.horizon import of_agreements, of_the_compact

KINDS = ("obligation", "tranche", "requirement", "reexport", "lapse")
GRACE = timedelta(days=366)  # the longest that a tranche may still come after its day
MOST = 400  # that are late, and that are ahead: a calendar of more is read by nobody
MONTH, WEEK, DAY = timedelta(days=30), timedelta(days=7), timedelta(days=1)
AHEAD = timedelta(days=730)  # how far tranches and requirements are looked for


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
    owed = Owed(page)
    found = [*_obligations(page), *_late(owed), *_falls(owed), *_lapses(page)]
    return sorted(found, key=lambda one: (one.day, isinstance(one.due, datetime) and one.due.isoformat(), one.id))


def _obligations(page: Page) -> Iterator[Due]:
    """What parties owe under measures and by snapbacks, where a clause set a clock."""
    account = page.state.commitments
    for obligation in listing(account, [name for name in account.owing if name.endswith(f"|{MEASURE}")]):
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


def _late(owed: Owed) -> Iterator[Due]:
    """Tranches that are overdue."""
    for id_ in overdue_first(owed.state, owed.late, MOST)[1]:
        tranche = owed.state.tranches[id_]
        one = owed.state.obligations[tranche.obligation]
        yield Due(
            tranche.id, "tranche", (one.party,), _tranche(owed, tranche.id), day_of(tranche.due_at),
            f"/commitments/obligations/{one.id}", tranche.place.at, tranche.place.entry, late=True,
        )  # fmt: skip


def _tranche(owed: Owed, id_: str) -> str:
    tranche = owed.state.tranches[id_]
    kind = owed.kind(owed.state.obligations[tranche.obligation].kind)
    return f"{kind}, {owed.amount(tranche.figures[-1].value)} ({id_})"


def _ahead(owed: Owed) -> Iterator[Falls]:
    """What falls due, with what is still within its grace: by months, from today on by weeks until MOST are ahead."""
    today = owed.page.at.date()
    first, last, count = today - GRACE, today + AHEAD, 0
    while first <= last and count < MOST:
        step = min(MONTH, today - first) if first < today else WEEK
        found = falls(owed.state, first, min(last, first + step - DAY), awaited_at=owed.page.at)
        count += sum(not one.settled and one.day >= today for one in found)
        yield from found
        first += step


def _falls(owed: Owed) -> Iterator[Due]:
    """Tranches, answers of maker states and requirements, from today on; what is done is not due."""
    today, state = owed.page.at.date(), owed.state
    for one in _ahead(owed):
        if one.settled or (one.day < today and one.what != "tranche"):
            continue
        if one.what == "tranche":
            place, obligation = state.tranches[one.id].place, state.tranches[one.id].obligation
            what, href = _tranche(owed, one.id), f"/commitments/obligations/{obligation}"
        elif one.what == "reexport":
            place, href = state.reexports[one.id].place, "/commitments/requirements"
            what = owed.page.words.gettext(
                "answer whether %(offer)s may be re-exported", offer=state.reexports[one.id].offer
            )
        else:
            place, href = state.requirements[one.id].place, "/commitments/requirements"
            need = state.requirements[one.id]
            what = owed.page.words.gettext(
                "%(what)s needed: %(amount)s", what=owed.unit(need.capability), amount=owed.amount(one.quantity)
            )
        parties = (one.party,) if one.party else (owed.page.compact.protected,)
        yield Due(one.id, one.what, parties, what, one.day, href, place.at, place.entry, late=False)


def _lapses(page: Page) -> Iterator[Due]:
    """The days on which the compact, for its parties, and other instruments lapse by their own term."""
    for one in (*of_the_compact(page), *of_agreements(page)):
        if one.on is None or one.on < page.at.date():
            continue
        what = page.words.gettext("%(instrument)s lapses", instrument=one.name)
        key = f"{one.instrument}/lapse/{one.on:%Y%m%d}"
        yield Due(key, "lapse", one.parties, what, one.on, one.href, None, None, late=False)
