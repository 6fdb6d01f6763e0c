"""Chromium, a demo to look at, and small exercises to act in. Every page is watched for errors and refusals of its
policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.served import Served, small_exercise


@pytest.fixture(scope="session")
def browser(chromium) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(**chromium)
        yield found
        found.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Iterator[Served]:
    """What `make run` serves."""
    folder = tmp_path_factory.mktemp("demo") / "record"
    served = Served(folder, "demo", str(folder)).start()
    yield served
    served.stop()


@pytest.fixture
def exercise(tmp_path) -> Iterator[Served]:
    """A small exercise of its own, whose clock can be moved on."""
    folder = small_exercise(tmp_path / "record")
    served = Served(folder, "serve", str(folder)).start()
    yield served
    served.stop()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own; at the end no page may have met an error.

    A test names it after the console that it looks at: pages are closed first, and none asks for one that is gone.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            errors.append(message.text)

    def open_page(
        served: Served, path: str = "/", *, lang: str = "en", seat: str = "", width: int = 1280, script: bool = True
    ) -> Page:
        locale = {"en": "en-GB", "uk": "uk-UA"}[lang]
        context = browser.new_context(
            viewport={"width": width, "height": 800}, locale=locale, java_script_enabled=script
        )
        contexts.append(context)
        context.add_cookies([{"name": "foedus", "value": f"{lang}:{seat}", "url": served.url}])
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(served.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors
