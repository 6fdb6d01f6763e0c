"""Money of assets: income set apart, pledged to loans, proceeds paid into the fund. No euro is used twice.

While an asset's income is pledged to a loan of which something is outstanding, income serves that loan and nothing
else. While its principal is pledged, no proceeds of it reach the fund. Every act moves money between two accounts, so
that the ledger adds up to nothing in each currency; what was recorded is not recorded again.
"""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.parties.authority import permission
from foedus.reparations import acts
from foedus.reparations.assets import of_party
from foedus.reparations.state import FUND, Asset, Pledge, cents, shown
from foedus.state import State

# An asset bears income for the fund while it is held, and proceeds once it is transferred.
BEARS_INCOME = ("immobilised", "restrained", "ring_fenced", "forfeited")


def pledge(clauses: Clauses, state: State, act: Act, body: acts.PledgeAsset, at: datetime) -> tuple[Event, ...]:
    """A loan is secured by an asset once, and by what nothing else is secured by."""
    permit, _ = permission(clauses, state, act, at)
    asset = of_party(state, act, body.asset, permit.id)
    _positive(permit.id, body.amount)
    if body.loan in state.reparations.pledges:
        raise Refused(permit.id, "{loan} is secured already", loan=body.loan)
    other = _outstanding(state, asset, body.part)
    if other is not None:
        raise Refused(
            permit.id, "the {part} of {asset} is pledged to {loan} until that is served", part=body.part,
            asset=asset.id,
            loan=other.loan,
        )  # fmt: skip
    if asset.standing not in BEARS_INCOME:
        raise Refused(
            permit.id, "{asset} is {standing}: nothing of it can be pledged or set apart", asset=asset.id,
            standing=asset.standing,
        )  # fmt: skip
    return (acts.AssetPledged(asset.id, body.loan, body.part, body.amount, body.currency, body.instrument),)


def income(clauses: Clauses, state: State, act: Act, body: acts.RecordIncome, at: datetime) -> tuple[Event, ...]:
    """Income is set apart for the fund, or serves the loan that it is pledged to; of one currency, and never more than
    is outstanding.
    """
    permit, _ = permission(clauses, state, act, at)
    asset = of_party(state, act, body.asset, permit.id)
    _positive(permit.id, body.amount)
    if asset.standing not in BEARS_INCOME:
        raise Refused(
            permit.id, "{asset} is {standing}: nothing of it can be pledged or set apart", asset=asset.id,
            standing=asset.standing,
        )  # fmt: skip
    first = _outstanding(state, asset, "income")
    if first is not None and body.loan != first.loan:
        raise Refused(
            permit.id, "income of {asset} is pledged to {loan}: it serves that and nothing else", asset=asset.id,
            loan=first.loan,
        )  # fmt: skip
    if body.loan is None:
        _once(state, permit.id, body, f"income/{asset.id}", FUND)
        return (acts.IncomeSetApart(asset.id, body.amount, body.currency, body.instrument, body.reference),)
    owed = state.reparations.pledges.get(body.loan)
    if owed is None or owed.asset != asset.id or not owed.outstanding:
        raise Refused(
            permit.id, "nothing of {asset} is pledged to {loan}, or it is served", asset=asset.id, loan=body.loan
        )
    if body.currency != owed.currency or cents(body.amount) > owed.outstanding:
        raise Refused(
            permit.id, "{loan} has {amount} {currency} outstanding: no more than that can serve it", loan=owed.loan,
            amount=shown(owed.outstanding), currency=owed.currency,
        )  # fmt: skip
    _once(state, permit.id, body, f"income/{asset.id}", f"loan/{owed.loan}")
    return (acts.LoanServed(asset.id, owed.loan, body.amount, body.currency, body.instrument, body.reference),)


def proceeds(clauses: Clauses, state: State, act: Act, body: acts.RecordProceeds, at: datetime) -> tuple[Event, ...]:
    """What a transferred asset brought is paid into the fund, free of every pledge and stay."""
    permit, _ = permission(clauses, state, act, at)
    asset = of_party(state, act, body.asset, permit.id)
    _positive(permit.id, body.amount)
    if asset.standing != "transferred":
        raise Refused(
            permit.id, "{asset} is {standing}: only what is transferred brings proceeds", asset=asset.id,
            standing=asset.standing,
        )  # fmt: skip
    if asset.stayed_by:
        raise Refused(
            permit.id, "{asset} is under a court's stay in {case}: nothing of it is paid out", asset=asset.id,
            case=asset.stayed_by[0],
        )  # fmt: skip
    owed = _outstanding(state, asset, "principal")
    if owed is not None:
        raise Refused(
            permit.id, "the {part} of {asset} is pledged to {loan} until that is served", part="principal",
            asset=asset.id, loan=owed.loan,
        )  # fmt: skip
    _once(state, permit.id, body, f"asset/{asset.id}", FUND)
    return (acts.ProceedsPaid(asset.id, body.amount, body.currency, body.instrument, body.reference),)


def _once(state: State, clause: str, body: acts.RecordIncome | acts.RecordProceeds, source: str, to: str) -> None:
    """Refused where this very payment is on record: between the same accounts, by the same act of law, of as much,
    under the same reference. By one act of law the same sum may be paid again: a reference of its own says so.
    """
    said = (source, to, cents(body.amount), body.currency, body.instrument, body.reference or "")
    for one in state.reparations.moved.values():
        if (one.source, one.to, one.amount, one.currency, one.instrument, one.reference) == said:
            raise Refused(
                clause, "{amount} {currency} of {asset} by {instrument} is recorded already, in entry {entry}: another"
                " payment has a reference of its own", amount=shown(one.amount), currency=one.currency,
                asset=body.asset, instrument=one.instrument, entry=one.place.entry,
            )  # fmt: skip


def _positive(clause: str, amount: str) -> None:
    if not cents(amount):
        raise Refused(clause, "an amount above nothing was expected")


def _outstanding(state: State, asset: Asset, part: str) -> Pledge | None:
    """The pledge of an asset's income or principal of which something is outstanding; there is one at most."""
    pledges = (one for one in state.reparations.pledges.values() if one.asset == asset.id and one.part == part)
    return next((one for one in pledges if one.outstanding), None)
