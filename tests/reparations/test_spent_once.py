"""No asset is spent twice, whatever order parties act in: what secures a loan is for nothing else, a stay is heeded,
and every euro that left an asset came to one place.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from foedus import rules
from foedus.acts import Act
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.reparations import acts
from foedus.reparations.assets import FOR_GOOD
from foedus.reparations.ledger import balances
from foedus.reparations.state import FUND, State, cents
from foedus.signing import statement_for
from foedus.state import State as Whole
from tests.web.small_exercise import START, Small

SEAT = "POL/foreign"
ASSETS, LOANS = [f"AS-{number}" for number in range(1, 5)], [f"loan-{number}" for number in range(8)]
STEPS: list[acts.Step] = [
    *("immobilised", "immobilised", "immobilised", "immobilised"),
    *("forfeited", "sold", "transferred", "transferred", "paid_out", "released"),
]


def drawn(random: Random) -> Iterator[acts.ReparationsAct]:
    """Acts without end, most of which nobody may perform as things stand."""
    while True:
        asset, loan, amount = random.choice(ASSETS), random.choice(LOANS), random.choice(("0.01", "1", "2.50", "5"))
        currency = random.choice(("EUR", "EUR", "EUR", "USD"))
        reference = random.choice((None, "payment-1", f"payment-{random.randrange(2, 99)}"))
        yield random.choice((
            acts.MoveAsset(asset, random.choice(STEPS), "law", START),
            acts.RecordStay(asset, "case", ended=random.random() < 0.5),
            acts.PledgeAsset(asset, loan, random.choice(("income", "principal")), amount, currency, "law"),
            acts.RecordIncome(asset, amount, currency, "law", random.choice((None, loan)), reference),
            *(acts.RecordProceeds(asset, amount, currency, "law", reference),) * 2,
        ))  # fmt: skip


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Iterator[tuple[Clauses, Whole]]:
    """Four assets of the aggressor in one jurisdiction."""
    small = Small(tmp_path_factory.mktemp("spent") / "record")
    figure = acts.Value("5", "6", "EUR", date(2026, 9, 30), "statement", "bank", "high")
    for _ in ASSETS:
        small.do(SEAT, acts.ReportAsset("depository", "cash", "RUS", figure))
    yield small.depositary.clauses, small.depositary.state
    small.depositary.close()


def owed(state: State, asset: str, part: str) -> int:
    """What loans secured by a part of an asset have outstanding, from the ledger alone."""
    served = {
        name.partition("/")[2]: amount for (name, _), amount in balances(state).items() if name.startswith("loan/")
    }
    return sum(
        one.amount - served.get(one.loan, 0) for one in state.pledges.values() if (one.asset, one.part) == (asset, part)
    )


def allowed(before: State, event: object) -> bool:
    """What the compact says of one event, said again from what stood before it."""
    if isinstance(event, acts.ProceedsPaid):
        asset = before.assets[event.asset]
        return asset.standing == "transferred" and not asset.stayed_by and not owed(before, asset.id, "principal")
    if isinstance(event, acts.IncomeSetApart):
        return not owed(before, event.asset, "income")
    if isinstance(event, acts.LoanServed):
        pledge = before.pledges[event.loan]
        others = [one for one in before.pledges.values() if (one.asset, one.part) == (event.asset, "income")]
        return (pledge.asset, pledge.currency) == (event.asset, event.currency) and (
            pledge.part == "income" or not any(one.outstanding for one in others if one.loan != event.loan)
        )
    if isinstance(event, acts.AssetPledged):
        return not owed(before, event.asset, event.part) and event.loan not in before.pledges
    if isinstance(event, acts.AssetMoved) and event.to in FOR_GOOD:
        return not before.assets[event.asset].stayed_by
    if isinstance(event, acts.AssetMoved) and event.to == "released":
        return not owed(before, event.asset, "income") + owed(before, event.asset, "principal")
    return True


@settings(max_examples=40, phases=[Phase.generate])  # a play is one seed, and no smaller one is like it
@given(st.randoms(use_true_random=False))
def test_no_asset_is_spent_twice(begun, random):
    clauses, state = begun
    for body in islice(drawn(random), 400):
        statement = statement_for(state, SEAT, body, START)
        act = Act(statement.id, SEAT, "POL", "foreign", (SEAT,), body, statement)
        try:
            events, after = rules.enact(clauses, state, act, START)
        except Refused:
            continue
        for event in events:
            assert allowed(state.reparations, event), event
        state = after
    found = state.reparations
    money = balances(found)
    for currency in ("EUR", "USD"):
        assert sum(amount for (_, of), amount in money.items() if of == currency) == 0
        out = -sum(
            amount for (name, of), amount in money.items() if name.startswith(("asset/", "income/")) and of == currency
        )
        into = sum(
            amount for (name, of), amount in money.items() if name.startswith((FUND, "loan/")) and of == currency
        )
        assert out == into, "what left assets is in the fund or with those who lent, and once"
    paid = [
        (one.source, one.to, one.amount, one.currency, one.instrument, one.reference) for one in found.moved.values()
    ]
    assert len(set(paid)) == len(paid), "no payment is recorded twice"
    for pledge in found.pledges.values():
        assert 0 <= pledge.served <= pledge.amount
        assert money.get((f"loan/{pledge.loan}", pledge.currency), 0) == pledge.served


def test_what_it_tries_reaches_all_of_it(begun):
    """The law would hold of nothing as well: a play by hand takes each of its ways."""
    clauses, state = begun
    for body in (
        acts.MoveAsset("AS-1", "immobilised", "law", START),
        acts.PledgeAsset("AS-1", "era", "income", "5", "EUR", "law"),
        acts.RecordIncome("AS-1", "5", "EUR", "law", "era"),
        acts.RecordIncome("AS-1", "1", "EUR", "law"),
        acts.MoveAsset("AS-1", "forfeited", "law", START),
        acts.MoveAsset("AS-1", "transferred", "law", START),
        acts.RecordProceeds("AS-1", "7", "EUR", "law"),
    ):
        statement = statement_for(state, SEAT, body, START)
        act = Act(statement.id, SEAT, "POL", "foreign", (SEAT,), body, statement)
        _, state = rules.enact(clauses, state, act, START)
    assert balances(state.reparations)[FUND, "EUR"] == cents("8")
