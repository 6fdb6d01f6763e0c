"""From files to a compact: read, shape, meaning; all of it or nothing, every fault with its file and line.

A compact is one file, or a folder with `compact.yaml` and beside it `agreements/*.yaml`, one instrument in
each. It refuses to leave an agreement unread: what lies there under a name that it does not read is a fault.
It follows no address and writes nothing.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace
from ruamel.yaml import YAML

from foedus.compact.bounds import ENTRY_BYTES, largest
from foedus.compact.digest import digest
from foedus.compact.findings import Finding, MalformedCompact, Phrase, Place, finding
from foedus.compact.meaning import judge_all
from foedus.compact.model import Agreement, Compact, Words
from foedus.compact.nodes import MOST_BYTES, Listing, Mapping, Node, read
from foedus.compact.scalars import nearest
from foedus.compact.shape import Shape, described, walk

__all__ = ["bundled", "bundled_titles", "checked", "digest", "load"]

TEXTS: Final = Path(__file__).parent / "texts"

_Files = tuple[tuple[str, bytes], ...]


def bundled() -> dict[str, Path]:
    """The texts that come with Foedus: name and folder."""
    return {found.parent.name: found.parent for found in sorted(TEXTS.rglob("compact.yaml"))}


@lru_cache(maxsize=1)
def bundled_titles() -> dict[str, Words]:
    """The short title of each, from the first block of its file: to read a whole text takes half a second."""
    found = {}
    for name, folder in bundled().items():
        first, _, _ = (folder / "compact.yaml").read_text("utf-8").partition("\n\n")
        found[name] = msgspec.convert(YAML(typ="safe", pure=True).load(first)["short_title"], Words)
    return found


def load(source: str | Path) -> Compact:
    """The compact named by a bundled name, or by the path of a folder or of a single file.

    Agreements come sorted by id, because their order says nothing. Raises MalformedCompact with every fault.
    """
    folder = bundled().get(source) if isinstance(source, str) else None
    path = folder or Path(source)
    name = str(source)
    if os.path.isdir(path):  # Path.is_dir raises on names that no system can hold
        files = _folder(path, name)
    elif os.path.isfile(path):
        files = ((name, _bytes(path, name)),)
    else:
        known = sorted(bundled())
        remedy = nearest(name, known) or Phrase("the bundled names are {names}", names=", ".join(known))
        expected = Phrase("a bundled name or a path")
        raise MalformedCompact([finding(Place(name, 1, 1), (), Phrase("no such file or folder"), expected, remedy)])
    return _built(files)


def checked(data: bytes) -> Compact:
    """A compact in one text, as its canonical bytes are. Raises MalformedCompact with every fault."""
    return _built((("compact", data),))


def _folder(folder: Path, name: str) -> _Files:
    """`compact.yaml` first, then the agreements by name. Raises MalformedCompact for files left unread."""
    paths = [folder / "compact.yaml", *sorted((folder / "agreements").glob("*.yaml"))]
    meant = [folder / "compact.yml", *sorted((folder / "agreements").rglob("*.y*ml"))]
    stray = []
    for path in meant:
        if path not in paths and path.exists():
            place = Place(f"{name}/{path.relative_to(folder).as_posix()}", 1, 1)
            expected = Phrase("compact.yaml or agreements/*.yaml")
            stray.append(finding(place, (), Phrase("a file that would not be read"), expected))
    if not paths[0].is_file():
        place = Place(f"{name}/compact.yaml", 1, 1)
        stray.append(finding(place, (), Phrase("no such file"), Phrase("the compact itself")))
    if stray:
        raise MalformedCompact(stray)
    named = [(path, f"{name}/{path.relative_to(folder).as_posix()}") for path in paths]
    return tuple((shown, _bytes(path, shown)) for path, shown in named)


def _bytes(path: Path, name: str) -> bytes:
    """The bytes of a file, one more than allowed at most, which the reader then refuses."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        found = Phrase("what cannot be opened ({problem})", problem=error.strerror)
        raise MalformedCompact([finding(Place(name, 1, 1), (), found, Phrase("a file"))]) from error


# A bundled text takes a second or two to read and is asked for by every command, page and test of a process.
@lru_cache(maxsize=32)
def _built(files: _Files) -> Compact:
    findings: list[Finding] = []
    nodes: list[Node | None] = []
    for name, data in files:
        node, faults = read(name, data)
        nodes.append(node)
        findings += faults
    shape = Shape([], {(): Place(files[0][0], 1, 1)}, findings)
    # While a file cannot be read at all, every name that it gives would be missed: only shapes are judged.
    readable = None not in nodes
    compact, agreements = _walked(shape, nodes)
    if readable:
        judge_all(shape)
    if shape.findings:
        raise MalformedCompact(shape.findings)
    assert isinstance(compact, Compact), "what has no finding is a compact"
    every = (*compact.agreements, *agreements)
    whole = replace(compact, agreements=tuple(sorted(every, key=lambda agreement: agreement.id)))
    _sized(shape, whole)
    return whole


def _sized(shape: Shape, compact: Compact) -> None:
    """Raises MalformedCompact where what the compact can bring about would not fit into an entry of the record."""
    for what, size in largest(compact):
        if size > ENTRY_BYTES:
            found = Phrase(
                "{number} parties, for whom {entry} can take {size} bytes",
                number=len(compact.parties), entry=what, size=size,
            )  # fmt: skip
            expected = Phrase("so few, or of so short ids, that an entry of {most} bytes holds it", most=ENTRY_BYTES)
            remedy = Phrase("make a class of states one party, or two compacts of one")
            shape.complain(("parties",), found, expected, remedy)
    if shape.findings:
        raise MalformedCompact(shape.findings)


def _walked(shape: Shape, nodes: list[Node | None]) -> tuple[object, list[Agreement]]:
    """The compact of the first file and the agreements of the others, numbered after those of the first."""
    first, *others = nodes
    compact: object = None
    number = 0
    if first is not None:
        compact = walk(shape, first, described(Compact), ())
        number = _count(first)
    agreements = []
    for at, node in enumerate(others, start=number):
        read = None if node is None else walk(shape, node, described(Agreement), ("agreements", at))
        if isinstance(read, Agreement):
            agreements.append(read)
    return compact, agreements


def _count(first: Node) -> int:
    """How many agreements the first file holds itself."""
    entries = first.entries if isinstance(first, Mapping) else ()
    held = [value for key, value in entries if key.text == "agreements" and isinstance(value, Listing)]
    return len(held[0].items) if held else 0
