"""Historic designs in the language of the compact, each with what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import comb, factorial

import pytest
from msgspec import Struct
from msgspec.structs import replace

from foedus.check import reading
from foedus.check import verdicts as checking
from foedus.check.blocking import blocking_sets
from foedus.check.power import power
from foedus.check.situation import chosen, taking_part
from foedus.check.structure import Ruled, game_of, ruled
from foedus.check.voting import blockers
from foedus.compact import model
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.compact.loader import load
from foedus.compact.model import Compact, Guarantee
from tests.scenario_compacts import DESIGNS


@cache
def design(name: str) -> Compact:
    return load(name)


def rules(name: str) -> list[Ruled]:
    return list(ruled(Clauses.of(design(name))))


def alone(one: Ruled) -> set[str]:
    return {one.game.players[player] for player in blockers(one.game)}


def verdict(name: str, id_: str, parties: tuple[str, ...] | None = None, **changed: object) -> checking.Verdict:
    compact = design(name)
    guarantee = replace(next(one for one in compact.guarantees if one.id == id_), **changed)
    parties = parties or chosen(compact, guarantee.among or 3)
    return checking.verdict(compact, guarantee, parties, lambda done, total: None)


def test_what_nobody_checked_against_a_source_is_one_wording():
    marked = {
        (name, source.ref)
        for name in DESIGNS
        for source in sources_of(design(name))
        if not source.verified
    }  # fmt: skip
    assert marked == {("istanbul-2022", ("D15", "WELT", "RTR", "ISW"))}


def sources_of(value: object) -> Iterator[model.Source]:
    """Every source that a text names, wherever it stands."""
    if isinstance(value, model.Source):
        yield value
    elif isinstance(value, Struct):
        for field in value.__struct_fields__:
            yield from sources_of(getattr(value, field))
    elif isinstance(value, tuple):
        for one in value:
            yield from sources_of(one)


def test_who_is_named_in_a_question_takes_part_however_few_do():
    """Else it would be asked of a party without a seat, whose consent the rule does not need."""
    compact = design("istanbul-2022")
    asks = model.CannotPrevent(who=("ISR",), event="ResponseDecided", where="carried")
    guarantee = replace(compact.guarantees[0], asks=asks)
    assert "ISR" not in chosen(compact, 3)
    asked = [taking_part(compact, guarantee, count) for count in (1, 2, 3)]
    assert [(len(parties), "ISR" in parties) for parties in asked] == [(1, True), (2, True), (3, True)]
    assert verdict("istanbul-2022", "aggressor", asked[-1], asks=asks).by == "ISR"
    both = replace(guarantee, asks=replace(asks, who=("ISR", "POL")))
    assert taking_part(compact, both, 1) == ("POL", "ISR")
    outside = replace(guarantee, asks=replace(asks, who=("NOBODY", "guarantors", "protected")))
    assert taking_part(compact, outside, 2) == chosen(compact, 2)


# --- Budapest 1994 ----------------------------------------------------------------------------------------------------


def test_budapest_paragraph_4_reaches_nuclear_cases_only_and_through_the_council():
    clauses = Clauses.of(design("budapest-1994"))
    ((provision, referral),) = clauses.every(model.Referral)
    assert provision.id == "4"
    assert referral.only is not None
    assert "nuclear" in referral.only.en
    (council,) = [one for one in rules("budapest-1994") if one.reading == "elsewhere"]
    outsiders = {party for party in alone(council) if party in council.outside}
    assert outsiders == {"CHN", "FRA"}
    assert alone(council) - outsiders == {"RUS", "GBR", "USA"}
    assert blocking_sets(council.game) == {1: 5, 7: 120}


def test_budapest_has_no_deadline_and_its_consultation_no_outcome():
    clauses = Clauses.of(design("budapest-1994"))
    assert not clauses.every(model.Clock)
    assert reading.worst_times(clauses) == {"decide": None}
    assert reading.quorum_open(clauses)
    assert verdict("budapest-1994", "outcome").holds is False
    assert verdict("budapest-1994", "help").holds is False
    meeting = verdict("budapest-1994", "meeting")
    assert (meeting.holds, meeting.by) == (False, "RUS")


# --- Security Council -------------------------------------------------------------------------------------------------


def test_the_security_council():
    (one,) = rules("un-security-council")
    found = power(one.game)
    permanent = {"CHN", "FRA", "RUS", "GBR", "USA"}
    assert (sum(found.winning), 2 ** len(one.game.players)) == (848, 32_768)
    for name, banzhaf, shapley in zip(one.game.players, found.banzhaf, found.shapley_shubik, strict=True):
        expected = (Fraction(848, 5080), Fraction(421, 2145))
        assert (banzhaf, shapley) == (expected if name in permanent else (Fraction(84, 5080), Fraction(4, 2145)))
    assert alone(one) == permanent
    assert blocking_sets(one.game) == {1: 5, 7: 120}


def test_a_permanent_member_undoes_what_all_want_and_who_did_not_vote_is_bound():
    """Among ten, since nine votes are needed: the five and five of the elected."""
    alone = verdict("un-security-council", "alone")
    assert (alone.holds, alone.by) == (False, "CHN")
    told = [type(step.body).__name__ for step in alone.story]
    assert told[:3] == ["ReportIncident", "Activate", "ProposeMeasure"]
    assert told[3:14] == ["TakePosition"] * 11  # each of the ten joins, and then one declines
    assert verdict("un-security-council", "bound").holds is False


# --- resolution 2231 --------------------------------------------------------------------------------------------------


def returning(begins: str, within: str = "P31D") -> Guarantee:
    """After a notice on that day everything comes back, or the Council stops it."""
    asks = model.AlwaysAfter(
        event="SnapbackNotified", comes=("SnappedBack", "SnapbackStopped"), within=Duration.parse(within)
    )
    return replace(
        design("istanbul-2022").guarantees[0], id="returns", asks=asks, acts=("NotifySnapback",), given=(),
        begins=date.fromisoformat(begins),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "within", "holds"),
    [
        ("2025-08-28", "P31D", True),
        ("2025-08-28", "P29D", False),
        ("2025-09-17", "P31D", True),
        ("2025-09-19", "P31D", False),
    ],
)
def test_resolution_2231_reinstates_thirty_days_after_a_notice_until_mid_september(day, within, holds):
    found = checking.verdict(design("unsc-2231-2015"), returning(day, within), ("FRA", "GBR"), lambda done, total: None)
    assert found.holds is holds


def test_one_permanent_member_secures_re_imposition():
    (vote,) = [one for one in rules("unsc-2231-2015") if one.what == "snapback"]
    assert alone(vote) == {"CHN", "FRA", "RUS", "GBR", "USA"}


def test_one_permanent_member_secures_it_in_every_way_a_smaller_council_votes():
    """Two votes of four in the place of nine of fifteen."""
    compact = design("unsc-2231-2015")

    def fewer(clause: model.Clause) -> model.Clause:
        if not isinstance(clause, model.Snapback):
            return clause
        rule = model.Rule(all_of=(model.Rule(count=model.Count(at_least=2, group="council")),
                                  model.Rule(no_objection="permanent")))  # fmt: skip
        return replace(clause, stopped_by=rule)

    parts = tuple(
        replace(
            part, provisions=tuple(replace(one, operates=tuple(map(fewer, one.operates))) for one in part.provisions)
        )
        for part in compact.parts
    )
    small = replace(compact, parts=parts)
    asks = model.CannotPrevent(who=("FRA", "DNK"), event="SnapbackStopped")
    guarantee = replace(
        returning("2025-08-28"), asks=asks, given=("NotifySnapback",), acts=("VoteToContinueRelief",),
    )  # fmt: skip
    found = checking.verdict(small, guarantee, ("FRA", "GBR", "DNK", "GRC"), lambda done, total: None)
    assert (found.holds, found.by) == (False, "FRA")
    others = replace(guarantee, asks=replace(asks, who=("DNK",)))
    assert checking.verdict(small, others, ("FRA", "GBR", "DNK", "GRC"), lambda done, total: None).holds


def test_with_the_plans_own_procedure_it_is_sixty_five_days():
    clauses = Clauses.of(design("unsc-2231-2015"))
    after = reading.worst_times(clauses)["snapback"]
    assert after is not None
    provision = clauses.provision("JCPOA.36")
    assert provision is not None
    before = sum(15 if word == "(15" else 5 for word in provision.text.en.split() if word in ("(15", "(5"))
    assert (before, after.days, before + after.days) == (35, 30, 65)


# --- Istanbul, NATO, the Union, the ladder ----------------------------------------------------------------------------


def test_under_the_istanbul_draft_the_aggressor_blocks():
    found = verdict("istanbul-2022", "aggressor")
    assert (found.holds, found.by) == (False, "RUS")
    *_, declines, late = found.story
    assert (declines.party, getattr(declines.body, "stance", ""), late.party) == ("RUS", "declines", "")
    (consent,) = rules("istanbul-2022")
    assert blocking_sets(consent.game) == {1: 11}
    assert not design("istanbul-2022").signed_by_states


def test_nobody_blocks_an_ally_and_nobody_is_bound_by_another():
    assert verdict("nato-1949", "alone").holds
    assert verdict("nato-1949", "bound", ("ALB", "BEL")).holds
    (consensus,) = rules("nato-1949")
    assert blocking_sets(consensus.game) == {1: 32}
    clauses = Clauses.of(design("nato-1949"))
    assert {one.term.en for one in reading.judgements(clauses)} >= {"such action as it deems necessary"}
    assert reading.soft(clauses) == ("5",)


def test_article_42_7_names_no_time_and_has_no_outcome():
    assert not Clauses.of(design("eu-42-7")).every(model.Clock)
    assert verdict("eu-42-7", "ends").holds is False
    assert verdict("eu-42-7", "join").holds


def test_the_ladder_has_two_hours_and_nobody_who_decides():
    clauses = Clauses.of(design("response-ladder-2026"))
    hours = {one.id: one.within and str(one.within) for _, one in clauses.every(model.Measure)}
    assert hours == {"warning": "PT24H", "intervention": None, "response": "PT72H"}
    assert len(reading.judgements(clauses)) == 3
    assert verdict("response-ladder-2026", "owed").holds
    assert verdict("response-ladder-2026", "unasked").holds is False
    assert verdict("response-ladder-2026", "ends").holds is False


# --- Rio 1947 ---------------------------------------------------------------------------------------------------------


def test_rio_is_read_with_both_denominators():
    found = {one.reading: one.game for one in rules("rio-1947") if one.what == "decision"}
    assert {reading_: len(game.players) for reading_, game in found.items()} == {"whole": 19, "voting": 19}
    assert blocking_sets(found["whole"]) == {6: comb(19, 6)}  # 14 votes of 19 are needed
    assert blocking_sets(found["voting"]) == {7: comb(19, 7)}  # 13
    assert verdict("rio-1947", "alone").holds
    assert verdict("rio-1947", "force").holds
    assert verdict("rio-1947", "soon").holds is False


# --- the Council of the Union -----------------------------------------------------------------------------------------


def test_nice():
    (one,) = rules("eu-council-nice")
    found = power(one.game)
    assert sum(found.winning) == 2_718_751
    swings = dict(zip(one.game.players, found.decisive, strict=True))
    assert (swings["DEU"], swings["GBR"], swings["MLT"]) == (2_193_655, 2_193_651, 265_583)


def counted_apart(members: list[int], wins: Callable[[int, int], bool]) -> tuple[int, list[int]]:
    """Winning coalitions and swings by sums of one table, player by player in Python: nothing of ours."""

    def ways(left: list[int]) -> dict[tuple[int, int], int]:
        found = {(0, 0): 1}
        for weight in left:
            more = dict(found)
            for (heads, total), number in found.items():
                key = (heads + 1, total + weight)
                more[key] = more.get(key, 0) + number
            found = more
        return found

    won = sum(number for key, number in ways(members).items() if wins(*key))
    swings = [
        sum(
            number
            for (heads, total), number in ways(members[:place] + members[place + 1 :]).items()
            if not wins(heads, total) and wins(heads + 1, total + members[place])
        )
        for place in range(len(members))
    ]
    return won, swings


def test_lisbon_against_a_plain_count_of_eleven_members_in_its_proportions():
    """The whole has too many sums to count plainly; its largest and smallest members have not."""
    clauses = Clauses.of(design("eu-council-lisbon"))
    table = clauses.weights["population"]
    roll = tuple(sorted(table, key=lambda one: -table[one])[:6] + sorted(table, key=lambda one: table[one])[:5])
    (rule,) = [clause.rule for _, clause in clauses.every(model.Decision)]
    assert rule is not None

    found = power(game_of(clauses, rule, roll))
    total = sum(table[one] for one in roll)

    def wins(heads: int, people: int) -> bool:
        return (20 * heads >= 11 * len(roll) and 20 * people >= 13 * total) or heads >= 25

    assert (sum(found.winning), list(found.decisive)) == counted_apart([table[one] for one in roll], wins)


def test_lisbon_has_more_people_in_belgium_than_in_greece():
    """On 1 January 2013, as Eurostat published it the year after: an often copied table has the two exchanged."""
    table = Clauses.of(design("eu-council-lisbon")).weights["population"]
    assert (table["BEL"], table["GRC"]) == (11_161_642, 11_062_508)


def test_lisbon_fewer_than_four_never_block():
    (one,) = rules("eu-council-lisbon")
    sizes = blocking_sets(one.game)
    assert sizes is not None
    assert min(sizes) == 4
    everybody = frozenset(range(28))
    assert all(one.game.wins(everybody.difference(three)) for three in combinations(range(28), 3))
    found = power(one.game)
    assert sum(found.shapley_shubik) == 1
    orders = [sum(row[size] * factorial(size) * factorial(27 - size) for size in range(28)) for row in found.swings]
    assert sum(orders) == factorial(28)
