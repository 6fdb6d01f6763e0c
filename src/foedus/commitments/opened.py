"""Which subject an act of commitments opened: ids are given in the order of the record and not by who acts."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.acts import Event
from foedus.commitments import acts

_ID = {
    acts.ObligationUndertaken: "obligation",
    acts.TrancheScheduled: "tranche",
    acts.PerformanceRequested: "tranche",
    acts.PackageAllocated: "allocation",
    acts.DeliveryReported: "delivery",
    acts.FundingTransferred: "transfer",
    acts.RequirementStated: "requirement",
    acts.SupplyOffered: "offer",
    acts.ReexportRequested: "request",
}


def opened_by(events: Sequence[Event]) -> str:
    """The id that the first of these events opened; empty where they open nothing."""
    return next((str(getattr(one, _ID[type(one)])) for one in events if type(one) in _ID), "")
