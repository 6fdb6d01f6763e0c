"""What always fits into an entry, and what no act may do: make the record refuse every later one."""

import pytest

from foedus.compact.model import Measure
from foedus.depositary import Receipt
from foedus.errors import Refused
from foedus.parties.acts import AgreeInAdvance, SignText
from foedus.record.tiles import MAX_ENTRY_BYTES
from foedus.response import acts
from foedus.response.measures import MOST_MEASURES
from tests.plays import HOUR, compact_of, opened


def largest(play):
    return max(len(entry) for entry in play.depositary.store.entries(0))


def everybody_signed(folder):
    """The exercise's compact with all its parties, whose heads act."""
    play = opened("exercise", folder)
    clauses = play.clauses
    for party in compact_of("exercise").parties:
        tier = next((group for group in clauses.tiers if party.id in clauses.members(group)), None)
        play.do(f"{party.id}/head", SignText(clauses.compact.id, clauses.digest, tier))
    return play


def activated(play):
    protected = play.clauses.compact.protected
    for option in play.options(f"{protected}/head"):
        if getattr(option.body, "role", "") == "foreign":
            play.choose(f"{protected}/head", option)
    play.somebody(acts.ReportIncident, protected, lambda body: body.kind == "armed_attack")
    play.somebody(acts.AddEvidence, protected)
    play.do(f"{protected}/head", acts.Activate("I-1"), f"{protected}/foreign")
    return play.state.response.responses["R-1"]


def all_of_them(play, bodies):
    """Every seat performs its bodies, in one transaction."""
    envelopes = [play.envelope(play.statement(seat, body)) for seat, body in bodies]
    return play.depositary.perform_all(envelopes)


def test_an_activation_enters_though_every_party_agreed_to_every_immediate_measure(tmp_path):
    play = everybody_signed(tmp_path / "record")
    immediate = [m.id for _, m in play.clauses.every(Measure) if m.mode == "immediate"]
    heads = [seat for seat in play.seats if not seat.startswith("UKR/")]
    done = all_of_them(play, [(seat, AgreeInAdvance(measure)) for seat in heads for measure in immediate])
    agreed = sum(isinstance(one, Receipt) for one in done)
    assert agreed > 400
    assert sum(len(owed.parties) for owed in activated(play).owed) == agreed
    play.do("UKR/head", acts.WithdrawIncident("I-1"))
    assert all(one.released for one in play.state.commitments.obligations.values())
    assert largest(play) <= MAX_ENTRY_BYTES


def test_a_decision_enters_though_every_party_joined_as_many_measures_as_there_can_be(tmp_path):
    play = everybody_signed(tmp_path / "record")
    roll = activated(play).roll
    for _ in range(MOST_MEASURES):
        file = play.attach(play.number().encode(), "proposal")
        body = acts.ProposeMeasure("R-1", kind="technical", text=file[0].digest)
        play.do("UKR/head", body, files=[file])
    one_more = play.attach(b"one more", "proposal")
    body = acts.ProposeMeasure("R-1", kind="technical", text=one_more[0].digest)
    with pytest.raises(Refused, match="record/size"):
        play.do("UKR/head", body, files=[one_more])
    contributions = tuple([acts.Contribution("funds", amount="1000000.50", currency="EUR")] * 20)
    measures = list(play.state.response.measures.values())
    for party in roll:
        positions = [acts.TakePosition(m.id, m.text, "joins", contributions) for m in measures]
        done = all_of_them(play, [(f"{party}/head", position) for position in positions])
        assert all(isinstance(one, Receipt) for one in done)
    play.wait(play.at + 73 * HOUR)
    decided = play.state.response.responses["R-1"].decided
    assert decided is not None
    assert [set(one.joined) for one in decided.outcomes] == [set(roll)] * MOST_MEASURES
    assert largest(play) <= MAX_ENTRY_BYTES
