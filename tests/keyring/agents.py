"""A real ssh-agent for a test, and one that answers whatever the test says."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Agent:
    """OpenSSH's agent with keys that ssh-keygen made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "agent"
        self.process = subprocess.Popen(
            ["ssh-agent", "-D", "-a", str(self.path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self.process.stdout is not None
        self.process.stdout.readline()  # it says where it listens once it does
        self.environment = {**os.environ, "SSH_AUTH_SOCK": str(self.path)}

    def add(self, comment: str, *kind: str) -> str:
        """A new key in it; the key's fingerprint."""
        file = self.folder / f"key{len(list(self.folder.iterdir()))}"
        self.run("ssh-keygen", "-q", "-N", "", "-C", comment, "-f", str(file), *(kind or ("-t", "ed25519")))
        self.run("ssh-add", "-q", str(file))
        return self.run("ssh-keygen", "-lf", str(file)).split()[1]

    def run(self, *command: str) -> str:
        """What one of OpenSSH's tools says."""
        done = subprocess.run(
            command, env=self.environment, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        return done.stdout

    def end(self) -> None:
        """It is gone, as when an officer's session ends."""
        self.process.terminate()
        self.process.communicate(timeout=10)


@contextmanager
def running() -> Iterator[Agent]:
    """An agent for as long as the block lasts. Its folder's path is short, as a socket's has to be."""
    folder = Path(tempfile.mkdtemp(prefix="agent-"))
    agent = Agent(folder)
    try:
        yield agent
    finally:
        agent.end()
        shutil.rmtree(folder)


def framed(*parts: bytes) -> bytes:
    """Strings of the SSH encoding, one after the other."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


@contextmanager
def answering(answer: Callable[[bytes], bytes]) -> Iterator[Path]:
    """An agent that gives `answer(request)` as it is, length and all, and then hangs up."""
    folder = Path(tempfile.mkdtemp(prefix="agent-"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(str(folder / "s"))
        door.listen()

        def serve() -> None:
            while True:
                guest, _ = door.accept()
                with guest, suppress(ConnectionError):  # who asked may have given up
                    size = int.from_bytes(guest.recv(4), "big")
                    request = b""
                    while len(request) < size:
                        request += guest.recv(size - len(request))
                    if not request:
                        return
                    guest.sendall(answer(request))

        server = threading.Thread(target=serve)
        server.start()
        try:
            yield folder / "s"
        finally:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as last:
                last.connect(str(folder / "s"))
            server.join(timeout=10)
            shutil.rmtree(folder)
