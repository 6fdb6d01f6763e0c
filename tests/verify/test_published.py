"""Proofs that travel, and records on servers."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from foedus.errors import Conflict, Malformed, Tampered
from foedus.record.merkle import Frontier, leaf_hash
from foedus.record.note import VerifierKey, note_key
from foedus.record.proof import Proof, format_proof
from foedus.record.record import Record
from foedus.record.store import open_store
from foedus.verify import verify_proof_file
from tests.plays import seed_of
from tests.verify.damage import EN, KEY, ORIGIN, check, copied, flipped, kept


@contextmanager
def a_proof(tmp_path: Path) -> Iterator[tuple[Path, Path, bytes]]:
    """A proof of entry 17 without and with the entry in it, and the entry."""
    store = open_store(kept() / "record")
    book = Record(store, ORIGIN)
    data = next(store.entries(17))
    size, note = store.checkpoint() or (0, b"")
    hashes = tuple(book.inclusion(17, size))
    store.close()
    bare, whole = tmp_path / "bare.tlog-proof", tmp_path / "whole.tlog-proof"
    bare.write_bytes(format_proof(Proof(17, hashes, note)))
    whole.write_bytes(format_proof(Proof(17, hashes, note, data)))
    yield bare, whole, data


def test_a_proof_shows_that_an_entry_is_in_the_record(tmp_path):
    with a_proof(tmp_path) as (bare, whole, data):
        entry = tmp_path / "entry"
        entry.write_bytes(data)
        for report in (verify_proof_file(whole, None, [KEY]), verify_proof_file(bare, entry, [KEY])):
            assert report.proved[0].say(EN).startswith(f"This entry is number 17 of the record {ORIGIN}")
            assert len(report.not_proved) == 3
        with pytest.raises(Malformed, match="does not carry the entry"):
            verify_proof_file(bare, None, [KEY])
        with pytest.raises(Malformed, match="needs the record's key"):
            verify_proof_file(whole, None, [])
        with pytest.raises(Malformed, match="none of the keys"):
            verify_proof_file(whole, None, [note_key("other.example", seed_of("x"))])
        with pytest.raises(Tampered):
            verify_proof_file(whole, None, [VerifierKey(ORIGIN, 1, note_key("x", seed_of("x")).public)])
        entry.write_bytes(flipped(data, 9, 1))
        with pytest.raises(Tampered):
            verify_proof_file(bare, entry, [KEY])
        with pytest.raises(Malformed, match="cannot be read"):
            verify_proof_file(tmp_path / "absent.tlog-proof", None, [KEY])


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A plain web server over an exported folder: what publishing a record takes."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Says nothing."""

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_served_record_verifies_and_a_changed_one_does_not():
    with copied("folder") as folder, served(folder) as url:
        report = check(url)
        assert (report.kind, report.size) == ("server", 300)
        assert any("not fetched from a server" in said.say(EN) for said in report.not_proved)
        bundle = folder / "tile/entries/000"
        bundle.write_bytes(flipped(bundle.read_bytes(), 9000, 1))
        with pytest.raises(Tampered, match=r"^entry \d+"):
            check(url)
        (folder / "checkpoint").unlink()
        with pytest.raises(Malformed, match="no checkpoint found"):
            check(url)


def test_a_server_that_is_not_there_is_a_conflict():
    with served(kept() / "folder") as url:
        pass
    with pytest.raises(Conflict, match="could not be reached"):
        check(url)


def test_leaves_are_what_the_tree_says():
    """The entries of this test's record fill more than one tile, so that nodes are compared too."""
    store = open_store(kept() / "record")
    assert store.nodes(1, 0, 2) == [Frontier().extend(map(leaf_hash, store.entries(0, 256)))[0].root()]
    store.close()
