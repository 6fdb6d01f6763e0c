"""A record to be verified, copies of it to be damaged, and ways to damage them."""

from __future__ import annotations

import functools
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from foedus.export import export
from foedus.record.note import note_key
from foedus.response import acts as response
from foedus.verify import verify_record
from foedus.words import translator
from tests.plays import TICK, Play, seed_of, staged

NAME = "kyiv-2022"
ORIGIN = f"play.example/{NAME}"
KEY = note_key(ORIGIN, seed_of("depositary"))
EN = translator("en")


@functools.cache
def kept() -> Path:
    """A record played to its end, with over 256 entries, two checkpoints, and its exports beside it."""
    folder = Path(tempfile.mkdtemp(prefix="foedus-verify-"))
    play = staged(NAME, "decided", folder / "record")
    play.depositary.checkpoint()
    seat = "UKR/duty"
    while play.state.size < 300:
        play.at += TICK
        files = [play.attach(b"seen %d" % play.state.size)] if play.state.size < 270 else []
        body = report(play, seat, files)
        play.do(seat, body, files=files)
    play.depositary.checkpoint()
    for to in ("folder", "file.foedus"):
        export(play.depositary.store, folder / to)
    play.close()
    return folder


def report(play: Play, seat: str, files: list[Any]) -> response.ReportIncident:
    """One more report, with evidence for each file."""
    evidence = tuple(response.Evidence(file[0].digest, seat, play.at, "radar") for file in files)
    return response.ReportIncident("armed_attack", "UA", play.at, evidence=evidence)


@contextmanager
def copied(which: str = "record") -> Iterator[Path]:
    """A copy to be damaged."""
    with tempfile.TemporaryDirectory(prefix="foedus-verify-") as folder:
        source, to = kept() / which, Path(folder) / which
        if source.is_dir():
            shutil.copytree(source, to)
        else:
            shutil.copyfile(source, to)
        yield to


@contextmanager
def opened_up(record: Path) -> Iterator[sqlite3.Connection]:
    """The store's file with its guards taken off, as somebody who holds the disk can."""
    with closing(sqlite3.connect(record / "record.db")) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        yield db
        db.commit()


def flipped(data: bytes, place: int, mask: int) -> bytes:
    place %= len(data)
    return data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]


def check(source: Path | str, **more: Any) -> Any:
    return verify_record(source, rules=more.pop("rules", False), **more)


FLIP = {"place": st.integers(0, 2**20), "mask": st.integers(1, 255)}
