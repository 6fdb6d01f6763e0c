"""Pages of obligations: from the list to one, from its delivery to a signed receipt or dispute, and any past day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest

from foedus.commitments import acts
from foedus.commitments.acts import Quantity
from foedus.commitments.state import bounds
from foedus.web.moments import iso
from tests.web.small_exercise import Reader, Small, console, words

TANKS = Quantity("tank", "10")


@pytest.fixture
def small(tmp_path) -> Iterator[Small]:
    """Poland owes ten tanks, two of which are overdue; eight were handed over, and nobody has signed for them."""
    made = Small(tmp_path / "record")
    owed = acts.UndertakeObligation(
        "kyiv-2022", "P2.arms", "arms_transfers", "units", TANKS, "legal", "UKR", conditions=("parliament",)
    )
    made.do("POL/defence", owed)
    made.do("POL/defence", acts.ScheduleTranche("O-1", TANKS, made.at.date()))
    made.do("POL/defence", acts.Allocate("O-1/T-1", TANKS, "stock", "POL", "POL", "GBR"))
    made.do("GBR/defence", acts.ReportDelivery("O-1/T-1/A-1", Quantity("tank", "8"), made.at.date()))
    made.do("POL/defence", acts.SettleCondition("O-1", "parliament"))
    made.later(days=3)
    yield made
    made.depositary.close()


@pytest.fixture
def reader(small) -> Iterator[Reader]:
    with console(small) as reader:
        yield reader


def form(reader: Reader, act: str) -> str:
    """The address of a form on the page of the obligation."""
    page = reader.sits("UKR/duty").get("/commitments/obligations/O-1").text
    found = re.search(rf'href="(/act/{act}\?[^"]+)"', page)
    assert found, page
    return unescape(found[1])


def test_the_list_tells_what_is_overdue_and_leads_to_the_obligation(reader):
    said = reader.sits("").words("/commitments/obligations")
    assert "1 obligation; 1 tranche is overdue" in said
    assert 'href="/commitments/obligations/O-1"' in reader.get("/commitments/obligations").text
    assert "Austria: No obligation is of what was chosen" in reader.words("/commitments/obligations?party=AUT")
    assert reader.get("/commitments/obligations?format=json").json()["tables"]["obligations"]


def test_an_obligation_is_told_from_its_clause_to_its_delivery(reader):
    said = reader.sits("").words("/commitments/obligations/O-1")
    for part in ("P2.arms, Scalable transfers of weapons", "tanks: 10", "Overdue", "O-1/T-1/A-1/D-1", "tanks: 8",
                 "1: the deliverer states it", "handed over by United Kingdom"):  # fmt: skip
        assert part in said, part
    assert "Confirm receipt" not in said
    assert reader.get("/commitments/obligations/O-9").status_code == 404


def test_a_receipt_is_signed_from_the_page_with_how_much_came(small, reader):
    asked = form(reader, "ConfirmReceipt")
    assert "a number is expected" in words(reader.post(asked, {"quantity.tank": "many"}))
    check = reader.post(asked, {"quantity.tank": "7"})
    assert "Ukraine confirms receipt" in words(check)
    reader.post(check.url.path)
    delivery = small.depositary.state.commitments.deliveries["O-1/T-1/A-1/D-1"]
    assert (delivery.level, int(bounds(delivery.counted).low)) == (2, 7)
    assert "2: the recipient signed" in reader.words("/commitments/obligations/O-1")


def test_a_dispute_is_signed_with_its_ground(small, reader):
    asked = form(reader, "DisputeReceipt")
    assert "an answer is needed" in words(reader.post(asked))
    reader.post(reader.post(asked, {"ground": "damaged", "quantity.tank": "5"}).url.path)
    delivery = small.depositary.state.commitments.deliveries["O-1/T-1/A-1/D-1"]
    assert delivery.disputed
    assert int(bounds(delivery.counted).low) == 5
    assert "disputed, it came damaged" in reader.words("/commitments/obligations/O-1")


def test_a_past_day_shows_what_was_known_then(small, reader):
    before = iso(small.at - timedelta(days=3))
    assert "Scheduled" in reader.sits("").words(f"/commitments/obligations/O-1?at={before}&known={before}")
    assert "nothing is overdue" in reader.words(f"/commitments/obligations?at={before}&known={before}")
