"""The account as double entry: what every subject moves from one account to the next, in its own unit.

    for line in lines(state): …            every movement, with what it is of
    balances(lines(state))                 what stands on each account

A movement takes from one account of a party what it puts on the next, so that each is zero in every commodity, and so
is the whole: `promised` → `committed` → `scheduled` → `allocated` → `delivered` → `received` → `verified`. Money of
funders moves beside it, from `given` to `funded`; a refund moves it between two of them. What is only intended moves
from `promised` to `intended` and no further. What ever came onto an account is the total of that stage, as pages and
commands have it; what is left there has not gone further, and less than nothing where more came than was announced.
The movements are made by the very functions that keep `State.sums`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from foedus.commitments import state as states
from foedus.commitments.acts import Quantity
from foedus.commitments.state import FUNDED, Bounds, Key, State
from foedus.history import Dated

# From which account each stage takes.
BEFORE = {
    "intended": "promised", "committed": "promised", "scheduled": "committed", "allocated": "scheduled",
    "delivered": "allocated", "received": "delivered", "verified": "received", FUNDED: "given",
}  # fmt: skip


class Line(Struct, frozen=True):
    """One side of a movement. `moved`: what was said once, as its id; `on`: its day; `amount`: what comes, or goes."""

    moved: str
    on: date
    account: str
    party: str
    kind: str
    unit: str
    year: str
    amount: Bounds


def lines(state: State) -> Iterator[Line]:
    """Every movement, both sides one after the other, in no order of time."""
    for id_, on, ((stage, party, kind, unit, year), amount) in said(state):
        for account, much in ((stage, amount), (BEFORE[stage], Bounds().minus(amount))):
            yield Line(id_, on, account, party, kind, unit, year, much)


def said(state: State) -> Iterator[tuple[str, date, tuple[Key, Bounds]]]:
    """What every subject adds to the sums, with its id and its day: of money that at which it was priced."""
    for id_, on, (key, amount) in _said(state):
        yield id_, on, (states.of_year(key), amount)


def _said(state: State) -> Iterator[tuple[str, date, tuple[Key, Bounds]]]:
    for one in state.obligations.values():
        starts = one.terms.starts_on if one.terms else None
        for posted in states.owed(one):
            year = states.of_year(posted[0])[4]
            on = _priced(one.figures) or starts or one.place.at.date()
            yield one.id, on if year in (str(on.year), states.UNDATED) else date(int(year), 1, 1), posted
    for tranche in state.tranches.values():
        on = _priced(tranche.figures) or states.due_day(tranche.due_at)
        for posted in states.planned(state.obligations[tranche.obligation], tranche):
            yield tranche.id, on, posted
    for package in state.allocations.values():
        on = _priced(package.values or package.figures) or package.place.at.date()
        for posted in states.set_aside(state.obligations[package.obligation], package):
            yield package.id, on, posted
    for delivery in state.deliveries.values():
        obligation = state.obligations[state.allocations[delivery.allocation].obligation]
        on = _priced(delivery.values or delivery.figures) or delivery.delivered_on
        for posted in states.arrived(obligation, delivery):
            yield delivery.id, on, posted
    for transfer in state.transfers.values():
        funded = state.allocations.get(transfer.allocation) if transfer.allocation else None
        kind = state.obligations[funded.obligation].kind if funded else states.UNDATED
        for posted in states.taken_over(kind, transfer):
            yield transfer.id, transfer.quantity.price_date or transfer.place.at.date(), posted


def _priced(figures: tuple[Dated[Quantity], ...]) -> date | None:
    return figures[-1].value.price_date if figures else None


def balances(every: Iterable[Line]) -> dict[tuple[str, str, str], Bounds]:
    """What stands on each account of a party, by unit; accounts on which nothing stands are left out."""
    found: dict[tuple[str, str, str], Bounds] = {}
    for line in every:
        name = (line.account, line.party, line.unit)
        found[name] = found.get(name, Bounds()).plus(line.amount)
    return {name: amount for name, amount in sorted(found.items()) if amount != Bounds()}
