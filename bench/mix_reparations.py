"""What the mix of `bench/mix.py` does about reparations: every act of an asset, of claims and of a distribution."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from foedus import archive
from foedus.acts import Body
from foedus.compact.model import Distribution
from foedus.reparations import acts as a
from foedus.reparations.claims import REGISTER, awards
from foedus.reparations.distributions import rule_digest

BY_TWO = (a.DecideDistribution, a.RevokeDistribution)  # two offices of Ukraine sign

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
    yield from _claimed(mix, round_)


def _claimed(mix: Mix, round_: int) -> Iterator[tuple[str, Body]]:
    """A batch claimed, judged in every way, awarded, appealed and corrected; a distribution decided, revoked, decided
    again, run and paid. Tables are invented: no rule reads them.
    """
    state, seat, known = mix.state.reparations, "UKR/foreign", "register-of-damage"
    court, batch = "claims-commission", f"CB-{len(mix.state.reparations.batches) + 1}"
    decided = state.decided

    def table(what: str) -> str:
        return archive.put(mix.depositary.store, f"{what} {round_}".encode())

    def totals(claims: int) -> tuple[a.Total, ...]:
        return (a.Total("A2.1", "EUR", claims, "600"),)

    def judged(to: a.Decided, claims: int, corrects: str | None = None) -> a.DecideClaims:
        by = known if to in REGISTER or to == "refused" else court
        return a.DecideClaims(batch, to, by, table(f"{to} {corrects}"), claims, totals(claims), "act", corrects)

    yield seat, a.DepositClaims(known, "damage", table("claims"), 9, date(2022, 3, 1), totals(9))
    for to, claims in (("recorded", 7), ("refused", 1), ("withdrawn", 1), ("assessed", 5), ("awarded", 4)):
        yield seat, judged(to, claims)  # type: ignore[arg-type]  # words of the line above
    yield seat, judged("appealed", 1)
    yield seat, judged("awarded", 4, f"CD-{decided + 5}")
    for again in (False, True):
        yield from _shared_out(mix, table(f"run {again}"), again=again)


def _shared_out(mix: Mix, run: str, *, again: bool) -> Iterator[tuple[str, Body]]:
    seat, court = "UKR/foreign", "claims-commission"
    state = mix.state.reparations
    clause = mix.clauses.one(Distribution)
    assert clause is not None, "the Kyiv text says how a fund is shared out"
    rows, id_ = sum(one.rows for one in awards(state)), f"DS-{len(state.distributions) + 1}"
    yield seat, a.DecideDistribution(
        court, rule_digest(clause[1]), f"CD-{state.decided}", run, run, rows, "20", "EUR", "19", "1", "0",
        "minutes",
    )  # fmt: skip
    if not again:
        yield seat, a.RevokeDistribution(id_, court, "minutes")
        return
    yield seat, a.RecordRun(id_, run, rows, "19")
    yield seat, a.RecordPayment(id_, run, rows, "19", "EUR", "order")
