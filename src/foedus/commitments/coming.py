"""What comes of what is owed: packages, deliveries, receipts and disputes, verification, returns, and who pays in the
end.

Who delivers states it, to whom it is owed signs for it, others verify it; none of them says what the other says.
"""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act, Event
from foedus.commitments import acts
from foedus.commitments.account import totals
from foedus.commitments.owing import corrected, plain
from foedus.commitments.reading import delivery_of, is_money, named, own, recipient, sound, unit_due
from foedus.commitments.state import FUNDED, Allocation, Bounds, bounds
from foedus.commitments.state import State as Commitments
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.parties.authority import permission
from foedus.state import State


def allocate(clauses: Clauses, state: State, act: Act, body: acts.Allocate, at: datetime) -> tuple[Event, ...]:
    """A package for a tranche, or for an obligation without a date."""
    permit, _ = permission(clauses, state, act, at)
    tranche = state.commitments.tranches.get(body.under)
    one = own(state, act, tranche.obligation if tranche else body.under, permit.id)
    for party in (body.funder, body.supplier, body.deliverer):
        named(clauses, party)
    if body.drawn_from == "third_party_funded" and body.funder == body.supplier:
        raise Refused(permit.id, "what a third party funds has a funder who does not supply it; {party} does both",
                      party=body.funder)  # fmt: skip
    sound(body.quantity)
    _money(body.value)
    _counts_in(unit_due(one, tranche), body.under, body.quantity, body.value)
    packages = tranche.allocations if tranche else one.allocations
    return (
        acts.PackageAllocated(
            f"{body.under}/A-{len(packages) + 1}", body.under, one.id, body.quantity, body.drawn_from, body.funder,
            body.supplier, body.deliverer, body.value,
        ),
    )  # fmt: skip


def _counts_in(unit: str | None, under: str, quantity: acts.Quantity, value: acts.Quantity | None) -> None:
    """Refused where neither the quantity nor its value is in the unit that is owed: nothing of it would count."""
    if unit is not None and unit not in (quantity.unit, value.unit if value else ""):
        raise Refused("record/quantity", "{under} counts in {unit}: say how much it is in that unit",
                      under=under, unit=unit)  # fmt: skip


def _owed_in(state: State, package: Allocation) -> str | None:
    """In which unit the package counts."""
    tranche = state.commitments.tranches[package.tranche] if package.tranche else None
    return unit_due(state.commitments.obligations[package.obligation], tranche)


def _money(value: acts.Quantity | None) -> None:
    sound(value)
    if value is not None and not is_money(value.unit):
        raise Refused("record/quantity", "a value is money, {unit} found", unit=value.unit)


def report(clauses: Clauses, state: State, act: Act, body: acts.ReportDelivery, at: datetime) -> tuple[Event, ...]:
    """Who delivers, or who owes, states that it was handed over."""
    permit, _ = permission(clauses, state, act, at)
    package = state.commitments.allocations.get(body.allocation)
    if package is None:
        raise Refused("record/reference", "there is no allocation {allocation}", allocation=body.allocation)
    one = state.commitments.obligations[package.obligation]
    if act.party not in (package.deliverer, one.party):
        raise Refused(permit.id, "{allocation} is delivered by {party}, who states it", allocation=package.id,
                      party=package.deliverer)  # fmt: skip
    if body.delivered_on > at.date():
        raise Refused("record/time", "{day} is not over: nothing was delivered on it yet",
                      day=body.delivered_on.isoformat())  # fmt: skip
    sound(body.quantity, package.figures[-1].value.unit)
    _money(body.value)
    _counts_in(_owed_in(state, package), package.tranche or one.id, body.quantity, body.value)
    id_ = f"{package.id}/D-{len(package.deliveries) + 1}"
    return (acts.DeliveryReported(id_, package.id, act.party, body.quantity, body.delivered_on, body.value),)


def confirm(clauses: Clauses, state: State, act: Act, body: acts.ConfirmReceipt, at: datetime) -> tuple[Event, ...]:
    """The recipient's signature; it may sign again, and the newest counts."""
    _received(clauses, state, act, body, at)
    return (acts.ReceiptConfirmed(body.delivery, act.party, body.quantity),)


def dispute(clauses: Clauses, state: State, act: Act, body: acts.DisputeReceipt, at: datetime) -> tuple[Event, ...]:
    """The recipient's objection, with as much as it acknowledges."""
    _received(clauses, state, act, body, at)
    return (acts.ReceiptDisputed(body.delivery, act.party, body.ground, body.quantity),)


def give_back(clauses: Clauses, state: State, act: Act, body: acts.ReturnDelivery, at: datetime) -> tuple[Event, ...]:
    """The recipient gives back what it has, and no more."""
    permit = _received(clauses, state, act, body, at)
    counted = bounds(state.commitments.deliveries[body.delivery].counted)
    if not counted.open and bounds(body.quantity).low > counted.high:
        raise Refused(permit, "more goes back than came of {delivery}", delivery=body.delivery)
    return (acts.DeliveryReturned(body.delivery, act.party, body.quantity, body.ground),)


def _received(
    clauses: Clauses, state: State, act: Act, body: acts.ConfirmReceipt | acts.DisputeReceipt | acts.ReturnDelivery,
    at: datetime,
) -> str:  # fmt: skip
    """The provision by which to whom it is owed speaks of a delivery, or Refused."""
    permit, _ = permission(clauses, state, act, at)
    delivery, _, one = delivery_of(state, body.delivery)
    if act.party != recipient(clauses, one):
        raise Refused(permit.id, "{delivery} came to {party}, who signs for it", delivery=delivery.id,
                      party=recipient(clauses, one))  # fmt: skip
    sound(body.quantity, delivery.figures[-1].value.unit)
    return permit.id


def verify(clauses: Clauses, state: State, act: Act, body: acts.VerifyDelivery, at: datetime) -> tuple[Event, ...]:
    """Evidence of others; an audit may be of who delivers, whose books it is about."""
    permit, _ = permission(clauses, state, act, at)
    delivery, package, one = delivery_of(state, body.delivery)
    concerned = (delivery.party, package.deliverer, one.party, recipient(clauses, one))
    if body.level == "independent" and act.party in concerned:
        raise Refused(permit.id, "{party} is concerned in {delivery}: its evidence is not independent",
                      party=act.party, delivery=delivery.id)  # fmt: skip
    sound(body.quantity, delivery.figures[-1].value.unit)
    return (acts.DeliveryVerified(delivery.id, act.party, body.level, body.evidence, body.quantity),)


def transfer(clauses: Clauses, state: State, act: Act, body: acts.TransferFunding, at: datetime) -> tuple[Event, ...]:
    """One funder takes over what another gave; nothing is added to what was given."""
    permit, _ = permission(clauses, state, act, at)
    named(clauses, body.relieved)
    if body.relieved == act.party:
        raise Refused(permit.id, "{party} cannot take over its own part", party=act.party)
    _money(body.quantity)
    if body.allocation is not None:
        package = state.commitments.allocations.get(body.allocation)
        if package is None or package.funder != body.relieved:
            raise Refused(
                "record/reference", "{party} funds no allocation {allocation}",
                party=body.relieved, allocation=body.allocation,
            )  # fmt: skip
        _within_cost(state, package, body.quantity, permit.id)
    _within_given(state.commitments, body, permit.id)
    id_ = f"P-{len(state.commitments.transfers) + 1}"
    return (acts.FundingTransferred(id_, act.party, body.relieved, body.quantity, body.ground, body.allocation),)


def _within_cost(state: State, package: Allocation, more: acts.Quantity, permit: str) -> None:
    """Refused where more of a package's cost would be taken over than it costs: who is relieved would have paid less
    than nothing.
    """
    costs = [each[-1].value for each in (package.figures, package.values) if each and each[-1].value.unit == more.unit]
    if not costs or bounds(costs[0]).open:
        return
    taken = bounds(more).low
    for one in state.commitments.transfers.values():
        if one.allocation == package.id and one.quantity.unit == more.unit:
            taken += bounds(one.quantity).low
    if taken > bounds(costs[0]).high:
        raise Refused(
            permit, "{taken} {unit} of {allocation} would be taken over, more than the {cost} that it costs",
            taken=plain(taken), unit=more.unit, allocation=package.id, cost=plain(bounds(costs[0]).high),
        )  # fmt: skip


def _within_given(known: Commitments, body: acts.TransferFunding, permit: str) -> None:
    """Refused where more would be taken over of a funder in all than it gave: packages, and what it took over itself.

    A package of its that is not stated in that money may be worth all of it: then nothing is refused.
    """
    unit, funder = body.quantity.unit, body.relieved
    out = Bounds()
    for one in known.transfers.values():
        if (one.relieved, one.quantity.unit) == (funder, unit):
            out = out.plus(bounds(one.quantity))
    left = totals(known, ("party",), only={"stage": FUNDED, "party": funder, "unit": unit}).get((funder,), Bounds())
    gave, taken = left.plus(out), out.low + bounds(body.quantity).low
    if gave.open or (out.low < gave.high and taken <= gave.high):
        return
    of_funder = (one for one in known.allocations.values() if one.funder == funder)
    if not all(any(each and each[-1].value.unit == unit for each in (one.figures, one.values)) for one in of_funder):
        return
    if out.low >= gave.high:
        raise Refused(
            permit, "of what {party} gave, nothing is left in {unit} that could be taken over", party=funder, unit=unit
        )
    raise Refused(
        permit, "{taken} {unit} of {party} would be taken over, more than the {given} that it gave",
        taken=plain(taken), unit=unit, party=funder, given=plain(gave.high),
    )  # fmt: skip


def correct(clauses: Clauses, state: State, act: Act, body: acts.CorrectFigure, at: datetime) -> tuple[Event, ...]:
    """The figure of who stated it, in the same unit; what was said before stays."""
    permit, _ = permission(clauses, state, act, at)
    if corrected(state, act, body, permit.id) is None:
        known = state.commitments
        subject = known.allocations.get(body.subject) or known.deliveries.get(body.subject)
        if subject is None or (body.quantity is None and body.value is None):
            raise Refused("record/reference", "there is no such figure of {subject}", subject=body.subject)
        stated_by = known.obligations[subject.obligation].party if hasattr(subject, "obligation") else subject.party
        if act.party != stated_by:
            raise Refused(permit.id, "{party} stated the figure of {subject} and corrects it", party=stated_by,
                          subject=body.subject)  # fmt: skip
        sound(body.quantity, subject.figures[-1].value.unit)
        _money(body.value)
        if body.value is not None:
            package = subject if isinstance(subject, Allocation) else known.allocations[subject.allocation]
            quantity = body.quantity or subject.figures[-1].value
            _counts_in(_owed_in(state, package), package.tranche or package.obligation, quantity, body.value)
    return (acts.FigureCorrected(body.subject, act.party, body.quantity, body.value),)
