"""The account as double entry: nothing comes onto an account that does not leave another, what came is the total, and
what it is worth under a policy.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given

from foedus.commitments import acts
from foedus.commitments.acts import Quantity
from foedus.commitments.ledger import BEFORE, balances, lines
from foedus.commitments.sources.policies import event_date, of_release, table
from foedus.commitments.sources.to_beancount import from_account
from foedus.commitments.state import Bounds, State, each_sum, evolve
from foedus.commitments.valuing import Policy, Rate, moneys, rounded, valued
from foedus.history import Place
from tests.commitments.made import START, histories, in_order, recorded
from tests.commitments.sources.real import RELEASE_7, needs_files, vintage


def by_unit(state: State) -> dict[str, Bounds]:
    whole: dict[str, Bounds] = {}
    for line in lines(state):
        whole[line.unit] = whole.get(line.unit, Bounds()).plus(line.amount)
    return whole


@given(histories())
def test_every_commodity_adds_up_to_nothing_after_every_event(lives):
    told = in_order(lives)
    for count in range(len(told) + 1):
        assert set(by_unit(recorded(told[:count])).values()) <= {Bounds()}


@given(histories())
def test_both_sides_of_a_movement_are_of_one_party_and_unit(lives):
    every = iter(lines(recorded(in_order(lives))))
    for to, of in zip(every, every, strict=True):
        assert (to.moved, to.party, to.unit, to.amount.plus(of.amount)) == (of.moved, of.party, of.unit, Bounds())
        assert of.account == BEFORE[to.account]


@given(histories())
def test_what_ever_came_onto_an_account_is_the_total_of_its_stage(lives):
    state = recorded(in_order(lives))
    came: dict[tuple[str, ...], Bounds] = {}
    every = iter(lines(state))
    for to, _ in zip(every, every, strict=True):
        key = (to.account, to.party, to.kind, to.unit, to.year)
        came[key] = came.get(key, Bounds()).plus(to.amount)
    assert {key: amount for key, amount in came.items() if amount != Bounds()} == dict(each_sum(state))


@given(histories())
def test_the_ledger_is_accepted_and_stands_as_the_account(lives):
    from beancount import loader
    from beancount.core import realization

    state = recorded(in_order(lives))
    entries, errors, _ = loader.load_string(from_account(state).decode())
    assert not errors
    stand = realization.realize(entries)
    for (account, party, unit), amount in balances(lines(state)).items():
        kind = "Equity" if account in ("promised", "given") else "Assets"
        at = realization.get(stand, f"{kind}:{account.capitalize()}:{party}")
        held = {} if at is None else {one.units.currency: one.units.number for one in at.balance}
        code = unit if unit.isupper() else f"X-{unit.upper()}" if len(unit) <= 3 else None
        if code is not None:
            assert held.get(code, Decimal(0)) == amount.low


# --- what it is worth ---------------------------------------------------------------------------------------


def told(*figures: tuple[str, str, date | None]) -> State:
    state = State()
    for number, (currency, amount, priced) in enumerate(figures):
        quantity = Quantity(currency, amount, price_date=priced)
        undertaken = acts.ObligationUndertaken(
            f"O-{number + 1}", "POL", "kyiv-2022", "P2.arms", "financial", "fixed", quantity, "legal", "UKR"
        )
        state = evolve(state, undertaken, Place(START, START, number))
    return state


def test_an_amount_without_a_rate_is_shown_and_never_dropped():
    state = told(("USD", "110", date(2024, 2, 1)), ("UAH", "500", None), ("EUR", "5", None))
    policy = Policy("budget_rate", lambda code, _: {"USD": Rate(Decimal("1.1"), None, "a budget"),
                                                    "EUR": Rate(Decimal(1), None, "")}.get(code))  # fmt: skip
    (worth,) = valued(state, policy, ("stage",))
    assert (worth.key, worth.euros) == (("committed",), Bounds(Decimal("105.00"), Decimal("105.00")))
    assert worth.not_converted == {"UAH": Bounds(Decimal(500), Decimal(500))}


def test_money_is_converted_at_the_day_of_its_prices():
    state = told(("USD", "1085.1", date(2024, 2, 1)))
    (worth,) = valued(state, event_date(), ("stage",))
    rate = event_date().rate("USD", date(2024, 2, 1))
    assert rate is not None
    assert rate.source == "ECB"
    assert worth.euros.low == (Decimal("1085.1") / rate.per_euro).quantize(Decimal("0.01"))


@given(histories())
def test_at_a_rate_of_one_what_is_converted_is_what_was_said(lives):
    state = recorded(in_order(lives))
    policy = Policy("one", lambda _code, _day: Rate(Decimal(1), None, "test"))
    said: dict[str, Bounds] = {}
    for _, _, ((stage, *_rest), amount) in moneys(state):
        said[stage] = said.get(stage, Bounds()).plus(amount)
    assert {one.key[0]: one.euros for one in valued(state, policy, ("stage",))} == {
        stage: rounded(amount) for stage, amount in said.items()
    }


def test_constant_prices_and_budget_rates_come_from_a_table_with_source_and_day(tmp_path):
    from foedus.commitments.sources.policies import named

    path = tmp_path / "rates.csv"
    path.write_text(
        "what,currency,year,value,source,stated_on\n"
        "budget_rate,USD,2024,1.25,a budget,2023-12-01\n"
        "price_index,EUR,2021,100,an office,2025-01-01\n"
        "price_index,EUR,2024,120,an office,2025-01-01\n",
        "utf-8",
    )
    rates = table(path)
    assert named("budget_rate", rates, START.date()).rate("USD", date(2024, 5, 1)) == Rate(
        Decimal("1.25"), date(2023, 12, 1), "a budget"
    )
    assert named("budget_rate", rates, START.date()).rate("USD", date(2025, 5, 1)) is None
    constant = named("constant_prices:2021", rates, START.date()).rate("EUR", date(2024, 5, 1))
    assert constant is not None
    assert Decimal(120) / constant.per_euro == 100


@needs_files
def test_one_rate_for_all_days_and_the_rate_of_each_day_differ_by_what_was_measured():
    """One rate for all days is in the source; by the day's own rate its money is worth some four per cent less."""
    rows = [
        one for one in vintage(RELEASE_7).rows
        if one.money and one.eur is not None and one.standing == "counted" and one.money.currency != "TWD" and one.last
        and one.stage == "committed"
    ]  # fmt: skip
    release, days = of_release(rows, None, "7"), event_date()
    sums = []
    for policy in (release, days):
        total = Decimal(0)
        for one in rows:
            assert one.money is not None
            assert one.last is not None
            rate = policy.rate(one.money.currency, one.last)
            assert rate is not None
            total += one.money.amount / rate.per_euro
        sums.append(total / 1_000_000_000)
    assert Decimal("93.9") < sums[0] < Decimal(94)
    assert Decimal("-0.04") < sums[1] / sums[0] - 1 < Decimal("-0.03"), sums
