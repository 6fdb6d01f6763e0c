"""The ledger of money that moved, in double entry: what each account holds, and the same as a Beancount file.

Every movement takes from one account what it gives to another, so that all accounts add up to nothing in each currency.
It knows only what is on record: what a bank holds is not proved by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from foedus.reparations.state import Moving, Pledge, State, shown


def movements(state: State) -> Iterator[Moving]:
    """Every movement, in order."""
    return (state.moved[number] for number in range(1, len(state.moved) + 1))


def balances(state: State) -> dict[tuple[str, str], int]:
    """What each account holds of each currency, in cents; in the order of names. What gave more than it got is below
    nothing.
    """
    found: dict[tuple[str, str], int] = {}
    for one in movements(state):
        for account, amount in ((one.source, -one.amount), (one.to, one.amount)):
            found[account, one.currency] = found.get((account, one.currency), 0) + amount
    return dict(sorted(found.items()))


def secured(state: State, at: datetime, known: datetime) -> dict[str, list[Pledge]]:
    """What each asset secures, by the asset's id in the order of pledges, as it stood `at`, as `known`."""
    served: dict[str, int] = {}
    for one in movements(state):
        if one.to.startswith("loan/") and one.place.seen(at, known):
            loan = one.to.partition("/")[2]
            served[loan] = served.get(loan, 0) + one.amount
    found: dict[str, list[Pledge]] = {}
    for pledge in sorted(state.pledges.values(), key=lambda one: one.place.entry):
        if pledge.place.seen(at, known):
            found.setdefault(pledge.asset, []).append(replace(pledge, served=served.get(pledge.loan, 0)))
    return found


def beancount(state: State) -> str:
    """The ledger as Beancount reads it, each movement with its entry and the act of law it rests on."""
    lines: list[str] = []
    opened: set[str] = set()
    for one in movements(state):
        day = one.place.at.date().isoformat()
        accounts = [_account(name) for name in (one.source, one.to)]
        lines += [f"{day} open {account}" for account in accounts if account not in opened]
        opened.update(accounts)
        lines += [
            f'{day} * "{one.instrument}"',
            f"  entry: {one.place.entry}",
            *([f'  reference: "{one.reference}"'] if one.reference else []),
            f"  {accounts[0]}  {shown(-one.amount)} {one.currency}",
            f"  {accounts[1]}  {shown(one.amount)} {one.currency}",
        ]
    return "\n".join([*lines, ""])


_ROOTS = {"asset": "Equity:Assets", "income": "Income:Assets", "loan": "Liabilities:Loans", "fund": "Assets:Fund",
          "award": "Liabilities:Awards", "payment": "Expenses:Payments"}  # fmt: skip


def _account(name: str) -> str:
    """`income/AS-1` is `Income:Assets:XAS-1`; what Beancount does not allow in a code is written as its number."""
    kind, _, of = name.partition("/")
    if not of:
        return _ROOTS[kind]
    return f"{_ROOTS[kind]}:X{re.sub(r'[^A-Za-z0-9-]', lambda one: f'-{ord(one[0])}-', of)}"
