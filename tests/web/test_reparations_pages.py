"""Pages of reparations: every figure as it was said, no two of value added, every sum of money from the ledger."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from foedus.history import Place
from foedus.reparations import acts
from foedus.reparations.state import FUND, Moving
from foedus.web.charts import NARROW, WIDE, Frame, Link, Node, sankey
from foedus.web.charts.picture import png
from foedus.web.figures.held import bands
from foedus.web.moments import iso
from tests.web.small_exercise import Small, console, view

PATHS = ("", "/flow", "/assets/AS-1", "/assets/AS-2")


def value(low: str, high: str, currency: str = "EUR", split: acts.Split = "custody", who: str = "bank") -> acts.Value:
    return acts.Value(low, high, currency, date(2026, 9, 30), "statement", who, "high", split)


class Assets(Small):
    """Two assets: one whose figures contradict each other and whose income serves a loan, one that was stayed and sold.

    Its moments by name: `reported`, `pledged`, `stayed`, `paid`.
    """

    def __init__(self, folder: Any) -> None:
        super().__init__(folder / "record")
        self.then: dict[str, Any] = {}
        self.do(
            "POL/foreign", acts.ReportAsset("depository", "securities", "RUS", value("180000000000", "193000000000"))
        )
        self.do("GBR/foreign", acts.ReportAsset("harbour", "vessel", "RUS", value("3000000", "5500000")))
        self.do("AUT/foreign", acts.ValueAsset("AS-1", value("210000000000", "210000000000", who="press")))
        self.do(
            "AUT/foreign", acts.ValueAsset("AS-1", value("207000000000", "207000000000", "USD", "currency", "table"))
        )
        self.mark("reported")
        self.do("POL/foreign", acts.MoveAsset("AS-1", "immobilised", "law-1", self.at))
        self.do("POL/foreign", acts.PledgeAsset("AS-1", "loan-1", "income", "30.00", "EUR", "treaty-1"))
        self.mark("pledged")
        self.do("POL/foreign", acts.RecordIncome("AS-1", "12.50", "EUR", "coupon-1", "loan-1"))
        self.do("GBR/foreign", acts.MoveAsset("AS-2", "restrained", "order-1", self.at))
        self.do("GBR/foreign", acts.RecordStay("AS-2", "case-9"))
        self.mark("stayed")
        self.do("GBR/foreign", acts.RecordStay("AS-2", "case-9", ended=True))
        for step, law in (("forfeited", "judgment-1"), ("sold", "auction-1"), ("transferred", "deed-1")):
            self.do("GBR/foreign", acts.MoveAsset("AS-2", step, law, self.at))  # type: ignore[arg-type]  # of Step
        self.do("GBR/foreign", acts.RecordProceeds("AS-2", "341.75", "EUR", "deed-1"))
        self.do("POL/foreign", acts.RecordIncome("AS-1", "17.50", "EUR", "coupon-2", "loan-1"))
        self.do("POL/foreign", acts.RecordIncome("AS-1", "8.25", "EUR", "coupon-3", None, "statement-9/7"))
        self.mark("paid")

    def mark(self, name: str) -> None:
        self.then[name] = self.at
        self.at += timedelta(days=1)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Iterator[Assets]:
    made = Assets(tmp_path_factory.mktemp("assets"))
    yield made
    made.depositary.close()


def words(page: str) -> str:
    """A page's letters."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize("lang", ["en", "uk"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_whole_in_both_languages(reader, path, lang):
    answer = reader.get(f"/reparations{path}?lang={lang}")
    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert 'href="/reparations' in answer.text


def test_figures_that_contradict_each_other_stand_side_by_side_and_are_not_added(reader):
    rows = view(reader, "/reparations")["tables"]["figures"]
    of_one = [(row["low"], row["high"], row["currency"], row["split"]) for row in rows if row["asset"] == "AS-1"]
    assert of_one == [
        ("180000000000", "193000000000", "EUR", "custody"), ("210000000000", "210000000000", "EUR", "custody"),
        ("207000000000", "207000000000", "USD", "currency"),
    ]  # fmt: skip
    page = words(reader.get("/reparations").text)
    assert "180–193 bn EUR" in page
    assert "210 bn EUR" in page
    assert "207 bn USD" in page
    for added in ("403", "390", "417", "600", "587"):  # 193 + 210, 180 + 210, 210 + 207, all three at either end
        assert f"{added} bn" not in page


def test_the_split_by_currency_has_a_column_of_its_own(reader):
    page = reader.get("/reparations/assets/AS-1").text
    cells = re.findall(r'<td data-label="By currency">(.*?)</td>', page, re.DOTALL)
    assert len(cells) == 1
    assert "207 bn USD" in cells[0]
    assert "EUR" not in cells[0]


def test_a_party_whose_asset_has_no_figure_by_holder_is_shaded_as_not_disclosed(tmp_path):
    made = Small(tmp_path / "record")
    made.do("GBR/foreign", acts.ReportAsset("x", "reserves", "RUS", value("37", "37", "USD", "currency")))
    with console(made) as reader:
        svg = reader.sits("").get("/reparations/charts/where.svg").text
        row = view(reader, "/reparations")["tables"]["where"][0]
    made.depositary.close()
    assert "<title>United Kingdom: not disclosed (1 asset)</title>" in svg
    assert (row["party"], row["low"], row["high"]) == ("GBR", None, None)


def test_an_asset_shows_each_step_with_its_act_of_law(small, reader):
    rows = view(reader, "/reparations/assets/AS-2")["tables"]["history"]
    assert [(row["what"], row["code"], row["instrument"]) for row in rows] == [
        ("reported", "vessel", ""), ("step", "restrained", "order-1"), ("stay", "case-9", "case-9"),
        ("stay_ended", "case-9", "case-9"), ("step", "forfeited", "judgment-1"), ("step", "sold", "auction-1"),
        ("step", "transferred", "deed-1"), ("money", "fund", "deed-1"),
    ]  # fmt: skip
    assert [row["amount"] for row in rows if row["amount"]] == ["341.75"]
    assert "P12.confiscation" in reader.get("/reparations/assets/AS-2").text
    for row in rows:
        assert f'href="/record/{row["entry"]}"' in reader.get("/reparations/assets/AS-2").text


def test_what_binds_an_asset_is_said_and_what_bound_it_then(small, reader):
    def binds(name: str, asset: str) -> str:
        page = reader.get(f"/reparations/assets/{asset}?at={iso(small.then[name])}&known={iso(small.then[name])}").text
        found = re.search(r"<dt>What binds it</dt><dd>(.*?)</dd>", page, re.DOTALL)
        assert found is not None
        return words(found[1]).strip()

    assert binds("reported", "AS-1") == "nothing"
    assert binds("pledged", "AS-1") == "its income secures loan-1: 30.00\xa0EUR outstanding".replace("\xa0", " ")
    assert "17.50" in binds("stayed", "AS-1")
    assert binds("stayed", "AS-2") == "stayed by a court: case-9"
    assert binds("paid", "AS-1") == "loan-1 is served"
    assert binds("paid", "AS-2") == "nothing"


def test_a_past_page_knows_no_later_step(small, reader):
    then = iso(small.then["stayed"])
    shown = view(reader, f"/reparations/assets/AS-2?at={then}&known={then}")
    assert shown["view"]["standing"] == "restrained"
    assert shown["view"]["stayed_by"] == ["case-9"]
    moved = view(reader, f"/reparations/flow?at={then}&known={then}")
    assert [row["amount"] for row in moved["tables"]["movements"]] == ["12.50"]
    before = iso(small.then["reported"] - timedelta(days=1))
    assert reader.get(f"/reparations/assets/AS-1?at={before}").status_code == 404


def test_the_flow_is_the_ledger_to_the_cent(small, reader):
    shown = view(reader, "/reparations/flow")["tables"]
    rows = [(row["source"], row["to"], Decimal(row["amount"])) for row in shown["movements"]]
    assert rows == [
        ("income/AS-1", "loan/loan-1", Decimal("12.5")), ("asset/AS-2", "fund", Decimal("341.75")),
        ("income/AS-1", "loan/loan-1", Decimal("17.5")), ("income/AS-1", "fund", Decimal("8.25")),
    ]  # fmt: skip
    assert sum(Decimal(row["amount"]) for row in shown["balances"]) == 0
    page = reader.get("/reparations/flow").text
    titles = re.findall(r"<title>([\d.]+)\xa0EUR</title>", page)
    assert {"30.00", "8.25", "341.75", "38.25"} <= set(titles)
    assert "350.00" in words(page)


def test_a_payment_is_shown_with_its_reference(reader):
    page = reader.get("/reparations/assets/AS-1").text
    assert "the payment’s reference statement-9/7" in words(page)
    assert words(page).count("the payment’s reference") == 1
    rows = view(reader, "/reparations/flow")["tables"]["movements"]
    assert [row["reference"] for row in rows] == [None, None, None, "statement-9/7"]
    assert '  reference: "statement-9/7"' in reader.get("/reparations/ledger.beancount").text
    entry = view(reader, "/reparations/assets/AS-1")["tables"]["history"][-1]["entry"]
    assert "The payment’s reference: statement-9/7" in words(reader.get(f"/record/{entry}").text)
    assert "Номер платежу: statement-9/7" in words(reader.get(f"/record/{entry}?lang=uk").text)


def test_the_ledger_for_beancount_is_that_of_then(small, reader):
    then = iso(small.then["stayed"])
    answer = reader.get(f"/reparations/ledger.beancount?at={then}")
    assert answer.headers["content-disposition"] == 'attachment; filename="reparations.beancount"'
    assert answer.text.count("entry: ") == 1
    assert reader.get("/reparations/ledger.beancount").text.count("entry: ") == 4


def test_published_figures_are_beside_the_record_with_source_and_day(reader):
    rows = list(csv.DictReader(io.StringIO(reader.get("/reparations?format=csv&table=published").text)))
    assert len(rows) > 35
    assert all(row["url"].startswith("http") for row in rows)
    switzerland = {(row["split"], row["low"], row["unit"]) for row in rows if row["about"] == "switzerland"}
    assert switzerland == {("custody", "7450000000", "CHF"), ("currency", "1000000000", "USD")}
    (note,) = (row["note"] for row in rows if row["id"] == "switzerland-2022")
    assert "contradicts the government’s figure" in note
    page = reader.get("/reparations").text
    for row in rows:
        assert f'href="{row["url"]}"' in page.replace("&amp;", "&")


@pytest.mark.parametrize("name", ["where", "flow-EUR"])
def test_a_chart_is_a_file_of_its_own(reader, name):
    svg = reader.get(f"/reparations/charts/{name}.svg")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert ET.fromstring(svg.content).tag.endswith("svg")
    assert "EXERCISE" in svg.text
    assert reader.get(f"/reparations/charts/{name}.png").content.startswith(b"\x89PNG")


def test_there_is_no_chart_by_another_name(reader):
    for name in ("where", "where.gif", "flow-USD.svg", "..svg"):
        assert reader.get(f"/reparations/charts/{name}").status_code == 404


def test_an_empty_record_says_that_nothing_is_there(tmp_path):
    empty = Small(tmp_path / "record")
    with console(empty) as reader:
        assert "No property is on record" in reader.sits("").get("/reparations").text
        assert "No money has moved" in reader.get("/reparations/flow").text
        assert reader.get("/reparations/assets/AS-1").status_code == 404
    empty.depositary.close()


def test_of_many_boxes_the_smallest_share_one_and_nothing_is_lost():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    moved = [
        Moving(f"income/AS-{number}", FUND, number * 100, "EUR", "act", Place(at, at, number))
        for number in range(1, 31)
    ]
    found = bands(moved)
    assert sum(amount for (_, to), amount in found.items() if to == FUND) == sum(one.amount for one in moved)
    assert {source for source, to in found if to == "income"} == {
        *(f"asset/AS-{number}" for number in range(24, 31)), "asset/others",
    }  # fmt: skip
    assert found["asset/others", "income"] == sum(range(1, 24)) * 100


# --- the drawing ------------------------------------------------------------------------------------------------

NODES = (Node("a", 0, "asset", "3"), Node("l", 1, "loan", "2", 3), Node("f", 1, "<fund>", "1"))
LINKS = (Link("a", "l", 2, "two"), Link("a", "f", 1, "one"))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_band_is_as_wide_as_its_sum(width):
    drawn = sankey(Frame("flow", "t", "d"), NODES, LINKS, ("from", "to"), width).inline()
    bands = {title: float(wide) for wide, title in re.findall(r"v([\d.]+)C[^>]*><title>(\w+)</title>", drawn)}
    assert bands["two"] == pytest.approx(2 * bands["one"], abs=0.2)
    assert "<fund>" not in drawn
    assert "&lt;fund&gt;" in drawn


def test_no_flow_is_no_drawing_and_one_that_is_can_be_a_picture():
    frame = Frame("flow", "t", "d")
    assert sankey(frame, (), (), (), WIDE).height == 0
    assert png(sankey(frame, NODES, LINKS, ("from", "to"), WIDE).alone()).startswith(b"\x89PNG")
