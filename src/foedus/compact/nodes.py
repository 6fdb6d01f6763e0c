"""YAML 1.2 as nodes that know their place. Refuses what lets a text mean another thing than it shows.

No anchors and aliases (a few lines of them unfold into gigabytes), no tags, no second document, no key twice,
no tab in an indentation, no character that is not seen or that turns the direction of writing, no word of two
alphabets whose letters look alike. Plain scalars keep their text: whether `2030-02-01` is a date is the model's
question, and `no` is a word.
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

from foedus.compact.findings import Finding, Phrase, Place, finding
from foedus.unseen import UNSEEN, code, mixed

MOST_BYTES = 4 * 1024 * 1024
DEEPEST = 32

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
        found = Phrase("{count} bytes or more", count=len(data))
        return None, [finding(start, (), found, Phrase("at most {most} bytes in a file", most=MOST_BYTES))]
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        place = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        byte = Phrase("the byte {byte}, which is not UTF-8", byte=f"0x{data[error.start]:02x}")
        return None, [finding(place, (), byte, Phrase("a text in UTF-8"), Phrase("save the file as UTF-8"))]
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
        reader.findings.append(finding(start, (), Phrase("an empty file"), Phrase("a compact or an agreement")))
    return reader.top, reader.findings


def _characters(file: str, text: str) -> Iterator[Finding]:
    """Tabs that indent, and characters nobody sees: a reader must see all that is signed."""
    starts = [0, *(end.end() for end in re.finditer("\n", text))]

    def place(index: int) -> Place:
        line = bisect_right(starts, index)
        return Place(file, line, index - starts[line - 1] + 1)

    for tab in _TAB_FIRST.finditer(text):
        where = place(tab.end() - 1)
        spaces = Phrase("spaces before the first word of a line")
        yield finding(where, (), Phrase("a tab"), spaces, Phrase("replace the tab with spaces"))
    for unseen in UNSEEN.finditer(text):
        character = Phrase("the character {code}", code=code(unseen.group()))
        seen = Phrase("only characters that a reader sees")
        yield finding(place(unseen.start()), (), character, seen, Phrase("delete it"))


def _unreadable(last: Place, error: Exception) -> Finding:
    """What the YAML parser says, at the mark it gives, else at the last place it read well."""
    said = str(error)
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        said = str(error.problem or error.context)
        if mark is not None:
            last = Place(last.file, mark.line + 1, mark.column + 1)
    said = " ".join(said.split())
    found = Phrase("what YAML cannot read ({said})", said=said)
    return finding(last, (), found, Phrase("YAML 1.2"), Phrase("the fault may stand a little above"))


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

    def _complain(self, found: Phrase, expected: Phrase, remedy: Phrase) -> None:
        self.findings.append(finding(self.last, (), found, expected, remedy))

    def _document(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents == 2:
            self._complain(
                Phrase("a second document"), Phrase("one document in a file"), Phrase("put it into a file of its own")
            )
        if event.version is not None or event.tags:
            remedy = Phrase("delete the line: the language is YAML 1.2")
            self._complain(Phrase("a % directive"), Phrase("nothing of the kind"), remedy)

    def _node(self, event: NodeEvent) -> None:
        place = self.last
        if isinstance(event, AliasEvent):
            alias = Phrase("the alias *{name}", name=event.anchor)
            self._complain(alias, Phrase("what it stands for"), Phrase("write it out"))
            self._add(Spoilt(place))
            return
        if event.anchor is not None:
            anchor = Phrase("the anchor &{name}", name=event.anchor)
            self._complain(anchor, Phrase("no anchor"), Phrase("delete it and write out what refers to it"))
        if isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent) and event.tag is not None:
            tag = Phrase("the tag {name}", name=event.tag)
            self._complain(tag, Phrase("no tag"), Phrase("delete it: the model knows the type"))
        if isinstance(event, ScalarEvent):
            self._scalar(event, place)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            if len(self._open) == DEEPEST:
                levels = Phrase("more than {most} levels", most=DEEPEST)
                self._complain(levels, Phrase("at most {most}", most=DEEPEST), Phrase("make the text flatter"))
                raise _TooDeepError
            self._open.append(_Open(place, isinstance(event, MappingStartEvent), []))

    def _scalar(self, event: ScalarEvent, place: Place) -> None:
        unseen = UNSEEN.search(event.value)
        if unseen:
            escape = Phrase("an escape for {code}", code=code(unseen.group()))
            self._complain(escape, Phrase("only characters that a reader sees"), Phrase("delete it"))
            self._add(Spoilt(place))
        elif (word := mixed(event.value)) is not None:
            found = Phrase("the word {word!r}, of Latin letters and others that look alike", word=word[:40])
            self._complain(found, Phrase("letters of one alphabet in a word"), Phrase("write the word anew"))
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
                    name = Phrase("give the key a name")
                    self._complain(Phrase("a list or mapping as a key"), Phrase("a word as a key"), name)
            elif key.text in first:
                where = Phrase("it stands in line {line} already", line=first[key.text].place.line)
                again = Phrase("the key {key!r} a second time", key=key.text)
                self._complain(again, Phrase("each key once"), where)
            else:
                first[key.text] = key
                entries.append((key, value))
        self._add(Mapping(done.place, tuple(entries)))

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.top = node
