"""What a person is asked for a call back, and for the steps of national law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from msgspec.structs import fields

from foedus.parties.acts import NationalStep, StateMandate
from foedus.response.acts import RecordCallBack
from foedus.response.callbacks import WORDS
from foedus.web.fields import Field, large, moment
from foedus.web.page import Page
from foedus.words.titles import CALLS, NATIONAL_STEPS, title

Choices = Mapping[str, tuple[str, ...]]
STEPS: tuple[str, ...] = get_args(next(one.type for one in fields(NationalStep) if one.name == "step"))


def _called(page: Page, body: RecordCallBack, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    response = page.state.response.responses[body.response]
    offices = sorted(
        one.id for one in page.state.parties.seats.values() if one.party == response.party and one.revoked is None
    )
    hint = _("At a number that your own register had before: never one that came with the request.")
    heard = _("Leave empty unless it confirmed. %(num)s words, in English or Ukrainian.", num=page.number(WORDS))
    return [
        Field("called", "select", _("Office that was called"), hint,
              choices=tuple((one, page.seat_name(one)) for one in offices), value=body.called),
        Field("answer", "radios", _("What was said"),
              choices=tuple((code, large(title(page.words, CALLS, code))) for code in CALLS)),
        Field("heard", "line", _("Words read back"), heard, required=False),
    ]  # fmt: skip


def _steps(page: Page, body: StateMandate, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    known: dict[str, NationalStep] = {one.step: one for one in body.steps}
    found = []
    for step in STEPS:
        group, one = large(title(page.words, NATIONAL_STEPS, step)), known.get(step)
        hint = _("Leave empty where your law does not ask for it.")
        found += [
            Field(f"national.{step}.hours", "number", _("Hours it takes"), hint, required=False, group=group,
                  value=str(one.takes_hours) if one else ""),
            moment(page, f"national.{step}.until", _("Delegated until"), one.delegated_until if one else None,
                   _("Only where a standing delegation takes it beforehand."), required=False, group=group),
        ]  # fmt: skip
    return found


QUESTIONS: dict[type, Any] = {RecordCallBack: _called, StateMandate: _steps}
