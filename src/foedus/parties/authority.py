"""Who may act: groups as things stand, and permission by clause.

Deny by default; every refusal cites its clause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime

from msgspec import Struct

from foedus.acts import Act
from foedus.compact.clauses import Clauses
from foedus.compact.model import By, Exclusion, Permit, Provision, Roll, Rule
from foedus.compact.operators import Verdict, holds, judge
from foedus.errors import Refused
from foedus.parties.state import PRESENT_STATUS
from foedus.state import State


class _Now(Struct, frozen=True):
    """Who is present, who belongs to each group that was asked about, and which permit first admits whom.

    It holds while `clauses`, `standings` and `tiers` are the very same objects.
    """

    clauses: Clauses
    standings: object
    tiers: object
    present: frozenset[str]
    members: dict[str, frozenset[str]]
    permits: dict[tuple[str, str, str], int]  # by act, role and party: the place of the permit, or how many there are


# The last answers: parties come and go rarely, and every act asks.
_last: _Now | None = None


def _now(clauses: Clauses, state: State) -> _Now:
    global _last  # noqa: PLW0603 - a memo of pure functions, replaced whole
    known, parties = _last, state.parties
    if (
        known is not None
        and known.standings is parties.standings
        and known.tiers is parties.tiers
        and known.clauses is clauses
    ):
        return known
    instrument = clauses.compact.id
    there = frozenset(party for party in parties.tiers if parties.status(party, instrument) in PRESENT_STATUS)
    _last = found = _Now(clauses, parties.standings, parties.tiers, there, {}, {})
    return found


def present(clauses: Clauses, state: State) -> frozenset[str]:
    """Parties to the compact now: signed, and neither lapsed nor withdrawn."""
    return _now(clauses, state).present


def is_present(clauses: Clauses, state: State, party: str) -> bool:
    """Whether one party is party to the compact now."""
    return party in present(clauses, state)


def belongs(clauses: Clauses, state: State, party: str, group: str, *, bound: bool = False) -> bool:
    """Whether the party belongs to the group as things stand. Built-in words: protected, named, parties,
    guarantors.

    A tier is what the party signed into, not what it was named for; other groups are as the compact lists
    them. `bound`: the party is on the roll of the procedure in question, and stays so even if it has left since.
    """
    return party in members(clauses, state, group) or (bound and _fits(clauses, state, party, group))


def _fits(clauses: Clauses, state: State, party: str, group: str) -> bool:
    """Whether the party is one of the group's, present or not."""
    if group == "named":
        return clauses.party(party) is not None
    if group == "protected":
        return party == clauses.compact.protected
    if group in ("parties", party):
        return True
    tier = state.parties.tier(party)
    if group == "guarantors":
        roll = clauses.one(Roll)
        return roll is not None and tier in roll[1].groups
    if group in clauses.tiers:
        return tier == group
    return party in clauses.members(group)


def members(clauses: Clauses, state: State, group: str) -> frozenset[str]:
    """Everyone who belongs to the group as things stand."""
    now = _now(clauses, state)
    found = now.members.get(group)
    if found is None:
        # The protected state is itself, and a named party is named, whether or not it has signed.
        pool = clauses.members(group) if group in ("named", "protected") else now.present
        found = now.members[group] = frozenset(party for party in pool if _fits(clauses, state, party, group))
    return found


def of_roll(clauses: Clauses, state: State, roll: tuple[str, ...], groups: Iterable[str]) -> frozenset[str]:
    """Those on the roll of a procedure who belong to one of the groups, also if they have left since."""
    there = present(clauses, state)
    left = [party for party in roll if party not in there]
    found: set[str] = set()
    for group in groups:
        found |= members(clauses, state, group)
        found.update(party for party in left if _fits(clauses, state, party, group))
    return frozenset(found.intersection(roll))


# Before a party has signed, only the text says where it belongs.
BEFORE_SIGNING = frozenset({"SignText", "EnrolSeat", "RevokeSeat", "DepositRootKey", "RecoverSeat"})


def judged(
    clauses: Clauses,
    state: State,
    rule: Rule,
    roll: frozenset[str],
    yes: AbstractSet[str],
    no: AbstractSet[str] = frozenset(),
    abstain: AbstractSet[str] = frozenset(),
) -> Verdict:
    """The verdict of a rule over a roll, groups taken as parties have signed into them."""
    return judge(rule, clauses, roll, yes, no, abstain, members=lambda group: members(clauses, state, group))


def reached(
    clauses: Clauses,
    state: State,
    rule: Rule,
    roll: frozenset[str],
    yes: AbstractSet[str],
    no: AbstractSet[str] = frozenset(),
) -> bool:
    """Whether a rule holds over a roll now, groups taken as parties have signed into them."""
    return holds(rule, clauses, roll, yes, no, members=lambda group: members(clauses, state, group))


def admits(by: By, act: str, role: str, there: Callable[[str], bool], listed: Callable[[str], bool]) -> bool:
    """Whether a permit reaches an office of a party that is `there` in a group, or `listed` for it by the text."""
    if by.roles and role not in by.roles:
        return False
    if act in BEFORE_SIGNING and listed(by.group):
        return True
    # Whom a request addresses stands in the response: the rule of the reply asks it, of any party.
    return there("parties" if by.group == "addressed" else by.group)


def _admits(clauses: Clauses, state: State, by: By, act: Act, *, bound: bool = False) -> bool:
    def there(group: str) -> bool:
        return belongs(clauses, state, act.party, group, bound=bound)

    def listed(group: str) -> bool:
        return act.party in clauses.members(group)

    return admits(by, type(act.body).__name__, act.role, there, listed)


def admitted(clauses: Clauses, state: State, act: Act) -> tuple[Provision, Permit] | None:
    """The first permit that admits the seat, whatever else it asks: as things stand, or by a procedure's roll."""
    permits = clauses.permits(type(act.body).__name__)
    known, key = _now(clauses, state).permits, (type(act.body).__name__, act.role, act.party)
    first = known.get(key)
    if first is None:
        admitting = (n for n, (_, one) in enumerate(permits) if any(_admits(clauses, state, by, act) for by in one.by))
        first = known[key] = next(admitting, len(permits))
    if first and _on_its_roll(state, act):
        for pair in permits[:first]:
            if any(_admits(clauses, state, by, act, bound=True) for by in pair[1].by):
                return pair
    return permits[first] if first < len(permits) else None


def _on_its_roll(state: State, act: Act) -> bool:
    """Whether the act concerns a procedure whose roll names the party: withdrawal frees nobody of a running one."""
    body = act.body
    id_ = getattr(body, "response", None) or getattr(body, "measure", None) or getattr(body, "ballot", None)
    response = state.response.responses.get(str(id_).partition("/")[0]) if id_ else None
    return response is not None and act.party in response.roll


def permission(
    clauses: Clauses, state: State, act: Act, at: datetime, reported: datetime | None = None
) -> tuple[Provision, Permit]:
    """The clause that lets this seat perform this act, or Refused with the clause that does not.

    `reported`: when the incident concerned was received, for permits that only begin after a time of silence.
    """
    name = type(act.body).__name__
    permits = clauses.permits(name)
    if not permits:
        raise Refused("compact", "no clause of {compact} permits {act}", compact=clauses.compact.id, act=name)
    found = admitted(clauses, state, act)
    if found is None:
        raise Refused(
            permits[0][0].id,
            "{seat} may not perform {act}: this clause names others",
            seat=act.seat,
            act=name,
        )
    provision, permit = found
    if permit.wait and (reported is None or at < permit.wait.after(reported)):
        raise Refused(
            provision.id,
            "{seat} may perform {act} only after {wait} of silence since the report",
            seat=act.seat, act=name, wait=str(permit.wait),
        )  # fmt: skip
    if len(act.signers) < permit.signatures:
        raise Refused(
            provision.id,
            "{act} needs signatures of {needed} seats of one party; {found} found",
            act=name, needed=permit.signatures, found=len(act.signers),
        )  # fmt: skip
    return provision, permit


def not_excluded(clauses: Clauses, who: str) -> None:
    """Refused if `who` is an outsider that the compact keeps out of every seat, roll and vote."""
    for provision, exclusion in clauses.every(Exclusion):
        if who in exclusion.outsiders:
            raise Refused(provision.id, "{who} holds no seat and is never counted", who=who)
