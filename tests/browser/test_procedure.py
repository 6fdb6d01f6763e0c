"""From the report of an incident to the record of decision in a real browser: by mouse, and by keyboard alone."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import HANDS, Keyboard, Mouse

pytestmark = pytest.mark.browser


class Officer:
    """Somebody at a console, by mouse or by keyboard, who changes seats as the exercise lets them."""

    def __init__(self, page: Page, hands: type[Mouse | Keyboard]) -> None:
        self.page = page
        self.hands = hands(page)

    def sits(self, seat: str) -> None:
        """`Poland, Duty desk`."""
        self.hands.press(self.page.locator(".who a"))
        self.page.wait_for_url("**/seat*")
        self.hands.press(self.page.get_by_role("button", name=seat, exact=True))
        expect(self.page.locator(".who")).to_contain_text(seat.replace(", ", " · "))

    def green(self) -> None:
        """The one green button of the page."""
        button = self.page.locator(".govuk-button:not(.govuk-button--secondary)")
        expect(button).to_have_count(1)
        self.hands.press(button)

    def follow(self, name: str) -> None:
        """A link by its words."""
        self.hands.press(self.page.get_by_role("link", name=name, exact=True).first)

    def signs(self) -> int:
        """From the form over the check to the receipt; the number of the entry."""
        self.green()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Check before you sign")
        expect(self.page.locator("#exact")).to_contain_text('"act":')
        self.green()
        number = self.entry()
        with self.page.expect_download() as download:
            self.hands.press(self.page.get_by_role("link", name=f"receipt-{number}.json"))
        receipt = json.loads(download.value.path().read_text())
        assert (receipt["entry"], "checkpoint" in receipt) == (number, True)
        return number

    def entry(self) -> int:
        """The entry that the receipt names."""
        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_contain_text("Recorded as entry")
        return int(heading.inner_text().rsplit(" ", 1)[1].replace(",", ""))


@pytest.mark.parametrize("by", HANDS)
def test_from_report_to_record_of_decision(exercise, opened, by):
    page = opened(exercise, seat="")
    officer = Officer(page, HANDS[by])
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is running")

    report(officer)
    activate(officer)
    gather(officer)
    propose(officer)
    decide(officer)

    page.goto("about:blank")  # an open page would try to follow a console that is not there
    exercise.forward(hours=73)
    page.goto(f"{exercise.url}/response/R-1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("decided, 1 measure goes ahead")
    officer.follow("The record of decision as one page")
    expect(page).to_have_title(re.compile("^EXERCISE: Record of decision"))
    expect(page.locator("main")).to_contain_text("Poland")
    expect(page.locator("a[download]").first).to_be_visible()


def report(officer: Officer) -> None:
    page, hands = officer.page, officer.hands
    officer.sits("Ukraine, Duty desk")
    officer.follow("Response")
    officer.follow("Report an incident")
    hands.choose(page.get_by_label("Armed attack"))
    hands.write(page.get_by_label("Missiles launched"), "84")
    officer.green()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before you sign")
    officer.follow("Change the answers")
    hands.write(page.get_by_label("Missiles launched"), "eighty-four")
    officer.green()
    expect(page.locator(".govuk-error-summary")).to_contain_text("a whole number is expected")
    hands.write(page.get_by_label("Missiles launched"), "84")
    hands.write(page.get_by_label("Or in words: what was seen"), "Wreckage photographed in Kyiv.")
    officer.signs()


def activate(officer: Officer) -> None:
    """The first seat signs, the draft is held, and the second seat finds it as its button."""
    page = officer.page
    officer.sits("Ukraine, Head of state or government")
    officer.green()
    officer.green()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before you sign")
    expect(page.locator("main")).to_contain_text("Response R-1 is open")
    officer.green()
    expect(page.locator("#held")).to_contain_text("another seat of your party must sign")
    officer.sits("Ukraine, Ministry of foreign affairs")
    expect(page.locator("#duty")).to_contain_text("has signed")
    officer.green()
    officer.green()
    officer.entry()
    officer.follow("To response R-1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 more must arrive to convene")
    expect(page.locator("#who")).to_contain_text("No entry yet: 3")
    expect(page.locator("#who")).not_to_contain_text("Silent")


def gather(officer: Officer) -> None:
    page, hands = officer.page, officer.hands
    officer.sits("Poland, Duty desk")
    expect(page.locator("#duty")).to_contain_text("Acknowledge the call")
    officer.green()
    officer.signs()
    officer.sits("Poland, Ministry of foreign affairs")
    officer.green()
    hands.pick(page.get_by_label("Who heads the delegation"), "Head of delegation")
    hands.choose(page.get_by_label("By video"))
    officer.signs()
    officer.sits("Poland, Head of delegation")
    officer.green()
    officer.signs()
    officer.sits("United Kingdom, Head of delegation")
    for asked in ("Acknowledge the call", "Record presence"):
        expect(page.locator("#duty h2")).to_have_text(asked)
        officer.green()
        officer.signs()
        officer.follow("Home")
    expect(page.locator("#duty")).to_contain_text("Nothing is due from you")
    officer.follow("Open the response")
    expect(page.get_by_role("heading", level=1)).to_contain_text("convened, 2 of 3 guarantors present")


def propose(officer: Officer) -> None:
    page, hands = officer.page, officer.hands
    officer.sits("Ukraine, Ministry of foreign affairs")
    officer.follow("Response")
    officer.follow("R-1")
    hands.press(page.locator("#may > summary"))
    officer.follow("Propose a measure: Air-defence systems")
    officer.signs()


def decide(officer: Officer) -> None:
    page, hands = officer.page, officer.hands
    officer.sits("Poland, Head of delegation")
    officer.green()
    hands.choose(page.get_by_label("Joins", exact=True))
    hands.pick(page.get_by_label("What").first, "Air-defence batteries (number)")
    hands.write(page.get_by_label("How many, or how much").first, "2")
    hands.choose(page.get_by_role("group", name="Caveats").get_by_label("Transit only"))
    officer.signs()
    officer.sits("United Kingdom, Head of delegation")
    officer.green()
    hands.choose(page.get_by_label("Declines"))
    officer.signs()
    officer.follow("To response R-1")
    expect(page.locator("#measure-1")).to_contain_text("Declined: 1")
    expect(page.locator("#measure-1")).to_contain_text("Air-defence batteries (number): 2")
