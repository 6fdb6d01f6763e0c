"""What is so now of commitments, for scenarios: where a tranche stands, what a delivery counts, what sums are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from foedus.commitments import account
from foedus.commitments.acts import Quantity
from foedus.commitments.state import STAGES, Bounds, State, bounds


def _sum(state: State, said: Any) -> Bounds:
    stages = {"gave": "funded"}
    stage = stages.get(said["stage"], said["stage"])
    assert stage in (*STAGES, "funded"), stage
    found = account.totals(state, ("party",), parties=[said["party"]], only={"stage": stage, "unit": said["unit"]})
    return found.get((said["party"],), Bounds())


def _past(now: Any, said: Any) -> State:
    at: datetime = said["at"]
    return account.seen(now.state.commitments, at, said.get("known", at))


def _standing(state: State, id_: str) -> str:
    tranche = state.tranches.get(id_)
    if tranche is None:
        raise KeyError(id_)
    return account.standing(state, tranche)


def _counted(now: Any, said: Any) -> tuple[Bounds, int]:
    delivery = now.state.commitments.deliveries[said["delivery"]]
    return bounds(delivery.counted), delivery.level


def _meant(said: Any) -> tuple[Bounds, int]:
    quantity: Quantity = said["quantity"]
    return bounds(quantity), said["level"]


def _said(said: Any) -> Bounds:
    low = Decimal(said["low"])
    return Bounds(low, Decimal(said["high"]) if "high" in said else low, said.get("open", 0))


CHECKS: dict[str, Callable[[Any, Any], tuple[object, object]]] = {
    "tranche {tranche} is {standing}": lambda n, s: (_standing(n.state.commitments, s["tranche"]), s["standing"]),
    "tranche {tranche} was {standing} at {at:moment}[ as known at {known:moment}]": lambda n, s: (
        _standing(_past(n, s), s["tranche"]),
        s["standing"],
    ),
    "delivery {delivery} counts {quantity:quantity} at level {level:count}": lambda n, s: (_counted(n, s), _meant(s)),
    "{stage} of {party} in {unit} is {low}[ to {high}][, and {open:count} without an end]": lambda n, s: (
        _sum(n.state.commitments, s),
        _said(s),
    ),
    "{stage} of {party} in {unit} was {low} at {at:moment}": lambda n, s: (_sum(_past(n, s), s), _said(s)),
}
