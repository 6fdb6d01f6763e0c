"""How fast names are screened: python -m bench.screening [TARGETS] [--peer PYTHON] [--customers N]

1,000 queries, half names of targets changed by rule and half strangers, against the real lists or TARGETS records
made of them, on one core, with every score explained: queries a second, 250 asked together, and one by one with the
median and the 99th percentile; both asked cold and again; build, change, start and memory. Cold: each word is new to
the index; one by one comes after together, so that likenesses of words compared there are known then. With PYTHON, of
an environment that has nomenklatura, it answers the same in the same minute. With N, so many customers are screened
from a file as `foedus screen --file` does, by two processes with half each. The floor is what this machine does
meanwhile: string distances a second on one core.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter, process_time

from bench.labelled import UNSEEN, queries, unrelated
from bench.screened_lists import copies, real
from foedus.collector import uncollected
from foedus.customers import TOGETHER, by_index, screen_file
from foedus.screening import THRESHOLD, Index, Record
from foedus.screening.certificate import certify_digest

_SCHEMAS = {
    "person": "Person",
    "organisation": "Organization",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "": "LegalEntity",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("targets", nargs="?", type=int, default=0)
    parser.add_argument("--peer", metavar="PYTHON")
    parser.add_argument("--customers", metavar="N", type=int, default=0)
    wanted = parser.parse_args()
    both = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    records = real()
    if wanted.targets > len(records):
        records = copies(records, wanted.targets)
    asked = [query for query, _, _ in queries(real(), UNSEEN, 500)] + unrelated(500)
    names = sum(len(record.names) + len(record.weak_names) for record in records)
    print(
        f"screening: {len(records):,} targets, {names:,} names, {len(asked):,} queries; "
        f"floor {floor():.1f} M distances/s"
    )
    start = perf_counter(), process_time()
    index = Index(records)
    print(f"  build {perf_counter() - start[0]:.2f} s ({process_time() - start[1]:.2f} s of the core)")
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "index")
        before, again = together(index, asked, "cold"), together(index, asked, "again")
        if wanted.peer and (its := peer(wanted.peer, records, asked)):
            after = together(Index.open(Path(folder) / "index"), asked, "cold, after the peer")
            beside(its, (before, after), again)
        opened = Index.open(Path(folder) / "index")
        answer(opened, asked, "one by one, cold")
        answer(opened, asked, "one by one, again")
        del opened
    change(index, records)
    start_up(index)
    if wanted.customers:
        os.sched_setaffinity(0, both)
        many(index, records, wanted.customers)
    print(f"  floor again {floor():.1f} M distances/s")


def floor() -> float:
    """Millions of distances between short strings a second: what any comparing is bounded by here and now."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    words = [f"mohammed{number % 977:03}" for number in range(2_000)]
    start = perf_counter()
    process.cdist(words[:500], words, scorer=OSA.distance, workers=1)
    return 500 * 2_000 / (perf_counter() - start) / 1e6


Took = tuple[float, float]  # seconds by the clock and of the core


def together(index: Index, asked: list[Record], how: str) -> Took:
    """Ask everything, TOGETHER at once, as a file of customers does: the collector waits until they are answered."""
    whole, core, alerts = perf_counter(), process_time(), 0
    for at in range(0, len(asked), TOGETHER):
        with uncollected():
            alerts += sum(map(bool, index.search_all(asked[at : at + TOGETHER])))
    whole, core = perf_counter() - whole, process_time() - core
    rates = f"{len(asked) / whole:,.0f} queries/s ({len(asked) / core:,.0f}/s of the core)"
    print(f"  {how}: {rates}, {alerts} with a match")
    return whole, core


def answer(index: Index, asked: list[Record], how: str) -> None:
    """Ask everything, one query after another."""
    times, alerts = [], 0
    whole, core = perf_counter(), process_time()
    for query in asked:
        start = perf_counter()
        alerts += bool(index.search(query))
        times.append(perf_counter() - start)
    whole, core = perf_counter() - whole, process_time() - core
    times.sort()
    middle, slow = times[len(times) // 2] * 1e3, times[len(times) * 99 // 100] * 1e3
    print(
        f"  {how}: {len(asked) / whole:,.0f} queries/s ({len(asked) / core:,.0f}/s of the core), "
        f"p50 {middle:.2f} ms, p99 {slow:.1f} ms, {alerts} with a match"
    )


def change(index: Index, records: list[Record]) -> None:
    """One day's changes: twenty records amended, twenty new, twenty gone."""
    amended = [Record(one.id, (*one.names, "Zyxwov Amended Name"), one.kind) for one in records[:20]]
    new = [Record(f"new-{place}", (f"Newly Listed {place}",)) for place in range(20)]
    start, core = perf_counter(), process_time()
    index.apply([*amended, *new], [one.id for one in records[20:40]])
    print(
        f"  change of 60 records {1e3 * (perf_counter() - start):.0f} ms "
        f"({1e3 * (process_time() - core):.0f} ms of the core)"
    )


_START = """
import resource, sys
from time import perf_counter
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 2**20
base, start = resident(), perf_counter()
from pathlib import Path
from foedus.collector import uncollected
from foedus.customers import TOGETHER
from foedus.screening import Index, Record
index = Index.open(Path(sys.argv[1]))
index.search(Record("q", ("Usama bin Ladin",)))
took = perf_counter() - start
print(f"  start, mapped, to the first answer {took:.2f} s; {resident() - base:.0f} MB above Python alone")
"""


def start_up(index: Index) -> None:
    """A new process that maps the saved index and answers."""
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "index")
        size = sum(file.stat().st_size for file in (Path(folder) / "index").iterdir()) / 2**20
        done = subprocess.run(
            [sys.executable, "-c", _START, f"{folder}/index"], capture_output=True, text=True, check=True
        )
        print(f"{done.stdout.rstrip()}; {size:.0f} MB on disk")
    print(f"  most memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:.0f} MB")


def many(index: Index, records: list[Record], number: int) -> None:
    """Files of customers, half strangers with few names in common use, half names of which each word is on a list."""
    strangers = [one.names[0] for one in unrelated(number // 2, seed=9)]
    near = copies(records, len(records) + number - len(strangers), seed=9)[len(records) :]
    names = [name for pair in zip(strangers, (one.names[0] for one in near), strict=False) for name in pair]
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "index")
        for half in range(2):
            with (Path(folder) / f"{half}.csv").open("w", encoding="utf-8", newline="") as text:
                mine = names[half * len(names) // 2 : (half + 1) * len(names) // 2]
                csv.writer(text).writerows([("id", "name"), *enumerate(mine)])
        start, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        with ProcessPoolExecutor(2) as pool:
            hits = sum(pool.map(_half, [folder] * 2, range(2)))
        took, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cores = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"  {len(names):,} customers in two processes {took:.0f} s ({cores:.0f} s of the cores, "
        f"{len(names) / cores:,.0f}/s of one), {hits:,} hits"
    )


def _half(folder: str, half: int) -> int:
    index = Index.open(Path(folder) / "index")
    certificate = certify_digest(("-", len(index)), (), THRESHOLD, THRESHOLD)
    file, out = Path(folder) / f"{half}.csv", Path(folder) / f"{half}-hits.csv"
    return screen_file(by_index(index, certificate, 10), certificate, file, out, 10).hits


def peer(python: str, records: list[Record], asked: list[Record]) -> dict[str, float] | None:
    """The same of nomenklatura, on this core: what screening_peer.py says of it, None where it failed."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, those in (("targets", records), ("queries", asked)):
            files.append(Path(folder) / f"{name}.jsonl")
            files[-1].write_text("".join(f"{json.dumps(_entity(one))}\n" for one in those), "utf-8")
        script = Path(__file__).with_name("screening_peer.py")
        environment = {**os.environ, "PYTHONPATH": ""}
        done = subprocess.run([python, script, *files], capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        print(f"  the peer failed: {done.stderr[-600:]}")
        return None
    its: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return its


def beside(its: dict[str, float], cold: tuple[Took, Took], again: Took) -> None:
    """The peer's rate, and how many times as fast ours is: cold is the mean of before the peer and after it."""
    number, (whole, core) = its["queries"], ((one + other) / 2 for one, other in zip(*cold, strict=True))
    print(
        f"  nomenklatura logic-v2: build {its['built']:.1f} s, {number / its['answered']:,.0f} queries/s "
        f"({number / its['core']:,.0f}/s of the core, {its['pairs']:,} pairs)"
    )
    print(
        f"  ours is {its['answered'] / whole:.1f} times as fast cold and {its['answered'] / again[0]:.1f} again; "
        f"of the core {its['core'] / core:.1f} and {its['core'] / again[1]:.1f}"
    )


def _entity(record: Record) -> dict[str, object]:
    return {
        "id": record.id,
        "schema": _SCHEMAS[record.kind],
        "properties": {"name": list(record.names + record.weak_names)},
    }


if __name__ == "__main__":
    main()
