"""What the mix of `bench/mix.py` does about commitments, round after round: every act that the Kyiv text permits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from foedus.acts import Attachment, Body
from foedus.commitments import acts as c
from foedus.commitments.acts import Quantity
from foedus.parties.authority import members
from foedus.response.acts import Evidence

if TYPE_CHECKING:
    from bench.mix import Mix

Said = tuple[str, Body, tuple[Attachment, ...]]
TEN, WORTH = Quantity("howitzer", "10"), Quantity("EUR", "30000000")


def said(mix: Mix, round_: int) -> Iterator[Said]:
    """Obligations of parties of the core group through their life, a pledge said twice, a need and an offer."""
    owing = members(mix.in_force(), mix.state, "core")
    core = [party for party in mix.some(round_) if party in owing][:4]
    if len(core) < 2:
        return
    day, compact = mix.at.date(), mix.clauses.compact.id
    for number, party in enumerate(core):
        seat, other = f"{party}/foreign", core[(number + 1) % len(core)]
        first = mix.state.commitments.undertaken + 1
        id_, again, asked = f"O-{first}", f"O-{first + 1}", f"O-{first + 2}"
        owed = c.UndertakeObligation(
            compact, "P2.arms", "arms_transfers", "units", TEN, "legal", "UKR", day, conditions=("parliament",)
        )
        yield seat, owed, ()
        yield seat, owed, ()
        answer = Quantity("answer", "1")
        yield (
            seat,
            c.UndertakeObligation(
                compact, "P2.intelligence", "intelligence", "per_request", answer, "legal", "UKR", within_hours=24
            ),
            (),
        )
        yield seat, c.LinkPledge(again, "repeats", id_), ()
        yield seat, c.SettleCondition(id_, "parliament"), ()
        yield seat, c.ScheduleTranche(id_, TEN, day + timedelta(days=number), 3), ()
        yield "UKR/foreign", c.RequestPerformance(asked), ()
        yield seat, c.Allocate(f"{id_}/T-1", TEN, "third_party_funded", other, party, party, WORTH), ()
        package = f"{id_}/T-1/A-1"
        yield f"{party}/foreign", c.TransferFunding(other, WORTH, "share"), ()
        yield seat, c.ReportDelivery(package, TEN, day), ()
        yield "UKR/foreign", (c.DisputeReceipt(f"{package}/D-1", "short") if number % 2 else
                              c.ConfirmReceipt(f"{package}/D-1")), ()  # fmt: skip
        yield seat, c.CorrectFigure(package, Quantity("howitzer", "9")), ()
        evidence = (Evidence(mix.file.digest, "office", mix.at, "report"),)
        yield f"{other}/foreign", c.VerifyDelivery(f"{package}/D-1", "independent", evidence, TEN), (mix.file,)
        yield "UKR/foreign", c.ReturnDelivery(f"{package}/D-1", Quantity("howitzer", "1"), "repair"), ()
    yield "UKR/head", c.StateRequirement("artillery", "howitzer", "100", "200", day + timedelta(days=90)), ()
    yield from _offers(mix, core)


def _offers(mix: Mix, core: list[str]) -> Iterator[Said]:
    """An offer made by another state, whose consent is asked for and given, or awaited in vain."""
    number, asked = len(mix.state.commitments.offers) + 1, len(mix.state.commitments.reexports) + 1
    ready = mix.at.date() + timedelta(days=60)
    offer = c.OfferSupply("artillery", TEN, ready, ("rail",), core[1])
    yield f"{core[0]}/foreign", offer, ()
    yield f"{core[0]}/foreign", c.RequestReexport(f"F-{number}", mix.at + timedelta(hours=20)), ()
    if number % 2:
        yield f"{core[1]}/foreign", c.AnswerReexport(f"X-{asked}", True), ()
