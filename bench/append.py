"""How fast entries become durable, as a ratio to what this disk allows. One run, medians of the rounds.

    python bench/append.py                              a folder in the present one (SQLite)
    python bench/append.py postgresql://…               an empty database

The floor is 4 KiB written over in place and fdatasync, one after the other: no commit that survives a power
cut can be had for less. Floor and appends take turns, so that a busy machine slows both. An entry has 690
bytes; what is timed is `Record.append` in a `Store.write`: lock, hash, tree, rows, commit, sync.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from foedus.record.record import Record
from foedus.record.store import Store, open_store

ROUNDS = 9
ENTRY_BYTES = 690
SYNCS = 200
# Entries in a transaction -> transactions in a round.
BATCHES = {1: 200, 100: 10, 1000: 3}


def rate(times: int, work: Callable[[], object]) -> float:
    """How often a second `work` can be done."""
    start = perf_counter()
    for _ in range(times):
        work()
    return times / (perf_counter() - start)


@contextmanager
def floor(folder: Path) -> Iterator[Callable[[], object]]:
    """One write and sync of a page that the file already has."""
    descriptor = os.open(folder / "floor", os.O_CREAT | os.O_RDWR, 0o600)
    os.pwrite(descriptor, bytes(4096), 0)
    os.fsync(descriptor)
    # macOS has no fdatasync, and its fsync leaves the bytes in the disk's cache.
    sync = getattr(os, "fdatasync", os.fsync)

    def once() -> None:
        os.pwrite(descriptor, os.urandom(16) * 256, 0)
        sync(descriptor)

    try:
        yield once
    finally:
        os.close(descriptor)


def append(record: Record, count: int) -> Callable[[], object]:
    """One transaction of `count` new entries."""

    def once() -> None:
        with record.store.write() as write:
            entries = [os.urandom(16) + bytes(ENTRY_BYTES - 16) for _ in range(count)]
            record.append(write, write.at, entries)

    return once


def measure(store: Store, folder: Path) -> None:
    """Print the floor, and each batch's entries a second with their ratio to it."""
    record = Record(store, "bench.example/append")
    floors: list[float] = []
    rates: dict[int, list[float]] = {count: [] for count in BATCHES}
    ratios: dict[int, list[float]] = {count: [] for count in BATCHES}
    with floor(folder) as once:
        for _ in range(ROUNDS):
            for count, times in BATCHES.items():
                floors.append(rate(SYNCS, once))
                rates[count].append(rate(times, append(record, count)) * count)
                ratios[count].append(rates[count][-1] / floors[-1])
    print(f"fdatasync floor        {median(floors):9,.0f} /s   {min(floors):,.0f} to {max(floors):,.0f}")
    for count in BATCHES:
        low, high = min(ratios[count]), max(ratios[count])
        print(
            f"{count:5} per transaction  {median(rates[count]):9,.0f} entries/s"
            f"   {median(ratios[count]):6.2f} x the floor   ({low:.2f} to {high:.2f})"
        )
    print(f"{record.size:,} entries, root {record.root().hex()[:16]}")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=".") as name:
        folder = Path(name)
        store = open_store(sys.argv[1] if sys.argv[1:] else folder / "record", create=True)
        measure(store, folder)
        store.close()


if __name__ == "__main__":
    main()
