"""A fund shared out: decided by the body that the compact names, run once and as decided, then paid.

No rule computes who gets what: that is `foedus.claims.distribution`, over tables that no rule can see. Rules hold the
decision against the clause and the ledger, the run against the decision, and payments against the run.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from math import floor

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Distribution as Clause
from foedus.compact.model import encoded
from foedus.errors import Refused
from foedus.parties.authority import permission
from foedus.reparations import acts
from foedus.reparations.claims import awards, number
from foedus.reparations.state import FUND, Asset, Distribution, cents, shown
from foedus.reparations.state import State as Reparations
from foedus.state import State


def rule_digest(clause: Clause) -> str:
    """By what a decision names the rule: SHA-256 of the clause's canonical bytes."""
    return sha256(encoded(clause)).hexdigest()


def decide(clauses: Clauses, state: State, act: Act, body: acts.DecideDistribution, at: datetime) -> tuple[Event, ...]:
    """One distribution at a time, by the rule as it stands, over every award that stands, of money that is there."""
    permit, _ = permission(clauses, state, act, at)
    provision, clause = _clause(clauses, permit.id)
    known = state.reparations
    _body(provision, clause, body.body)
    if body.rule != rule_digest(clause) or body.currency != clause.currency:
        raise Refused(provision, "the rule is {expected} in {currency}; the decision names {found} in {other}",
                      expected=rule_digest(clause)[:8], currency=clause.currency, found=body.rule[:8],
                      other=body.currency)  # fmt: skip
    waiting = next((one for one in known.distributions.values() if one.open), None)
    if waiting is not None:
        raise Refused(provision, "{distribution} is decided over the same fund and was neither run nor revoked",
                      distribution=waiting.id)  # fmt: skip
    if number(body.up_to) != known.decided:
        raise Refused(provision, "the newest decision over claims is {expected}; the act goes up to {found}",
                      expected=f"CD-{known.decided}", found=body.up_to)  # fmt: skip
    rows = sum(one.rows for one in awards(known))
    if body.rows != rows:
        raise Refused(provision, "the awards that stand are {expected} claims; the decision says {rows}",
                      expected=rows, rows=body.rows)  # fmt: skip
    _sums(provision, clause, body)
    _there(known, provision, cents(body.fund), body.currency)
    id_ = f"DS-{len(known.distributions) + 1}"
    return (
        acts.DistributionDecided(
            id_, provision, body.rule, body.up_to, body.dry_run, body.result, body.rows, body.fund,
            body.currency, body.paid, body.reserve, body.left, body.instrument,
        ),
    )  # fmt: skip


def revoke(clauses: Clauses, state: State, act: Act, body: acts.RevokeDistribution, at: datetime) -> tuple[Event, ...]:
    """What was not run may be taken back, by the body that decided it."""
    permit, _ = permission(clauses, state, act, at)
    provision, clause = _clause(clauses, permit.id)
    _body(provision, clause, body.body)
    return (acts.DistributionRevoked(_open(state.reparations, provision, body.distribution).id, body.instrument),)


def run(clauses: Clauses, state: State, act: Act, body: acts.RecordRun, at: datetime) -> tuple[Event, ...]:
    """A run comes to exactly what was decided; the money must still be there, free of every court's stay."""
    permit, _ = permission(clauses, state, act, at)
    one = _open(state.reparations, permit.id, body.distribution)
    if (body.result, body.rows, cents(body.paid)) != (one.result, one.rows, one.paid):
        raise Refused(permit.id, "{distribution} was decided with the result {expected}; the run came to {found}: "
                      "make it again from the same tables", distribution=one.id, expected=one.result[:8],
                      found=body.result[:8])  # fmt: skip
    _there(state.reparations, permit.id, one.fund, one.currency)
    return (acts.RunRecorded(one.id, shown(one.paid), one.currency),)


def pay(clauses: Clauses, state: State, act: Act, body: acts.RecordPayment, at: datetime) -> tuple[Event, ...]:
    """Never more than the distribution still owes, and each table of payments once."""
    permit, _ = permission(clauses, state, act, at)
    one = _known(state.reparations, body.distribution)
    amount = cents(body.amount)
    if not amount:
        raise Refused(permit.id, "an amount above nothing was expected")
    if body.currency != one.currency or amount > one.outstanding:
        raise Refused(permit.id, "{distribution} owes claimants {amount} {currency}: no more than that can be paid",
                      distribution=one.id, amount=shown(one.outstanding), currency=one.currency)  # fmt: skip
    if any(body.table == other.table for other in one.payments):
        raise Refused(permit.id, "these payments of {distribution} are recorded already", distribution=one.id)
    return (acts.PaymentRecorded(one.id, body.table, body.rows, body.amount, body.currency, body.instrument),)


def _clause(clauses: Clauses, permit: str) -> tuple[str, Clause]:
    found = clauses.one(Clause)
    if found is None:
        raise Refused(permit, "no clause of the compact says how a fund is shared out")
    return found[0].id, found[1]


def _body(provision: str, clause: Clause, said: str) -> None:
    if said != clause.decided_by.id:
        raise Refused(provision, "a distribution is decided by {body}; the act names {found}",
                      body=clause.decided_by.id, found=said)  # fmt: skip


def _known(state: Reparations, id_: str) -> Distribution:
    found = state.distributions.get(id_)
    if found is None:
        raise Refused("record/reference", "there is no distribution {distribution}", distribution=id_)
    return found


def _open(state: Reparations, permit: str, id_: str) -> Distribution:
    found = _known(state, id_)
    if not found.open:
        raise Refused(permit, "{distribution} was run or revoked already", distribution=id_)
    return found


def in_order(state: Reparations) -> tuple[Distribution, ...]:
    """Every distribution in the order in which they were decided."""
    return tuple(sorted(state.distributions.values(), key=lambda one: number(one.id)))


def earlier(state: Reparations, one: Distribution) -> tuple[Distribution, ...]:
    """Distributions that had been run when this one was decided: what they paid counts."""
    return tuple(
        other for other in in_order(state) if other.run is not None and other.run.entry < one.place.entry
    )  # fmt: skip


def _sums(provision: str, clause: Clause, body: acts.DecideDistribution) -> None:
    """What is stated adds up: paid, reserve and what is left are the fund, and the reserve is the clause's."""
    fund, reserve = cents(body.fund), cents(body.reserve)
    found = cents(body.paid) + reserve + cents(body.left)
    if not fund or found != fund:
        raise Refused(provision, "paid, reserve and left come to {found} {currency}; the fund is {fund}",
                      found=shown(found), currency=body.currency, fund=shown(fund))  # fmt: skip
    expected = floor(fund * (clause.reserve or Fraction(0)))
    if reserve != expected:
        raise Refused(provision, "the reserve of this fund is {expected} {currency}; {found} is stated",
                      expected=shown(expected), found=shown(reserve), currency=body.currency)  # fmt: skip


def _there(state: Reparations, clause: str, fund: int, currency: str) -> None:
    """The fund holds so much, without what came of property that a court stays."""
    held, stayed = holds(state, currency)
    if fund > held:
        raise Refused(clause, "the fund holds {held} {currency}: {fund} cannot be shared out", held=shown(held),
                      currency=currency, fund=shown(fund))  # fmt: skip
    kept = min(held, sum(amount for _, amount in stayed))
    if fund > held - kept:
        asset = stayed[0][0]
        raise Refused(
            clause, "{asset} is under a court's stay in {case}: without it the fund holds {held} {currency}",
            asset=asset.id, case=asset.stayed_by[0], held=shown(held - kept), currency=currency,
        )  # fmt: skip


def holds(state: Reparations, currency: str) -> tuple[int, tuple[tuple[Asset, int], ...]]:
    """What the fund holds in a currency, in cents, and what came into it of each asset that a court stays now.

    Money in the fund is not told apart once it is there: what came of stayed property is kept back whole, as long as
    the fund holds so much.
    """
    held = 0
    came: dict[str, int] = {}
    for one in state.moved.values():
        if one.currency != currency:
            continue
        held += (one.to == FUND) * one.amount - (one.source == FUND) * one.amount
        if one.to == FUND:
            asset = one.source.partition("/")[2]
            came[asset] = came.get(asset, 0) + one.amount
    stayed = ((state.assets[id_], amount) for id_, amount in sorted(came.items()))
    return held, tuple((asset, amount) for asset, amount in stayed if asset.stayed_by)
