"""Words that came by telephone or on paper: entered by one seat, countersigned by the seat that said them.

No entry speaks for anybody: without the countersignature nothing follows from it. With it, what was said counts as
received when it was entered, so that no close in between loses it. The reasons: docs/decisions/0010-paper-and-voice.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Transcript as TranscriptClause
from foedus.errors import Refused
from foedus.history import Place
from foedus.parties.authority import belongs, permission
from foedus.response import acts, ballots, measures, subjects
from foedus.response.state import Transcript
from foedus.state import State


def enter(clauses: Clauses, state: State, act: Act, body: acts.EnterTranscript, at: datetime) -> tuple[Event, ...]:
    """Held for the seat that said it, if that seat could say it now itself."""
    permit, _ = permission(clauses, state, act, at)
    clause = clauses.one(TranscriptClause)
    if clause is None:
        raise Refused(permit.id, "no clause of the compact lets a seat enter what another said")
    seat = state.parties.seats.get(body.seat)
    if seat is None or seat.revoked is not None:
        raise Refused("record/reference", "there is no seat {seat} that could countersign", seat=body.seat)
    if seat.id in act.signers:
        raise Refused(permit.id, "{seat} signs what it says itself: another seat enters it", seat=seat.id)
    if seat.party != act.party and not for_others(clauses, state, act.party, act.role, clause[1]):
        raise Refused(
            clause[0].id, "{seat} enters what seats of its own party said, not of {party}",
            seat=act.seat, party=seat.party,
        )  # fmt: skip
    if body.said_at > at:
        raise Refused("record/time", "words cannot have been said in the future")
    if body.source not in {attachment.digest for attachment in act.statement.attachments}:
        raise Refused("record/attachment", "the recording or scan is not attached to the act")
    needed = {type(body.said).__name__, acts.CountersignTranscript.__name__}
    if seat.scope and not needed <= set(seat.scope):
        raise Refused("record/scope", "{seat} was enrolled for other acts than these: {acts}",
                      seat=seat.id, acts=", ".join(sorted(needed)))  # fmt: skip
    spoken = Act(act.id, seat.id, seat.party, seat.role, (seat.id,), body.said, act.statement)
    if isinstance(body.said, acts.TakePosition):
        measures.take_position(clauses, state, spoken, body.said, at)
    else:
        ballots.vote(clauses, state, spoken, body.said, at)
    id_ = f"T-{len(state.response.transcripts) + 1}"
    lapses_at = clause[1].within.after(at)
    return (
        acts.TranscriptEntered(
            id_, seat.party, seat.id, act.seat, body.said, body.means, body.said_at, body.source, lapses_at
        ),
    )


def for_others(clauses: Clauses, state: State, party: str, role: str, clause: TranscriptClause) -> bool:
    """Whether an office of a party enters what seats of other parties said."""
    return any(
        (not by.roles or role in by.roles) and belongs(clauses, state, party, by.group) for by in clause.for_others
    )


def countersign(
    clauses: Clauses, state: State, act: Act, body: acts.CountersignTranscript, at: datetime
) -> tuple[Event, ...]:
    """By the very seat, over the very words, and only while it has not spoken since."""
    permit, _ = permission(clauses, state, act, at)
    found = state.response.transcripts.get(body.transcript)
    if found is None:
        raise Refused("record/reference", "there is no transcript {transcript}", transcript=body.transcript)
    if act.seat != found.seat:
        raise Refused(
            permit.id, "{transcript} waits for {expected}: {seat} did not say it",
            transcript=found.id, expected=found.seat, seat=act.seat,
        )  # fmt: skip
    if not found.waits:
        raise Refused(permit.id, "{transcript} was countersigned, or its time is over", transcript=found.id)
    if msgspec.json.encode(body.said) != msgspec.json.encode(found.said):
        raise Refused(
            permit.id,
            "what is countersigned is not what {transcript} says: say it anew by an act of your own",
            transcript=found.id,
        )
    _not_since(state, found, permit.id)
    events: tuple[Event, ...] = (acts.TranscriptCountersigned(found.id),)
    if isinstance(found.said, acts.CastVote):
        ballot = state.response.ballots[found.said.ballot]
        if ballot.closed is None:
            return events + ballots.cast(clauses, state, ballot, found.party, found.said.choice, at)
        return (*events, acts.VoteCast(ballot.id, found.party, found.said.choice))
    return (*events, _position(state, found, found.said, at, permit.id))


def _position(
    state: State, found: Transcript, said: acts.TakePosition, at: datetime, permit: str
) -> acts.PositionTaken:
    """The position as its own act would have taken it, had it been received at the entry."""
    measure = subjects.measure(state, said.measure)
    response = state.response.responses[measure.response]
    if response.closed is not None and response.closed.value != "decided":
        raise Refused(response.provision, "response {response} ended without a decision", response=response.id)
    if said.text != measure.text:
        raise Refused(
            "record/version",
            "{transcript} binds to a text that has been revised: {measure} now reads {newest}",
            transcript=found.id, measure=measure.id, newest=measure.text[:8],
        )  # fmt: skip
    if said.confirm_by is not None and said.confirm_by <= at:
        raise Refused(permit, "the capital was to confirm by {day}: that time is over", day=said.confirm_by.isoformat())
    return acts.PositionTaken(
        measure.id, found.party, found.seat, said.text, said.stance, said.contributions, said.starts_on, said.caveats,
        said.conditions, said.confirm_by,
    )  # fmt: skip


def _not_since(state: State, found: Transcript, permit: str) -> None:
    """Refused when the party said something later on the same subject: the later word stands."""
    if isinstance(found.said, acts.TakePosition):
        position = state.response.measures[found.subject].position(found.party)
        last = position.place if position else None
    else:
        votes = state.response.ballots[found.subject].votes.get(found.party)
        last = votes[-1].place if votes else None
    if last is not None and _entered(state, last) > found.place.entry:
        raise Refused(
            permit, "{party} has said so or otherwise since, by entry {entry}: that stands",
            party=found.party, entry=last.entry,
        )  # fmt: skip


def _entered(state: State, said: Place) -> int:
    """The entry by which a word was received: of one countersigned, the entry of its transcript."""
    transcripts = state.response.transcripts.values()
    entries = (one.place.entry for one in transcripts if one.countersigned and one.countersigned.entry == said.entry)
    return next(entries, said.entry)


def came_true(state: State, body: acts.CountersignTranscript) -> datetime | None:
    """When what is countersigned counts as received: when it was entered, or at the close if that came since.

    Nothing then is older than the decision that it adds to. None where there is no such transcript.
    """
    found = state.response.transcripts.get(body.transcript)
    if found is None:
        return None
    if isinstance(found.said, acts.TakePosition):
        response = state.response.responses[state.response.measures[found.subject].response]
        closed = response.closed.place if response.closed else None
    else:
        ballot = state.response.ballots[found.subject]
        closed = ballot.closings[0].place if ballot.closings else None
    return closed.at if closed is not None else found.place.at


def recounted(clauses: Clauses, state: State, subject: str) -> tuple[Event, ...]:
    """What was decided on a measure or a question, counted again."""
    measure = state.response.measures.get(subject)
    if measure is not None:
        return measures.recount(clauses, state, measure)
    return ballots.recount(clauses, state, state.response.ballots[subject])


def options(state: State, seat: str, about: str | None) -> Iterator[acts.CountersignTranscript]:
    """What waits for the seat's countersignature, of one response, incident or transcript where one is asked about."""
    for id_ in sorted(state.response.waiting):
        one = state.response.transcripts[id_]
        if one.seat == seat and (about in (None, id_) or one.subject.startswith(f"{about}/")):
            yield acts.CountersignTranscript(id_, one.said)
