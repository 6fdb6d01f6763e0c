"""Desks and witnesses go over to an epoch that may begin, and to no other; nothing settled is given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from msgspec.structs import replace

from foedus.acts import Entry, decode_entry, decode_statement, encode_entry, encode_statement
from foedus.desk import evidence
from foedus.desk.copy import Copy
from foedus.desk.epochs import Continued
from foedus.desk.follow import Follower
from foedus.desk.late import Late, go_over, hand_in_late, keep_left_out
from foedus.desk.outbox import Outbox
from foedus.desk.rounds import Rounds
from foedus.desk.witness import Witness
from foedus.errors import Conflict, FoedusError, Tampered
from foedus.parties.acts import ContinueRecord
from foedus.record.cosigned import keep
from foedus.record.envelope import EXERCISE_ACT_TYPE, sign_envelope
from foedus.record.keys import SeedKey
from foedus.record.note import Note, format_note, parse_note
from foedus.remote import Remote
from foedus.submission import Signed
from foedus.watermark import held_by
from tests.desk.publisher import Publisher, answered, holds_still
from tests.desk.relay import TURN, copied, epoch_of, served, settle, taken_over
from tests.desk.witnesses import cosigner, more, played
from tests.plays import Play


class Relay:
    """A record with copies at several desks, settled, then some entries more, and then its server falls silent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.play = played(folder)
        settle(self.play)
        self.successor = copied(folder / "successor", self.play)
        self.common = self.successor.size
        self.before = served(self.play)

    def copy(self, name: str) -> Copy:
        return copied(self.folder / name, self.play)

    def over(self, *, minutes: float = 5) -> Publisher:
        """Orsmark continues; the publisher of what it serves."""
        self.before = served(self.play)
        self.play.at += timedelta(minutes=minutes)
        taken_over(self.play, self.successor, self.folder / "new")
        return served(self.play)


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    made = Relay(tmp_path)
    yield made
    made.successor.close()
    made.play.close()


def follows(copy: Copy, source: Publisher) -> int:
    return Follower(copy, source.server()).follow()


# --- going over -------------------------------------------------------------------------------------------------------


def test_a_copy_that_holds_what_is_continued_just_follows(relay: Relay, tmp_path: Path) -> None:
    copy = relay.copy("copy")
    after = relay.over()
    assert follows(copy, after) == 1
    assert epoch_of(copy.state) == epoch_of(relay.play.state)
    relay.play.at += timedelta(minutes=6)
    more(relay.play, 2)
    assert follows(copy, served(relay.play)) == 2
    copy.close()
    again = Copy.open(tmp_path / "copy", clock=relay.play.clock)
    assert again.log is not None
    assert (again.log.name, again.size) == (epoch_of(relay.play.state)[0], relay.play.state.size)
    again.close()


def test_a_new_desk_follows_from_the_first_epoch_to_the_last(relay: Relay, tmp_path: Path) -> None:
    relay.over()
    relay.play.at += timedelta(minutes=6)
    more(relay.play, 2)
    copy = Copy.open(tmp_path / "new desk", clock=relay.play.clock)
    assert follows(copy, served(relay.play)) == relay.play.state.size
    assert copy.known.log.startswith("play.example/mare-2030+"), "the key of entry 0 is the one to compare"
    copy.close()


def test_a_copy_that_holds_more_begins_anew_and_hands_in_what_was_left_out(relay: Relay, tmp_path: Path) -> None:
    more(relay.play, 2)
    copy = relay.copy("ahead")
    signed = decode_entry(list(copy.store.entries(relay.common))[-1]).act
    queued = Outbox(copy.folder).put(Signed(msgspec.json.encode(signed)))
    Outbox(copy.folder).read_back(copy)
    after = relay.over()
    holds_still(Follower(copy, after.server()), Continued, "goes on in a new epoch")
    keep_left_out(copy, relay.common)
    go_over(copy, relay.common)
    copy = Copy.open(tmp_path / "ahead", clock=relay.play.clock)
    assert copy.size == relay.common
    found = Outbox(copy.folder).get(queued.id)
    assert found is not None
    assert (found.standing.stage, found.standing.broken) == ("waiting", relay.common + 1)
    assert follows(copy, after) == 1
    taken: list[bytes] = []

    def late(request: httpx.Request) -> httpx.Response:
        sent = msgspec.json.decode(request.content, type=Late)
        relay.play.depositary.receive_late(sent.proof, [(one.salt, one.content) for one in sent.attachments])
        taken.append(request.content)
        return answered(202, {})

    after.answers["api/late"] = late
    assert hand_in_late(copy.folder, after.remote()) == []
    assert hand_in_late(copy.folder, after.remote()) == []
    assert len(taken) == 2
    relay.play.wait(relay.play.at + timedelta(minutes=6))
    assert follows(copy, served(relay.play)) == 2
    assert [one.standing.stage for one in Outbox(copy.folder).read_back(copy)] == ["recorded"]
    copy.close()


def test_going_over_keeps_the_whole_copy_and_dies_without_harm(
    relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more(relay.play)
    copy = relay.copy("ahead")

    def fails(*paths: object) -> None:
        raise OSError(28, "no room")

    with monkeypatch.context() as broken:
        broken.setattr("os.replace", fails)
        with pytest.raises(Conflict, match="could not be put aside"):
            go_over(copy, relay.common)
    copy = Copy.open(tmp_path / "ahead", clock=relay.play.clock)
    assert copy.size == relay.common + 1
    go_over(copy, relay.common)
    assert (tmp_path / "ahead" / f"until-{relay.common + 1}.db").exists()


# --- what is not followed ---------------------------------------------------------------------------------------------


def test_settled_entries_are_never_given_up(relay: Relay) -> None:
    more(relay.play)
    settle(relay.play)
    copy = relay.copy("ahead")
    after = relay.over()
    holds_still(Follower(copy, after.server()), Tampered, "leaves out settled ones")
    copy.close()


def test_a_server_that_was_heard_of_is_not_succeeded_yet(relay: Relay) -> None:
    """It served this desk a moment ago: whoever says that it was silent for minutes is not believed until then."""
    copy = relay.copy("copy")
    after = relay.over()
    follower = Follower(copy, relay.before.server())
    follower.follow()
    follower.source = after.server()
    holds_still(follower, Conflict, "heard of the server before")
    relay.play.at += TURN
    assert follower.follow() == 1
    copy.close()


def test_an_epoch_of_the_future_waits(relay: Relay) -> None:
    copy = relay.copy("copy")
    after = relay.over()
    relay.play.at -= timedelta(minutes=10)
    holds_still(Follower(copy, after.server()), Conflict, "still to come")
    copy.close()


def test_the_server_of_an_epoch_that_is_over(relay: Relay) -> None:
    copy = relay.copy("copy")
    before, after = relay.before, relay.over()
    follows(copy, after)
    holds_still(Follower(copy, before.server()), Tampered, "an epoch that is over")
    copy.close()


def rewritten(play: Play, after: Publisher, number: int, change: object) -> None:
    """What is published is signed by a successor that keeps to no rule: its first entry is another."""
    entry = decode_entry(after.entries[number])
    statement = decode_statement(entry.act.payload)
    assert isinstance(statement.body, ContinueRecord)
    body = change(statement.body)  # type: ignore[operator]  # a function of the body
    keys = [SeedKey(play.seeds["XOR/chancellor"])]
    act = sign_envelope(encode_statement(replace(statement, body=body)), EXERCISE_ACT_TYPE, keys)
    after.entries[number] = encode_entry(Entry(entry.at, entry.compact, entry.rules, act, entry.events))


def without_witnesses(body: ContinueRecord) -> ContinueRecord:
    note = parse_note(body.settled.encode())
    return replace(body, settled=format_note(Note(note.text, note.signatures[:2])).decode())


def forged(body: ContinueRecord) -> ContinueRecord:
    note = parse_note(body.settled.encode())
    lines = [one._replace(signature=one.signature[:-1] + bytes([one.signature[-1] ^ 1])) for one in note.signatures]
    return replace(body, settled=format_note(Note(note.text, (note.signatures[0], *lines[1:]))).decode())


@pytest.mark.parametrize(
    ("change", "says"), [(without_witnesses, "not settled"), (forged, "does not fit the checkpoint")]
)
def test_a_successor_that_lies_is_refused_with_evidence(relay: Relay, change: object, says: str) -> None:
    copy = relay.copy("copy")
    after = relay.over()
    rewritten(relay.play, after, relay.common, change)
    holds_still(Follower(copy, after.server()), Tampered, says)
    [(_, found)] = evidence.kept(copy.folder)
    assert (found.kind, found.log.partition("+")[0]) == ("false_entry", after.origin)
    copy.close()


def test_a_checkpoint_signed_by_another_key_than_the_entry_declares(relay: Relay) -> None:
    copy = relay.copy("copy")
    after = relay.over()
    after.seed = bytes(32)
    with pytest.raises(FoedusError):
        follows(copy, after)
    assert copy.size == relay.common
    copy.close()


def test_another_history_below_is_a_fork(relay: Relay, tmp_path: Path) -> None:
    """Entries before the epoch that are not those of this copy: somebody signed two histories."""
    other = played_elsewhere(tmp_path / "elsewhere")
    more(relay.play)
    copy = relay.copy("copy")
    settle(other)
    held = copied(tmp_path / "other copy", other)
    other.at += timedelta(minutes=5)
    taken_over(other, held, tmp_path / "other new")
    held.close()
    relay.play.at = other.at
    with pytest.raises(Tampered, match="forked"):
        follows(copy, served(other))
    assert copy.size == relay.common + 1
    other.close()
    copy.close()


def played_elsewhere(folder: Path) -> Play:
    folder.mkdir()
    play = played(folder)
    play.at += timedelta(seconds=3)
    more(play)
    return play


# --- witnesses --------------------------------------------------------------------------------------------------------


def worked(witness: Witness, source: Publisher) -> int:
    witness.follower.source, witness.remote = source.server(), None
    return Rounds(witness).once().cosigned


def test_a_witness_cosigns_the_new_epoch_under_its_own_name(relay: Relay, tmp_path: Path) -> None:
    witness = cosigner(tmp_path / "w", relay.play, "XCO", relay.before)
    assert worked(witness, relay.before) == relay.common
    after = relay.over()
    assert worked(witness, after) == relay.common + 1
    note = witness.cosigned()
    assert note is not None
    assert note.decode().startswith(after.origin + "\n")
    keep(relay.play.depositary.store, relay.common + 1, note)


def test_a_witness_that_cosigned_more_goes_over_and_never_signs_two_roots_under_one_name(
    relay: Relay, tmp_path: Path
) -> None:
    more(relay.play, 3)
    ahead = served(relay.play)
    witness = cosigner(tmp_path / "w", relay.play, "XCO", ahead)
    assert worked(witness, ahead) == relay.common + 3
    old = {relay.common + 3: witness.copy.root(relay.common + 3)}
    after = relay.over()
    with pytest.raises(Continued):
        worked(witness, after)
    go_over(witness.copy, relay.common)
    witness = cosigner(tmp_path / "w", relay.play, "XCO", after)
    assert witness.mark.size == relay.common
    relay.play.at += timedelta(minutes=6)
    more(relay.play, 2)
    assert worked(witness, served(relay.play)) == relay.common + 3
    assert witness.copy.root(relay.common + 3) != old[relay.common + 3]
    note = witness.cosigned()
    assert note is not None
    assert note.decode().startswith(after.origin + "\n"), "the name is another than that under which it signed before"


def test_the_old_server_learns_from_a_witness_that_it_was_continued(relay: Relay, tmp_path: Path) -> None:
    before = relay.play.state
    witness = cosigner(tmp_path / "w", relay.play, "XCO", relay.before)
    worked(witness, relay.over())
    note = witness.cosigned()
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=note))
    with pytest.raises(Tampered, match="was continued after"):
        held_by(Remote("http://witness.example", transport=transport), before)
    assert held_by(Remote("http://witness.example", transport=transport), relay.play.state) is not None


# --- several addresses ------------------------------------------------------------------------------------------------


def test_who_cannot_be_reached_is_not_asked_again_before_the_others() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        if request.url.host == "one.example":
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(200, content=b"here")

    remote = Remote("http://one.example", transport=httpx.MockTransport(answer), others=["http://two.example"])
    with pytest.raises(Conflict):
        remote.get("checkpoint", 100)
    for _ in range(3):
        found = remote.get("checkpoint", 100)
        assert found is not None
    assert asked == ["one.example", *["two.example"] * 3]
