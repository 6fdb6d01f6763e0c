"""The dialogue of c2sp.org/tlog-witness, each answer with its status; what is signed was recomputed."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.desk import evidence
from foedus.desk.dialogue import SIZE, Reply, add_checkpoint
from foedus.desk.listening import app_of
from foedus.desk.witness import Witness
from foedus.record.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint, verify_checkpoint
from foedus.record.keys import encode_base64
from foedus.record.merkle import TreeReader, consistency_proof, leaf_hash, root_of
from foedus.record.note import note_key, parse_note
from tests.desk.publisher import SEED, Publisher
from tests.desk.witnesses import cosigner, more, played, publisher, served, works
from tests.plays import Play


class Asked:
    """A witness that has cosigned the first entries, and the record that asks it."""

    def __init__(self, folder: Path) -> None:
        self.play: Play = played(folder)
        self.server: Publisher = publisher(self.play)
        self.witness: Witness = cosigner(folder / "w", self.play, "XHA", self.server)
        works(self.witness)
        self.had = self.play.state.size
        more(self.play, 3)
        self.server.entries = list(self.play.depositary.store.entries(0))

    def note(self, size: int, root: bytes | None = None, seed: bytes = SEED) -> bytes:
        root = root if root is not None else root_of(map(leaf_hash, self.server.entries[:size]))
        return sign_checkpoint(Checkpoint(self.server.origin, size, root), seed)

    def body(self, old: int, size: int, note: bytes | None = None, proof: list[bytes] | None = None) -> bytes:
        if proof is None:
            proof = self.play.depositary.record.consistency(old, size) if 0 < old <= size else []
        lines = [f"old {old}", *map(encode_base64, proof)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + (note or self.note(size))

    def ask(self, old: int, size: int, note: bytes | None = None, proof: list[bytes] | None = None) -> Reply:
        return add_checkpoint(self.witness, self.body(old, size, note, proof))


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def test_200_with_signature_lines_that_verify(asked: Asked) -> None:
    size = asked.had + 3
    reply = asked.ask(asked.had, size)
    assert reply.status == 200, reply.body
    whole = asked.note(size) + reply.body.encode()
    keys = asked.witness.verifier_keys(size)
    found = verify_checkpoint(whole, note_key(asked.server.origin, SEED), keys)
    assert [one.key for one in found.cosignatures] == list(keys)
    assert asked.witness.mark.size == asked.witness.copy.size == size
    assert asked.ask(size, size) == reply


def test_the_first_time_from_size_0(tmp_path: Path, asked: Asked) -> None:
    fresh = cosigner(tmp_path / "fresh", asked.play, "XCO", asked.server)
    fresh.follower.follow()
    assert add_checkpoint(fresh, asked.body(0, fresh.copy.size)).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b"old 1\n", b"old 01\n\n", b"old -1\n\nx", b"new 1\n\nx", b"old 1\n!!\n\n", b"old 1\nAAAA\n\n",
        b"old 1\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64 + b"\nx",
    ],
)  # fmt: skip
def test_400_for_what_cannot_be_read(asked: Asked, body: bytes) -> None:
    assert add_checkpoint(asked.witness, body).status == 400
    assert add_checkpoint(asked.witness, body + asked.note(asked.had)).status == 400


def test_404_for_another_log(asked: Asked) -> None:
    other = sign_checkpoint(Checkpoint("other.example/log", 3, bytes(32)), SEED)
    assert asked.ask(asked.had, asked.had, other, []).status == 404


def test_403_where_the_log_did_not_sign(asked: Asked) -> None:
    assert asked.ask(asked.had, asked.had + 3, asked.note(asked.had + 3, seed=bytes(32))).status == 403


def test_400_for_an_old_size_above_the_checkpoints(asked: Asked) -> None:
    assert asked.ask(asked.had, asked.had - 1, proof=[]).status == 400


@pytest.mark.parametrize("off", [-1, 1])
def test_409_with_our_size_for_another_old_size(asked: Asked, off: int) -> None:
    reply = asked.ask(asked.had + off, asked.had + 3)
    assert reply == Reply(409, f"{asked.had}\n", SIZE)
    assert asked.witness.mark.size == asked.had


def test_409_for_another_root_of_the_size_that_was_cosigned(asked: Asked) -> None:
    reply = asked.ask(asked.had, asked.had, asked.note(asked.had, bytes(32)), [])
    assert reply.status == 409
    assert reply.kind != SIZE
    [(path, kept)] = evidence.kept(asked.witness.copy.folder)
    evidence.check(evidence.read(path))
    assert kept.kind == "fork"
    assert asked.ask(asked.had, asked.had + 3).status == 503  # nothing more is cosigned


def test_409_when_more_than_the_checkpoint_has_been_seen(asked: Asked) -> None:
    """A cosignature says: the largest I have seen. So the larger one is cosigned, and the log asks from there."""
    reply = asked.ask(asked.had, asked.had + 2)
    assert reply == Reply(409, f"{asked.had + 3}\n", SIZE)
    assert asked.witness.mark.size == asked.had + 3


@pytest.mark.parametrize("proof", [[], [bytes(32)], [bytes(32)] * 9])
def test_422_for_a_proof_that_does_not_fit(asked: Asked, proof: list[bytes]) -> None:
    assert asked.ask(asked.had, asked.had + 3, proof=proof).status == 422
    assert asked.witness.mark.size == asked.had


def test_422_for_a_proof_from_nothing(tmp_path: Path, asked: Asked) -> None:
    fresh = cosigner(tmp_path / "fresh", asked.play, "XCO", asked.server)
    fresh.follower.follow()
    assert add_checkpoint(fresh, asked.body(0, fresh.copy.size, proof=[bytes(32)])).status == 422


def test_503_for_what_the_server_does_not_show_here(asked: Asked) -> None:
    asked.server.size = asked.had
    assert asked.ask(asked.had, asked.had + 3).status == 503
    asked.server.away = True
    assert asked.ask(asked.had, asked.had + 3).status == 503
    assert asked.witness.mark.size == asked.had
    asked.server.away, asked.server.size = False, None
    assert asked.ask(asked.had, asked.had + 3).status == 200


def test_503_for_an_entry_that_does_not_hold_however_consistent(asked: Asked) -> None:
    """The proof fits and the log signed it; only who recomputes finds the lie."""
    asked.server.entries[-1] = asked.server.entries[-2]
    size = asked.had + 3
    hashes = [leaf_hash(entry) for entry in asked.server.entries]
    tree = TreeReader(lambda level, start, count: hashes[start : start + count])  # too short for a second level
    proof = consistency_proof(tree, asked.had, size)
    assert asked.ask(asked.had, size, proof=proof).status == 503
    assert asked.witness.mark.size == asked.had
    assert evidence.kept(asked.witness.copy.folder)[0][1].kind == "false_entry"


def test_over_http(asked: Asked) -> None:
    with served(app_of(asked.witness)) as remote:
        answer = remote.post("add-checkpoint", asked.body(asked.had, asked.had + 3), "text/plain")
        assert answer.status == 200
        stale = remote.post("add-checkpoint", asked.body(asked.had, asked.had + 3), "text/plain")
        assert (stale.status, stale.headers["content-type"], stale.body) == (409, SIZE, b"%d\n" % (asked.had + 3))
        shown = remote.get("checkpoint", 10**6)
        assert shown is not None
        assert parse_checkpoint(parse_note(shown.body).text).size == asked.had + 3
        assert asked.witness.lines(shown.body)
        found = remote.get("evidence", 10**6)
        assert found is not None
        assert found.body == b"[]"
        assert remote.post("add-checkpoint", b"x" * 70_000, "text/plain").status == 413


def test_who_asks_too_often_waits(asked: Asked) -> None:
    with served(app_of(asked.witness)) as remote:
        statuses = {remote.post("add-checkpoint", b"", "text/plain").status for _ in range(60)}
    assert statuses == {400, 429}
