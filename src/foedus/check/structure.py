"""Who can block by the text alone: each rule of a compact as a game over everyone whom it would ask.

All those named are taken as parties. A share of the votes cast is read twice: everybody votes, or nobody is against.
Silence is no vote in favour, but for a rule that asks for no objection.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from msgspec import Struct

from foedus.check.voting import HEADS, AllOf, AnyOf, Game, Rule, Threshold
from foedus.compact import model
from foedus.compact.clauses import Clauses

Reading = Literal["", "whole", "voting", "cast", "elsewhere"]


class Ruled(Struct, frozen=True):
    """A provision with a rule over a roll, as a game. `what`: the operator that the rule belongs to.

    `only`: the cases that a referral reaches. `reading`: of a text that leaves open how votes are counted: `whole`, a
    share of all; `voting`, of those who have a vote; `cast`, all others abstain; and `elsewhere`, the rule of a body
    outside the text. `outside`: players that are no party.
    """

    provision: str
    what: str
    game: Game
    reading: Reading = ""
    outside: tuple[str, ...] = ()
    only: model.Words | None = None


def ruled(clauses: Clauses) -> Iterator[Ruled]:
    """Every rule of the compact that counts parties, in the order of the document, in every reading left open."""
    for provision in clauses.provisions:
        for clause in provision.operates:
            if isinstance(clause, model.Referral):
                yield _referred(clauses, provision.id, clause)
            for field in ("rule", "stopped_by"):
                rule = getattr(clause, field, None)
                if isinstance(rule, model.Rule):
                    yield from _read(clauses, provision.id, clause, rule, _roll(clauses, clause))


def _roll(clauses: Clauses, clause: model.Clause) -> tuple[str, ...]:
    """Who is asked: the guarantors of a procedure; of conditions, easings and snapbacks all parties; of a union's
    renewal its members.
    """
    everybody = clauses.members("parties") - clauses.excluded
    if isinstance(clause, model.Regime):
        of = {party.id for party in clauses.compact.parties if clause.issuer in party.part_of}
        return tuple(sorted(of or everybody))
    together = model.Adoption | model.Condition | model.Easing | model.Snapback
    guarantors = clauses.members("guarantors") - clauses.excluded
    return tuple(sorted(everybody if isinstance(clause, together) or not guarantors else guarantors))


def _read(
    clauses: Clauses, provision: str, clause: model.Clause, rule: model.Rule, roll: tuple[str, ...]
) -> Iterator[Ruled]:
    what = str(clause.__struct_config__.tag)
    recused = clauses.every(model.Recusal)
    if isinstance(clause, model.Decision) and recused:
        one = recused[0][1]
        voting = roll[: max(1, len(roll) - one.parties)]
        if one.denominator != "voting":
            yield Ruled(provision, what, game_of(clauses, rule, voting, roll), "whole")
        if one.denominator != "whole":
            yield Ruled(provision, what, game_of(clauses, rule, voting), "voting")
        return
    yield Ruled(provision, what, game_of(clauses, rule, roll))
    if _of_cast(rule):
        yield Ruled(provision, what, game_of(clauses, rule, roll, cast=True), "cast")


def _of_cast(rule: model.Rule) -> bool:
    parts = (*(rule.all_of or ()), *(rule.any_of or ()))
    return any(map(_of_cast, parts)) or (rule.share is not None and rule.share.of == "cast")


def _referred(clauses: Clauses, provision: str, clause: model.Referral) -> Ruled:
    """The body that the text turns to, as a game over its members: also those who are no party to the text."""
    body = next(one for one in clauses.compact.bodies if one.id == clause.to)
    players = (*body.members, *(f"{body.id}/{number + 1}" for number in range(body.others)))
    needed: list[Rule] = [Threshold(HEADS, body.votes)]
    tables: tuple[tuple[int, ...], ...] = ()
    if body.veto:
        tables = (tuple(int(player in body.veto) for player in players),)
        needed.append(Threshold(0, len(body.veto)))
    outside = tuple(player for player in players if clauses.party(player) is None)
    return Ruled(provision, "referral", Game(players, tables, AllOf(tuple(needed))), "elsewhere", outside, clause.only)


def game_of(
    clauses: Clauses, rule: model.Rule, roll: tuple[str, ...], whole: tuple[str, ...] = (), *, cast: bool = False
) -> Game:
    """The game that a rule makes of a roll: a coalition wins when it is in favour and the rule holds.

    `whole`: those whose heads and weights a share is of, where they are more than the roll. `cast`: of votes cast,
    whoever is not in favour has not voted.
    """
    tables: list[tuple[int, ...]] = []

    def table(weights: dict[str, int]) -> int:
        row = tuple(weights.get(party, 0) for party in roll)
        if row not in tables:
            tables.append(row)
        return tables.index(row)

    def heads(group: str | None) -> dict[str, int]:
        base = set(whole or roll) if group is None else clauses.members(group) & set(whole or roll)
        found = {party: clauses.heads[party] for party in base}
        return {group: 1} if group in found else found  # a union counts where the rule names it

    def bound(weights: dict[str, int], least: Fraction | None, more: Fraction | None) -> Rule:
        total = sum(weights.get(party, 0) for party in whole or roll)
        needed = ceil(least * total) if least is not None else floor((more or 0) * total) + 1
        return Threshold(table(weights), needed if total else 1)

    def everyone(members: set[str]) -> Rule:
        return Threshold(table(dict.fromkeys(members, 1)), max(1, len(members)))

    def read(rule: model.Rule) -> Rule:
        if rule.all_of is not None:
            return AllOf(tuple(read(part) for part in rule.all_of))
        if rule.any_of is not None:
            return AnyOf(tuple(read(part) for part in rule.any_of))
        if rule.share is not None and rule.share.of == "cast" and cast:
            return Threshold(table(heads(rule.share.group)), 1)
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
