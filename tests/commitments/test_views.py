"""What is read off the account: lateness and forecasts, gaps, coverage, the calendar, and proposals which offer meets
which need.
"""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from foedus.commitments import acts
from foedus.commitments.account import late_at, overdue, overdue_first
from foedus.commitments.acts import Quantity
from foedus.commitments.calendar import falls
from foedus.commitments.coverage import LEVELS, agreements, by_least, matrix, nobody
from foedus.commitments.lateness import Delay, backtested, by_party, chance, delays, estimated
from foedus.commitments.matching import Wanted, filled, proposed
from foedus.commitments.needs import capabilities, gaps
from foedus.commitments.state import State, evolve, in_order_of_age
from foedus.compact.clauses import Clauses
from foedus.compact.loader import load
from foedus.history import Place
from tests.commitments.made import DAY, START, Told, clocked, histories, in_order, recorded

READY = START.date()


def owed(
    party: str, number: int, day: int, comes: int | None, unit: str = "tank", binding: Any = "legal"
) -> list[Told]:
    """One obligation with a tranche of ten due on a day, which comes so many days after that, or never."""
    id_ = f"O-{number}"
    due = START + day * DAY
    events: list[tuple[Any, int]] = [
        (acts.ObligationUndertaken(id_, party, "kyiv-2022", "P2.arms", "arms_transfers", "fixed",
                                   Quantity(unit, "10"), binding, "UKR"), 0),
        (acts.TrancheScheduled(f"{id_}/T-1", id_, Quantity(unit, "10"), due, due), 0),
        (acts.PackageAllocated(f"{id_}/T-1/A-1", f"{id_}/T-1", id_, Quantity(unit, "10"), "stock", party, party,
                               party), 0),
    ]  # fmt: skip
    if comes is not None:
        came = day + comes
        delivered = acts.DeliveryReported(
            f"{id_}/T-1/A-1/D-1", f"{id_}/T-1/A-1", party, Quantity(unit, "10"), START.date()
        )
        events.append((delivered, came))
    return [(event, Place(START + at * DAY, START + at * DAY, 0)) for event, at in events]


def account(*lives: list[Told]) -> State:
    told = sorted((each for life in lives for each in life), key=lambda one: one[1].known)
    return recorded([(event, Place(place.at, place.known, number)) for number, (event, place) in enumerate(told)])


def needing(state: State, unit: str, minimum: str, target: str, day: date, priority: int = 1) -> State:
    number = len(state.requirements) + 1
    event = acts.RequirementStated(f"Q-{number}", f"c-{unit}", unit, minimum, target, day, priority)
    return evolve(state, event, Place(START, START, 9_000 + number))


def offering(state: State, number: int, much: str, maker: str | None = None, ready: date = READY) -> State:
    event = acts.SupplyOffered(f"F-{number}", "POL", "c-tank", Quantity("tank", much), ready, ("rail",), maker)
    return evolve(state, event, Place(START, START, 9_100 + number))


# --- lateness -----------------------------------------------------------------------------------------------


def test_the_estimate_counts_what_is_still_awaited():
    """The textbook case: 6 came after 1, 2, 2, 5 days, two are awaited since 3 and 6 days."""
    known = [Delay(1, True), Delay(2, True), Delay(2, True), Delay(3, False), Delay(5, True), Delay(6, False)]
    found = estimated(known)
    assert found.days == (1, 2, 5)
    assert found.by == (Fraction(1, 6), Fraction(1, 2), Fraction(3, 4))
    assert found.share(0) == 0
    assert found.share(4) == Fraction(1, 2)
    assert found.share(99) == Fraction(3, 4)


def test_who_was_always_late_is_expected_late_and_who_was_punctual_in_time():
    late = [owed("POL", number, number, 30) for number in range(1, 8)]
    punctual = [owed("NOR", number, number, 0) for number in range(11, 18)]
    now = START + 60 * DAY
    state = account(*late, *punctual)
    records = by_party(state, now)
    due = now + 5 * DAY
    assert chance(records["POL"], due, now, due + 29 * DAY) == 0
    assert chance(records["POL"], due, now, due + 30 * DAY) == 1
    assert chance(records["NOR"], due, now, due) == 1
    # Awaited since 20 days: by its record it comes ten days later.
    assert chance(records["POL"], now - 20 * DAY, now, now + 10 * DAY) == 1
    assert chance(records["POL"], now - 20 * DAY, now, now + 9 * DAY) == 0


def test_a_forecast_is_nearer_to_what_came_than_the_schedule_is():
    """Five hundred tranches of five parties, each late in its own way; the forecast knows the first half only."""
    random = Random(7)
    lives = []
    for number in range(1, 501):
        party = ("POL", "NOR", "DEU", "EUE", "FRA")[number % 5]
        typical = {"POL": 0, "NOR": 10, "DEU": 40, "EUE": 90, "FRA": 20}[party]
        lives.append(
            owed(party, number, random.randint(1, 700), int(random.expovariate(1 / typical)) if typical else 0)
        )
    state = account(*lives)
    errors, taken_at_word = [], []
    for day in (350, 400, 450, 500, 550):
        now = START + day * DAY
        records, told = by_party(state, now), delays(state, now)
        assert all(records[party] == estimated(told[party]) for party in told)
        assert records[""] == estimated(one for each in told.values() for one in each)
        compared = backtested(state, now, now + 60 * DAY)
        assert compared.scheduled > 50
        errors.append(abs(float(compared.forecast) - compared.came) / compared.scheduled)
        taken_at_word.append(abs(compared.scheduled - compared.came) / compared.scheduled)
    assert max(errors) < 0.12
    assert sum(errors) < sum(taken_at_word) / 2


@given(histories(), st.integers(0, 200))
def test_delays_kept_by_day_are_those_of_the_tranches(lives, day):
    told = in_order(lives)
    at = max([START + day * DAY, *(place.known for _, place in told)]) + timedelta(hours=7)
    state = recorded(told)
    one_by_one: dict[str, Counter[tuple[int, bool]]] = {}
    for tranche in state.tranches.values():
        owed_ = state.obligations[tranche.obligation]
        if tranche.due_at < at and owed_.counts and not owed_.unmet:
            until = tranche.came[-1].place.at if tranche.fulfilled else at
            days = max(0, (until - tranche.due_at) // DAY)
            one_by_one.setdefault(owed_.party, Counter())[days, tranche.fulfilled] += 1
    kept: dict[str, Counter[tuple[int, bool]]] = {}
    for party, known in delays(state, at).items():
        for one in known:
            kept.setdefault(party, Counter())[one.days, one.came] += one.number
    assert kept == one_by_one


# --- gaps ---------------------------------------------------------------------------------------------------


def test_a_gap_tells_what_came_what_is_due_what_is_expected_and_under_which_clause():
    late = [owed("POL", number, number, 30) for number in range(1, 8)]
    due = owed("POL", 8, 80, None)
    intended = owed("NOR", 9, 80, None, binding="intention")
    state = needing(account(*late, due, intended), "tank", "75", "100", (START + 90 * DAY).date())
    (gap,) = gaps(state, START + 60 * DAY)
    assert [*map(int, (gap.came, gap.due, gap.expected, gap.intended))] == [70, 10, 0, 10]
    assert gap.sufficient
    assert not gap.likely
    assert gap.missing == 0
    assert [(one.clause, one.party, int(one.due), int(one.intended)) for one in gap.sources] == [
        ("P2.arms", "NOR", 0, 10), ("P2.arms", "POL", 10, 0),
    ]  # fmt: skip
    assert capabilities(state, START + 60 * DAY) == {"c-tank": True}
    later = needing(state, "drone", "5", "9", (START + 90 * DAY).date())
    assert capabilities(later, START + 60 * DAY) == {"c-tank": True, "c-drone": False}
    assert {one.unit: one.missing for one in gaps(later, START + 60 * DAY)} == {"tank": 0, "drone": 5}
    assert gaps(later, START + 91 * DAY) == []


# --- coverage and calendar ----------------------------------------------------------------------------------


def test_coverage_names_what_nobody_has_promised():
    clauses = Clauses.of(load("kyiv-2022"))
    before = matrix(clauses, State())
    assert nobody(before) == [row.provision for row in before]
    air = next(row for row in before if row.provision == "P2.air-defence")
    assert "air-missile-defence" in [cell.agreement for cell in air.cells]
    state = account(owed("POL", 1, 10, None))
    rows = matrix(clauses, state)
    arms = next(row for row in rows if row.provision == "P2.arms")
    assert arms.promised
    assert "P2.arms" not in nobody(rows)
    assert next(cell for cell in arms.cells if cell.obligations).obligations == ("O-1",)
    assert "POL" not in arms.without
    assert "NOR" in arms.without


@pytest.mark.parametrize(
    ("bindings", "level"),
    [(("legal",), "binding"), (("political",), "promised"), (("intention",), "intention"),
     (("intention", "political"), "promised"), (("intention", "legal", "political"), "binding"), ((), "nothing")],
)  # fmt: skip
def test_a_cell_of_the_grid_says_the_strongest_that_binds(bindings, level):
    clauses = Clauses.of(load("kyiv-2022"))
    state = account(*(owed("POL", number, 10, None, binding=one) for number, one in enumerate(bindings, 1)))
    rows = matrix(clauses, state)
    arms = next(row for row in rows if row.provision == "P2.arms")
    cell = arms.under("kyiv-2022")
    assert cell.level == level
    assert len(cell.obligations) == len(bindings)
    assert arms.under("ukr-pol-2024").level == "text"
    assert ("kyiv-2022" in agreements(clauses, rows)) == bool(bindings)
    assert by_least(rows)[-1 if bindings else 0].promised == bool(bindings)
    bilateral = {one.id for one in clauses.compact.agreements if one.kind == "bilateral"}
    assert bilateral <= set(agreements(clauses, rows))
    assert sum(arms.number(one) for one in LEVELS) == len(arms.cells)


def test_the_calendar_has_each_day_what_is_due_on_it_and_whose_it_is():
    state = account(owed("POL", 1, 10, None), owed("NOR", 2, 12, 0), owed("POL", 3, 40, None))
    state = needing(state, "tank", "5", "9", (START + 11 * DAY).date())
    first = (START + 9 * DAY).date()
    found = falls(state, first, first + timedelta(days=3))
    assert [(one.day.day, one.what, one.id, one.party, one.settled) for one in found] == [
        (10, "tranche", "O-1/T-1", "POL", False),
        (12, "requirement", "Q-1", "", False),
        (12, "tranche", "O-2/T-1", "NOR", True),
    ]
    assert [one.id for one in falls(state, START.date(), START.date() + 60 * DAY, ["POL"])] == ["O-1/T-1", "O-3/T-1"]


@given(histories(), st.integers(0, 200), st.integers(0, 70))
def test_what_is_awaited_is_what_has_not_come_and_is_within_its_grace(lives, day, back):
    state, at = recorded(in_order(lives)), START + day * DAY + timedelta(hours=7)
    first, last = (at - back * DAY).date(), (at + 30 * DAY).date()
    every = falls(state, first, last)
    wanted = [one for one in every if not one.settled and state.tranches[one.id].overdue_at > at]
    assert falls(state, first, last, awaited_at=at) == wanted


def test_the_clock_records_each_tranche_once():
    state = clocked(account(owed("POL", 1, 10, None), owed("POL", 2, 10, 0)), START + 99 * DAY, 50)
    assert list(in_order_of_age(state.late)) == ["O-1/T-1"]
    assert state.agenda is None


def test_a_tranche_whose_condition_was_met_again_is_overdue_once():
    """Its deadline is noted each time: nothing is told twice before the clock records it, nor afterwards."""
    state = account(owed("POL", 1, 10, None))
    one = state.obligations["O-1"]
    assert one.terms is not None
    terms = replace(one.terms, conditions=("parliament",))
    state = replace(state, agenda=None, obligations=state.obligations.insert(one.id, replace(one, terms=terms)))
    for number, met in enumerate((True, False, True), 10):
        state = evolve(state, acts.ConditionSettled("O-1", "parliament", met), Place(START, START, number))
    later = START + 99 * DAY
    assert overdue(state, later) == ["O-1/T-1"]
    assert overdue_first(state, late_at(state, later), 9) == (1, ["O-1/T-1"])
    assert overdue(clocked(state, later, 50), later) == ["O-1/T-1"]


# --- matching -----------------------------------------------------------------------------------------------


@st.composite
def problems(draw: st.DrawFn) -> tuple[dict[str, Decimal], list[Wanted]]:
    """A few offers and a few needs, each of which some of the offers fit."""
    offers = [f"F-{number}" for number in range(draw(st.integers(1, 4)))]
    stock = {offer: Decimal(draw(st.integers(0, 9))) for offer in offers}
    steps = [
        Wanted(f"Q-{number}", Decimal(draw(st.integers(1, 9))), tuple(draw(st.permutations(offers))[:size]))
        for number, size in enumerate(draw(st.lists(st.integers(1, 4), min_size=1, max_size=5)))
    ]
    return stock, steps


def most(stock: dict[str, Decimal], steps: list[Wanted]) -> Decimal:
    """The most that can be met of these together: the least cut, found by looking at every set of needs."""
    best = Decimal(0) + sum((step.amount for step in steps), Decimal(0))
    for count in range(len(steps) + 1):
        for served in itertools.combinations(range(len(steps)), count):
            reachable = {offer for number in served for offer in steps[number].offers}
            cut = sum((stock[offer] for offer in reachable), Decimal(0))
            cut += sum((step.amount for number, step in enumerate(steps) if number not in served), Decimal(0))
            best = min(best, cut)
    return best


@given(problems())
def test_a_proposal_meets_as_much_of_the_first_as_can_be_then_of_the_next(problem):
    stock, steps = problem
    given_ = filled(stock, steps)
    for offer, amount in stock.items():
        assert sum((much for (which, _), much in given_.items() if which == offer), Decimal(0)) <= amount
    assert all(amount > 0 for amount in given_.values())
    before = Decimal(0)
    for number, step in enumerate(steps):
        together = most(stock, steps[: number + 1])
        got = sum((much for (_, need), much in given_.items() if need == step.requirement), Decimal(0))
        assert got == together - before
        before = together


def test_offers_meet_needs_by_priority_readiness_transport_and_consent():
    day = (START + 90 * DAY).date()
    state = needing(needing(State(), "tank", "10", "20", day, 2), "tank", "4", "4", day - 30 * DAY, 1)
    state = offering(offering(offering(state, 1, "6"), 2, "20", maker="DEU"), 3, "50", ready=day + DAY)
    found: list[object] = [(one.offer, one.requirement, int(one.amount), one.consent) for one in proposed(state, START)]
    assert found == [
        ("F-1", "Q-2", 4, "not_needed"), ("F-1", "Q-1", 2, "not_needed"), ("F-2", "Q-1", 18, "awaited"),
    ]  # fmt: skip
    asked = acts.ReexportRequested("X-1", "F-2", "POL", "DEU", START + 9 * DAY)
    state = evolve(state, asked, Place(START, START, 9_200))
    for consents, expected in ((True, "given"), (False, None)):
        answered = evolve(state, acts.ReexportAnswered("X-1", consents), Place(START, START, 9_201))
        said = [one.consent for one in proposed(answered, START) if one.offer == "F-2"]
        assert said == ([expected] if expected else [])
    assert proposed(state, START, ways=("air",)) == []


def test_silence_of_the_maker_state_is_no_consent():
    state = needing(State(), "tank", "4", "4", (START + 90 * DAY).date())
    state = offering(state, 1, "6", maker="DEU")
    asked = acts.ReexportRequested("X-1", "F-1", "POL", "DEU", START + 9 * DAY)
    state = evolve(state, asked, Place(START, START, 9_200))
    assert [one.consent for one in proposed(state, START)] == ["awaited"]
    state = evolve(state, acts.ReexportUnanswered("X-1"), Place(START, START, 9_201))
    assert proposed(state, START) == []
