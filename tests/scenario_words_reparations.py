"""The phrases of scenarios about reparations: one for each act and each event; read together with the others."""

from __future__ import annotations

from hashlib import sha256

from foedus.reparations import acts
from tests.scenario_phrase import Phrase

RUN = sha256(b"run").hexdigest()

ACTS: tuple[Phrase, ...] = (
    Phrase(acts.ReportAsset, "reports {kind} of {owner} held by {holder}, worth {figure:value}[, target {target}]"),
    Phrase(acts.ValueAsset, "values {asset} at {figure:value}"),
    Phrase(
        acts.MoveAsset, "records {asset} as {to} by {instrument}[ from {effective_at:moment}][ under licence {licence}]"
    ),
    Phrase(acts.RecordStay, "records that a court stays {asset} in {case}"),
    Phrase(acts.RecordStay, "records that the stay of {asset} in {case} ended", (("ended", True),)),
    Phrase(acts.PledgeAsset, "pledges {part} of {asset} to {loan} for {amount} {currency} by {instrument}"),
    Phrase(
        acts.RecordIncome,
        "records income of {asset}: {amount} {currency} by {instrument}[ serving {loan}][ as payment {reference}]",
    ),
    Phrase(
        acts.RecordProceeds, "pays proceeds of {asset}: {amount} {currency} by {instrument}[ as payment {reference}]"
    ),
    Phrase(
        acts.DepositClaims,
        "deposits {rows:count} claims {table:table} of {register} for {measure} since {first_cause:date}:"
        " {totals:totals}",
    ),
    Phrase(
        acts.DecideClaims,
        "records by {body} {rows:count} claims {table:table} of {batch} as {to} by {instrument}: {totals:totals}"
        "[ correcting {corrects}]",
    ),
    Phrase(
        acts.DecideDistribution,
        "decides by {body} to share out {fund} {currency} by rule {rule:rule} up to {up_to}, {rows:count} claims:"
        " paid {paid}, reserve {reserve}, left {left}[ as {result:table}]",
        (("dry_run", RUN), ("result", RUN), ("instrument", "minutes-1")),
    ),
    Phrase(acts.RevokeDistribution, "revokes by {body} {distribution} by {instrument}"),
    Phrase(acts.RecordRun, "records the run {result:table} of {distribution}: {rows:count} claims paid {paid}"),
    Phrase(
        acts.RecordPayment,
        "pays {rows:count} claims {table:table} of {distribution}: {amount} {currency} by {instrument}",
    ),
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
    Phrase(acts.ClaimsDeposited, "batch {batch} deposited: {rows:count} claims for {measure}"),
    Phrase(acts.ClaimsDecided, "decision {decision}: {rows:count} claims of {batch} are {to}[, correcting {corrects}]"),
    Phrase(acts.DistributionDecided, "distribution {distribution} decided: {fund} {currency} up to {up_to}"),
    Phrase(acts.DistributionRevoked, "distribution {distribution} revoked"),
    Phrase(acts.RunRecorded, "distribution {distribution} run: {paid} {currency}"),
    Phrase(acts.PaymentRecorded, "claimants paid of {distribution}: {amount} {currency}"),
    Phrase(acts.AccountTaken, "account beside {condition} of {party}: {account:accounts}"),
)
