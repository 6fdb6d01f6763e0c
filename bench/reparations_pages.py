"""Server time of the pages of assets and of the flow of money, over the exercise and over a record of many assets.

    python -m bench.reparations_pages [--assets 500] [--requests 30]

Handler: one request given to the application in this process, from the request to the last byte; each has an address of
its own, so that no answer is one that was kept. Cold: the first after the console began. Beside the median and the
slowest of the others, the same on the processor, without what other programs took; the floor is a static file.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from datetime import date
from pathlib import Path
from statistics import median

from bench.commitments_pages import begun, measured
from foedus.depositary import Depositary
from foedus.exercise import ExerciseKeys, build
from foedus.parties.acts import EnrolSeat, SignText
from foedus.reparations import acts
from foedus.signing import sign, statement_for
from foedus.web.access import Access
from foedus.web.app import create_app
from foedus.web.limits import Buckets, Rate
from foedus.web.moments import iso

WANTED_MS = 100.0
HOLDERS = ("POL", "GBR", "FRA", "DEU", "USA", "AUS")


def pages(depositary: Depositary) -> tuple[str, ...]:
    """What is asked for, now and at a past moment."""
    assets = depositary.state.reparations.assets
    then = iso(assets[f"AS-{len(assets)}"].place.at)
    paths = ["", "/flow", "/assets/AS-1", f"/assets/AS-{len(assets)}"]
    return (
        *(f"/reparations{path}" for path in paths), *(f"/reparations{path}?at={then}" for path in paths),
        "/reparations/charts/where.svg", "/reparations/charts/flow-EUR.svg",
    )  # fmt: skip


def many(folder: Path, count: int) -> Depositary:
    """A record of so many assets, each reported, valued twice, immobilised, and with income in the fund."""
    depositary = begun(folder)
    keys = ExerciseKeys.open(folder, depositary.state)
    assert keys is not None, "its keys lie beside the record"

    def do(seat: str, body: object) -> None:
        statement = statement_for(depositary.state, seat, body, depositary.now())  # type: ignore[arg-type]  # of Body
        depositary.perform(sign(statement, [keys.key_of(seat)], exercise=True))

    for party in HOLDERS:
        do(f"{party}/head", SignText("kyiv-2022", depositary.clauses.digest, "core"))
        do(f"{party}/head", EnrolSeat(party, "foreign", keys.public_of(f"{party}/foreign")))
    for number in range(1, count + 1):
        party, other = HOLDERS[number % 6], HOLDERS[(number + 1) % 6]
        asset, seat = f"AS-{number}", f"{party}/foreign"
        worth = acts.Value(
            str(number * 10**8), str(number * 10**8 + 5), "EUR", date(2026, 1, 1), "law", "bank", "high"
        )  # fmt: skip
        do(seat, acts.ReportAsset("depository", "securities", "RUS", worth))
        do(f"{other}/foreign", acts.ValueAsset(asset, acts.Value(
            "1", "9", "USD", date(2026, 1, 2), "press", "press", "low", "currency")))  # fmt: skip
        do(seat, acts.MoveAsset(asset, "immobilised", "act", depositary.now()))
        do(seat, acts.RecordIncome(asset, f"{number}.25", "EUR", "coupon"))
    return depositary


def timed(what: str, depositary: Depositary, requests: int) -> None:
    """Every page in turn, with the floor of the same run."""
    state = depositary.state.reparations
    print(f"{what}: {len(state.assets):,} assets, {len(state.moved):,} movements")
    for page in pages(depositary):
        app = create_app(depositary)
        app.state["access"] = Access(reading=Buckets(Rate(1e9, 1e9)))
        times, worked, floor = asyncio.run(measured(app, page, requests))
        warm, least = times[1:], median(floor)
        kept = "kept" if median(warm) <= WANTED_MS else "MISSED"
        print(f"  {page}: cold {times[0]:.0f} ms, median {median(warm):.1f}, slowest {max(warm):.1f}", end="; ")
        print(f"processor: cold {worked[0]:.0f}, median {median(worked[1:]):.1f}, most {max(worked[1:]):.1f}", end="; ")
        print(f"static file {least:.2f}, ratio {median(warm) / least:.0f}; wanted {WANTED_MS:.0f}: {kept}")
    depositary.close()


def main() -> None:
    """The exercise, then the large record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--assets", type=int, default=500)
    parser.add_argument("--requests", type=int, default=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        timed("the exercise", build(Path(room) / "exercise"), asked.requests)
        timed("many assets", many(Path(room) / "many", asked.assets), asked.requests)


if __name__ == "__main__":
    main()
