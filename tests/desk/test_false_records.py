"""What the record's own key signed, and cannot have signed honestly: found by a desk, and kept as evidence."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from foedus.acts import Entry, decode_entry, decode_statement
from foedus.desk import evidence, follow
from foedus.errors import Malformed, Tampered
from foedus.parties import acts as parties
from foedus.response import acts as response
from foedus.words import translator
from foedus.words.failures import say_error
from tests.desk.publisher import Publisher, following, forged, holds_still, published, where


@pytest.fixture
def honest() -> Publisher:
    return published()


def other_history(server: Publisher, at: int) -> Publisher:
    """The same record with another history from entry `at` on: that entry is left out."""
    other = Publisher([*server.entries[:at], *server.entries[at + 1 :]], server.blobs)
    assert other.signed() != server.signed()
    return other


@pytest.mark.parametrize(("held", "shown"), [(300, 299), (200, 200), (200, 299), (299, 200)])
def test_two_histories_are_found_and_both_checkpoints_are_kept(
    tmp_path: Path, honest: Publisher, held: int, shown: int
) -> None:
    honest.size = held
    follower = following(tmp_path, honest)
    follower.follow()
    forked = other_history(honest, 150)
    forked.size = shown
    follower.source = forked.server()
    holds_still(follower, Tampered, "the record was forked; both checkpoints are kept")
    holds_still(follower, Tampered, "the record was forked")
    [(path, kept)] = evidence.kept(tmp_path)  # once, however often it is found
    assert kept.kind == "fork"
    assert set(kept.notes) == {honest.signed().decode(), forked.signed().decode()}
    evidence.check(evidence.read(path))


def test_evidence_that_shows_nothing_is_refused(tmp_path: Path, honest: Publisher) -> None:
    honest.size = 200
    follower = following(tmp_path, honest)
    follower.follow()
    forked = other_history(honest, 150)
    forked.size = 299
    follower.source = forked.server()
    holds_still(follower, Tampered, "forked")
    [(_, kept)] = evidence.kept(tmp_path)
    small, large = kept.notes
    honest_large = published()
    honest_large.size = 299
    for made in (
        replace(kept, notes=(small, small)),
        replace(kept, notes=(large, small)),
        replace(kept, notes=(small, honest_large.signed().decode())),
        replace(kept, proof=kept.proof[:-1]),
        replace(kept, notes=(small,)),
        replace(kept, log=kept.log.replace(kept.log[-4:], "AAAA")),
        replace(kept, notes=(small, large.replace("299", "298"))),
    ):
        with pytest.raises((Malformed, Tampered)):
            evidence.check(made)


def lies(follower: follow.Follower, server: Publisher, number: int, entry: bytes, says: str) -> None:
    """The depositary signed for this entry at this place: found, named, and kept as a proof that anyone can check."""
    server.entries[number] = entry
    holds_still(follower, Tampered, f"entry {number} does not hold: .*{says}")
    [(path, kept)] = evidence.kept(follower.copy.folder)
    assert kept.kind == "false_entry"
    assert kept.entry == entry
    assert kept.reason is not None
    assert str(kept.reason.as_error()) == kept.because
    assert say_error(translator("uk"), kept.reason.as_error()) != kept.because
    evidence.check(evidence.read(path))
    with pytest.raises(Tampered):
        evidence.check(replace(kept, entry=entry + b" "))


def test_an_event_that_the_rules_do_not_give(tmp_path: Path, honest: Publisher) -> None:
    number = where(honest.entries, lambda entry: any(isinstance(e, response.ResponseOpened) for e in entry.events))

    def without(entry: Entry) -> Entry:
        return replace(entry, events=entry.events[:-1])

    lies(
        following(tmp_path, honest), honest, number, forged(honest.entries[number], without), "events found, the rules"
    )


def test_a_clock_that_was_made_longer(tmp_path: Path, honest: Publisher) -> None:
    def longer(entry: Entry) -> Entry:
        events = [
            replace(event, due_at=event.due_at + timedelta(hours=48))
            if isinstance(event, response.ClockStarted) and event.step == "decide"
            else event
            for event in entry.events
        ]
        return replace(entry, events=tuple(events))

    number = where(honest.entries, lambda entry: longer(entry) != entry)
    lies(following(tmp_path, honest), honest, number, forged(honest.entries[number], longer), "ClockStarted")


def signings(server: Publisher) -> list[int]:
    """Entries by which parties signed the compact."""
    acts = [decode_statement(decode_entry(data).act.payload).body for data in server.entries[1:]]
    return [number for number, body in enumerate(acts, 1) if isinstance(body, parties.SignText)]


def test_an_act_under_another_seats_signature(tmp_path: Path, honest: Publisher) -> None:
    """The depositary takes one seat's signature for another's act."""
    first, second = signings(honest)[:2]
    signatures = decode_entry(honest.entries[first]).act.signatures

    def another(entry: Entry) -> Entry:
        return replace(entry, act=replace(entry.act, signatures=signatures))

    lies(following(tmp_path, honest), honest, second, forged(honest.entries[second], another), "does not fit")


def test_one_seats_signature_twice_is_not_that_of_two(tmp_path: Path, honest: Publisher) -> None:
    """What two persons must sign, one signed; the depositary writes the signature down twice."""
    number, data = next(
        (number, data) for number, data in enumerate(honest.entries) if len(decode_entry(data).act.signatures) == 2
    )

    def doubled(entry: Entry) -> Entry:
        first = entry.act.signatures[0]
        return replace(entry, act=replace(entry.act, signatures=(first, first)))

    lies(following(tmp_path, honest), honest, number, forged(data, doubled), "more than once")


def test_an_act_of_the_depositary_that_it_did_not_sign(tmp_path: Path, honest: Publisher) -> None:
    """Whoever holds the log's key and not the depositary's writes down a lapse."""
    number, data = next(
        (number, data)
        for number, data in enumerate(honest.entries)
        if number and decode_statement(decode_entry(data).act.payload).seat == "depositary"
    )

    def unsigned(entry: Entry) -> Entry:
        return replace(entry, act=replace(entry.act, signatures=()))

    lies(following(tmp_path, honest), honest, number, forged(data, unsigned), "no signature found")


def test_an_act_changed_after_it_was_signed(tmp_path: Path, honest: Publisher) -> None:
    number = where(honest.entries, lambda entry: b'"joins"' in entry.act.payload)

    def changed(entry: Entry) -> Entry:
        return replace(entry, act=replace(entry.act, payload=entry.act.payload.replace(b'"joins"', b'"declines"')))

    lies(following(tmp_path, honest), honest, number, forged(honest.entries[number], changed), "does not fit")


def test_an_entry_put_before_the_one_before_it(tmp_path: Path, honest: Publisher) -> None:
    ats = [decode_entry(data).at for data in honest.entries]
    number = next(n for n, (one, other) in enumerate(pairwise(ats), 1) if one < other)

    def earlier(entry: Entry) -> Entry:
        return replace(entry, at=ats[number - 1] - timedelta(seconds=1))

    lies(following(tmp_path, honest), honest, number, forged(honest.entries[number], earlier), "received before")


def test_a_deadline_that_was_not_recorded(tmp_path: Path, honest: Publisher) -> None:
    """An act that came after the deadline stands where the lapse should have been."""
    number = where(honest.entries, lambda entry: any(isinstance(e, response.ResponseDecided) for e in entry.events))
    late = honest.entries[number + 1 :]
    honest.entries[number:] = late
    holds_still(following(tmp_path, honest), Tampered, f"entry {number} does not hold: .*was not recorded")


def test_an_entry_seen_long_after_it_says_it_was_received_is_said(tmp_path: Path, honest: Publisher) -> None:
    """No rule forbids it, so it is kept; but nobody may slip an act in behind a deadline unnoticed."""
    honest.size = 100
    follower = following(tmp_path, honest)
    later = decode_entry(honest.entries[99]).at + timedelta(days=300)
    honest.time = later.isoformat()
    follower.follow()
    assert not follower.copy.known.doubts
    honest.size = 101
    follower.follow()
    [doubt] = follower.copy.known.doubts
    assert (doubt.entry, doubt.recorded_after) == (100, later)
