"""What a person is asked of property and of the money that comes of it: by which act of law, how much, since when.

Nothing is asked of claims: what is said of them rests on tables, and `foedus claims` writes those acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foedus.compact.model import Compensation
from foedus.reparations import acts
from foedus.web.fields import Field, large, moment
from foedus.web.page import Page
from foedus.words.titles import ASSET_KINDS, ASSET_STEPS, BASES, CONFIDENCES, PLEDGED, SPLITS, title

Choices = Mapping[str, tuple[str, ...]]


def _code(page: Page, name: str, label: str, example: str, *, hint: str = "", required: bool = True) -> Field:
    """A number or a name as codes are written."""
    written = page.words.gettext(
        "In letters, digits, dots, slashes and hyphens, without blanks, such as %(example)s.", example=example
    )
    return Field(name, "code", label, f"{hint} {written}".strip(), required=required)


def _instrument(page: Page) -> Field:
    return _code(page, "instrument", page.words.gettext("Instrument of your own law"), "order-2026-12")


def _sum(page: Page, *, prefix: str = "") -> list[Field]:
    _ = page.words.gettext
    currency = Field(f"{prefix}currency", "currency", _("Currency"), _("Three capitals, such as EUR."))
    if prefix:
        return [
            Field(f"{prefix}low", "sum", _("At least")), Field(f"{prefix}high", "sum", _("At most")), currency
        ]  # fmt: skip
    return [Field("amount", "sum", _("Amount")), currency]


def _chosen(page: Page, name: str, label: str, table: Mapping[str, str], codes: tuple[str, ...] = ()) -> Field:
    choices = tuple((code, large(title(page.words, table, code))) for code in codes or tuple(table))
    return Field(name, "select", label, choices=choices, value=choices[0][0])


def _figure(page: Page, body: acts.ReportAsset | acts.ValueAsset, choices: Choices) -> list[Field]:
    """A range, of which day, by whom disclosed and how sure it is."""
    _ = page.words.gettext
    return [
        *_sum(page, prefix="worth."),
        Field("worth.as_of", "day", _("Of the day")),
        _chosen(page, "worth.split", _("How it is split"), SPLITS),
        _chosen(page, "worth.basis", _("On what it rests"), BASES),
        _code(page, "worth.discloser", _("Who discloses it"), "euroclear"),
        _chosen(page, "worth.confidence", _("How sure it is"), CONFIDENCES),
    ]


def _report(page: Page, body: acts.ReportAsset, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    owners = [owner for _id, clause in page.clauses.every(Compensation) for owner in clause.property_of]
    kinds = tuple(ASSET_KINDS)
    return [
        _chosen(page, "kind", _("Kind"), ASSET_KINDS, kinds),
        _code(page, "holder", _("Held by"), "euroclear"),
        Field("owner", "select", _("Owner"), choices=tuple((one, page.name(one)) for one in owners), value=body.owner),
        _code(page, "target", _("Target"), "ofac-12345", required=False,
              hint=_("Whose it is, as the lists have that person: only of property of somebody under sanctions.")),
        *_figure(page, body, choices),
    ]  # fmt: skip


def _move(page: Page, body: acts.MoveAsset, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    steps = tuple((code, large(title(page.words, ASSET_STEPS, code))) for code in choices.get("to", (body.to,)))
    return [
        Field("to", "radios", _("What became of it"), choices=steps),
        _instrument(page),
        moment(page, "effective_at", _("In effect from"), body.effective_at, ""),
        _code(page, "licence", _("Licence"), "2026/14", required=False,
              hint=_("By which the authority for sanctions permits it.")),
    ]  # fmt: skip


def _stay(page: Page, body: acts.RecordStay, choices: Choices) -> list[Field]:
    return [] if body.ended else [_code(page, "case", page.words.gettext("Case"), "T-123.26")]


def _pledge(page: Page, body: acts.PledgeAsset, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    return [
        _code(page, "loan", _("Loan"), "loan-2026-1"),
        _chosen(page, "part", _("What secures it"), PLEDGED, choices.get("part", (body.part,))),
        *_sum(page),
        _instrument(page),
    ]


def _paid(page: Page, body: acts.RecordIncome | acts.RecordProceeds, choices: Choices) -> list[Field]:
    _ = page.words.gettext
    hint = _("By it a payment is told from another of the same sum by the same act of law.")
    reference = _code(
        page, "reference", _("Reference of the payment"), "statement-2026-3/7", hint=hint, required=False
    )  # fmt: skip
    return [*_sum(page), _instrument(page), reference]


QUESTIONS: dict[type, Any] = {
    acts.ReportAsset: _report,
    acts.ValueAsset: _figure,
    acts.MoveAsset: _move,
    acts.RecordStay: _stay,
    acts.PledgeAsset: _pledge,
    acts.RecordIncome: _paid,
    acts.RecordProceeds: _paid,
    acts.RevokeDistribution: lambda page, _body, _choices: [_instrument(page)],
}
