"""From the map of property to an asset, through its history to the fund, and to the entry that proves each step."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def section(page: Page, id_: str):
    return page.locator("section", has=page.locator(f"#{id_}"))


def test_from_the_map_to_an_asset_and_through_its_history_to_the_fund(demo, opened):
    page = opened(demo, "/")
    page.get_by_role("navigation", name="Console").get_by_role("link", name="Reparations").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\d+ pieces of property are on record"))
    ship = section(page, "assets-h").locator("tbody tr", has_text="port-of-mere")
    expect(ship.locator("[data-label='State']")).to_contain_text("paid out")
    ship.locator("th a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("vessel held by port of mere: paid out$"))
    steps = section(page, "history-h").locator("tbody tr")
    said = [re.sub(r"\s+", " ", one) for one in steps.locator("th").all_inner_texts()]
    assert [one.split(" P12")[0] for one in said][1:] == [
        "restrained by a court", "Stayed by a court", "The stay ended", "forfeited", "sold", "transferred",
        "Proceeds of AS-10 went to the fund", "paid out",
    ]  # fmt: skip
    steps.filter(has_text="went to the fund").locator("th a").click()
    assert page.url.endswith("/reparations/flow#flow-EUR-h")
    expect(section(page, "flow-EUR-h").locator("svg.drawn:visible")).to_contain_text("the fund")
    fund = section(page, "balances-h").locator("tbody tr", has=page.get_by_role("rowheader", name="the fund"))
    expect(fund.filter(has_text="EUR")).to_contain_text("11,645,751.00")


def test_each_step_leads_to_the_entry_that_recorded_it(demo, opened):
    page = opened(demo, "/reparations/assets/AS-10")
    forfeited = section(page, "history-h").locator("tbody tr", has_text="forfeited")
    expect(forfeited.locator("code")).to_have_text("exercise-judgment-23")
    forfeited.get_by_role("link", name=re.compile("^entry ")).click()
    expect(page.locator("main")).to_contain_text("forfeited")
    assert re.search(r"/record/\d+", page.url)


def test_contradicting_figures_stand_side_by_side_each_with_its_source(demo, opened):
    page = opened(demo, "/reparations")
    luxembourg = section(page, "published-h").locator("tbody tr", has_text="Luxembourg")
    expect(luxembourg).to_contain_text("figures contradict each other")
    said = luxembourg.locator(".side > li")
    expect(said).to_have_count(2)
    assert all(one.get_by_role("link", name="source").get_attribute("href") for one in said.all())


def test_the_flow_is_read_without_scripts_as_a_table_and_downloaded(demo, opened):
    page = opened(demo, "/reparations/flow", script=False, width=375)
    flow = section(page, "flow-EUR-h")
    flow.locator("summary").click()
    expect(flow.get_by_role("table")).to_be_visible()
    answer = page.request.get(f"{demo.url}/reparations/flow?format=csv&table=movements")
    rows = list(csv.DictReader(io.StringIO(answer.text())))
    assert len(rows) >= flow.get_by_role("table").locator("tbody tr").count() > 0
    for form in ("svg", "png"):
        assert page.request.get(f"{demo.url}/reparations/charts/flow-EUR.{form}").ok
