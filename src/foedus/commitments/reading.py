"""What the acts of commitments ask alike: whether a quantity can be meant, what an id names, to whom it is owed.

Pure: no clock, network, database or setting. Nothing is decided here but what is refused.
"""

from __future__ import annotations

from decimal import Decimal

from foedus.acts import Act
from foedus.commitments.acts import Quantity
from foedus.commitments.state import Allocation, Delivery, Obligation, Tranche
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.state import State


def is_money(unit: str) -> bool:
    """Whether a unit is a currency; things are written in small letters."""
    return unit.isupper()


def sound(quantity: Quantity | None, unit: str | None = None) -> None:
    """Refused unless the quantity says one thing: an amount, a range, an attestation, or that it is undisclosed.

    `unit`: the only one that is meant here.
    """
    if quantity is None:
        return
    ranged = quantity.low is not None or quantity.high is not None
    if (quantity.amount is not None) + ranged + (quantity.attested is not None) > 1:
        raise Refused("record/quantity", "a quantity is an amount, a range or an attestation: more than one was found")
    if quantity.high is not None and Decimal(quantity.low or "0") > Decimal(quantity.high):
        raise Refused(
            "record/quantity", "a range begins at {low}, after its end {high}",
            low=quantity.low or "0", high=quantity.high,
        )  # fmt: skip
    if (quantity.price_date or quantity.valued) and not is_money(quantity.unit):
        raise Refused("record/quantity", "{unit} is no currency: it has no price date", unit=quantity.unit)
    if unit is not None and quantity.unit != unit:
        raise Refused(
            "record/quantity", "a quantity in {expected} was expected, {found} found",
            expected=unit, found=quantity.unit,
        )  # fmt: skip


def named(clauses: Clauses, party: str | None) -> None:
    """Refused if the compact names no such party."""
    if party is not None and clauses.party(party) is None:
        raise Refused("record/reference", "{party} is not named in this compact", party=party)


def obligation_of(state: State, id_: str) -> Obligation:
    """The obligation of that id, or Refused."""
    found = state.commitments.obligations.get(id_)
    if found is None:
        raise Refused("record/reference", "there is no obligation {obligation}", obligation=id_)
    return found


def own(state: State, act: Act, id_: str, permit: str) -> Obligation:
    """The obligation of that id, which the acting party owes and which was not released; or Refused."""
    found = obligation_of(state, id_)
    if found.party != act.party:
        raise Refused(
            permit, "{obligation} is owed by {party}: only who owes says this of it", obligation=id_, party=found.party
        )
    if found.released is not None:
        raise Refused(permit, "{obligation} was released", obligation=id_)
    return found


def delivery_of(state: State, id_: str) -> tuple[Delivery, Allocation, Obligation]:
    """The delivery of that id with its package and its obligation, or Refused."""
    found = state.commitments.deliveries.get(id_)
    if found is None:
        raise Refused("record/reference", "there is no delivery {delivery}", delivery=id_)
    package = state.commitments.allocations[found.allocation]
    return found, package, state.commitments.obligations[package.obligation]


def recipient(clauses: Clauses, obligation: Obligation) -> str:
    """To whom it is owed; what was joined under the compact is owed to the protected state."""
    return obligation.terms.owed_to if obligation.terms else clauses.compact.protected


def unit_due(obligation: Obligation, tranche: Tranche | None) -> str | None:
    """In which unit something counts: the tranche's, else the obligation's; None where anything does.

    A share of GDP comes as money, an effort as whatever it takes, and what a measure is made of its position says.
    """
    if tranche is not None:
        return tranche.figures[-1].value.unit
    if obligation.terms is None or obligation.terms.basis in ("share_of_gdp", "effort"):
        return None
    return obligation.figures[-1].value.unit
