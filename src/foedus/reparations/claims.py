"""Claims on the record: which batches may come in, and what may become of claims. Sums and counts, never a person.

The compact says which claims count; the register's and the commission's acts are recorded by a party, for neither has a
seat. Rules read what an act states; that the table says the same, row by row, is checked where the table is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Claims, Condition
from foedus.errors import Refused
from foedus.parties.authority import permission
from foedus.reparations import acts
from foedus.reparations.state import Batch, Decision, cents, shown
from foedus.reparations.state import State as Reparations
from foedus.sanctions.acts import ConditionAttested, ConditionContested
from foedus.state import State

# Whose decision each is: of the register, of the commission, or of those who claim, as the register says.
REGISTER, COMMISSION = ("recorded", "withdrawn", "appealed"), ("assessed", "awarded")
STAGES = ("claimed", "recorded", "assessed", "awarded", "refused", "withdrawn", "appealed")


def deposit(clauses: Clauses, state: State, act: Act, body: acts.DepositClaims, at: datetime) -> tuple[Event, ...]:
    """A batch of categories that the compact knows, of causes since its first day, kept by its register."""
    permit, _ = permission(clauses, state, act, at)
    provision, clause = _clause(clauses, permit.id)
    _by(provision, body.register, clause.register.id)
    if body.measure not in clause.measures:
        raise Refused(provision, "claims are not taken as {measured} here", measured=body.measure)
    if body.first_cause < clause.since:
        raise Refused(
            provision, "a cause of {day} is before {since}, the first day that counts",
            day=body.first_cause.isoformat(), since=clause.since.isoformat(),
        )  # fmt: skip
    if body.first_cause > at.date():
        raise Refused("record/time", "a cause of {day} cannot be known yet", day=body.first_cause.isoformat())
    _totals(clause, provision, body.totals, body.rows)
    known = next((one for one in state.reparations.batches.values() if one.table == body.table), None)
    if known is not None:
        raise Refused(provision, "these rows are {batch} already", batch=known.id)
    id_ = f"CB-{len(state.reparations.batches) + 1}"
    return (
        acts.ClaimsDeposited(
            id_, act.party, body.register, body.measure, body.table, body.rows, body.totals
        ),
    )  # fmt: skip


def decide(clauses: Clauses, state: State, act: Act, body: acts.DecideClaims, at: datetime) -> tuple[Event, ...]:
    """A decision by the body whose it is, over no more claims than could be so decided."""
    permit, _ = permission(clauses, state, act, at)
    provision, clause = _clause(clauses, permit.id)
    batch = state.reparations.batches.get(body.batch)
    if batch is None:
        raise Refused("record/reference", "there is no batch {batch}", batch=body.batch)
    bodies = {clause.register.id, clause.commission.id} if body.to == "refused" else (
        {clause.register.id} if body.to in REGISTER else {clause.commission.id})  # fmt: skip
    if body.body not in bodies:
        _by(provision, body.body, min(bodies))
    _totals(clause, provision, body.totals, body.rows)
    if any(one.table == body.table and one.to == body.to for one in batch.decisions):
        raise Refused(provision, "these rows of {batch} are {to} already", batch=batch.id, to=body.to)
    corrected = _corrected(provision, batch, body)
    for total in body.totals:
        most, had = _room(batch, body, total, corrected)
        if total.claims + had > most:
            raise Refused(
                provision, "of {batch}, {most} claims of {category} in {currency} could be {to}: {found} would be",
                batch=batch.id, most=most, category=total.category, currency=total.currency, to=body.to,
                found=total.claims + had,
            )  # fmt: skip
    id_ = f"CD-{state.reparations.decided + 1}"
    return (
        acts.ClaimsDecided(
            id_, batch.id, body.to, body.table, body.rows, body.totals, body.instrument, body.corrects
        ),
    )  # fmt: skip


def _clause(clauses: Clauses, permit: str) -> tuple[str, Claims]:
    """The provision that says which claims count; the loader lets no compact permit these acts without one."""
    found = clauses.one(Claims)
    if found is None:
        raise Refused(permit, "no clause of the compact says which claims count")
    return found[0].id, found[1]


def _by(provision: str, said: str, whose: str) -> None:
    if said != whose:
        raise Refused(provision, "this is for {body} to say; the act names {found}", body=whose, found=said)


def _totals(clause: Claims, provision: str, totals: tuple[acts.Total, ...], rows: int) -> None:
    """What is stated of a table agrees with itself: each category and currency once, and all of the rows."""
    known = {one.id for one in clause.categories}
    for one in totals:
        if one.category not in known:
            raise Refused(provision, "{category} is no category of claims here", category=one.category)
    keys = [(one.category, one.currency) for one in totals]
    if keys != sorted(set(keys)):
        raise Refused(provision, "each category and currency once, and in their order, was expected")
    found = sum(one.claims for one in totals)
    if found != rows:
        raise Refused(provision, "the totals come to {found} claims; the act says {rows}", found=found, rows=rows)


def _corrected(provision: str, batch: Batch, body: acts.DecideClaims) -> Decision | None:
    """The award that this one corrects: one that stands, of claims of which some were appealed since."""
    if body.corrects is None:
        return None
    place = next((at for at, one in enumerate(batch.decisions) if one.id == body.corrects), None)
    one = batch.decisions[place] if place is not None else None
    if one is None or place is None or body.to != "awarded" or not standing(one):
        raise Refused(provision, "{decision} is no award of {batch} that stands", decision=body.corrects,
                      batch=batch.id)  # fmt: skip
    if not any(later.to == "appealed" for later in batch.decisions[place + 1 :]):
        raise Refused(provision, "{decision} was not appealed: an award is corrected after an appeal", decision=one.id)
    return one


def standing(decision: Decision) -> bool:
    """Whether it is an award that no other took the place of."""
    return decision.to == "awarded" and decision.corrected is None


def _room(batch: Batch, body: acts.DecideClaims, total: acts.Total, but: Decision | None) -> tuple[int, int]:
    """How many claims of a category and currency could be so decided in all, and how many are already."""
    so = counted(batch, total.category, total.currency)
    corrected = _of(but, total) if but is not None else 0
    ever = sum(_of(one, total) for one in batch.decisions if one.to == "awarded")
    most = {
        "recorded": so["claimed"],
        "assessed": so["recorded"],
        "awarded": so["assessed"],
        "refused": so["claimed"] - so["withdrawn"] - so["awarded"],
        "withdrawn": so["claimed"] - so["refused"] - so["awarded"],
        "appealed": ever + so["refused"],
    }
    return most[body.to], so[body.to] - corrected


def _of(decision: Decision, total: acts.Total) -> int:
    return sum(one.claims for one in decision.totals if _key(one) == _key(total))


def _key(total: acts.Total) -> tuple[str, str]:
    return total.category, total.currency


def counted(batch: Batch, category: str, currency: str) -> dict[str, int]:
    """How many claims of a category and currency are claimed, and were decided each way."""
    found = dict.fromkeys(STAGES, 0)
    for to, totals in (("claimed", batch.totals), *((one.to, one.totals) for one in _counting(batch))):
        found[to] += sum(one.claims for one in totals if _key(one) == (category, currency))
    return found


def _counting(batch: Batch) -> Iterator[Decision]:
    """Decisions that count: of awards, those that stand."""
    return (one for one in batch.decisions if one.to != "awarded" or standing(one))


def awards(state: Reparations, up_to: str | None = None) -> tuple[Decision, ...]:
    """Every award that stands, in the order in which they were made; `up_to`: as it was after this decision."""
    last = number(up_to) if up_to is not None else state.decided
    every = [one for batch in state.batches.values() for one in batch.decisions if number(one.id) <= last]
    corrected = {one.corrects for one in every}
    return tuple(
        sorted(
            (one for one in every if one.to == "awarded" and one.id not in corrected), key=lambda one: number(one.id)
        )
    )


def number(id_: str) -> int:
    """The number in an id such as CD-3."""
    return int(id_.partition("-")[2])


# --- the account of compensation, put beside what parties say of a condition ----------------------------------


def account(state: Reparations) -> tuple[acts.Account, ...]:
    """In each currency what awards that stand come to, for damage and for loss, and what claimants were paid.

    Nothing is turned into another currency, and damage is not added to loss.
    """
    sums: dict[tuple[str, str], int] = {}
    for one in awards(state):
        for total in one.totals:
            key = (total.currency, state.batches[one.batch].measure)
            sums[key] = sums.get(key, 0) + cents(total.amount)
    for distribution in state.distributions.values():
        for payment in distribution.payments:
            key = (distribution.currency, "paid")
            sums[key] = sums.get(key, 0) + payment.amount
    return tuple(
        acts.Account(currency, *(shown(sums.get((currency, what), 0)) for what in ("damage", "loss", "paid")))
        for currency in sorted({currency for currency, _ in sums})
    )


def spoken_of(
    clauses: Clauses, state: State, event: ConditionAttested | ConditionContested, at: datetime
) -> tuple[Event, ...]:
    """Beside a party's word on a condition that is about compensation stands what the record shows of it."""
    clause = next((one for _, one in clauses.every(Condition) if one.id == event.condition), None)
    if clause is None or clause.account is None:
        return ()
    return (acts.AccountTaken(event.condition, event.party, account(state.reparations)),)
