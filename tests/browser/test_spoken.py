"""By telephone in a real browser: entered by one seat, countersigned by the seat that said it; in an exercise and at a
desk, by mouse and by keyboard, in both languages, with and without scripts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from foedus.acts import Attachment, Body
from foedus.depositary import Depositary
from foedus.response.acts import Activate, Evidence, ProposeMeasure, ReportIncident
from foedus.signing import attach, sign, statement_for
from tests.browser.hands import HANDS, Keyboard, Mouse
from tests.browser.served import Served, small_exercise
from tests.browser.test_desk import AtDesk, keys_of

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "enter": "Enter what a seat said by telephone or on paper", "who": "Who said it", "what": "What it was about",
        "seat": "Poland · Head of delegation", "measure": "R-1/M-1, Prompt delivery of weapons and equipment",
        "voice": "By telephone", "when": "When it was said", "file": "A file", "joins": "Joins",
        "check": "Check before you sign", "recorded": "Recorded as entry",
        "countersign": "Countersign what was entered for you", "stands": "Entered, not yet countersigned",
    },
    "uk": {
        "enter": "Внести сказане посадою телефоном або на папері", "who": "Хто сказав", "what": "Про що йшлося",
        "seat": "Польща · Глава делегації", "measure": "R-1/M-1, Швидке постачання озброєння та техніки",
        "voice": "Телефоном", "when": "Коли це сказано", "file": "Файл", "joins": "Приєднується",
        "check": "Перевірте, перш ніж підписати", "recorded": "Записано під номером",
        "countersign": "Підписати внесене за вас", "stands": "Внесено, ще не підтверджено підписом",
    },
}  # fmt: skip


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Served]:
    """A small exercise with a measure on the table of a response that runs."""
    folder = small_exercise(tmp_path / "record")
    keys = keys_of(folder)
    depositary = Depositary.open(folder, seed=keys.depositary_seed)

    def do(seat: str, body: Body, *also: str, files: tuple[tuple[Attachment, bytes, bytes], ...] = ()) -> None:
        statement = statement_for(
            depositary.state, seat, body, depositary.now(), attachments=[file for file, _, _ in files]
        )
        signed = sign(statement, [keys.key_of(name) for name in (seat, *also)], exercise=True)
        depositary.perform(signed, [(salt, content) for _, salt, content in files])

    wreckage = attach(b"wreckage", "evidence")
    seen = (Evidence(wreckage[0].digest, "UKR/duty", depositary.now(), "photograph"),)
    do("UKR/duty", ReportIncident("armed_attack", "UA", depositary.now(), evidence=seen), files=(wreckage,))
    do("UKR/head", Activate("I-1"), "UKR/foreign")
    do("UKR/foreign", ProposeMeasure("R-1", menu="weapons"))
    depositary.close()
    served = Served(folder, "serve", str(folder)).start()
    yield served
    served.stop()


class Entering:
    """Somebody who enters what another said, in one language."""

    def __init__(self, page: Page, hands: type[Mouse | Keyboard], lang: str) -> None:
        self.page, self.hands, self.said = page, hands(page), WORDS[lang]

    def enters(self, recording: Path, at: str) -> None:
        """From the response to the signature."""
        page, hands, said = self.page, self.hands, self.said
        hands.press(page.locator("#may summary"))
        hands.press(page.get_by_role("link", name=said["enter"]).first)
        hands.pick(page.get_by_label(said["who"]), said["seat"])
        hands.pick(page.get_by_label(said["what"]), said["measure"])
        hands.press(page.locator("#continue"))
        hands.choose(page.get_by_label(said["voice"], exact=True))
        hands.write(page.get_by_label(said["when"]), at)
        hands.attach(page.locator("input[type=file]"), recording)
        hands.choose(page.get_by_label(said["joins"], exact=True))
        hands.press(page.locator("#continue"))
        expect(page.locator("h1")).to_have_text(said["check"])
        expect(page.locator("#exact")).to_contain_text('"act":"EnterTranscript","seat":"POL/delegation"')
        hands.press(page.locator("#sign"))
        expect(page.locator("h1")).to_contain_text(said["recorded"], timeout=60_000)

    def countersigns(self) -> None:
        """From Home, by the button that it has for the seat."""
        expect(self.page.locator("main")).to_contain_text(self.said["countersign"])
        self.hands.press(self.page.get_by_role("link", name=self.said["countersign"]).first)
        self.hands.press(self.page.locator("#continue"))
        expect(self.page.locator("#exact")).to_contain_text('"act":"CountersignTranscript"')
        self.hands.press(self.page.locator("#sign"))
        expect(self.page.locator("h1")).to_contain_text(self.said["recorded"], timeout=60_000)
        self.leaves()

    def leaves(self) -> None:
        """An open page would try to follow a console that is not there any more."""
        self.page.goto("about:blank")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    (tmp_path / "call.ogg").write_bytes(b"a voice")
    return tmp_path / "call.ogg"


def position(served: Served) -> str | None:
    """Poland's stance on the measure, as anybody reads it in the record."""
    depositary = Depositary.open(served.folder)
    held = depositary.state.response.measures["R-1/M-1"].position("POL")
    depositary.store.close()
    return held.stance if held else None


@pytest.mark.parametrize(
    ("by", "lang", "script"),
    [("mouse", "en", True), ("keyboard", "uk", True), ("keyboard", "en", False), ("mouse", "uk", False)],
)
def test_in_an_exercise(running: Served, opened, recording: Path, by: str, lang: str, script: bool) -> None:
    page = opened(running, "/response/R-1", seat="UKR/duty", lang=lang, script=script)
    officer = Entering(page, HANDS[by], lang)
    officer.enters(recording, "2020-10-13 04:00")
    page.goto(f"{running.url}/response/R-1")
    expect(page.locator("#transcripts")).to_contain_text(WORDS[lang]["stands"])
    officer.leaves()
    assert position(running) is None
    page = opened(running, "/", seat="POL/delegation", lang=lang, script=script)
    Entering(page, HANDS[by], lang).countersigns()
    assert position(running) == "joins"


@pytest.mark.parametrize(("by", "lang"), [("mouse", "uk"), ("keyboard", "en")])
def test_at_desks(tmp_path: Path, running: Served, opened, recording: Path, by: str, lang: str) -> None:
    (tmp_path / "UKR").mkdir()
    (tmp_path / "POL").mkdir()
    duty = AtDesk(tmp_path / "UKR", running, "UKR/duty")
    delegation = AtDesk(tmp_path / "POL", running, "POL/delegation")
    try:
        duty.open()
        page = opened(duty.served, duty.way_in, lang=lang)
        page.goto(f"{duty.served.url}/response/R-1")
        officer = Entering(page, HANDS[by], lang)
        officer.enters(recording, "2020-10-13 04:00")
        officer.leaves()
        assert position(running) is None
        delegation.open()
        Entering(opened(delegation.served, delegation.way_in, lang=lang), HANDS[by], lang).countersigns()
        assert position(running) == "joins"
    finally:
        duty.served.stop()
        delegation.served.stop()
