"""A witness cosigns what it recomputed, once for each size and never two roots of one, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from msgspec.structs import replace

from foedus.acts import Entry
from foedus.desk import evidence
from foedus.desk import witness as witnessing
from foedus.desk.rounds import Rounds
from foedus.desk.witness import Mark, Witness, alone
from foedus.errors import Conflict, Malformed, Refused, Tampered
from foedus.parties import acts as parties
from foedus.record.checkpoint import (
    Checkpoint,
    cosign,
    cosigner_key,
    mldsa44_key,
    parse_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from foedus.record.merkle import leaf_hash, root_of
from foedus.record.note import Note, NoteSignature, format_note, note_key, parse_note
from foedus.verify import verify_record
from tests.desk.publisher import SEED, forged
from tests.desk.witnesses import console, cosigner, more, played, publisher, settled, works
from tests.plays import Play


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return played(tmp_path)


def origin(play: Play) -> str:
    record = play.state.parties.record
    assert record is not None
    return record.origin


def cosigned_by(note: bytes, play: Play, *seats: str) -> list[str]:
    """Of these seats those whose cosignature is on the note and verifies."""
    keys = [cosigner_key(f"{origin(play)}/{seat}", play.seeds[seat]) for seat in seats]
    found = verify_checkpoint(note, note_key(origin(play), SEED), keys)
    return [one.key.name.removeprefix(f"{origin(play)}/") for one in found.cosignatures]


# --- cosigning --------------------------------------------------------------------------------------------------------


def test_from_an_act_to_a_settled_entry(tmp_path: Path, play: Play) -> None:
    """Two outsiders are asked for: one is not enough, a keeper beside it is not, another outsider is."""
    with console(play) as server:
        for party, then in (("XHA", 0), ("XOR", 0), ("XCO", play.state.size)):
            done = Rounds(cosigner(tmp_path / party, play, party, server)).once()
            assert (done.cosigned, done.handed_in) == (play.state.size, True)
            assert settled(play) == then
        answer = server.get("checkpoint", 10**6)
        assert answer is not None
        assert cosigned_by(answer.body, play, "XHA/lookout", "XOR/lookout", "XCO/lookout") == [
            "XHA/lookout", "XOR/lookout", "XCO/lookout",
        ]  # fmt: skip
        more(play)
        assert settled(play) == play.state.size - 1


def test_what_is_cosigned_is_cosigned_once(tmp_path: Path, play: Play) -> None:
    server = publisher(play)
    witness = cosigner(tmp_path / "w", play, "XHA", server)
    note = works(witness)
    play.at += timedelta(seconds=5)
    assert works(witness) == note
    assert witness.cosigned() == note
    again = cosigner(tmp_path / "w", play, "XHA", server)
    assert works(again) == note


def test_a_witness_whose_folder_is_gone_goes_on_from_what_the_server_shows(tmp_path: Path, play: Play) -> None:
    with console(play) as server:
        Rounds(cosigner(tmp_path / "w", play, "XHA", server)).once()
        anew = cosigner(tmp_path / "anew", play, "XHA", server)
        done = Rounds(anew).once()
        assert (done.came, done.cosigned) == (play.state.size, play.state.size)
        assert anew.mark == Mark(play.state.size, anew.copy.root(play.state.size))
        assert len(anew.lines(anew.cosigned() or b"")) == 1
        more(play)
        assert Rounds(anew).once().cosigned == play.state.size


def test_an_ml_dsa_key_beside_the_seats_own(tmp_path: Path, play: Play) -> None:
    pytest.importorskip("cryptography.hazmat.primitives.asymmetric.mldsa")
    with console(play) as server:
        witness = cosigner(tmp_path / "w", play, "XHA", server, mldsa44=bytes(32))
        note = works(witness)
        name = f"{origin(play)}/XHA/lookout"
        keys = [cosigner_key(name, play.seeds["XHA/lookout"]), mldsa44_key(name, bytes(32))]
        assert list(witness.verifier_keys(play.state.size)) == keys
        assert [one.key for one in verify_checkpoint(note, note_key(origin(play), SEED), keys).cosignatures] == keys
        log = note_key(origin(play), SEED)
        found = verify_record(tmp_path / "w", rules=True, keys=[log, *keys])
        assert found.cosigned_by == (name, f"{name} (ML-DSA-44)")
        others = [log, keys[0], mldsa44_key(name, bytes(31) + b"1")]
        assert verify_record(tmp_path / "w", rules=False, keys=others).cosigned_by == (name,)
        assert witness.hand_in()
        kept = play.depositary.store.checkpoints(1)[0][1]
        assert len(parse_note(kept).signatures) == 2  # the server keeps only what the record's own keys verify


def test_a_key_that_is_no_witness_cosigns_nothing(tmp_path: Path, play: Play) -> None:
    play.seeds["XHA/lookout"] = play.seeds["XHA/watch"]
    witness = cosigner(tmp_path / "w", play, "XHA", publisher(play))
    with pytest.raises(Refused, match="of no witness"):
        works(witness)
    assert witness.mark == Mark()


def test_a_witness_that_was_revoked_cosigns_no_more(tmp_path: Path, play: Play) -> None:
    server = publisher(play)
    witness = cosigner(tmp_path / "w", play, "XHA", server)
    works(witness)
    play.do("XHA/chancellor", parties.RevokeSeat("XHA/lookout"))
    server.entries = list(play.depositary.store.entries(0))
    with pytest.raises(Refused, match="of no witness"):
        works(witness)


def test_the_server_takes_no_line_of_a_stranger(tmp_path: Path, play: Play) -> None:
    with console(play) as server:
        witness = cosigner(tmp_path / "w", play, "XHA", server)
        note = works(witness)
        text = parse_note(note).text
        stranger = cosign(text, f"{origin(play)}/XHA/watch", bytes(32), play.at)
        wrong = cosign(text, f"{origin(play)}/XHA/lookout", bytes(32), play.at)
        key = witness.verifier_keys(play.state.size)[0]
        for line, status in ((stranger, 403), (replace_id(wrong, key.key_id), 400)):
            sent = format_note(Note(text, (line,))).decode()
            answer = server.post("api/cosignatures", msgspec.json.encode({"note": sent}))
            assert answer.status == status, answer.body
        other = sign_checkpoint(Checkpoint(origin(play), play.state.size, bytes(32)), SEED).decode()
        assert server.post("api/cosignatures", msgspec.json.encode({"note": other})).status == 400
        assert len(parse_note(play.depositary.store.checkpoints(1)[0][1]).signatures) == 1


def replace_id(line: NoteSignature, key_id: bytes) -> NoteSignature:
    return line._replace(key_id=key_id)


# --- persistence before the cosignature leaves ------------------------------------------------------------------------


class KilledError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("where", ["keep", "_signed"])
def test_killed_between_the_mark_and_the_cosignature(
    tmp_path: Path, play: Play, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    server = publisher(play)
    witness = cosigner(tmp_path / "w", play, "XHA", server)
    witness.follower.follow()

    def killed(*_: object) -> bytes:
        raise KilledError

    monkeypatch.setattr(*((witnessing, "keep", killed) if where == "keep" else (Witness, "_signed", killed)))
    with pytest.raises(KilledError):
        witness.cosign()
    monkeypatch.undo()
    again = cosigner(tmp_path / "w", play, "XHA", server)
    assert (again.mark.size, again.mark.root) == (play.state.size, play.depositary.record.root())
    assert again.cosigned() is None
    # The server lies meanwhile: another history of the same size.
    honest = list(server.entries)
    server.entries = [
        *honest[:-1],
        forged(honest[-1], lambda entry: replace(entry, at=entry.at + timedelta(seconds=1))),
    ]
    with pytest.raises(Tampered, match="the record was forked"):
        works(again)
    with pytest.raises(Tampered, match="while evidence stands"):
        again.cosign()
    assert again.cosigned() is None


def test_a_mark_that_the_copy_does_not_fit_stops_the_witness(tmp_path: Path, play: Play) -> None:
    witness = cosigner(tmp_path / "w", play, "XHA", publisher(play))
    works(witness)
    for mark in (Mark(play.state.size, bytes(32)), Mark(play.state.size + 1, bytes(32))):
        witness._remember(mark)
        with pytest.raises(Tampered, match="was put back or changed"):
            witness.cosign()


def test_what_cannot_be_kept_is_not_signed(tmp_path: Path, play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    witness = cosigner(tmp_path / "w", play, "XHA", publisher(play))
    witness.follower.follow()

    def full(*_: object) -> None:
        raise Conflict("the disk is full")

    monkeypatch.setattr(witness.copy.store, "set_setting", full)
    with pytest.raises(Conflict):
        witness.cosign()
    assert witness.cosigned() is None
    assert len(parse_note(witness.copy.store.checkpoints(1)[0][1]).signatures) == 1


def test_two_processes_from_one_folder(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(Conflict, match="another witness"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


# --- what is never cosigned -------------------------------------------------------------------------------------------


def test_a_false_event_is_never_cosigned(tmp_path: Path, play: Play) -> None:
    def nothing_followed(entry: Entry) -> Entry:
        return replace(entry, events=())

    server = publisher(play)
    server.entries[-1] = forged(server.entries[-1], nothing_followed)
    true = server.size = len(server.entries) - 1
    witness = cosigner(tmp_path / "w", play, "XHA", server)
    note = works(witness)
    server.size = None
    with pytest.raises(Tampered, match="does not hold"):
        works(witness)
    with pytest.raises(Tampered, match="while evidence stands"):
        witness.cosign()
    assert (witness.mark.size, witness.cosigned()) == (true, note)
    assert evidence.kept(tmp_path / "w")[0][1].kind == "false_entry"


def test_a_doubt_stops_cosigning_until_somebody_accepts_it(tmp_path: Path, play: Play) -> None:
    server = publisher(play)
    server.size = len(server.entries) - 1
    server.time = (play.at + timedelta(days=300)).isoformat()
    witness = cosigner(tmp_path / "w", play, "XHA", server)
    works(witness)
    server.size = None
    with pytest.raises(Tampered, match=f"--accept {len(server.entries) - 1} goes on"):
        works(witness)
    assert witness.mark.size == len(server.entries) - 1
    with pytest.raises(Malformed, match=f"--accept {len(server.entries)}: this entry is in no doubt"):
        witness.accept([len(server.entries)])
    assert witness.mark.accepted == ()
    witness.accept([len(server.entries) - 1])
    again = cosigner(tmp_path / "w", play, "XHA", server)
    assert parse_checkpoint(parse_note(works(again)).text).size == len(server.entries)


def test_a_server_that_does_not_take_a_cosignature_is_asked_again(tmp_path: Path, play: Play) -> None:
    server = publisher(play)
    server.answers["api/cosignatures"] = lambda request: httpx.Response(503, content=b"later")
    rounds = Rounds(cosigner(tmp_path / "w", play, "XHA", server))
    with pytest.raises(Conflict, match="did not take the cosignature"):
        rounds.once()
    server.answers["api/cosignatures"] = lambda request: httpx.Response(200, content=b"{}")
    assert rounds.once().handed_in
    assert not rounds.once().handed_in
    assert not evidence.kept(tmp_path / "w")


def test_a_fork_of_what_was_cosigned(tmp_path: Path, play: Play) -> None:
    server = publisher(play)
    witness = cosigner(tmp_path / "w", play, "XHA", server)
    works(witness)
    server.note = sign_checkpoint(Checkpoint(server.origin, 20, root_of(map(leaf_hash, server.entries[1:21]))), SEED)
    with pytest.raises(Tampered, match="the record was forked"):
        works(witness)
    [(path, kept)] = evidence.kept(tmp_path / "w")
    evidence.check(evidence.read(path))
    assert kept.kind == "fork"
