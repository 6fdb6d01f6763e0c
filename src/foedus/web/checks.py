"""Checks of texts that a console runs: each in a process of its own, bounded, its answer kept by the text's digest.

Texts that come with Foedus and the record's own are checked in turn, two at a time; a draft at once, in place of
what ran for the draft before. What holds among few is asked among all on the roll when somebody wants it, of one text
at a time. Nothing of it enters the record, and no check is begun twice while its answer is kept.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import subprocess
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Final

from foedus.compact.loader import bundled
from foedus.web.check_runs import Files, Run, apart, kill, put
from foedus.web.checks_kept import Kept

MOST_KEPT: Final = 60
AT_ONCE: Final = 2  # texts that are no drafts: a long one does not hold up all others
AMONG_ALL_AT_ONCE: Final = 1
_DRAFT, _ALL = "draft ", "among all "  # how keys begin


class _Turns:
    """Checks that wait until one of those before them has ended: so many run at once."""

    def __init__(self, at_once: int) -> None:
        self.at_once, self.working = at_once, 0
        self.waiting: list[Run] = []


class Checks:
    """The checks of one console. Safe for use by several threads.

    `kept`: the folder where answers about texts are kept, and `room` that of answers about drafts; None: in memory.
    """

    def __init__(self, kept: Path | None = None, room: Path | None = None) -> None:
        self._kept, self._room = Kept(kept), Kept(room)
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._of_draft: dict[str, Run] = {}
        self._of_texts, self._of_everybody = _Turns(AT_ONCE), _Turns(AMONG_ALL_AT_ONCE)
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
                known = self._runs.get(_DRAFT + key)
            if known is None or (again and known.ended not in ("", "done")):
                known = Run(_DRAFT + key, "draft", files, quick=True)
                self._keep(known)
                self._start(known)
            self._of_draft[id_] = known
            others = [one for other, one in self._of_draft.items() if other != id_]
        if before is not None and before is not known and before not in others:
            self._stop(before)
        return known

    def give_up(self, id_: str) -> None:
        """Stop what runs for a draft that nobody wants any more."""
        with self._lock:
            before = self._of_draft.pop(id_, None)
            others = list(self._of_draft.values())
        if before is not None and before not in others:
            self._stop(before)

    def _stop(self, run: Run) -> None:
        """What runs for a draft alone; not what runs for a text that it was copied from."""
        if run.key.startswith(_DRAFT):
            for one in (run, self.among_all(run)):
                if one is not None and not one.ended:
                    one.stop()

    def among_all(self, run: Run) -> Run | None:
        """What is known of a text's guarantees among all on the roll; None where nobody asked."""
        with self._lock:
            return self._among_all(run)

    def ask_everybody(self, run: Run) -> None:
        """Ask among all on the roll what a check found to hold among few, in turn: what is known is not asked again,
        and what waits or runs is not begun twice.
        """
        with self._lock:
            known = self._among_all(run)
            answered = known.verdicts if known is not None else {}
            if set(run.held) - set(answered) and (known is None or known.ended):
                made = self._everybody(run)
                made.verdicts |= answered
                self._keep(made)
                self._begin(made, self._of_everybody)

    def make_ready(self) -> None:
        """Have a process waiting that has read everything it needs, so that a draft is answered sooner."""
        with self._lock:
            if not self._over and (self._ready is None or self._ready.poll() is not None):
                self._ready = apart()

    def forget(self) -> None:
        """End every process and remove every file."""
        with self._lock:
            self._over = True
            ready, self._ready = self._ready, None
            running = [run for run in (*self._runs.values(), *self._of_draft.values()) if not run.ended]
        for run in running:
            run.kill()
        if ready is not None:
            kill(ready)
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
                run = Run(key, source, files, kept=self._kept)
                self._keep(run)
                self._begin(run, self._of_texts)
            return run

    def _everybody(self, run: Run) -> Run:
        kept = self._room if run.key.startswith(_DRAFT) else self._kept
        return Run(_ALL + run.key.removeprefix(_DRAFT), run.source, run.files, everybody=run.held, kept=kept)

    def _among_all(self, run: Run) -> Run | None:
        known = self._runs.get(_ALL + run.key.removeprefix(_DRAFT))
        if known is None and run.ended and run.held and (kept := self._everybody(run)).verdicts:
            if not kept.ended:  # the console ended before it did
                kept.end("stopped")
            self._keep(known := kept)
        return known

    def _keep(self, run: Run) -> None:
        self._runs[run.key] = run
        self._runs.move_to_end(run.key)
        while len(self._runs) > MOST_KEPT and (oldest := next(iter(self._runs.values()))).ended:
            del self._runs[oldest.key]

    def _begin(self, run: Run, turns: _Turns) -> None:
        if run.ended:  # all of it was kept
            return
        turns.waiting.append(run)
        if turns.working < turns.at_once and not self._over:
            turns.working += 1
            threading.Thread(target=self._in_turn, args=(turns,), name="checks", daemon=True).start()

    def _in_turn(self, turns: _Turns) -> None:
        while True:
            with self._lock:
                if not turns.waiting:
                    turns.working -= 1
                    return
                run = turns.waiting.pop(0)
            self._run(run, None)

    def _start(self, run: Run) -> None:
        ready, self._ready = self._ready, None
        if ready is not None and ready.poll() is not None:
            ready = None
        threading.Thread(target=self._run, args=(run, ready), name="check of a draft", daemon=True).start()

    def _run(self, run: Run, ready: subprocess.Popen[bytes] | None) -> None:
        if self._over or run.ended:  # stopped while it waited
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


def _key(files: Files) -> str:
    """One text, one key, whatever it is called."""
    hashed = hashlib.sha256()
    for name, data in sorted((Path(name).name, data) for name, data in files):
        hashed.update(f"{name} {len(data)}\n".encode() + data)
    return hashed.hexdigest()


def new_id() -> str:
    """An id that nobody guesses."""
    return secrets.token_hex(8)
