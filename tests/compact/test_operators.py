"""Laws of rules over a roll: exact, monotone, blind to outsiders, and what counting every outcome says."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from foedus.compact.clauses import Clauses
from foedus.compact.loader import load
from foedus.compact.model import Compact, Count, Party, Rule, Share, Weight
from foedus.compact.operators import Verdict, holds, judge

STATES = ("PA", "PB", "PC", "PD", "PE")
UNION = "UN"
EVERYONE = (*STATES, UNION)
GROUPS = ("east", "west", "all")
NAMES = (*EVERYONE, *GROUPS, "parties", "guarantors")
OUTSIDERS = frozenset({"XX", "XHA"})  # one unknown, one that the compact names and no roll of these tests holds
BOUNDS = [Fraction(top, bottom) for bottom in (1, 2, 3, 4, 5, 7) for top in range(1, bottom + 1)]


def fellowship() -> Compact:
    """Five states and a union without a head, in two groups and one of all, weighed by primes."""
    mare = load("tests/compacts/mare-2030")
    like = mare.parties[1]
    named = {"east": ("PA", "PB"), "west": ("PC", "PD", UNION), "all": EVERYONE}

    def party(one: str) -> Party:
        groups = tuple(group for group, members in named.items() if one in members)
        return replace(like, id=one, groups=(*groups, "keepers"), heads=0 if one == UNION else 1)

    groups = tuple(replace(mare.groups[0], id=group, tier=False) for group in GROUPS)
    table = replace(mare.weights[0], id="primes", values=dict(zip(EVERYONE, (2, 3, 5, 7, 11, 13), strict=True)))
    parties = (mare.parties[0], *map(party, EVERYONE))
    return replace(mare, parties=parties, groups=(*mare.groups, *groups), weights=(table,))


CLAUSES = Clauses.of(fellowship())
PRIMES = CLAUSES.weights["primes"]

names = st.sampled_from(NAMES)
bounds = st.one_of(
    st.builds(lambda bound: {"at_least": bound}, st.sampled_from(BOUNDS)),
    st.builds(lambda bound: {"more_than": bound}, st.sampled_from([one for one in BOUNDS if one < 1])),
)
leaves = st.one_of(
    st.builds(
        lambda bound, of, group: Rule(share=Share(of=of, group=group, **bound)),
        bounds,
        st.sampled_from(["roll", "cast"]),
        st.none() | names,
    ),
    st.builds(
        lambda least, group: Rule(count=Count(at_least=least, group=group)),
        st.integers(1, 6),
        st.none() | names,
    ),
    st.builds(lambda bound: Rule(weight=Weight(by="primes", **bound)), bounds),
    st.builds(lambda who: Rule(consent=tuple(who)), st.lists(names, min_size=1, max_size=3, unique=True)),
    st.builds(lambda who: Rule(no_objection=who), names),
)
rules = st.recursive(
    leaves,
    lambda below: st.builds(
        lambda parts, every: Rule(all_of=tuple(parts)) if every else Rule(any_of=tuple(parts)),
        st.lists(below, min_size=1, max_size=3),
        st.booleans(),
    ),
    max_leaves=5,
)
rolls = st.frozensets(st.sampled_from(EVERYONE))
words = st.fixed_dictionaries({one: st.sampled_from(["yes", "no", "abstain", "silent"]) for one in EVERYONE})
Words = dict[str, str]


def who(said: Words, word: str) -> frozenset[str]:
    return frozenset(one for one, spoken in said.items() if spoken == word)


def verdict(rule: Rule, roll: frozenset[str], said: Words) -> Verdict:
    return judge(rule, CLAUSES, roll, who(said, "yes"), who(said, "no"), who(said, "abstain"))


# --- the definition again, counted out by hand --------------------------------------------------------------


def members(name: str) -> set[str]:
    if name in EVERYONE:
        return {name}
    if name in ("parties", "guarantors", "all"):
        return set(EVERYONE)
    return {"east": {"PA", "PB"}, "west": {"PC", "PD", UNION}}[name]


def plainly(rule: Rule, roll: frozenset[str], said: Words) -> bool:
    """Whether the rule holds, party by party, by the words of its definition in the model."""
    if rule.all_of:
        return all(plainly(part, roll, said) for part in rule.all_of)
    if rule.any_of:
        return any(plainly(part, roll, said) for part in rule.any_of)
    if rule.consent:
        for name in rule.consent:
            asked = members(name) & roll
            if not asked or any(said[one] != "yes" for one in asked):
                return False
        return True
    if rule.no_objection:
        asked = members(rule.no_objection) & roll
        return bool(asked) and all(said[one] != "no" for one in asked)
    return counted(rule, roll, said)


def counted(rule: Rule, roll: frozenset[str], said: Words) -> bool:
    """The three that count: heads, a share of heads, a share of weights."""
    if rule.weight:
        have = sum(PRIMES[one] for one in roll if said[one] == "yes")
        return passes(have, sum(PRIMES[one] for one in roll), rule.weight)
    group = rule.share.group if rule.share else rule.count.group if rule.count else None
    base = [one for one in roll if group is None or one in members(group)]
    heads = [one for one in base if one != UNION or group == UNION]
    have = len([one for one in heads if said[one] == "yes"])
    if rule.count:
        return have >= rule.count.at_least
    assert rule.share
    if rule.share.of == "cast":
        heads = [one for one in heads if said[one] in ("yes", "no")]
    return passes(have, len(heads), rule.share)


def passes(have: int, of: int, bound: Share | Weight) -> bool:
    if of == 0:
        return False
    if bound.at_least is not None:
        return Fraction(have, of) >= bound.at_least
    assert bound.more_than is not None
    return Fraction(have, of) > bound.more_than


def outcomes(roll: frozenset[str], said: Words) -> Iterator[Words]:
    """Everything that the silent of the roll may still say, silence among it."""
    silent = sorted(one for one in roll if said[one] == "silent")
    for spoken in product(["yes", "no", "abstain", "silent"], repeat=len(silent)):
        yield {**said, **dict(zip(silent, spoken, strict=True))}


@given(rules, rolls, words)
def test_the_verdict_is_what_counting_by_hand_says(rule, roll, said):
    assert verdict(rule, roll, said).holds == plainly(rule, roll, said)


@settings(max_examples=60)
@given(rules, rolls, words)
def test_possible_and_settled_are_what_all_outcomes_say(rule, roll, said):
    ends = [plainly(rule, roll, end) for end in outcomes(roll, said)]
    found = verdict(rule, roll, said)
    assert found.still_possible == any(ends)
    assert found.settled == all(ends)


@given(rules, rolls, words)
def test_asked_only_whether_it_holds_it_says_the_same(rule, roll, said):
    asked = holds(rule, CLAUSES, roll, who(said, "yes"), who(said, "no"), members=CLAUSES.members)
    assert asked == verdict(rule, roll, said).holds


@given(rules, rolls, words)
def test_settled_holds_and_what_holds_is_possible(rule, roll, said):
    found = verdict(rule, roll, said)
    assert found.holds or not found.settled
    assert found.still_possible or not found.holds


@given(rules, rolls, words, st.sampled_from(EVERYONE))
def test_a_yes_in_any_other_place_never_harms(rule, roll, said, one):
    before, after = verdict(rule, roll, said), verdict(rule, roll, {**said, one: "yes"})
    assert after.holds or not before.holds
    assert after.still_possible or not before.still_possible
    assert after.settled or not before.settled


@given(rules, rolls, words, st.sampled_from(EVERYONE))
def test_a_no_in_any_other_place_never_helps(rule, roll, said, one):
    """With the law before it: whoever turns a vote by several words could do it by one, said by as many."""
    before, after = verdict(rule, roll, said), verdict(rule, roll, {**said, one: "no"})
    assert before.holds or not after.holds
    assert before.still_possible or not after.still_possible
    assert before.settled or not after.settled


@given(
    rules,
    rolls,
    words,
    st.dictionaries(st.sampled_from([*EVERYONE, *OUTSIDERS]), st.sampled_from(["yes", "no"])),
)
def test_nobody_outside_the_roll_changes_the_verdict(rule, roll, said, shouted):
    outside = {one: word for one, word in shouted.items() if one not in roll}
    assert verdict(rule, roll, {**said, **outside}) == verdict(rule, roll, said)


@given(rules, words)
def test_on_an_empty_roll_nothing_holds_and_nothing_can(rule, said):
    found = verdict(rule, frozenset(), said)
    assert (found.holds, found.still_possible, found.settled) == (False, False, False)


@given(leaves, rolls, words)
def test_an_operator_gives_its_numbers(rule, roll, said):
    (because,) = verdict(rule, roll, said).because
    assert because.holds == plainly(rule, roll, said)
    assert 0 <= because.have <= because.of
    if because.code in ("consent", "no_objection"):
        assert because.have == because.of - len(because.parties)
        assert because.holds == (not because.parties and because.of > 0)
    elif because.code == "count":
        assert because.holds == (because.have >= because.needs)
    elif because.of:
        share = Fraction(because.have, because.of)
        assert because.holds == (share > because.needs if because.above else share >= because.needs)


@given(rules, rolls, words)
def test_every_operator_is_explained_also_those_that_decide_nothing(rule, roll, said):
    def leaves_of(part: Rule) -> int:
        return sum(map(leaves_of, part.all_of or part.any_of or ())) or 1

    assert len(verdict(rule, roll, said).because) == leaves_of(rule)


# --- single cases that a reader would ask about -------------------------------------------------------------

ALL = frozenset(EVERYONE)


def test_a_union_has_no_head_but_where_the_rule_names_it():
    half = Rule(share=Share(more_than=Fraction(1, 2), group="west"))
    assert judge(half, CLAUSES, ALL, {"PC", "PD"}, set(), set()).because[0].of == 2
    assert not judge(half, CLAUSES, ALL, {"PC", UNION}, set(), set()).holds
    assert judge(Rule(count=Count(at_least=1, group=UNION)), CLAUSES, ALL, {UNION}, set(), set()).holds
    assert not judge(Rule(count=Count(at_least=1)), CLAUSES, ALL, {UNION}, set(), set()).holds


def test_exactly_two_thirds_is_two_thirds_and_not_more():
    roll = frozenset({"PA", "PB", "PC"})
    at_least, more_than = Share(at_least=Fraction(2, 3)), Share(more_than=Fraction(2, 3))
    assert judge(Rule(share=at_least), CLAUSES, roll, {"PA", "PB"}, {"PC"}, set()).holds
    assert not judge(Rule(share=more_than), CLAUSES, roll, {"PA", "PB"}, {"PC"}, set()).holds


def test_abstention_leaves_the_votes_cast_and_stays_on_the_roll():
    others = {"PB", "PC", "PD", "PE"}
    cast = Share(more_than=Fraction(1, 2), of="cast")
    assert judge(Rule(share=cast), CLAUSES, ALL, {"PA"}, set(), others).holds
    assert not judge(Rule(share=replace(cast, of="roll")), CLAUSES, ALL, {"PA"}, set(), others).holds


def test_consent_of_a_party_that_is_not_on_the_roll_is_withheld():
    rule = Rule(consent=("PA", "PB"))
    found = judge(rule, CLAUSES, frozenset({"PA"}), {"PA", "PB"}, set(), set())
    assert not found.still_possible
    assert found.because[0].parties == ("PB",)


def test_silence_is_assent_for_no_objection_only():
    assert judge(Rule(no_objection="all"), CLAUSES, ALL, set(), set(), set()).holds
    assert not judge(Rule(no_objection="all"), CLAUSES, ALL, ALL - {"PA"}, {"PA"}, set()).still_possible
    assert not judge(Rule(consent=("all",)), CLAUSES, ALL, set(), set(), set()).holds


def test_whoever_tells_the_members_of_a_group_is_believed():
    rule = Rule(count=Count(at_least=2, group="addressed"))
    assert not judge(rule, CLAUSES, ALL, {"PA", "PE"}, set(), set()).holds
    asked = {"addressed": frozenset({"PA", "PE"})}.__getitem__
    assert judge(rule, CLAUSES, ALL, {"PA", "PE"}, set(), set(), members=asked).holds


def test_a_party_has_one_position():
    with pytest.raises(AssertionError, match="one position"):
        judge(Rule(no_objection="all"), CLAUSES, ALL, {"PA"}, {"PA"}, set())
