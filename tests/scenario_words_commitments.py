"""The phrases of scenarios about commitments: one for each act and each event; read together with the others."""

from __future__ import annotations

from datetime import date

from foedus.commitments import acts
from foedus.commitments.acts import Quantity
from tests.scenario_phrase import Phrase

# `30 howitzer`, `3-5 tank`, `2.5 EUR`, `undisclosed EUR`, `met effort`, `5 EUR priced at 2026-01-01`.
QUANTITY = (
    r"(?:(?:\d[\d.]*(?:-(?:\d[\d.]*)?)?|-\d[\d.]*|undisclosed|met|not met) )+(?:[A-Z]{3}|[a-z][a-z0-9-]*)"
    r"(?: priced at \d{4}-\d\d-\d\d)?"
)


def quantity(words: str) -> Quantity:
    """The quantity that the words say, one word after the other."""
    said, _, day = words.partition(" priced at ")
    *much, unit = said.replace("not met", "not_met").split()
    values: dict[str, object] = {"price_date": date.fromisoformat(day)} if day else {}
    for word in much:
        low, dash, high = word.partition("-")
        if word in ("met", "not_met"):
            values["attested"] = word
        elif dash:
            values |= {name: number for name, number in (("low", low), ("high", high)) if number}
        elif word != "undisclosed":
            values["amount"] = word
    return Quantity(unit, **values)  # type: ignore[arg-type]  # words of the file


ACTS: tuple[Phrase, ...] = (
    Phrase(
        acts.UndertakeObligation,
        "undertakes under {clause} of {agreement:instrument} {basis}: {quantity:quantity} of {kind} to {owed_to},"
        " {binding}[, every {every}][, from {starts_on:date}][, until {ends_on:date}]"
        "[, within {within_hours:count} hours][, on condition of {conditions:list}]",
    ),
    Phrase(acts.SettleCondition, "records {condition} of {obligation} as met"),
    Phrase(acts.SettleCondition, "records {condition} of {obligation} as failed", (("met", False),)),
    Phrase(
        acts.ScheduleTranche,
        "schedules {quantity:quantity} of {obligation}, due {due_on:date}[, with {grace_days:count} days of grace]",
    ),
    Phrase(acts.RequestPerformance, "requests {obligation}[: {quantity:quantity}]"),
    Phrase(acts.LinkPledge, "links {pledge}, which {link} {obligation}"),
    Phrase(
        acts.Allocate,
        "allocates {quantity:quantity} for {under}, {drawn_from}, funded by {funder}, supplied by {supplier},"
        " delivered by {deliverer}[, worth {value:quantity}]",
    ),
    Phrase(
        acts.ReportDelivery,
        "states the delivery of {quantity:quantity} of {allocation} on {delivered_on:date}[, worth {value:quantity}]",
    ),
    Phrase(acts.ConfirmReceipt, "confirms receipt of {delivery}[: {quantity:quantity}]"),
    Phrase(acts.DisputeReceipt, "disputes {delivery}: {ground}[, acknowledging {quantity:quantity}]"),
    Phrase(
        acts.VerifyDelivery,
        "verifies {delivery} as {level}, with {items:count} items of evidence[: {quantity:quantity}]",
    ),
    Phrase(acts.ReturnDelivery, "gives back {quantity:quantity} of {delivery}: {ground}"),
    Phrase(acts.TransferFunding, "takes over {quantity:quantity} of {relieved} as {ground}[ for {allocation}]"),
    Phrase(acts.CorrectFigure, "corrects {subject}[ to {quantity:quantity}][, worth {value:quantity}]"),
    Phrase(
        acts.StateRequirement,
        "needs {minimum} to {target} {unit} of {capability} by {needed_by:date}[, priority {priority:count}]",
    ),
    Phrase(
        acts.OfferSupply,
        "offers {quantity:quantity} of {capability}, ready {ready_on:date}, by {transports:list}[, made by {maker}]",
    ),
    Phrase(acts.RequestReexport, "asks for the re-export of {offer} by {answer_by:moment}"),
    Phrase(acts.AnswerReexport, "consents to {request}", (("consents", True),)),
    Phrase(acts.AnswerReexport, "refuses {request}", (("consents", False),)),
    Phrase(acts.RecordOverdue, "records that {deadline} is overdue since {due_at:moment}"),
)

EVENTS: tuple[Phrase, ...] = (
    Phrase(
        acts.ObligationUndertaken, "{obligation} undertaken by {party}, {binding}: {quantity:quantity}[ under {clause}]"
    ),
    Phrase(acts.ConditionSettled, "condition {condition} of {obligation} met", (("met", True),)),
    Phrase(acts.ConditionSettled, "condition {condition} of {obligation} failed", (("met", False),)),
    Phrase(
        acts.TrancheScheduled,
        "tranche {tranche} of {quantity:quantity} due {due_at:moment}, overdue {overdue_at:moment}",
    ),
    Phrase(acts.PerformanceRequested, "tranche {tranche} requested, due {due_at:moment}"),
    Phrase(acts.PledgeLinked, "pledge {pledge} {link} {obligation}"),
    Phrase(acts.PackageAllocated, "package {allocation} of {quantity:quantity} funded by {funder}"),
    Phrase(acts.DeliveryReported, "delivery {delivery} of {quantity:quantity} stated by {party}"),
    Phrase(acts.ReceiptConfirmed, "receipt of {delivery} confirmed by {party}"),
    Phrase(acts.ReceiptDisputed, "delivery {delivery} disputed by {party}: {ground}"),
    Phrase(acts.DeliveryVerified, "delivery {delivery} verified as {level} by {party}"),
    Phrase(acts.DeliveryReturned, "{quantity:quantity} of {delivery} given back: {ground}"),
    Phrase(acts.FundingTransferred, "transfer {transfer} of {quantity:quantity} from {relieved} to {party}: {ground}"),
    Phrase(acts.FigureCorrected, "figure of {subject} corrected[ to {quantity:quantity}]"),
    Phrase(acts.RequirementStated, "requirement {requirement}: {minimum} to {target} {unit} by {needed_by:date}"),
    Phrase(acts.SupplyOffered, "offer {offer} of {quantity:quantity} by {party}"),
    Phrase(acts.ReexportRequested, "request {request} to {maker}, to be answered by {answer_by:moment}"),
    Phrase(acts.ReexportAnswered, "request {request} consented to", (("consents", True),)),
    Phrase(acts.ReexportAnswered, "request {request} refused", (("consents", False),)),
    Phrase(acts.ReexportUnanswered, "request {request} unanswered"),
    Phrase(acts.TrancheOverdue, "tranche {tranche} overdue"),
)
