"""What each provision of the compact that asks for something lasting is covered by, and what nobody has promised.

Two things cover: an agreement that corresponds to the provision, as the compact's own files say, and an obligation
that a party undertook of the provision's kind, under the compact or under an agreement. A match of texts promises no
amount; so both are shown, and a provision with the first alone is covered in words.
"""

from __future__ import annotations

from msgspec import Struct

from foedus.commitments.state import Obligation, State
from foedus.compact.clauses import Clauses
from foedus.compact.model import Duty


class Cell(Struct, frozen=True):
    """One provision under one agreement: how far the text goes, and obligations that count."""

    agreement: str
    extent: str | None
    obligations: tuple[str, ...]


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


def matrix(clauses: Clauses, state: State) -> list[Covered]:
    """One row for each lasting commitment of the text, in the order of the document."""
    by_kind: dict[str, list[Obligation]] = {}
    for one in state.obligations.values():
        if one.terms is not None and one.counts:
            by_kind.setdefault(one.terms.kind, []).append(one)
    rows = []
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
    ids: dict[str, list[str]] = {}
    for one in owed:
        assert one.terms is not None, "looked at above"
        ids.setdefault(one.terms.agreement, []).append(one.id)
    named = [*extents, *sorted(ids.keys() - extents.keys())]
    return tuple(Cell(agreement, extents.get(agreement), tuple(sorted(ids.get(agreement, ())))) for agreement in named)


def nobody(rows: list[Covered]) -> list[str]:
    """Provisions of whose kind nobody has promised anything."""
    return [row.provision for row in rows if not row.promised]
