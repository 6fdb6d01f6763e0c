"""YAML 1.2 as nodes that know their place. Refuses what lets a text mean another thing than it shows.

No anchors and aliases (a few lines of them unfold into gigabytes), no tags, no second document, no key twice,
no tab in an indentation, no character that is not seen or that turns the direction of writing. Plain scalars
keep their text: whether `2030-02-01` is a date is the model's question, and `no` is a word.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from foedus.compact.findings import Finding, Place, finding

MOST_BYTES = 4 * 1024 * 1024
DEEPEST = 32

# Controls, line separators that only some readers obey, characters that turn the direction of writing, byte
# order marks, surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_TAB_FIRST = re.compile(r"^ *\t", re.MULTILINE)


class Scalar(Struct, frozen=True):
    """Text; `plain` when it stands without quotes and so may mean a number, true, false or nothing."""

    place: Place
    text: str
    plain: bool


class Listing(Struct, frozen=True):
    """A list."""

    place: Place
    items: tuple[Node, ...]


class Mapping(Struct, frozen=True):
    """Keys and values, in the order of the file, no key twice."""

    place: Place
    entries: tuple[tuple[Scalar, Node], ...]


class Spoilt(Struct, frozen=True):
    """Something that was found wrong already and must not be complained of again."""

    place: Place


Node = Scalar | Listing | Mapping | Spoilt


class _Open(Struct):
    """A list or mapping whose end has not been read; a mapping holds keys and values in turn."""

    place: Place
    mapping: bool
    children: list[Node]


def read(file: str, data: bytes) -> tuple[Node | None, list[Finding]]:
    """The nodes of one file, or None where there are none to look at, and everything found wrong."""
    start = Place(file, 1, 1)
    if len(data) > MOST_BYTES:
        return None, [finding(start, (), f"{len(data):,} bytes or more", f"at most {MOST_BYTES:,} bytes in a file")]
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        place = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        byte = f"the byte 0x{data[error.start]:02x}, which is not UTF-8"
        return None, [finding(place, (), byte, "a text in UTF-8", "save the file as UTF-8")]
    findings = list(_characters(file, text))
    if findings:
        return None, findings
    reader = _Reader(file)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            reader.take(event)
    except _TooDeepError:
        pass
    except (YAMLError, ValueError) as error:
        # ValueError: an escape such as "\U00110000" that names no character reaches us as chr()'s own.
        reader.findings.append(_unreadable(reader.last, error))
        return None, reader.findings
    if reader.top is None and not reader.findings:
        reader.findings.append(finding(start, (), "an empty file", "a compact or an agreement"))
    return reader.top, reader.findings


def _characters(file: str, text: str) -> Iterator[Finding]:
    """Tabs that indent, and characters nobody sees: a reader must see all that is signed."""
    starts = [0, *(end.end() for end in re.finditer("\n", text))]

    def place(index: int) -> Place:
        line = bisect_right(starts, index)
        return Place(file, line, index - starts[line - 1] + 1)

    for tab in _TAB_FIRST.finditer(text):
        where = place(tab.end() - 1)
        yield finding(where, (), "a tab", "spaces before the first word of a line", "replace the tab with spaces")
    for unseen in _UNSEEN.finditer(text):
        code = f"the character U+{ord(unseen.group()):04X}"
        yield finding(place(unseen.start()), (), code, "only characters that a reader sees", "delete it")


def _unreadable(last: Place, error: Exception) -> Finding:
    """What the YAML parser says, at the mark it gives, else at the last place it read well."""
    said = str(error)
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        said = str(error.problem or error.context)
        if mark is not None:
            last = Place(last.file, mark.line + 1, mark.column + 1)
    said = " ".join(said.split())
    return finding(last, (), f"what YAML cannot read ({said})", "YAML 1.2", "the fault may stand a little above")


class _TooDeepError(Exception):
    """Lists in lists without end; reading stops, because nothing below can be meant."""


class _Reader:
    """Builds nodes from the parser's events, for the length of one file."""

    def __init__(self, file: str) -> None:
        self.findings: list[Finding] = []
        self.top: Node | None = None
        self.last = Place(file, 1, 1)
        self._file = file
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: Event) -> None:
        """Take one event in. Raises _TooDeepError."""
        mark = event.start_mark
        if mark is not None:
            self.last = Place(self._file, mark.line + 1, mark.column + 1)
        if isinstance(event, DocumentStartEvent):
            self._document(event)
        elif isinstance(event, CollectionEndEvent):
            self._close()
        elif self._documents == 1 and isinstance(event, NodeEvent):
            self._node(event)

    def _complain(self, found: str, expected: str, remedy: str) -> None:
        self.findings.append(finding(self.last, (), found, expected, remedy))

    def _document(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents == 2:
            self._complain("a second document", "one document in a file", "put it into a file of its own")
        if event.version is not None or event.tags:
            self._complain("a % directive", "none", "delete the line: the language is YAML 1.2")

    def _node(self, event: NodeEvent) -> None:
        place = self.last
        if isinstance(event, AliasEvent):
            self._complain(f"the alias *{event.anchor}", "what it stands for", "write it out")
            self._add(Spoilt(place))
            return
        if event.anchor is not None:
            self._complain(f"the anchor &{event.anchor}", "no anchor", "delete it and write out what refers to it")
        if isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent) and event.tag is not None:
            self._complain(f"the tag {event.tag}", "no tag", "delete it: the model knows the type")
        if isinstance(event, ScalarEvent):
            self._scalar(event, place)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            if len(self._open) == DEEPEST:
                self._complain(f"more than {DEEPEST} levels", f"at most {DEEPEST}", "make the text flatter")
                raise _TooDeepError
            self._open.append(_Open(place, isinstance(event, MappingStartEvent), []))

    def _scalar(self, event: ScalarEvent, place: Place) -> None:
        unseen = _UNSEEN.search(event.value)
        if unseen:
            self._complain(f"an escape for U+{ord(unseen.group()):04X}", "characters that a reader sees", "delete it")
            self._add(Spoilt(place))
        else:
            self._add(Scalar(place, event.value, plain=event.style is None))

    def _close(self) -> None:
        if self._documents != 1:
            return
        done = self._open.pop()
        if not done.mapping:
            self._add(Listing(done.place, tuple(done.children)))
            return
        first: dict[str, Scalar] = {}
        entries: list[tuple[Scalar, Node]] = []
        for key, value in zip(done.children[::2], done.children[1::2], strict=True):
            self.last = key.place
            if not isinstance(key, Scalar):
                if not isinstance(key, Spoilt):
                    self._complain("a list or mapping as a key", "a word as a key", "give the key a name")
            elif key.text in first:
                where = f"it stands in line {first[key.text].place.line} already"
                self._complain(f"the key {key.text!r} a second time", "each key once", where)
            else:
                first[key.text] = key
                entries.append((key, value))
        self._add(Mapping(done.place, tuple(entries)))

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.top = node
