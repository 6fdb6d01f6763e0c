"""A drafter breaks a guarantee in a copy of a text, sees it and the story, and mends it; and every page of checks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.served import Served, small_exercise
from tests.browser.test_pages import WIDTHS, findings, sideways

pytestmark = pytest.mark.browser
TEXT = "istanbul-2022"
ENDS = "Every response ends in a recorded outcome within three days"
CLOCK = "step: decide, within: P3D"
LONG = 240_000  # milliseconds: other work on the machine goes before a check


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A small exercise on this machine."""
    folder = small_exercise(tmp_path_factory.mktemp("checked") / "record")
    found = Served(folder, "serve", str(folder)).start()
    yield found
    found.stop()


def verdict(page: Page, title: str):
    """The article of one guarantee."""
    return page.locator("article.verdict").filter(has_text=title)


def copied(page: Page, served: Served) -> str:
    """A new draft of the text, opened; its address."""
    page.goto(f"{served.url}/check/drafts")
    page.get_by_label("A copy of").select_option(TEXT)
    page.get_by_role("button", name="Copy it").click()
    page.wait_for_url(re.compile(r"/check/drafts/[0-9a-f]+"))
    return page.url


def ended(page: Page) -> None:
    expect(page.locator("#seen")).to_contain_text("Every question is answered", timeout=LONG)


def test_a_guarantee_is_broken_seen_and_mended(served, opened):
    page = opened(served, "/check/drafts")
    copied(page, served)
    ended(page)
    expect(verdict(page, ENDS)).to_contain_text("It holds")
    words = page.locator("#words")
    whole = words.input_value()
    assert CLOCK in whole
    words.fill(whole.replace(CLOCK, CLOCK.replace("P3D", "P5D")))
    page.get_by_role("button", name="Save and check").click()
    expect(verdict(page, ENDS)).to_contain_text("Broken", timeout=LONG)  # by the script, without leaving the words
    expect(verdict(page, ENDS)).to_contain_text("The shortest story that shows it")
    expect(verdict(page, ENDS).locator("ol.story > li").last).to_contain_text("T+72:01")
    ended(page)
    expect(page.locator("h1")).to_contain_text("2 guarantees are broken")
    expect(page.locator("#below")).to_contain_text("120 hours")
    assert not findings(page)
    words.fill(whole)
    page.get_by_role("button", name="Save and check").click()
    expect(verdict(page, ENDS)).to_contain_text("It holds", timeout=LONG)
    ended(page)
    expect(page.locator("#below")).to_contain_text("Nothing is otherwise", timeout=LONG)


def test_the_same_without_a_script_on_a_phone(served, opened):
    page = opened(served, "/check/drafts", script=False, width=320)
    address = copied(page, served)
    words = page.locator("#words")
    whole = words.input_value()
    words.fill(whole.replace("protected: UKR", "protected: UKX"))
    page.get_by_role("button", name="Save and check").click()
    for _ in range(200):
        if page.locator(".findings").count():
            break
        page.goto(address)  # what “Look again” does
    expect(page.locator(".findings")).to_contain_text("draft/compact.yaml:")
    expect(page.locator(".findings")).to_contain_text("Did you mean 'UKR'?")
    assert not sideways(page)
    page.locator("#words").fill(whole)
    page.get_by_role("button", name="Save and check").click()
    for _ in range(200):
        if verdict(page, ENDS).filter(has_text="It holds").count():
            break
        page.goto(address)
    expect(verdict(page, ENDS)).to_contain_text("It holds")


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_every_page_of_checks_is_whole_for_everybody(served, opened, lang):
    page = opened(served, "/check/drafts", lang="en")
    draft = copied(page, served)
    ended(page)
    page = opened(served, "/check?text=budapest-1994", lang=lang)
    expect(page.locator("article.verdict")).to_have_count(3, timeout=LONG)
    page.goto(f"{served.url}/check/compare?a=budapest-1994&b={TEXT}")
    expect(page.locator("#times-h")).to_be_visible()
    expect(page.locator(".sides .state")).to_have_count(5, timeout=LONG)
    paths = ("/check?text=budapest-1994", f"/check/compare?a=budapest-1994&b={TEXT}", "/check/drafts",
             draft.removeprefix(served.url), "/check")  # fmt: skip
    for path in paths:
        page.goto(f"{served.url}{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert not sideways(page), f"{path} scrolls sideways at {width}"
            assert not findings(page), f"{path} at {width}"


def test_a_page_fills_by_itself(served, opened):
    """A text that nobody asked for before: its verdicts, and who can block, come without being asked for again."""
    page = opened(served, "/check?text=response-ladder-2026")
    expect(page.locator("#blockers-h")).to_be_visible(timeout=LONG)
    expect(page.locator("#verdicts .progress")).to_contain_text("Every question is answered", timeout=LONG)
    expect(page.locator("h1")).to_contain_text("guarantees:")


AMONG_ALL = "What holds among few was asked among all 20 on the roll."


def test_everybody_on_the_roll_is_asked_beside_the_page(served, opened):
    """By a press; the page fills by itself, and whoever reads it next finds the answer, also without a script."""
    page = opened(served, "/check?text=rio-1947")
    expect(page.locator("#verdicts .progress").first).to_contain_text("Every question is answered", timeout=LONG)
    expect(page.locator("#verdicts")).not_to_contain_text("on the roll. Acts tried")
    assert not findings(page)
    page.get_by_role("button", name="Ask among all 20").click()
    expect(page.locator("#verdicts")).to_contain_text(AMONG_ALL, timeout=LONG)
    expect(page.locator("#verdicts article").first).to_contain_text("all 20 on the roll. Acts tried")
    expect(page.get_by_role("button", name="Ask among all")).to_have_count(0)
    assert not findings(page)
    page = opened(served, "/check?text=rio-1947", script=False, width=320)
    expect(page.locator("#verdicts")).to_contain_text(AMONG_ALL)
    assert not sideways(page)


def test_everybody_is_asked_without_a_script(served, opened):
    page = opened(served, "/check?text=eu-42-7", script=False, width=320)
    button = page.get_by_role("button", name="Ask among all 26")
    for _ in range(200):
        if button.count():
            break
        page.goto(f"{served.url}/check?text=eu-42-7")
    assert not sideways(page)
    button.click()
    said = page.locator("#verdicts").filter(has_text="What holds among few was asked among all 26 on the roll.")
    for _ in range(200):
        if said.count():
            break
        page.get_by_role("link", name="Look again").click()
    expect(said).to_be_visible()


def test_a_story_is_opened_in_an_exercise_of_its_own(served, opened):
    page = opened(served, "/check?text=budapest-1994")
    expect(page.locator("article.verdict")).to_have_count(3, timeout=LONG)
    page.get_by_role("button", name=re.compile("Play it as an exercise")).first.click()
    link = page.get_by_role("link", name="Open the exercise")
    expect(link).to_be_visible(timeout=LONG)
    assert not findings(page)
    link.click()
    expect(page.locator(".band").first).to_contain_text("EXERCISE")
    page.goto(f"{page.url}response")
    expect(page.locator("main")).to_contain_text("R-1")
