"""Published sanctions lists, read: one importer for each list, one shape for all of them.

    read(path) → ListVersion      what it is, its day, its digest, every target, and every row that was not taken

Recognised by content: OFAC (CSV set, XML, advanced XML), UN, EU, UK (CSV, XML), Canada, Switzerland, Ukraine, and any
list as FollowTheMoney JSON lines. A file that is cut short, encoded wrongly or of another shape is refused with its
line and what was expected there, or taken with every row that was skipped counted and named. Nothing is fetched here,
nothing translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from foedus.compact.findings import Phrase
from foedus.errors import Malformed
from foedus.sanctions.lists.canonical import digest_of, in_order
from foedus.sanctions.lists.model import (
    Address,
    Birth,
    Identifier,
    Link,
    ListVersion,
    Name,
    Note,
    Stated,
    Target,
)
from foedus.sanctions.lists.ofac_csv import is_part, set_of
from foedus.sanctions.lists.ownership import share_of
from foedus.sanctions.lists.reading import MAX_TARGETS, Content, Notes, Progress, files_of
from foedus.sanctions.lists.recognise import FORMATS, importer, recognise

__all__ = [
    "FORMATS",
    "Address",
    "Birth",
    "Identifier",
    "Link",
    "ListVersion",
    "Name",
    "Note",
    "Stated",
    "Target",
    "files_in",
    "read",
]

Source = Path | str | bytes | Mapping[str, bytes]


def read(source: Source, format: str | None = None, progress: Progress | None = None) -> ListVersion:  # noqa: A002  # what a file's format is called everywhere
    """A published list from a file, from the folder of a set of files, or from bytes.

    `format`: one of FORMATS; by default what the content shows. `progress` is told the bytes read and the bytes in all.
    Raises Malformed with file, line, what was found there and what was expected.
    """
    files = files_of(_whole_set(source), progress)
    name = format or recognise(files)
    notes = Notes()
    content = importer(name)(files, notes)
    _note_shares(content, notes, next(iter(sorted(files.data))))
    targets = _each_once(content, ", ".join(sorted(files.data)[:4]))
    return ListVersion(
        publisher=content.publisher,
        list=content.list,
        format=name,
        as_of=content.as_of,
        digest=digest_of(targets),
        targets=tuple(targets),
        skipped=tuple(notes.skipped),
        doubts=tuple(notes.doubts),
    )


def files_in(source: Source) -> Mapping[str, bytes]:
    """The files of a list by name, as they came: of one file of OFAC's set, the set. Raises Malformed."""
    return files_of(_whole_set(source)).data


def _whole_set(source: Source) -> Source:
    """Of one file of OFAC's set in a folder, the set."""
    if isinstance(source, bytes | Mapping) or not is_part(Path(source).name) or not Path(source).is_file():
        return source
    beside = {one.name: one for one in Path(source).parent.iterdir()}
    return {name: beside[name].read_bytes() for name in set_of(Path(source).name) if name in beside}


def _note_shares(content: Content, notes: Notes, file: str) -> None:
    """A share that is no per cent counts for nothing, and is named."""
    for line, one in content.targets:
        for link in one.links:
            if link.share and share_of(link.share) is None:
                what = Phrase("{id}: a share of {found!r} is not 0 to 100 per cent", id=one.id, found=link.share[:40])
                notes.doubt(file, line, what)


def _each_once(content: Content, file: str) -> list[Target]:
    """The targets in order. Raises Malformed when there are none, or one stands there twice."""
    if not content.targets:
        raise Malformed("{file}: no entry was found: an empty list is never published, fetch it again", file=file)
    if len(content.targets) > MAX_TARGETS:
        raise Malformed("{file}: more than {most} entries were found", file=file, most=MAX_TARGETS)
    lines: dict[str, int] = {}
    for line, one in content.targets:
        if one.id in lines:
            raise Malformed(
                "{file}, line {line}: {id} stands there a second time, first in line {first}: each was expected once",
                file=file,
                line=line,
                id=one.id,
                first=lines[one.id],
            )
        lines[one.id] = line
    return in_order(one for _, one in content.targets)
