"""A whole drill as people meet it: begun on the console, a mail, its link on a phone, the acts of a party, the report.

The agreement is the Kyiv text with shorter hours: the steps of a browser do not fit into a day that takes 86 seconds.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from foedus.alerts.deliveries import Deliveries
from foedus.compact.loader import bundled
from foedus.response.acts import ReportIncident
from foedus.verify import verify_record
from tests import plays
from tests.alerts.sinks import Box, smtp, wait_until
from tests.browser.hands import Mouse
from tests.browser.served import Served, small_exercise
from tests.browser.test_procedure import Officer

pytestmark = pytest.mark.browser

PIN = "482913"
SHORTER = {
    "step: acknowledge, within: PT6H": "step: acknowledge, within: PT5H",
    "step: convene, within: PT24H": "step: convene, within: PT8H",
    "step: decide, within: PT72H": "step: decide, within: PT14H",
}
PLAN = """
title: {{en: Short night, uk: Коротка ніч}}
compact: {compact}
starts: 2027-02-24T03:00:00Z
hours: 16
seed: 3
all: {{acknowledge: {{median: PT15M}}, attend: {{median: PT2H}}, decide: {{median: PT6H}}}}
by_party: {{XAD: {{declines: 1.0}}}}
played: [POL]
injects:
  - at: PT0S
    seat: UKR/duty
    evidence: 1
    body: {{act: ReportIncident, kind: armed_attack, territory: UA, occurred_from: "2027-02-24T02:10:00Z"}}
  - {{at: PT10M, seat: UKR/head, also: [UKR/foreign], body: {{act: Activate, incident: I-1}}}}
  - {{at: PT20M, seat: UKR/foreign, body: {{act: ProposeMeasure, response: R-1, menu: air-defence-systems}}}}
"""


@pytest.fixture
def box() -> Iterator[Box]:
    with smtp() as found:
        yield found


def folder_of_drills(folder: Path, box: Box) -> Path:
    """A plan, the agreement it is played under, settings of alerts and one person."""
    folder.mkdir()
    compact = folder / "compacts" / "short"
    shutil.copytree(bundled()["kyiv-2022"], compact)
    text = (compact / "compact.yaml").read_text("utf-8")
    for long, short in SHORTER.items():
        assert long in text
        text = text.replace(long, short)
    (compact / "compact.yaml").write_text(text, "utf-8")
    (folder / "short-night.yaml").write_text(PLAN.format(compact=compact), "utf-8")
    relay = f"{{host: 127.0.0.1, port: {box.port}, starttls: never, sender: drill@foedus.example}}"
    (folder / "alerts.yaml").write_text(f"exercise: true\nmail: {relay}\n")
    head = "seat,name,channel,address,language,pin"
    (folder / "contacts.csv").write_text(f"{head}\nPOL/duty,Ewa,mail,ewa@pl.example,en,{PIN}\n")
    return folder


def begin(page: Page, speed: str) -> str:
    """From the list of drills to the course of one; its id."""
    page.get_by_role("link", name="Drills", exact=True).first.click()
    page.get_by_role("link", name="Short night").click()
    expect(page.locator("main")).to_contain_text("People play: Poland.")
    page.get_by_label("Speed").fill(speed)
    page.get_by_role("button", name="Begin the drill").click()
    page.wait_for_url("**/drills/run/*")
    return page.url.rpartition("/")[2]


def opened_call(box: Box) -> EmailMessage | None:
    return next((mail for mail in box.mails if "activated" in mail["Subject"]), None)


def test_from_the_alert_to_the_report(tmp_path, box, opened):
    record = small_exercise(tmp_path / "record")
    folder = folder_of_drills(tmp_path / "drills", box)
    served = Served(record, "serve", str(record), "--drills", str(folder)).start()
    try:
        desk = opened(served, lang="en")
        id_ = begin(desk, "500")
        run = folder / "runs" / id_
        wait_until(lambda: opened_call(box), 90)
        mail = opened_call(box)
        assert mail is not None
        assert mail["To"] == "ewa@pl.example"
        assert re.fullmatch("EXERCISE .* EXERCISE", mail["Subject"])
        body = mail.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        assert text.split()[0] == text.split()[-1] == "EXERCISE"
        link = re.search(r"http://localhost:\d+/alert/\S+", text)
        assert link is not None
        scanned(link[0], run)
        phone = on_a_phone(desk, link[0])
        confirmed(phone, run)
        answer_for_poland(phone)
        expect(desk.locator("main")).to_contain_text("Has ended", timeout=180_000)
        reported(desk)
        desk.goto("about:blank")  # an open page would ask a console that is gone
    finally:
        served.stop()
    assert verify_record(str(run), rules=True).size > 0


def scanned(link: str, run: Path) -> None:
    """What scans mail opens every link: nothing is confirmed by that."""
    wait_until(lambda: _answers(link), 60)
    httpx.head(link)
    assert httpx.get(link).status_code == 200
    assert _confirmations(run) == []


def _answers(link: str) -> bool:
    try:
        return httpx.get(link).status_code == 200
    except httpx.TransportError:
        return False


def _confirmations(run: Path) -> list[tuple[str, str, str, float]]:
    deliveries = Deliveries(run / "deliveries.db")
    try:
        return deliveries.confirmations()
    finally:
        deliveries.close()


def on_a_phone(desk: Page, link: str) -> Page:
    """The link as the person opens it."""
    context = desk.context.browser.new_context(viewport={"width": 375, "height": 700}, locale="en-GB")  # type: ignore[union-attr]  # it came from one
    phone = context.new_page()
    phone.goto(link)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert phone.title().startswith("EXERCISE")
    return phone


def confirmed(phone: Page, run: Path) -> None:
    """A wrong PIN is refused; the right one stops reminders and answers for nobody."""
    phone.get_by_label("Your PIN").fill("000000")
    phone.get_by_role("button", name="Confirm that I have read it").click()
    expect(phone.locator(".govuk-error-summary")).to_contain_text("does not go with")
    phone.get_by_label("Your PIN").fill(PIN)
    phone.get_by_role("button", name="Confirm that I have read it").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Confirmed")
    assert len(_confirmations(run)) == 1
    phone.get_by_role("link", name="What my government must do").click()


def answer_for_poland(phone: Page) -> None:
    """The seats of Poland acknowledge, come, and take a position."""
    officer = Officer(phone, Mouse)
    officer.sits("Poland, Duty desk")
    officer.follow("Home")
    expect(phone.locator("#duty")).to_contain_text("Acknowledge the call")
    officer.green()
    officer.signs()
    officer.sits("Poland, Head of delegation")
    officer.follow("Home")
    expect(phone.locator("#duty h2")).to_have_text("Record presence")
    officer.green()
    officer.signs()
    officer.sits("Poland, Ministry of foreign affairs")
    phone.goto(re.sub(r"(//[^/]+).*", r"\1/act/TakePosition?measure=R-1%2FM-1", phone.url))
    phone.get_by_label("Joins", exact=True).check()
    officer.signs()


def reported(desk: Page) -> None:
    """The report, in which Poland was reached, came and took a position."""
    main = desk.locator("main")
    expect(main).to_contain_text("Party by party", timeout=30_000)
    main.locator("#parties summary").first.click()  # what a long table folds
    row = main.locator("#parties tr", has=desk.get_by_role("rowheader", name="Poland")).first
    for office in ("duty desk", "head of delegation", "ministry of foreign affairs"):
        expect(row).to_contain_text(office, ignore_case=True)
    expect(row).not_to_contain_text("never")
    expect(main).to_contain_text("Seats with people to be told")
    expect(main).to_contain_text("nobody of it is among the contacts of the exercise")
    expect(main.locator("#outcomes")).to_contain_text("Air-defence systems")
    expect(main.locator("#record")).to_contain_text("exercise.foedus.example/drill/")
    with desk.expect_response("**/report.en.html") as answered:
        desk.get_by_role("link", name="HTML, English").click()
    assert answered.value.status == 200
    expect(desk.get_by_role("heading", level=1)).to_contain_text("After-action report")


def test_something_real_on_the_live_record_stops_it(tmp_path, box, opened):
    play = plays.played_on(plays.opened("mare-2030", tmp_path / "live", exercise=False), "mare-2030", "activated")
    folder = folder_of_drills(tmp_path / "drills", box)
    served = Served(tmp_path / "live", "serve", str(tmp_path / "live"), "--drills", str(folder)).start()
    try:
        page = opened(served, "/drills", lang="en")
        assert page.title().startswith("EXERCISE")
        expect(page.locator(".edge")).to_have_count(2)
        id_ = begin(page, "60")
        expect(page.locator("main")).to_contain_text("in the exercise", timeout=90_000)
        play.at += plays.HOUR
        assert play.somebody(ReportIncident) is not None
        expect(page.locator("main")).to_contain_text("Stopped: NO PLAY", timeout=60_000)
        expect(page.locator("main")).to_contain_text("a new report or response")
        report = folder / "runs" / id_ / "report.json"
        wait_until(report.exists)
        page.goto("about:blank")
    finally:
        served.stop()
        play.close()
