"""Consoles as people get them: the real commands in a process of their own, on a free port of the loopback address."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from foedus.acts import Body
from foedus.compact.loader import load
from foedus.exercise import ExerciseKeys
from foedus.founding import init_record
from foedus.parties import acts as parties
from foedus.record.store import open_store
from foedus.signing import sign, statement_for

SEATS = ("foreign", "defence", "duty", "embassy", "delegation")


class Served:
    """A `foedus` command that serves a console, until stopped."""

    def __init__(self, folder: Path, *command: str) -> None:
        self.folder = folder
        self.command = command
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Served:
        """Start the command and wait until it answers."""
        command = [sys.executable, "-m", "foedus", *self.command, "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert self.process.poll() is None, self.process.stderr.read().decode() if self.process.stderr else ""
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/api/healthz", headers={"Host": f"localhost:{self.port}"})
                if connection.getresponse().read():
                    return self
            except OSError:
                time.sleep(0.05)
            finally:
                connection.close()
        raise AssertionError(f"{' '.join(command)} did not answer")

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=20)
            if self.process.stderr:
                self.process.stderr.close()
            self.process = None

    def forward(self, hours: int) -> None:
        """Move the exercise's clock on, as if the console had been stopped for so long."""
        self.stop()
        store = open_store(self.folder)
        offset = float(store.setting("clock_offset_seconds") or b"0")
        store.set_setting("clock_offset_seconds", str(offset + timedelta(hours=hours).total_seconds()).encode())
        store.close()
        self.start()


def small_exercise(folder: Path, guarantors: tuple[str, ...] = ("POL", "GBR", "CAN")) -> Path:
    """An exercise of the Kyiv text in which only these guarantors have signed: a roll that one test can walk."""
    folder.mkdir()
    keys = ExerciseKeys.create(folder)
    compact = load("kyiv-2022")
    heads = {(party.id, "head"): keys.public_of(f"{party.id}/head") for party in compact.parties}
    depositary = init_record(
        folder, compact, heads, keys.depositary_seed, origin="exercise.foedus.example/small", exercise=True
    )
    for party in ("UKR", *guarantors):
        named = next(item for item in compact.parties if item.id == party)
        tier = next((group for group in named.groups if group in depositary.clauses.tiers), None)
        bodies: list[Body] = [parties.SignText(compact.id, depositary.clauses.digest, tier)]
        bodies += [parties.EnrolSeat(party, role, keys.public_of(f"{party}/{role}")) for role in SEATS]
        for body in bodies:
            statement = statement_for(depositary.state, f"{party}/head", body, depositary.now())
            depositary.perform(sign(statement, [keys.key_of(f"{party}/head")], exercise=True))
    depositary.store.set_setting("clock_offset_seconds", b"0")
    depositary.close()
    return folder
