"""What my government must do now, most urgent first, and what else its seat may do.

Every button comes from `rules.options`: what is offered here, decide accepts. What is urgent is read from the clocks
of the record; nothing here sets a deadline.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

from foedus.acts import Body
from foedus.commitments.acts import CorrectFigure, LinkPledge
from foedus.parties.acts import StateMandate
from foedus.reparations.acts import (
    MoveAsset,
    PledgeAsset,
    RecordIncome,
    RecordProceeds,
    RecordStay,
    ReportAsset,
    RevokeDistribution,
)
from foedus.response import acts
from foedus.response.rules import REPORT
from foedus.response.state import Response
from foedus.web import offered, spoken
from foedus.web.board import names
from foedus.web.offered import OF_PROPERTY
from foedus.web.page import Page, with_query
from foedus.words.titles import ACTS, MEASURE_KINDS, title

# Acts that answer something which is asked of the party, in the order of the procedure. All others are offered, not
# asked.
ASKED = (
    "Activate",
    "AddEvidence",
    "Reply",
    "Acknowledge",
    "RegisterDelegation",
    "RecordPresence",
    "ReportPerformance",
    "ConfirmPosition",
    "CountersignTranscript",
    "TakePosition",
    "ReplyToObjection",
    "CastVote",
)
STEP_OF = {"Reply": "reply", "Acknowledge": "acknowledge", "RegisterDelegation": "convene", "RecordPresence": "convene",
           "TakePosition": "decide"}  # fmt: skip
MOST_RESPONSES = 5
_OPEN = (acts.ReportIncident, acts.ProposeMeasure)  # their kind is asked in the form


class Offer(Struct, frozen=True):
    """One thing the seat may do: its button, its address, and by when it is asked, if it is."""

    act: str
    words: str
    title: str
    why: str
    href: str
    due: datetime | None
    provision: str
    signatures: int
    asked: bool


def offers(page: Page, about: str | None = None) -> list[Offer]:
    """Everything the reader's seat may do now (about one response or incident), asked things first, most urgent
    first.
    """
    if page.seat is None or page.past:
        return []
    return sorted([*_offers(page, about), *_entering(page, about)], key=_urgency)


def _entering(page: Page, about: str | None) -> Iterator[Offer]:
    """To enter what another seat said: whose words, and about what, is asked next."""
    found = spoken.permitted(page)
    if found is not None and (about is None or about in page.state.response.open):
        words = title(page.words, ACTS, spoken.ACT)
        href = spoken.address(about or "")
        yield Offer(spoken.ACT, words, words, "", href, None, found[0].id, found[1].signatures, False)


def urgent(page: Page, running: list[Response]) -> list[Offer]:
    """What is asked of the reader's government in the running responses, most urgent first."""
    if page.seat is None or page.past:
        return []
    found = [*held(page)]
    for response in running[:MOST_RESPONSES]:
        found += _offers(page, response.id)
    for incident in unanswered(page):
        found += _offers(page, incident)
    for transcript in entered_for(page, page.seat.id):
        found += _offers(page, transcript)
    once = {offer.href: offer for offer in found if offer.asked}
    return sorted(once.values(), key=_urgency)


def entered_for(page: Page, seat: str) -> list[str]:
    """What was entered for the seat and waits for its countersignature, also of what is decided already."""
    transcripts = page.state.response.transcripts
    return [id_ for id_ in sorted(page.state.response.waiting) if transcripts[id_].seat == seat]


def elsewhere(page: Page, running: list[Response]) -> list[tuple[str, Offer]]:
    """What is asked of the reader's government and another of its seats can do: seat and offer, at most three."""
    if page.seat is None or page.past:
        return []
    found: dict[str, tuple[str, Offer]] = {}
    for seat in _colleagues(page, running[:1]):
        for response in running[:1]:
            for offer in _offers(page, response.id, seat):
                if offer.asked:
                    found.setdefault(offer.href, (seat, offer))
        for transcript in entered_for(page, seat):
            for offer in _offers(page, transcript, seat):
                found.setdefault(offer.href, (seat, offer))
    return sorted(found.values(), key=lambda pair: _urgency(pair[1]))[:3]


def _colleagues(page: Page, running: list[Response]) -> list[str]:
    """The other seats of the reader's party: those of its delegation first, then in the order of the compact."""
    assert page.seat is not None, "only a seat has colleagues"
    party, order = page.seat.party, {role.id: place for place, role in enumerate(page.compact.roles)}
    attend = {
        role for it in running for one in it.delegations.get(party, ())[-1:] for role in (one.head, one.alternate)
    }
    seats = (one for one in page.state.parties.seats.values() if one.party == party and one.revoked is None)
    ordered = sorted(seats, key=lambda one: (one.role not in attend, order.get(one.role, len(order))))
    return [one.id for one in ordered if one.id != page.seat.id]


def unanswered(page: Page) -> list[str]:
    """The newest incidents reported on which nobody has acted yet."""
    newest = len(page.state.response.incidents)
    last = [f"I-{number}" for number in range(newest, max(0, newest - 3), -1)]
    incidents = (page.state.response.incidents.get(id_) for id_ in last)
    return [i.id for i in incidents if i and not i.responses and not i.withdrawn and not i.merged_into]


def _urgency(offer: Offer) -> tuple[bool, int, datetime, int]:
    """Asked before offered; among the asked, an attack that nobody has activated comes before every deadline."""
    order = ASKED.index(offer.act) if offer.act in ASKED else len(ASKED)
    when = 0 if offer.act == "Activate" else 1 if offer.due else 2
    return (not offer.asked, when, offer.due or datetime.max.replace(tzinfo=UTC), order)


def _offers(page: Page, about: str | None, seat: str | None = None) -> Iterator[Offer]:
    assert page.seat is not None, "offers are asked for a seat only"
    stances: set[str] = set()
    seen: set[str] = set()
    who = seat or page.seat.id
    within = offered.offered(page, who, about) if about in (None, REPORT) else offered.of_procedure(page, who, about)
    for option in within:
        body = option.body
        choice = getattr(body, "measure", "") if isinstance(body, acts.TakePosition) else getattr(body, "ballot", "")
        if isinstance(body, acts.TakePosition | acts.CastVote | acts.ReportIncident):
            if choice in stances:
                continue  # one form offers every stance, every vote, every kind of incident
            stances.add(choice)
        offer = _offer(page, body, option.provision, option.signatures)
        if offer.href not in seen:
            seen.add(offer.href)
            yield offer


def _offer(page: Page, body: Body, provision: str, signatures: int) -> Offer:
    act = type(body).__name__
    response = page.state.response.responses.get(response_of(page, body))
    return Offer(
        act, button(page, body), what_is_asked(page, body), why(page, body, response), address(body),
        _due(page, body, response), provision, signatures, _is_asked(page, body, response),
    )  # fmt: skip


def response_of(page: Page, body: Body) -> str:
    """The response an act speaks of; empty when none."""
    if id_ := getattr(body, "response", None):
        return str(id_)
    if (id_ := getattr(body, "measure", None)) and id_ in page.state.response.measures:
        return page.state.response.measures[id_].response
    if isinstance(body, acts.EnterTranscript | acts.CountersignTranscript):
        return response_of(page, body.said)
    ballot = page.state.response.ballots.get(getattr(body, "ballot", ""))
    return ballot.subject if ballot else ""


def _is_asked(page: Page, body: Body, response: Response | None) -> bool:
    """Whether the act answers something that is asked of the party and not yet answered."""
    act, seat = type(body).__name__, page.seat
    assert seat is not None, "only a seat is asked"
    if act not in ASKED:
        return False
    if isinstance(body, acts.AddEvidence):
        incident, needed = page.state.response.incidents[body.incident], page.clauses.evidence("Activate")
        short = needed is not None and len(incident.evidence) < needed[1].at_least
        return short and not incident.responses and seat.party == page.compact.protected
    if isinstance(body, acts.RegisterDelegation):
        return response is not None and seat.party not in response.delegations and seat.party not in response.present
    if isinstance(body, acts.TakePosition):
        return page.state.response.measures[body.measure].position(seat.party) is None
    if isinstance(body, acts.CastVote):
        return seat.party not in page.state.response.ballots[body.ballot].votes
    if isinstance(body, acts.RecordPresence | acts.Acknowledge):
        return seat.party != page.compact.protected
    return True


def _due(page: Page, body: Body, response: Response | None) -> datetime | None:
    """By when the act is asked; None where no clause names a time."""
    if isinstance(body, acts.CountersignTranscript):
        return page.state.response.transcripts[body.transcript].lapses_at
    if isinstance(body, acts.CastVote):
        return page.state.response.ballots[body.ballot].closes_at
    if isinstance(body, acts.ReplyToObjection):
        return page.state.response.ballots[body.ballot].reply_by
    if isinstance(body, acts.ConfirmPosition):
        position = page.state.response.measures[body.measure].position(page.seat.party) if page.seat else None
        return position.confirm_by if position else None
    if response is None:
        return None
    if isinstance(body, acts.ReportPerformance):
        return next((owed.due_at for owed in response.owed if owed.measure == body.measure), None)
    clock = response.clock(STEP_OF.get(type(body).__name__, ""))
    return clock.due if clock and clock.running else None


# --- words ------------------------------------------------------------------------------------------------------------


def button(page: Page, body: Body) -> str:
    """The button says the act."""
    return title(page.words, ACTS, type(body).__name__)


def what_is_asked(page: Page, body: Body) -> str:
    """The act with its object: `Take a position: R-1/M-2, Repair of infrastructure`."""
    said = button(page, body)
    named = names(page)
    for field in ("measure", "menu"):
        if code := getattr(body, field, None):
            return f"{said}: {named.measure(str(code), page.state)}"
    if isinstance(body, acts.EnterTranscript):
        subject = spoken.subject_of(body.said)
        what = named.measure(subject, page.state) if isinstance(body.said, acts.TakePosition) else subject
        return f"{said}: {named.seat(body.seat)}, {what}"
    if isinstance(body, acts.ReportIncident):
        return said
    if isinstance(body, OF_PROPERTY):
        return ": ".join((said, ", ".join(_property(body)))).removesuffix(": ")
    if isinstance(body, CorrectFigure):
        return f"{said}: {body.subject}"
    if isinstance(body, StateMandate):
        return f"{said}: {title(page.words, MEASURE_KINDS, body.kind)}"
    if isinstance(body, acts.ProposeMeasure):
        return f"{said}: {page.words.gettext('one that the prepared list does not name')}"
    for field in (
        "transcript",
        "ballot",
        "incident",
        "response",
        "seat",
        "provision",
        "instrument",
        "organisation",
        "tier",
        "sender",
        "condition",
        "listing",
        "easing",
        "snapback",
        "target",
        "regime",
        "clause",
        "pledge",
        "under",
        "allocation",
        "delivery",
        "obligation",
        "offer",
        "request",
    ):
        if code := getattr(body, field, None):
            alone = field == "response" and len(page.state.response.open) == 1
            what = _named(page, field, str(code))
            return said if alone else f"{said}: {what}{_issuer(page, body)}"
    return said


def _property(body: Body) -> Iterator[str]:
    """What an act about property is about: the asset, and the loan that is served or the stay that ends."""
    for name in ("asset", "distribution"):
        if code := getattr(body, name, None):
            yield code
    if isinstance(body, RecordIncome) and body.loan is not None:
        yield body.loan
    if isinstance(body, RecordStay) and body.ended:
        yield body.case


def _issuer(page: Page, body: Body) -> str:
    """Whose listing or regime an act speaks of, where it is another's."""
    issuer = getattr(body, "issuer", None)
    return f" ({names(page).party(issuer)})" if issuer else ""


def _named(page: Page, field: str, code: str) -> str:
    named = names(page)
    known = {
        "seat": named.seat, "provision": named.provision, "instrument": named.instrument, "sender": named.party,
        "organisation": named.organisation, "tier": named.group, "condition": named.condition, "listing": named.listing,
        "regime": named.regime_alone, "clause": named.provision,
    }  # fmt: skip
    return known[field](code) if field in known else code


def why(page: Page, body: Body, response: Response | None) -> str:
    """What the record says about this duty so far, in one or two sentences."""
    _, seat = page.words.gettext, page.seat
    assert seat is not None, "only a seat is asked"
    if isinstance(body, acts.AddEvidence):
        return _("An incident is reported without the evidence that a request needs.")
    if isinstance(body, acts.Activate):
        return _("An attack is reported with evidence. Until the guarantees are activated, no clock runs.")
    if isinstance(body, acts.Acknowledge):
        return _("The call has not been acknowledged for your government.")
    if isinstance(body, acts.RegisterDelegation) and response is not None:
        acknowledged = response.acknowledged.get(seat.party)
        if acknowledged is None:
            return _("Nobody is yet named to attend.")
        return _("You acknowledged at %(at)s. Nobody is yet named to attend.", at=page.stamp(acknowledged.at))
    if isinstance(body, acts.RecordPresence):
        return _("Your delegation is not yet recorded as present.")
    if isinstance(body, acts.ReportPerformance):
        return _("Your government agreed to this beforehand: it is owed without a vote.")
    if isinstance(body, acts.TakePosition):
        return _("Your government has said nothing on this measure. Nobody can block those who join.")
    if isinstance(body, acts.ConfirmPosition):
        return _("Your government joined subject to its capital. Without confirmation it has not joined.")
    if isinstance(body, acts.EnterTranscript):
        return _("It counts for nothing until that seat countersigns; then as received when you entered it.")
    if isinstance(body, acts.CountersignTranscript):
        return _("It was entered as what you said. Without your signature it counts for nothing.")
    if isinstance(body, acts.RecordCallBack):
        return _("Ask the office to read the words to you; they stand on the page of the response.")
    if isinstance(body, acts.CastVote | acts.ReplyToObjection):
        return _("An answer is asked of your government.")
    return ""


TELLING = (
    "incident", "response", "measure", "ballot", "menu", "into", "kind", "seat", "provision", "instrument",
    "organisation", "tier", "sender", "applicant", "party", "transcript", "issuer", "target", "restriction", "regime",
    "listing", "easing", "snapback", "condition", "subject", "delivery", "obligation", "asset", "case", "loan",
    "clause", "under", "allocation", "offer", "request", "pledge",
)  # fmt: skip


def told_by(body: Body) -> dict[str, str]:
    """The fields of a body that tell its option from others of the same act."""
    told = {
        name: value
        for name in TELLING
        if isinstance(value := getattr(body, name, None), str) and not (isinstance(body, _OPEN) and name == "kind")
    }
    if isinstance(body, acts.EnterTranscript):
        told["subject"] = spoken.subject_of(body.said)
    for name in _ASKED.get(type(body), ()):
        told.pop(name, None)
    return told


# Fields in which only a stand-in lies, as the form asks them.
_ASKED: dict[type, tuple[str, ...]] = {
    ReportAsset: ("kind",), MoveAsset: ("instrument",), RecordIncome: ("instrument",), RecordProceeds: ("instrument",),
    PledgeAsset: ("instrument", "loan"), RevokeDistribution: ("instrument",), LinkPledge: ("obligation",),
}  # fmt: skip


def address(body: Body) -> str:
    """Where the form of the act is: its name, and what tells this option from others."""
    return with_query(f"/act/{type(body).__name__}", told_by(body))


def held(page: Page) -> Iterator[Offer]:
    """Acts of my party that another seat has signed and that wait for mine."""
    _ = page.words.gettext
    for draft in page.console.drafts.waiting_for(page.seat, page.state.seen):
        first = page.seat_name(draft.signed[-1])
        yield Offer(
            type(draft.statement.body).__name__, _("Read and sign as the second seat"),
            what_is_asked(page, draft.statement.body),
            _("%(seat)s has signed. The act is received when your signature is added.", seat=first),
            f"/act/check/{draft.id}", None, "", len(draft.signed) + 1, True,
        )  # fmt: skip
