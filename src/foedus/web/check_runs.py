"""One check that a console runs: given to a process of its own, bounded; and what is known of it so far."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from foedus.check.apart import Job
from foedus.web.checks_kept import Kept

STATES, DRAFT_STATES = 200_000, 100_000
SECONDS, MEGABYTES = 300, 1_536
_PATIENCE_SECONDS: Final = 900  # of the clock on the wall, for a machine that does something else
_STOP_SECONDS: Final = 2.0
_LASTING: Final = frozenset({"text", "structure", "verdict"})  # what a process says that stays so

Files = tuple[tuple[str, bytes], ...]
InBoth = dict[str, Any]


class Run:
    """One check: what is known so far, of each language. `ended`: empty while it runs, else how it ended.

    `done`, `stopped` by the reader, `time`, `memory`: a bound was met; `text`: it cannot be read, or `fault`, ours.
    `everybody`: the guarantees, by number, that are asked among all on the roll; without them it is a text's own check.
    `kept`: where its answers are kept; what is there already is known from the beginning.
    """

    def __init__(
        self, key: str, source: str, files: Files, *, quick: bool = False, everybody: tuple[int, ...] = (),
        kept: Kept | None = None,
    ) -> None:  # fmt: skip
        self.key, self.source, self.files, self.quick_first, self.everybody = key, source, files, quick, everybody
        self.text: InBoth | None = None
        self.findings: InBoth | None = None
        self.structure: InBoth | None = None
        self.quick: dict[int, InBoth] = {}
        self.verdicts: dict[int, InBoth] = {}
        self.following, self.states = 0, 0
        self.ended, self.problem = "", {"en": "", "uk": ""}
        self.began = self.finished = time.monotonic()
        self._process: subprocess.Popen[bytes] | None = None
        self._asked_to_stop = False
        self._changed = threading.Condition()
        self._kept = None
        for line in kept.lines(key) if kept is not None else ():
            self._take(line)
        self._kept = kept
        if not self.left and (everybody or self.structure):
            self.end("done")

    @property
    def left(self) -> tuple[int, ...]:
        """Which guarantees are not answered yet, by number; none where that is all of them."""
        asked = self.everybody or range(1, self.questions + 1)
        return tuple(number for number in asked if number not in self.verdicts)

    @property
    def held(self) -> tuple[int, ...]:
        """Which guarantees hold among fewer than all on the roll, every state followed, by number."""
        everybody = self.text["en"]["roll"] if self.text else 0
        answers = ((number, one["en"]) for number, one in sorted(self.verdicts.items()))
        return tuple(
            number for number, one in answers
            if one["holds"] and one["all_explored"] and len(one["parties"]) <= everybody
        )  # fmt: skip

    @property
    def waits(self) -> bool:
        """Whether it has not begun."""
        return not self.ended and self._process is None

    @property
    def questions(self) -> int:
        """How many guarantees the text asks for; none while it has not been read."""
        return len(self.text["en"]["guarantees"]) if self.text else 0

    def wait(self, seconds: float) -> None:
        """Until every guarantee was looked at quickly, or answered, or so much time has passed."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self.ended or self.findings or self.verdicts), seconds)

    def know(self, seconds: float) -> None:
        """Until it is known what text it is, or that it is none, or so much time has passed."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self.ended or self.findings or self.text), seconds)

    def wait_for_end(self, seconds: float) -> None:
        """Until it has ended, or so much time has passed."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self.ended), seconds)

    def stop(self) -> None:
        """Ask it to stop, with what is known so far; it is ended where it does not."""
        self._asked_to_stop = True
        process = self._process
        if process is None:
            return self.end("stopped")
        with suppress(OSError):
            process.send_signal(signal.SIGINT)
        timer = threading.Timer(_STOP_SECONDS, kill, [process])
        timer.daemon = True
        return timer.start()

    def kill(self) -> None:
        """End it at once: nobody will look at it any more."""
        self._asked_to_stop = True
        if self._process is not None:
            kill(self._process)
        else:
            self.end("stopped")

    def follow(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        """Give the job to a process and take in what it answers, until it ends."""
        self._process = process
        job = Job(
            self.source, str(folder) if self.files else "", self.quick_first, self.left, bool(self.everybody),
            states=DRAFT_STATES if self.quick_first else STATES, seconds=SECONDS, megabytes=MEGABYTES,
        )  # fmt: skip
        timer = threading.Timer(_PATIENCE_SECONDS, kill, [process])
        timer.daemon = True
        timer.start()
        assert process.stdin is not None, "it was made a pipe"
        assert process.stdout is not None, "it was made a pipe"
        try:
            with suppress(OSError):
                process.stdin.write(msgspec.json.encode(job) + b"\n")
                process.stdin.close()
            if self._asked_to_stop:  # before there was a process
                kill(process)
            for line in process.stdout:
                self._take(msgspec.json.decode(line))
        finally:
            timer.cancel()
            kill(process)
            process.wait()
            process.stdout.close()
        if not self.ended:
            self.end(_ending(process.returncode, self._asked_to_stop))

    def _take(self, line: dict[str, Any]) -> None:
        if self._kept is not None and line["kind"] in _LASTING:
            self._kept.add(self.key, line)
        kind, number = line.pop("kind"), line.pop("number", 0)
        with self._changed:
            match kind:
                case "text" | "findings" | "structure":
                    setattr(self, kind, line)
                case "quick":
                    self.quick[number] = line
                case "verdict":
                    self.verdicts[number] = line
                case "progress":
                    self.following, self.states = number, line["states"]
                case "failed":
                    self.problem = {"en": line.get("en", ""), "uk": line.get("uk", "")}
            self._changed.notify_all()
        if kind == "end":
            self.end("stopped" if line.get("stopped") else "done")
        elif kind == "failed":
            self.end(line["why"])

    def end(self, how: str) -> None:
        """It is over, in this way."""
        with self._changed:
            self.ended, self.finished = how, time.monotonic()
            self._changed.notify_all()


def _ending(status: int, asked: bool) -> str:
    if asked:
        return "stopped"
    return {-signal.SIGXCPU: "time", -signal.SIGKILL: "time"}.get(status, "fault")


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()


def put(folder: Path, files: Files) -> None:
    """Write a text's files: compact.yaml, and the others under agreements/."""
    for name, data in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def apart() -> subprocess.Popen[bytes]:
    """A new process that waits for one job. Raises OSError.

    Neither a fork, as this process has threads and an open store, nor in a group with it: Ctrl-C is for the server.
    """
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "foedus.check.apart"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, process_group=0,
    )  # fmt: skip
