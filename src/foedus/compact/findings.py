"""What is wrong in a compact file, and where: one finding for every fault, none hidden behind another.

It refuses to guess: a finding says what stands in the file, what was expected there and, where one is known,
what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from msgspec import Struct

from foedus.errors import Malformed


class Place(Struct, frozen=True, order=True):
    """A place in a file; lines and columns count from 1, columns in characters."""

    file: str
    line: int
    column: int


class Phrase(str):
    """A few words of a finding: in English what `str` says; `sentence` and `found` are kept apart as those of an error.

    A number, text or another phrase may be found; a text written with `!r` shows where it ends.
    """

    sentence: str
    found: dict[str, object]

    def __new__(cls, sentence: str, /, **found: object) -> Self:
        made = super().__new__(cls, sentence.format(**found))
        made.sentence, made.found = sentence, found
        return made

    @classmethod
    def again(cls, sentence: str, found: Mapping[str, object]) -> Self:
        """A phrase whose parts were kept apart."""
        return cls(sentence, **found)


class Finding(Struct, frozen=True):
    """One fault. `path` leads to it from the top, as in `parts[0].provisions[2].force`; it may be empty."""

    file: str
    line: int
    column: int
    path: str
    found: Phrase
    expected: Phrase
    remedy: Phrase | None = None

    def one_line(self) -> str:
        """One line, as compilers write it, so that an editor can go there."""
        where = f" in {self.path}" if self.path else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: found {self.found}{where}; expected {self.expected}{remedy}"


class MalformedCompact(Malformed):
    """The files are no compact. `findings` holds every fault, by file and line; nothing was loaded."""

    def __init__(self, findings: list[Finding]) -> None:
        assert findings, "a compact without findings is not malformed"
        self.findings = tuple(sorted(set(findings), key=_in_order))
        super().__init__("{findings}", findings="\n".join(one.one_line() for one in self.findings))


def _in_order(one: Finding) -> tuple[str | int, ...]:
    return one.file, one.line, one.column, one.path, one.found, one.expected, one.remedy or ""


Path = tuple[str | int, ...]


def written(path: Path) -> str:
    """A path as a person writes it: `("parts", 0, "title")` is `parts[0].title`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def finding(place: Place, path: Path, found: Phrase, expected: Phrase, remedy: Phrase | None = None) -> Finding:
    """A finding at a place."""
    return Finding(place.file, place.line, place.column, written(path), found, expected, remedy)
