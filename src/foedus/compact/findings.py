"""What is wrong in a compact file, and where: one finding for every fault, none hidden behind another.

It refuses to guess: a finding says what stands in the file, what was expected there and, where one is known,
what to do.
"""

from __future__ import annotations

from msgspec import Struct

from foedus.errors import Malformed


class Place(Struct, frozen=True, order=True):
    """A place in a file; lines and columns count from 1, columns in characters."""

    file: str
    line: int
    column: int


class Finding(Struct, frozen=True, order=True):
    """One fault. `path` leads to it from the top, as in `parts[0].provisions[2].force`; it may be empty."""

    file: str
    line: int
    column: int
    path: str
    found: str
    expected: str
    remedy: str = ""

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
        self.findings = tuple(sorted(set(findings)))
        super().__init__("\n".join(one.one_line() for one in self.findings))


Path = tuple[str | int, ...]


def written(path: Path) -> str:
    """A path as a person writes it: `("parts", 0, "title")` is `parts[0].title`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def finding(place: Place, path: Path, found: str, expected: str, remedy: str = "") -> Finding:
    """A finding at a place."""
    return Finding(place.file, place.line, place.column, written(path), found, expected, remedy)
