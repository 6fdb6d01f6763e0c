"""XML of sanctions lists, one row at a time: expat with nothing from outside, within bounds, against a known shape.

A document type is refused, and with it every entity: no published list has one, and a billion laughs begins there. What
the shape does not know is refused where the publisher's schema is published (`strict`), else counted and named: an
element nobody reads must not be lost in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from xml.parsers import expat

from foedus.compact.findings import Phrase
from foedus.errors import Malformed
from foedus.sanctions.lists.reading import Files, Notes, check_encoding, note_lost

MAX_DEPTH = 40
MAX_TEXT = 2**20  # characters in one element
MAX_CHILDREN = 200_000  # elements in one row
CHUNK = 2**18

# Each element and the elements and @attributes it may have. `*`: what is in it is passed over on purpose.
Shape = Mapping[str, str]


class Element:
    """An element with what is in it. Its name is without namespace; its line counts from 1."""

    __slots__ = ("attributes", "children", "line", "parts", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], line: int) -> None:
        self.tag, self.attributes, self.line = tag, attributes, line
        self.children: list[Element] = []
        self.parts: list[str] = []

    @property
    def text(self) -> str:
        """Its own text, without space around it."""
        return "".join(self.parts).strip()

    def get(self, attribute: str) -> str:
        """An attribute without space around it; empty when there is none."""
        return self.attributes.get(attribute, "").strip()

    def all(self, path: str) -> Iterator[Element]:
        """Every element at a path of names divided by `/`, in order."""
        first, _, rest = path.partition("/")
        for child in self.children:
            if child.tag == first:
                if rest:
                    yield from child.all(rest)
                else:
                    yield child

    def first(self, path: str) -> Element | None:
        """The first element at a path."""
        return next(self.all(path), None)

    def value(self, path: str) -> str:
        """The text of the first element at a path; empty when there is none."""
        found = self.first(path)
        return found.text if found else ""

    def values(self, path: str) -> list[str]:
        """The texts at a path that are not empty."""
        return [one.text for one in self.all(path) if one.text]


class Reader:
    """Reads one document: `rows` gives each row as soon as it is whole, and afterwards `root` has all else."""

    def __init__(self, files: Files, notes: Notes, shape: Shape, rows: str, *, root: str, strict: bool) -> None:
        self.file, self._data = files.only()
        self._progress = files.progress
        self._notes = notes
        self._known = {tag: frozenset(names.split()) for tag, names in shape.items()}
        self._rows, self._expected, self._strict = frozenset(rows.split()), root, strict
        self._unknown: Counter[tuple[str, str]] = Counter()
        self._unknown_at: dict[tuple[str, str], int] = {}
        self._open: list[Element] = []
        self._skipping = 0
        self._row: Element | None = None
        self._size = self._text = 0
        self._done: list[Element] = []
        self.root = Element(root, {}, 0)

    def rows(self) -> Iterator[Element]:
        """Each row in order. Raises Malformed with the line and what was expected there."""
        check_encoding(self.file, self._data)
        parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self._parser = parser
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        size = len(self._data)
        for start in range(0, size or 1, CHUNK):
            self._feed(self._data[start : start + CHUNK], final=start + CHUNK >= size)
            done, self._done = self._done, []
            yield from done
            if self._progress:
                self._progress(min(start + CHUNK, size), size)
        for (parent, tag), count in sorted(self._unknown.items()):
            self._notes.doubt(
                self.file,
                self._unknown_at[parent, tag],
                Phrase(
                    "<{tag}> in <{parent}> is not known and was not read, {count} times",
                    tag=tag,
                    parent=parent,
                    count=count,
                ),
            )
        note_lost(self.file, str(self._data, "utf-8"), self._notes)

    def _feed(self, data: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(data, final)
        except expat.ExpatError as problem:
            open_ = f"</{self._open[-1].tag}>" if self._open else f"<{self._expected}>"
            raise Malformed(
                "{file}, line {line}: {problem}; {expected} was expected: the file is cut short or damaged, fetch"
                " it again",
                file=self.file,
                line=problem.lineno,
                problem=expat.ErrorString(problem.code),
                expected=open_,
            ) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag, line = name.rpartition(" ")[2], self._parser.CurrentLineNumber
        if self._skipping:
            self._skipping += 1
            return
        if not self._open and tag != self._expected:
            raise self._drift(line, f"<{tag}>", f"<{self._expected}>")
        if len(self._open) >= MAX_DEPTH:
            raise self._too_much(line, "elements within each other", MAX_DEPTH)
        own = {key: value for key, value in attributes.items() if " " not in key}
        if self._open and not self._is_known(self._open[-1].tag, tag, line):
            self._skipping = 1
            return
        for attribute in own:
            self._is_known(tag, f"@{attribute}", line)
        element = Element(tag, own, line)
        if tag in self._rows and self._row is None:
            self._row, self._size = element, 0
        self._size += 1
        if self._row is not None and self._size > MAX_CHILDREN:
            raise self._too_much(line, "elements in one entry", MAX_CHILDREN)
        self._text = 0
        self._open.append(element)

    def _end(self, name: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        element = self._open.pop()
        if element is self._row:
            self._row = None
            self._done.append(element)
        elif self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element

    def _characters(self, text: str) -> None:
        if self._skipping:
            return
        self._text += len(text)
        if self._text > MAX_TEXT:
            raise self._too_much(self._parser.CurrentLineNumber, "characters in one element", MAX_TEXT)
        self._open[-1].parts.append(text)

    def _doctype(self, name: str, *_: Any) -> None:
        raise Malformed(
            "{file}, line {line}: a document type ({name}) was found, which may hold entities; none was expected:"
            " fetch the list from its publisher",
            file=self.file,
            line=self._parser.CurrentLineNumber,
            name=name,
        )

    def _is_known(self, parent: str, tag: str, line: int) -> bool:
        known = self._known.get(parent, frozenset())
        if tag in known:
            return True
        if "*" in known:
            return False
        if self._strict:
            raise self._drift(line, f"<{tag}> in <{parent}>", " ".join(sorted(known)) or "-")
        self._unknown[parent, tag] += 1
        self._unknown_at.setdefault((parent, tag), line)
        return False

    def _too_much(self, line: int, what: str, most: int) -> Malformed:
        return Malformed(
            "{file}, line {line}: more than {most} {what}, which no list has: this is no list, or a damaged one",
            file=self.file,
            line=line,
            most=most,
            what=what,
        )

    def _drift(self, line: int, found: str, expected: str) -> Malformed:
        return Malformed(
            "{file}, line {line}: found {found}, expected {expected}: the publisher changed the format, or this is"
            " another list",
            file=self.file,
            line=line,
            found=found,
            expected=expected,
        )


def required(reader: Reader, element: Element, path: str) -> str:
    """A text that every row has. Raises Malformed with its line when it is missing or empty."""
    found = element.value(path)
    if not found:
        raise Malformed(
            "{file}, line {line}: <{tag}> has no <{missing}>, which every entry has: the file is damaged, fetch it"
            " again",
            file=reader.file,
            line=element.line,
            tag=element.tag,
            missing=path,
        )
    return found
