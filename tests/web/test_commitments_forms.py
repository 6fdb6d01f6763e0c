"""What seats state of commitments through the console's forms, from what is owed to what is verified and given back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from foedus.commitments.acts import Allocate, Quantity, UndertakeObligation
from foedus.commitments.state import State
from tests.web.small_exercise import Reader, Small, console, words


@pytest.fixture
def small(tmp_path) -> Iterator[Small]:
    made = Small(tmp_path / "record")
    yield made
    made.depositary.close()


@pytest.fixture
def reader(small) -> Iterator[Reader]:
    with console(small) as reader:
        yield reader


def stated(reader: Reader, seat: str, page: str, act: str, has: str = "", **answers: object) -> None:
    """Fill in the form that a page offers to a seat, and sign."""
    text = reader.sits(seat).get(page).text
    offered = [unescape(one) for one in re.findall(r'href="(/act/[^"]+)"', text)]
    address = next((one for one in offered if one.split("?")[0] == f"/act/{act}" and has in one), "")
    assert address, (act, has, offered)
    assert reader.get(address).status_code == 200
    checked = reader.post(address, {name.replace("__", "."): value for name, value in answers.items()})
    assert checked.url.path.startswith("/act/check/"), words(checked)[:600]
    signed = reader.post(checked.url.path)
    assert "refused" not in signed.text.lower(), words(signed)[:600]


def account(small: Small) -> State:
    return small.depositary.state.commitments


def test_from_what_is_owed_to_what_is_verified_and_given_back(small, reader):
    every, one = "/commitments/obligations", "/commitments/obligations/O-1"
    day = small.at.date()
    stated(
        reader, "POL/defence", every, "UndertakeObligation", "P2.arms", part__quantity__amount="12",
        part__quantity__unit="howitzer", basis="units", binding="legal", owed_to="UKR", starts_on=day.isoformat(),
        every="", conditions=["parliament"],
    )  # fmt: skip
    assert account(small).obligations["O-1"].figures[-1].value == Quantity("howitzer", "12")
    stated(reader, "POL/defence", one, "SettleCondition", met="yes")
    assert account(small).obligations["O-1"].unmet == ()
    stated(reader, "POL/defence", one, "ScheduleTranche", quantity__howitzer="8", due_on="20.12.2026", grace_days="10")
    stated(
        reader, "POL/defence", one, "Allocate", "T-1", quantity__howitzer="8", drawn_from="stock", funder="GBR",
        supplier="POL", deliverer="POL", part__value__amount="24 000 000", part__value__unit="EUR",
    )  # fmt: skip
    package = account(small).allocations["O-1/T-1/A-1"]
    assert (package.funder, package.values[-1].value) == ("GBR", Quantity("EUR", "24000000"))
    stated(
        reader, "POL/defence", one, "ReportDelivery", quantity__howitzer="7", delivered_on=day.isoformat(),
        part__value__amount="21 000 000", part__value__unit="EUR",
    )  # fmt: skip
    stated(reader, "UKR/duty", one, "ConfirmReceipt")
    stated(
        reader, "GBR/defence", one, "VerifyDelivery", level="independent", quantity__howitzer="6",
        evidence__how="photograph", evidence__words="Six were seen.",
    )  # fmt: skip
    stated(reader, "UKR/defence", one, "ReturnDelivery", quantity__howitzer="1", ground="repair")
    delivery = account(small).deliveries["O-1/T-1/A-1/D-1"]
    assert (delivery.level, delivery.counted) == (3, Quantity("howitzer", "5"))
    assert delivery.worth == Quantity("EUR", "15000000")


def test_what_is_needed_what_is_offered_and_whose_consent_is_asked(small, reader):
    page = "/commitments/requirements"
    stated(reader, "UKR/defence", page, "StateRequirement", capability="artillery", unit="howitzer", minimum="20",
           target="40", needed_by="2027-03-01", priority="1")  # fmt: skip
    stated(
        reader, "POL/defence", page, "OfferSupply", capability="artillery", part__quantity__amount="",
        part__quantity__unit="howitzer", ready_on="2026-12-01", transports=["rail", "road"], maker="GBR",
    )  # fmt: skip
    assert account(small).offers["F-1"].quantity == Quantity("howitzer"), "not disclosed is no zero"
    stated(reader, "POL/defence", page, "RequestReexport", answer_by="2026-11-01 12:00")
    stated(reader, "GBR/foreign", page, "AnswerReexport", consents="yes")
    assert account(small).reexports["X-1"].answers[-1].value


def test_what_cannot_be_read_is_said_beside_its_field(small, reader):
    text = reader.sits("POL/defence").get("/commitments/obligations").text
    address = unescape(re.findall(r'href="(/act/UndertakeObligation\?[^"]+)"', text)[0])
    said = words(reader.post(address, {"part.quantity.amount": "many", "part.quantity.unit": "Howitzers!"}))
    assert "a number is expected" in said
    said = words(reader.post(address, {"part.quantity.amount": "3", "part.quantity.unit": "Howitzers!"}))
    assert "Unit: three capitals" in said
    assert not account(small).obligations


def test_an_onlooker_is_offered_nothing(reader):
    assert "/act/" not in reader.sits("").get("/commitments/obligations").text.split("<main")[1]


def test_pledges_are_linked_costs_taken_over_and_figures_corrected_where_they_stand(small, reader):
    every, one, other = "/commitments/obligations", "/commitments/obligations/O-1", "/commitments/obligations/O-2"
    owed = {
        "part__quantity__amount": "12", "part__quantity__unit": "howitzer", "basis": "units", "binding": "legal",
        "owed_to": "UKR", "every": "",
    }  # fmt: skip
    for _ in range(2):
        stated(reader, "POL/defence", every, "UndertakeObligation", "P2.arms", **owed)
    stated(reader, "POL/defence", other, "LinkPledge", "pledge=O-2", link="repeats", obligation="O-1")
    assert [account(small).obligations[id_].counts for id_ in ("O-1", "O-2")] == [True, False]
    assert "/act/LinkPledge" not in reader.sits("GBR/defence").get(one).text, "only who owes both links them"

    stated(reader, "POL/defence", one, "ScheduleTranche", quantity__howitzer="8", due_on="20.12.2026", grace_days="0")
    stated(
        reader, "POL/defence", one, "Allocate", "T-1", quantity__howitzer="8", drawn_from="stock", funder="POL",
        supplier="POL", deliverer="POL", part__value__amount="24 000 000", part__value__unit="EUR",
    )  # fmt: skip
    stated(reader, "POL/defence", one, "CorrectFigure", "T-1%2FA-1", quantity__howitzer="7",
           part__value__amount="21 000 000", part__value__unit="EUR")  # fmt: skip
    package = account(small).allocations["O-1/T-1/A-1"]
    assert (package.figures[-1].value, package.values[-1].value) == (
        Quantity("howitzer", "7"), Quantity("EUR", "21000000"),
    )  # fmt: skip
    assert package.figures[0].value == Quantity("howitzer", "8"), "the old figure stays known"
    stated(reader, "POL/defence", one, "CorrectFigure", "subject=O-1%2FT-1", quantity__howitzer="9")
    assert account(small).tranches["O-1/T-1"].figures[-1].value == Quantity("howitzer", "9")

    stated(reader, "GBR/foreign", one, "TransferFunding", "T-1%2FA-1", quantity__EUR="6 000 000", ground="refund")
    stated(reader, "GBR/foreign", f"{every}?party=POL", "TransferFunding", "relieved=POL", relieved="POL",
           part__quantity__amount="50", part__quantity__unit="EUR", ground="share")  # fmt: skip
    first, second = (account(small).transfers[id_] for id_ in ("P-1", "P-2"))
    assert (first.relieved, first.allocation, second.allocation) == ("POL", "O-1/T-1/A-1", None)
    assert (first.party, second.relieved) == ("GBR", "POL")


def test_a_form_begun_beside_a_party_names_it(small, reader):
    text = reader.sits("GBR/foreign").get("/commitments/obligations?party=AUT").text
    assert "/act/TransferFunding" not in text, "nobody gave anything that could be taken over"
    hundred = Quantity("EUR", "100")
    compact = small.depositary.clauses.compact.id
    small.do("POL/defence", UndertakeObligation(compact, "P2.arms", "arms_transfers", "fixed", hundred, "legal", "UKR"))
    small.do("POL/defence", Allocate("O-1", hundred, "third_party_funded", "AUT", "POL", "POL"))
    text = reader.sits("GBR/foreign").get("/commitments/obligations?party=AUT").text
    address = unescape(re.findall(r'href="(/act/TransferFunding[^"]+)"', text)[0])
    assert re.search(r'<option value="AUT" selected', reader.get(address).text)


def test_an_amount_that_can_be_read_in_two_ways_is_asked_again(small, reader):
    text = reader.sits("POL/defence").get("/commitments/obligations").text
    offered = [unescape(one) for one in re.findall(r'href="(/act/[^"]+)"', text)]
    address = next(one for one in offered if one.startswith("/act/UndertakeObligation") and "P2.arms" in one)
    answers = {
        "part.quantity.amount": "55,000", "part.quantity.unit": "EUR", "basis": "fixed", "binding": "legal",
        "owed_to": "UKR", "starts_on": small.at.date().isoformat(), "every": "",
    }  # fmt: skip
    again = reader.post(address, answers)
    assert not again.url.path.startswith("/act/check/")
    assert "such as 1000 or 2.5 (not 1,000)" in words(again)


def test_a_delivery_of_things_under_a_sum_is_offered_with_what_they_are_worth(small, reader):
    """In its own unit alone it would count nothing."""
    day, one = small.at.date(), "/commitments/obligations/O-1"
    undertaken = UndertakeObligation(
        small.depositary.clauses.compact.id, "P2.arms", "arms_transfers", "fixed", Quantity("EUR", "100"), "legal",
        "UKR", starts_on=day,
    )  # fmt: skip
    small.do("POL/defence", undertaken)
    small.do("POL/defence", Allocate("O-1", Quantity("howitzer", "4"), "stock", "POL", "POL", "POL",
                                          Quantity("EUR", "100")))  # fmt: skip
    stated(
        reader, "POL/defence", one, "ReportDelivery", quantity__howitzer="4", delivered_on=day.isoformat(),
        part__value__amount="100", part__value__unit="EUR",
    )  # fmt: skip
    assert account(small).deliveries["O-1/A-1/D-1"].worth == Quantity("EUR", "100")
