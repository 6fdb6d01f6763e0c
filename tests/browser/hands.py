"""The same work by mouse or by keyboard alone: a scenario is written once and done twice."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page

MOST_TABS = 400


class Mouse:
    """Clicks, and types where it clicked."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        """A link or a button."""
        target.click()

    def choose(self, target: Locator) -> None:
        """A radio or a checkbox."""
        target.check()

    def write(self, target: Locator, text: str) -> None:
        """Text into a field, in place of what is there."""
        target.click()
        target.fill(text)

    def pick(self, target: Locator, option: str) -> None:
        """An option of a list."""
        target.select_option(label=option)

    def attach(self, target: Locator, file: Path) -> None:
        """A file, chosen in the window that the field opens."""
        with self.page.expect_file_chooser() as chooser:
            target.click()
        chooser.value.set_files(file)


class Keyboard:
    """Tab, Enter, Space, arrows and letters; never the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator) -> None:
        """Tab until the target has the focus, and see that the focus is shown."""
        wanted = target.element_handle()
        for _ in range(MOST_TABS):
            if wanted.evaluate("element => element === document.activeElement"):
                style = "element => [getComputedStyle(element).outlineStyle, getComputedStyle(element).boxShadow]"
                outline, shadow = wanted.evaluate(style)
                assert outline != "none" or shadow != "none", f"the focus does not show on {target}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached by Tab")

    def press(self, target: Locator) -> None:
        """A link or a button, by Enter."""
        self.reach(target)
        self.page.keyboard.press("Enter")

    def choose(self, target: Locator) -> None:
        """A radio by the arrows from the one of its group that Tab reaches, a checkbox by Space."""
        if target.get_attribute("type") == "checkbox":
            self.reach(target)
            self.page.keyboard.press("Space")
            return
        name = target.get_attribute("name")
        group = self.page.locator(f"input[type=radio][name='{name}']")
        checked = self.page.locator(f"input[type=radio][name='{name}']:checked")
        first = checked if checked.count() else group.first
        self.reach(first)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert target.is_checked()

    def write(self, target: Locator, text: str) -> None:
        """Text into a field, in place of what is there."""
        self.reach(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def pick(self, target: Locator, option: str) -> None:
        """An option of a list: by its first letters, or by the arrows where the driver's keyboard lacks them."""
        self.reach(target)
        if option.isascii():
            self.page.keyboard.type(option)
        else:
            self.page.keyboard.press("Home")
            for _ in range(target.locator("option").count()):
                if target.locator("option:checked").inner_text() == option:
                    break
                self.page.keyboard.press("ArrowDown")
        assert target.locator("option:checked").inner_text() == option

    def attach(self, target: Locator, file: Path) -> None:
        """A file, chosen in the window that the field opens."""
        with self.page.expect_file_chooser() as chooser:
            self.reach(target)  # only now: the browser is asked to tell of the window, and that takes it a moment
            self.page.keyboard.press("Enter")
        chooser.value.set_files(file)


HANDS: dict[str, type[Mouse | Keyboard]] = {"mouse": Mouse, "keyboard": Keyboard}
