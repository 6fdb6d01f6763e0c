"""What checks answered, kept on disk line by line as it is known: whoever asks again, also after the console was ended,
has it at once, and what was not answered yet is all that is left to do.

By the digest of the text and of this code. A file that is missing, damaged or cannot be written costs the time to
answer again, and nothing else. It holds what a text says: it is readable by its owner alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from foedus.cache_folder import cache_folder

MOST_KEPT: Final = 60  # the last used
_SEAL_BYTES: Final = 16  # of each line, in hexadecimal: a line written by halves is none


def folder() -> Path | None:
    """Where answers about texts that are no drafts lie."""
    try:
        return cache_folder("checks")
    except RuntimeError:  # who runs this has no home
        return None


@cache
def engine_digest() -> str:
    """Of everything here that an answer is made by or said in."""
    here, whole = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted([*here.rglob("*.py"), *here.rglob("*.po")]):
        data = path.read_bytes()
        whole.update(f"{path.relative_to(here)} {len(data)}\n".encode() + data)
    return whole.hexdigest()


class Kept:
    """Answers in one folder; None: nothing is kept."""

    def __init__(self, place: Path | None) -> None:
        self._place = place

    def lines(self, key: str) -> Iterator[dict[str, Any]]:
        """What is known of a check, as it was told."""
        try:
            path = self._path(key)
            found = path.read_bytes().split(b"\n") if path is not None else []
            if path is not None:
                os.utime(path)
        except OSError:
            return
        for line in found:
            seal, data = line[:_SEAL_BYTES], line[_SEAL_BYTES:]
            if line and _seal(data) == seal:
                yield msgspec.json.decode(data)

    def add(self, key: str, line: dict[str, Any]) -> None:
        """Keep one line more."""
        path = self._path(key)
        if path is None:
            return
        data = msgspec.json.encode(line)
        with contextlib.suppress(OSError):  # no room: it is answered again
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = not path.exists()
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "wb", buffering=0) as file:
                file.write(b"\n" + _seal(data) + data)
            if new:
                _make_room(path.parent)

    def _path(self, key: str) -> Path | None:
        if self._place is None:
            return None
        return self._place / f"{hashlib.sha256(f'{engine_digest()} {key}'.encode()).hexdigest()[:40]}.jsonl"


def _seal(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest()[:_SEAL_BYTES].encode()


def _make_room(place: Path) -> None:
    every = sorted(place.glob("*.jsonl"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in every[MOST_KEPT:]:
        old.unlink(missing_ok=True)
