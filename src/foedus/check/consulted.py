"""Which clauses of a compact the rules asked for: parties that none of these tells apart are alike in what was asked.

It answers as the clauses do. What it noted is never forgotten, so that it may be asked at any time what was needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from msgspec import Struct

from foedus.compact import model
from foedus.compact.clauses import C, Clauses
from foedus.compact.model import Compact, IncidentKind, Permit, Provision, Step, Trigger


class Consulted(Clauses):
    """The clauses of a compact. `noted`: kinds of clauses that were asked for, and names of acts whose permits were."""

    __slots__ = ("noted",)

    noted: set[type[Struct] | str]

    def __init__(self, clauses: Clauses) -> None:
        for slot in Clauses.__slots__:
            setattr(self, slot, getattr(clauses, slot))
        self.noted = set()

    def permits(self, act: str) -> tuple[tuple[Provision, Permit], ...]:
        self.noted.add(act)
        return super().permits(act)

    def triggers(self, kind: IncidentKind) -> tuple[tuple[Provision, Trigger], ...]:
        self.noted.add(Trigger)
        return super().triggers(kind)

    def clock(self, step: Step) -> tuple[Provision, model.Clock] | None:
        self.noted.add(model.Clock)
        return super().clock(step)

    def evidence(self, act: str) -> tuple[Provision, model.Evidence] | None:
        self.noted.add(model.Evidence)
        return super().evidence(act)

    def measure(self, measure: str) -> tuple[Provision, model.Measure] | None:
        self.noted.add(model.Measure)
        return super().measure(measure)

    def regime(self, regime: str) -> tuple[Provision, model.Regime] | None:
        self.noted.add(model.Regime)
        return super().regime(regime)

    def interim(self, organisation: str) -> tuple[Provision, model.Interim] | None:
        self.noted.add(model.Interim)
        return super().interim(organisation)

    def adoption(self, of: str) -> tuple[Provision, model.Adoption] | None:
        self.noted.add(model.Adoption)
        return super().adoption(of)

    def one(self, kind: type[C]) -> tuple[Provision, C] | None:
        self.noted.add(kind)
        return super().one(kind)

    def every(self, kind: type[C]) -> tuple[tuple[Provision, C], ...]:
        self.noted.add(kind)
        return super().every(kind)

    def party(self, party: str) -> model.Party | None:
        self.noted.add(model.Party)
        return super().party(party)

    def members(self, group: str) -> frozenset[str]:
        self.noted.add(group)
        return super().members(group)


def alike(compact: Compact, parties: Iterable[str], noted: AbstractSet[type[Struct] | str] | None = None) -> list[list[str]]:
    """The parties in groups that nothing in the text tells apart, in the order of the text.

    `noted`: nothing in what was asked of the text; of kinds of clauses, acts whose permits, and groups.
    """
    named = {name for clause in _asked(compact, noted) for name in _named(clause)}
    named |= {one for one in noted or () if isinstance(one, str)}
    tiered = {group.id for group in compact.groups if group.tier}
    groups: dict[object, list[str]] = {}
    wanted = set(parties)
    for party in compact.parties:
        if party.id in wanted:
            weights = tuple(
                table.values.get(party.id, 0) for table in compact.weights if noted is None or table.id in named
            )
            alone = party.id if party.id in named else ""
            tiers = tuple(group for group in party.groups if group in named or group in tiered)
            # Who belongs to a union is asked with the union's name, or of the party itself.
            unions = tuple(one for one in party.part_of if noted is not None and (one in named or model.Party in noted))
            groups.setdefault((tiers, party.heads, weights, alone, unions), []).append(party.id)
    return list(groups.values())


def _asked(compact: Compact, noted: AbstractSet[type[Struct] | str] | None) -> Iterator[model.Clause]:
    for part in compact.parts:
        for provision in part.provisions:
            for clause in provision.operates:
                if noted is None or (clause.act if isinstance(clause, Permit) else type(clause)) in noted:
                    yield clause


def _named(value: object) -> set[str]:
    """Every text within a clause: a party that is named there by its id is not like another."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, tuple):
        return {name for one in value for name in _named(one)}
    if isinstance(value, Struct):
        return {name for field in value.__struct_fields__ for name in _named(getattr(value, field))}
    return set()
