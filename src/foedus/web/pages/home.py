"""Home: what runs, how long is left, what my government must do, what changed, what is owed. In that order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from msgspec import Struct

from foedus.commitments.state import Obligation
from foedus.response.state import Response
from foedus.web import alerted, besides, board, duties, entries, marks, running, witnesses
from foedus.web.frame import Table, render
from foedus.web.kept import kept
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.web.pages import mandates
from foedus.web.pages import sanctions_home as package

CHANGES = 8
OBLIGATIONS = 8
RUNNING = 6


class ObligationRow(Struct, frozen=True):
    """What a party owes, because it joined a measure or had agreed to it beforehand."""

    party: str
    name: str
    what: str
    brings: str
    due: datetime | None
    mark: Mark
    entry: int
    response: str


@get("/", include_in_schema=False, sync_to_thread=False)
@kept
def home(page: NamedDependency[Page]) -> Answer[Any]:
    """The first page."""
    found, total = running.running(page, RUNNING)
    first = found[0] if found else next(iter(running.newest(page, 1)), None)
    size = entries.known_size(page)
    changes = entries.newest(page, CHANGES, size)
    due = duties.urgent(page, found)
    owed = obligations(page, first) if first else []
    return render(
        page, "home.html", title=_title(page, first), active="home",
        data={"running": [response.id for response in found], "must_do": due[:1], "also": due[1:], "changes": changes},
        tables=_tables(changes, owed),
        first=first, incident=board.incident_of(page, first) if first else None, board=board,
        others=found[1:], running_count=total,
        cards=_two(board.cards(page, first)) if first else [], duty=due[0] if due else None, also=due[1:],
        elsewhere=[] if due else duties.elsewhere(page, found),
        changes=changes, size=size, owed=owed, owed_total=len(owed),
        at_once=besides.owed(page, first) if first else [], shown_most=OBLIGATIONS,
        settled=None if page.past else witnesses.standing(page), package=package.standing(page),
        unready=alerted.unready(page), late=mandates.late(page),
    )  # fmt: skip


def _title(page: Page, first: Response | None) -> str:
    if first is None:
        return page.words.gettext("Nothing is running")
    return f"{board.what(page, board.incident_of(page, first))}: {board.headline(page, first)}"


def _two(cards: list[board.ClockCard]) -> list[board.ClockCard]:
    """The two clocks to show: those that run, then the last that ended."""
    live = [card for card in cards if card.met is None and card.lapsed is None]
    ended = [card for card in cards if card.met or card.lapsed]
    return sorted((live + ended[::-1])[:2], key=lambda card: card.due)


def obligations(page: Page, response: Response) -> list[ObligationRow]:
    """Obligations under the response shown: mine first, then late ones, then by the time they are due."""
    rows = []
    for id_ in _obligation_ids(response):
        seen = page.see(page.state.commitments.obligations.get(id_))
        if seen is not None and seen.released is None:
            rows.append(_obligation(page, seen))
    mine = page.party.id if page.party else ""
    order = {"triangle": 0, "dot": 1, "tick": 2}
    rows.sort(key=lambda row: (row.party != mine, order[row.mark.shape], row.due is None, row.due, row.name))
    return rows


def _obligation_ids(response: Response) -> Iterator[str]:
    """Ids that obligations of a response can have: immediate measures, then measures that were joined."""
    for owed in response.owed:
        yield from (f"{response.id}/{owed.measure}/{party}" for party in owed.parties)
    for measure in response.measures:
        yield from (f"{measure.value}/{party}" for party in response.roll)


def _obligation(page: Page, obligation: Obligation) -> ObligationRow:
    named = board.names(page)
    measure = page.see(page.state.response.measures.get(obligation.measure))
    position = measure.position(obligation.party) if measure else None
    brings = position.contributions if position else ()
    late = obligation.due_at is not None and obligation.performed is None and page.now > obligation.due_at
    return ObligationRow(
        obligation.party, page.name(obligation.party), named.measure(obligation.measure, page.state),
        "; ".join(named.contribution(item) for item in brings), obligation.due_at,
        marks.owed(obligation.performed is not None, late, page.words.gettext), obligation.place.entry,
        obligation.response,
    )  # fmt: skip


def _tables(changes: Sequence[entries.Row], owed: Sequence[ObligationRow]) -> dict[str, Table]:
    return {
        "changes": Table(
            ("entry", "at", "party", "seat", "act", "said"),
            [(row.number, row.at, row.party, row.seat, row.act, row.said) for row in changes],
        ),
        "obligations": Table(
            ("party", "what", "brings", "due", "state", "response", "entry"),
            [(row.party, row.what, row.brings, row.due, row.mark.word, row.response, row.entry) for row in owed],
        ),
    }


routes = [home]
