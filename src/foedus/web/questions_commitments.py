"""What a person is asked of commitments: what is owed and when, what is set aside, what came, what is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from foedus.commitments import acts
from foedus.commitments.account import listing
from foedus.commitments.acts import Quantity
from foedus.web.fields import Field, evidence, large, moment
from foedus.web.page import Page
from foedus.words import titles_commitments as codes
from foedus.words.said_commitments import amount, unit_name
from foedus.words.speech import Speech
from foedus.words.titles import title
from foedus.words.titles_commitments import DISPUTES

Choices = Mapping[str, tuple[str, ...]]
MOST_OTHERS = 200  # obligations that a form lists


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


def _large(page: Page, table: Mapping[str, str], codes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code, large(title(page.words, table, code))) for code in codes)


def _parties(page: Page) -> tuple[tuple[str, str], ...]:
    found = [(one.id, page.say(one.name)) for one in page.compact.parties]
    return tuple(sorted(found, key=lambda one: page.sort_key(one[1])))


def _of(page: Page, quantity: Quantity | None, label: str, *, name: str = "quantity") -> list[Field]:
    """How much in a unit that is known; else both are asked, and neither where nothing is to be said."""
    _ = page.words.gettext
    if quantity is not None:
        speech = Speech(page.words, page.clauses, page.state)
        return [Field(f"quantity.{quantity.unit}", "line", f"{label} ({unit_name(speech, quantity.unit)})",
                      value=quantity.amount or "")]  # fmt: skip
    hint = _("Leave empty where you do not disclose it: that is a range, not nothing.")
    unit = _("Three capitals for money, such as EUR; small letters and hyphens for things, such as howitzer.")
    return [
        Field(f"part.{name}.amount", "line", label, "" if name == "value" else hint, required=False),
        Field(f"part.{name}.unit", "line", _("Unit"), unit, required=name == "quantity"),
    ]


def _undertake(page: Page, body: acts.UndertakeObligation, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    period = _("Period, where there is one")
    recurs = (("", _("it does not recur")), *_large(page, codes.PERIODS, tuple(codes.PERIODS)))
    conditions = tuple((one.id, page.say(one.name)) for one in page.compact.caveats)
    return [
        *_of(page, None, _("How much")),
        Field("basis", "select", _("How it is meant"), choices=_large(page, codes.BASES, tuple(codes.BASES)),
              value="units"),
        Field("binding", "radios", _("How it binds"), choices=_large(page, codes.BINDINGS, tuple(codes.BINDINGS)),
              hint=_("Only what is owed by law is ever overdue; no text is exceeded."), value=body.binding),
        Field("owed_to", "select", _("Owed to"), choices=_parties(page), value=body.owed_to),
        Field("starts_on", "day", _("From"), required=False, group=period),
        Field("ends_on", "day", _("To the end of"), required=False, group=period),
        Field("every", "select", _("Recurs"), choices=recurs, required=False, group=period),
        Field("within_hours", "number", _("Hours from a request"), _("Only of what is owed on request."),
              required=False),
        Field("conditions", "checkboxes", _("Conditions"), choices=conditions, required=False),
    ]  # fmt: skip


def _schedule(page: Page, body: acts.ScheduleTranche, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    return [
        *_of(page, body.quantity, _("How much")),
        Field("due_on", "day", _("Due on"), _("To the end of that day, UTC.")),
        Field("grace_days", "number", _("Days of grace"), value="0"),
    ]


def _allocate(page: Page, body: acts.Allocate, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    worth = _("Value, where it is stated")
    who = [
        Field(name, "select", label, choices=_parties(page), value=value)
        for name, label, value in (
            ("funder", _("Funded by"), body.funder), ("supplier", _("Supplied by"), body.supplier),
            ("deliverer", _("Delivered by"), body.deliverer),
        )
    ]  # fmt: skip
    return [
        *_of(page, body.quantity, _("How much")),
        Field("drawn_from", "select", _("Where it comes from"), value=body.drawn_from,
              choices=_large(page, codes.ORIGINS, tuple(codes.ORIGINS))),
        *who,
        *(replace(field, group=worth) for field in _of(page, None, _("Value"), name="value")),
    ]  # fmt: skip


def _report(page: Page, body: acts.ReportDelivery, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    day = Field("delivered_on", "day", _("Delivered on"), value=body.delivered_on.isoformat())
    return [*_of(page, body.quantity, _("How much was handed over")), *_value(page, body.value), day]


def _verify(page: Page, body: acts.VerifyDelivery, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    offered = choices.get("level") or (body.level,)
    level = Field("level", "radios", _("How it was verified"), choices=_large(page, codes.CHECKS, offered),
                  value=body.level)  # fmt: skip
    found = _came(page, body.delivery, _("Leave empty where what was found is what was stated."))
    return [level, found, *(replace(one, required=one.name == "evidence") for one in evidence(page))]


def _return(page: Page, body: acts.ReturnDelivery, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    grounds = _large(page, codes.RETURNS, tuple(codes.RETURNS))
    return [*_of(page, body.quantity, _("How much goes back")), Field("ground", "radios", _("Why"), choices=grounds)]


def _require(page: Page, body: acts.StateRequirement, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    coded = _("Small letters and hyphens, such as air-defence.")
    return [
        Field("capability", "line", _("Capability"), coded),
        Field("unit", "line", _("Unit"), _("Small letters and hyphens, such as howitzer.")),
        Field("minimum", "line", _("At least")),
        Field("target", "line", _("As a target")),
        Field("needed_by", "day", _("Needed by")),
        Field("priority", "number", _("Priority"), _("1 comes first, 9 last."), value="5"),
    ]


def _offer(page: Page, body: acts.OfferSupply, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    makers = (("", _("nobody must consent")), *_parties(page))
    return [
        Field("capability", "line", _("Capability"), _("Small letters and hyphens, such as air-defence.")),
        *_of(page, None, _("How much")),
        Field("ready_on", "day", _("Ready on")),
        Field("transports", "checkboxes", _("How it can travel"),
              choices=_large(page, codes.TRANSPORTS, tuple(codes.TRANSPORTS))),
        Field("maker", "select", _("State that made it and must consent"), choices=makers, required=False),
    ]  # fmt: skip


def _ask(page: Page, body: acts.RequestReexport, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    return [moment(page, "answer_by", _("To be answered by"), body.answer_by, _("Silence is no consent."))]


def _yes_or_no(name: str, label: str, page: Page) -> Field:
    _ = page.words.gettext
    return Field(name, "radios", label, choices=(("yes", large(_("yes"))), ("no", large(_("no")))))


def _answer(page: Page, body: acts.AnswerReexport, choices: Choices) -> list[Field]:
    return [_yes_or_no("consents", page.words.gettext("Consents"), page)]


def _settle(page: Page, body: acts.SettleCondition, choices: Choices) -> list[Field]:
    return [_yes_or_no("met", page.words.gettext("Met"), page)]


def _link(page: Page, body: acts.LinkPledge, choices: Choices) -> list[Field]:
    """The pledge is where the form was begun; which other obligation it belongs to is asked."""
    _ = page.words.gettext
    known, speech = page.state.commitments, Speech(page.words, page.clauses, page.state)
    party = known.obligations[body.pledge].party
    others = [one for name in sorted(known.owing) if name.startswith(f"{party}|") for one in listing(known, [name])]
    named = tuple(
        (one.id, f"{one.id}: {title(page.words, codes.KINDS, one.kind)}, {amount(speech, one.figures[-1].value)}")
        for one in others if one.counts and one.figures and one.id != body.pledge
    )  # fmt: skip
    links = _large(page, codes.LINKS, tuple(codes.LINKS))
    return [
        Field("obligation", "select", _("Which other obligation it belongs to"), choices=named[-MOST_OTHERS:],
              value=body.obligation, hint=_("Both are of your party, and both count until then.")),
        Field("link", "radios", _("How they belong together"), choices=links,
              hint=_("Where it fulfils or repeats the other, this one counts no more; where it takes its place,"
                     " the other.")),
    ]  # fmt: skip


def _transfer(page: Page, body: acts.TransferFunding, choices: Choices) -> list[Field]:
    """Whose cost is taken over: the funder of the package, or, begun beside a party, that party."""
    _ = page.words.gettext
    beside, own = page.query.get("relieved", ""), page.seat.party if page.seat else ""
    parties = tuple(one for one in _parties(page) if one[0] != own)
    who = Field("relieved", "select", _("Whose cost you take over"), value=beside or body.relieved, choices=parties)
    given = body.quantity if body.allocation else None
    return [
        *([] if body.allocation else [who]),
        *_of(page, given, _("How much of it")),
        Field("ground", "radios", _("Why"), choices=_large(page, codes.TRANSFERS, tuple(codes.TRANSFERS)),
              hint=_("It is never new aid: what one gave less, the other gave more.")),
    ]  # fmt: skip


def _correct(page: Page, body: acts.CorrectFigure, choices: Choices) -> list[Field]:
    """The figure anew, in the unit in which it stands; a package or a delivery may also have a value."""
    _ = page.words.gettext
    known = page.state.commitments
    subject = known.allocations.get(body.subject) or known.deliveries.get(body.subject)
    hint = _("The old figure stays known, with the day on which it was said.")
    figure = [replace(one, hint=hint) for one in _of(page, body.quantity, _("How much it is"))]
    if subject is None:
        return figure
    return [*figure, *_value(page, subject.values[-1].value if subject.values else None)]


def _value(page: Page, held: acts.Quantity | None) -> list[Field]:
    """What it is worth, beside how much it is: as it was said so far."""
    _ = page.words.gettext
    worth = _of(page, None, _("Value"), name="value")
    before = (held.amount or "", held.unit) if held else ("", "")
    group = _("Value, where it is stated")
    return [replace(one, group=group, value=was) for one, was in zip(worth, before, strict=True)]


QUESTIONS: dict[type, Any] = {
    acts.ConfirmReceipt: _confirm,
    acts.DisputeReceipt: _dispute,
    acts.UndertakeObligation: _undertake,
    acts.SettleCondition: _settle,
    acts.ScheduleTranche: _schedule,
    acts.Allocate: _allocate,
    acts.ReportDelivery: _report,
    acts.VerifyDelivery: _verify,
    acts.ReturnDelivery: _return,
    acts.StateRequirement: _require,
    acts.OfferSupply: _offer,
    acts.RequestReexport: _ask,
    acts.AnswerReexport: _answer,
    acts.LinkPledge: _link,
    acts.TransferFunding: _transfer,
    acts.CorrectFigure: _correct,
}
