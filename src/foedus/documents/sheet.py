"""A document in words, ready to be set: sections of paragraphs, facts and tables, the same for page and paper.

Knows nothing of what the document is about, and neither fonts nor HTML. Whoever sets it chooses how a run looks;
no meaning is carried by looks alone, so every mark stands beside its word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

# text · strong · small: a remark in the same cell · code: a digest or other exact text · entry: a number of the
# record · clause: the id of a provision · source: where a rule comes from, `of` says which of the three or
# `unverified` · mark: a symbol beside its word, `of` says which (docs/glossary.md) · break: a new line
Kind = Literal["text", "strong", "small", "code", "entry", "clause", "source", "mark", "break"]


class Run(Struct, frozen=True):
    """A piece of a line."""

    text: str
    kind: Kind = "text"
    of: str = ""


Runs = tuple[Run, ...]


class Block(Struct, frozen=True, tag_field="block"):
    """Base of what a section holds."""


class Para(Block, frozen=True, tag="para"):
    """A paragraph. `tone`: lead for the finding of a section, note for a remark under a table."""

    runs: Runs
    tone: Literal["", "lead", "note"] = ""


class Facts(Block, frozen=True, tag="facts"):
    """Names of things with what is so of each."""

    rows: tuple[tuple[str, Runs], ...]


class Column(Struct, frozen=True):
    """The head of a column. `width`: its share of what is left; 0 as narrow as its cells. `number`: set right."""

    title: str
    width: float = 0
    number: bool = False


class Grid(Block, frozen=True, tag="grid"):
    """A table. Its first column names the row. `caption`: what the table says, for eye and screen reader."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Runs, ...], ...]


class Exact(Block, frozen=True, tag="exact"):
    """Lines to be compared sign by sign."""

    caption: str
    text: str


class Qr(Block, frozen=True, tag="qr"):
    """`text` as a QR code. `path`: its dark squares, and `size` its width with the quiet border, in modules; both in
    SVG's coordinates. The text stands under it, for whoever cannot scan.
    """

    caption: str
    text: str
    size: int
    path: str


class Part(Block, frozen=True, tag="part"):
    """A titled part of a section. `id`: unique in the document."""

    id: str
    title: str
    blocks: tuple[Block, ...]


class Section(Struct, frozen=True):
    """A numbered part of the document."""

    id: str
    number: int
    title: str
    blocks: tuple[Block, ...]


class Sheet(Struct, frozen=True):
    """A whole document in one language.

    `exercise`, `draft` and `marking`: words that stand on every page, empty where they do not apply. `running`: left
    and right of the head of every page. `foot`: left of the foot; right of it `pages`, where {page} and {of} are
    filled in. `over`, `title`, `under`: the three lines of the first page; `standing`: where the matter stands;
    `brief`: the whole in a few paragraphs; `notes`: what to know before relying on it. `signing`: lines for a
    hand. `dated`: the moment the document speaks of. `file`: what the data is called inside the printed file.
    """

    language: str
    name: str
    author: str
    dated: datetime
    exercise: str
    draft: str
    running: tuple[str, str]
    foot: str
    pages: str
    over: str
    title: str
    under: str
    standing: Runs
    brief: tuple[Runs, ...]
    notes: tuple[Runs, ...]
    sections: tuple[Section, ...]
    signing_title: str
    signing_note: str
    signing: tuple[str, ...]
    file: str
    marking: str = ""


def text(said: str) -> Runs:
    """Plain words."""
    return (Run(said),)


def strong(said: str) -> Runs:
    """Words set strong."""
    return (Run(said, "strong"),)


def small(said: str) -> Runs:
    """A remark in the same cell."""
    return (Run(said, "small"),)


def code(said: str) -> Runs:
    """A digest."""
    return (Run(said, "code"),)


def symbol(shape: str, word: str) -> Runs:
    """A symbol and its word."""
    return (Run("", "mark", shape), Run(word))


def line_break() -> Runs:
    """A new line in the same cell."""
    return (Run("", "break"),)


def joined(parts: Sequence[Runs], between: str = " ") -> Runs:
    """Several as one line."""
    found: list[Run] = []
    for part in parts:
        if part:
            found += [Run(between)] * bool(found) + list(part)
    return tuple(found)


def plain(runs: Runs) -> str:
    """The words of a line without looks: for CSV and for searching."""
    return "".join(run.text if run.kind != "small" else f" {run.text}" for run in runs).strip()
