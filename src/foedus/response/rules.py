"""The rules of the response: decide, follow, due and options. Pure: no clock, network, database or setting.

Each handler lives with its subject: incidents, opening, meeting, measures, ballots, lapses. This module is
their table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any, Final, get_args

from foedus.acts import PLACEHOLDER, Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Adjournment, AdReferendum, OpenProposal, Trigger
from foedus.compact.model import Measure as MeasureClause
from foedus.response import acts, ballots, callbacks, incidents, lapses, measures, meeting, opening, transcripts
from foedus.response.acts import Evidence, ResponseAct
from foedus.response.state import Incident, Response
from foedus.state import State

# Without a subject to speak of, options look at so many of the newest: a long record stays quick.
NEWEST = 50
# What options are asked about that concern nothing in the record yet: reports.
REPORT = "report"
SAID_BY = "said by "
# Events from which something follows here: after the close only what was entered before it comes in.
FOLLOWED: tuple[type, ...] = (acts.PositionTaken, acts.VoteCast, acts.TranscriptLapsed)


def decide(clauses: Clauses, state: State, act: Act, at: datetime) -> tuple[Event, ...]:
    """What becomes true because of the act. Raises Refused with the clause."""
    return HANDLERS[type(act.body)](clauses, state, act, act.body, at)


def follow(clauses: Clauses, state: State, event: Event, at: datetime) -> tuple[Event, ...]:
    """What was decided is counted again with what was entered before the close, or without what lapsed."""
    if isinstance(event, acts.TranscriptLapsed):
        return transcripts.recounted(clauses, state, state.response.transcripts[event.transcript].subject)
    if isinstance(event, acts.PositionTaken):
        return measures.recount(clauses, state, state.response.measures[event.measure])
    assert isinstance(event, acts.VoteCast), "only what is in FOLLOWED is asked about"
    return ballots.recount(clauses, state, state.response.ballots[event.ballot])


def due(clauses: Clauses, state: State, at: datetime) -> tuple[acts.RecordLapse, ...]:
    """Deadlines of the procedure that stand and are due at `at` or before."""
    return lapses.due(clauses, state, at)


def options(
    clauses: Clauses,
    state: State,
    seat: str,
    at: datetime,
    about: str | None = None,
    kinds: frozenset[type] | None = None,
) -> Iterator[ResponseAct]:
    """Acts of the procedure that the seat may want to perform; the caller keeps those that decide accepts.

    `about`: only what concerns this response or incident, `REPORT`, or what a seat said (`said_by`); without it, the
    newest incidents and responses. `kinds`: others need not be offered.
    """
    if about is not None and about.startswith(SAID_BY):
        yield from _said_options(clauses, state, about.removeprefix(SAID_BY), at)
        return
    party = state.parties.seats[seat].party
    if about in (None, REPORT) and _wanted(kinds, acts.ReportIncident):
        territory = next(iter(clauses.territory), clauses.compact.protected)
        for _, trigger in clauses.every(Trigger):
            for kind in trigger.kinds:
                yield acts.ReportIncident(kind, territory, at)
    yield from transcripts.options(state, seat, about)
    for incident in _chosen(state.response.incidents, "I", about):
        # Whether others still report what one party withdrew is a long question: it is asked of one incident only.
        if incident.withdrawn is None or about is not None:
            if _wanted(kinds, *_OF_INCIDENTS):
                yield from _incident_options(state, incident, seat, at)
            if not any(state.response.responses[one.value].closed is None for one in incident.responses):
                for ballot in incident.ballots:  # with an open response it is offered there
                    yield from _ballot_options(ballot.value)
    for response in _chosen(state.response.responses, "R", about):
        if response.closed is None:
            if _wanted(kinds, *_OF_MEETINGS):
                yield from _meeting_options(clauses, response, at)
            if _wanted(kinds, acts.RecordCallBack):  # it asks of every office whose it is
                yield from callbacks.options(state, response)
            if _wanted(kinds, *_OF_DECISIONS):
                yield from _decision_options(clauses, state, response, at)
            incident = state.response.incidents[response.incident]
            for ballot in (*response.ballots, *incident.ballots):
                yield from _ballot_options(ballot.value)
        if about is not None:
            yield _evidence(response.incident, seat, at)
        for owed in response.owed:
            if party in owed.parties:
                yield acts.ReportPerformance(response.id, owed.measure)
        for item in response.measures:
            yield acts.ConfirmPosition(item.value)


def _wanted(kinds: frozenset[type] | None, *offered: type) -> bool:
    return kinds is None or not kinds.isdisjoint(offered)


def said_by(seat: str) -> str:
    """What options are asked about to enter what that seat said by telephone or on paper."""
    return SAID_BY + seat


def _said_options(clauses: Clauses, state: State, seat: str, at: datetime) -> Iterator[ResponseAct]:
    """Every position and vote that a seat may have said: on what is on the table in the responses that run."""
    for id_ in state.response.open:
        response = state.response.responses[id_]
        positions = (one for item in response.measures for one in _position_options(clauses, state, item.value, at))
        ballots = (*response.ballots, *state.response.incidents[response.incident].ballots)
        votes = (vote for ballot in ballots for vote in _votes(ballot.value))
        said: Iterator[acts.TakePosition | acts.CastVote] = chain(positions, votes)
        for one in said:
            yield acts.EnterTranscript(seat, one, "voice", at, PLACEHOLDER)


def _chosen(subjects: Any, letter: str, about: str | None) -> list[Any]:
    """The subject asked about, or the newest: their ids count up, so no search is needed."""
    if about is None:
        newest = range(len(subjects), max(0, len(subjects) - NEWEST), -1)
        return [subjects[f"{letter}-{number}"] for number in newest]
    found = subjects.get(about)
    return [found] if found is not None else []


def _evidence(incident: str, seat: str, at: datetime) -> ResponseAct:
    return acts.AddEvidence(incident, (Evidence(PLACEHOLDER, seat, at, "other"),))


_OF_INCIDENTS: Final = (
    acts.Activate, acts.OpenConsultation, acts.RequestConvening, acts.AddEvidence, acts.CorrectIncident,
    acts.ProposeEstablishment, acts.WithdrawIncident, acts.MergeIncidents,
)  # fmt: skip
_OF_MEETINGS: Final = (
    acts.Acknowledge, acts.RegisterDelegation, acts.RecordPresence, acts.CallMeeting, acts.Reply, acts.AdjournMeeting,
    acts.ResumeMeeting,
)  # fmt: skip
_OF_DECISIONS: Final = (
    acts.TakePosition, acts.ProposeMeasure, acts.ReviseMeasure, acts.ProposeExtension, acts.DeclareBadFaith,
)  # fmt: skip


def _incident_options(state: State, incident: Incident, seat: str, at: datetime) -> Iterator[ResponseAct]:
    id_ = incident.id
    yield acts.Activate(id_)
    yield acts.OpenConsultation(id_)
    yield acts.RequestConvening(id_)
    yield _evidence(id_, seat, at)
    yield acts.CorrectIncident(id_, incident.reports[-1].figures)
    yield acts.ProposeEstablishment(id_)
    yield acts.WithdrawIncident(id_)
    for other in _chosen(state.response.incidents, "I", None):
        yield acts.MergeIncidents(id_, other.id)


def _meeting_options(clauses: Clauses, response: Response, at: datetime) -> Iterator[ResponseAct]:
    id_ = response.id
    yield acts.Acknowledge(id_)
    yield acts.RegisterDelegation(id_, head=clauses.compact.roles[0].id)
    yield acts.RecordPresence(id_)
    yield acts.CallMeeting(id_)
    yield acts.Reply(id_)
    adjournment = clauses.one(Adjournment)
    if adjournment:
        yield acts.AdjournMeeting(id_, adjournment[1].at_most.after(at))
    yield acts.ResumeMeeting(id_)


def _decision_options(clauses: Clauses, state: State, response: Response, at: datetime) -> Iterator[ResponseAct]:
    for item in response.measures:
        yield from _position_options(clauses, state, item.value, at)
    for _, measure in clauses.every(MeasureClause):
        if measure.mode == "decision":
            yield acts.ProposeMeasure(response.id, menu=measure.id)
    free = clauses.one(OpenProposal)
    for kind in free[1].kinds if free else ():
        yield acts.ProposeMeasure(response.id, kind=kind, text=PLACEHOLDER)
    for item in response.measures:
        yield acts.ReviseMeasure(item.value, PLACEHOLDER)
    yield acts.ProposeExtension(response.id)
    yield acts.DeclareBadFaith(response.id)


def _ballot_options(ballot: str) -> Iterator[ResponseAct]:
    yield acts.ReplyToObjection(ballot)
    yield from _votes(ballot)


def _votes(ballot: str) -> Iterator[acts.CastVote]:
    for choice in get_args(acts.Choice):
        yield acts.CastVote(ballot, choice)


def _position_options(clauses: Clauses, state: State, measure_id: str, at: datetime) -> Iterator[acts.TakePosition]:
    measure = state.response.measures[measure_id]
    yield acts.TakePosition(measure_id, measure.text, "joins")
    clause = clauses.one(AdReferendum)
    if clause:
        yield acts.TakePosition(measure_id, measure.text, "joins_ad_referendum", confirm_by=clause[1].within.after(at))
    yield acts.TakePosition(measure_id, measure.text, "declines")
    yield acts.TakePosition(measure_id, measure.text, "abstains")


HANDLERS: dict[type, Callable[[Clauses, State, Act, Any, datetime], tuple[Event, ...]]] = {
    acts.ReportIncident: incidents.report,
    acts.AddEvidence: incidents.add_evidence,
    acts.CorrectIncident: incidents.correct,
    acts.WithdrawIncident: incidents.withdraw,
    acts.MergeIncidents: incidents.merge,
    acts.ProposeEstablishment: incidents.propose_establishment,
    acts.Activate: opening.activate,
    acts.OpenConsultation: opening.open_consultation,
    acts.RequestConvening: opening.request_convening,
    acts.CallMeeting: meeting.call,
    acts.Reply: meeting.reply,
    acts.Acknowledge: meeting.acknowledge,
    acts.RecordCallBack: callbacks.record,
    acts.RegisterDelegation: meeting.register,
    acts.RecordPresence: meeting.presence,
    acts.AdjournMeeting: meeting.adjourn,
    acts.ResumeMeeting: meeting.resume,
    acts.ProposeMeasure: measures.propose,
    acts.ReviseMeasure: measures.revise,
    acts.TakePosition: measures.take_position,
    acts.ConfirmPosition: measures.confirm,
    acts.ReportPerformance: measures.perform,
    acts.ProposeExtension: ballots.propose_extension,
    acts.DeclareBadFaith: ballots.declare_bad_faith,
    acts.ReplyToObjection: ballots.reply,
    acts.CastVote: ballots.vote,
    acts.EnterTranscript: transcripts.enter,
    acts.CountersignTranscript: transcripts.countersign,
    acts.RecordLapse: lapses.record,
}
