"""Running `foedus` in this process, and records to run it on."""

from __future__ import annotations

import functools
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from foedus.cli import run
from foedus.depositary import exercise_offset
from foedus.record.store import open_store


class Ran(NamedTuple):
    """Exit status and what was written."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The answer in JSON."""
        return json.loads(self.out)

    @property
    def line(self) -> str:
        """The one line of an error: that there is one and no more is part of every test that asks."""
        assert self.err.startswith("foedus: "), self.err
        assert self.err.count("\n") == 1, self.err
        return self.err.removeprefix("foedus: ").rstrip("\n")


class Foedus:
    """The command line under test."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Ran:
        self._capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        found = self._capsys.readouterr()
        return Ran(status, found.out, found.err)

    def json(self, *arguments: object) -> Any:
        """The answer of a command that must succeed, asked for as data."""
        ran = self(*arguments, "--json")
        assert ran.status == 0, ran.err
        return ran.data


@functools.cache
def _built() -> tuple[Path, float]:
    """The exercise, and the moment at which it was built."""
    folder = Path(tempfile.mkdtemp(prefix="foedus-cli-")) / "demo"
    assert run(["demo", str(folder), "--no-serve"]) == 0
    return folder, time.monotonic()


def demo(to: Path) -> Path:
    """A copy of the exercise, its clock 1 h 24 min before the time to convene, however long ago that was built."""
    folder, built = _built()
    shutil.copytree(folder, to)
    store = open_store(to)
    offset = exercise_offset(store)
    assert offset is not None
    store.set_setting("clock_offset_seconds", str(offset.total_seconds() - (time.monotonic() - built)).encode())
    store.close()
    return to
