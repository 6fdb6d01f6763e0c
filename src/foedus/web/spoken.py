"""What a seat said by telephone or on paper, entered at a console by another: whose words it may be, and about what.

Whether it may be entered is decided by the rules. Nothing here speaks for anybody.
"""

from __future__ import annotations

from msgspec import Struct

from foedus.acts import PLACEHOLDER, Attachment
from foedus.compact.model import Permit, Provision, Transcript
from foedus.errors import Refused
from foedus.parties.authority import belongs
from foedus.parties.state import Seat
from foedus.response import acts
from foedus.response.state import Response
from foedus.response.transcripts import for_others
from foedus.signing import statement_for
from foedus.web.board import names
from foedus.web.page import Page, with_query
from foedus.words.failures import say_refusal
from foedus.words.titles import ABOUT, title

ACT = acts.EnterTranscript.__name__
SAYING = ("TakePosition", "CastVote")


class Choosing(Struct, frozen=True):
    """What is asked before the form: whose words, and about what; `problem`: why what was chosen cannot be entered."""

    provision: str
    seats: tuple[tuple[str, str], ...]
    subjects: tuple[tuple[str, str], ...]
    problem: str = ""


def subject_of(said: acts.TakePosition | acts.CastVote) -> str:
    """The measure or question about which something was said."""
    return said.ballot if isinstance(said, acts.CastVote) else said.measure


def permitted(page: Page) -> tuple[Provision, Permit] | None:
    """The clause by which the reader's seat may enter what others said, while a response runs."""
    seat = page.seat
    if seat is None or not page.state.response.open or (seat.scope and ACT not in seat.scope):
        return None
    for provision, permit in page.clauses.permits(ACT):
        if any(_by(page, seat, by.group, by.roles) for by in permit.by):
            return provision, permit
    return None


def _by(page: Page, seat: Seat, group: str, roles: tuple[str, ...]) -> bool:
    return (not roles or seat.role in roles) and belongs(page.clauses, page.state, seat.party, group)


def address(response: str = "") -> str:
    """Where whoever enters something chooses whose words it is."""
    return with_query(f"/act/{ACT}", {"response": response} if response else {})


def choosing(page: Page, provision: str, problem: str = "") -> Choosing:
    """The seats whose words may be entered, own party first, and what is on the table."""
    id_ = page.query.get("response", "")
    running = [page.state.response.responses[one] for one in page.state.response.open if id_ in ("", one)]
    subjects = tuple(dict.fromkeys(one for response in running for one in _subjects(page, response)))
    return Choosing(provision, tuple(_seats(page, running)), subjects, problem)


def _subjects(page: Page, response: Response) -> list[tuple[str, str]]:
    tabled = [(item.value, names(page).measure(item.value, page.state)) for item in response.measures]
    ballots = (*response.ballots, *page.state.response.incidents[response.incident].ballots)
    asked = (page.state.response.ballots[item.value] for item in ballots)
    questions = [(one.id, f"{one.id}: {title(page.words, ABOUT, one.about)}") for one in asked if one.closed is None]
    return [*tabled, *questions]


def _seats(page: Page, running: list[Response]) -> list[tuple[str, str]]:
    mine, clause = page.seat, page.clauses.one(Transcript)
    assert mine is not None, "only a seat enters anything"
    others = clause is not None and for_others(page.clauses, page.state, mine.party, mine.role, clause[1])
    roll = {party for response in running for party in response.roll}
    by = [by for act in SAYING for _, permit in page.clauses.permits(act) for by in permit.by]
    found = [
        seat
        for seat in page.state.parties.seats.values()
        if seat.party in roll and seat.revoked is None and seat.id != mine.id and (others or seat.party == mine.party)
        if any(_by(page, seat, one.group, one.roles) for one in by)
    ]
    found.sort(key=lambda seat: (seat.party != mine.party, page.sort_key(page.seat_name(seat.id))))
    return [(seat.id, page.seat_name(seat.id)) for seat in found]


def why_not(page: Page) -> str:
    """Why nothing that the chosen seat could have said about the chosen subject may be entered."""
    _, mine = page.words.gettext, page.seat
    assert mine is not None, "only a seat enters anything"
    seat, subject = page.query.get("seat", ""), page.query.get("subject", "")
    measure = page.state.response.measures.get(subject)
    said: acts.TakePosition | acts.CastVote = acts.CastVote(subject, "yes")
    if measure is not None:
        said = acts.TakePosition(measure.id, measure.text, "joins")
    elif subject not in page.state.response.ballots:
        return _("Choose what it was about.")
    body = acts.EnterTranscript(seat, said, "voice", page.clock_now, PLACEHOLDER)
    blank = Attachment(PLACEHOLDER, 0, "evidence")
    try:
        page.depositary.try_act(
            statement_for(page.state, mine.id, body, page.clock_now, attachments=[blank]), (mine.id,)
        )
    except Refused as refused:
        return say_refusal(page.words, page.clauses, refused)
    return ""
