"""Processes of the command line for tests, each on a port of its own, that end with the test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx

from tests.machines.replicated import unused_port

ROOT = Path(__file__).parents[2]


class Foedus:
    """One process of `foedus …`. `answers`: the path at which it answers once it works."""

    def __init__(self, folder: Path, name: str, *command: object, answers: str = "", port: int | None = None) -> None:
        self.port = port or unused_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"{name}.log"
        self._answers = answers
        self._folder = folder
        self._command = [sys.executable, "-m", "foedus", *[str(word) for word in command]]
        self.start()

    def start(self) -> None:
        """Start it, again after it ended."""
        command = [word.replace("{port}", str(self.port)) for word in self._command]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment(self._folder), cwd=self._folder
            )

    @property
    def answering(self) -> bool:
        """Whether it answers."""
        assert self.process.poll() is None, self.said
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/{self._answers}", timeout=5).status_code in (200, 401)
        return False

    @property
    def said(self) -> str:
        """What it wrote."""
        return self.log.read_text("utf-8")

    def kill(self) -> None:
        """End it by kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def pause(self) -> None:
        """It does nothing until `go_on`, as on a machine that lost its network."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """It works again."""
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Ask it to stop, and have it stop."""
        if self.process.poll() is not None:
            return
        self.go_on()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


def environment(home: Path) -> dict[str, str]:
    """That of a process of the command line, whose own files lie in `home`."""
    return os.environ | {"PYTHONPATH": str(ROOT / "src"), "HOME": str(home), "LANGUAGE": "en"}


def ran(folder: Path, *command: object) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    words = [sys.executable, "-m", "foedus", *[str(word) for word in command]]
    return subprocess.run(
        words, capture_output=True, text=True, cwd=folder, env=environment(folder), timeout=120, check=False
    )
