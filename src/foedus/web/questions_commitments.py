"""What a person is asked for a receipt or a dispute: how much came, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foedus.commitments import acts
from foedus.web.fields import Field, large
from foedus.web.page import Page
from foedus.words.said_commitments import amount, unit_name
from foedus.words.speech import Speech
from foedus.words.titles import title
from foedus.words.titles_commitments import DISPUTES

Choices = Mapping[str, tuple[str, ...]]


def _came(page: Page, delivery: str, hint: str) -> Field:
    """How much came, in the unit of the delivery."""
    _ = page.words.gettext
    stated = page.state.commitments.deliveries[delivery].figures[-1].value
    speech = Speech(page.words, page.clauses, page.state)
    label = _("How much came (%(unit)s)", unit=unit_name(speech, stated.unit))
    said = _("Stated: %(amount)s.", amount=amount(speech, stated))
    return Field(f"quantity.{stated.unit}", "line", label, f"{said} {hint}", required=False)


def _confirm(page: Page, body: acts.ConfirmReceipt, choices: Choices) -> list[Field]:
    return [_came(page, body.delivery, page.words.gettext("Leave empty where it came as stated."))]


def _dispute(page: Page, body: acts.DisputeReceipt, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    grounds = tuple((code, large(title(page.words, DISPUTES, code))) for code in DISPUTES)
    ground = Field("ground", "radios", _("What is wrong"), choices=grounds)
    return [ground, _came(page, body.delivery, _("Leave empty where you acknowledge nothing of it."))]


QUESTIONS: dict[type, Any] = {acts.ConfirmReceipt: _confirm, acts.DisputeReceipt: _dispute}
