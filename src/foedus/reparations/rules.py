"""The rules of reparations: decide, follow, due and options. Pure: no clock, network, database or setting.

Each handler lives with its subject: assets, money, claims, distributions. This module is their table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, get_args

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Compensation
from foedus.reparations import acts, assets, claims, distributions, money, options_claims
from foedus.reparations.acts import ReparationsAct
from foedus.reparations.state import shown
from foedus.sanctions.acts import ConditionAttested, ConditionContested
from foedus.state import State

# Without one to speak of, options look at so many of the newest assets.
NEWEST = 5
REPARATIONS = "reparations"


def decide(clauses: Clauses, state: State, act: Act, at: datetime) -> tuple[Event, ...]:
    """What becomes true because of the act. Raises Refused with the clause."""
    return HANDLERS[type(act.body)](clauses, state, act, act.body, at)


def follow(clauses: Clauses, state: State, event: Event, at: datetime) -> tuple[Event, ...]:
    """What the event means here. Property is taken by acts of law alone; a word on a condition finds the account beside
    it.
    """
    return FOLLOWED[type(event)](clauses, state, event, at) if type(event) in FOLLOWED else ()


def due(clauses: Clauses, state: State, at: datetime) -> tuple[()]:
    """No time runs out here."""
    return ()


def options(
    clauses: Clauses,
    state: State,
    seat: str,
    at: datetime,
    about: str | None = None,
    kinds: frozenset[type] | None = None,
) -> Iterator[ReparationsAct]:
    """Acts of reparations that the seat may want to perform; the caller keeps those that decide accepts."""
    known = state.reparations.assets
    if about in (None, REPARATIONS):
        for _, clause in clauses.every(Compensation):
            for owner in clause.property_of:
                yield acts.ReportAsset("holder", "other", owner, _figure(at, len(known) + 1))
        for number in range(len(known), max(0, len(known) - NEWEST), -1):
            yield from _of_asset(state, f"AS-{number}", at)
        yield from options_claims.offered(clauses, state.reparations, at)
    elif about in known:
        yield from _of_asset(state, about, at)


def _figure(at: datetime, number: int) -> acts.Value:
    return acts.Value("0", str(number), "EUR", at.date(), "estimate", "discloser", "low")


def _of_asset(state: State, id_: str, at: datetime) -> Iterator[ReparationsAct]:
    asset = state.reparations.assets[id_]
    yield acts.ValueAsset(id_, _figure(at, len(asset.figures) + 1))
    for to in get_args(acts.Step):
        yield acts.MoveAsset(id_, to, "instrument", at)
    for case in asset.stayed_by:
        yield acts.RecordStay(id_, case, ended=True)
    yield acts.RecordStay(id_, "case")
    loan = f"L-{len(state.reparations.pledges) + 1}"
    for on in get_args(acts.PledgedPart):
        yield acts.PledgeAsset(id_, loan, on, "5", "EUR", "instrument")
    some = str(len(state.reparations.moved) + 1)  # a sum that no stand-in before it was recorded with
    yield acts.RecordIncome(id_, some, "EUR", "instrument")
    for one in sorted(state.reparations.pledges.values(), key=lambda pledge: pledge.loan)[:NEWEST]:
        if one.asset == id_:
            yield acts.RecordIncome(id_, shown(one.outstanding), one.currency, "instrument", one.loan)
    yield acts.RecordProceeds(id_, some, "EUR", "instrument")


HANDLERS: dict[type, Callable[[Clauses, State, Act, Any, datetime], tuple[Event, ...]]] = {
    acts.ReportAsset: assets.report,
    acts.ValueAsset: assets.value,
    acts.MoveAsset: assets.move,
    acts.RecordStay: assets.stay,
    acts.PledgeAsset: money.pledge,
    acts.RecordIncome: money.income,
    acts.RecordProceeds: money.proceeds,
    acts.DepositClaims: claims.deposit,
    acts.DecideClaims: claims.decide,
    acts.DecideDistribution: distributions.decide,
    acts.RevokeDistribution: distributions.revoke,
    acts.RecordRun: distributions.run,
    acts.RecordPayment: distributions.pay,
}
# Events from which something follows here.
FOLLOWED: dict[type, Callable[[Clauses, State, Any, datetime], tuple[Event, ...]]] = {
    ConditionAttested: claims.spoken_of,
    ConditionContested: claims.spoken_of,
}
