"""From the fund to a distribution, and to why one claim got its figure; narrow, without scripts, and by no pointer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import WIDTHS, findings, sideways

pytestmark = pytest.mark.browser
PATHS = ("/reparations/claims", "/reparations/distributions", "/reparations/distributions/DS-1?claim=EXERCISE-0001")


def test_from_the_fund_to_a_claim(demo, opened):
    page = opened(demo, "/reparations/flow")
    page.get_by_role("navigation", name="Pages of reparations").get_by_role("link", name="Distributions").click()
    page.locator("main").get_by_role("link", name="DS-1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("14,250.00.* for 24 claims, run, being paid"))
    page.get_by_label("Number of the claim").fill("EXERCISE-0001")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("EXERCISE-0001, Residential property damaged or destroyed: awarded")
    expect(page.locator("main")).to_contain_text("Computed again from the result, step by step")


@pytest.mark.parametrize("path", PATHS)
def test_each_page_fits_every_width_and_breaks_no_rule_of_access(demo, opened, path):
    for width in WIDTHS:
        page = opened(demo, path, width=width)
        assert not sideways(page), width
        assert not findings(page)
    page = opened(demo, path, script=False, width=min(WIDTHS))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
