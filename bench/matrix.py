"""Server time of a screenful of who lists whom: 5,000 targets by 40 issuers.

    python -m bench.matrix

Forty issuers list by tables of 4,000 targets each, drawn from 5,000, and twenty rows of each are spoken of alone. Then
the same with 100,000 listings that stand alone, 2,500 of each issuer, in law one after another over forty days, a third
of them lifted since. One request is given to the application in this process, from the request to the last byte. "Anew"
is after an act about sanctions; otherwise the state is the same and no answer is one that was kept. "A past moment" is
another day each time. "A snapback" brings back all that was lifted, in one event. The floor is a static file.
"""

from __future__ import annotations

import asyncio
import resource
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

from litestar import Litestar

from bench.console import ask
from bench.snapback import Bench
from foedus import archive
from foedus.history import Place
from foedus.parties import acts as parties
from foedus.sanctions import acts, schedules
from foedus.sanctions.schedules import Row
from foedus.sanctions.state import State, evolve
from foedus.state import State as Whole
from foedus.web.app import create_app
from foedus.web.moments import iso

TARGETS, ROWS, SPOKEN, ALONE = 5_000, 4_000, 20, 2_500
REQUESTS, SNAPBACKS, WANTED_MS = 40, 5, 100.0
DAYS = timedelta(days=REQUESTS)


def listed(bench: Bench) -> None:
    """Everybody signs, and every issuer lists a table; twenty of its rows are relieved or delisted alone."""
    random = Random(1)
    tiers = bench.clauses.tiers
    for party in bench.guarantors:
        tier = next((tier for tier in sorted(tiers) if party in bench.clauses.members(tier)), None)
        bench.together((party, parties.SignText(bench.clauses.compact.id, bench.clauses.digest, tier)))
    for number, issuer in enumerate(bench.issuers, 1):
        drawn = sorted(random.sample(range(TARGETS), ROWS))
        table = schedules.encode(Row(f"T-{one}") for one in drawn)
        archive.put(bench.depositary.store, table)
        digest = schedules.digest(table)
        bench.together((issuer, acts.AdoptSchedule(digest, ROWS, "asset_freeze", "national", "act", bench.at)))
        ended = [acts.Delist(f"S-{number}/T-{one}", "grounds_gone", "act", bench.at) for one in drawn[:SPOKEN]]
        bench.together(*((issuer, one) for one in ended))


def alone(bench: Bench) -> State:
    """A state of listings that stand alone, made by evolve: the pages ask nothing else of it."""
    state, entry = State(), bench.depositary.state.size
    for issuer in bench.issuers:
        state = evolve(state, acts.RegimeOpened(issuer, "national"), Place(bench.at - DAYS, bench.at - DAYS, entry))
        for one in range(ALONE):
            at = bench.at - DAYS + one * DAYS / ALONE
            id_ = f"{issuer}/asset_freeze/T-{one * 2}"
            event = acts.ListingAdopted(id_, issuer, f"T-{one * 2}", "asset_freeze", "national", "act", at)
            state = evolve(state, event, Place(at, at, entry))
            if one % 3 == 0:
                relief = acts.ReliefGranted(id_, "lifted", "E-1", "act", at + DAYS / ALONE)
                state = evolve(state, relief, Place(at + DAYS / ALONE, at + DAYS / ALONE, entry + 1))
    return state


async def spent(
    app: Litestar, address: Callable[[int], str], before: Callable[[int], None], count: int = REQUESTS
) -> list[tuple[float, float]]:
    """Milliseconds of each request: by the clock, and of a processor."""
    found = []
    for number in range(count):
        before(number)
        start, busy = perf_counter(), process_time()
        status, body = await ask(app, address(number))
        found.append((1000 * (perf_counter() - start), 1000 * (process_time() - busy)))
        assert status == 200, f"{address(number)} answered {status}: {body[:200]!r}"
    return found


def say(what: str, found: list[tuple[float, float]]) -> None:
    """Median and the longest."""
    clock, busy = zip(*found, strict=True)
    print(
        f"{what:64} median {median(clock):6.1f} ms, {median(busy):5.1f} ms of a processor   longest {max(clock):6.1f}, "
        f"{max(busy):5.1f}   (wanted at most {WANTED_MS:.0f})"
    )


def measure(bench: Bench, app: Litestar, what: str, act: Callable[[int], None], step: timedelta) -> None:
    """Pages of the matrix, of the same state and of another each time."""
    same = asyncio.run(spent(app, lambda n: f"/sanctions/matrix?offset={n * 25}&n={n}", lambda _: None))
    say(f"{what}, a screenful of 25 x 40, state unchanged", same)
    say(f"{what}, the same, anew after an act", asyncio.run(spent(app, lambda n: f"/sanctions/matrix?n={n}", act)))
    at = bench.at

    def then(number: int) -> str:
        return f"/sanctions/matrix?at={iso(at - number * step)}"

    say(f"{what}, a past moment, another each time", asyncio.run(spent(app, then, lambda _: None)))


def main() -> None:
    """The figures."""
    with tempfile.TemporaryDirectory(dir=".", prefix=".bench-") as room:
        bench = Bench(Path(room) / "record")
        listed(bench)
        bench.at += timedelta(hours=1)
        app = create_app(bench.depositary, exercise_keys=bench.keys)
        asyncio.run(ask(app, "/sanctions/matrix"))
        floor = asyncio.run(spent(app, lambda _: "/static/foedus.css", lambda _: None))
        say("floor, a static file", floor)

        def propose(number: int) -> None:
            body = acts.ProposeListing(bench.issuers[1], f"P-{number}", "asset_freeze", "national")
            bench.together((bench.issuers[0], body))

        measure(bench, app, "40 tables of 4,000", propose, timedelta(minutes=1))
        whole = bench.depositary.state
        state = alone(bench)

        def one_more(number: int) -> None:
            nonlocal state
            place = Place(bench.at, bench.at, whole.size)
            state = evolve(
                state, acts.ListingProposed(f"X/trade/P-{number}", "X", f"P-{number}", "trade", "n", "X"), place
            )
            keep(state)

        def keep(sanctions: State) -> None:
            made = Whole(**{name: getattr(whole, name) for name in whole.__struct_fields__} | {"sanctions": sanctions})
            bench.depositary.catch_up = lambda: made  # type: ignore[method-assign]  # a state that no record has to hold

        keep(state)
        start = perf_counter()
        app.state.console.packages.begin(bench.depositary.store, state)
        print(f"100,000 listings alone read once, when a console starts: {perf_counter() - start:.2f} s")
        measure(bench, app, "100,000 listings alone", one_more, timedelta(days=1))

        def returns(number: int) -> None:
            nonlocal state
            bench.at += timedelta(minutes=1)
            place = Place(bench.at, bench.at, whole.size + number + 2)
            back = acts.SnappedBack(
                f"SB-{number + 1}", "P12", tuple(bench.issuers), 1, 0, "0" * 64, ("relief", "deviation")
            )
            state = evolve(state, back, place)
            keep(state)

        after = asyncio.run(spent(app, lambda n: f"/sanctions/matrix?n={n}", returns, SNAPBACKS))
        say("100,000 listings alone, the same, after each snapback", after)
        print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        bench.depositary.close()


if __name__ == "__main__":
    main()
