"""Drafts of whole agreements: copies of a text that somebody edits, and what may stand in them.

Kept where the console keeps drafts of acts: in memory, or at a desk in its room. None of them is a compact of the
record, and nothing here can make it one: what parties sign is signed elsewhere.
"""

from __future__ import annotations

import io
import re
import threading
import zipfile
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from foedus.compact.loader import bundled
from foedus.errors import Malformed
from foedus.record.files import write_whole
from foedus.web.check_runs import Files
from foedus.web.checks import new_id

MOST = 12
MOST_BYTES = 3_000_000  # of a draft, all its files together
MOST_FILES = 200
MAIN = "compact.yaml"
_NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.yaml").fullmatch


class Text(Struct, frozen=True):
    """A draft. `base`: the bundled text that it was copied from, empty for one that was sent. `saved`: how often."""

    id: str
    name: str
    base: str
    files: tuple[tuple[str, str], ...]
    saved: int = 0

    @property
    def data(self) -> Files:
        """Its files as bytes."""
        return tuple((name, text.encode()) for name, text in self.files)

    def file(self, name: str) -> str | None:
        """The words of one file; None where it has no such file."""
        return dict(self.files).get(name)


class Texts:
    """The drafts of one console. Safe for use by several threads. `room`: a folder, None for memory only."""

    def __init__(self, room: Path | None = None) -> None:
        self._room = room
        self._texts: dict[str, Text] = {}
        self._lock = threading.Lock()
        if room is not None:
            room.mkdir(mode=0o700, exist_ok=True)
            for path in sorted(room.glob("*.json"), key=lambda one: one.stat().st_mtime):
                try:
                    found = msgspec.json.decode(path.read_bytes(), type=Text)
                except (OSError, msgspec.MsgspecError):
                    continue  # a damaged draft stays where it is and holds up none of the others
                self._texts[found.id] = found

    def every(self) -> list[Text]:
        """All drafts, the last that was saved first."""
        with self._lock:
            return list(reversed(self._texts.values()))

    def get(self, id_: str) -> Text | None:
        """A draft by its id."""
        with self._lock:
            return self._texts.get(id_)

    def keep(self, text: Text) -> Text:
        """Keep a draft as it stands now; the oldest make room. Raises Malformed for what is no draft's size."""
        if sum(len(words.encode()) for _, words in text.files) > MOST_BYTES:
            raise Malformed("a draft has at most {most} bytes in all its files", most=MOST_BYTES)
        with self._lock:
            kept = replace(text, saved=text.saved + 1)
            self._texts.pop(text.id, None)
            self._texts[text.id] = kept
            if self._room is not None:
                write_whole(self._room / f"{kept.id}.json", msgspec.json.encode(kept))
            for oldest in list(self._texts)[: max(0, len(self._texts) - MOST)]:
                self._drop(oldest)
            return kept

    def drop(self, id_: str) -> None:
        """Forget a draft."""
        with self._lock:
            self._drop(id_)

    def _drop(self, id_: str) -> None:
        self._texts.pop(id_, None)
        if self._room is not None:
            (self._room / f"{id_}.json").unlink(missing_ok=True)


def copied(name: str) -> Text:
    """A new draft: a copy of a text that comes with Foedus."""
    folder = bundled()[name]
    paths = [folder / MAIN, *sorted((folder / "agreements").glob("*.yaml"))]
    files = tuple((path.relative_to(folder).as_posix(), path.read_text("utf-8")) for path in paths)
    return Text(new_id(), name, name, files)


def sent(files: Iterable[tuple[str, bytes]]) -> Text:
    """A new draft of files that were sent: compact.yaml, or one file of any name, and instruments beside it.

    Raises Malformed for a name that no text has, for two of one name, and for what is no text in UTF-8.
    """
    given = [(Path(name.replace("\\", "/")).name, data) for name, data in files]
    if not given or len(given) > MOST_FILES:
        raise Malformed("compact.yaml was expected, and at most {most} files", most=MOST_FILES)
    if len(given) == 1:
        given = [(MAIN, given[0][1])]
    found: dict[str, str] = {}
    for name, data in given:
        if not _NAMED(name):
            raise Malformed("{name!r}: a name such as compact.yaml was expected", name=name[:60])
        path = name if name == MAIN else f"agreements/{name}"
        if path in found:
            raise Malformed("{name!r} was sent twice", name=name[:60])
        found[path] = decoded(name, data)
    if MAIN not in found:
        raise Malformed("compact.yaml was expected, and at most {most} files", most=MOST_FILES)
    ordered = tuple(sorted(found.items(), key=lambda one: one[0] != MAIN))
    return Text(new_id(), given[0][0].removesuffix(".yaml"), "", ordered)


def decoded(name: str, data: bytes) -> str:
    """The words of a file, its lines ended as ours are. Raises Malformed for what is no text."""
    try:
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        raise Malformed("{path} is no text in UTF-8: byte {at}", path=name[:60], at=problem.start) from None


def zipped(text: Text) -> bytes:
    """The draft's files in a ZIP archive, to be taken home; the same bytes for the same draft."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in text.files:
            archive.writestr(zipfile.ZipInfo(f"{text.name}/{name}"), words, zipfile.ZIP_DEFLATED)
    return made.getvalue()
