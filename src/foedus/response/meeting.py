"""Between T0 and the decision: replies, acknowledgements, delegations, presence, and when a meeting counts as
convened.
"""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Adjournment, Clock, Quorum
from foedus.errors import Refused
from foedus.parties.authority import permission, reached
from foedus.response import acts, subjects
from foedus.response.opening import clocks
from foedus.response.state import ClauseClock, Response
from foedus.state import State


def call(clauses: Clauses, state: State, act: Act, body: acts.CallMeeting, at: datetime) -> tuple[Event, ...]:
    """Calls the meeting; the clock that counts from the call starts."""
    permit, _ = permission(clauses, state, act, at)
    response = subjects.running(state, body.response)
    subjects.invited(clauses, response, act, permit.id)
    started = clocks(clauses, response.id, response.mode, at, "call")
    if response.called is not None or not started:
        raise Refused(permit.id, "the meeting is already called, or needs no call under this compact")
    reply = response.clock("reply")
    if reply is not None and reply.running:
        raise Refused(reply.provision, "the time to reply still runs until {due}", due=reply.due.isoformat())
    return (acts.MeetingCalled(response.id, act.party), *started)


def reply(clauses: Clauses, state: State, act: Act, body: acts.Reply, at: datetime) -> tuple[Event, ...]:
    """The state addressed answers; in time or late, the record says which."""
    permit, _ = permission(clauses, state, act, at)
    response = subjects.running(state, body.response)
    if act.party not in response.addressed or response.replied is not None:
        raise Refused(permit.id, "{party} was not addressed, or has already replied", party=act.party)
    clock = response.clock("reply")
    met: tuple[Event, ...] = (acts.ClockMet(response.id, "reply"),) if clock and clock.running else ()
    return (acts.Replied(response.id, act.party), *met)


def acknowledge(clauses: Clauses, state: State, act: Act, body: acts.Acknowledge, at: datetime) -> tuple[Event, ...]:
    """The call was received by a seat of the party."""
    permit, _ = permission(clauses, state, act, at)
    response = subjects.running(state, body.response)
    subjects.invited(clauses, response, act, permit.id)
    if act.party in response.acknowledged:
        raise Refused(permit.id, "{party} has already acknowledged", party=act.party)
    events: tuple[Event, ...] = (acts.Acknowledged(response.id, act.party),)
    clock = response.clock("acknowledge")
    if clock and clock.running and {*response.acknowledged, act.party} >= set(response.roll):
        events += (acts.ClockMet(response.id, "acknowledge"),)
    return events


def register(
    clauses: Clauses, state: State, act: Act, body: acts.RegisterDelegation, at: datetime
) -> tuple[Event, ...]:
    """Names the delegation by offices; a later registration replaces it."""
    permit, _ = permission(clauses, state, act, at)
    response = subjects.running(state, body.response)
    subjects.invited(clauses, response, act, permit.id)
    for office in filter(None, (body.head, body.alternate)):
        if clauses.name("roles", office) is None:
            raise Refused(
                "record/vocabulary",
                "{role} is not a role of {compact}",
                role=office,
                compact=clauses.compact.id,
            )
    if body.full_powers and body.full_powers not in {a.digest for a in act.statement.attachments}:
        raise Refused("record/attachment", "the full powers named are not attached to the act")
    return (
        acts.DelegationRegistered(response.id, act.party, body.head, body.alternate, body.remote, body.full_powers),
    )


def presence(clauses: Clauses, state: State, act: Act, body: acts.RecordPresence, at: datetime) -> tuple[Event, ...]:
    """The delegation is there; with it the meeting may count as convened, and other instruments' clauses as
    met.
    """
    permit, _ = permission(clauses, state, act, at)
    response = subjects.running(state, body.response)
    subjects.invited(clauses, response, act, permit.id)
    if act.party in response.present:
        raise Refused(permit.id, "{party} is already present", party=act.party)
    there = frozenset(response.present) | {act.party}
    events: list[Event] = [acts.PartyPresent(response.id, act.party, body.remote)]
    events += _convened(clauses, state, response, there, permit.id, at)
    for clause in response.clauses:
        if act.party not in clause.parties or clause.met is not None or clause.lapsed is not None:
            continue
        if meets(response, clause, there):
            events.append(acts.ClauseMet(response.id, clause.agreement))
    return tuple(events)


def meets(response: Response, clause: ClauseClock, there: frozenset[str]) -> bool:
    """Whether everyone is there whom a clause of another instrument asks, but for who asked them."""
    return set(clause.parties) - {response.party} <= there


def enough(clauses: Clauses, state: State, response: Response, there: frozenset[str]) -> bool:
    """Whether so many are there that the meeting is convened."""
    roll, quorum = frozenset(response.roll), clauses.one(Quorum)
    # Without a clause nobody may say that fewer than all are enough.
    return reached(clauses, state, quorum[1].rule, roll, there) if quorum else there >= roll


def _convened(
    clauses: Clauses, state: State, response: Response, there: frozenset[str], permit: str, at: datetime
) -> list[Event]:
    if response.convened is not None:
        return []
    if not enough(clauses, state, response, there):
        return []
    quorum = clauses.one(Quorum)
    events: list[Event] = [acts.Convened(response.id, quorum[0].id if quorum else permit)]
    clock = response.clock("convene")
    if clock and clock.running:
        events.append(acts.ClockMet(response.id, "convene"))
    events += clocks(clauses, response.id, response.mode, at, "convened")
    if not any(one.step == "decide" and one.mode in (None, response.mode) for _, one in clauses.every(Clock)):
        events.append(acts.ResponseClosed(response.id, "ended"))
    return events


def adjourn(clauses: Clauses, state: State, act: Act, body: acts.AdjournMeeting, at: datetime) -> tuple[Event, ...]:
    """The meeting stands adjourned; clocks run on."""
    permit, _ = permission(clauses, state, act, at)
    response = subjects.running(state, body.response)
    subjects.invited(clauses, response, act, permit.id)
    if response.convened is None or response.adjourned is not None:
        raise Refused(permit.id, "only a meeting that was convened and is not adjourned can be adjourned")
    clause = clauses.one(Adjournment)
    longest = clause[1].at_most.after(at) if clause else at
    if not at < body.until <= longest:
        raise Refused(
            clause[0].id if clause else permit.id,
            "an adjournment lasts until {longest} at most; {found} found",
            longest=longest.isoformat(), found=body.until.isoformat(),
        )  # fmt: skip
    return (acts.MeetingAdjourned(response.id, body.until),)


def resume(clauses: Clauses, state: State, act: Act, body: acts.ResumeMeeting, at: datetime) -> tuple[Event, ...]:
    """The meeting goes on."""
    permit, _ = permission(clauses, state, act, at)
    response = subjects.running(state, body.response)
    subjects.invited(clauses, response, act, permit.id)
    if response.adjourned is None:
        raise Refused(permit.id, "the meeting is not adjourned")
    return (acts.MeetingResumed(response.id),)
