"""What always fits into an entry, and what no act may do: make the record refuse every later one."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from foedus import rules
from foedus.acts import decode_entry, decode_statement, encode_statement
from foedus.compact.bounds import MOST_MEASURES
from foedus.compact.model import Measure, canonical
from foedus.depositary import Receipt
from foedus.errors import Malformed, Refused
from foedus.parties.acts import AgreeInAdvance, AmendCompact, GiveNotice, SignText
from foedus.record.envelope import EXERCISE_ACT_TYPE, encode_envelope, sign_envelope
from foedus.record.keys import SeedKey
from foedus.record.tiles import MAX_ENTRY_BYTES
from foedus.response import acts
from tests.plays import HOUR, compact_of, opened, staged


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


def amended(play, **changes):
    """The compact in force with changes, as the bytes that are its digest's."""
    data = canonical(replace(play.clauses.compact, **changes))
    return hashlib.sha256(data).hexdigest(), data


def test_an_amendment_is_refused_unless_its_text_is_here_whole_and_of_the_same_compact(tmp_path):
    play = staged("mare-2030", "signed", tmp_path / "record")
    with pytest.raises(Refused, match="record/attachment"):
        play.do("XOR/chancellor", AmendCompact("a" * 64))
    play.depositary.store.receive(play.envelope(play.statement("XOR/chancellor", AmendCompact("b" * 64))))
    play.wait(play.at + HOUR)  # what was received and can never be performed holds nobody up
    digest, data = amended(play, id="other")
    envelope = play.envelope(play.statement("XOR/chancellor", AmendCompact(digest)))
    with pytest.raises(Refused, match="record/compact"):
        play.depositary.perform(envelope, [(b"", data)])
    digest, data = amended(play, protected="NOBODY")
    envelope = play.envelope(play.statement("XOR/chancellor", AmendCompact(digest)))
    with pytest.raises(Malformed, match="protected"):
        play.depositary.perform(envelope, [(b"", data)])
    assert play.depositary.store.get_blob(digest) is None
    digest, data = amended(play, dated=date(2031, 1, 1))
    for seat in play.seats:
        if seat.endswith("/chancellor"):
            envelope = play.envelope(play.statement(seat, AmendCompact(digest)))
            play.depositary.perform(envelope, [(b"", data)])
    assert play.state.parties.compact == digest
    assert play.clauses.compact.dated == date(2031, 1, 1)


def test_who_left_and_signed_again_is_not_held_to_the_notice_given_before(tmp_path):
    play = staged("mare-2030", "signed", tmp_path / "record")
    compact, text = play.clauses.compact.id, play.clauses.digest
    play.do("XCO/chancellor", GiveNotice(compact))
    ends = play.state.parties.standings["XCO mare-2030"].notice_ends[-1].value
    play.wait(ends)
    assert play.state.parties.status("XCO", compact) == "withdrawn"
    play.do("XCO/chancellor", SignText(compact, text, "sponsors"))
    play.wait(ends + 900 * HOUR)
    assert play.state.parties.status("XCO", compact) == "signed"


def test_nothing_of_a_refused_act_is_kept(tmp_path):
    play = staged("mare-2030", "reported", tmp_path / "record")
    file = play.attach(b"not from an outsider")
    body = acts.AddEvidence("I-7", (acts.Evidence(file[0].digest, "office", play.at, "radar"),))
    with pytest.raises(Refused, match="record/reference"):
        play.do("XOR/watch", body, files=[file])
    assert play.depositary.store.get_blob(file[0].digest) is None


def test_an_attachment_has_the_size_that_the_act_says(tmp_path):
    play = staged("mare-2030", "reported", tmp_path / "record")
    said, salt, content = play.attach(b"radar plot")
    body = acts.AddEvidence("I-1", (acts.Evidence(said.digest, "office", play.at, "radar"),))
    short = (said, salt[:16], salt[16:] + content)
    play.do("XOR/watch", body, files=[short])  # the same bytes: where the salt ends is not a matter of the sender
    with pytest.raises(Refused, match="record/attachment"):
        play.do("XOR/watch", body, files=[(replace(said, size=11), salt, content)])


def test_no_seat_can_take_the_id_that_a_lapse_will_have(tmp_path):
    """Ids are chosen by who signs: were that of a lapse known, the record could be made to hold one id twice."""
    play = staged("mare-2030", "activated", tmp_path / "record")
    deadline = rules.due(play.clauses, play.state, play.at + 900 * HOUR)[0]
    record = play.state.parties.record
    assert record is not None
    known = f"{record.origin} {deadline.deadline} {deadline.due_at.isoformat()}".encode()
    for taken in (known, b"foedus deadline " + known):
        statement = play.statement("XOR/watch", acts.Acknowledge("R-1"))
        statement = replace(statement, id=hashlib.sha256(taken).hexdigest()[:32])
        play.depositary.perform_all([play.envelope(statement)])
    play.wait(deadline.due_at)
    ids = [decode_statement(decode_entry(data).act.payload).id for data in play.depositary.store.entries(0)]
    assert len(set(ids)) == len(ids)


FAR_PAST = datetime(1000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("named", "spelt"),
    [
        ({"occurred_from": FAR_PAST}, b"1000"),
        ({"occurred_from": FAR_PAST}, rb"1\u0030\u00300"),  # an escape hides it from who looks at the bytes
        ({"occurred_until": datetime(9999, 12, 31, 23, tzinfo=UTC)}, b"9999"),  # 1 January 10000 in Kyiv
    ],
)
def test_no_act_names_a_year_that_no_page_could_show(tmp_path, named, spelt):
    play = staged("mare-2030", "signed", tmp_path / "record")
    body = replace(acts.ReportIncident("threat", "strait", play.at - HOUR), **named)
    payload = encode_statement(play.statement("XOR/watch", body))
    year = str(next(iter(named.values())).year).encode()
    payload = payload.replace(b'"' + year + b"-", b'"' + spelt + b"-")
    envelope = sign_envelope(payload, EXERCISE_ACT_TYPE, [SeedKey(play.seeds["XOR/watch"])])
    with pytest.raises(Refused, match=rf"names the year {year.decode()}; years from 1900 to 2500.*record/time"):
        play.depositary.perform(encode_envelope(envelope))
