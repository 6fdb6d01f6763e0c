"""Acts about claims and distributions that a seat may want to perform; the caller keeps those that decide accepts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from math import floor
from typing import get_args

from foedus.acts import PLACEHOLDER
from foedus.compact.clauses import Clauses
from foedus.compact.model import Claims
from foedus.compact.model import Distribution as Clause
from foedus.reparations import acts
from foedus.reparations.acts import ReparationsAct
from foedus.reparations.claims import REGISTER, awards
from foedus.reparations.distributions import holds, in_order, rule_digest
from foedus.reparations.state import State, shown

NEWEST = 3


def offered(clauses: Clauses, state: State, at: datetime) -> Iterator[ReparationsAct]:
    """What may be said of claims and distributions: of the newest batches, and of the newest distribution."""
    claims, sharing = clauses.one(Claims), clauses.one(Clause)
    if claims is not None:
        yield from _claims(claims[1], state, at)
    if sharing is not None:
        yield from _distributions(sharing[1], state)


def _claims(clause: Claims, state: State, at: datetime) -> Iterator[ReparationsAct]:
    code = clause.categories[0].id
    day = max(clause.since, at.date())
    one = (acts.Total(code, "EUR", 1, "1.00"),)
    yield acts.DepositClaims(clause.register.id, clause.measures[0], PLACEHOLDER, 1, day, one)
    for number in range(len(state.batches), max(0, len(state.batches) - NEWEST), -1):
        batch = state.batches[f"CB-{number}"]
        some = (acts.Total(batch.totals[0].category, batch.totals[0].currency, 1, "1.00"),)
        for to in get_args(acts.Decided):
            body = clause.register.id if to in REGISTER else clause.commission.id
            yield acts.DecideClaims(batch.id, to, body, PLACEHOLDER, 1, some, "instrument")
        for award in batch.decisions:
            yield acts.DecideClaims(
                batch.id, "awarded", clause.commission.id, PLACEHOLDER, 1, some, "instrument", award.id
            )


def _distributions(clause: Clause, state: State) -> Iterator[ReparationsAct]:
    stand = awards(state)
    held, _ = holds(state, clause.currency)
    if stand and held > 0:
        reserve = floor(held * (clause.reserve or Fraction(0)))
        yield acts.DecideDistribution(
            clause.decided_by.id, rule_digest(clause), f"CD-{state.decided}", PLACEHOLDER, PLACEHOLDER,
            sum(one.rows for one in stand), shown(held), clause.currency, "0.00", shown(reserve),
            shown(held - reserve), "instrument",
        )  # fmt: skip
    for one in in_order(state)[-NEWEST:]:
        yield acts.RevokeDistribution(one.id, clause.decided_by.id, "instrument")
        yield acts.RecordRun(one.id, one.result, one.rows, shown(one.paid))
        if one.outstanding:
            yield acts.RecordPayment(one.id, PLACEHOLDER, 1, "0.01", one.currency, "instrument")
