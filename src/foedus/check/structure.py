"""Who can block by the text alone: each rule of a compact as a game over everyone whom it would ask.

All those named are taken as parties. A share of the votes cast is read as if everybody votes, the reading in which most
are needed. Silence is no vote in favour, but for a rule that asks for no objection.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct

from foedus.check.voting import AllOf, AnyOf, Game, Rule, Threshold
from foedus.compact import model
from foedus.compact.clauses import Clauses


class Ruled(Struct, frozen=True):
    """A provision with a rule over a roll, as a game. `what`: the operator that the rule belongs to."""

    provision: str
    what: str
    game: Game


def ruled(clauses: Clauses) -> Iterator[Ruled]:
    """Every rule of the compact that counts parties, in the order of the document."""
    guarantors = tuple(sorted(clauses.members("guarantors") - clauses.excluded))
    parties = tuple(sorted(clauses.members("parties") - clauses.excluded))
    for provision in clauses.provisions:
        for clause in provision.operates:
            rule = getattr(clause, "rule", None)
            if isinstance(rule, model.Rule):
                roll = parties if isinstance(clause, model.Adoption) else guarantors
                what = str(clause.__struct_config__.tag)
                yield Ruled(provision.id, what, game_of(clauses, rule, roll))


def game_of(clauses: Clauses, rule: model.Rule, roll: tuple[str, ...]) -> Game:
    """The game that a rule makes of a roll: a coalition wins when it is in favour and the rule holds."""
    tables: list[tuple[int, ...]] = []

    def table(weights: dict[str, int]) -> int:
        row = tuple(weights.get(party, 0) for party in roll)
        if row not in tables:
            tables.append(row)
        return tables.index(row)

    def heads(group: str | None) -> dict[str, int]:
        base = set(roll) if group is None else clauses.members(group) & set(roll)
        found = {party: clauses.heads[party] for party in base}
        return {group: 1} if group in found else found  # a union counts where the rule names it

    def bound(weights: dict[str, int], least: Fraction | None, more: Fraction | None) -> Rule:
        total = sum(weights.get(party, 0) for party in roll)
        needed = ceil(least * total) if least is not None else floor((more or 0) * total) + 1
        return Threshold(table(weights), needed if total else 1)

    def everyone(members: set[str]) -> Rule:
        return Threshold(table(dict.fromkeys(members, 1)), max(1, len(members)))

    def read(rule: model.Rule) -> Rule:
        if rule.all_of is not None:
            return AllOf(tuple(read(part) for part in rule.all_of))
        if rule.any_of is not None:
            return AnyOf(tuple(read(part) for part in rule.any_of))
        if rule.share is not None:
            return bound(heads(rule.share.group), rule.share.at_least, rule.share.more_than)
        if rule.count is not None:
            return Threshold(table(heads(rule.count.group)), rule.count.at_least)
        if rule.weight is not None:
            return bound(dict(clauses.weights[rule.weight.by]), rule.weight.at_least, rule.weight.more_than)
        if rule.consent is not None:
            asked = [clauses.members(name) & set(roll) or {name} for name in rule.consent]
            return everyone(set().union(*asked))
        assert rule.no_objection is not None, "the loader lets no rule without an operator pass"
        return everyone(set(clauses.members(rule.no_objection) & set(roll)))

    found = read(rule)
    return Game(roll, tuple(tables), found)


def coverage(clauses: Clauses) -> dict[str, dict[str, str]]:
    """Of each provision that some instrument beside the compact corresponds to: which, and how far by our reading."""
    found: dict[str, dict[str, str]] = {}
    for agreement in clauses.compact.agreements:
        for one in agreement.corresponds:
            found.setdefault(one.provision, {})[agreement.id] = one.extent
    order = [provision.id for provision in clauses.provisions]
    return dict(sorted(found.items(), key=lambda pair: order.index(pair[0])))


def soft(clauses: Clauses) -> tuple[str, ...]:
    """Deadlines that bind nobody ("where possible"): provisions of clocks, and instruments beside the compact."""
    own = [provision.id for provision, clock in clauses.every(model.Clock) if not clock.hard]
    beside = [
        one.id
        for one in clauses.compact.agreements
        if one.consultation is not None and one.consultation.within is not None and not one.consultation.hard
    ]
    return (*own, *beside)


def opened_beside(clauses: Clauses) -> dict[str, dict[str, int]]:
    """Of each kind of incident how many clauses of other instruments it opens, by the time that they name ("" none)."""
    found: dict[str, dict[str, int]] = {}
    for one in clauses.compact.agreements:
        for kind in one.consultation.on if one.consultation is not None else ():
            within = str(one.consultation.within or "") if one.consultation is not None else ""
            times = found.setdefault(kind, {})
            times[within] = times.get(within, 0) + 1
    return found
