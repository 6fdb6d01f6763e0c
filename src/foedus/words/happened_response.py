"""Sentences about what became true in a response: one for every event. Silence is silence, not dissent."""

from __future__ import annotations

from foedus.response import acts
from foedus.words.said_parties import EventSentence
from foedus.words.said_response import terms
from foedus.words.speech import Speech
from foedus.words.titles import ABOUT, CALLS, MEASURE_KINDS, ON_LAPSE, title


def _reported(s: Speech, event: acts.IncidentReported) -> str:
    said = s.say(
        "Incident %(incident)s is reported: %(kind)s; %(place)s; observed from %(moment)s.",
        incident=event.incident,
        kind=s.kind(event.kind),
        place=s.names.place(event.territory),
        moment=s.words.moment(event.occurred_from),
    )
    if event.figures:
        return f"{said} {s.say('Figures: %(figures)s.', figures=s.names.figures(event.figures))}"
    return said


def _evidence(s: Speech, event: acts.EvidenceAdded) -> str:
    return s.say_number(
        "%(num)s item of evidence stands with incident %(incident)s.",
        "%(num)s items of evidence stand with incident %(incident)s.",
        len(event.evidence),
        incident=event.incident,
    )


def _corrected(s: Speech, event: acts.IncidentCorrected) -> str:
    said = s.say("The report of incident %(incident)s is corrected.", incident=event.incident)
    if event.figures:
        return f"{said} {s.say('Figures: %(figures)s.', figures=s.names.figures(event.figures))}"
    return said


def _opened(s: Speech, event: acts.ResponseOpened) -> str:
    if event.mode == "consultation":
        return s.say_number(
            "Consultation %(response)s is open on incident %(incident)s; %(num)s guarantor is invited.",
            "Consultation %(response)s is open on incident %(incident)s; %(num)s guarantors are invited.",
            len(event.roll),
            response=event.response,
            incident=event.incident,
        )
    return s.say_number(
        "Response %(response)s is open to incident %(incident)s; %(num)s guarantor is invited.",
        "Response %(response)s is open to incident %(incident)s; %(num)s guarantors are invited.",
        len(event.roll),
        response=event.response,
        incident=event.incident,
    )


def _clock_started(s: Speech, event: acts.ClockStarted) -> str:
    return s.say(
        "The time to %(step)s runs until %(moment)s. If it passes: %(on_lapse)s.",
        step=s.step(event.step),
        moment=s.words.moment(event.due_at),
        on_lapse=title(s.words, ON_LAPSE, event.on_lapse),
    )


def _clause_opened(s: Speech, event: acts.ClauseOpened) -> str:
    instrument = s.names.instrument(event.agreement)
    if event.due_at is None:
        return s.say("A consultation clause is open, which names no hours: %(instrument)s.", instrument=instrument)
    return s.say(
        "A consultation clause is open until %(moment)s: %(instrument)s.",
        instrument=instrument,
        moment=s.words.moment(event.due_at),
    )


def _owed(s: Speech, event: acts.MeasureOwed) -> str:
    return s.say(
        "%(who)s {owes|owe} at once, by %(moment)s: %(measure)s.",
        event.parties,
        moment=s.words.moment(event.due_at),
        measure=s.measure(event.measure),
    )


def _owed_lapsed(s: Speech, event: acts.OwedLapsed) -> str:
    what = s.measure(event.measure)
    if not event.missing:
        return s.say("The time for an immediate measure is over: %(measure)s.", measure=what)
    return s.say(
        "The time for an immediate measure is over: %(measure)s. No performance reported by: %(parties)s.",
        measure=what,
        parties=s.names.parties(event.missing),
    )


def _delegation(s: Speech, event: acts.DelegationRegistered) -> str:
    return s.say("%(who)s {is|are} represented by: %(role)s.", event.party, role=s.names.role(event.head))


def _present(s: Speech, event: acts.PartyPresent) -> str:
    if event.remote:
        return s.say("%(who)s {is|are} present, remotely.", event.party)
    return s.say("%(who)s {is|are} present.", event.party)


def _failed(s: Speech, event: acts.ConveningFailed) -> str:
    said = s.say(
        "The meeting did not convene in time: %(fallback)s.",
        fallback=title(s.words, ON_LAPSE, event.fallback),
    )
    return f"{said} {s.say('Absent: %(parties)s.', parties=s.names.parties(event.absent))}"


def _step_lapsed(s: Speech, event: acts.StepLapsed) -> str:
    said = s.say("The time to %(step)s is over.", step=s.step(event.step))
    if not event.silent:
        return said
    return f"{said} {s.say('Silent: %(parties)s.', parties=s.names.parties(event.silent))}"


def _proposed(s: Speech, event: acts.MeasureProposed) -> str:
    what = s.measure(event.menu) if event.menu else title(s.words, MEASURE_KINDS, event.kind)
    return s.say("Measure %(id)s is on the table: %(measure)s.", id=event.measure, measure=what)


def _position(s: Speech, event: acts.PositionTaken) -> str:
    what = s.measure(event.measure)
    if event.stance == "joins":
        said = s.say("%(who)s {has|have} joined: %(measure)s.", event.party, measure=what)
    elif event.stance == "joins_ad_referendum":
        said = s.say("%(who)s {has|have} joined ad referendum: %(measure)s.", event.party, measure=what)
    elif event.stance == "declines":
        said = s.say("%(who)s {has|have} declined to join: %(measure)s.", event.party, measure=what)
    else:
        said = s.say("%(who)s {has|have} abstained: %(measure)s.", event.party, measure=what)
    return " ".join((said, *terms(s, event)))


def _ballot_opened(s: Speech, event: acts.BallotOpened) -> str:
    return s.say(
        "Vote %(ballot)s is open until %(moment)s: %(about)s.",
        ballot=event.ballot,
        moment=s.words.moment(event.closes_at),
        about=title(s.words, ABOUT, event.about),
    )


def _vote(s: Speech, event: acts.VoteCast) -> str:
    if event.choice == "yes":
        return s.say("%(who)s {has|have} voted in favour: %(ballot)s.", event.party, ballot=event.ballot)
    if event.choice == "no":
        return s.say("%(who)s {has|have} voted against: %(ballot)s.", event.party, ballot=event.ballot)
    return s.say("%(who)s {has|have} abstained in the vote: %(ballot)s.", event.party, ballot=event.ballot)


def _ballot_closed(s: Speech, event: acts.BallotClosed) -> str:
    if event.carried:
        said = s.say("Vote %(ballot)s is closed: carried.", ballot=event.ballot)
    else:
        said = s.say("Vote %(ballot)s is closed: not carried.", ballot=event.ballot)
    if not event.silent:
        return said
    return f"{said} {s.say('Silent: %(parties)s.', parties=s.names.parties(event.silent))}"


def _outcome(s: Speech, outcome: acts.Outcome) -> str:
    what = s.measure(outcome.measure)
    if outcome.carried:
        parts = [s.say("Carried: %(measure)s.", measure=what)]
    else:
        parts = [s.say("Not carried: %(measure)s.", measure=what)]
    lists = (
        (outcome.joined, s.words.gettext("Joined: %(parties)s.")),
        (outcome.to_confirm, s.words.gettext("To be confirmed: %(parties)s.")),
        (outcome.declined, s.words.gettext("Declined: %(parties)s.")),
        (outcome.abstained, s.words.gettext("Abstained: %(parties)s.")),
        (outcome.bound, s.words.gettext("Bound: %(parties)s.")),
    )
    return " ".join((*parts, *(said % {"parties": s.names.parties(who)} for who, said in lists if who)))


def _decided(s: Speech, event: acts.ResponseDecided) -> str:
    parts = [s.say("The time to decide is over: %(response)s.", response=event.response)]
    parts += [_outcome(s, outcome) for outcome in event.outcomes]
    if event.silent:
        parts.append(s.say("Silent: %(parties)s.", parties=s.names.parties(event.silent)))
    if event.absent:
        parts.append(s.say("Absent: %(parties)s.", parties=s.names.parties(event.absent)))
    return " ".join(parts)


def _recounted(s: Speech, event: acts.OutcomeRecounted) -> str:
    parts = [s.say("Counted again: %(response)s.", response=event.response), _outcome(s, event.outcome)]
    if event.silent:
        parts.append(s.say("Silent: %(parties)s.", parties=s.names.parties(event.silent)))
    return " ".join(parts)


def _ballot_recounted(s: Speech, event: acts.BallotRecounted) -> str:
    said = s.say("Counted again, vote %(ballot)s is carried.", ballot=event.ballot)
    if not event.silent:
        return said
    return f"{said} {s.say('Silent: %(parties)s.', parties=s.names.parties(event.silent))}"


EVENTS: dict[type, EventSentence] = {
    acts.IncidentReported: _reported,
    acts.EvidenceAdded: _evidence,
    acts.IncidentCorrected: _corrected,
    acts.IncidentWithdrawn: lambda s, e: s.say(
        "The report of incident %(incident)s is withdrawn: it was mistaken.", incident=e.incident
    ),
    acts.IncidentsMerged: lambda s, e: s.say(
        "Incident %(incident)s is read as %(into)s.", incident=e.incident, into=e.into
    ),
    acts.AttackEstablished: lambda s, e: s.say(
        "For the purposes of the compact the attack took place: incident %(incident)s, by %(provision)s.",
        incident=e.incident,
        provision=s.names.provision(e.provision),
    ),
    acts.ResponseOpened: _opened,
    acts.ClockStarted: _clock_started,
    acts.ClockMet: lambda s, e: s.say("Done in time: %(step)s.", step=s.step(e.step)),
    acts.ClockExtended: lambda s, e: s.say(
        "The time to %(step)s is extended until %(moment)s.",
        step=s.step(e.step),
        moment=s.words.moment(e.due_at),
    ),
    acts.ClauseOpened: _clause_opened,
    acts.ClauseMet: lambda s, e: s.say(
        "The parties have met, as an instrument asks: %(instrument)s.",
        instrument=s.names.instrument(e.agreement),
    ),
    acts.ClauseLapsed: lambda s, e: s.say(
        "The time passed without the parties meeting here: %(instrument)s.",
        instrument=s.names.instrument(e.agreement),
    ),
    acts.MeasureOwed: _owed,
    acts.PerformanceReported: lambda s, e: s.say(
        "%(who)s {has|have} reported performance: %(measure)s.", e.party, measure=s.measure(e.measure)
    ),
    acts.OwedLapsed: _owed_lapsed,
    acts.Acknowledged: lambda s, e: s.say("%(who)s {has|have} received the call.", e.party),
    acts.CalledBack: lambda s, e: s.say(
        "Called back about %(response)s: %(called)s, by %(seat)s: %(answer)s.",
        response=e.response,
        called=s.names.seat(e.called),
        seat=s.names.seat(e.seat),
        answer=title(s.words, CALLS, e.answer),
    ),
    acts.DelegationRegistered: _delegation,
    acts.PartyPresent: _present,
    acts.MeetingCalled: lambda s, e: s.say("%(who)s {has|have} called the meeting.", e.party),
    acts.Replied: lambda s, e: s.say("%(who)s {has|have} replied.", e.party),
    acts.Convened: lambda s, e: s.say(
        "The guarantors have convened, by %(provision)s.", provision=s.names.provision(e.provision)
    ),
    acts.ConveningFailed: _failed,
    acts.StepLapsed: _step_lapsed,
    acts.MeetingAdjourned: lambda s, e: s.say(
        "The meeting is adjourned until %(moment)s; no clock stops.", moment=s.words.moment(e.until)
    ),
    acts.MeetingResumed: lambda s, e: s.say("The meeting goes on."),
    acts.MeasureProposed: _proposed,
    acts.MeasureRevised: lambda s, e: s.say(
        "A new version is on the table: %(measure)s.", measure=s.measure(e.measure)
    ),
    acts.PositionTaken: _position,
    acts.PositionConfirmed: lambda s, e: s.say(
        "%(who)s {has|have} confirmed and joined: %(measure)s.", e.party, measure=s.measure(e.measure)
    ),
    acts.PositionLapsed: lambda s, e: s.say(
        "%(who)s did not confirm in time and {has|have} not joined: %(measure)s.",
        e.party,
        measure=s.measure(e.measure),
    ),
    acts.BallotOpened: _ballot_opened,
    acts.ObjectionAnswered: lambda s, e: s.say(
        "%(who)s {has|have} replied to the objection: %(ballot)s.", e.party, ballot=e.ballot
    ),
    acts.VoteCast: _vote,
    acts.BallotClosed: _ballot_closed,
    acts.TranscriptEntered: lambda s, e: s.say(
        "%(transcript)s waits for its countersignature until %(moment)s, and nothing follows from it before: %(seat)s.",
        transcript=e.transcript,
        moment=s.words.moment(e.lapses_at),
        seat=s.names.seat(e.seat),
    ),
    acts.TranscriptCountersigned: lambda s, e: s.say(
        "%(transcript)s is countersigned by the seat that said it.", transcript=e.transcript
    ),
    acts.TranscriptLapsed: lambda s, e: s.say(
        "%(transcript)s was entered and never confirmed: it counts for nothing.", transcript=e.transcript
    ),
    acts.BallotRecounted: _ballot_recounted,
    acts.OutcomeRecounted: _recounted,
    acts.ResponseDecided: _decided,
    acts.ResponseClosed: lambda s, e: s.say(
        "%(response)s is closed: %(reason)s.", response=e.response, reason=s.names.closing(e.reason)
    ),
}
