"""A depositary that keeps the tree in order and its record not."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from foedus.acts import Entry, decode_entry, decode_statement, encode_entry
from foedus.errors import Tampered
from foedus.parties import acts as parties
from foedus.record.checkpoint import Checkpoint, sign_checkpoint
from foedus.record.note import note_key
from foedus.record.record import Record
from foedus.record.store import open_store
from foedus.response import acts as response
from tests.plays import TICK, seed_of
from tests.verify.damage import ORIGIN, check, copied, kept


@contextmanager
def forged(change: Callable[[Entry], Entry], entry: int) -> Iterator[Path]:
    """The record written anew with one entry changed, hashed and signed by its depositary as if it were so."""
    with copied() as record, tempfile.TemporaryDirectory() as folder:
        before = open_store(record)
        entries = list(before.entries(0))
        entries[entry] = encode_entry(change(decode_entry(entries[entry])))
        at = decode_entry(entries[-1]).at
        after = open_store(folder, create=True, clock=lambda: at)
        for digest in before.blobs():
            after.put_blob(digest, before.get_blob(digest) or b"")
        book = Record(after, ORIGIN)
        with after.write() as write:
            book.append(write, at, entries)
        book.checkpoint(lambda text: sign_checkpoint(Checkpoint(ORIGIN, 300, book.root()), seed_of("depositary")))
        before.close()
        after.close()
        yield Path(folder)


def find(kind: type, after: int = 1) -> int:
    """The first entry whose act is of this kind."""
    store = open_store(kept() / "record")
    try:
        for number, data in enumerate(store.entries(after), after):
            if isinstance(decode_statement(decode_entry(data).act.payload).body, kind):
                return number
    finally:
        store.close()
    raise AssertionError(f"no {kind.__name__} in the record")


def test_an_event_that_does_not_follow_is_found_by_recomputing():
    number = find(response.Acknowledge)
    with forged(lambda entry: replace(entry, events=entry.events[:-1]), number) as record:
        assert check(record, state=False).size == 300
        with pytest.raises(Tampered, match=rf"^entry {number}: .*the rules give"):
            check(record, rules=True)


def test_an_event_that_contradicts_what_was_recorded_is_found_by_adding_up():
    stray = parties.SeatRevoked("XXX/head")
    number = find(response.Acknowledge)
    with (
        forged(lambda entry: replace(entry, events=(*entry.events, stray)), number) as record,
        pytest.raises(Tampered, match=rf"^entry {number}: the key of seat XXX/head was revoked by no act"),
    ):
        check(record, state=False)
    missing = response.IncidentWithdrawn("I-999")
    with (
        forged(lambda entry: replace(entry, events=(*entry.events, missing)), number) as record,
        pytest.raises(Tampered, match=rf"^entry {number}: its events do not fit"),
    ):
        check(record)


def test_a_key_that_no_party_gave_is_found_without_rules():
    number = find(parties.EnrolSeat)
    other = note_key("x", seed_of("intruder")).public.hex()

    def change(entry: Entry) -> Entry:
        event = entry.events[0]
        assert isinstance(event, parties.SeatEnrolled)
        return replace(entry, events=(replace(event, key=other), *entry.events[1:]))

    with (
        forged(change, number) as record,
        pytest.raises(Tampered, match=rf"^entry {number}: seat .* got a key that no act of its party gave it"),
    ):
        check(record, state=False)


def test_a_root_key_that_no_act_named_is_found_without_rules():
    number = find(response.Acknowledge)
    stray = parties.RootKeyDeposited("XOR", note_key("x", seed_of("intruder")).public.hex())
    with (
        forged(lambda entry: replace(entry, events=(*entry.events, stray)), number) as record,
        pytest.raises(Tampered, match=rf"^entry {number}: XOR got a root key that no act of its own named"),
    ):
        check(record, state=False)


def test_a_changed_act_is_not_what_was_signed():
    number = find(response.Acknowledge)

    def change(entry: Entry) -> Entry:
        payload = entry.act.payload.replace(b'"R-1"', b'"R-2"')
        assert payload != entry.act.payload
        return replace(entry, act=replace(entry.act, payload=payload))

    for workers in (1, 2):
        with (
            forged(change, number) as record,
            pytest.raises(Tampered, match=rf"^entry {number}: a signature does not fit"),
        ):
            check(record, state=False, workers=workers)


def test_an_act_that_stands_twice_is_found():
    number = find(response.Acknowledge)
    store = open_store(kept() / "record")
    earlier = decode_entry(next(store.entries(number)))
    store.close()
    with (
        forged(lambda entry: replace(entry, act=earlier.act), 299) as record,
        pytest.raises(Tampered, match=rf"^entry 299: its act [0-9a-f]{{32}} is already entry {number}"),
    ):
        check(record, state=False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda entry: replace(entry, at=entry.at - timedelta(days=900)), "before the entry before it"),
        (lambda entry: replace(entry, true_at=entry.at + timedelta(days=1)), "said to come true after"),
        (lambda entry: replace(entry, compact="0" * 64), "another compact is named"),
        (
            lambda entry: replace(entry, act=replace(entry.act, payloadType="application/x")),
            "for another record",
        ),
        (
            lambda entry: replace(entry, act=replace(entry.act, signatures=entry.act.signatures * 2)),
            "one key signed the act twice",
        ),
        (
            lambda entry: replace(
                entry, act=replace(entry.act, signatures=(replace(entry.act.signatures[0], keyid="0" * 16),))
            ),
            "speaks for no seat here",
        ),
    ],
)
def test_what_no_depositary_may_record(change, message):
    number = find(response.Acknowledge)
    with forged(change, number) as record, pytest.raises(Tampered, match=rf"^entry {number}: .*{message}"):
        check(record, state=False)


def test_entry_0_must_open_the_record():
    body = parties.RecordOpened(
        "other.example", exercise=True, ceiling="restricted", depositary_key="0" * 64, compact="0" * 64
    )
    with (
        forged(lambda entry: replace(entry, events=(body, *entry.events[1:])), 0) as record,
        pytest.raises(Tampered, match=r"^entry 0: the record is said to be opened otherwise"),
    ):
        check(record)


def test_a_time_from_which_nothing_can_be_reckoned_is_found():
    end = datetime.max.replace(tzinfo=UTC)
    with (
        forged(lambda entry: replace(entry, at=end), 299) as record,
        pytest.raises(Tampered, match=r"^entry 299: received at 9999-12-31T\S+: from there no time can be reckoned"),
    ):
        check(record, rules=True)


def test_a_lapse_is_recorded_when_it_is_due_and_not_before():
    number = find(response.RecordLapse)

    def later(entry: Entry) -> Entry:
        return replace(entry, true_at=entry.at + TICK - TICK - TICK)

    with forged(later, number) as record, pytest.raises(Tampered, match=rf"^entry {number}: .*came true at"):
        check(record, rules=True)
