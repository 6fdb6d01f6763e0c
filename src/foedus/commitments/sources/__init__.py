"""Trackers of commitments, read and written: one importer for each form, one shape of row for all of them.

    read(path) → Vintage      every row, what the source printed itself, and every row that was not taken, with why

Recognised by content: the workbook and the web files of the Kiel Institute's tracker, IATI 2.03, the register of arms
transfers of SIPRI, and plain CSV with the columns of docs/trackers.md. A file of another shape is refused with its
place and what was expected there; nothing of it is taken. Nothing is fetched here, and no record is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from foedus.commitments.sources import iati, kiel, kiel_web, plain_table, sheets, sipri
from foedus.commitments.sources.kiel import Said
from foedus.commitments.sources.model import Row, Vintage, digest_of
from foedus.commitments.sources.reading import Notes, Progress
from foedus.errors import Malformed

__all__ = ["FORMS", "Opened", "Row", "Vintage", "open_source", "read"]

OPENERS = {
    "kiel": kiel.opened,
    "kiel-web": kiel_web.opened,
    "iati": iati.opened,
    "sipri": sipri.opened,
    "csv": plain_table.opened,
}
FORMS = tuple(OPENERS)


class Opened(NamedTuple):
    """A source that is being read: `rows` once, one after the other; `notes` are whole after the last."""

    form: str
    said: Said
    rows: Iterator[Row]
    notes: Notes


def open_source(path: Path | str, form: str | None = None, progress: Progress | None = None) -> Opened:
    """A source whose rows are read as they are asked for. `form`: one of FORMS; by default what the content shows.

    Raises Malformed, also while rows are read: what was made of them until then is to be thrown away.
    """
    path = Path(path)
    chosen = form or recognise(path)
    notes = Notes()
    said, rows = OPENERS[chosen](path, notes, progress)
    return Opened(chosen, said, rows, notes)


def read(path: Path | str, form: str | None = None, progress: Progress | None = None) -> Vintage:
    """A source, whole. Raises Malformed with place, what was found there and what was expected."""
    source = open_source(path, form, progress)
    rows = tuple(source.rows)
    if not rows:
        raise _nothing(path, source.notes)
    publisher, release, until, figures, members = source.said
    return Vintage(
        publisher=publisher,
        release=release,
        form=source.form,
        data_until=until,
        digest=digest_of(rows),
        rows=rows,
        figures=figures,
        members=members,
        skipped=tuple(source.notes.skipped),
        doubts=tuple(source.notes.doubts),
    )


def _nothing(path: Path | str, notes: Notes) -> Malformed:
    """Why nothing was read: the first row that was not taken says it, or there is none."""
    if not notes.skipped:
        return Malformed("{path}: there is no row below its header; expected one at least", path=path)
    first = notes.skipped[0]
    return Malformed(
        "{path}: no row could be taken; {skipped} were not, the first in row {row} of {sheet} (column {column}):"
        " {what}",
        path=path,
        skipped=len(notes.skipped),
        row=str(first.place.row),
        sheet=first.place.sheet,
        column=first.place.column or "-",
        what=first.what,
    )


def recognise(path: Path) -> str:
    """Which of FORMS a file or folder is. Raises Malformed when it is none."""
    if path.is_dir() or path.name == kiel_web.MAIN:
        return "kiel-web"
    start = _first_bytes(path)
    if start.startswith((b"PK", b"\xd0\xcf")):  # a container of OpenXML, or of the workbooks before it
        book = sheets.workbook(path)
        return "kiel" if sheets.sheet_like(book, "bilateral", "main data") else "csv"
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return "iati"
    if b"\0" in start and path.suffix.casefold() != ".csv":  # of UTF-16 its reader says what to do
        raise Malformed("{path}: neither a workbook, nor XML, nor CSV: fetch it again", path=path)
    if b"SIPRI" in start or (b"Supplier" in start and b"Recipient" in start):
        return "sipri"
    return "csv" if path.suffix.casefold() == ".csv" else "kiel"


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem.strerror) from None
