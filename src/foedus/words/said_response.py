"""Sentences about acts of the response protocol: one for every kind of act a seat may perform."""

from __future__ import annotations

from foedus.response import acts
from foedus.words.said_parties import ActSentence
from foedus.words.speech import Speech
from foedus.words.titles import CALLS, MEASURE_KINDS, title


def _report(s: Speech, body: acts.ReportIncident, party: str) -> str:
    said = s.say(
        "%(who)s {reports|report}: %(kind)s; %(place)s; observed from %(moment)s.",
        party,
        kind=s.kind(body.kind),
        place=s.names.place(body.territory),
        moment=s.words.moment(body.occurred_from),
    )
    if body.attributed_to:
        author = s.names.party(body.attributed_to)
        said = f"{said} {s.say('Attributed to: %(party)s.', party=author)}"
    return f"{said} {_figures(s, body.figures)}" if body.figures else said


def _figures(s: Speech, figures: tuple[acts.Figure, ...]) -> str:
    return s.say("Figures: %(figures)s.", figures=s.names.figures(figures))


def _add_evidence(s: Speech, body: acts.AddEvidence, party: str) -> str:
    return s.say_number(
        "%(who)s {adds|add} %(num)s item of evidence to incident %(incident)s.",
        "%(who)s {adds|add} %(num)s items of evidence to incident %(incident)s.",
        len(body.evidence),
        party,
        incident=body.incident,
    )


def _correct(s: Speech, body: acts.CorrectIncident, party: str) -> str:
    said = s.say("%(who)s {corrects|correct} the report of incident %(incident)s.", party, incident=body.incident)
    return f"{said} {_figures(s, body.figures)}" if body.figures else said


def _consultation(s: Speech, body: acts.OpenConsultation, party: str) -> str:
    said = s.say("%(who)s {requests|request} consultation on incident %(incident)s.", party, incident=body.incident)
    if not body.addressed:
        return said
    return f"{said} {s.say('Addressed to: %(parties)s.', parties=s.names.parties(body.addressed))}"


def _delegation(s: Speech, body: acts.RegisterDelegation, party: str) -> str:
    said = s.say("%(who)s {names|name} the head of delegation: %(role)s.", party, role=s.names.role(body.head))
    if body.alternate:
        said = f"{said} {s.say('Alternate: %(role)s.', role=s.names.role(body.alternate))}"
    if body.remote:
        said = f"{said} {s.say('The delegation attends remotely.')}"
    return said


def _presence(s: Speech, body: acts.RecordPresence, party: str) -> str:
    if body.remote:
        return s.say("%(who)s {records|record} presence, remotely.", party)
    return s.say("%(who)s {records|record} presence.", party)


def _propose(s: Speech, body: acts.ProposeMeasure, party: str) -> str:
    if body.menu is not None:
        what = s.measure(body.menu)
        return s.say("%(who)s {proposes|propose} a measure of the prepared list: %(measure)s.", party, measure=what)
    kind = title(s.words, MEASURE_KINDS, body.kind or "")
    return s.say("%(who)s {proposes|propose} a measure by its own text: %(kind)s.", party, kind=kind)


def _position(s: Speech, body: acts.TakePosition, party: str) -> str:
    what = s.measure(body.measure)
    if body.stance == "joins_ad_referendum" and body.confirm_by:
        said = s.say(
            "%(who)s {joins|join} ad referendum: %(measure)s. To be confirmed by the capital by %(moment)s.",
            party,
            measure=what,
            moment=s.words.moment(body.confirm_by),
        )
    elif body.stance in ("joins", "joins_ad_referendum"):
        said = s.say("%(who)s {joins|join}: %(measure)s.", party, measure=what)
    elif body.stance == "declines":
        said = s.say("%(who)s {declines|decline} to join: %(measure)s.", party, measure=what)
    else:
        said = s.say("%(who)s {abstains|abstain}: %(measure)s.", party, measure=what)
    return " ".join((said, *terms(s, body)))


def terms(s: Speech, said: acts.TakePosition | acts.PositionTaken) -> list[str]:
    """What a position brings, from when, and under which caveats and conditions: a sentence each."""
    parts = []
    if said.contributions:
        brings = "; ".join(s.names.contribution(item) for item in said.contributions)
        parts.append(s.say("Contribution: %(brings)s.", brings=brings))
    if said.starts_on:
        parts.append(s.say("From %(day)s.", day=s.words.date(said.starts_on)))
    if said.caveats:
        caveats = "; ".join(s.names.caveat(code) for code in said.caveats)
        parts.append(s.say("Caveats: %(caveats)s.", caveats=caveats))
    if said.conditions:
        conditions = "; ".join(s.names.caveat(code) for code in said.conditions)
        parts.append(s.say("Conditions: %(conditions)s.", conditions=conditions))
    return parts


def _vote(s: Speech, body: acts.CastVote, party: str) -> str:
    if body.choice == "yes":
        return s.say("%(who)s {votes|vote} in favour: %(ballot)s.", party, ballot=body.ballot)
    if body.choice == "no":
        return s.say("%(who)s {votes|vote} against: %(ballot)s.", party, ballot=body.ballot)
    return s.say("%(who)s {abstains|abstain} in the vote: %(ballot)s.", party, ballot=body.ballot)


def _transcript(s: Speech, body: acts.EnterTranscript, party: str) -> str:
    seat, at = s.names.seat(body.seat), s.words.moment(body.said_at)
    if body.means == "voice":
        said = s.say(
            "%(who)s {enters|enter} what was said by telephone on %(moment)s: %(seat)s.", party, moment=at, seat=seat
        )
    else:
        said = s.say(
            "%(who)s {enters|enter} what was said on paper on %(moment)s: %(seat)s.", party, moment=at, seat=seat
        )
    return f"{said} {_spoken(s, body.said, body.seat.partition('/')[0])}"


def _spoken(s: Speech, said: acts.TakePosition | acts.CastVote, party: str) -> str:
    """The words that are entered or countersigned, as their own act would be said."""
    return _vote(s, said, party) if isinstance(said, acts.CastVote) else _position(s, said, party)


ACTS: dict[type, ActSentence] = {
    acts.ReportIncident: _report,
    acts.AddEvidence: _add_evidence,
    acts.CorrectIncident: _correct,
    acts.WithdrawIncident: lambda s, b, p: s.say(
        "%(who)s {withdraws|withdraw} the report of incident %(incident)s: it was mistaken.",
        p,
        incident=b.incident,
    ),
    acts.MergeIncidents: lambda s, b, p: s.say(
        "%(who)s {reports|report} that incident %(incident)s is the same as %(into)s.",
        p,
        incident=b.incident,
        into=b.into,
    ),
    acts.ProposeEstablishment: lambda s, b, p: s.say(
        "%(who)s {asks|ask} the guarantors to find that the attack took place: incident %(incident)s.",
        p,
        incident=b.incident,
    ),
    acts.Activate: lambda s, b, p: s.say(
        "%(who)s {activates|activate} the guarantees for incident %(incident)s.", p, incident=b.incident
    ),
    acts.OpenConsultation: _consultation,
    acts.RequestConvening: lambda s, b, p: s.say(
        "%(who)s {requests|request} that the guarantors convene on incident %(incident)s.",
        p,
        incident=b.incident,
    ),
    acts.CallMeeting: lambda s, b, p: s.say(
        "%(who)s {calls|call} the meeting of %(response)s.", p, response=b.response
    ),
    acts.Reply: lambda s, b, p: s.say("%(who)s {replies|reply} to the request: %(response)s.", p, response=b.response),
    acts.Acknowledge: lambda s, b, p: s.say(
        "%(who)s {acknowledges|acknowledge} the call: %(response)s.", p, response=b.response
    ),
    acts.RecordCallBack: lambda s, b, p: s.say(
        "%(who)s {has|have} called back about %(response)s: %(called)s, %(answer)s.",
        p,
        response=b.response,
        called=s.names.seat(b.called),
        answer=title(s.words, CALLS, b.answer),
    ),
    acts.RegisterDelegation: _delegation,
    acts.RecordPresence: _presence,
    acts.AdjournMeeting: lambda s, b, p: s.say(
        "%(who)s {adjourns|adjourn} the meeting until %(moment)s; no clock stops.",
        p,
        moment=s.words.moment(b.until),
    ),
    acts.ResumeMeeting: lambda s, b, p: s.say("%(who)s {resumes|resume} the meeting.", p),
    acts.ProposeMeasure: _propose,
    acts.ReviseMeasure: lambda s, b, p: s.say(
        "%(who)s {proposes|propose} a new version: %(measure)s.", p, measure=s.measure(b.measure)
    ),
    acts.TakePosition: _position,
    acts.ConfirmPosition: lambda s, b, p: s.say(
        "%(who)s {confirms|confirm} joining: %(measure)s.", p, measure=s.measure(b.measure)
    ),
    acts.ProposeExtension: lambda s, b, p: s.say(
        "%(who)s {proposes|propose} to extend the time to decide: %(response)s.", p, response=b.response
    ),
    acts.DeclareBadFaith: lambda s, b, p: s.say(
        "%(who)s {objects|object} that the request was made in bad faith: %(response)s.",
        p,
        response=b.response,
    ),
    acts.ReplyToObjection: lambda s, b, p: s.say(
        "%(who)s {replies|reply} to the objection: %(ballot)s.", p, ballot=b.ballot
    ),
    acts.CastVote: _vote,
    acts.EnterTranscript: _transcript,
    acts.CountersignTranscript: lambda s, b, p: " ".join(
        (
            s.say("%(who)s {countersigns|countersign} what was entered as %(transcript)s.", p, transcript=b.transcript),
            _spoken(s, b.said, p),
        )
    ),
    acts.ReportPerformance: lambda s, b, p: s.say(
        "%(who)s {reports|report} performance: %(measure)s.", p, measure=s.measure(b.measure)
    ),
    acts.RecordLapse: lambda s, b, p: s.say(
        "%(who)s {records|record} the end of %(what)s.", p, what=s.names.deadline(b.deadline)
    ),
}
