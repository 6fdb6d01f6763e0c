"""Server time of the pages of commitments over the publisher's releases, each page in turn.

    python -m bench.commitments_pages [FOLDER] [--requests 30]      FOLDER: of the releases, if at hand

Handler: one request given to the application in this process, from the request to the last byte. Cold: the first after
the console began, with the vintage read from the archive; warm: the median and the slowest of the others, each with an
address of its own; on the processor: the same without what other programs took. The floor is a static file of the same
application, asked for in turn with them.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from litestar import Litestar

from bench.console import ask
from foedus.commitments.sources import read
from foedus.compact.loader import load
from foedus.depositary import Depositary
from foedus.exercise import ExerciseKeys
from foedus.founding import init_record
from foedus.vintages import files_of, keep, keep_products
from foedus.web.access import Access
from foedus.web.app import create_app
from foedus.web.limits import Buckets, Rate

WANTED_MS = 200.0
PAGES = (
    "/commitments", "/commitments?kind=military", "/commitments/donors/DEU", "/commitments/rows",
    "/commitments/vintages", "/commitments/difference", "/commitments/calendar", "/commitments/charts/donors.svg",
    "/commitments/charts/donors.png",
)  # fmt: skip
STATIC = "/static/foedus.css"


async def measured(app: Litestar, path: str, requests: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each request, of them on the processor, and of the floor between them."""
    times: list[float] = []
    worked: list[float] = []
    floor: list[float] = []
    for number in range(requests):
        sign = "&" if "?" in path else "?"
        for address, found in ((f"{path}{sign}n={number}", times), (f"{STATIC}?n={number}", floor)):
            start, begun = perf_counter(), process_time()
            status, _body = await ask(app, address)
            found.append((perf_counter() - start) * 1000)
            if found is times:
                worked.append((process_time() - begun) * 1000)
            assert status == 200, (address, status)
    return times, worked, floor


def begun(folder: Path, clock: Callable[[], datetime] | None = None) -> Depositary:
    """A new exercise of the Kyiv text, without an act of any party."""
    folder.mkdir()
    keys = ExerciseKeys.create(folder)
    compact = load("kyiv-2022")
    heads = {(party.id, "head"): keys.public_of(f"{party.id}/head") for party in compact.parties}
    return init_record(folder, compact, heads, keys.depositary_seed, origin="bench.example/pages", exercise=True,
                       clock=clock)  # fmt: skip


def release(folder: Path, file: Path, requests: int) -> None:
    """Every page over one release, with the floor of the same run."""
    depositary = begun(folder)
    gdp = file.parents[1] / "macro/gdp.csv"
    if gdp.is_file():
        keep_products(depositary.store, depositary.now(), gdp.name, gdp.read_bytes())
    entry, _ = keep(depositary.store, depositary.now(), files_of(file), read(file))
    print(f"release {entry.release}: {entry.taken:,} rows, {entry.skipped} not taken")
    for page in PAGES:
        app = create_app(depositary)  # a console that has read no vintage yet
        app.state["access"] = Access(reading=Buckets(Rate(1e9, 1e9)))
        address = page if "calendar" in page or "?" in page else f"{page}?vintage={entry.table[:12]}"
        address = f"{address}&vintage={entry.table[:12]}" if page == "/commitments?kind=military" else address
        times, worked, floor = asyncio.run(measured(app, address, requests))
        warm, least = times[1:], median(floor)
        kept = max(times) <= WANTED_MS
        print(f"  {page}: cold {times[0]:.0f} ms, median {median(warm):.1f}, slowest {max(warm):.1f}", end="; ")
        print(f"processor: cold {worked[0]:.0f}, median {median(worked[1:]):.1f}, most {max(worked[1:]):.1f}", end="; ")
        print(f"static file {least:.2f}, ratio {median(warm) / least:.0f}", end="; ")
        print(f"wanted {WANTED_MS:.0f}: {'kept' if kept else 'MISSED'}")
    depositary.close()


def main() -> None:
    """Both releases in turn."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--requests", type=int, default=30)
    asked = parser.parse_args()
    beside = asked.folder or Path(__file__).parents[2] / "shared/data/kiel"
    files = [beside / "ukraine_support_tracker_release07.xlsx", beside / "release29"]
    if not all(one.exists() for one in files):
        print("the releases are not at hand: name their folder")
        return
    for file in files:
        with tempfile.TemporaryDirectory() as room:
            release(Path(room) / "record", file, asked.requests)


if __name__ == "__main__":
    main()
