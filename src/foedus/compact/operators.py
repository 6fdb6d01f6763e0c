"""What a rule says of a roll of parties who have spoken or not: whether it holds, and whether it still can.

Exact numbers only, no floats. Nobody outside the roll is counted, whatever they said: that is how a party is
excluded. Silence is no assent, but for `no_objection`, where only a no counts. It does not know deadlines or
what follows; the rules do.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from foedus.compact.clauses import Clauses
from foedus.compact.model import Count, Rule, Share, Weight

Code = Literal["share_of_roll", "share_of_cast", "count", "weight", "consent", "no_objection"]
Members = Callable[[str], frozenset[str]]


class Because(Struct, frozen=True):
    """One operator of a rule, in numbers: `have` of `of`, with `needs` needed (`above`: more than that).

    `have`, `of`: heads, weights, or parties. `needs`: a share of `of`, or a number. `group`: counted in that
    group or by that table. `parties`: who withheld consent (`consent`) or objected (`no_objection`), sorted.
    """

    code: Code
    holds: bool
    have: int
    of: int
    needs: Fraction
    above: bool = False
    group: str = ""
    parties: tuple[str, ...] = ()


class Verdict(Struct, frozen=True):
    """`holds`: with what was said. `still_possible`: if all the silent said yes. `because`: each operator.

    `settled`: it holds whatever the silent may still say, so that a vote can be closed before its time.
    """

    holds: bool
    still_possible: bool
    settled: bool
    because: tuple[Because, ...]


class _Said(Struct, frozen=True):
    """What the roll said; `members` tells who is in a group now."""

    clauses: Clauses
    members: Members
    roll: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]


def judge(
    rule: Rule,
    clauses: Clauses,
    roll: frozenset[str],
    yes: AbstractSet[str],
    no: AbstractSet[str],
    abstain: AbstractSet[str],
    *,
    members: Members | None = None,
) -> Verdict:
    """The verdict of a rule over the parties on the roll, of whom those in none of the three sets are silent.

    `members` says who is in a group when parties have signed into tiers or a request addresses some (default:
    as the text names them). A union counts no heads but where the rule names it by its own id.
    """
    yes, no, abstain = roll & yes, roll & no, roll & abstain
    assert len(yes | no | abstain) == len(yes) + len(no) + len(abstain), "a party has one position"
    said = _Said(clauses, members or clauses.members, roll, yes, no)
    because: list[Because] = []
    holds = _holds(rule, said, because)
    # Every operator gains by a yes in the place of silence and loses by a no: the best and the worst end.
    best = _Said(clauses, said.members, roll, roll - no - abstain, no)
    worst = _Said(clauses, said.members, roll, yes, roll - yes - abstain)
    possible = holds or _holds(rule, best, [])
    return Verdict(holds, possible, holds and _holds(rule, worst, []), tuple(because))


def holds(
    rule: Rule,
    clauses: Clauses,
    roll: frozenset[str],
    yes: AbstractSet[str],
    no: AbstractSet[str],
    *,
    members: Members,
) -> bool:
    """What `judge` says of the rule now, where nobody asks what the silent may still say."""
    yes, no = roll & yes, roll & no
    assert not yes & no, "a party has one position"
    return _holds(rule, _Said(clauses, members, roll, yes, no), [])


def _holds(rule: Rule, said: _Said, because: list[Because]) -> bool:
    """Whether a rule holds; adds the numbers of every operator in it, also of those that decide nothing."""
    if rule.all_of is not None:
        held = [_holds(part, said, because) for part in rule.all_of]
        return all(held)
    if rule.any_of is not None:
        held = [_holds(part, said, because) for part in rule.any_of]
        return any(held)
    if rule.share is not None:
        one = _share(rule.share, said)
    elif rule.count is not None:
        one = _count(rule.count, said)
    elif rule.weight is not None:
        one = _weight(rule.weight, said)
    elif rule.consent is not None:
        one = _consent(rule.consent, said)
    else:
        assert rule.no_objection is not None, "the loader lets no rule without an operator pass"
        one = _no_objection(rule.no_objection, said)
    because.append(one)
    return one.holds


def _base(group: str | None, said: _Said) -> frozenset[str]:
    return said.roll if group is None else said.roll & said.members(group)


def _heads(parties: frozenset[str], group: str | None, said: _Said) -> int:
    """Heads of these parties: a union has none, but where `group` is its id; nor has who is not named."""
    heads = said.clauses.heads
    alone = 1 - heads[group] if group in heads and group in parties else 0
    return len(parties & said.clauses.counted) + alone


def _reaches(have: int, of: int, at_least: Fraction | None, more_than: Fraction | None) -> bool:
    """Whether `have` is that share of `of`; of nothing, nothing is a share."""
    if not of:
        return False
    if at_least is not None:
        return have * at_least.denominator >= at_least.numerator * of
    assert more_than is not None, "the loader lets no share without a bound pass"
    return have * more_than.denominator > more_than.numerator * of


def _bound(of: Share | Weight) -> Fraction:
    bound = of.more_than if of.at_least is None else of.at_least
    assert bound is not None, "the loader lets no share without a bound pass"
    return bound


def _share(share: Share, said: _Said) -> Because:
    base = _base(share.group, said)
    have = _heads(base & said.yes, share.group, said)
    cast = share.of == "cast"
    of = _heads(base & (said.yes | said.no) if cast else base, share.group, said)
    holds = _reaches(have, of, share.at_least, share.more_than)
    code: Code = "share_of_cast" if cast else "share_of_roll"
    return Because(code, holds, have, of, _bound(share), share.at_least is None, share.group or "")


def _count(count: Count, said: _Said) -> Because:
    base = _base(count.group, said)
    have = _heads(base & said.yes, count.group, said)
    of = _heads(base, count.group, said)
    return Because("count", have >= count.at_least, have, of, Fraction(count.at_least), group=count.group or "")


def _weight(weight: Weight, said: _Said) -> Because:
    table = said.clauses.weights[weight.by]
    have = sum(table.get(one, 0) for one in said.yes)
    of = sum(table.get(one, 0) for one in said.roll)
    holds = _reaches(have, of, weight.at_least, weight.more_than)
    return Because("weight", holds, have, of, _bound(weight), weight.at_least is None, weight.by)


def _consent(names: tuple[str, ...], said: _Said) -> Because:
    """Every named party or member of a named group on the roll; a name with nobody on the roll withholds."""
    asked: set[str] = set()
    for name in names:
        asked |= (said.roll & said.members(name)) or {name}
    withheld = asked - said.yes
    of = len(asked)
    return Because("consent", not withheld, of - len(withheld), of, Fraction(of), parties=tuple(sorted(withheld)))


def _no_objection(name: str, said: _Said) -> Because:
    """Nobody against, of a group that has somebody on the roll: silence of nobody is no assent."""
    base = _base(name, said)
    against = base & said.no
    of = len(base)
    holds = bool(base) and not against
    return Because(
        "no_objection", holds, of - len(against), of, Fraction(of), group=name, parties=tuple(sorted(against))
    )
