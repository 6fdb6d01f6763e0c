"""What a delivery is worth follows what counts of it: in proportion, and as a range where either is one."""

from __future__ import annotations

import pytest

from foedus.commitments import acts
from foedus.commitments.acts import Quantity
from foedus.commitments.state import bounds
from foedus.history import Place
from tests.commitments.made import DAY, START, replayed

TEN = Quantity("tank", "10")


def worth(value: Quantity, counted: Quantity | None) -> tuple[str, str, int]:
    """Of ten tanks, of which the recipient signs for so many: at least, at most, and how many have no upper end."""
    told: list[object] = [
        acts.ObligationUndertaken("O-1", "POL", "kyiv-2022", "P2.arms", "military", "fixed", TEN, "legal", "UKR"),
        acts.PackageAllocated("O-1/A-1", "O-1", "O-1", TEN, "stock", "POL", "POL", "POL", value),
        acts.DeliveryReported("O-1/A-1/D-1", "O-1/A-1", "POL", TEN, START.date(), value),
        acts.ReceiptConfirmed("O-1/A-1/D-1", "UKR", counted),
    ]
    state = replayed((event, Place(START + n * DAY, START + n * DAY, n)) for n, event in enumerate(told))
    found = state.deliveries["O-1/A-1/D-1"].worth
    assert found is not None
    had = bounds(found)
    return f"{had.low.normalize():f}", f"{had.high.normalize():f}", had.open


@pytest.mark.parametrize(
    ("value", "counted", "expected"),
    [
        (Quantity("EUR", "100"), None, ("100", "100", 0)),
        (Quantity("EUR", "100"), Quantity("tank", "4"), ("40", "40", 0)),
        (Quantity("EUR", "100"), Quantity("tank", "0"), ("0", "0", 0)),
        (Quantity("EUR", "100"), Quantity("tank", low="4", high="6"), ("40", "60", 0)),
        (Quantity("EUR", "100"), Quantity("tank"), ("0", "0", 1)),
        (Quantity("EUR", "100"), Quantity("tank", low="4"), ("40", "40", 1)),
        (Quantity("EUR", low="80", high="120"), Quantity("tank", "5"), ("40", "60", 0)),
        (Quantity("EUR", low="80", high="120"), Quantity("tank", "0"), ("0", "0", 0)),
        (Quantity("EUR"), Quantity("tank", "5"), ("0", "0", 1)),
        (Quantity("EUR"), Quantity("tank", "0"), ("0", "0", 0)),
    ],
)
def test_worth_is_in_proportion_to_what_counts(value, counted, expected):
    assert worth(value, counted) == expected
