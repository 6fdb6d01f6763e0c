"""What a seat may do: every act, by every office, under every marking. What no clause permits is denied.

Read from the permits of the compact, by the rule by which `authority` decides. Whether an act is open at a moment, and
whether the party it is about may be named in it, depends on what has happened: that is not for a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from foedus.acts import ACT_NAMES, LEVELS
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.compact.model import Permit, Roll
from foedus.parties.authority import admits, belongs
from foedus.state import State

NAMED = "named"
BUILT_IN = ("protected", "named", "parties", "guarantors")
# What the record itself keeps for the depositary, and the rule by which a seat is refused.
DEPOSITARYS: Mapping[str, str] = {
    "OpenRecord": "record/opening",
    "RecordLapse": "record/depositary",
    "RecordExpiry": "record/depositary",
    "RecordSanctionsLapse": "record/depositary",
    "RecordOverdue": "record/depositary",
}


class Marks(Struct, frozen=True):
    """How an act is marked, and up to which level the record holds anything."""

    level: str
    ceiling: str


class Side(Struct, frozen=True):
    """A kind of party: the groups to which it belongs, and those for which the text names it before it signs."""

    groups: frozenset[str]
    listed: frozenset[str]


class Power(Struct, frozen=True):
    """Whether an office may perform an act.

    `rule`: the provision that permits it; else the rule that refuses it, `compact` where no clause permits the act to
    anybody. `signatures`: seats of one party that must sign. `wait`: only after so long a silence. `addressed`: only of
    a party to whom a request is addressed. `only`: of the members of these groups alone.
    """

    may: bool
    rule: str
    signatures: int = 0
    wait: Duration | None = None
    addressed: bool = False
    only: tuple[str, ...] = ()


def power(clauses: Clauses, act: str, role: str, side: Side, marks: Marks, scope: tuple[str, ...] = ()) -> Power:
    """What one office of a party of this side may do; `scope`: the acts for which its seat was enrolled, all if empty.

    In the order in which an act is refused: marking, scope, what is the depositary's, what the compact permits.
    """
    if LEVELS.index(marks.level) > LEVELS.index(marks.ceiling):
        return Power(False, "record/ceiling")
    if scope and act not in scope:
        return Power(False, "record/scope")
    if act in DEPOSITARYS:
        return Power(False, DEPOSITARYS[act])
    permits = clauses.permits(act)
    for provision, permit in permits:
        by = [one for one in permit.by if admits(one, act, role, side.groups.__contains__, side.listed.__contains__)]
        if by:
            addressed = all(one.group == "addressed" for one in by)
            return Power(True, provision.id, permit.signatures, permit.wait, addressed)
    return Power(False, permits[0][0].id if permits else "compact")


def power_in_group(clauses: Clauses, act: str, role: str, group: str, marks: Marks) -> Power:
    """The same for all parties of a group, `named` for those that have not signed; `only` where it is for some."""
    found = {label: power(clauses, act, role, side, marks) for label, side in sides(clauses, group)}
    able = {label: one for label, one in found.items() if one.may}
    first = next(iter(able.values() or found.values()))
    return first if len(able) in (0, len(found)) else replace(first, only=tuple(label for label in able if label))


def groups(clauses: Clauses) -> tuple[str, ...]:
    """The groups by which the table can be asked: the protected state, each tier, and those named, not yet party."""
    return ("protected", *(group.id for group in clauses.compact.groups if group.tier), NAMED)


def sides(clauses: Clauses, group: str) -> Iterator[tuple[str, Side]]:
    """The kinds of party in a group, each with the further group that tells it from the others."""
    if group == "protected":
        party = clauses.compact.protected
        listed = _listed(clauses, party)
        own = listed - clauses.tiers - {"guarantors"}
        yield "", Side(own, listed)
        for tier in sorted(listed & clauses.tiers):  # it may sign into one
            yield tier, Side(own | _of_tier(clauses, tier), listed)
    elif group == NAMED:
        for tier in sorted(clauses.tiers):
            yield tier, Side(frozenset({NAMED}), _of_tier(clauses, tier))
    else:
        there = _of_tier(clauses, group)
        yield "", Side(there, there)
        for one in sorted(_asked(clauses) - clauses.tiers - {*BUILT_IN, "addressed", clauses.compact.protected}):
            yield one, Side(there | {one}, there)


def _of_tier(clauses: Clauses, tier: str) -> frozenset[str]:
    """The groups to which every party of a tier belongs."""
    roll = clauses.one(Roll)
    guarantor = roll is not None and tier in roll[1].groups
    return frozenset({tier, "parties", NAMED} | ({"guarantors"} if guarantor else set()))


def side_of(clauses: Clauses, state: State, party: str) -> Side:
    """Where one party belongs as things stand."""
    asked = _asked(clauses)
    there = frozenset(group for group in asked if group != "addressed" and belongs(clauses, state, party, group))
    return Side(there, _listed(clauses, party))


def ordered(known: tuple[str, ...] = ()) -> list[str]:
    """The acts that a seat could perform, those of `known` first and in its order."""
    first = [act for act in known if act in ACT_NAMES]
    return [act for act in (*first, *(act for act in ACT_NAMES if act not in first)) if act not in DEPOSITARYS]


def _asked(clauses: Clauses) -> frozenset[str]:
    """Every group that a permit names, and the built-in words."""
    return frozenset(by.group for _, permit in clauses.every(Permit) for by in permit.by) | {*BUILT_IN}


def _listed(clauses: Clauses, party: str) -> frozenset[str]:
    return frozenset(group for group in _asked(clauses) if party in clauses.members(group))
