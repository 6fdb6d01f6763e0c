"""The kinds of questions that forms ask, and those that several acts share: a moment, evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from foedus.web.moments import zone_info
from foedus.web.page import Page
from foedus.web.said import how

Kind = Literal["radios", "checkboxes", "select", "moment", "day", "number", "sum", "currency", "code", "line", "text",
             "key", "file"]  # fmt: skip


class Field(Struct, frozen=True):
    """One question: its name in the form, its words, how it is answered, and what it offers.

    `folded`: the words behind which many choices stay folded until one is needed.
    """

    name: str
    kind: Kind
    label: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""
    values: tuple[str, ...] = ()
    required: bool = True
    group: str = ""
    folded: str = ""


def evidence(page: Page) -> list[Field]:
    """Evidence, as a file or in words, with how and when it was obtained."""
    _ = page.words.gettext
    hows = ("photograph", "radar", "wreckage", "satellite", "witness", "report", "other")
    group = _("Evidence")
    return [
        Field(
            "evidence",
            "file",
            _("A file"),
            group=group,
            required=False,
            hint=_("At most 1 MB here. It is kept apart from the record, by its digest, and can be erased."),
        ),
        Field(
            "evidence.how",
            "select",
            _("How it was obtained"),
            group=group,
            required=False,
            choices=tuple((code, large(how(page, code))) for code in hows),
            value="photograph",
        ),
        moment(page, "evidence.at", _("When it was obtained"), page.clock_now, "", required=False, group=group),
        Field(
            "evidence.words", "text", _("Or in words: what was seen, and by which office"), group=group, required=False
        ),
    ]


def large(text: str) -> str:
    """With a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def moment(
    page: Page, name: str, label: str, value: datetime | None, hint: str, *, required: bool = True, group: str = ""
) -> Field:  # fmt: skip
    """A moment, asked in the console's first zone."""
    zone = page.zones[0]
    example = page.clock_now.astimezone(zone_info(zone.name)).strftime("%Y-%m-%d %H:%M")
    shown = value.astimezone(zone_info(zone.name)).strftime("%Y-%m-%d %H:%M") if value else ""
    note = page.words.gettext("In %(zone)s time, such as %(example)s.", zone=zone.label, example=example)
    return Field(name, "moment", label, f"{hint} {note}".strip(), value=shown, required=required, group=group)
