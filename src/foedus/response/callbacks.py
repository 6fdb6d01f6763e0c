"""The call back: whoever is asked for help calls the office that asks, and both read the same words.

The words follow from the digest of the signed request, so that a request that the office never signed has others, and
are kept as numbers: each end reads them in its own language. The number to call is in the register of contacts, outside
the record. A call decides nothing and stops no clock: what it says is evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.parties.authority import permission
from foedus.response import acts, subjects
from foedus.response.state import Response
from foedus.state import State

WORDS = 5


def words(state: State, response: str) -> tuple[int, ...]:
    """The numbers, 0 to 255, of the words to be read back: the first bytes of SHA-256 over the signed request.

    Five words are 40 bits: a forger who wants a request of his own with the words of another tries 10^12 of them. None
    for a response that no signed act opened, as in what is only supposed.
    """
    digest = state.requests.get(response, "")
    return tuple(bytes.fromhex(digest)[:WORDS])


def record(clauses: Clauses, state: State, act: Act, body: acts.RecordCallBack, at: datetime) -> tuple[Event, ...]:
    """Who called whom, and what was said. Confirmed only with the words of the request."""
    permit, _ = permission(clauses, state, act, at)
    response = subjects.running(state, body.response)
    if act.party == response.party:
        raise Refused(
            permit.id, "{party} asked for {response} itself: it is called back by others", party=act.party,
            response=response.id,
        )  # fmt: skip
    called = state.parties.seats.get(body.called)
    if called is None or called.revoked is not None or called.party != response.party:
        raise Refused(
            permit.id, "{seat} is no seat of {party}, which asked for {response}: call one of its own",
            seat=body.called, party=response.party, response=response.id,
        )  # fmt: skip
    if body.answer != "confirmed" and body.heard:
        raise Refused(permit.id, "words are recorded only where the office confirmed its request")
    if body.answer == "confirmed" and body.heard != words(state, response.id):
        raise Refused(
            permit.id,
            "what was read back are not the words of the request that opened {response}: ask for them again, and treat"
            " the request as false if they stay other words",
            response=response.id,
        )
    return (acts.CalledBack(response.id, act.party, act.seat, body.called, body.answer),)


def options(state: State, response: Response) -> Iterator[acts.RecordCallBack]:
    """Every office of the party that asked, whom others may call; what was said is for the caller to fill in."""
    offices = (one for one in state.parties.seats.values() if one.party == response.party and one.revoked is None)
    for seat in sorted(one.id for one in offices):
        yield acts.RecordCallBack(response.id, seat, "unanswered")
