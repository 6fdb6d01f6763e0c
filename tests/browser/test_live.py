"""Pages that are open follow the record: clocks tick by the server's time, entries appear, focus and silence are
kept.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def acknowledge(page) -> None:
    """One act from the page of a seat that has not acknowledged."""
    page.locator("#duty a.govuk-button").click()
    page.locator("#continue").click()
    page.locator("#sign").click()
    expect(page.locator("#receipt")).to_be_visible()


def start(exercise, opened) -> None:
    """An attack reported and activated by the first seats."""
    page = opened(exercise, "/act/ReportIncident", seat="UKR/duty")
    page.locator("#evidence-words").fill("Wreckage photographed.")
    page.locator("#continue").click()
    page.locator("#sign").click()
    page = opened(exercise, "/act/Activate?incident=I-1", seat="UKR/head")
    page.locator("#continue").click()
    page.locator("#sign").click()
    page.get_by_role("button", name="Ministry of foreign affairs").click()
    page.locator("#sign").click()
    expect(page.locator("#receipt")).to_be_visible()


def test_an_entry_appears_on_open_pages_and_is_spoken_once(exercise, opened):
    start(exercise, opened)
    watching = opened(exercise, "/response/R-1", seat="GBR/duty")
    expect(watching.locator("#who")).to_contain_text("No entry yet: 3")
    acknowledge(opened(exercise, "/", seat="POL/duty"))
    expect(watching.locator("#who")).to_contain_text("No entry yet: 2")
    expect(watching.locator("#timeline")).to_contain_text("Poland acknowledges the call")
    expect(watching.locator("#news")).to_have_text(re.compile(r"Entry \d+ was recorded"))


def test_a_part_with_the_readers_focus_is_left_until_the_focus_moves_on(exercise, opened):
    start(exercise, opened)
    watching = opened(exercise, "/response/R-1", seat="GBR/duty")
    held = watching.locator("#who .chip").first
    held.focus()
    acknowledge(opened(exercise, "/", seat="POL/duty"))
    expect(watching.locator("#timeline")).to_contain_text("Poland acknowledges the call")
    expect(held).to_be_focused()
    expect(watching.locator("#who")).to_contain_text("No entry yet: 3")
    watching.locator("#timeline a").first.focus()
    expect(watching.locator("#who")).to_contain_text("No entry yet: 2")


def test_clocks_tick_by_the_servers_time_and_speak_at_five_moments_only(exercise, opened):
    start(exercise, opened)
    page = opened(exercise, "/response/R-1")
    clock = page.locator(".clock[data-due]").filter(has=page.get_by_role("timer", name="Convene by"))
    status = clock.locator("[role=status]")
    expect(clock.locator(".h")).to_have_text(re.compile("23|24"))
    expect(status).to_be_empty()

    def jump(hours: float) -> None:
        due = clock.get_attribute("data-due")
        page.evaluate(
            """async ([due, hours]) => {
              const clock = await import([...document.scripts].find(s => s.src.includes("clock.js")).src);
              clock.correct(new Date(Date.parse(due) - hours * 3600000).toISOString());
            }""",
            [due, hours],
        )

    jump(10)
    expect(clock.locator(".h")).to_have_text("10")
    expect(status).to_be_empty()
    jump(5.5)
    expect(status).to_have_text(re.compile("6 hours left"))
    expect(clock).to_have_class(re.compile("urgent"))
    jump(5.2)
    expect(status).to_have_text(re.compile("6 hours left"))
    jump(0.2)
    expect(status).to_have_text(re.compile("15 minutes left"))
    jump(-1)
    expect(clock.locator(".face")).to_have_text("Time is over")
    expect(status).to_have_text(re.compile("Time is over"))


def test_what_came_since_the_reader_last_looked_is_marked(exercise, opened):
    start(exercise, opened)
    page = opened(exercise, "/", seat="POL/duty")
    expect(page.locator("[data-since]")).to_be_hidden()
    expect(page.locator("tr.since")).to_have_count(0)
    page.goto("about:blank")
    acknowledge(opened(exercise, "/", seat="GBR/duty"))
    page.goto(exercise.url)
    expect(page.locator("[data-since]")).to_have_text("Marked: 1 since you last looked")
    expect(page.locator("tr.since")).to_have_count(1)
    expect(page.locator("tr.since")).to_contain_text("United Kingdom acknowledges")
