"""What each entry has to tell whom: a pure function of entries. Same entries, same messages.

It knows seats and parties, no person and no channel, and asks no clock. Whether what a message asks for was done is
read off the state (`settled`), never off a provider's answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from foedus.acts import Entry, Event, Marking
from foedus.compact.clauses import Clauses
from foedus.response import acts as r
from foedus.response.state import Response
from foedus.sanctions import acts as s
from foedus.state import State

Kind = Literal[
    "opened", "consultation", "reply", "owed", "measure", "revised", "ballot", "called", "convened", "not_convened",
    "adjourned", "resumed", "extended", "overdue", "decided", "closed", "withdrawn", "corrected", "denied", "snapback",
    "snapback_notified", "snapback_stopped", "test", "no_play",
]  # fmt: skip
# In this order a party's offices are told; others follow by name, and those at the end last of all. A text that calls
# its offices otherwise has them told in the order of their names.
FIRST, LAST = ("duty", "watch", "alternate", "head", "foreign", "defence"), ("embassy",)
# What nobody has to answer is worth reading for so long; what somebody has to, until its deadline or so long.
NEWS, ASKED = timedelta(hours=24), timedelta(hours=72)


class Message(Struct, frozen=True):
    """What one party is told because of one entry; `id` is (entry, n).

    `seats`: its offices in the order in which they are told while nobody answers. `needs`: the act that answers it, by
    `due_at`; empty when nothing is asked. `amends`: everyone of the party who got anything about this is told again,
    over the same channels. After `expires_at` nobody is told any more.
    """

    entry: int
    n: int
    kind: Kind
    about: str
    party: str
    seats: tuple[str, ...]
    at: datetime
    expires_at: datetime
    exercise: bool
    marking: Marking = Marking()
    needs: str = ""
    due_at: datetime | None = None
    amends: str = ""

    @property
    def id(self) -> str:
        """Its name for ever: by it duplicates are folded into one. What no entry tells has `entry` -1 and its own."""
        return f"{self.entry if self.entry >= 0 else self.kind}.{self.n}"

    @property
    def case(self) -> str:
        """The response or snapback that it belongs to: what is told of one case makes one thread."""
        return self.about.partition("/")[0]


class Draft(Struct, frozen=True):
    """What an event tells, before it is known in which order."""

    kind: Kind
    about: str
    parties: tuple[str, ...]
    needs: str = ""
    due_at: datetime | None = None
    amends: str = ""


def messages(clauses: Clauses, before: State, after: State, entry: Entry, marking: Marking) -> tuple[Message, ...]:
    """What the entry that leads from `before` to `after` tells. `marking`: of the act that it holds."""
    record = after.parties.record
    assert record is not None, "an entry stands in an opened record"
    made: list[Message] = []
    for draft in dict.fromkeys(draft for event in entry.events for draft in _drafts(event, after, entry.events)):
        for party in draft.parties:
            seats = ladder(clauses, after, party, draft.needs)
            lasts = draft.due_at or entry.at + (ASKED if draft.needs else NEWS)
            made.append(
                Message(
                    before.size, len(made), draft.kind, draft.about, party, seats, entry.at,
                    max(lasts, entry.at + timedelta(hours=1)), record.exercise, marking, draft.needs,
                    draft.due_at, draft.amends,
                )
            )  # fmt: skip
    return tuple(made)


def ladder(clauses: Clauses, state: State, party: str, act: str = "") -> tuple[str, ...]:
    """The party's seats in force in the order in which they are told: who may do the act, and who is on duty."""
    seats = [one for one in state.parties.seats.values() if one.party == party and one.revoked is None]
    if act:
        able = {one.id for one in seats if _may(clauses, one.role, act)}
        seats = [one for one in seats if one.id in able or one.role in FIRST[:2]]
    return tuple(one.id for one in sorted(seats, key=lambda one: (_rank(one.role), one.role)))


def _rank(role: str) -> int:
    if role in FIRST:
        return FIRST.index(role)
    return len(FIRST) + (role in LAST)


def _may(clauses: Clauses, role: str, act: str) -> bool:
    return any(not by.roles or role in by.roles for _, permit in clauses.permits(act) for by in permit.by)


def settled(state: State, message: Message) -> bool:
    """Whether nobody needs to be told any more: what is asked was done, or the case it belongs to is over."""
    return bool(message.needs) and _SETTLED[message.needs](state, message)


def _over(state: State, message: Message) -> bool:
    response = state.response.responses.get(message.case)
    return response is None or response.closed is not None


def _voted(state: State, message: Message) -> bool:
    ballot = state.response.ballots[message.about]
    return ballot.closed is not None or message.party in ballot.votes


def _decided(state: State, message: Message) -> bool:
    position = state.response.measures[message.about].position(message.party)
    spoken = position is not None and position.text == state.response.measures[message.about].text
    return spoken or _over(state, message)


def _performed(state: State, message: Message) -> bool:
    response = state.response.responses[message.case]
    if response.closed is not None and response.closed.value == "withdrawn":
        return True
    return any(
        message.about == f"{response.id}/{one.measure}" and message.party in one.performed for one in response.owed
    )


_SETTLED: dict[str, Callable[[State, Message], bool]] = {
    "Acknowledge": lambda state, m: _over(state, m) or m.party in state.response.responses[m.case].acknowledged,
    "Reply": lambda state, m: _over(state, m) or state.response.responses[m.case].replied is not None,
    "ReportPerformance": _performed,
    "TakePosition": _decided,
    "CastVote": _voted,
    "EnactReinstatement": lambda state, m: m.party not in state.sanctions.snapbacks[m.about].missing,
}


# --- what each event tells ----------------------------------------------------------------------------------


def _drafts(event: Event, after: State, beside: tuple[Event, ...]) -> Iterator[Draft]:
    if isinstance(event, r.MeasureOwed):
        yield from _owed(event, [one for one in beside if isinstance(one, r.MeasureOwed)])
        return
    told = _TELLS.get(type(event))
    if told is not None:
        yield from told(event, after)


def _everyone(response: Response) -> tuple[str, ...]:
    """All whom a response concerns: its roll, whom the request addresses, and who asked."""
    return tuple(dict.fromkeys((*response.roll, *response.addressed, response.party)))


def _opened(event: r.ResponseOpened, after: State) -> Iterator[Draft]:
    response = after.response.responses[event.response]
    kind: Kind = "opened" if event.mode == "response" else "consultation"
    others = tuple(party for party in event.roll if party not in event.addressed)
    clock = response.clock("acknowledge")
    yield Draft(kind, response.id, others, "Acknowledge", clock.due if clock else None)
    reply = response.clock("reply")
    if event.addressed:
        yield Draft("reply", response.id, event.addressed, "Reply", reply.due if reply else None)


def _owed(event: r.MeasureOwed, all_owed: list[r.MeasureOwed]) -> Iterator[Draft]:
    """A party that owes several measures at once is told so once, by the first of them."""
    first = {party: one for one in reversed(all_owed) for party in one.parties}
    parties = tuple(party for party in event.parties if first[party] is event)
    dues = [one.due_at for one in all_owed if set(parties) & set(one.parties)]
    yield Draft("owed", event.response, parties, "ReportPerformance", min(dues, default=event.due_at))


def _measure(event: r.MeasureProposed, after: State) -> Iterator[Draft]:
    response = after.response.responses[event.response]
    yield Draft("measure", event.measure, response.roll, "TakePosition", _decide_by(response))


def _revised(event: r.MeasureRevised, after: State) -> Iterator[Draft]:
    response = after.response.responses[after.response.measures[event.measure].response]
    yield Draft("revised", event.measure, response.roll, "TakePosition", _decide_by(response), response.id)


def _decide_by(response: Response) -> datetime | None:
    clock = response.clock("decide")
    return clock.due if clock else None


def _ballot(event: r.BallotOpened, after: State) -> Iterator[Draft]:
    yield Draft("ballot", event.ballot, event.roll, "CastVote", event.closes_at)


def _news(kind: Kind) -> Callable[[Any, State], Iterator[Draft]]:
    """What all whom the response concerns are told, and who got what went before is told in the same way."""

    def tells(event: Any, after: State) -> Iterator[Draft]:
        response = after.response.responses[event.response]
        yield Draft(kind, response.id, _everyone(response), amends=response.id)

    return tells


def _lapsed(event: r.StepLapsed, after: State) -> Iterator[Draft]:
    if event.step in ("acknowledge", "reply"):
        needs = "Acknowledge" if event.step == "acknowledge" else "Reply"
        yield Draft("overdue", event.response, event.silent, needs)


def _closed(event: r.ResponseClosed, after: State) -> Iterator[Draft]:
    if event.reason == "decided":
        return  # ResponseDecided, in the same entry, says more
    response = after.response.responses[event.response]
    kind: Kind = "withdrawn" if event.reason == "withdrawn" else "closed"
    yield Draft(kind, response.id, _everyone(response), amends=response.id)


def _called_back(event: r.CalledBack, after: State) -> Iterator[Draft]:
    """An office that denies its request is told to everybody at once; a confirmation or an empty line alarms nobody."""
    if event.answer == "denied":
        response = after.response.responses[event.response]
        yield Draft("denied", response.id, _everyone(response), amends=response.id)


def _incident(event: r.IncidentCorrected | r.IncidentWithdrawn, after: State) -> Iterator[Draft]:
    """A report that others rest on changed: who was told of a response that still runs is told so."""
    yield from _of_incident(after, event.incident)


def _merged(event: r.IncidentsMerged, after: State) -> Iterator[Draft]:
    yield from _of_incident(after, event.into)


def _of_incident(after: State, incident: str) -> Iterator[Draft]:
    for one in after.response.incidents[incident].responses:
        response = after.response.responses[one.value]
        if response.closed is None:
            yield Draft("corrected", response.id, _everyone(response), amends=response.id)


def _snapback(event: s.SnappedBack, after: State) -> Iterator[Draft]:
    yield Draft("snapback", event.snapback, event.issuers, "EnactReinstatement", event.owed_by)


def _issuers(kind: Kind) -> Callable[[Any, State], Iterator[Draft]]:
    def tells(event: Any, after: State) -> Iterator[Draft]:
        issuers = {name.partition("/")[0] for name in after.sanctions.regimes}
        yield Draft(kind, event.snapback, tuple(sorted(issuers)), amends=event.snapback)

    return tells


_TELLS: dict[type, Callable[[Any, State], Iterator[Draft]]] = {
    r.ResponseOpened: _opened,
    r.MeasureProposed: _measure,
    r.MeasureRevised: _revised,
    r.BallotOpened: _ballot,
    r.MeetingCalled: _news("called"),
    r.Convened: _news("convened"),
    r.ConveningFailed: _news("not_convened"),
    r.MeetingAdjourned: _news("adjourned"),
    r.MeetingResumed: _news("resumed"),
    r.ClockExtended: _news("extended"),
    r.StepLapsed: _lapsed,
    r.ResponseDecided: _news("decided"),
    r.ResponseClosed: _closed,
    r.CalledBack: _called_back,
    r.IncidentCorrected: _incident,
    r.IncidentWithdrawn: _incident,
    r.IncidentsMerged: _merged,
    s.SnappedBack: _snapback,
    s.SnapbackNotified: _issuers("snapback_notified"),
    s.SnapbackStopped: _issuers("snapback_stopped"),
}
