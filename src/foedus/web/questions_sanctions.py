"""What a person is asked for an act about sanctions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from foedus.acts import Body
from foedus.sanctions import acts
from foedus.web.fields import Field, evidence, large, moment
from foedus.web.page import Page
from foedus.words.titles import CHOICES, GROUNDS, title

Choices = Mapping[str, tuple[str, ...]]


def _instrument(page: Page, body: Any, choices: Choices) -> list[Field]:
    """By which act of the issuer's own law, and from when."""
    return [_by(page), *_from(page, getattr(body, "effective_at", None))]


def _by(page: Page) -> Field:
    _ = page.words.gettext
    hint = _("Its number, in letters, digits, dots and hyphens, such as %(example)s.", example="reg-2026-123")
    return Field("instrument", "line", _("Instrument of your own law"), hint)


def _from(page: Page, at: datetime | None) -> list[Field]:
    _ = page.words.gettext
    return [] if at is None else [moment(page, "effective_at", _("In effect from"), at, "")]


def _adopt(page: Page, body: acts.AdoptListing, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    hint = _("Leave empty where the instrument names no end.")
    return [*_instrument(page, body, choices), moment(page, "expires_at", _("Until"), None, hint, required=False)]


def _relief(page: Page, body: acts.GrantRelief, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    hint = _("Leave empty where the instrument names no end.")
    return [*_instrument(page, body, choices), moment(page, "until", _("Until"), None, hint, required=False)]


def _delist(page: Page, body: acts.Delist, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    grounds = tuple((code, large(title(page.words, GROUNDS, code))) for code in GROUNDS)
    ground = Field(
        "ground",
        "radios",
        _("Ground"),
        choices=grounds,
        hint=_("What ends on its merits never comes back by a snapback."),
    )
    return [ground, *_instrument(page, body, choices)]


def _evidence(page: Page, body: Body, choices: Choices) -> list[Field]:
    return [replace(field, required=field.name == "evidence") for field in evidence(page)]


def _choice(page: Page, body: Any, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    offered = tuple((code, large(title(page.words, CHOICES, code))) for code in choices.get("choice", (body.choice,)))
    return [Field("choice", "radios", _("Your government's word"), choices=offered)]


def _case(page: Page, body: Any, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    hint = _("Its number, in letters, digits, dots and hyphens, such as %(example)s.", example="T-123.26")
    return [Field("case", "line", _("Case"), hint), *_from(page, getattr(body, "effective_at", None))]


QUESTIONS: dict[type, Any] = {
    acts.AdoptListing: _adopt,
    acts.AmendListing: _instrument,
    acts.GrantRelief: _relief,
    acts.Delist: _delist,
    acts.RecordCase: _case,
    acts.RecordJudgment: _case,
    acts.RenewRegime: lambda page, _body, _choices: [_by(page)],
    acts.AttestCondition: _evidence,
    acts.ContestCondition: _evidence,
    acts.ConsentToEasing: _choice,
    acts.VoteToContinueRelief: _choice,
    acts.EnactReinstatement: _instrument,
}
