"""What the mix of `bench/mix.py` does about property of the aggressor: every act of an asset, round after round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from foedus.acts import Body
from foedus.reparations import acts as a

if TYPE_CHECKING:
    from bench.mix import Mix


def said(mix: Mix, round_: int) -> Iterator[tuple[str, Body]]:
    """An asset reported, valued by two, immobilised, stayed, its income pledged and served, forfeited and paid out."""
    party, other = mix.some(round_)[:2]
    seat, asset = f"{party}/foreign", f"AS-{len(mix.state.reparations.assets) + 1}"
    loan, day = f"loan-{asset}", (mix.at - timedelta(days=30)).date()

    def worth(high: str, discloser: str) -> a.Value:
        return a.Value("180", high, "EUR", day, "accounts", discloser, "medium")

    def moved(to: a.Step) -> a.MoveAsset:
        return a.MoveAsset(asset, to, "act", mix.at)

    yield seat, a.ReportAsset("depository", "securities", "RUS", worth("193", "depository"))
    yield f"{other}/foreign", a.ValueAsset(asset, worth("207", "press"))
    yield seat, moved("immobilised")
    yield seat, a.PledgeAsset(asset, loan, "income", "50", "EUR", "act")
    yield seat, a.RecordIncome(asset, "50", "EUR", "act", loan)
    yield seat, a.RecordStay(asset, "case")
    yield seat, a.RecordStay(asset, "case", ended=True)
    yield seat, moved("forfeited")
    yield seat, moved("transferred")
    yield seat, a.RecordProceeds(asset, "100", "EUR", "act")
