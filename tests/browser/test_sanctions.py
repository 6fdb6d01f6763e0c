"""From the matrix to a target and to the evidence of a gap, and from there to the act that proposes to close it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_from_the_matrix_to_a_target_and_to_the_evidence_of_a_gap(demo, opened):
    page = opened(demo, "/sanctions", seat="NOR/foreign")
    page.get_by_role("link", name="Who lists whom", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\d+ of \d+ targets? escapes? at least one"))
    first = page.locator("table.matrix tbody tr").first
    name = first.locator("th a").inner_text()
    first.locator("th a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    listings = page.locator("section", has=page.get_by_role("heading", name="Listings")).locator("tbody tr")
    for row in listings.all():
        expect(row.locator("[data-label='In law'] .state")).to_have_text(re.compile("in law|act of law owed"))
    page.locator(".lead a").first.click()
    evidence = page.locator("section", has=page.locator("h2#evidence"))
    expect(evidence.locator("h2")).to_contain_text(f"Evidence: {name}")
    expect(evidence).to_contain_text("Gap")
    expect(evidence).to_contain_text("Legal reference")
    expect(evidence.locator("a[href^='/record/']").first).to_be_visible()


def test_from_home_to_what_deviates_and_to_the_proposal_that_closes_a_gap(demo, opened):
    page = opened(demo, "/", seat="NOR/foreign")
    box = page.locator("#package")
    expect(box).to_contain_text(re.compile(r"\d+ listings? in law"))
    box.locator("a[href*='/sanctions/divergence']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(r"^\d+ targets? (is|are) not listed by all; \d")
    )
    expect(page.locator("section", has=page.locator("#deviations-h")).locator("tbody tr").first).to_be_visible()
    page.locator("section", has=page.locator("#targets-h")).locator("td a").first.click()
    evidence = page.locator("section", has=page.locator("h2#evidence"))
    expect(evidence).to_contain_text("What closes it")
    expect(evidence.locator("a.govuk-button")).to_have_text(re.compile("^(Propose to|List it)"))


def test_a_target_shows_the_chain_by_which_the_listed_own_it(demo, opened):
    page = opened(demo, "/sanctions/targets/xaa-list.1008")
    owned = page.locator("section", has=page.locator("#owned-h"))
    expect(owned).to_contain_text("Owned by the listed: 60 %")
    expect(owned.locator("li")).to_have_count(2)


def test_a_gap_is_closed_by_a_proposal_that_a_seat_signs(demo, opened):
    page = opened(demo, "/sanctions/matrix", seat="NOR/foreign")
    gap = page.locator("td.cell.gap a", has_text="Gap").first
    gap.click()
    expect(page.locator("td.cell.chosen")).to_have_count(1)
    button = page.locator(".govuk-button:not(.govuk-button--secondary)")
    expect(button).to_have_text(re.compile("^(Propose to|List it)"))
    button.click()
    if "AdoptListing" in page.url:
        page.get_by_label("Instrument of your own law").fill("reg-2026-9")
    page.locator("#continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before you sign")
    expect(page.locator("main")).to_contain_text(re.compile("ProposeListing|AdoptListing"))


def test_head_and_first_column_stay_while_the_matrix_scrolls(demo, opened):
    page = opened(demo, "/sanctions/matrix?columns=parties", width=800)
    region = page.locator(".matrix-scroll")
    corner = region.locator("thead th").first
    at = corner.bounding_box()
    region.evaluate("it => it.scrollBy(400, 60)")
    moved = corner.bounding_box()
    assert at is not None
    assert moved is not None
    assert abs(moved["x"] - at["x"]) < 1
    name = region.locator("tbody th").first.bounding_box()
    assert name is not None
    assert abs(name["x"] - at["x"]) < 1
