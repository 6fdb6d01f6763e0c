"""The part of the exercise about property: the published figures with their contradictions, and a story of fictional
parties.

A figure is entered as `published.yaml` has it, with its day and who disclosed it. That a party reports it, and that the
property is immobilised, is an act of the exercise; the regulation that is named is real. A figure that somebody
else disclosed of a party's jurisdiction is stated by a fictional party, so that no state is made to repeat it. What is
stayed, forfeited, sold, pledged and paid is fictional property of fictional parties alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from foedus.compact.model import Compensation
from foedus.exercise.commitments import Stage
from foedus.published import Published, published
from foedus.reparations import acts

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
UNION, REGULATION, FROM = "EUE", "regulation-2025-2600", datetime(2025, 12, 12, tzinfo=UTC)
HOLDERS = {"eu": "every-holder-in-the-union", "euroclear": "euroclear"}  # others: not said

KINDS: dict[str, acts.AssetKind] = {"euroclear": "securities"}  # others: reserves of the central bank


def play(stage: Stage) -> None:
    """What is published, then what becomes of four pieces of property that do not exist."""
    start = stage.at
    owners = [owner for _, clause in stage.clauses.every(Compensation) for owner in clause.property_of]
    if not owners:
        return
    for number, (body, seat) in enumerate(_published(stage, owners[0]), 1):
        stage.plan(start + number * timedelta(minutes=10), seat, body)
    stage.play(start + DAY, "property that is published")
    _immobilised(stage)
    _story(stage, owners)


def _published(stage: Stage, owner: str) -> Iterator[tuple[acts.ReportAsset | acts.ValueAsset, str]]:
    """Each subject as one asset, with every figure of it: of its party first, of others by a fictional party."""
    known = len(stage.depositary.state.reparations.assets)
    every = [one for one in published(stage.clauses.compact.id).figures if _said(stage, one)]
    for about in dict.fromkeys(one.about for one in every):
        figures = [one for one in every if one.about == about]
        known += 1
        first, kind = figures[0], KINDS.get(about, "reserves")
        yield acts.ReportAsset(HOLDERS.get(about, "not-said"), kind, owner, first.value()), f"{first.party}/foreign"
        for one in figures[1:]:
            yield acts.ValueAsset(f"AS-{known}", one.value()), f"{stage.fictional[0]}/foreign"


def _said(stage: Stage, one: Published) -> bool:
    """Whether an act can say it: of a party, of an amount, of a day that has come."""
    day = one.last_day
    return (
        one.measure == "asset" and one.party in stage.named and one.low is not None and one.high is not None
        and bool(one.code) and day is not None and day <= stage.at.date()
    )  # fmt: skip


def _immobilised(stage: Stage) -> None:
    """In the Union by its regulation, elsewhere by an act that is invented."""
    start = stage.at
    members = {party.id for party in stage.clauses.compact.parties if UNION in party.part_of} | {UNION}
    for number, one in enumerate(sorted(stage.depositary.state.reparations.assets.values(), key=lambda a: a.id), 1):
        law, since = (REGULATION, FROM) if one.party in members else (f"exercise-order-{number}", start)
        stage.plan(start + number * HOUR, f"{one.party}/foreign", acts.MoveAsset(one.id, "immobilised", law, since))
    pledged = next(
        (one for one in stage.depositary.state.reparations.assets.values() if one.holder == "euroclear"), None
    )
    loan = next((one for one in published(stage.clauses.compact.id).figures if one.id == "era-g7"), None)
    if pledged is not None and loan is not None and loan.low is not None:
        body = acts.PledgeAsset(pledged.id, loan.id, "income", loan.low, loan.unit, f"g7-statement-{loan.as_of}")
        stage.plan(start + 20 * HOUR, f"{pledged.party}/foreign", body)
    stage.play(start + DAY, "property that is immobilised")


def _story(stage: Stage, owners: list[str]) -> None:
    """Income that serves a loan and then the fund; a stay that delays a forfeiture; one that runs."""
    start, known = stage.at, len(stage.depositary.state.reparations.assets)
    one, other, third, fourth = stage.fictional[:4]
    held, ship, firm, cash = (f"AS-{known + number}" for number in range(1, 5))
    day = start.date() - 30 * DAY
    target = next(iter(sorted(t for t in stage.depositary.state.sanctions.targets if t.startswith(f"{one.lower()}-"))))

    def value(low: str, high: str, currency: str, who: str, basis: acts.Basis = "statement") -> acts.Value:
        return acts.Value(low, high, currency, day, basis, who, "medium")

    def moved(asset: str, to: acts.Step, law: str, hours: int) -> acts.MoveAsset:
        return acts.MoveAsset(asset, to, law, start + hours * HOUR)

    steps: list[tuple[int, str, acts.ReparationsAct]] = [
        (1, one, acts.ReportAsset("alder-depository", "securities", owners[0], value(
            "2100000000", "2400000000", "EUR", "alder-depository"))),
        (2, other, acts.ReportAsset("port-of-mere", "vessel", owners[-1], value(
            "3000000", "5500000", "EUR", "port-of-mere", "estimate"), target)),
        (3, third, acts.ReportAsset("corva-registry", "company", owners[-1], value(
            "40000000", "90000000", "EUR", "corva-registry", "accounts"), target)),
        (4, fourth, acts.ReportAsset("bank-of-dune", "cash", owners[0], value(
            "18000000", "18000000", "USD", "bank-of-dune"))),
        (5, fourth, acts.ValueAsset(held, value("1900000000", "1900000000", "EUR", "dune-institute", "estimate"))),
        (6, one, moved(held, "immobilised", "exercise-act-11", 6)),
        (7, other, moved(ship, "restrained", "exercise-order-12", 7)),
        (8, third, moved(firm, "restrained", "exercise-order-13", 8)),
        (9, fourth, moved(cash, "immobilised", "exercise-act-14", 9)),
        (9, one, moved(held, "ring_fenced", "exercise-act-11", 9)),
        (10, one, acts.PledgeAsset(held, "exercise-loan-1", "income", "30000000", "EUR", "exercise-loan-agreement")),
        (11, one, acts.RecordIncome(held, "12500000.50", "EUR", "exercise-coupon-1", "exercise-loan-1")),
        (12, other, acts.RecordStay(ship, "exercise-case-21")),
        (13, third, acts.RecordStay(firm, "exercise-case-22")),
        (14, fourth, acts.RecordIncome(cash, "350000", "USD", "exercise-interest-1")),
        (30, other, acts.RecordStay(ship, "exercise-case-21", ended=True)),
        (31, other, moved(ship, "forfeited", "exercise-judgment-23", 31)),
        (32, other, moved(ship, "sold", "exercise-auction-24", 32)),
        (33, one, acts.RecordIncome(held, "17499999.50", "EUR", "exercise-coupon-2", "exercise-loan-1")),
        (34, one, acts.RecordIncome(held, "8250000.25", "EUR", "exercise-coupon-3")),
        (35, other, moved(ship, "transferred", "exercise-transfer-25", 35)),
        (36, other, acts.RecordProceeds(ship, "3410000.75", "EUR", "exercise-transfer-25")),
        (38, other, moved(ship, "paid_out", "exercise-transfer-25", 38)),
        (37, one, acts.PledgeAsset(held, "exercise-loan-2", "principal", "500000000", "EUR", "exercise-guarantee-26")),
    ]  # fmt: skip
    for hours, party, body in steps:
        stage.plan(start + hours * HOUR, f"{party}/foreign", body)
    stage.play(start + 2 * DAY, "property, income and a sale")
