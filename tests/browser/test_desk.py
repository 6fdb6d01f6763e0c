"""An officer at a desk, in a real browser: signs while the server is away, and sees the receipt when it is back."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from foedus.exercise import ExerciseKeys
from foedus.record.key_file import write_key
from foedus.record.store import open_store
from foedus.replay import checked_and_added
from foedus.state import State
from tests.browser.hands import HANDS
from tests.browser.served import Served, small_exercise
from tests.browser.test_pages import WIDTHS, findings, sideways

pytestmark = pytest.mark.browser


class AtDesk:
    """`foedus desk` in a process of its own, beside the server it follows."""

    def __init__(self, folder: Path, server: Served, seat: str) -> None:
        self.server = server
        self.key = folder / f"{seat.replace('/', '-')}.key"
        write_key(self.key, seat, keys_of(server.folder)._seed_of(seat), None)
        self.served = Served(folder / "desk", "desk", server.url, "--key", str(self.key), "--dir", str(folder / "desk"))
        self.way_in = ""

    def open(self) -> None:
        """Open the desk, and take the address that it shows."""
        said = self.served.start().process
        assert said is not None
        assert said.stderr is not None
        while not self.way_in:
            found = re.search(rb"/enter/[\w-]+", said.stderr.readline())
            self.way_in = found.group().decode() if found else ""


def keys_of(folder: Path) -> ExerciseKeys:
    store = open_store(folder)
    state = checked_and_added(State(), next(store.entries(0, 1)))
    store.close()
    keys = ExerciseKeys.open(folder, state)
    assert keys is not None
    return keys


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    served = Served(folder := small_exercise(tmp_path / "record"), "serve", str(folder)).start()
    yield served
    served.stop()


@pytest.fixture
def desk(tmp_path: Path, server: Served) -> Iterator[AtDesk]:
    found = AtDesk(tmp_path, server, "UKR/duty")
    found.open()
    yield found
    found.served.stop()


@pytest.mark.parametrize("by", HANDS)
def test_a_report_is_signed_while_the_server_is_away(server: Served, desk: AtDesk, opened, by: str) -> None:
    page = opened(desk.served, desk.way_in)
    hands = HANDS[by](page)
    expect(page.locator(".who")).to_contain_text("Ukraine")
    expect(page.locator("#strip")).to_contain_text("every entry was recomputed on this machine")
    server.stop()
    # Nobody reloads: the page itself follows how the desk stands.
    expect(page.locator("#strip")).to_contain_text("The server is not reached", timeout=60_000)
    page.goto(f"{desk.served.url}/act")
    hands.press(page.get_by_role("link", name="Report an incident").first)
    hands.press(page.locator("main form .govuk-button"))
    expect(page.locator("h1")).to_have_text("Check before you sign")
    hands.press(page.locator("#sign"))
    expect(page.locator("h1")).to_have_text("Signed, and waiting to be handed in")
    server.start()
    expect(page.locator("h1")).to_contain_text("Recorded as entry", timeout=60_000)
    hands.press(page.locator("#next"))
    expect(page.locator("#receipt")).to_contain_text("Recorded as entry")
    with page.expect_download() as download:
        hands.press(page.get_by_role("link", name=re.compile(r"\.tlog-proof$")))
    proved(download.value.path(), desk)


def proved(proof: Path, desk: AtDesk) -> None:
    """The proof that the desk made from its own copy, verified by the command, with nothing but the record's key."""
    folder = proof.parent
    named = folder / "entry.tlog-proof"
    named.write_bytes(proof.read_bytes())
    keys = folder / "keys.txt"
    keys.write_bytes(urllib.request.urlopen(f"{desk.server.url}/record/keys.txt").read())
    verify = [sys.executable, "-m", "foedus", "verify", str(named), "--keys", str(keys)]
    assert subprocess.run(verify, capture_output=True).returncode == 0


def test_a_desk_lets_in_nobody_else(desk: AtDesk, opened) -> None:
    page = opened(desk.served)
    expect(page.locator("body")).to_contain_text("lets in only who opened it")
    expect(page.locator(".who")).to_have_count(0)


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_the_pages_of_a_desk_are_whole_for_everybody(desk: AtDesk, opened, lang: str) -> None:
    page = opened(desk.served, desk.way_in, lang=lang)
    for path in ("/", "/outbox", "/desk", "/act/bring", "/act"):
        page.goto(desk.served.url + path)
        expect(page.locator("h1")).to_have_count(1)
        assert page.locator(".govuk-button:not(.govuk-button--secondary)").count() <= 1
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert not sideways(page), f"{path} scrolls sideways at {width}"
            assert not findings(page), f"{path} at {width}"
