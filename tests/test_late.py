"""What an epoch that is over had received: once, in its order, with its time, and never what it had not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from foedus.acts import Entry, decode_entry, encode_entry
from foedus.desk.late import _left_out
from foedus.errors import Malformed, Refused, Tampered, Waits
from foedus.parties import acts as parties
from foedus.record.checkpoint import Checkpoint, sign_checkpoint
from foedus.record.envelope import encode_envelope
from foedus.record.merkle import leaf_hash, root_of
from foedus.record.proof import Proof, format_proof
from foedus.record.store import open_store
from foedus.response import acts as response
from foedus.settling import Settling
from foedus.verify import verify_record
from tests.desk.relay import copied, settle, taken_over
from tests.desk.witnesses import more
from tests.plays import TICK, Play, seed_of, staged


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    played = staged("mare-2030", "reported", tmp_path / "record")
    yield played
    played.close()


class Relayed:
    """A record continued from `size` entries, of which the server before had `proofs` of more, by entry."""

    def __init__(self, play: Play, tmp_path: Path, beyond: int = 3) -> None:
        settle(play)
        copy = copied(tmp_path / "copy", play)
        self.size = copy.size
        self.times = []
        for _ in range(beyond):
            play.at += timedelta(seconds=1)
            more(play)
            self.times.append(play.at)
        play.depositary.checkpoint()
        ahead = copied(tmp_path / "ahead", play)
        self.late = dict(_left_out(ahead, self.size))
        self.old = list(play.depositary.store.entries(self.size))
        ahead.close()
        play.at += timedelta(minutes=5)
        self.began = play.at
        self.play = taken_over(play, copy, tmp_path / "new")
        copy.close()

    def hand_in(self, *numbers: int) -> None:
        for number in numbers:
            late = self.late[number]
            self.play.depositary.receive_late(late.proof, [(one.salt, one.content) for one in late.attachments])

    def entries(self, start: int) -> list[Entry]:
        return [decode_entry(data) for data in self.play.depositary.store.entries(start)]

    def later(self, minutes: int = 6) -> None:
        self.play.wait(self.play.at + timedelta(minutes=minutes))


@pytest.fixture
def relayed(play: Play, tmp_path: Path) -> Relayed:
    return Relayed(play, tmp_path)


def test_late_entries_keep_their_bytes_order_and_stamp(relayed: Relayed, tmp_path: Path) -> None:
    """Whoever hands them in, in whatever order and how often: once each, as the server before had received them."""
    first = relayed.size
    relayed.hand_in(first + 2, first, first + 1, first)
    with pytest.raises(Waits, match="waits"):
        more(relayed.play)
    waited = relayed.play.at
    relayed.later()
    found = relayed.entries(first + 1)
    assert len(found) == 4
    for entry, old, at in zip(found, map(decode_entry, relayed.old), relayed.times, strict=False):
        assert (entry.act, entry.at, entry.true_at) == (old.act, relayed.began, at)
        assert entry.events[1:] == old.events
    assert (found[3].at, found[3].true_at, found[3].late) == (waited, None, None)
    assert verify_record(tmp_path / "new", rules=True).size == first + 5


def test_while_an_epoch_gathers_only_what_could_enter_is_kept(relayed: Relayed) -> None:
    """So nobody fills the inbox who has no seat, and who sends the same again is told that it is recorded."""
    play, store = relayed.play, relayed.play.depositary.store
    statement = play.statement("XOR/watch", parties.AgreeInAdvance("none"))
    right = play.envelope(statement)
    play.seeds["XOR/watch"] = seed_of("nobody")
    for wrong, clause in ((play.envelope(statement), "record/seat"), (recorded(relayed), "record/replay")):
        with pytest.raises(Refused) as refused:
            play.depositary.perform(wrong)
        assert refused.value.clause == clause
    with store.write() as write:
        assert write.open() == []
    for _ in range(3):
        with pytest.raises(Waits):
            play.depositary.perform(right)
    with store.write() as write:
        assert len(write.open()) == 1


def recorded(relayed: Relayed) -> bytes:
    """An act that is in the record, as it was sent."""
    entries = [decode_entry(data) for data in relayed.play.depositary.store.entries(1, relayed.size)]
    return encode_envelope(entries[-1].act)


def test_after_the_time_of_the_clause_nothing_comes_in_late(relayed: Relayed) -> None:
    relayed.later()
    with pytest.raises(Refused, match="the time is over") as refused:
        relayed.hand_in(relayed.size)
    assert refused.value.clause == "record/late"


def test_what_is_not_what_the_server_before_had_received(relayed: Relayed, play: Play) -> None:
    door, number = relayed.play.depositary, relayed.size
    proof = relayed.late[number].proof
    for said, sent in (
        ("cannot be read|no proof|expected a first line", "nothing"),
        ("did not sign that", proof.replace("index 5", "index 6")),
        ("does not carry the entry", "\n".join(line for line in proof.split("\n") if not line.startswith("extra"))),
    ):
        with pytest.raises((Refused, Malformed), match=said):
            door.receive_late(sent)
    inside = Proof(0, tuple(door.record.inclusion(0, number)), cosigned_old(relayed), next(door.store.entries(0, 1)))
    with pytest.raises(Refused, match="was continued"):
        door.receive_late(format_proof(inside).decode())


def test_what_the_clock_of_the_server_before_recorded_is_not_handed_in(play: Play, tmp_path: Path) -> None:
    play.at += timedelta(hours=1)
    assert play.somebody(response.Activate)
    clock = play.state.response.responses["R-1"].clock("acknowledge")
    assert clock is not None
    settle(play)
    copy = copied(tmp_path / "copy", play)
    play.wait(clock.due)
    lapse = next(play.depositary.store.entries(copy.size))
    hashes = tuple(play.depositary.record.inclusion(copy.size, play.state.size))
    proof = format_proof(Proof(copy.size, hashes, play.depositary.checkpoint(), lapse)).decode()
    play.at += timedelta(minutes=5)
    taken_over(play, copy, tmp_path / "new")
    copy.close()
    with pytest.raises(Refused, match="comes by itself"):
        play.depositary.receive_late(proof)
    play.wait(play.at + timedelta(minutes=6))
    entries = map(decode_entry, play.depositary.store.entries(0))
    events = [event for entry in entries for event in entry.events if isinstance(event, response.StepLapsed)]
    assert [event.step for event in events].count("acknowledge") == 1


@pytest.mark.parametrize("moved", [timedelta(days=-2), timedelta(hours=2)])
def test_a_time_at_which_the_server_before_was_not_silent_and_not_alive(relayed: Relayed, moved: timedelta) -> None:
    """Whoever has its key could date an act: not to before what is continued, and not to after the epoch began."""
    entry = decode_entry(relayed.old[0])
    forged = encode_entry(replace(entry, at=entry.at + moved))
    size = relayed.size + 1
    leaves = [leaf_hash(data) for data in (*relayed.play.depositary.store.entries(0, relayed.size), forged)]
    note = sign_checkpoint(Checkpoint("play.example/mare-2030", size, root_of(leaves)), seed_of("depositary"))
    proof = Proof(relayed.size, path_of_last(leaves), note, forged)
    with pytest.raises(Refused, match="expected between"):
        relayed.play.depositary.receive_late(format_proof(proof).decode())


def path_of_last(leaves: list[bytes]) -> tuple[bytes, ...]:
    """The inclusion proof of the last leaf: the complete subtrees to its left, the smallest first."""
    hashes, start = [], 0
    for bit in reversed(range(len(leaves).bit_length())):
        width = 1 << bit
        if (len(leaves) - 1) & width:
            hashes.append(root_of(leaves[start : start + width]))
            start += width
    return tuple(reversed(hashes))


def cosigned_old(relayed: Relayed) -> bytes:
    return relayed.play.depositary.store.checkpoints(1, below=relayed.size + 1)[0][1]


def test_a_record_in_its_first_epoch_takes_nothing_late(play: Play, tmp_path: Path) -> None:
    more(play)
    play.depositary.checkpoint()
    copy = copied(tmp_path / "copy", play)
    [(_, late)] = _left_out(copy, copy.size - 1)
    with pytest.raises(Refused, match="first epoch"):
        play.depositary.receive_late(late.proof)
    copy.close()


@pytest.mark.parametrize(
    ("says", "change"),
    [
        ("another act, or of another time", lambda one: replace(one, true_at=one.true_at + TICK)),
        ("stand first in the epoch", lambda one: replace(one, at=one.at + TICK)),
        ("another time at which it came true", lambda one: replace(one, late=None)),
    ],
)
def test_a_recomputer_refuses_a_late_entry_that_is_none(relayed: Relayed, tmp_path: Path, says: str, change) -> None:
    relayed.hand_in(relayed.size)
    relayed.later()
    assert rebuilt_refuses(relayed, tmp_path, relayed.size + 1, change, says)


def test_late_entries_out_of_order_are_refused(relayed: Relayed, tmp_path: Path) -> None:
    relayed.hand_in(relayed.size, relayed.size + 1)
    relayed.later()
    entries = list(relayed.play.depositary.store.entries(0))
    entries[-2:] = reversed(entries[-2:])
    assert refused_as(relayed, tmp_path, entries, "in the order of their numbers")


def rebuilt_refuses(relayed: Relayed, tmp_path: Path, number: int, change, says: str) -> bool:
    entries = list(relayed.play.depositary.store.entries(0))
    entries[number] = encode_entry(change(decode_entry(entries[number])))
    return refused_as(relayed, tmp_path, entries, says)


def refused_as(relayed: Relayed, tmp_path: Path, entries: list[bytes], says: str) -> bool:
    """Whether `verify --rules` of these entries, signed anew by the depositary, says so."""
    from foedus.record.record import Record

    store = open_store(tmp_path / "forged", create=True, clock=lambda: relayed.play.at)
    source = relayed.play.depositary.store
    for digest in source.blobs():
        store.put_blob(digest, source.get_blob(digest) or b"")
    with store.write() as write:
        Record(store, "forged").append(write, relayed.play.at, entries)
    store.close()
    with pytest.raises(Tampered, match=says):
        verify_record(tmp_path / "forged", rules=True)
    return True


def test_a_deadline_that_passed_meanwhile_counts_whoever_was_received_before_it(play: Play, tmp_path: Path) -> None:
    """A party answers in time, the server dies before its answer is settled, and the deadline passes."""
    play.at += timedelta(hours=1)
    assert play.somebody(response.Activate, "XHA") or play.somebody(response.Activate)
    clock = play.state.response.responses["R-1"].clock("acknowledge")
    assert clock is not None
    settle(play)
    copy = copied(tmp_path / "copy", play)
    play.at = clock.due - timedelta(seconds=1)
    answered = play.state.response.responses["R-1"].roll[-1]
    assert play.somebody(response.Acknowledge, answered)
    play.depositary.checkpoint()
    ahead = copied(tmp_path / "ahead", play)
    late = [one for _, one in _left_out(ahead, copy.size)]
    ahead.close()
    play.at = clock.due + timedelta(minutes=10)
    taken_over(play, copy, tmp_path / "new")
    copy.close()
    play.depositary.tick()
    assert play.state.response.responses["R-1"].acknowledged.get(answered) is None
    play.depositary.receive_late(late[0].proof)
    play.wait(play.at + timedelta(minutes=6))
    place = play.state.response.responses["R-1"].acknowledged.get(answered)
    assert place is not None
    assert place.at == clock.due - timedelta(seconds=1)
    lapses = [entry for entry in map(decode_entry, play.depositary.store.entries(0)) if entry.true_at == clock.due]
    [lapse] = [event for entry in lapses for event in entry.events if isinstance(event, response.StepLapsed)]
    assert answered not in lapse.silent
    assert verify_record(tmp_path / "new", rules=True).size == play.state.size


def test_an_epoch_is_settled_by_the_same_witnesses_and_continued_again(relayed: Relayed, tmp_path: Path) -> None:
    play = relayed.play
    relayed.later()
    more(play, 2)
    settle(play)
    assert Settling(play.depositary).settled() == play.state.size
    copy = copied(tmp_path / "second", play)
    play.at += timedelta(hours=1)
    from foedus.desk.succeed import succeed
    from foedus.record.keys import SeedKey

    began = succeed(copy, tmp_path / "third", SeedKey(play.seeds["XHA/chancellor"]), seed_of("third"))
    assert (began.entry, began.party, began.settled) == (copy.size, "XHA", copy.size)
    copy.close()
    assert verify_record(tmp_path / "third", rules=True).settled == began.entry
