"""Checks of texts that a console runs: each in a process of its own, bounded, its answer kept by the text's digest.

Texts that come with Foedus and the record's own are checked in turn, two at a time; a draft at once, in place of
what ran for the draft before. Nothing of it enters the record, and no check is begun twice while its answer is kept.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from foedus.check.apart import Job
from foedus.compact.loader import bundled

MOST_KEPT: Final = 60
AT_ONCE: Final = 2  # texts that are no drafts: a long one does not hold up all others
STATES, DRAFT_STATES = 200_000, 100_000
SECONDS, MEGABYTES = 300, 1_536
_PATIENCE_SECONDS: Final = 900  # of the clock on the wall, for a machine that does something else
_STOP_SECONDS: Final = 2.0

Files = tuple[tuple[str, bytes], ...]
InBoth = dict[str, Any]


class Run:
    """One check: what is known so far, of each language. `ended`: empty while it runs, else how it ended.

    `done`, `stopped` by the reader, `time`, `memory`: a bound was met; `text`: it cannot be read, or `fault`, ours.
    """

    def __init__(self, key: str, source: str, files: Files, *, quick: bool) -> None:
        self.key, self.source, self.files, self.quick_first = key, source, files, quick
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
        timer = threading.Timer(_STOP_SECONDS, _kill, [process])
        timer.daemon = True
        return timer.start()

    def kill(self) -> None:
        """End it at once: nobody will look at it any more."""
        self._asked_to_stop = True
        if self._process is not None:
            _kill(self._process)
        else:
            self.end("stopped")

    def follow(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        """Give the job to a process and take in what it answers, until it ends."""
        self._process = process
        job = Job(
            self.source, str(folder) if self.files else "", self.quick_first,
            DRAFT_STATES if self.quick_first else STATES, SECONDS, MEGABYTES,
        )  # fmt: skip
        timer = threading.Timer(_PATIENCE_SECONDS, _kill, [process])
        timer.daemon = True
        timer.start()
        assert process.stdin is not None, "it was made a pipe"
        assert process.stdout is not None, "it was made a pipe"
        try:
            with suppress(OSError):
                process.stdin.write(msgspec.json.encode(job) + b"\n")
                process.stdin.close()
            for line in process.stdout:
                self._take(msgspec.json.decode(line))
        finally:
            timer.cancel()
            _kill(process)
            process.wait()
            process.stdout.close()
        if not self.ended:
            self.end(_ending(process.returncode, self._asked_to_stop))

    def _take(self, line: dict[str, Any]) -> None:
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


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()


class Checks:
    """The checks of one console. Safe for use by several threads."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._of_draft: dict[str, Run] = {}
        self._queue: list[Run] = []
        self._working = 0
        self._lock = threading.Lock()
        self._ready: subprocess.Popen[bytes] | None = None
        self._rooms: set[Path] = set()
        self._over = False

    def bundled(self, name: str) -> Run:
        """The check of a text that comes with Foedus; begun where it was not."""
        folder = bundled()[name]
        files = tuple((path.name, path.read_bytes()) for path in sorted(folder.rglob("*.yaml")))
        return self._known(_key(files), name, ())

    def of_record(self, canonical: bytes, digest: str, name: str) -> Run:
        """The check of a record's text: the bundled one of that name where it is that, with its files and lines."""
        if name in bundled():
            run = self.bundled(name)
            run.know(1.0)
            if run.text is None or run.text["en"]["digest"] == digest:
                return run
        return self._known(digest, "record", (("compact.yaml", canonical),))

    def draft(self, id_: str, files: Files, *, again: bool = False) -> Run:
        """The check of a draft as it stands: begun at once, and whatever ran for it before is stopped.

        `again`: also where the same words were checked before, and that was stopped or met a bound.
        """
        key = _key(files)
        with self._lock:
            known, before = self._runs.get(key), self._of_draft.get(id_)
            if known is None or known.ended != "done":  # one that waits for its turn is not waited for
                known = self._runs.get(f"draft {key}")
            if known is None or (again and known.ended not in ("", "done")):
                known = Run(f"draft {key}", "draft", files, quick=True)
                self._keep(known)
                self._start(known)
            self._of_draft[id_] = known
            others = [one for other, one in self._of_draft.items() if other != id_]
        if before is not None and before is not known and before not in others and not before.ended:
            before.stop()
        return known

    def make_ready(self) -> None:
        """Have a process waiting that has read everything it needs, so that a draft is answered sooner."""
        with self._lock:
            if not self._over and (self._ready is None or self._ready.poll() is not None):
                self._ready = apart()

    def forget(self) -> None:
        """End every process and remove every file."""
        with self._lock:
            self._over, self._queue = True, []
            ready, self._ready = self._ready, None
            running = [run for run in (*self._runs.values(), *self._of_draft.values()) if not run.ended]
        for run in running:
            run.kill()
        if ready is not None:
            _kill(ready)
            ready.wait()
            for pipe in (ready.stdin, ready.stdout):
                if pipe is not None:
                    pipe.close()
        for room in list(self._rooms):
            shutil.rmtree(room, ignore_errors=True)

    # --- how they run -------------------------------------------------------------------------------------------

    def _known(self, key: str, source: str, files: Files) -> Run:
        with self._lock:
            run = self._runs.get(key)
            if run is None or run.ended in ("stopped", "time", "memory", "fault"):
                run = Run(key, source, files, quick=False)
                self._keep(run)
                self._queue.append(run)
                if self._working < AT_ONCE and not self._over:
                    self._working += 1
                    threading.Thread(target=self._in_turn, name="checks", daemon=True).start()
            return run

    def _keep(self, run: Run) -> None:
        self._runs[run.key] = run
        self._runs.move_to_end(run.key)
        while len(self._runs) > MOST_KEPT and (oldest := next(iter(self._runs.values()))).ended:
            del self._runs[oldest.key]

    def _in_turn(self) -> None:
        while True:
            with self._lock:
                if not self._queue:
                    self._working -= 1
                    return
                run = self._queue.pop(0)
            self._run(run, None)

    def _start(self, run: Run) -> None:
        ready, self._ready = self._ready, None
        if ready is not None and ready.poll() is not None:
            ready = None
        threading.Thread(target=self._run, args=(run, ready), name="check of a draft", daemon=True).start()

    def _run(self, run: Run, ready: subprocess.Popen[bytes] | None) -> None:
        if self._over:
            return
        room = Path(tempfile.mkdtemp(prefix="foedus-check-"))
        self._rooms.add(room)
        try:
            put(room / run.source, run.files)
            run.follow(ready or apart(), room)
        finally:
            if not run.ended:
                run.end("fault")  # whoever waits for it is told
            shutil.rmtree(room, ignore_errors=True)
            self._rooms.discard(room)


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


def _key(files: Files) -> str:
    """One text, one key, whatever it is called."""
    hashed = hashlib.sha256()
    for name, data in sorted((Path(name).name, data) for name, data in files):
        hashed.update(f"{name} {len(data)}\n".encode() + data)
    return hashed.hexdigest()


def new_id() -> str:
    """An id that nobody guesses."""
    return secrets.token_hex(8)
