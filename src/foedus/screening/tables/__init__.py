"""Tables of letters, of names and their spellings, and of legal forms: text files that anyone may read and correct.

Nothing else is data here. `digest` is what a certificate names, so that another table is another engine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent


def sections(name: str) -> Iterator[tuple[str, str]]:
    """The lines of a table with the section they stand in, comments and empty lines left out."""
    section = ""
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line.strip() and not line.startswith("#"):
            yield section, line


def syllables(section: str, table: str = "chinese.txt") -> dict[str, tuple[str, ...]]:
    """A section of chinese.txt or korean.txt: of each syllable how else it is written, several of some."""
    found: dict[str, tuple[str, ...]] = {}
    for name, line in sections(table):
        for entry in line.split(",") if name == section else ():
            one, *pinyin = entry.split()
            found.setdefault(one, tuple(dict.fromkeys(pinyin or [one])))
    return found


def engine_digest() -> str:
    """SHA-256 over this package's code and tables, in the order of their names: which engine gave an answer."""
    whole = hashlib.sha256()
    package = HERE.parent
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.txt")]):
        data = path.read_bytes().replace(b"\r\n", b"\n")
        whole.update(f"{path.relative_to(package).as_posix()} {len(data)}\n".encode() + data)
    return whole.hexdigest()
