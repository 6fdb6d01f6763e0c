"""Laws of the ledger: it adds up to nothing in each currency, no euro is used twice, and Beancount reads the same."""

from __future__ import annotations

import csv
import os
import re
import subprocess
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from beancount import loader
from beancount.core import data
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.history import Place
from foedus.reparations import acts
from foedus.reparations.ledger import balances, beancount, movements
from foedus.reparations.state import State, evolve
from tools.second_opinions import HOW, hledger

AMOUNTS = st.integers(1, 10**9).map(lambda cents: f"{cents // 100}.{cents % 100:02}")
REFERENCES = st.none() | st.just("statement-2/17")
ASSETS, CURRENCIES = st.sampled_from(("AS-1", "AS-2")), st.sampled_from(("EUR", "USD"))
MONEY = st.one_of(
    st.builds(acts.IncomeSetApart, ASSETS, AMOUNTS, CURRENCIES, st.just("act-1"), REFERENCES),
    st.builds(acts.ProceedsPaid, ASSETS, AMOUNTS, CURRENCIES, st.just("act-2"), REFERENCES),
    st.builds(
        acts.LoanServed, ASSETS, st.sampled_from(("era.1", "UK/2")), AMOUNTS, CURRENCIES, st.just("act-3"), REFERENCES
    ),
)


def played(events) -> State:
    state = State()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for loan in ("era.1", "UK/2"):
        pledged = acts.AssetPledged("AS-1", loan, "income", "999999999999", "EUR", "act-0")
        state = evolve(state, pledged, Place(at, at, 1))
    for number, event in enumerate(events, 2):
        state = evolve(state, event, Place(at, at, number))
    return state


@given(st.lists(MONEY, max_size=20))
def test_it_adds_up_to_nothing_in_each_currency(events):
    state = played(events)
    sums: dict[str, int] = defaultdict(int)
    for (_, currency), amount in balances(state).items():
        sums[currency] += amount
    assert set(sums.values()) <= {0}
    assert len([*movements(state)]) == len(events)
    served = sum(pledge.served for pledge in state.pledges.values())
    assert served == sum(amount for (name, _), amount in balances(state).items() if name.startswith("loan/"))


@settings(max_examples=20)
@given(st.lists(MONEY, min_size=1, max_size=8))
def test_beancount_accepts_it_and_holds_the_same(events):
    state = played(events)
    entries, errors, _ = loader.load_string(beancount(state))
    assert errors == []
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        for posting in entry.postings if isinstance(entry, data.Transaction) else ():
            assert posting.units is not None
            assert posting.units.number is not None
            found[posting.account, posting.units.currency] += posting.units.number
    assert sorted(found.values()) == sorted(Decimal(amount).scaleb(-2) for amount in balances(state).values())


def by_hledger(text: str) -> list[Decimal]:
    """What every account holds at the end, as hledger adds up what is written for Beancount."""
    lines = [
        re.sub(r"^(\s+)([a-z-]+:)", r"\1; \2", line)
        for line in text.splitlines()
        if not re.match(r"option |[0-9-]{10} (open|commodity) ", line)
    ]
    path = hledger()
    assert path is not None, HOW
    command = [path, "-f", "-", "balance", "--flat", "--no-total", "--layout", "bare", "-E", "-O", "csv"]
    ran = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return [Decimal(row["balance"]) for row in csv.DictReader(ran.stdout.splitlines()) if row["commodity"]]


@pytest.mark.skipif(hledger() is None and os.environ.get("CI") != "true", reason=HOW)
@settings(max_examples=10, deadline=None)
@given(st.lists(MONEY, min_size=1, max_size=8))
def test_hledger_comes_to_the_same(events):
    state = played(events)
    ours = sorted(Decimal(amount).scaleb(-2) for amount in balances(state).values() if amount)
    assert sorted(one for one in by_hledger(beancount(state)) if one) == ours
