"""Questions put to the roll: extension of the decision, bad faith of a request, establishment of an attack."""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Establishment, Extension, Objection, Rule
from foedus.compact.operators import Verdict
from foedus.errors import Refused
from foedus.parties.authority import judged, permission
from foedus.response import acts, subjects
from foedus.response.state import Ballot
from foedus.state import State


def propose_extension(
    clauses: Clauses, state: State, act: Act, body: acts.ProposeExtension, at: datetime
) -> tuple[Event, ...]:
    """Asks for the extension the compact allows; it must carry before the clock lapses."""
    permit, _ = permission(clauses, state, act, at)
    response = subjects.running(state, body.response)
    subjects.invited(clauses, response, act, permit.id)
    clause = clauses.one(Extension)
    if clause is None:
        raise Refused(permit.id, "no clause of the compact allows an extension")
    clock = response.clock(clause[1].step)
    if clock is None or not clock.running or len(clock.extensions) >= clause[1].at_most:
        raise Refused(
            clause[0].id, "the decision was extended {most} times already, or its clock does not run",
            most=clause[1].at_most,
        )  # fmt: skip
    _none_open(state, response.id, "extension", clause[0].id)
    ballot = f"{response.id}/B-{len(response.ballots) + 1}"
    return (acts.BallotOpened(ballot, "extension", response.id, clause[0].id, act.party, response.roll, clock.due),)


def declare_bad_faith(
    clauses: Clauses, state: State, act: Act, body: acts.DeclareBadFaith, at: datetime
) -> tuple[Event, ...]:
    """An objection on its own track: reply, vote, finding. No clock of the response stops for it."""
    permit, _ = permission(clauses, state, act, at)
    response = subjects.running(state, body.response)
    subjects.on_roll(response, act, permit.id)
    clause = clauses.one(Objection)
    if clause is None:
        raise Refused(permit.id, "no clause of the compact provides for such a finding")
    _none_open(state, response.id, "objection", clause[0].id)
    ballot = f"{response.id}/B-{len(response.ballots) + 1}"
    return (
        acts.BallotOpened(
            ballot, "objection", response.id, clause[0].id, act.party, response.roll,
            clause[1].closes_within.after(at), clause[1].reply_within.after(at),
        ),
    )  # fmt: skip


def _none_open(state: State, response: str, about: str, clause: str) -> None:
    for item in state.response.responses[response].ballots:
        ballot = state.response.ballots[item.value]
        if ballot.about == about and ballot.closed is None:
            raise Refused(clause, "{ballot} already asks this", ballot=ballot.id)


def reply(clauses: Clauses, state: State, act: Act, body: acts.ReplyToObjection, at: datetime) -> tuple[Event, ...]:
    """The party that made the request answers the objection."""
    permit, _ = permission(clauses, state, act, at)
    ballot = subjects.ballot(state, body.ballot, at)
    accused = state.response.responses[ballot.subject].party if ballot.about == "objection" else None
    if act.party != accused or ballot.replied is not None:
        raise Refused(permit.id, "{party} is not asked to reply, or has replied", party=act.party)
    return (acts.ObjectionAnswered(ballot.id, act.party),)


def vote(clauses: Clauses, state: State, act: Act, body: acts.CastVote, at: datetime) -> tuple[Event, ...]:
    """One party's vote; once nothing that others may still say can undo it, the question is carried."""
    permit, _ = permission(clauses, state, act, at)
    ballot = subjects.ballot(state, body.ballot, at)
    if act.party not in ballot.roll:
        raise Refused(permit.id, "{party} is not on the roll of {ballot}", party=act.party, ballot=ballot.id)
    return cast(clauses, state, ballot, act.party, body.choice, at)


def cast(
    clauses: Clauses, state: State, ballot: Ballot, party: str, choice: acts.Choice, at: datetime
) -> tuple[Event, ...]:
    """A vote that counts, and what it carries at once."""
    events: list[Event] = [acts.VoteCast(ballot.id, party, choice)]
    choices = {**_choices(ballot), party: choice}
    answered = ballot.reply_by is None or ballot.replied is not None or at >= ballot.reply_by
    if answered and _verdict(clauses, state, ballot, choices).settled:
        events += carried(clauses, state, ballot, choices)
    return tuple(events)


def _choices(ballot: Ballot) -> dict[str, str]:
    return {party: votes[-1].value for party, votes in ballot.votes.items()}


def _rule(clauses: Clauses, ballot: Ballot) -> Rule | None:
    if ballot.about == "extension":
        extension = clauses.one(Extension)
        return extension[1].rule if extension else None
    if ballot.about == "objection":
        objection = clauses.one(Objection)
        return objection[1].rule if objection else None
    establishment = clauses.one(Establishment)
    return establishment[1].rule if establishment else None


def _verdict(clauses: Clauses, state: State, ballot: Ballot, choices: dict[str, str]) -> Verdict:
    rule = _rule(clauses, ballot)
    if rule is None:  # the clause was amended away: nothing is carried under it any more
        return Verdict(False, False, False, ())
    by = {choice: frozenset(p for p, c in choices.items() if c == choice) for choice in ("yes", "no", "abstain")}
    return judged(clauses, state, rule, frozenset(ballot.roll), by["yes"], by["no"], by["abstain"])


def _silent(ballot: Ballot, choices: dict[str, str]) -> tuple[str, ...]:
    return tuple(party for party in ballot.roll if party not in choices)


def carried(clauses: Clauses, state: State, ballot: Ballot, choices: dict[str, str]) -> list[Event]:
    """What a carried question brings about.

    A finding of bad faith brings nothing that the compact does not name.
    """
    events: list[Event] = [acts.BallotClosed(ballot.id, True, _silent(ballot, choices))]
    if ballot.about == "extension":
        extension = clauses.one(Extension)
        clock = state.response.responses[ballot.subject].clock("decide")
        assert extension is not None, "an extension ballot cannot exist without its clause"
        assert clock is not None, "nor without a clock"
        events.append(acts.ClockExtended(ballot.subject, "decide", extension[1].by.after(clock.due)))
    elif ballot.about == "establishment":
        events.append(acts.AttackEstablished(ballot.subject, ballot.provision))
    return events


def closing(clauses: Clauses, state: State, ballot: Ballot) -> tuple[Event, ...]:
    """The time to vote is over: carried if the rule holds over what was said in time, else not.

    An extension closes at the very moment its clock lapses, and before it: what carries was said before expiry.
    """
    choices = _choices(ballot)
    if _holds(clauses, state, ballot):
        return tuple(carried(clauses, state, ballot, choices))
    return (acts.BallotClosed(ballot.id, False, _silent(ballot, choices)),)


def _holds(clauses: Clauses, state: State, ballot: Ballot) -> bool:
    """Whether the rule holds over what was said, and also if all that was entered and waits proves true."""
    choices = _choices(ballot)
    doubted = dict(choices)
    for one in subjects.entered(state, ballot.id):
        if isinstance(one.said, acts.CastVote) and one.said.choice != "yes" and doubted.get(one.party) != "no":
            doubted[one.party] = one.said.choice
    return _verdict(clauses, state, ballot, choices).holds and _verdict(clauses, state, ballot, doubted).holds


def comes_to(clauses: Clauses, state: State, ballot: Ballot) -> tuple[bool, bool]:
    """Whether it would be carried if the time to vote were over, and whether nothing still said could undo that."""
    return _holds(clauses, state, ballot), _verdict(clauses, state, ballot, _choices(ballot)).settled


def recount(clauses: Clauses, state: State, ballot: Ballot) -> tuple[Event, ...]:
    """A question that was not carried, counted again with what was entered before its close.

    What was carried stays carried; and a time that is over is no more extended.
    """
    if ballot.closed is None or ballot.closed.value or ballot.about == "extension":
        return ()
    if not _holds(clauses, state, ballot):
        return ()
    found: tuple[Event, ...] = (acts.BallotRecounted(ballot.id, _silent(ballot, _choices(ballot))),)
    if ballot.about == "establishment":
        found += (acts.AttackEstablished(ballot.subject, ballot.provision),)
    return found
