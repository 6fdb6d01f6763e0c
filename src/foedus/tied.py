"""A console that another process began ends with it, however that ends: killed, it could not tell anyone.

The one that begins it holds the other end of its standard input, which closes with the process that holds it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence

TIED = "FOEDUS_TIED"  # set by `begin` alone: a standard input at its end means this for nobody else


def begin(command: Sequence[str], environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """A process that says nothing, and is asked to stop (SIGTERM) when this one has ended."""
    return subprocess.Popen(  # noqa: S603  # our own commands
        command, env={**(environment or os.environ), TIED: "1"}, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, process_group=0,
    )  # fmt: skip


def tie() -> None:
    """In a process that may have been begun so: stop when whoever began it has ended."""
    if os.environ.pop(TIED, None):
        threading.Thread(target=_wait, name="tied", daemon=True).start()


def _wait() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
