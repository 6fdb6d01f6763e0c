"""What a seat may want to do about commitments, for buttons, drills and the checker. The caller keeps what decide
accepts.

Figures, days and names here are stand-ins: who performs the act says its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import get_args

from foedus.acts import PLACEHOLDER
from foedus.commitments import acts
from foedus.commitments.account import listing, totals
from foedus.commitments.acts import CommitmentAct, Quantity
from foedus.commitments.state import FUNDED, Delivery, Obligation
from foedus.commitments.state import State as Commitments
from foedus.compact.clauses import Clauses
from foedus.compact.model import Duty
from foedus.response.acts import Evidence
from foedus.state import State

# What options are asked about that concerns nothing in the record yet: commitments as a whole.
COMMITMENTS = "commitments"
# Without one to speak of, options look at so many of the newest obligations, offers and requests.
NEWEST = 5
SOME = Quantity("EUR", "1")
KINDS: tuple[acts.Kind, ...] = get_args(acts.Kind)
LINKS: tuple[acts.Link, ...] = get_args(acts.Link)


def offered(
    clauses: Clauses, state: State, seat: str, at: datetime, about: str | None = None
) -> Iterator[CommitmentAct]:
    """About one obligation, tranche, allocation or delivery; or about commitments as a whole."""
    party = state.parties.seats[seat].party
    known = state.commitments
    if about in (None, COMMITMENTS):
        yield from _whole(clauses, state, party, at)
        for number in range(known.undertaken, max(0, known.undertaken - NEWEST), -1):
            yield from _of_obligation(clauses, state, known.obligations[f"O-{number}"], at)
    elif about in known.obligations:
        yield from _of_obligation(clauses, state, known.obligations[about], at)
    elif about in known.tranches:
        tranche = known.tranches[about]
        yield from _under(clauses, party, about, tranche.figures[-1].value)
        yield acts.CorrectFigure(about, tranche.figures[-1].value)
        for each in tranche.allocations[-NEWEST:]:
            yield from _of_package(state, seat, each.value, at)
    elif about in known.allocations:
        yield from _of_package(state, seat, about, at)
    elif about in known.deliveries:
        yield from _of_delivery(known.deliveries[about], seat, at)


def _whole(clauses: Clauses, state: State, party: str, at: datetime) -> Iterator[CommitmentAct]:
    compact, known = clauses.compact, state.commitments
    towards = compact.protected if party != compact.protected else _other(clauses, party)
    for provision, duty in clauses.every(Duty):
        for kind in KINDS:
            if kind == duty.kind:
                yield acts.UndertakeObligation(
                    compact.id, provision.id, kind, "effort", Quantity("effort"), "intention", towards
                )
    day = at.date() + timedelta(days=30)
    yield acts.StateRequirement("capability", "unit", "1", "2", day)
    yield acts.OfferSupply("capability", Quantity("unit", "1"), day, ("rail",), _other(clauses, party))
    for funder in _gave(known, party):
        yield acts.TransferFunding(funder, Quantity(SOME.unit), "share")
    for number in range(len(known.offers), max(0, len(known.offers) - NEWEST), -1):
        yield acts.RequestReexport(f"F-{number}", at + timedelta(days=10))
    for number in range(len(known.reexports), max(0, len(known.reexports) - NEWEST), -1):
        yield acts.AnswerReexport(f"X-{number}", True)
        yield acts.AnswerReexport(f"X-{number}", False)


def _other(clauses: Clauses, party: str) -> str:
    """A party that the compact names and that is another one."""
    return next(one.id for one in clauses.compact.parties if one.id != party)


def _gave(known: Commitments, party: str) -> list[str]:
    """Another funder of whose cost something seems to be left to be taken over: one, or nobody."""
    gave = totals(known, ("party",), only={"stage": FUNDED})
    left = [one for (one, unit), amount in gave.items() if unit == SOME.unit and (amount.open or amount.high > 0)]
    return [one for one in (*left, *(funder for funder, _unit in gave)) if one != party][:1]


def _of_obligation(clauses: Clauses, state: State, one: Obligation, at: datetime) -> Iterator[CommitmentAct]:
    known = state.commitments
    quantity = one.figures[-1].value if one.figures else SOME
    for condition in one.terms.conditions if one.terms else ():
        yield acts.SettleCondition(one.id, condition, True)
        yield acts.SettleCondition(one.id, condition, False)
    yield acts.ScheduleTranche(one.id, quantity, at.date() + timedelta(days=30))
    yield acts.RequestPerformance(one.id)
    yield acts.CorrectFigure(one.id, quantity)
    for other in _beside(known, one):
        for link in LINKS:
            yield acts.LinkPledge(one.id, link, other)
    yield from _under(clauses, one.party, one.id, quantity)
    for tranche in (known.tranches[each.value] for each in one.tranches[-NEWEST:]):
        yield from _under(clauses, one.party, tranche.id, tranche.figures[-1].value)
        for each in tranche.allocations[-NEWEST:]:
            yield from _of_package(state, "", each.value, at)
    for each in one.allocations[-NEWEST:]:
        yield from _of_package(state, "", each.value, at)


def _beside(known: Commitments, one: Obligation) -> Iterator[str]:
    """The newest obligations, and the newest of the same party and kind: with which one may be linked."""
    newest = [f"O-{number}" for number in range(known.undertaken, max(0, known.undertaken - NEWEST), -1)]
    own = listing(known, [f"{one.party}|{one.kind}"])[-NEWEST:]
    yield from dict.fromkeys((*newest, *(each.id for each in own)))


def _under(clauses: Clauses, party: str, under: str, quantity: Quantity) -> Iterator[CommitmentAct]:
    yield acts.Allocate(under, quantity, "stock", party, party, party)


def _of_package(state: State, seat: str, id_: str, at: datetime) -> Iterator[CommitmentAct]:
    package = state.commitments.allocations[id_]
    value = package.values[-1].value if package.values else None
    yield acts.ReportDelivery(id_, package.figures[-1].value, at.date(), value)
    yield acts.CorrectFigure(id_, package.figures[-1].value)
    some = Quantity(value.unit) if value else SOME  # how much, who pays says: all of it may be taken over already
    yield acts.TransferFunding(package.funder, some, "refund", id_)
    for each in package.deliveries[-NEWEST:]:
        yield from _of_delivery(state.commitments.deliveries[each.value], seat, at)


def _of_delivery(delivery: Delivery, seat: str, at: datetime) -> Iterator[CommitmentAct]:
    yield acts.ConfirmReceipt(delivery.id)
    yield acts.DisputeReceipt(delivery.id, "not_received")
    evidence = (Evidence(PLACEHOLDER, seat or delivery.party, at, "report"),)
    yield acts.VerifyDelivery(delivery.id, "independent", evidence)
    yield acts.VerifyDelivery(delivery.id, "audited", evidence)
    yield acts.ReturnDelivery(delivery.id, delivery.counted, "surplus")
    yield acts.CorrectFigure(delivery.id, delivery.figures[-1].value)
