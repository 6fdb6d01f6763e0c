"""From the overview of a vintage to a donor, and to the row of the source with its sheet, row and column."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from foedus.record.store import open_store
from foedus.vintages import entries
from tests.browser.served import Served, small_exercise
from tests.browser.test_pages import WIDTHS, findings, sideways
from tests.commitments.sources.real import RELEASE_7, RELEASE_29
from tests.web.small_tracker import FIRST, GDP, SECOND

pytestmark = pytest.mark.browser
REAL = RELEASE_7.is_file()
# Of each page its path; {old} and {new} are vintages, {donor} one of both.
PAGES = {
    "overview": "/commitments",
    "overview of an earlier vintage": "/commitments?vintage={old}",
    "overview, chosen": "/commitments?vintage={new}&kind=military&year=2024",
    "map": "/commitments/map?vintage={new}",
    "map of the record's account": "/commitments/map?of=record",
    "donor": "/commitments/donors/{donor}",
    "donor of an earlier vintage": "/commitments/donors/{donor}?vintage={old}",
    "rows": "/commitments/rows?vintage={old}",
    "row": "/commitments/rows/2?vintage={old}",
    "vintages": "/commitments/vintages",
    "vintage": "/commitments/vintages/{old}",
    "difference": "/commitments/difference",
    "calendar": "/commitments/calendar",
}


class Tracked(Served):
    """A console over an exercise in which two releases of a tracker are kept, by the command that keeps them."""

    def __init__(self, folder: Path) -> None:
        small_exercise(folder / "record")
        super().__init__(folder / "record", "serve", str(folder / "record"))
        files = [("kiel", RELEASE_7), ("kiel", RELEASE_29)] if REAL else []
        for name, text in () if REAL else (("first", FIRST), ("second", SECOND)):
            (folder / f"{name}.csv").write_text(text, "utf-8")
            files.append(("csv", folder / f"{name}.csv"))
        (folder / "gdp.csv").write_text(GDP, "utf-8")
        for kind, file in (*files, ("gdp", folder / "gdp.csv")):
            command = [sys.executable, "-m", "foedus", "import", kind, str(file), str(self.folder)]
            subprocess.run(command, check=True, capture_output=True)
        store = open_store(self.folder)
        self.new, self.old = (entry.table for entry in entries(store))
        store.close()

    def path(self, name: str) -> str:
        return PAGES[name].format(old=self.old[:12], new=self.new[:12], donor="DEU")


@pytest.fixture(scope="session")
def tracked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracked]:
    served = Tracked(tmp_path_factory.mktemp("tracked"))
    served.start()
    yield served
    served.stop()


def test_from_the_overview_to_a_donor_and_to_the_row_of_the_source(tracked, opened):
    page = opened(tracked, tracked.path("overview of an earlier vintage"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^Committed: [\d.,]+ bn EUR by \d+ donors$"))
    page.get_by_text("Each donor by itself").click()
    page.locator(".who-list a", has_text="Germany").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Germany: committed "))
    expect(page.locator("section", has=page.get_by_role("heading", name="What it signed"))).to_contain_text("Germany")
    rows = page.locator("section", has=page.locator("h2#rows-h")).locator("tbody tr")
    place = rows.first.locator("[data-label='Place in the source']").inner_text()
    rows.first.locator("th a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Germany: {place}")
    said = page.locator("dl.rows")
    for label in ("Sheet or file", "Row", "Column"):
        expect(said.locator("dt", has_text=re.compile(f"^{label}$"))).to_be_visible()
    expect(page.locator("section", has=page.locator("h2#proof-h")).locator("code")).to_have_text(
        re.compile(r"^[0-9a-f]{64}$")
    )


def test_from_what_is_owed_to_an_obligation_and_to_its_evidence(demo, opened):
    page = opened(demo, "/commitments")
    page.get_by_role("link", name="What parties owe by their own acts").click()
    late = page.locator("section", has=page.locator("h2#late-h")).locator("tbody tr")
    expect(late.first.locator("[data-label='Due']")).to_be_visible()
    party = late.first.locator("[data-label='Who owes']").inner_text()
    late.first.locator("[data-label='Who owes'] a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(f"^{re.escape(party)}: "))
    expect(page.locator("#near-h")).to_be_visible()
    page.locator("section", has=page.locator("h2#late-h")).locator("tbody th a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(f"^{re.escape(party)}: "))
    expect(page.locator(".lead .state")).to_have_text("Overdue")
    page.goto(f"{demo.url}/commitments/obligations/O-40")
    expect(page.locator("dl.rows a[href^='/compact']").first).to_be_visible()
    expect(page.locator("svg.drawn:visible")).to_have_count(1)
    page.locator(".evidence a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert re.search(r"/record/\d+", page.url)


def test_what_is_late_is_explained_where_it_is_counted(demo, opened):
    page = opened(demo, "/commitments", script=False)
    expect(page.locator("h1")).to_contain_text("1 tranche is overdue")
    page.get_by_role("link", name="Everything that is late, in the calendar").click()
    expect(page.locator("h1")).to_contain_text("obligations with a clock are late; 1 tranche is overdue")
    expect(page.locator("main")).to_contain_text("The other pages of commitments count overdue tranches alone.")
    late = page.locator("tbody tr .state.c-red").count()
    assert sum(int(number) for number in re.findall(r"\d+", page.locator("h1").inner_text())) == late


def test_one_chooses_what_is_shown_without_scripts_and_the_address_keeps_it(tracked, opened):
    page = opened(tracked, tracked.path("overview"), script=False)
    page.get_by_label("Kind", exact=True).select_option("military")
    page.get_by_label("Year", exact=True).select_option("2024")
    page.get_by_role("button", name="Show").click()
    assert "kind=military" in page.url
    assert "year=2024" in page.url
    expect(page.locator("#donors-h")).to_be_visible()
    page.locator("a.permanent").click()
    expect(page.get_by_label("Kind", exact=True)).to_have_value("military")


def test_a_chart_has_its_table_and_is_downloaded(tracked, opened):
    page = opened(tracked, tracked.path("overview"))
    section = page.locator("section", has=page.locator("#donors-h"))
    section.locator("summary").first.click()
    expect(section.get_by_role("table")).to_be_visible()
    for form, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as waiting:
            section.get_by_role("link", name=re.compile(f"^{form} of")).click()
        assert waiting.value.path().read_bytes().startswith(start)


def test_the_link_to_a_chart_is_copied(tracked, opened):
    page = opened(tracked, tracked.path("overview"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("section", has=page.locator("#donors-h")).get_by_role("button").click()
    expect(page.locator("#news")).to_have_text("The link is copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{tracked.url}/commitments?vintage={tracked.new[:12]}#donors-h"


@pytest.mark.parametrize("lang", ["en", "uk"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_for_everybody(tracked, opened, name, lang):
    page = opened(tracked, tracked.path(name), lang=lang)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    expect(page.locator("h1")).to_have_count(1)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert not sideways(page), f"{name} scrolls sideways at {width}"
        assert not findings(page), f"{name} at {width}"
        shown = page.locator("svg.drawn:visible")
        assert shown.count() == page.locator("figure.chart").count()
        assert all("narrow" in (one.get_attribute("class") or "") for one in shown.all()) == (
            width < 640 or not shown.count()
        )
