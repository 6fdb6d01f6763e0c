"""Server time of every page of obligations over a record with a million tranches, and what each takes in memory.

    python -m bench.commitments_owed [--obligations 10000] [--tranches 100] [--requests 5] [--past]

The account is made as in `bench.commitments`, by the events that the rules record and the state's own evolve: by acts
that are signed, received and decided a million of them take hours (`bench.perform` measures that door). It is put into
a new exercise record of the Kyiv text, whose parties owe, and the application is asked in this process, from the
request to the last byte; the answers of the commands are asked of the same account.

First: after the console began; entered: after one more delivery came onto the record, of the very kind that changes
totals, lists and the forecast; a day on: after the clock moved by a day that nobody has recorded yet; warm: the median
of the others, each at an address of its own. All figures are of the processor, in milliseconds, so that other work on
the machine is not counted. The floor is one tranche looked up by its id for each that is overdue. Forms with every row
(CSV, JSON of a list) are no pages: they are as long as the record. `--past` asks for a whole day that is over, too,
which is made of every subject; and bench/mix_commitments.py has the acts through whose rules such an account comes.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import process_time

from litestar import Litestar
from msgspec.structs import replace

from bench.commitments import NOW, made
from bench.commitments_pages import begun
from bench.console import ask
from foedus.cli import account as commands
from foedus.cli.session import session
from foedus.commitments import acts
from foedus.commitments.account import overdue
from foedus.commitments.acts import Quantity
from foedus.commitments.sources.rates import last_known
from foedus.commitments.state import State, evolve
from foedus.depositary import Depositary
from foedus.history import Place
from foedus.web.access import Access
from foedus.web.app import create_app
from foedus.web.limits import Buckets, Rate
from foedus.web.server import settle
from foedus.words.speech import Speech

WANTED_MS, WANTED_OVERDUE_MS = 200.0, 50.0
PAGES = (
    "/commitments", "/commitments/account?party={party}", "/commitments/map", "/commitments/obligations",
    "/commitments/obligations?offset={middle}", "/commitments/obligations?party={party}",
    "/commitments/obligations?kind=training", "/commitments/obligations?party={party}&kind=arms_transfers",
    "/commitments/obligations/O-7",
    "/commitments/requirements", "/commitments/coverage", "/commitments/calendar",
    "/commitments/calendar?party={party}", "/commitments/calendar.ics", "/commitments/calendar?format=csv",
    "/commitments/obligations/O-7?format=csv", "/commitments/requirements?format=csv",
    "/commitments/coverage?format=csv", "/commitments/charts/tranches.svg?obligation=O-7",
    "/commitments/charts/gap-0.svg",
)  # fmt: skip
WHOLE = "/commitments/obligations?format=csv"
PAST = "/commitments/obligations?at={at}"
PAST_ONE = "/commitments/obligations/O-7?at={at}"


def resident() -> int:
    """Bytes that this process has in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def entered(account: State, number: int) -> State:
    """The account after one more delivery, of the first tranches in turn."""
    one, place = account.obligations["O-1"], Place(NOW, NOW, number)
    id_, party = one.tranches[number % len(one.tranches)].value, one.party
    due = Quantity(one.figures[-1].value.unit, "1")
    package = f"{id_}/A-{len(account.tranches[id_].allocations) + 1}"
    aside = acts.PackageAllocated(package, id_, "O-1", due, "stock", party, party, party)
    came = acts.DeliveryReported(f"{package}/D-1", package, party, due, NOW.date())
    return evolve(evolve(account, aside, place), came, place)


class Asked:
    """A console over the account, whose clock and record may move on between two questions."""

    def __init__(self, folder: Path) -> None:
        self.now, self.deliveries = NOW, 0
        self.depositary: Depositary = begun(folder, lambda: self.now)

    def holds(self, account: State) -> None:
        """Put the account in place of what the record has: no act can do it."""
        self.depositary._state = replace(self.depositary.state, commitments=account)  # noqa: SLF001  # a record of so many entries takes an hour

    @property
    def account(self) -> State:
        """What parties owe now."""
        return self.depositary.state.commitments

    def four(self, ask_: Callable[[], object], warm: int, wanted: float | None, what: str) -> None:
        """Ask first, after an entry, after a day, and again; one line of figures."""
        first = spent(ask_)
        self.deliveries += 1
        self.holds(entered(self.account, self.deliveries))
        after = spent(ask_)
        self.now += timedelta(days=1)
        later = spent(ask_)
        again = median(spent(ask_) for _ in range(warm))
        self.now = NOW
        kept = "" if wanted is None else f"; wanted {wanted:.0f}: "
        kept += "" if wanted is None else "kept" if max(first, after, later, again) <= wanted else "MISSED"
        print(f"  {what}: first {first:.1f}, entered {after:.1f}, a day on {later:.1f}, warm {again:.1f}{kept}",
              flush=True)  # fmt: skip


def spent(ask_: Callable[[], object]) -> float:
    """Milliseconds of the processor."""
    start = process_time()
    ask_()
    return (process_time() - start) * 1000


def opened(app: Litestar, path: str, numbers: list[int]) -> bytes:
    """The page, at an address that nobody asked for before."""
    numbers.append(1)
    status, body = 503, b""
    while status == 503:  # a past day is being made beside it
        status, body = asyncio.run(ask(app, f"{path}{'&' if '?' in path else '?'}n={len(numbers)}"))
    assert status == 200, (path, status, body[:300])
    return body


def main() -> None:
    """Make the account, ask for each page, and print each figure beside what is wanted."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--obligations", type=int, default=10_000)
    parser.add_argument("--tranches", type=int, default=100)
    parser.add_argument("--requests", type=int, default=5)
    parser.add_argument("--past", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        console = Asked(Path(room) / "record")
        clauses = console.depositary.clauses
        parties = [one.id for one in clauses.compact.parties if one.id != clauses.compact.protected]
        before, start = resident(), process_time()
        account = made(Random(1), parties, asked.obligations, asked.tranches)
        gc.collect()
        count = len(account.tranches)
        print(f"{asked.obligations:,} obligations, {count:,} tranches, {len(account.deliveries):,} deliveries, made in "
              f"{process_time() - start:.0f} s; {(resident() - before) / count:,.0f} bytes a tranche with all that "
              "stands under it; milliseconds of the processor:")  # fmt: skip
        console.holds(account)
        settle()  # as a server does before it answers
        late = overdue(console.account, NOW)
        floor = median(spent(lambda: [account.tranches[id_] for id_ in late]) for _ in range(5))
        print(f"  floor: looking up {len(late):,} tranches {floor:.1f}")
        console.holds(entered(account, 0))
        console.four(lambda: overdue(console.account, console.now), asked.requests, WANTED_OVERDUE_MS,
                     f"overdue for all ({len(late):,})")  # fmt: skip
        of_commands(console, asked.requests)
        app = create_app(console.depositary)
        app.state["console"].begin()
        last_known()  # which begins by itself beside the first pages: of all figures here none is of it
        app.state["access"] = Access(reading=Buckets(Rate(1e9, 1e9)))
        day = (NOW - timedelta(days=365)).isoformat().replace("+00:00", "Z")
        names = {"middle": asked.obligations // 100 * 50, "party": parties[3], "at": day}
        numbers: list[int] = []
        for page in PAGES:
            path = page.format(**names)
            console.four(lambda path=path: opened(app, path, numbers), asked.requests, WANTED_MS, path)  # type: ignore[misc]  # mypy knows no default there
        print(f"  {WHOLE}: {spent(lambda: opened(app, WHOLE, numbers)):,.0f}")
        for page in (PAST_ONE, PAST) if asked.past else (PAST_ONE,):
            path = page.format(**names)
            first, then = (spent(lambda path=path: opened(app, path, numbers)) for _ in range(2))  # type: ignore[misc]  # mypy knows no default there
            print(f"  {path}: first {first:,.0f}, then {then:.1f}")
        console.depositary.close()


def of_commands(console: Asked, warm: int) -> None:
    """What commands answer from the account, without their start and without reading the record."""

    def of(answer: Callable[[commands.Asked], object]) -> Callable[[], object]:
        clauses = console.depositary.clauses
        speech = Speech(session.words, clauses, console.depositary.state)
        return lambda: answer(commands.Asked(console.account, clauses, speech, console.now))

    for what, answer in COMMANDS.items():
        console.four(of(answer), warm, None, f"foedus commitments {what}")


COMMANDS: dict[str, Callable[[commands.Asked], object]] = {
    "stages --by kind,party": lambda asked: commands.sums_of(asked, "kind,party", None),
    "overdue --party POL": lambda asked: commands._overdue(asked, ["POL"]),  # noqa: SLF001  # what the command answers
    "gap": commands._gap,  # noqa: SLF001  # what the command answers
    "coverage": commands._coverage,  # noqa: SLF001  # what the command answers
    "calendar --days 30": lambda asked: commands._falls(asked, 30, None),  # noqa: SLF001  # what the command answers
    "show O-7": lambda asked: commands._shown(asked, "O-7"),  # noqa: SLF001  # what the command answers
}


if __name__ == "__main__":
    main()
