"""How soon another desk serves a record whose server was killed: from kill -9 to its first page, and its first act.

    python -m bench.takeover [--entries 10000]

The record lies in a desk's copy as it is after months: verified, with the cosignatures that settle it, its state kept
beside it or not. The server is killed; the first party of the compact's order that is still a party runs `foedus serve
--continue` until it is allowed, as an impatient officer would. An act is sent until it is recorded: what the answer
says meanwhile (received, at which time) already counts for deadlines. The floor is adding the record up alone, every
signature and the tree checked, as any start without a kept state must. Files are in the machine's memory.
"""

from __future__ import annotations

import argparse
import http.client
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import msgspec

from bench.console import answered, free_port, started
from bench.mix import Mix
from bench.record import describe, make
from foedus.cache import READERS, kept
from foedus.compact.model import Succession
from foedus.depositary import Depositary
from foedus.desk.copy import SETTING, Known
from foedus.logs import first_key, name_of
from foedus.parties.acts import EnrolSeat
from foedus.parties.authority import is_present
from foedus.record.checkpoint import cosign
from foedus.record.cosigned import keep
from foedus.record.key_file import write_key
from foedus.record.keys import SeedKey, public_of
from foedus.record.note import Note, format_note, format_vkey, parse_note
from foedus.record.sqlite_file import FILE
from foedus.record.store import open_store
from foedus.signing import sign, statement_for

WANTED = 120.0
WITNESSES = ("UKR", "POL", "GBR")


class Took(NamedTuple):
    """Seconds from kill -9. `turn`: until the compact let the desk continue, which its text asks for."""

    turn: float
    page: float
    received: float
    recorded: float


def settled(mix: Mix) -> None:
    """Three witnesses cosign what is recorded, by the record's own time."""
    depositary = mix.depositary
    for party in WITNESSES:
        depositary.perform(mix.seat(party, "witness").envelope)
    record = depositary.state.parties.record
    assert record is not None
    note = parse_note(depositary.checkpoint())
    lines = [
        cosign(note.text, name_of(record.origin, f"{one}/witness"), mix.keys.witness_seed(f"{one}/witness"), mix.now)
        for one in WITNESSES
    ]
    keep(depositary.store, depositary.state.size, format_note(Note(note.text, (*note.signatures, *lines))))


def copied(mix: Mix, folder: Path, to: Path, *, with_state: bool) -> None:
    """A desk's copy of the record, whose clock stands where the record's does."""
    to.mkdir()
    shutil.copyfile(folder / FILE, to / FILE)
    apart = (mix.now - datetime.now(UTC)).total_seconds()
    store = open_store(to)
    known = Known(format_vkey(first_key(mix.depositary.state)), trusted=True, apart_seconds=apart)
    for name in store.settings(""):
        store.set_setting(name, None)
    store.set_setting(SETTING, msgspec.json.encode(known))
    if with_state:
        state = mix.depositary.state
        store.set_setting(READERS, kept(state, mix.depositary.record.root(state.size)))
    store.close()


def successor(mix: Mix) -> str:
    """The first of the order that is a party still."""
    clauses, state = mix.depositary.clauses, mix.depositary.state
    found = clauses.one(Succession)
    assert found is not None
    return next(party for party in found[1].order if is_present(clauses, state, party))


def taken_over(mix: Mix, folder: Path, copy: Path, new: Path) -> Took:
    """Serve, kill, continue; what each step took."""
    party, port = successor(mix), free_port()
    key = new.with_suffix(".key")
    write_key(key, "successor", mix.keys.witness_seed(f"{party}/head"), None)
    primary = started(folder, port)
    answered(port)
    primary.send_signal(signal.SIGKILL)
    primary.wait()
    killed = perf_counter()
    command = ["serve", str(new), "--continue", str(copy), "--key", str(key), "--port", str(port)]
    while True:
        tried = perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "foedus", *command], stderr=subprocess.PIPE, text=True)
        while process.poll() is None and not (new / "depositary.key").exists():
            time.sleep(0.01)
        while process.poll() is None and not _answers(port):
            time.sleep(0.01)
        if process.poll() is None:
            break
        said = process.stderr.read() if process.stderr else ""
        assert "may continue the record from" in said, said
    try:
        page = perf_counter() - killed
        received, recorded = sent(mix, new, port, killed)
        return Took(tried - killed, page, received, recorded)
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/", headers={"accept": "text/html"})
        return connection.getresponse().status == 200
    except ConnectionRefusedError:
        return False
    finally:
        connection.close()


def sent(mix: Mix, new: Path, port: int, killed: float) -> tuple[float, float]:
    """Send an act until it is recorded: when it was first received, and when recorded."""
    state, body = mix.depositary.state, EnrolSeat("UKR", "duty", public_of(bytes(31) + b"1").hex())
    statement = statement_for(state, "UKR/head", body, mix.now)
    envelope = sign(statement, [SeedKey(mix.keys.witness_seed("UKR/head"))], exercise=True)
    received = 0.0
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", "/api/acts", body=envelope, headers={"content-type": "application/json"})
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        received = received or perf_counter() - killed
        if answer.status == 201 or b"record/replay" in said:
            return received, perf_counter() - killed
        assert answer.status == 409, said
        time.sleep(0.2)


def floor(folder: Path) -> float:
    """Seconds to add the record up, everything checked, without a kept state."""
    store = open_store(folder)
    store.set_setting(READERS, None)
    store.close()
    began = perf_counter()
    depositary = Depositary.open(folder)
    seconds = perf_counter() - began
    depositary.store.close()
    return seconds


def main() -> None:
    """Print the steps, with a kept state and without."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--entries", type=int, default=10_000)
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory(dir=".", prefix=".bench-") as name:
        room = Path(name).absolute()
        folder = room / "record"
        mix = make(folder, asked.entries)
        settled(mix)
        mix.depositary.close()
        mix.depositary = Depositary.open(folder, seed=mix.keys.depositary_seed, clock=lambda: mix.now)
        describe(folder)
        for number, with_state in enumerate((True, False)):
            copied(mix, folder, room / f"copy{number}", with_state=with_state)
            took = taken_over(mix, folder, room / f"copy{number}", room / f"new{number}")
            what = "state kept in the copy" if with_state else "none kept"
            print(
                f"takeover at {mix.depositary.state.size:,} entries, {what}: page {took.page:.1f} s after kill -9,"
                f" of which {took.turn:.1f} s were the compact's; an act received after {took.received:.1f} s and"
                f" recorded after {took.recorded:.1f} s (wanted at most {WANTED:g} s)",
                flush=True,
            )
        print(f"floor: adding the record up, everything checked: {floor(room / 'copy1'):.1f} s")
        mix.depositary.close()


if __name__ == "__main__":
    main()
