"""What seats record of property through the console's forms: nothing that only stands in for an answer is signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest

from foedus.compact.model import Distribution
from foedus.reparations.state import State, cents
from tests.web.small_exercise import Reader, Small, console, words

WORTH = {
    "worth.low": "180 000", "worth.high": "193000,50", "worth.currency": "eur", "worth.as_of": "30.09.2026",
    "worth.split": "custody", "worth.basis": "law", "worth.discloser": "depository", "worth.confidence": "low",
}  # fmt: skip
REPORT = {"kind": "cash", "holder": "depository", "owner": "RUS", "target": "", **WORTH}
INCOME = {"amount": "12,50", "currency": "EUR", "instrument": "order-1", "reference": ""}


@pytest.fixture
def small(tmp_path) -> Iterator[Small]:
    made = Small(tmp_path / "record")
    yield made
    made.depositary.close()


@pytest.fixture
def reader(small) -> Iterator[Reader]:
    with console(small) as reader:
        yield reader


def offered(reader: Reader, seat: str, page: str) -> list[str]:
    """The addresses of forms that a page offers."""
    return [unescape(one) for one in re.findall(r'href="(/act/[^"]+)"', reader.sits(seat).get(page).text)]


def filled(reader: Reader, seat: str, page: str, act: str, answers: dict[str, Any], has: str = "") -> httpx.Response:
    """The page after the form that a page offers to a seat was filled in."""
    found = offered(reader, seat, page)
    address = next((one for one in found if one.split("?")[0] == f"/act/{act}" and has in one), "")
    assert address, (act, has, found)
    form = reader.get(address)
    assert form.status_code == 200
    asked = set(re.findall(r'name="([^"]+)"', form.text)) - {"words", "readers", "viewport"}
    assert answers.keys() <= asked, "every answer is asked"
    return reader.post(address, answers)


def stated(reader: Reader, seat: str, page: str, act: str, answers: dict[str, Any], has: str = "") -> None:
    """The same, and signed."""
    checked = filled(reader, seat, page, act, answers, has)
    assert checked.url.path.startswith("/act/check/"), words(checked)[:600]
    assert checked.status_code == 200, words(checked)[:600]
    signed = reader.post(checked.url.path)
    assert signed.url.path.startswith("/act/receipt/"), words(signed)[:600]


def property_(small: Small) -> State:
    return small.depositary.state.reparations


def test_from_a_report_to_proceeds_in_the_fund(small, reader):
    every, one, seat = "/reparations", "/reparations/assets/AS-1", "POL/foreign"
    stated(reader, seat, every, "ReportAsset", REPORT)
    asset = property_(small).assets["AS-1"]
    value = asset.figures[0].value
    assert (asset.kind, asset.holder, asset.owner, asset.target) == ("cash", "depository", "RUS", "")
    assert (value.low, value.high, value.currency, value.as_of.isoformat(), value.basis, value.confidence) == (
        "180000", "193000.50", "EUR", "2026-09-30", "law", "low",
    )  # fmt: skip
    stated(reader, "GBR/foreign", one, "ValueAsset", WORTH | {"worth.split": "currency", "worth.low": "1"})
    assert property_(small).assets["AS-1"].figures[1].value.split == "currency"

    def moved(to: str, law: str) -> None:
        stated(reader, seat, one, "MoveAsset", {
            "to": to, "instrument": law, "effective_at": "2026-10-09 12:00", "licence": ""})  # fmt: skip

    moved("immobilised", "order-1")
    stated(reader, seat, one, "RecordIncome", INCOME)
    stated(reader, seat, one, "PledgeAsset", {
        "loan": "era", "part": "income", "amount": "20", "currency": "EUR", "instrument": "treaty-1"})  # fmt: skip
    assert [one for one in offered(reader, seat, one) if "RecordIncome" in one] == [
        "/act/RecordIncome?asset=AS-1&loan=era"
    ]
    stated(reader, seat, one, "RecordIncome", INCOME | {"amount": "20", "reference": "statement-2/7"}, "loan=era")
    assert property_(small).pledges["era"].outstanding == 0
    assert property_(small).moved[2].reference == "statement-2/7"
    stated(reader, seat, one, "RecordStay", {"case": "T-1/26"})
    assert property_(small).assets["AS-1"].stayed_by == ("T-1/26",)
    assert re.findall(r'name="to" type="radio" value="(\w+)"', filled(reader, seat, one, "MoveAsset", {}).text) == [
        "restrained", "ring_fenced", "released",
    ], "while a court stays it, nothing is offered that cannot be undone"  # fmt: skip
    stated(reader, seat, one, "RecordStay", {}, "case=T-1")
    moved("forfeited", "judgment-1")
    moved("transferred", "deed-1")
    stated(reader, seat, one, "RecordProceeds", INCOME | {"instrument": "deed-1"})
    assert property_(small).moved[3].to == "fund"


@pytest.fixture
def held(reader: Reader) -> Reader:
    """Where an asset is immobilised and brought 12.50 euros."""
    stated(reader, "POL/foreign", "/reparations", "ReportAsset", REPORT)
    stated(reader, "POL/foreign", "/reparations/assets/AS-1", "MoveAsset", {
        "to": "immobilised", "instrument": "order-1", "effective_at": "2026-10-09 12:00"})  # fmt: skip
    stated(reader, "POL/foreign", "/reparations/assets/AS-1", "RecordIncome", INCOME)
    return reader


def test_the_same_payment_is_not_signed_twice_and_another_of_the_same_sum_is(small, held):
    page = "/reparations/assets/AS-1"
    again = filled(held, "POL/foreign", page, "RecordIncome", INCOME | {"amount": "12.5"})
    assert again.status_code == 403
    assert "is recorded already, in entry" in words(again)
    assert "another payment has a reference of its own" in words(again)
    assert 'action="/act/check' not in again.text, "nothing to sign"
    stated(held, "POL/foreign", page, "RecordIncome", INCOME | {"reference": "statement-2/7"})
    assert [one.amount for one in property_(small).moved.values()] == [cents("12.50")] * 2


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"amount": "12,500"}, "Amount: a sum to the cent is expected, such as 1000 or 2.50 (not 1,000)"),
        ({"amount": "12.505"}, "Amount: a sum to the cent is expected"),
        ({"amount": "-3"}, "Amount: a sum to the cent is expected"),
        ({"amount": "1e3"}, "Amount: a sum to the cent is expected"),
        ({"amount": "1" * 16}, "Amount: a sum to the cent is expected"),
        ({"amount": ""}, "Amount: an answer is needed"),
        ({"currency": "euro"}, "Currency: three letters are expected, such as EUR"),
        ({"currency": ""}, "Currency: an answer is needed"),
        ({"instrument": "order 1"}, "letters, digits, dots, slashes and hyphens are expected, no blanks"),
        ({"instrument": "—"}, "letters, digits, dots, slashes and hyphens are expected, no blanks"),
        ({"instrument": ""}, "Instrument of your own law: an answer is needed"),
        ({"reference": "two words"}, "Reference of the payment: letters, digits"),
        ({"reference": "x" * 97}, "Reference of the payment: letters, digits"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(small, held, answers, says):
    before = small.depositary.state.size
    again = filled(held, "POL/foreign", "/reparations/assets/AS-1", "RecordIncome", INCOME | answers)
    assert again.status_code == 422
    assert says in words(again)
    assert again.text.count("govuk-error-message") == 1
    assert small.depositary.state.size == before


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"worth.low": "5", "worth.high": ""}, "At most: an answer is needed"),
        ({"worth.as_of": "yesterday"}, "Of the day: a date is expected"),
        ({"worth.basis": "hearsay"}, "choose one of those offered"),
        ({"owner": "UKR"}, "choose one of those offered"),
        ({"holder": "the bank"}, "Held by: letters, digits"),
    ],
)
def test_a_value_is_whole_or_none(small, reader, answers, says):
    again = filled(reader, "POL/foreign", "/reparations", "ReportAsset", REPORT | answers)
    assert again.status_code == 422
    assert says in words(again)
    assert not property_(small).assets


def test_a_range_the_wrong_way_round_and_a_day_to_come_are_refused_before_anything_is_signed(small, reader):
    for answers, says in (
        ({"worth.low": "9", "worth.high": "2"}, "A value from 9 to 2: the lower end comes first"),
        ({"worth.as_of": "2027-01-01"}, "cannot be known yet"),
    ):
        refused = filled(reader, "POL/foreign", "/reparations", "ReportAsset", REPORT | answers)
        assert refused.status_code == 403
        assert says in words(refused)
    assert not property_(small).assets


def test_forms_are_offered_to_whom_the_act_is_open_and_none_about_tables(small, held):
    assert offered(held, "GBR/foreign", "/reparations/assets/AS-1") == ["/act/ValueAsset?asset=AS-1"]
    assert offered(held, "", "/reparations/assets/AS-1") == []
    assert held.sits("GBR/foreign").get("/act/RecordIncome?asset=AS-1").status_code == 403
    assert small.depositary.clauses.one(Distribution) is not None, "claims may be deposited under this text"
    for page in ("/act", "/reparations", "/reparations/claims", "/reparations/distributions"):
        assert not [one for one in offered(held, "UKR/foreign", page) if re.search("Claims|Decide|Payment", one)], page
    assert held.sits("UKR/foreign").get("/act/DepositClaims?measure=damage").status_code == 403


def test_an_old_asset_has_its_forms_too(small, reader):
    for _ in range(7):
        stated(reader, "POL/foreign", "/reparations", "ReportAsset", REPORT)
    stated(reader, "POL/foreign", "/reparations/assets/AS-1", "MoveAsset", {
        "to": "restrained", "instrument": "order-1", "effective_at": "2026-10-09 12:00"})  # fmt: skip
    assert property_(small).assets["AS-1"].standing == "restrained"
