"""What is needed and what is offered: requirements by date, offers of supply, and the maker state's consent.

A proposal which offer meets which need is no act: people decide, and who offers then undertakes.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from foedus.acts import Act, Event
from foedus.commitments import acts
from foedus.commitments.reading import named, sound
from foedus.commitments.state import Reexport
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.parties.authority import permission
from foedus.state import State


def require(clauses: Clauses, state: State, act: Act, body: acts.StateRequirement, at: datetime) -> tuple[Event, ...]:
    """What is needed by a day; said again of the same day and unit, it replaces what was said."""
    permit, _ = permission(clauses, state, act, at)
    if Decimal(body.minimum) > Decimal(body.target):
        raise Refused(permit.id, "a minimum of {minimum} exceeds the target of {target}", minimum=body.minimum,
                      target=body.target)  # fmt: skip
    key = f"{body.capability}/{body.unit}/{body.needed_by.isoformat()}"
    id_ = state.commitments.needed.get(key) or f"Q-{len(state.commitments.requirements) + 1}"
    return (
        acts.RequirementStated(
            id_, body.capability, body.unit, body.minimum, body.target, body.needed_by, body.priority
        ),
    )


def offer(clauses: Clauses, state: State, act: Act, body: acts.OfferSupply, at: datetime) -> tuple[Event, ...]:
    """An offer binds nobody to give."""
    permission(clauses, state, act, at)
    sound(body.quantity)
    named(clauses, body.maker)
    id_ = f"F-{len(state.commitments.offers) + 1}"
    return (
        acts.SupplyOffered(
            id_, act.party, body.capability, body.quantity, body.ready_on, body.transports, body.maker
        ),
    )  # fmt: skip


def request(clauses: Clauses, state: State, act: Act, body: acts.RequestReexport, at: datetime) -> tuple[Event, ...]:
    """Who offers asks the maker state, which from here on owes an answer."""
    permit, _ = permission(clauses, state, act, at)
    offered = state.commitments.offers.get(body.offer)
    if offered is None or offered.party != act.party or offered.maker in (None, act.party):
        raise Refused(
            "record/reference", "{offer} is no offer of {party} that needs the consent of another state",
            offer=body.offer, party=act.party,
        )  # fmt: skip
    if body.answer_by <= at:
        raise Refused("record/time", "the time to answer ends after the request is received")
    if any(one.offer == offered.id and _stands(one) for one in state.commitments.reexports.values()):
        raise Refused(permit.id, "consent to {offer} was asked for already", offer=offered.id)
    id_ = f"X-{len(state.commitments.reexports) + 1}"
    assert offered.maker is not None, "looked at above"
    return (acts.ReexportRequested(id_, offered.id, act.party, offered.maker, body.answer_by),)


def _stands(one: Reexport) -> bool:
    """Whether a request is open, or was answered with consent."""
    return one.answers[-1].value if one.answers else one.unanswered is None


def answer(clauses: Clauses, state: State, act: Act, body: acts.AnswerReexport, at: datetime) -> tuple[Event, ...]:
    """The maker state's word, also after its time; a consent can be withdrawn by the next."""
    permit, _ = permission(clauses, state, act, at)
    asked = state.commitments.reexports.get(body.request)
    if asked is None or asked.maker != act.party:
        raise Refused("record/reference", "no request {request} to {party}", request=body.request, party=act.party)
    if asked.answers and asked.answers[-1].value == body.consents:
        raise Refused(permit.id, "{request} is answered so already", request=asked.id)
    return (acts.ReexportAnswered(asked.id, body.consents),)
