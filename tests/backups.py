"""A record with one of everything that a backup holds, its backup, and what must come back of it."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from foedus.backup import backup
from foedus.record.checkpoint import Checkpoint, cosign, format_checkpoint, sign_checkpoint
from foedus.record.note import add_signatures
from foedus.record.store import Store
from foedus.response import acts
from foedus.web.tokens import issue
from tests.plays import TICK, Play, seed_of, staged

NAME, ORIGIN = "mare-2030", "play.example/mare-2030"


def acknowledge(play: Play, seat: str) -> None:
    play.at += TICK
    play.do(seat, acts.Acknowledge("R-1"))


def with_evidence(play: Play, content: bytes) -> str:
    """An act with a file; its digest."""
    play.at += TICK
    file = play.attach(content)
    body = acts.AddEvidence("I-1", (acts.Evidence(file[0].digest, "watch", play.at, "radar"),))
    play.do("XTA/watch", body, files=[file])
    return file[0].digest


def cosigned(play: Play) -> bytes:
    """A checkpoint of the size now with a witness's line, kept."""
    size = play.state.size
    stated = Checkpoint(ORIGIN, size, play.depositary.record.root())
    line = cosign(format_checkpoint(stated), "witness.example", seed_of("witness"), play.at)
    note = add_signatures(sign_checkpoint(stated, seed_of("depositary")), [line])
    play.depositary.store.save_checkpoint(size, note)
    return note


def wait(play: Play, seat: str) -> bytes:
    """An act that was received and that nobody has performed yet."""
    play.at += TICK
    envelope = play.envelope(play.statement(seat, acts.Acknowledge("R-1")))
    play.depositary.store.receive(envelope)
    return envelope


def full(address: str | Path) -> Play:
    """A record with one of everything that a backup holds, and with what it does not: an erased file, caches."""
    play = staged(NAME, "activated", address)
    acknowledge(play, "XOR/watch")
    play.depositary.checkpoint()
    with_evidence(play, b"kept")
    play.depositary.store.erase_blob(with_evidence(play, b"erased"))
    cosigned(play)
    play.depositary.save_state()
    issue(play.depositary.store, "XOR", "harbour desk", play.at)
    acknowledge(play, "XTA/watch")  # after the newest checkpoint
    wait(play, "XCO/watch")
    wait(play, "XBR/watch")
    return play


def held(store: Store) -> dict[str, object]:
    """Everything that must come back."""
    size = store.size()
    with store.write() as write:
        receipts = [(one.at, one.envelope) for one in write.open()]
    return {
        "entries": list(store.entries(0)),
        "leaves": store.leaves(0, size),
        "nodes": store.nodes(1, 0, size),
        "head": store.head(),
        "receipts": receipts,
        "checkpoints": store.checkpoints(10**6),
        "blobs": {digest: store.get_blob(digest) for digest in store.blobs()},
        "settings": {name: store.setting(name) for name in store.settings("") if not name.startswith("state")},
    }


@functools.cache
def kept() -> tuple[Path, Play]:
    """The full record and its backup, made once."""
    folder = Path(tempfile.mkdtemp(prefix="foedus-backup-"))
    play = full(folder / "record")
    backup(play.depositary.store, folder / "backup.foedus")
    return folder / "backup.foedus", play


def nothing_at(to: Path) -> None:
    """Nothing that anybody could serve, and nothing else."""
    assert not to.exists()
