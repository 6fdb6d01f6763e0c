"""What was entered for a seat and countersigned after a close: recomputed by the rules, and seen at any past time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from foedus.acts import decode_entry, decode_statement, encode_entry
from foedus.depositary import Depositary
from foedus.errors import Tampered
from foedus.history import as_of
from foedus.record.record import Record
from foedus.record.store import open_store
from foedus.response.acts import CountersignTranscript
from foedus.verify import verify_record
from tests.scenario import played
from tests.scenario_acts import ORIGIN, seed_of
from tests.scenario_text import scenarios

T0 = datetime(2026, 10, 12, 6, tzinfo=UTC)


@pytest.fixture
def record(tmp_path):
    """The record of the scenario in which a position said by telephone is countersigned after the close."""
    (told,) = [one for one in scenarios() if one.name == "scenarios/transcript.txt"]
    run = played(told, store=lambda clock: open_store(tmp_path / "record", clock=clock, create=True))
    run.depositary.checkpoint()
    run.depositary.store.close()
    return tmp_path / "record"


def test_the_rules_give_the_same_events_and_times(record):
    assert verify_record(record, rules=True).size > 0


def test_another_time_than_that_of_the_close_is_found(record, tmp_path):
    store = open_store(record)
    entries = list(store.entries(0))
    acts = [decode_statement(decode_entry(data).act.payload).body for data in entries]
    (number,) = [place for place, body in enumerate(acts) if isinstance(body, CountersignTranscript)]
    entry = decode_entry(entries[number])
    assert entry.true_at == T0 + timedelta(hours=72)
    entries[number] = encode_entry(replace(entry, true_at=T0 + timedelta(hours=71)))
    after = open_store(tmp_path / "forged", create=True, clock=lambda: decode_entry(entries[-1]).at)
    for digest in store.blobs():
        after.put_blob(digest, store.get_blob(digest) or b"")
    with after.write() as write:
        Record(after, ORIGIN).append(write, decode_entry(entries[-1]).at, entries)
    store.close()
    after.close()
    with pytest.raises(Tampered, match=rf"^entry {number}: it names another time"):
        verify_record(tmp_path / "forged", rules=True)


def test_the_past_knows_it_from_the_countersignature_on_as_of_the_close(record):
    depositary = Depositary.open(record, seed=seed_of("depositary"))
    state = depositary.state.response
    depositary.store.close()
    measure, response = state.measures["R-1/M-1"], state.responses["R-1"]
    asked = T0 + timedelta(hours=73)
    for hour, joined in ((79, ()), (81, ("POL",))):
        known = T0 + timedelta(hours=hour)
        then, decided = as_of(measure, asked, known), as_of(response, asked, known)
        assert then is not None
        assert decided is not None
        assert decided.decided is not None
        assert decided.decided.outcomes[0].joined == joined
        assert (then.position("POL") is not None) == bool(joined)
        transcript = as_of(state.transcripts["T-1"], asked, known)
        assert transcript is not None
        assert transcript.waits == (not joined)
