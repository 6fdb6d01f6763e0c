"""The phrases of scenarios about reparations: one for each act and each event; read together with the others."""

from __future__ import annotations

from foedus.reparations import acts
from tests.scenario_phrase import Phrase

ACTS: tuple[Phrase, ...] = (
    Phrase(acts.ReportAsset, "reports {kind} of {owner} held by {holder}, worth {figure:value}[, target {target}]"),
    Phrase(acts.ValueAsset, "values {asset} at {figure:value}"),
    Phrase(acts.MoveAsset, "records {asset} as {to} by {instrument}[ from {effective_at:moment}]"),
    Phrase(acts.RecordStay, "records that a court stays {asset} in {case}"),
    Phrase(acts.RecordStay, "records that the stay of {asset} in {case} ended", (("ended", True),)),
)

EVENTS: tuple[Phrase, ...] = (
    Phrase(acts.AssetReported, "asset {asset} reported: {kind} of {owner} held by {holder}"),
    Phrase(acts.AssetValued, "asset {asset} valued by {party}"),
    Phrase(acts.AssetMoved, "asset {asset} is {to} by {instrument}[ under {provision}]"),
    Phrase(acts.StayRecorded, "asset {asset} stayed in {case}"),
    Phrase(acts.StayEnded, "stay of {asset} in {case} ended"),
)
