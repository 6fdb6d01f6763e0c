"""What runs beside a response: clauses of other instruments, measures owed without a vote, questions put to the roll.

Values for templates and for JSON alike, read from the state as seen at the page's moment.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from foedus.response.acts import Choice
from foedus.response.state import Ballot, ClauseClock, Response
from foedus.web import board, marks
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.words.titles import ABOUT, title


class ClauseRow(Struct, frozen=True):
    """Another instrument whose clause the same event opened."""

    id: str
    title: str
    asks: str
    parties: str
    mark: Mark
    due: datetime | None
    hard: bool
    binding: bool
    mine: bool
    done_at: datetime | None


class OwedRow(Struct, frozen=True):
    """An immediate measure: who owes it, who reported it done, by when."""

    measure: str
    title: str
    provision: str
    due: datetime
    done: tuple[tuple[str, datetime], ...]
    missing: tuple[str, ...]
    late: bool


class BallotRow(Struct, frozen=True):
    """A question put to the roll: what it asks, how the votes stand, how it ended."""

    id: str
    about: str
    provision: str
    by: str
    closes: datetime
    yes: int
    no: int
    abstained: int
    unsaid: int
    outcome: str


def clauses(page: Page, it: Response) -> list[ClauseRow]:
    """Clauses of other instruments that the same event opened: mine first, then those that run, by deadline."""
    rows = [_clause(page, it, clause) for clause in it.clauses]
    far = max((row.due for row in rows if row.due), default=page.now)
    rows.sort(key=lambda row: (not row.mine, row.due is None, row.mark.shape != "clock", row.due or far, row.title))
    return rows


def _clause(page: Page, it: Response, clause: ClauseClock) -> ClauseRow:
    _ = page.words.gettext
    agreement = page.clauses.agreements.get(clause.agreement)
    consult = agreement.consultation if agreement else None
    if consult and consult.wording:
        asks = page.say(consult.wording)
    elif consult and consult.within:
        asks = _("Consult within %(span)s", span=page.words.span(consult.within))
    else:
        asks = _("Consult; no hours are named")
    if consult and consult.future_only:
        asks = asks.removesuffix(".") + "; " + _("only an attack after present hostilities end")
    ended = clause.met or clause.lapsed
    return ClauseRow(
        clause.agreement, page.say(agreement.title) if agreement else clause.agreement, asks,
        ", ".join(page.name(party) for party in clause.parties),
        marks.clause(clause.met is not None, clause.lapsed is not None, clause.due_at is not None, _),
        clause.due_at, clause.hard, clause.binding, bool(page.party and page.party.id in clause.parties),
        ended.at if ended else None,
    )  # fmt: skip


def owed(page: Page, it: Response) -> list[OwedRow]:
    """Immediate measures: late ones first, then by the time they are due."""
    rows = []
    for item in it.owed:
        done = sorted(((page.name(p), place.at) for p, place in item.performed.items()), key=lambda pair: pair[1])
        missing = sorted((page.name(p) for p in item.parties if p not in item.performed), key=page.sort_key)
        rows.append(
            OwedRow(item.measure, board.names(page).measure(item.measure), item.provision, item.due_at, tuple(done),
                    tuple(missing), bool(missing) and page.now >= item.due_at)
        )  # fmt: skip
    rows.sort(key=lambda row: (not row.late, not row.missing, row.due, row.title))
    return rows


def ballots(page: Page, it: Response) -> list[BallotRow]:
    """Questions put to the roll, in the order they were asked."""
    found_ = [page.see(page.state.response.ballots[item.value]) for item in it.ballots]
    return [_ballot(page, ballot) for ballot in found_ if ballot is not None]


def _ballot(page: Page, ballot: Ballot) -> BallotRow:
    _ = page.words.gettext

    def count(choice: Choice) -> int:
        return sum(1 for votes in ballot.votes.values() if votes[-1].value == choice)

    outcome = _("Open") if ballot.closed is None else _("Carried") if ballot.closed.value else _("Not carried")
    about = title(page.words, ABOUT, ballot.about)
    return BallotRow(
        ballot.id,
        about[:1].upper() + about[1:],
        ballot.provision,
        page.name(ballot.party),
        ballot.closes_at,
        count("yes"),
        count("no"),
        count("abstain"),
        len(ballot.roll) - len(ballot.votes),
        outcome,
    )
