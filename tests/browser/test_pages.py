"""Every page in both languages on a desk, a phone and a small phone: no finding under WCAG 2.2 AA, no sideways
scroll.
"""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from foedus.depositary import Depositary
from foedus.web.moments import iso

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Path, and the seat from which it is looked at.
PAGES = {
    "home": ("/", "AUS/foreign"),
    "home of the protected state": ("/", "UKR/foreign"),
    "home of an onlooker": ("/", ""),
    "home in the past": ("/?at={at}", "AUS/foreign"),
    "responses": ("/response", "UKR/duty"),
    "response": ("/response/R-2", "AUS/delegation"),
    "response in the past": ("/response/R-2?at={at}", ""),
    "response decided": ("/response/R-1", ""),
    "record of decision": ("/response/R-1/decision", ""),
    "note verbale": ("/record/12/note", ""),
    "seats": ("/seat", "AUS/foreign"),
    "acts": ("/act?about=R-2", "AUS/foreign"),
    "form of a position": ("/act/TakePosition?measure=R-2%2FM-1", "XAB/foreign"),
    "form of a report": ("/act/ReportIncident", "UKR/duty"),
    "form of a delegation": ("/act/RegisterDelegation?response=R-2", "XAB/foreign"),
    "whose words are entered": ("/act/EnterTranscript?response=R-2", "UKR/duty"),
    "form of another's words": ("/act/EnterTranscript?seat=XAB%2Fforeign&subject=R-2%2FM-1", "UKR/duty"),
    "receipt": ("/act/receipt/600", "AUS/foreign"),
    "sanctions": ("/sanctions", "NOR/foreign"),
    "who lists whom": ("/sanctions/matrix", "NOR/foreign"),
    "who lists whom, every party": ("/sanctions/matrix?columns=parties&cell=POL/xaa-list.1001", ""),
    "who lists whom in the past": ("/sanctions/matrix?at={at}", ""),
    "target": ("/sanctions/targets/xaa-list.1001", "NOR/foreign"),
    "conditions": ("/sanctions/conditions", "XAD/foreign"),
    "renewals": ("/sanctions/renewals", "EUE/foreign"),
    "an owned target": ("/sanctions/targets/xaa-list.1008", ""),
    "divergence": ("/sanctions/divergence", "NOR/foreign"),
    "feed": ("/sanctions/feed", ""),
    "published lists": ("/sanctions/lists", ""),
    "a published list": ("/sanctions/lists/xaa-list", ""),
    "form of a proposal": (
        "/act/ProposeListing?issuer=XAB&target=xaa-list.1001&restriction=travel_ban&regime=national",
        "NOR/foreign",
    ),
    "form of an attestation": ("/act/AttestCondition?condition=repairs-the-damage", "NOR/foreign"),
    "commitments without a tracker": ("/commitments", ""),
    "account of the record": ("/commitments/account", ""),
    "account of the record, chosen": ("/commitments/account?unit=howitzer&party=XAA", "XAA/defence"),
    "map of the record's account": ("/commitments/map", ""),
    "obligations": ("/commitments/obligations", "UKR/defence"),
    "an obligation with evidence": ("/commitments/obligations/O-40", ""),
    "requirements": ("/commitments/requirements", "UKR/defence"),
    "drills": ("/drills", ""),
    "plan of a drill": ("/drills/plan/night-attack", ""),
    "what if": ("/what-if", ""),
    "what if it is attacked": ("/what-if?attack=yes", "UKR/foreign"),
    "coverage": ("/commitments/coverage", ""),
    "calendar": ("/commitments/calendar", "NOR/foreign"),
    "property": ("/reparations", ""),
    "property, for who may report some": ("/reparations", "XAA/foreign"),
    "property in the past": ("/reparations?at={at}", ""),
    "an asset": ("/reparations/assets/AS-10", ""),
    "an asset whose figures differ": ("/reparations/assets/AS-2", "XAA/foreign"),
    "flow of money": ("/reparations/flow", ""),
    "compact": ("/compact", ""),
    "parties": ("/parties", ""),
    "record": ("/record", ""),
    "entry": ("/record/579", ""),
    "no such page": ("/nothing", ""),
}
WIDTHS = (1280, 375, 320)


def findings(page: Page) -> list[str]:
    """What axe finds on the page, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)  # by the debugger: the page's own policy lets no foreign script in
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", RULES
    )
    return [
        f"{item['id']}: {item['help']}: {', '.join(node['html'][:160] for node in item['nodes'][:3])}"
        for item in found["violations"]
    ]


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.fixture(scope="session")
def then(demo) -> str:
    """A moment ten hours before the demo's present."""
    depositary = Depositary.open(demo.folder)
    at = depositary.now() - timedelta(hours=10)
    depositary.close()
    return iso(at.replace(microsecond=0))


@pytest.mark.parametrize("lang", ["en", "uk"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_for_everybody(demo, opened, then, name, lang):
    path, seat = PAGES[name]
    page = opened(demo, path.format(at=then), lang=lang, seat=seat)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    expect(page.locator("h1")).to_have_count(1)
    assert page.title().startswith({"en": "EXERCISE: ", "uk": "НАВЧАННЯ: "}[lang])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert not sideways(page), f"{name} scrolls sideways at {width}"
        assert not findings(page), f"{name} at {width}"


@pytest.mark.parametrize("name", PAGES)
def test_one_green_button_at_most(demo, opened, then, name):
    path, seat = PAGES[name]
    page = opened(demo, path.format(at=then), seat=seat, script=False)
    assert page.locator(".govuk-button:not(.govuk-button--secondary)").count() <= 1


def test_nothing_but_clocks_needs_scripts(demo, opened):
    page = opened(demo, "/", seat="XAB/foreign", script=False)
    expect(page.locator(".face").first).to_contain_text("min left")
    page.locator("#duty a.govuk-button").click()
    expect(page.locator("h1")).to_be_visible()
    page.locator("#continue").click()
    expect(page.locator(".govuk-error-summary, #sign").first).to_be_visible()


def test_a_past_view_says_so_and_offers_no_button(demo, opened, then):
    page = opened(demo, f"/response/R-2?at={then}", seat="AUS/foreign")
    expect(page.locator(".asof")).to_contain_text("As it stood at")
    expect(page.locator(".govuk-button:not(.govuk-button--secondary)")).to_have_count(0)
    present = page.locator(".asof a")
    present.click()
    expect(page.locator(".asof")).to_have_count(0)


def test_the_protected_states_console_shows_its_own_time_first(demo, opened):
    expect(opened(demo, "/", seat="UKR/foreign").locator("#times span").first).to_contain_text("Kyiv")
    page = opened(demo, "/", seat="AUS/foreign")
    expect(page.locator("#times")).to_contain_text("Canberra")
    expect(page.locator("#times span").first).to_contain_text("UTC")
    expect(page.locator(".card").first).to_contain_text("Canberra")


def test_the_language_is_kept(demo, opened):
    page = opened(demo, "/response/R-2?who=core")
    page.get_by_role("link", name="Українська").click()
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    expect(page.locator(".chip[aria-current]").first).to_contain_text("Основна група")
    page.goto(demo.url)
    expect(page.locator("html")).to_have_attribute("lang", "uk")


def test_the_skip_link_comes_first_and_goes_to_the_words(demo, opened):
    page = opened(demo, "/")
    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_on_paper_bands_and_frames_stay_and_links_go(demo, opened):
    page = opened(demo, "/response/R-2")
    page.emulate_media(media="print")
    expect(page.locator(".band").first).to_be_visible()
    expect(page.locator(".src").first).to_be_visible()
    expect(page.locator(".nav")).to_be_hidden()
    expect(page.locator(".chips").first).to_be_hidden()
    expect(page.locator("#incident details table")).to_be_visible()  # folded on a screen; nobody opens it on paper


@pytest.mark.parametrize("path", ["/response/R-2", "/response/R-2/decision"])
def test_a_long_page_has_a_way_to_each_of_its_parts(demo, opened, path):
    page = opened(demo, path, script=False, width=375)
    aims = page.locator(".contents a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    parts = page.locator("main > section[id]").evaluate_all("parts => parts.map(part => '#' + part.id)")
    assert aims == parts
    page.locator(".contents a").last.click()
    assert page.evaluate("scrollY") > 1000


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_whoever_came_stands_within_the_columns(demo, opened, lang):
    page = opened(demo, "/response/R-2", lang=lang)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        over = """rows => rows.filter(row => [...row.children].some(
            part => part.getBoundingClientRect().right > row.getBoundingClientRect().right + 1)).length"""
        assert page.locator(".who-list li").evaluate_all(over) == 0, f"a row runs into the next at {width}"


def test_a_seat_learns_which_other_seat_must_act_and_becomes_it(demo, opened):
    page = opened(demo, "/response/R-2", seat="POL/duty", script=False)
    expect(page.locator("#elsewhere")).to_contain_text("Another seat of your government must act")
    page.locator("#elsewhere").get_by_role("button", name="Head of delegation").first.click()
    expect(page.locator(".head .who")).to_contain_text("Poland · Head of delegation")
    page.wait_for_url("**/response/R-2")
    expect(page.locator("#mine .govuk-button")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_several_parties_are_named_as_readers(demo, opened, script):
    page = opened(demo, "/act/WithdrawIncident?incident=I-2", seat="UKR/head", script=script)
    page.get_by_label("Words to attach").fill("For three of us.")
    expect(page.get_by_label("Estonia", exact=True)).to_be_hidden()
    page.get_by_text("Name the parties").click()
    page.get_by_label("Estonia", exact=True).check()
    page.get_by_label("Poland", exact=True).check()
    page.locator("#continue").click()
    page.wait_for_url("**/act/check/*")
    expect(page.locator("main")).to_contain_text("released to: Estonia, Poland")


def test_what_is_refused_says_where_the_seat_finds_what_it_may_do(demo, opened):
    page = opened(demo, "/act/CountersignTranscript?transcript=TR-9", seat="POL/duty")
    expect(page.locator("h1")).to_have_text("This is not allowed")
    expect(page.locator(".box-red p").first).not_to_contain_text("record/option")
    page.get_by_role("link", name="What this seat may do").click()
    expect(page.locator("h1")).to_contain_text("open to this seat")
