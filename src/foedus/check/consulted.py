"""What of a compact the rules asked for: parties that none of this tells apart are alike in what was asked.

It answers as the clauses do. What it noted is never forgotten, so that it may be asked at any time what was needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from foedus.compact import model
from foedus.compact.clauses import C, Clauses
from foedus.compact.model import Compact, IncidentKind, Permit, Provision, Step

# A kind of clause and its field; the name of an act, for its permits; a group; or that a party itself was looked up.
Noted = tuple[type, str] | str | type[model.Party]


def _noting(self: Any, name: str) -> Any:
    if not name.startswith("_"):
        noted = object.__getattribute__(self, "noted_in")
        noted.add((type(self).__base__, name))
    return object.__getattribute__(self, name)


@lru_cache
def _class_of(kind: type) -> Any:
    """The kind of clause, but that it is noted which of its fields is read."""
    return msgspec.defstruct(
        kind.__name__, [("noted_in", Any)], bases=(kind,), namespace={"__getattribute__": _noting}, frozen=True,
        kw_only=True,
    )  # fmt: skip


class Consulted(Clauses):
    """The clauses of a compact. `noted`: what was asked for."""

    __slots__ = ("_watched", "noted")

    noted: set[Noted]

    def __init__(self, clauses: Clauses) -> None:
        for slot in Clauses.__slots__:
            setattr(self, slot, getattr(clauses, slot))
        self.noted = set()
        self._watched: dict[int, Any] = {}

    def _pair(self, pair: tuple[Provision, C] | None) -> tuple[Provision, C] | None:
        if pair is None:
            return None
        found = self._watched.get(id(pair))
        if found is None:
            provision, clause = pair
            fields = {field: getattr(clause, field) for field in clause.__struct_fields__}
            made = _class_of(type(clause))(noted_in=self.noted, **fields)
            found = self._watched[id(pair)] = (provision, made)
        return found

    def permits(self, act: str) -> tuple[tuple[Provision, Permit], ...]:
        self.noted.add(act)
        return super().permits(act)

    def triggers(self, kind: IncidentKind) -> tuple[tuple[Provision, model.Trigger], ...]:
        return tuple([self._pair(one) for one in super().triggers(kind)])  # type: ignore[misc]  # none is None

    def clock(self, step: Step) -> tuple[Provision, model.Clock] | None:
        return self._pair(super().clock(step))

    def evidence(self, act: str) -> tuple[Provision, model.Evidence] | None:
        return self._pair(super().evidence(act))

    def measure(self, measure: str) -> tuple[Provision, model.Measure] | None:
        return self._pair(super().measure(measure))

    def regime(self, regime: str) -> tuple[Provision, model.Regime] | None:
        return self._pair(super().regime(regime))

    def interim(self, organisation: str) -> tuple[Provision, model.Interim] | None:
        return self._pair(super().interim(organisation))

    def adoption(self, of: str) -> tuple[Provision, model.Adoption] | None:
        return self._pair(super().adoption(of))

    def one(self, kind: type[C]) -> tuple[Provision, C] | None:
        return self._pair(super().one(kind))

    def every(self, kind: type[C]) -> tuple[tuple[Provision, C], ...]:
        return tuple([self._pair(one) for one in super().every(kind)])  # type: ignore[misc]  # none is None

    def party(self, party: str) -> model.Party | None:
        self.noted.add(model.Party)
        return super().party(party)

    def members(self, group: str) -> frozenset[str]:
        self.noted.add(group)
        return super().members(group)


def alike(compact: Compact, parties: Iterable[str], noted: AbstractSet[Noted] | None = None) -> list[list[str]]:
    """The parties in groups that nothing in the text tells apart, in the order of the text; with `noted`, nothing in
    what was asked of the text.
    """
    named = set(_names(compact, noted))
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


def _names(compact: Compact, noted: AbstractSet[Noted] | None) -> Iterator[str]:
    """Every text in the clauses, or in what was asked of them."""
    yield from (one for one in noted or () if isinstance(one, str))
    for part in compact.parts:
        for provision in part.provisions:
            for clause in provision.operates:
                if noted is None or (isinstance(clause, Permit) and clause.act in noted):
                    yield from _named(clause)
                else:
                    for field in clause.__struct_fields__:
                        if (type(clause), field) in noted:
                            yield from _named(getattr(clause, field))


def _named(value: object) -> set[str]:
    """Every text within a clause: a party that is named there by its id is not like another."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, tuple):
        return {name for one in value for name in _named(one)}
    if isinstance(value, Struct):
        return {name for field in value.__struct_fields__ for name in _named(getattr(value, field))}
    return set()
