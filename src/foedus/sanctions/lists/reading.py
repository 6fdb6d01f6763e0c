"""The files of a list as they come: their bytes, within bounds, and what is noted while they are read.

It refuses bytes that are not UTF-8, and bytes that were UTF-8 once and were encoded a second time: a name that is
spelled wrong everywhere is found by nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from foedus.compact.findings import Phrase
from foedus.errors import Malformed
from foedus.sanctions.lists.model import Note, Target

MAX_BYTES = 2**30  # the largest list in use is 120 MB
MAX_TARGETS = 5_000_000

Progress = Callable[[int, int], None]  # bytes read, bytes in all

_TWICE = re.compile(rb"\xc3[\x82-\xb4]\xc2[\x80-\xbf]")  # U+00C2 to U+00F4 and U+0080 to U+00BF: UTF-8 read as Latin-1
_LOST = "�"


class Files(NamedTuple):
    """One list: a file, or the several files of a set, by name."""

    data: Mapping[str, bytes]
    progress: Progress | None = None

    def only(self) -> tuple[str, bytes]:
        """The name and bytes of a list that is one file. Raises Malformed when there are several."""
        if len(self.data) != 1:
            raise Malformed(
                "{names}: one file was expected, found {found}: name the file",
                names=", ".join(sorted(self.data)[:5]) or "-",
                found=len(self.data),
            )
        ((name, data),) = self.data.items()
        return name, data


class Notes:
    """What is noted while a list is read."""

    def __init__(self) -> None:
        self.skipped: list[Note] = []
        self.doubts: list[Note] = []

    def skip(self, file: str, line: int, what: Phrase) -> None:
        """A row is not taken."""
        self.skipped.append(Note(file, line, what))

    def doubt(self, file: str, line: int, what: Phrase) -> None:
        """What is taken may not be all, or may not be right."""
        self.doubts.append(Note(file, line, what))


Entries = list[tuple[int, Target]]  # with the line each stands on


class Content(NamedTuple):
    """What an importer found: whose list, which, of what day, and its targets with the line each stands on."""

    publisher: str
    list: str
    as_of: date | None
    targets: Entries


def files_of(source: Path | str | bytes | Mapping[str, bytes], progress: Progress | None = None) -> Files:
    """A file, a folder of files, the bytes of one or of several by name. Raises Malformed when it cannot be read."""
    if isinstance(source, bytes):
        found: Mapping[str, bytes] = {"-": source}
    elif isinstance(source, Mapping):
        found = source
    else:
        found = _read(Path(source))
    for name, data in found.items():
        if len(data) > MAX_BYTES:
            raise Malformed(
                "{file}: {found} bytes, at most {most} were expected", file=name, found=len(data), most=MAX_BYTES
            )
    return Files(found, progress)


def _read(path: Path) -> dict[str, bytes]:
    try:
        paths = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
        if sum(one.stat().st_size for one in paths) > MAX_BYTES:
            raise Malformed("{file}: more than {most} bytes were found", file=path, most=MAX_BYTES)
        return {one.name: one.read_bytes() for one in paths}
    except OSError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem.strerror) from None


def text_of(file: str, data: bytes, notes: Notes) -> str:
    """The file's text. Raises Malformed with the line where it is not UTF-8; what was lost before is a doubt."""
    check_encoding(file, data)
    text = str(data.removeprefix(b"\xef\xbb\xbf"), "utf-8")
    note_lost(file, text, notes)
    return text


def check_encoding(file: str, data: bytes) -> None:
    """Raises Malformed unless the bytes are UTF-8, encoded once."""
    try:
        str(data, "utf-8")
    except UnicodeDecodeError as problem:
        raise Malformed(
            "{file}, line {line}: the byte {found} is no UTF-8, which was expected: convert the file, or fetch it"
            " again",
            file=file,
            line=line_of(data, problem.start),
            found=f"0x{data[problem.start]:02x}",
        ) from None
    twice = _TWICE.search(data)
    if twice:
        raise Malformed(
            "{file}, line {line}: {found!r} is {meant!r} encoded twice: fetch the file again as it was published",
            file=file,
            line=line_of(data, twice.start()),
            found=str(twice[0], "utf-8"),
            meant=_meant(twice[0]),
        )


def _meant(twice: bytes) -> str:
    return str(twice, "utf-8").encode("latin-1").decode("utf-8", "replace")


def note_lost(file: str, text: str, notes: Notes) -> None:
    """Where the publisher's own file has U+FFFD in place of a letter, that is a doubt."""
    start = text.find(_LOST)
    while start >= 0:
        notes.doubt(file, text.count("\n", 0, start) + 1, Phrase("a letter was lost before publication"))
        start = text.find(_LOST, text.find("\n", start)) if "\n" in text[start:] else -1


def line_of(data: bytes, place: int) -> int:
    """The line of a byte, counted from 1."""
    return data.count(b"\n", 0, place) + 1
