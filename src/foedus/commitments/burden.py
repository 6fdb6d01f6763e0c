"""Who carries how much: by itself, and with its share in what a union gave, which is a transfer and never new aid.

    carried(state, unions, convert)      by payer, of what is set aside

What a union gave stands with the union until a member takes a share of it over (`TransferFunding`, ground `share`);
with the shares it stands with the members, and the sum of all stays the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from msgspec import Struct

from foedus.commitments.account import Axis, totals
from foedus.commitments.state import FUNDED, UNDATED, Bounds, State
from foedus.commitments.state import bounds as bounds_of

# A sum of a unit in the one in which all are counted; None for what cannot be.
Convert = Callable[[str, Bounds], Bounds | None]


class Carried(Struct, frozen=True):
    """One payer. `share`: what it took over of a union's, or, less than nothing, what members took over from it."""

    party: str
    alone: Bounds
    share: Bounds

    @property
    def together(self) -> Bounds:
        """With the share."""
        return self.alone.plus(self.share)


def carried(
    state: State, unions: Collection[str], convert: Convert, *, kind: str | None = None, year: str | None = None
) -> list[Carried]:
    """Every payer of what is set aside, in the order of their codes; of one kind or year where it is named.

    Follows the kept sums, and every transfer; transfers are few.
    """
    only: dict[Axis, str] = {"stage": FUNDED}
    only |= {"kind": kind} if kind else {}
    only |= {"year": year} if year else {}
    paid: dict[str, Bounds] = {}
    for (party, unit), amount in totals(state, ("party", "unit"), only=only).items():
        _more(paid, party, convert(unit, amount))
    shares: dict[str, Bounds] = {}
    for one in state.transfers.values():
        if one.ground != "share" or one.relieved not in unions:
            continue
        package = state.allocations.get(one.allocation) if one.allocation else None
        of_kind = state.obligations[package.obligation].kind if package else UNDATED
        if kind in (None, of_kind) and year in (None, str(one.place.at.year)):
            taken = convert(one.quantity.unit, bounds_of(one.quantity))
            _more(shares, one.party, taken)
            _more(shares, one.relieved, None if taken is None else Bounds().minus(taken))
    found = []
    for party in sorted(paid.keys() | shares.keys()):
        share = shares.get(party, Bounds())
        found.append(Carried(party, paid.get(party, Bounds()).minus(share), share))
    return found


def _more(sums: dict[str, Bounds], party: str, amount: Bounds | None) -> None:
    if amount is not None:
        sums[party] = sums.get(party, Bounds()).plus(amount)
