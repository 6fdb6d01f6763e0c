"""The phrases of scenarios about reparations: one for each act and each event; read together with the others."""

from __future__ import annotations

from foedus.reparations import acts
from tests.scenario_phrase import Phrase

ACTS: tuple[Phrase, ...] = (
    Phrase(acts.ReportAsset, "reports {kind} of {owner} held by {holder}, worth {figure:value}[, target {target}]"),
    Phrase(acts.ValueAsset, "values {asset} at {figure:value}"),
    Phrase(
        acts.MoveAsset, "records {asset} as {to} by {instrument}[ from {effective_at:moment}][ under licence {licence}]"
    ),
    Phrase(acts.RecordStay, "records that a court stays {asset} in {case}"),
    Phrase(acts.RecordStay, "records that the stay of {asset} in {case} ended", (("ended", True),)),
    Phrase(acts.PledgeAsset, "pledges {part} of {asset} to {loan} for {amount} {currency} by {instrument}"),
    Phrase(acts.RecordIncome, "records income of {asset}: {amount} {currency} by {instrument}[ serving {loan}]"),
    Phrase(acts.RecordProceeds, "pays proceeds of {asset}: {amount} {currency} by {instrument}"),
)

EVENTS: tuple[Phrase, ...] = (
    Phrase(acts.AssetReported, "asset {asset} reported: {kind} of {owner} held by {holder}"),
    Phrase(acts.AssetValued, "asset {asset} valued by {party}"),
    Phrase(acts.AssetMoved, "asset {asset} is {to} by {instrument}[ under {provision}][ by licence {licence}]"),
    Phrase(acts.StayRecorded, "asset {asset} stayed in {case}"),
    Phrase(acts.StayEnded, "stay of {asset} in {case} ended"),
    Phrase(acts.AssetPledged, "{part} of {asset} pledged to {loan} for {amount} {currency}"),
    Phrase(acts.IncomeSetApart, "income of {asset} in the fund: {amount} {currency}"),
    Phrase(acts.LoanServed, "loan {loan} served from {asset}: {amount} {currency}"),
    Phrase(acts.ProceedsPaid, "proceeds of {asset} in the fund: {amount} {currency}"),
)
