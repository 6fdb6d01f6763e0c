"""Where a drill stands, as a file in its folder: written by the process that plays it, read by whoever looks on.

The file says what was last so; whether somebody still plays is said by a lock that ends with its process, so that a
drill that was killed is never shown as running. It holds nothing that the drill's own record does not.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

import msgspec
from msgspec import Struct

from foedus.errors import Conflict
from foedus.state import State

COURSE, PLAYED = "course.json", "course.lock"
EVERY = 0.4
Phase = Literal["founding", "playing", "reporting", "drawing", "ended", "failed"]


class Step(Struct, frozen=True):
    """A deadline of the response: when it is due, and when it was met; `lapsed` once it was not."""

    step: str
    due: datetime
    met: datetime | None = None
    lapsed: bool = False


class Course(Struct, frozen=True, omit_defaults=True):
    """`done` of `of`: seconds of the exercise, or drills drawn. `at`: the exercise's time. `roll`: how many are asked,
    and how many of them have acknowledged, come and taken a position. `console`: where people play their parties.
    `title_en`, `title_uk`: of the plan. `problem`: why it failed, as the command line said it.
    """

    phase: Phase
    title_en: str
    title_uk: str
    done: int = 0
    of: int = 0
    at: datetime | None = None
    ends: datetime | None = None
    speed: float = 1.0
    entries: int = 0
    roll: int = 0
    acknowledged: int = 0
    present: int = 0
    decided: int = 0
    steps: tuple[Step, ...] = ()
    stopped: str = ""
    console: str = ""
    problem: str = ""


class Teller:
    """Writes the course of one drill, not more often than people can read it."""

    def __init__(self, folder: Path, course: Course) -> None:
        self._path, self.course, self._told = folder / COURSE, course, 0.0
        self.tell()

    def tell(self, **changed: object) -> None:
        """Write it with these fields changed, whole or not at all."""
        self.course = msgspec.structs.replace(self.course, **changed)
        beside = self._path.with_suffix(".new")
        beside.write_bytes(msgspec.json.encode(self.course))
        beside.replace(self._path)
        self._told = time.monotonic()

    def progress(self, state: State, at: datetime, done: int) -> None:
        """Write how the play stands, where the last word is old enough."""
        if time.monotonic() - self._told >= EVERY:
            self.tell(at=at, done=done, **stands(state))


def stands(state: State) -> dict[str, object]:
    """Of the first response, the one that the plan is about: who has done what, and its deadlines."""
    found: dict[str, object] = {"entries": state.size}
    response = state.response.responses.get("R-1")
    if response is None:
        return found
    measures = [state.response.measures[item.value] for item in response.measures]
    spoken = [party for party in response.roll if any(one.positions.get(party) for one in measures)]
    steps = []
    for one in response.clocks:
        met = one.met or (response.decided.place if one.step == "decide" and response.decided else None)
        steps.append(Step(one.step, one.due, met.at if met else None, met is None and one.lapsed is not None))
    return found | {
        "roll": len(response.roll), "acknowledged": len(response.acknowledged), "present": len(response.present),
        "decided": len(spoken), "steps": tuple(sorted(steps, key=lambda one: one.due)),
    }  # fmt: skip


def read_course(folder: Path) -> Course | None:
    """Where the drill of a folder stands; None where none has begun."""
    try:
        return msgspec.json.decode((folder / COURSE).read_bytes(), type=Course)
    except (OSError, msgspec.MsgspecError):
        return None


@contextmanager
def played(folder: Path) -> Iterator[None]:
    """Hold the folder while it is played. Raises Conflict when another process does."""
    with (folder / PLAYED).open("w") as file:
        tries = 20  # whoever looks on holds it for a moment
        while not _locked(file):
            tries -= 1
            if tries:
                time.sleep(0.02)
                continue
            raise Conflict("{folder} is being played by another process", folder=folder)
        yield


def is_played(folder: Path) -> bool:
    """Whether a process plays the drill of this folder now."""
    try:
        with (folder / PLAYED).open("r+") as file:
            return not _locked(file)
    except OSError:
        return False


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def fail(folder: Path, problem: str) -> None:
    """Note why it came to nothing."""
    course = read_course(folder)
    if course is not None:
        Teller(folder, msgspec.structs.replace(course, phase="failed", problem=problem[:2000]))
