"""The largest entries that a compact can bring about: built, measured, and within what the loader counts with."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from foedus.acts import EFFECTS, Entry, Event, Statement, encode_entry, encode_statement
from foedus.commitments.acts import ObligationsIncurred
from foedus.compact.bounds import ENTRY_BYTES, MOST_MEASURES, largest
from foedus.compact.clauses import Clauses
from foedus.compact.model import Clock, Compact, Decision, Measure, Snapback
from foedus.parties.acts import HeadSeat, OpenRecord, SeatEnrolled
from foedus.record.envelope import ACT_TYPE, sign_envelope
from foedus.record.keys import SeedKey
from foedus.record.tiles import MAX_ENTRY_BYTES
from foedus.response import acts
from foedus.sanctions import acts as sanctions
from tests.compact.files import SMALL, faults, loaded
from tests.plays import compact_of

AT = datetime(2030, 12, 31, 23, 59, 59, 999_999, UTC)
RESPONSE = "R-1000000"
COMPACTS = ("exercise", "mare-2030", "vienna-2011")
PARTIES = "outsiders:\n"


def entry(body, events: list[Event], signatures: int = 4) -> int:
    """The bytes of an entry of this act, by the seat of the longest name, and these events."""
    statement = Statement(
        "record.example.org", "f" * 32, "UKR/succession", AT, "f" * 64, EFFECTS[type(body).__name__], body
    )
    keys = [SeedKey(bytes([number]) * 32) for number in range(1, signatures + 1)]
    envelope = sign_envelope(encode_statement(statement), ACT_TYPE, keys)
    return len(encode_entry(Entry(AT, "f" * 64, 1, envelope, tuple(events), AT)))


def decided(compact: Compact) -> int:
    everybody = tuple(party.id for party in compact.parties)
    ids = [f"{RESPONSE}/M-{number}" for number in range(1, MOST_MEASURES + 1)]
    votes = any(clause.binds == "roll" for _, clause in Clauses.of(compact).every(Decision))
    outcomes = tuple(acts.Outcome(id_, True, everybody, bound=everybody if votes else ()) for id_ in ids)
    events: list[Event] = [
        acts.StepLapsed(RESPONSE, "decide", everybody),
        acts.ResponseDecided(RESPONSE, outcomes, everybody, everybody),
        acts.ResponseClosed(RESPONSE, "decided"),
        *(ObligationsIncurred(id_, RESPONSE, id_, everybody) for id_ in ids),
    ]
    return entry(acts.RecordLapse(f"{RESPONSE}/step/decide", AT), events, 1)


def opening(compact: Compact) -> int:
    everybody = tuple(party.id for party in compact.parties)
    events: list[Event] = [
        acts.ResponseOpened(RESPONSE, "I-1000000", "consultation", "UKR", "P10.two-seats", everybody, everybody),
        acts.AttackEstablished("I-1000000", "P10.establish"),
    ]
    for provision, clock in Clauses.of(compact).every(Clock):
        events.append(acts.ClockStarted(RESPONSE, clock.step, AT, provision.id, clock.on_lapse, False))
    for provision, measure in Clauses.of(compact).every(Measure):
        if measure.mode == "immediate":
            events.append(acts.MeasureOwed(RESPONSE, measure.id, provision.id, everybody, AT))
            events.append(ObligationsIncurred(f"{RESPONSE}/{measure.id}", RESPONSE, measure.id, everybody, AT))
    for agreement in compact.agreements:
        if agreement.consultation is not None:
            parties = tuple(one.party for one in agreement.parties)
            events.append(acts.ClauseOpened(RESPONSE, agreement.id, parties, AT, False, False))
    return entry(acts.OpenConsultation("I-1000000", everybody), events)


def returned(compact: Compact) -> int:
    everybody = tuple(party.id for party in compact.parties)
    provision = max((one.id for part in compact.parts for one in part.provisions), key=len)
    events: list[Event] = [
        acts.VoteCast("I-1000000/B-100", everybody[0], "abstain"),
        acts.BallotClosed("I-1000000/B-100", True, everybody),
        acts.AttackEstablished("I-1000000", provision),
        sanctions.RenewedAggressionEstablished("I-1000000", provision),
        sanctions.SnappedBack(
            "SB-1000", provision, everybody, 10**8, 10**7, "f" * 64, ("relief", "deviation"), "I-1000000", AT, AT
        ),
        ObligationsIncurred("SB-1000", "SB-1000", "reinstatement", everybody, AT),
    ]
    return entry(acts.CastVote("I-1000000/B-100", "abstain"), events)


def founded(compact: Compact) -> int:
    role = max((one.id for one in compact.roles), key=len)
    heads = tuple(HeadSeat(party.id, role, "f" * 64) for party in compact.parties)
    body = OpenRecord("record.example.org", True, "unclassified", "f" * 64, "f" * 64, heads)
    events: list[Event] = [SeatEnrolled(f"{one.party}/{role}", one.party, role, one.key) for one in heads]
    return entry(body, events, 1)


@pytest.mark.parametrize("name", COMPACTS)
def test_what_is_counted_with_is_the_largest_and_not_much_more(name):
    compact = compact_of(name)
    counted = [size for _, size in largest(compact)]
    built = [founded(compact), opening(compact), decided(compact)]
    if Clauses.of(compact).one(Snapback):
        built.append(returned(compact))
    if name == "vienna-2011":  # it permits nobody to propose a measure
        built[2] = counted[2]
    for real, bound in zip(built, counted, strict=True):
        assert real <= bound <= 1.5 * real + 2_500, (built, counted)
        assert bound <= ENTRY_BYTES == MAX_ENTRY_BYTES


def many(number: int) -> str:
    """The small compact with so many more parties, in which measures may be proposed."""
    words = "{en: X, uk: X}"
    party = f"  - {{id: X%02d, name: {words}, capital: {words}, zone: UTC, groups: [core], source: {{kind: text}}}}\n"
    text = SMALL.replace(PARTIES, "".join(party % one for one in range(number)) + PARTIES)
    permit = "          - {op: permit, act: Activate,"
    return text.replace(permit, permit.replace("Activate", "ProposeMeasure") + " by: [{group: core}]}\n" + permit)


def test_a_compact_of_more_parties_than_an_entry_holds_is_no_compact(tmp_path):
    assert len(loaded(tmp_path, many(48)).parties) == 50
    (fault,) = faults(tmp_path, many(98)).findings
    assert fault.one_line().startswith(
        "compact.yaml:16:3: found 100 parties, for whom the outcome of 64 measures can take"
    )
    assert "65535" in fault.expected
