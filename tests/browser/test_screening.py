"""Screening in a browser over a deposited list: a name looked up, a file sent and decided, without a script too."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.served import Served, small_exercise
from tests.browser.test_pages import WIDTHS, findings, sideways
from tests.sanctions.lists import made

pytestmark = pytest.mark.browser
SEAT = "POL/foreign"


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """A small exercise with a deposited list."""
    folder = small_exercise(tmp_path_factory.mktemp("listed") / "record")
    (folder / "uk.xml").write_bytes(made.UK_XML)
    command = [sys.executable, "-m", "foedus", "import", "uk", str(folder / "uk.xml"), str(folder), "--as", SEAT]
    subprocess.run(command, check=True, capture_output=True)
    served = Served(folder, "serve", str(folder)).start()
    yield served
    served.stop()


def primary() -> str:
    """A name on the list."""
    from foedus.sanctions.lists import read

    return read(made.UK_XML).targets[0].names[0].text


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_every_page_of_screening_is_whole_for_everybody(listed, opened, lang, tmp_path):
    page = opened(listed, "/screening", lang=lang, seat=SEAT)
    expect(page.locator("main table")).to_contain_text("uk")
    for path in ("/screening", f"/screening?name={primary()}", "/screening?name=Nobody+Whatsoever", "/screening/batch",
                 "/screening/review", "/screening/guide"):  # fmt: skip
        page.goto(f"{listed.url}{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert not sideways(page), f"{path} scrolls sideways at {width}"
            assert not findings(page), f"{path} at {width}"


def test_a_file_is_screened_and_decided_without_a_script(listed, opened, tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text(f'id,name\n1,"{primary()}"\n2,Gertrude Hollis\n', "utf-8")
    page = opened(listed, "/screening/batch", seat=SEAT, script=False, width=320)
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Screen it").click()
    page.wait_for_url("**/screening/batch/*")
    for _ in range(100):
        if page.locator("#progress-h").inner_text() != "On its way":
            break
        page.goto(page.url)  # what “Look again” does
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the hits").click()
    assert "query_id,rank,target_id" in download.value.path().read_text()
    page.get_by_role("link", name="Decide them").click()
    expect(page.locator("h1")).to_contain_text("1 pair to decide")
    assert not sideways(page)
    page.get_by_label("Reason").first.fill("another date of birth")
    page.get_by_role("button", name="No hit").first.click()
    expect(page.locator("h1")).to_contain_text("0 pairs to decide")
    expect(page.locator("article").first).to_contain_text(f"another date of birth ({SEAT}")


def test_a_file_shows_its_end_by_itself(listed, opened, tmp_path):
    file = tmp_path / "many.csv"
    file.write_text("name\n" + "Gertrude Hollis\n" * 3_000, "utf-8")
    page = opened(listed, "/screening/batch", seat="CAN/foreign")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Screen it").click()
    expect(page.get_by_role("link", name="Download the hits")).to_be_visible(timeout=20_000)
    assert not findings(page)


@pytest.mark.parametrize(
    ("lang", "mark", "day"), [("en", ".", r"\d{1,2} \w{3} \d{4}"), ("uk", ",", r"\d\d\.\d\d\.\d{4}")]
)
def test_scores_and_days_are_written_as_the_language_writes_them(listed, opened, lang, mark, day):
    page = opened(listed, f"/screening?name={primary()}", lang=lang, seat=SEAT)
    for _ in range(100):
        if not page.locator(".box-amber").count():
            break
        page.goto(page.url)  # what “Look again” does, until the list is read
    expect(page.locator(".hit").first).to_contain_text(re.compile(rf"[01]\{mark}\d{{4}}\b.*{day}"))
    assert re.fullmatch(rf"[+−][01]\{mark}\d{{4}}", page.locator(".points").first.inner_text())
    page.goto(f"{listed.url}/screening/guide")
    written = page.locator("tbody tr").first.locator("th, td").all_inner_texts()
    assert all(re.fullmatch(rf"\d+\{mark}\d+", one) for one in written), written
    assert re.search(rf"0\{mark}90", page.locator(".plot svg").text_content() or "")
