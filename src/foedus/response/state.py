"""Incidents and responses as the entries add up to. Values and evolve; no rule, no compact.

A subject keeps every fact with its place, so `history.as_of` shows it at any past time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus.history import Agenda, Dated, Deadline, Few, Map, Place, noted, rest
from foedus.response import acts
from foedus.response.acts import CastVote, Contribution, Evidence, Figure, Outcome, ResponseEvent, TakePosition


class Report(Struct, frozen=True, gc=False, array_like=True):
    """What was said of an incident, first or in correction."""

    figures: tuple[Figure, ...]
    occurred_until: datetime | None
    party: str
    place: Place


class EvidenceItem(Struct, frozen=True, gc=False, array_like=True):
    """Evidence and who brought it in."""

    evidence: Evidence
    party: str
    place: Place


class Incident(Struct, frozen=True, gc=False, array_like=True):
    """Something that happened, as reported. `occurred_from` is when; `place` is when it was received.

    `others`: reports merged into this one, in that order.
    """

    id: str
    kind: str
    territory: str
    party: str
    occurred_from: datetime
    attributed_to: str | None
    place: Place
    reports: tuple[Report, ...]
    evidence: tuple[EvidenceItem, ...] = ()
    withdrawn: Place | None = None
    merged_into: Dated[str] | None = None
    established: Dated[str] | None = None
    responses: tuple[Dated[str], ...] = ()
    ballots: tuple[Dated[str], ...] = ()
    others: tuple[Dated[str], ...] = ()


class Clock(Struct, frozen=True, gc=False, array_like=True):
    """One step's deadline. `due_at` as first fixed; extensions follow; `met` or `lapsed` ends it."""

    step: str
    due_at: datetime
    provision: str
    on_lapse: str
    hard: bool
    place: Place
    extensions: tuple[Dated[datetime], ...] = ()
    met: Place | None = None
    lapsed: Place | None = None

    @property
    def due(self) -> datetime:
        """When the step is due, extensions counted."""
        return self.extensions[-1].value if self.extensions else self.due_at

    @property
    def running(self) -> bool:
        """Neither met nor lapsed."""
        return self.met is None and self.lapsed is None


class ClauseClock(Struct, frozen=True, gc=False, array_like=True):
    """Another instrument's clause that the same event opened; `due_at` None where the text names no hours."""

    agreement: str
    parties: tuple[str, ...]
    due_at: datetime | None
    hard: bool
    binding: bool
    place: Place
    met: Place | None = None
    lapsed: Place | None = None


class Owed(Struct, frozen=True, gc=False, array_like=True):
    """An immediate measure and who owes it. `performed`: by party."""

    measure: str
    provision: str
    parties: tuple[str, ...]
    due_at: datetime
    place: Place
    performed: Few[Place] = Few()
    lapsed: Place | None = None


class Delegation(Struct, frozen=True, gc=False, array_like=True):
    """Offices that attend for a party."""

    head: str
    alternate: str | None
    remote: bool
    full_powers: str | None
    place: Place


class Presence(Struct, frozen=True, gc=False, array_like=True):
    """A delegation present, in the room or remote."""

    remote: bool
    place: Place


class Adjournment(Struct, frozen=True, gc=False, array_like=True):
    """The meeting stood adjourned until a moment, or until it was resumed."""

    until: datetime
    place: Place
    resumed: Place | None = None


class Position(Struct, frozen=True, gc=False, array_like=True):
    """One position of one party on one version; later positions replace it, none erases it."""

    seat: str
    text: str
    stance: str
    contributions: tuple[Contribution, ...]
    starts_on: date | None
    caveats: tuple[str, ...]
    conditions: tuple[str, ...]
    confirm_by: datetime | None
    place: Place
    confirmed: Place | None = None
    lapsed: Place | None = None


class Measure(Struct, frozen=True, gc=False, array_like=True):
    """A measure on the table. `versions`: digests, newest last. `positions`: by party, newest last."""

    id: str
    response: str
    kind: str
    menu: str | None
    party: str
    place: Place
    versions: tuple[Dated[str], ...]
    positions: Few[tuple[Position, ...]] = Few()

    @property
    def text(self) -> str:
        """Digest of the newest version."""
        return self.versions[-1].value

    def position(self, party: str) -> Position | None:
        """The party's last word; None when it has said nothing."""
        said = self.positions.get(party)
        return said[-1] if said else None


class Ballot(Struct, frozen=True, gc=False, array_like=True):
    """A question for the roll: an extension, an objection, an establishment."""

    id: str
    about: str
    subject: str
    provision: str
    party: str
    roll: tuple[str, ...]
    closes_at: datetime
    reply_by: datetime | None
    place: Place
    replied: Place | None = None
    votes: Few[tuple[Dated[str], ...]] = Few()
    closings: tuple[Dated[bool], ...] = ()

    @property
    def closed(self) -> Dated[bool] | None:
        """Whether it carried, as last counted; None while it is open."""
        return self.closings[-1] if self.closings else None


class Count(Struct, frozen=True, gc=False, array_like=True):
    """How each measure ended, by what was known then, and who stayed silent on all."""

    outcomes: tuple[Outcome, ...]
    silent: tuple[str, ...]
    place: Place


class Decided(Struct, frozen=True, gc=False, array_like=True):
    """How the response was decided. `counts`: at the close, then with each word entered before it; newest last."""

    counts: tuple[Count, ...]
    absent: tuple[str, ...]
    place: Place

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How each measure ended, as last counted."""
        return self.counts[-1].outcomes

    @property
    def silent(self) -> tuple[str, ...]:
        """Who stayed silent on all, as last counted."""
        return self.counts[-1].silent


class Transcript(Struct, frozen=True, gc=False, array_like=True):
    """What a seat said and another entered. `place`: when it was entered; `said_at`: when it was said."""

    id: str
    party: str
    seat: str
    by: str
    said: TakePosition | CastVote
    means: str
    said_at: datetime
    source: str
    lapses_at: datetime
    place: Place
    countersigned: Place | None = None
    lapsed: Place | None = None

    @property
    def waits(self) -> bool:
        """Whether its seat may still countersign."""
        return self.countersigned is None and self.lapsed is None

    @property
    def subject(self) -> str:
        """The measure or the ballot that it speaks of."""
        return self.said.measure if isinstance(self.said, TakePosition) else self.said.ballot


class CallBack(Struct, frozen=True, gc=False, array_like=True):
    """`seat` of `party` asked the office `called` by telephone whether the request was theirs; recorded at `place`."""

    party: str
    seat: str
    called: str
    answer: str
    place: Place


class Response(Struct, frozen=True, gc=False, array_like=True):
    """One response from T0 (`place.at`) to its end."""

    id: str
    incident: str
    mode: str
    party: str
    provision: str
    roll: tuple[str, ...]
    addressed: tuple[str, ...]
    place: Place
    clocks: tuple[Clock, ...] = ()
    clauses: tuple[ClauseClock, ...] = ()
    owed: tuple[Owed, ...] = ()
    acknowledged: Few[Place] = Few()
    delegations: Few[tuple[Delegation, ...]] = Few()
    present: Few[Presence] = Few()
    adjournments: tuple[Adjournment, ...] = ()
    measures: tuple[Dated[str], ...] = ()
    ballots: tuple[Dated[str], ...] = ()
    called: Dated[str] | None = None
    replied: Dated[str] | None = None
    convened: Dated[str] | None = None
    failed: Dated[tuple[str, ...]] | None = None
    decided: Decided | None = None
    closed: Dated[str] | None = None
    entries: tuple[Place, ...] = ()
    calls: tuple[CallBack, ...] = ()

    def clock(self, step: str) -> Clock | None:
        """The clock of a step, None when no clause started one."""
        for clock in self.clocks:
            if clock.step == step:
                return clock
        return None

    @property
    def adjourned(self) -> Adjournment | None:
        """The adjournment that stands now."""
        last = self.adjournments[-1] if self.adjournments else None
        return last if last and last.resumed is None else None


class State(Struct, frozen=True, gc=False, array_like=True):
    """All incidents, responses, measures, ballots and transcripts by id; `waiting`: transcripts that their seat may
    still countersign; `open`: responses still running; deadlines in `agenda`.
    """

    incidents: Map[str, Incident] = HashTrieMap()
    responses: Map[str, Response] = HashTrieMap()
    measures: Map[str, Measure] = HashTrieMap()
    ballots: Map[str, Ballot] = HashTrieMap()
    transcripts: Map[str, Transcript] = HashTrieMap()
    waiting: Map[str, Place] = HashTrieMap()
    open: Map[str, Place] = HashTrieMap()
    agenda: Agenda | None = None


def evolve(state: State, event: ResponseEvent, place: Place) -> State:
    """The state after one event of this package. Never refuses: what was recorded is so."""
    after = _touched(_EVOLVE[type(event)](state, event, place), event, place)
    return _settled(after) if type(event) in _SETTLES else after


def _touched(state: State, event: ResponseEvent, place: Place) -> State:
    """The response whose measure or ballot an event is about remembers the entry too, as `_with` has it do."""
    about = _ABOUT[type(event)]
    if about == "measure":
        response = state.responses[state.measures[event.measure].response]  # type: ignore[union-attr]  # _ABOUT narrows it
        return _with(state, response, place)
    if about == "ballot":
        asked = state.responses.get(state.ballots[event.ballot].subject)  # type: ignore[union-attr]  # _ABOUT narrows it
        return _with(state, asked, place) if asked is not None else state
    return state


# --- incidents ----------------------------------------------------------------------------------------------


def _incident(state: State, incident: Incident) -> State:
    return replace(state, incidents=state.incidents.insert(incident.id, incident))


def _incident_reported(state: State, event: acts.IncidentReported, place: Place) -> State:
    report = Report(event.figures, event.occurred_until, event.party, place)
    return _incident(
        state,
        Incident(
            event.incident, event.kind, event.territory, event.party, event.occurred_from, event.attributed_to, place,
            (report,),
        ),
    )  # fmt: skip


def _evidence_added(state: State, event: acts.EvidenceAdded, place: Place) -> State:
    incident = state.incidents[event.incident]
    items = tuple(EvidenceItem(item, event.party, place) for item in event.evidence)
    return _incident(state, replace(incident, evidence=incident.evidence + items))


def _incident_corrected(state: State, event: acts.IncidentCorrected, place: Place) -> State:
    incident = state.incidents[event.incident]
    until = event.occurred_until or incident.reports[-1].occurred_until
    report = Report(event.figures, until, event.party, place)
    return _incident(state, replace(incident, reports=(*incident.reports, report)))


def _incident_withdrawn(state: State, event: acts.IncidentWithdrawn, place: Place) -> State:
    return _incident(state, replace(state.incidents[event.incident], withdrawn=place))


def _incidents_merged(state: State, event: acts.IncidentsMerged, place: Place) -> State:
    state = _incident(state, replace(state.incidents[event.incident], merged_into=Dated(event.into, place)))
    into = state.incidents[event.into]
    return _incident(state, replace(into, others=(*into.others, Dated(event.incident, place))))


def _attack_established(state: State, event: acts.AttackEstablished, place: Place) -> State:
    return _incident(state, replace(state.incidents[event.incident], established=Dated(event.provision, place)))


# --- the procedure ------------------------------------------------------------------------------------------


def _response(state: State, response: Response) -> State:
    return replace(state, responses=state.responses.insert(response.id, response))


def _with(state: State, response: Response, place: Place, **changes: Any) -> State:
    """The response changed; it remembers the entry, so that its timeline needs no search."""
    if not response.entries or response.entries[-1].entry != place.entry:
        changes["entries"] = (*response.entries, place)
    return _response(state, replace(response, **changes))


def _noted(state: State, due_at: datetime, id_: str) -> State:
    return replace(state, agenda=noted(state.agenda, Deadline(due_at, id_)))


def _response_opened(state: State, event: acts.ResponseOpened, place: Place) -> State:
    response = Response(
        event.response,
        event.incident,
        event.mode,
        event.party,
        event.provision,
        event.roll,
        event.addressed,
        place,
        entries=(place,),
    )
    incident = state.incidents[event.incident]
    state = _incident(state, replace(incident, responses=(*incident.responses, Dated(event.response, place))))
    return replace(_response(state, response), open=state.open.insert(event.response, place))


def _clock_started(state: State, event: acts.ClockStarted, place: Place) -> State:
    response = state.responses[event.response]
    clock = Clock(event.step, event.due_at, event.provision, event.on_lapse, event.hard, place)
    state = _with(state, response, place, clocks=(*response.clocks, clock))
    return _noted(state, event.due_at, f"{event.response}/step/{event.step}")


def _clock_changed(
    state: State, event: acts.ClockMet | acts.ClockExtended | acts.StepLapsed, place: Place, **changes: Any
) -> State:
    response, step = state.responses[event.response], event.step
    clocks = tuple([replace(c, **changes) if c.step == step and c.running else c for c in response.clocks])
    return _with(state, response, place, clocks=clocks)


def _clock_extended(state: State, event: acts.ClockExtended, place: Place) -> State:
    clock = state.responses[event.response].clock(event.step)
    assert clock is not None, "an extension was recorded for a clock that never started"
    extensions = (*clock.extensions, Dated(event.due_at, place))
    state = _clock_changed(state, event, place, extensions=extensions)
    return _noted(state, event.due_at, f"{event.response}/step/{event.step}")


def _clause_opened(state: State, event: acts.ClauseOpened, place: Place) -> State:
    response = state.responses[event.response]
    clause = ClauseClock(event.agreement, event.parties, event.due_at, event.hard, event.binding, place)
    state = _with(state, response, place, clauses=(*response.clauses, clause))
    return _noted(state, event.due_at, f"{event.response}/clause/{event.agreement}") if event.due_at else state


def _clause_changed(state: State, event: acts.ClauseMet | acts.ClauseLapsed, place: Place, **changes: Any) -> State:
    response = state.responses[event.response]
    clauses = tuple([replace(c, **changes) if c.agreement == event.agreement else c for c in response.clauses])
    return _with(state, response, place, clauses=clauses)


def _measure_owed(state: State, event: acts.MeasureOwed, place: Place) -> State:
    response = state.responses[event.response]
    owed = Owed(event.measure, event.provision, event.parties, event.due_at, place)
    state = _with(state, response, place, owed=(*response.owed, owed))
    return _noted(state, event.due_at, f"{event.response}/owed/{event.measure}")


def _owed_changed(
    state: State, event: acts.PerformanceReported | acts.OwedLapsed, place: Place, change: Callable[[Owed], Owed]
) -> State:
    response, measure = state.responses[event.response], event.measure
    owed = tuple([change(item) if item.measure == measure else item for item in response.owed])
    return _with(state, response, place, owed=owed)


def _performance(state: State, event: acts.PerformanceReported, place: Place) -> State:
    return _owed_changed(
        state,
        event,
        place,
        lambda owed: replace(owed, performed=owed.performed.insert(event.party, place)),
    )


def _acknowledged(state: State, event: acts.Acknowledged, place: Place) -> State:
    response = state.responses[event.response]
    return _with(state, response, place, acknowledged=response.acknowledged.insert(event.party, place))


def _called_back(state: State, event: acts.CalledBack, place: Place) -> State:
    response = state.responses[event.response]
    made = CallBack(event.party, event.seat, event.called, event.answer, place)
    return _with(state, response, place, calls=(*response.calls, made))


def _delegation(state: State, event: acts.DelegationRegistered, place: Place) -> State:
    response = state.responses[event.response]
    delegation = Delegation(event.head, event.alternate, event.remote, event.full_powers, place)
    named = (*response.delegations.get(event.party, ()), delegation)
    return _with(state, response, place, delegations=response.delegations.insert(event.party, named))


def _party_present(state: State, event: acts.PartyPresent, place: Place) -> State:
    response = state.responses[event.response]
    present = response.present.insert(event.party, Presence(event.remote, place))
    return _with(state, response, place, present=present)


def _adjourned(state: State, event: acts.MeetingAdjourned, place: Place) -> State:
    response = state.responses[event.response]
    return _with(state, response, place, adjournments=(*response.adjournments, Adjournment(event.until, place)))


def _resumed(state: State, event: acts.MeetingResumed, place: Place) -> State:
    response = state.responses[event.response]
    *before, last = response.adjournments
    return _with(state, response, place, adjournments=(*before, replace(last, resumed=place)))


# --- measures, positions, ballots ---------------------------------------------------------------------------


def _measure_proposed(state: State, event: acts.MeasureProposed, place: Place) -> State:
    versions = (Dated(event.text, place),)
    measure = Measure(event.measure, event.response, event.kind, event.menu, event.party, place, versions)
    response = state.responses[event.response]
    state = _with(state, response, place, measures=(*response.measures, Dated(event.measure, place)))
    return replace(state, measures=state.measures.insert(measure.id, measure))


def _measure_revised(state: State, event: acts.MeasureRevised, place: Place) -> State:
    measure = state.measures[event.measure]
    measure = replace(measure, versions=(*measure.versions, Dated(event.text, place)))
    return replace(state, measures=state.measures.insert(measure.id, measure))


def _position_taken(state: State, event: acts.PositionTaken, place: Place) -> State:
    position = Position(
        event.seat, event.text, event.stance, event.contributions, event.starts_on, event.caveats, event.conditions,
        event.confirm_by, place,
    )  # fmt: skip
    measure = state.measures[event.measure]
    positions = measure.positions.insert(event.party, (*measure.positions.get(event.party, ()), position))
    state = replace(state, measures=state.measures.insert(measure.id, replace(measure, positions=positions)))
    if event.confirm_by is None:
        return state
    return _noted(state, event.confirm_by, f"{event.measure}/confirm/{event.party}")


def _position_changed(state: State, event: acts.PositionConfirmed | acts.PositionLapsed, **changes: Any) -> State:
    measure = state.measures[event.measure]
    said = measure.positions[event.party]
    positions = measure.positions.insert(event.party, (*said[:-1], replace(said[-1], **changes)))
    return replace(state, measures=state.measures.insert(measure.id, replace(measure, positions=positions)))


def _ballot(state: State, ballot: Ballot) -> State:
    return replace(state, ballots=state.ballots.insert(ballot.id, ballot))


def _ballot_opened(state: State, event: acts.BallotOpened, place: Place) -> State:
    ballot = Ballot(
        event.ballot, event.about, event.subject, event.provision, event.party, event.roll, event.closes_at,
        event.reply_by, place,
    )  # fmt: skip
    state = _noted(_ballot(state, ballot), event.closes_at, f"{event.ballot}/close")
    asked = Dated(event.ballot, place)
    if event.about == "establishment":
        incident = state.incidents[event.subject]
        return _incident(state, replace(incident, ballots=(*incident.ballots, asked)))
    response = state.responses[event.subject]
    return _with(state, response, place, ballots=(*response.ballots, asked))


def _vote_cast(state: State, event: acts.VoteCast, place: Place) -> State:
    ballot = state.ballots[event.ballot]
    vote: Dated[str] = Dated(event.choice, place)
    said = (*ballot.votes.get(event.party, ()), vote)
    return _ballot(state, replace(ballot, votes=ballot.votes.insert(event.party, said)))


def _ballot_closed(state: State, event: acts.BallotClosed, place: Place) -> State:
    return _counted(state, event.ballot, Dated(event.carried, place))


def _counted(state: State, id_: str, carried: Dated[bool]) -> State:
    ballot = state.ballots[id_]
    return _ballot(state, replace(ballot, closings=(*ballot.closings, carried)))


def _transcript(state: State, transcript: Transcript, place: Place) -> State:
    """The transcript changed; the response that it speaks of remembers the entry."""
    waiting = state.waiting.insert(transcript.id, place) if transcript.waits else state.waiting.discard(transcript.id)
    state = replace(state, transcripts=state.transcripts.insert(transcript.id, transcript), waiting=waiting)
    if isinstance(transcript.said, TakePosition):
        return _with(state, state.responses[state.measures[transcript.subject].response], place)
    asked = state.responses.get(state.ballots[transcript.subject].subject)
    return _with(state, asked, place) if asked is not None else state


def _transcript_entered(state: State, event: acts.TranscriptEntered, place: Place) -> State:
    transcript = Transcript(
        event.transcript, event.party, event.seat, event.by, event.said, event.means, event.said_at, event.source,
        event.lapses_at, place,
    )  # fmt: skip
    state = _transcript(state, transcript, place)
    return _noted(state, event.lapses_at, f"{transcript.id}/transcript/{transcript.party}")


def _transcript_changed(
    state: State, event: acts.TranscriptCountersigned | acts.TranscriptLapsed, place: Place, **changes: Any
) -> State:
    return _transcript(state, replace(state.transcripts[event.transcript], **changes), place)


def _outcome_recounted(state: State, event: acts.OutcomeRecounted, place: Place) -> State:
    decided = state.responses[event.response].decided
    assert decided is not None, "only what was decided is counted again"
    outcomes = [event.outcome if one.measure == event.outcome.measure else one for one in decided.outcomes]
    count = Count(tuple(outcomes), event.silent, place)
    return _with(
        state, state.responses[event.response], place, decided=replace(decided, counts=(*decided.counts, count))
    )


def _decided(state: State, event: acts.ResponseDecided, place: Place) -> State:
    decided = Decided((Count(event.outcomes, event.silent, place),), event.absent, place)
    return _with(state, state.responses[event.response], place, decided=decided)


def _response_closed(state: State, event: acts.ResponseClosed, place: Place) -> State:
    state = _with(state, state.responses[event.response], place, closed=Dated(event.reason, place))
    return replace(state, open=state.open.discard(event.response))


# --- deadlines ----------------------------------------------------------------------------------------------


def standing_deadline(state: State, deadline: Deadline) -> bool:
    """Whether a deadline of the agenda still stands: not met, not lapsed, not moved, not overtaken by the
    end.
    """
    subject, kind, what = split_deadline(deadline.id)
    if kind == "close":
        ballot = state.ballots[subject]
        return ballot.closed is None and ballot.closes_at == deadline.due_at
    if kind == "confirm":
        position = state.measures[subject].position(what)
        return (
            position is not None
            and position.confirm_by == deadline.due_at
            and position.confirmed is None
            and position.lapsed is None
        )
    if kind == "transcript":
        transcript = state.transcripts[subject]
        return transcript.waits and transcript.lapses_at == deadline.due_at
    response = state.responses[subject]
    if kind == "step":
        clock = response.clock(what)
        return response.closed is None and clock is not None and clock.running and clock.due == deadline.due_at
    if kind == "clause":
        clause = next(c for c in response.clauses if c.agreement == what)
        return clause.met is None and clause.lapsed is None and not _withdrawn(response)
    owed = next(item for item in response.owed if item.measure == what)
    return owed.lapsed is None and len(owed.performed) < len(owed.parties) and not _withdrawn(response)


def _withdrawn(response: Response) -> bool:
    return response.closed is not None and response.closed.value == "withdrawn"


def split_deadline(id_: str) -> tuple[str, str, str]:
    """Subject, kind and detail of a deadline id, such as `R-1/step/convene`, `R-1/M-2/confirm/POL`,
    `T-1/transcript/POL`, `R-1/B-1/close`.
    """
    if id_.endswith("/close"):
        return id_[: -len("/close")], "close", ""
    subject, kind, what = id_.rsplit("/", 2)
    return subject, kind, what


def _settled(state: State) -> State:
    """The state without the deadlines at the top of its agenda that no longer stand."""
    agenda = state.agenda
    while agenda is not None and not standing_deadline(state, agenda.first):
        agenda = rest(agenda)
    return state if agenda is state.agenda else replace(state, agenda=agenda)


# After these the first deadline may stand no more; whoever asks what is next then need not look at it again.
_SETTLES = frozenset(
    (
        acts.ClockMet, acts.ClockExtended, acts.ClauseMet, acts.ClauseLapsed, acts.StepLapsed, acts.OwedLapsed,
        acts.PerformanceReported, acts.PositionTaken, acts.PositionConfirmed, acts.PositionLapsed, acts.BallotClosed,
        acts.ResponseClosed, acts.TranscriptCountersigned, acts.TranscriptLapsed,
    )
)  # fmt: skip
_EVOLVE: dict[type, Callable[[State, Any, Place], State]] = {
    acts.IncidentReported: _incident_reported,
    acts.EvidenceAdded: _evidence_added,
    acts.IncidentCorrected: _incident_corrected,
    acts.IncidentWithdrawn: _incident_withdrawn,
    acts.IncidentsMerged: _incidents_merged,
    acts.AttackEstablished: _attack_established,
    acts.ResponseOpened: _response_opened,
    acts.ClockStarted: _clock_started,
    acts.ClockMet: lambda s, e, p: _clock_changed(s, e, p, met=p),
    acts.ClockExtended: _clock_extended,
    acts.ClauseOpened: _clause_opened,
    acts.ClauseMet: lambda s, e, p: _clause_changed(s, e, p, met=p),
    acts.ClauseLapsed: lambda s, e, p: _clause_changed(s, e, p, lapsed=p),
    acts.MeasureOwed: _measure_owed,
    acts.PerformanceReported: _performance,
    acts.OwedLapsed: lambda s, e, p: _owed_changed(s, e, p, lambda o: replace(o, lapsed=p)),
    acts.Acknowledged: _acknowledged,
    acts.CalledBack: _called_back,
    acts.DelegationRegistered: _delegation,
    acts.PartyPresent: _party_present,
    acts.MeetingCalled: lambda s, e, p: _with(s, s.responses[e.response], p, called=Dated(e.party, p)),
    acts.Replied: lambda s, e, p: _with(s, s.responses[e.response], p, replied=Dated(e.party, p)),
    acts.Convened: lambda s, e, p: _with(s, s.responses[e.response], p, convened=Dated(e.provision, p)),
    acts.ConveningFailed: lambda s, e, p: _with(s, s.responses[e.response], p, failed=Dated(e.absent, p)),
    acts.StepLapsed: lambda s, e, p: _clock_changed(s, e, p, lapsed=p),
    acts.MeetingAdjourned: _adjourned,
    acts.MeetingResumed: _resumed,
    acts.MeasureProposed: _measure_proposed,
    acts.MeasureRevised: _measure_revised,
    acts.PositionTaken: _position_taken,
    acts.PositionConfirmed: lambda s, e, p: _position_changed(s, e, confirmed=p),
    acts.PositionLapsed: lambda s, e, p: _position_changed(s, e, lapsed=p),
    acts.BallotOpened: _ballot_opened,
    acts.ObjectionAnswered: lambda s, e, p: _ballot(s, replace(s.ballots[e.ballot], replied=p)),
    acts.VoteCast: _vote_cast,
    acts.BallotClosed: _ballot_closed,
    acts.TranscriptEntered: _transcript_entered,
    acts.TranscriptCountersigned: lambda s, e, p: _transcript_changed(s, e, p, countersigned=p),
    acts.TranscriptLapsed: lambda s, e, p: _transcript_changed(s, e, p, lapsed=p),
    acts.BallotRecounted: lambda s, e, p: _counted(s, e.ballot, Dated(True, p)),
    acts.OutcomeRecounted: _outcome_recounted,
    acts.ResponseDecided: _decided,
    acts.ResponseClosed: _response_closed,
}
# What an event is about: the first of these that it names. A response remembers its own entries (`_with`).
_ABOUT: dict[type, str] = {
    kind: next((name for name in ("response", "measure", "ballot") if name in kind.__struct_fields__), "")
    for kind in get_args(ResponseEvent)
}
