"""The drills of a folder: plans to be played, and what was played; each in a process of its own, one at a time.

    FOLDER/*.yaml             plans, beside those that are bundled
    FOLDER/alerts.yaml        settings of alerts and contacts.csv, people of the exercise: with both, alerts go out
    FOLDER/runs/ID/           one drill: its record, its course, its report; ID.log beside it: what its process said

A drill outlives whoever started it. Nothing here opens a drill's record or a live one.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from foedus.compact.clauses import Clauses
from foedus.drills import LIVE
from foedus.drills.course import Course, is_played, read_course
from foedus.drills.plan import Plan, bundled_plans, read_plan
from foedus.drills.playing import SIMULATED
from foedus.drills.report import Report
from foedus.drills.running import stop
from foedus.drills.simulating import Simulated
from foedus.errors import Conflict, FoedusError, Malformed

RUNS, ALERTS, CONTACTS = "runs", "alerts.yaml", "contacts.csv"
Kind = TypeVar("Kind")
COMPARED, MOST_DRAWN = 5, 100_000
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,80}\Z")
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,40}-(drill|lots)-\d{8}-\d{6}\Z")


class Planned(Struct, frozen=True):
    """A plan by name; `problem`: why it cannot be played."""

    name: str
    path: Path
    plan: Plan | None = None
    clauses: Clauses | None = None
    problem: FoedusError | None = None


class Run(Struct, frozen=True):
    """One that was begun. `plays`: a process plays it now. `log`: the last that its process said."""

    id: str
    folder: Path
    plays: bool
    course: Course | None
    report: Report | None
    simulated: Simulated | None
    log: str

    @property
    def drawn(self) -> bool:
        """Whether drills were drawn by lot, and none was played."""
        return "-lots-" in self.id

    @property
    def begun(self) -> str:
        """When it was begun, as its id says: by the machine's clock, in UTC."""
        day, time = _when(self.id).split("-")
        return f"{day[:4]}-{day[4:6]}-{day[6:]} {time[:2]}:{time[2:4]}:{time[4:]}"


class Drills:
    """The folder, and the processes that this one began."""

    def __init__(self, folder: Path, live: str | None = None) -> None:
        """`live`: the live record that stops every drill when something real is reported in it."""
        self.folder, self._live = folder, live
        self._lock = threading.Lock()
        self._begun: dict[str, subprocess.Popen[bytes]] = {}
        self._read: dict[tuple[Path, int], Planned] = {}

    # --- plans --------------------------------------------------------------------------------------------

    def plans(self) -> list[Planned]:
        """Every plan: the folder's own before those that are bundled."""
        own = {path.stem: path for path in sorted(self.folder.glob("*.yaml")) if path.name != ALERTS}
        found = {name: path for name, path in {**bundled_plans(), **own}.items() if NAME.match(name)}
        return [self._planned(name, path) for name, path in sorted(found.items(), key=lambda one: one[0] not in own)]

    def plan(self, name: str) -> Planned | None:
        """One by its name."""
        return next((one for one in self.plans() if one.name == name), None)

    def _planned(self, name: str, path: Path) -> Planned:
        key = (path, path.stat().st_mtime_ns)
        if key not in self._read:
            try:
                plan, clauses = read_plan(path)
                self._read[key] = Planned(name, path, plan, clauses)
            except FoedusError as problem:
                self._read[key] = Planned(name, path, problem=problem)
        return self._read[key]

    def alerting(self) -> bool:
        """Whether alerts go out: settings and people of the exercise lie there."""
        return (self.folder / ALERTS).exists() and (self.folder / CONTACTS).exists()

    # --- what was played ----------------------------------------------------------------------------------

    def runs(self) -> list[Run]:
        """Everything that was begun, newest first."""
        names = {path.name for path in (self.folder / RUNS).glob("*") if path.is_dir() and ID.match(path.name)}
        return [self._run(name) for name in sorted(names | set(self._begun), key=_when, reverse=True)]

    def run(self, id_: str) -> Run | None:
        """One of them."""
        known = ID.match(id_) and (id_ in self._begun or (self.folder / RUNS / id_).is_dir())
        return self._run(id_) if known else None

    def _run(self, id_: str) -> Run:
        folder, process = self.folder / RUNS / id_, self._begun.get(id_)
        plays = (process is not None and process.poll() is None) or is_played(folder)
        try:
            log = (self.folder / RUNS / f"{id_}.log").read_bytes()[-4000:].decode("utf-8", "replace")
        except OSError:
            log = ""
        return Run(
            id_, folder, plays, read_course(folder), _decoded(folder / "report.json", Report),
            _decoded(folder / SIMULATED, Simulated), log,
        )  # fmt: skip

    def before(self, id_: str | None = None) -> list[Run]:
        """The last few that have a report, oldest first; those before `id_` where it is named."""
        known = [one for one in self.runs() if one.report is not None]
        if id_ is not None:
            known = [one for one in known if _when(one.id) < _when(id_)]
        return list(reversed(known[:COMPARED]))

    # --- beginning and ending -----------------------------------------------------------------------------

    def begin(self, planned: Planned, speed: float, console: bool) -> str:
        """Play it in a process of its own; its id. Raises Conflict while another is played, Malformed for no plan."""
        assert planned.plan is not None, "only a plan that could be read is begun"
        more = ["--speed", f"{speed:g}"]
        if console:
            more += ["--port", str(_free_port())]
        if self.alerting():
            more += ["--alerts", str(self.folder / ALERTS), "--contacts", str(self.folder / CONTACTS)]
        for one in self.before():
            more += ["--against", str(one.folder / "report.json")]
        return self._start(planned, "drill", more)

    def draw(self, planned: Planned, times: int) -> str:
        """Draw so many of it by lot; its id. Raises as `begin`."""
        if not 1 <= times <= MOST_DRAWN:
            raise Malformed("{times} drills: 1 to {most} expected", times=times, most=MOST_DRAWN)
        return self._start(planned, "lots", ["--simulate", str(times)])

    def _start(self, planned: Planned, kind: str, more: Sequence[str]) -> str:
        with self._lock:
            playing = next((one for one in self.runs() if one.plays), None)
            if playing is not None:
                raise Conflict("{id} is being played: wait until it has ended, or stop it", id=playing.id)
            id_ = f"{planned.name[:40]}-{kind}-{datetime.now(UTC).strftime('%Y%m%d-%H%M%S')}"
            runs = self.folder / RUNS
            runs.mkdir(parents=True, exist_ok=True)
            command = [sys.executable, "-m", "foedus", "drill", str(planned.path), str(runs / id_), *more]
            environment = {name: value for name, value in os.environ.items() if name != LIVE}
            if self._live is not None and kind == "drill":
                environment[LIVE] = self._live
            with (runs / f"{id_}.log").open("wb") as log:
                self._begun[id_] = subprocess.Popen(  # noqa: S603  # our own command, and names that ID allows
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
                )  # fmt: skip
            return id_

    def stop(self, run: Run, because: str) -> None:
        """NO PLAY; what only draws lots is ended as it is. Raises Conflict when it is over, Malformed before it is
        founded.
        """
        process = self._begun.get(run.id)
        if not run.drawn:
            if not run.plays:
                raise Conflict("{id} is not being played now: there is nothing to stop", id=run.id)
            stop(run.folder, because)
        elif process is not None and process.poll() is None:
            process.terminate()
            process.wait(10)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _when(id_: str) -> str:
    """Its time, by which runs are sorted: the last two parts of its id."""
    return "-".join(id_.rsplit("-", 2)[1:])


def _decoded(path: Path, kind: type[Kind]) -> Kind | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None
