"""One drill from its plan to its report, as a process plays it: its record, its alerts, its console, its course.

Also many of them by lot. Whoever looks on from elsewhere reads the course; nothing else leads out of the folder.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from foedus import tied
from foedus.compact.clauses import Clauses
from foedus.drills.alerting import SETTINGS, Sending
from foedus.drills.course import Course, Teller, played, stands
from foedus.drills.plan import Plan, after
from foedus.drills.report import Report
from foedus.drills.running import OPENING_SECONDS, Drill, Live, refuse_live
from foedus.drills.simulating import Simulated, simulate
from foedus.drills.writing import read_reports, report_of, write
from foedus.errors import FoedusError, Malformed

SIMULATED = "simulated.json"
CONSOLE_SECONDS = 8.0  # what a console takes to open: the exercise's clock starts after it
Progress = Callable[[int, int], None]


class Wish(Struct, frozen=True):
    """How a drill is to be played. `live`: a record that is watched; `port`: of a console for those who play parties;
    `against`: reports to be compared with.
    """

    speed: float | None = None
    live: str | None = None
    alerts: Path | None = None
    contacts: Path | None = None
    port: int | None = None
    against: Sequence[Path] = ()


class Came(Struct, frozen=True):
    """What came of it: the report and the files in which it stands. `called_off`: over how many channels NO PLAY was
    sent.
    """

    report: Report
    files: list[Path]
    called_off: int = 0


def play(plan: Plan, clauses: Clauses, folder: Path, wish: Wish, progress: Progress) -> Came:
    """Play it to its end, or until it is stopped. Raises Refused for a live record's folder, Malformed, Conflict."""
    before = read_reports(wish.against)
    if (wish.alerts is None) != (wish.contacts is None):
        raise Malformed("--alerts and --contacts go together: settings and people of the exercise")
    refuse_live(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with played(folder):
        teller = Teller(folder, _course("founding", plan, of=plan.hours * 3600, speed=wish.speed or plan.speed))
        try:
            return _played(plan, clauses, folder, wish, before, teller, progress)
        except FoedusError as problem:
            teller.tell(phase="failed", problem=str(problem)[:2000])
            raise


def _played(
    plan: Plan, clauses: Clauses, folder: Path, wish: Wish, before: Sequence[Report], teller: Teller, progress: Progress
) -> Came:
    live = Live(wish.live) if wish.live else lambda: None
    drill = Drill(folder, plan, clauses, speed=wish.speed, live=live)
    url = f"http://localhost:{wish.port}" if wish.port else ""
    sending = Sending(drill, wish.alerts, wish.contacts, url) if wish.alerts and wish.contacts else None
    console: list[subprocess.Popen[bytes]] = []

    def begun() -> None:
        if wish.port:
            console.append(_console(folder, wish.port, sending is not None))
        if sending is not None:
            sending.start()
        starts, ends = after(plan, "PT0S"), after(plan, f"PT{plan.hours}H")
        teller.tell(phase="playing", at=starts, ends=ends, console=url)

    def told(done: int, of: int) -> None:
        progress(max(done, 0), of)
        teller.progress(drill.depositary.state, drill.depositary.now(), max(done, 0))

    try:
        depositary = drill.run(told, begun, CONSOLE_SECONDS if wish.port else OPENING_SECONDS)
    finally:
        for one in console:
            one.terminate()
            one.communicate()
    stopped = drill.stopped.because if drill.stopped is not None else ""
    teller.tell(phase="reporting", console="", stopped=stopped, at=depositary.state.at, **stands(depositary.state))
    reached = sending.stop(no_play=drill.stopped is not None) if sending is not None else {}
    report = report_of(drill, depositary, reached, sending.seats if sending is not None else ())
    depositary.close()
    files = write(folder, report, before, clauses)
    teller.tell(phase="ended", done=teller.course.of if not stopped else teller.course.done)
    return Came(report, files, sending.told if sending is not None else 0)


def _console(folder: Path, port: int, alerts: bool) -> subprocess.Popen[bytes]:
    """The console of the drill, in a process of its own, at this machine's loopback address."""
    command = [sys.executable, "-m", "foedus", "serve", str(folder), "--port", str(port)]
    if alerts:
        command += ["--alerts", str(folder / SETTINGS)]
    return tied.begin(command)


def draw(plan: Plan, clauses: Clauses, folder: Path, times: int, progress: Progress) -> Simulated:
    """Draw so many drills by lot; what came of them lies in `simulated.json`. Raises as `play` and `simulate`."""
    refuse_live(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with played(folder):
        teller = Teller(folder, _course("drawing", plan, of=times))

        def told(done: int, of: int) -> None:
            progress(done, of)
            teller.tell(done=done)

        try:
            found = simulate(plan, clauses, times, told)
        except FoedusError as problem:
            teller.tell(phase="failed", problem=str(problem)[:2000])
            raise
        (folder / SIMULATED).write_bytes(msgspec.json.encode(found))
        teller.tell(phase="ended", done=times)
    return found


def _course(phase: str, plan: Plan, **more: object) -> Course:
    given = {"phase": phase, "title_en": plan.title.en, "title_uk": plan.title.uk, **more}
    return msgspec.convert(given, Course)
