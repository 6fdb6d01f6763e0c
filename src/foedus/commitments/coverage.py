"""What each provision of the compact that asks for something lasting is covered by, and what nobody has promised.

Two things cover: an agreement that corresponds to the provision, as the compact's own files say, and an obligation
that a party undertook of the provision's kind, under the compact or under an agreement. A match of texts promises no
amount; so both are shown, and a provision with the first alone is covered in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from foedus.commitments.state import Obligation, State
from foedus.compact.clauses import Clauses
from foedus.compact.model import Duty

# How a cell is covered, the strongest first: owed by law, promised politically, only intended, in words alone, not.
Level = Literal["binding", "promised", "intention", "text", "nothing"]
LEVELS: tuple[Level, ...] = ("binding", "promised", "intention", "text", "nothing")
_LEVEL_OF: dict[str, Level] = {"legal": "binding", "political": "promised", "intention": "intention"}


class Cell(Struct, frozen=True):
    """One provision under one agreement: how far the text goes, and obligations that count; `level` by the strongest
    of them.
    """

    agreement: str
    extent: str | None
    obligations: tuple[str, ...]
    level: Level = "nothing"


class Covered(Struct, frozen=True):
    """One provision with its kind, every agreement that touches it, and bearers who undertook nothing of the kind."""

    provision: str
    kind: str
    cells: tuple[Cell, ...]
    without: tuple[str, ...]

    @property
    def promised(self) -> bool:
        """Whether anybody undertook anything of the kind."""
        return any(cell.obligations for cell in self.cells)

    def number(self, level: Level) -> int:
        """Under how many agreements that touch it, it is covered so."""
        return sum(cell.level == level for cell in self.cells)

    def under(self, agreement: str) -> Cell:
        """Its cell under one agreement; an empty one where that does not touch it."""
        return next((cell for cell in self.cells if cell.agreement == agreement), Cell(agreement, None, ()))


def matrix(clauses: Clauses, state: State) -> list[Covered]:
    """One row for each lasting commitment of the text, in the order of the document."""
    by_kind: dict[str, list[Obligation]] = {}
    for one in state.obligations.values():
        if one.terms is not None and one.counts:
            by_kind.setdefault(one.terms.kind, []).append(one)
    rows: list[Covered] = []
    for provision, duty in clauses.every(Duty):
        owed = by_kind.get(duty.kind, [])
        bearers = frozenset().union(*(clauses.members(group) for group in duty.bearers))
        without = sorted(bearers - {one.party for one in owed})
        rows.append(Covered(provision.id, duty.kind, _cells(clauses, provision.id, owed), tuple(without)))
    return rows


def _cells(clauses: Clauses, provision: str, owed: list[Obligation]) -> tuple[Cell, ...]:
    extents: dict[str, str | None] = {
        agreement.id: said.extent
        for agreement in clauses.compact.agreements
        for said in agreement.corresponds
        if said.provision == provision
    }
    under: dict[str, list[Obligation]] = {}
    for one in owed:
        assert one.terms is not None, "looked at above"
        under.setdefault(one.terms.agreement, []).append(one)
    named = [*extents, *sorted(under.keys() - extents.keys())]
    return tuple(_cell(agreement, extents.get(agreement), under.get(agreement, ())) for agreement in named)


def _cell(agreement: str, extent: str | None, owed: Iterable[Obligation]) -> Cell:
    levels = {_LEVEL_OF[one.binding] for one in owed}
    level = next((one for one in LEVELS if one in levels), "text" if extent else "nothing")
    return Cell(agreement, extent, tuple(sorted(one.id for one in owed)), level)


def agreements(clauses: Clauses, rows: Iterable[Covered]) -> list[str]:
    """The other side of the grid: the compact where something is owed under it, every bilateral agreement, then what
    else touches a provision.
    """
    touched = {cell.agreement for row in rows for cell in row.cells}
    bilateral = [one.id for one in clauses.compact.agreements if one.kind == "bilateral"]
    own = [clauses.compact.id] if clauses.compact.id in touched else []
    return [*own, *bilateral, *sorted(touched - {*own, *bilateral})]


def by_least(rows: Iterable[Covered]) -> list[Covered]:
    """What nobody has promised first, then what fewest agreements cover; else in the order of the document."""
    return sorted(rows, key=lambda row: (row.promised, *(row.number(level) for level in LEVELS[:-1])))


def nobody(rows: list[Covered]) -> list[str]:
    """Provisions of whose kind nobody has promised anything."""
    return [row.provision for row in rows if not row.promised]
