"""Server time of every page of obligations over a record with a million tranches, and what each takes in memory.

    python -m bench.commitments_owed [--obligations 10000] [--tranches 100] [--requests 12]

The account is made as in `bench.commitments`, by the events that the rules record and the state's own evolve: by acts
that are signed, received and decided a million of them take hours (`bench.perform` measures that door). It is put into
a new exercise record of the Kyiv text, whose parties owe, and the application is asked in this process, from the
request to the last byte. Cold: the first; warm: the median and the most of the others, each at an address of its own.
All figures are of the processor, in milliseconds, so that other work on the machine is not counted; the wall stands
beside them. Forms with every row (CSV, JSON) are not pages and are as long as the record.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import tempfile
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

from litestar import Litestar
from msgspec.structs import replace

from bench.commitments import NOW, made
from bench.commitments_pages import begun
from bench.console import ask
from foedus.commitments.account import overdue
from foedus.web.access import Access
from foedus.web.app import create_app
from foedus.web.limits import Buckets, Rate
from foedus.web.server import settle

WANTED_MS, WANTED_OVERDUE_MS = 200.0, 50.0
PAGES = (
    "/commitments", "/commitments/account?party={party}", "/commitments/map", "/commitments/obligations",
    "/commitments/obligations?offset={middle}",
    "/commitments/obligations?party={party}", "/commitments/obligations?kind=training", "/commitments/obligations/O-7",
    "/commitments/requirements", "/commitments/coverage", "/commitments/calendar",
    "/commitments/calendar?party={party}",
)  # fmt: skip
PAST = "/commitments/obligations?at={at}"
PAST_ONE = "/commitments/obligations/O-7?at={at}"


def resident() -> int:
    """Bytes that this process has in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def measured(app: Litestar, path: str, requests: int) -> tuple[list[float], list[float], int]:
    """Milliseconds on the processor and on the wall of each request, and the bytes of the page."""
    worked, times, size = [], [], 0
    for number in range(requests):
        start, begins = process_time(), perf_counter()
        status, body = await ask(app, f"{path}{'&' if '?' in path else '?'}n={number}")
        worked.append((process_time() - start) * 1000)
        times.append((perf_counter() - begins) * 1000)
        assert status == 200, (path, status, body[:300])
        size = len(body)
    return worked, times, size


def main() -> None:
    """Make the account, ask for each page, and print each figure beside what is wanted."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--obligations", type=int, default=10_000)
    parser.add_argument("--tranches", type=int, default=100)
    parser.add_argument("--requests", type=int, default=12)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        depositary = begun(Path(room) / "record", lambda: NOW)
        parties = [
            one.id for one in depositary.clauses.compact.parties if one.id != depositary.clauses.compact.protected
        ]
        before, start = resident(), process_time()
        account = made(Random(1), parties, asked.obligations, asked.tranches)
        gc.collect()
        count = len(account.tranches)
        print(f"{asked.obligations:,} obligations, {count:,} tranches, {len(account.deliveries):,} deliveries, made in "
              f"{process_time() - start:.0f} s; {(resident() - before) / count:,.0f} bytes a tranche with all that "
              "stands under it")  # fmt: skip
        depositary._state = replace(depositary.state, commitments=account)  # noqa: SLF001  # no act can do it
        settle()  # as a server does before it answers
        worked, late = [], 0
        for _ in range(asked.requests):
            start = process_time()
            late = len(overdue(account, NOW))
            worked.append((process_time() - start) * 1000)
        said(f"overdue for all ({late:,})", worked, worked, WANTED_OVERDUE_MS)
        app = create_app(depositary)
        app.state["access"] = Access(reading=Buckets(Rate(1e9, 1e9)))
        day = (NOW - timedelta(days=365)).isoformat().replace("+00:00", "Z")
        names = {"middle": asked.obligations // 100 * 50, "party": parties[3], "at": day}
        for page in PAGES:
            worked, times, size = asyncio.run(measured(app, page.format(**names), asked.requests))
            said(f"{page.format(**names)} ({size / 1000:.0f} kB)", worked, times, WANTED_MS)
        for page in (PAST_ONE, PAST):
            worked, times, _ = asyncio.run(measured(app, page.format(**names), 3))
            print(f"  {page}: first {worked[0]:,.0f} ms, then {median(worked[1:]):.1f}")
        depositary.close()


def said(what: str, worked: list[float], times: list[float], wanted: float) -> None:
    """One line of figures."""
    kept = "kept" if max(worked) <= wanted else "MISSED"
    print(f"  {what}: cold {worked[0]:.1f} ms, median {median(worked[1:]):.1f}, most {max(worked[1:]):.1f}; "
          f"wall {median(times[1:]):.1f}; wanted {wanted:.0f}: {kept}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
