"""What was put to the roll and what each party said: measures with positions, questions with votes."""

from __future__ import annotations

from foedus.documents.values import Brought, Ended, MeasureTabled, PositionSaid, Question, Stand, VoteSaid
from foedus.documents.view import View
from foedus.response.acts import Contribution, Outcome
from foedus.response.state import Ballot, Incident, Measure, Position, Response


def measures(view: View, response: Response) -> tuple[MeasureTabled, ...]:
    """Measures on the table, in the order they were proposed."""
    seen = [view.see(view.state.response.measures[item.value]) for item in response.measures]
    there = [measure for measure in seen if measure is not None]
    return tuple(_measure(view, response, measure, number) for number, measure in enumerate(there, 1))


def _measure(view: View, response: Response, measure: Measure, number: int) -> MeasureTabled:
    prepared = view.clauses.measure(measure.menu) if measure.menu else None
    last: list[PositionSaid] = []
    before: list[PositionSaid] = []
    for party in (*response.roll, *sorted(set(measure.positions) - set(response.roll))):
        said = measure.positions.get(party, ())
        for number_said, position in enumerate(said, 1):
            follower = said[number_said] if number_said < len(said) else None
            (before if follower else last).append(_position(view, measure, party, position, follower))
    outcomes = response.decided.outcomes if response.decided else ()
    ended = next((one for one in outcomes if one.measure == measure.id), None)
    return MeasureTabled(
        measure.id, number, measure.kind, prepared[0].title if prepared else None,
        prepared[0].id if prepared else None, view.party(measure.party), measure.place, measure.versions,
        tuple(last), tuple(before),
        view.parties(party for party in response.roll if measure.position(party) is None),
        tuple(map(view.group, prepared[1].bearers)) if prepared else (),
        _ended(view, response, ended) if ended else None,
    )  # fmt: skip


def _ended(view: View, response: Response, outcome: Outcome) -> Ended:
    assert response.decided is not None, "an outcome stands in a decision"
    place = next(count.place for count in response.decided.counts if outcome in count.outcomes)
    return Ended(
        outcome.carried, view.parties(outcome.joined), view.parties(outcome.to_confirm),
        view.parties(outcome.declined), view.parties(outcome.abstained), view.parties(outcome.bound),
        place,
    )  # fmt: skip


def _stand(measure: Measure, position: Position) -> Stand:
    if position.stance == "declines":
        stand: Stand = "declined"
    elif position.stance == "abstains":
        stand = "abstained"
    elif position.stance == "joins":
        stand = "joined"
    elif position.confirmed is not None:
        stand = "confirmed"
    else:
        stand = "not_confirmed" if position.lapsed is not None else "to_confirm"
    return stand if position.text == measure.text else "earlier"


def _position(view: View, measure: Measure, party: str, said: Position, follower: Position | None) -> PositionSaid:
    return PositionSaid(
        view.party(party), view.named("roles", said.seat.partition("/")[2]), said.stance, _stand(measure, said),
        said.text, said.place, tuple(_brought(view, item) for item in said.contributions), said.starts_on,
        tuple(view.named("caveats", code) for code in said.caveats),
        tuple(view.named("caveats", code) for code in said.conditions),
        said.confirm_by, said.confirmed, said.lapsed, follower.place.entry if follower else None,
    )  # fmt: skip


def _brought(view: View, item: Contribution) -> Brought:
    kind = view.named("contributions", item.kind)
    return Brought(kind, item.quantity, item.amount, item.currency, item.disclosed)


def questions(view: View, response: Response, incident: Incident) -> tuple[Question, ...]:
    """Questions put to the roll of this response or about its incident, in the order they were asked."""
    asked = sorted((*response.ballots, *incident.ballots), key=lambda item: item.place.entry)
    seen = [view.see(view.state.response.ballots[item.value]) for item in asked]
    return tuple(_question(view, ballot) for ballot in seen if ballot is not None)


def _question(view: View, ballot: Ballot) -> Question:
    votes = tuple(
        VoteSaid(view.party(party), said[-1].value, said[-1].place)
        for party in ballot.roll
        if (said := ballot.votes.get(party))
    )
    return Question(
        ballot.id, ballot.about, ballot.provision, view.party(ballot.party), ballot.place, ballot.closes_at,
        ballot.reply_by, ballot.replied, votes,
        view.parties(party for party in ballot.roll if party not in ballot.votes), ballot.closed,
    )  # fmt: skip
