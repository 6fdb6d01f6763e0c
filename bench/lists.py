"""How soon a published list is read, compared with the version before it, and brought from the one to the other.

    python -m bench.lists

OFAC's SDN lists of January 2019 and July 2021 (7,379 and 8,976 entries, as published, from the folder of shared data);
without that folder, a list of 9,000 entries made here in the same form. Floors: the same bytes split into cells by
Python's own CSV reader, and a comparison of both lists' canonical rows as bytes. Memory is the most that the process
ever held.
"""

from __future__ import annotations

import csv
import io
import resource
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from foedus.sanctions import lists
from foedus.sanctions.lists.canonical import rows
from foedus.sanctions.lists.delta import apply, delta

SHARED = Path(__file__).parents[2] / "shared/data/lists/ofac"
TIMES, WANTED_READ, WANTED_DELTA = 5, 3.0, 1.0


def published(day: str) -> Mapping[str, bytes]:
    """The files of a day, or of as many entries made here."""
    if SHARED.is_dir():
        return lists.files_in(SHARED / day)
    count = 7379 if day == "2019-01" else 8976
    main = "".join(
        f'{number},"NAME {number}, Given","individual","SDGT",' + "-0- ," * 7
        + f'"DOB 17 Jan {1940 + number % 60}; Passport A{number:07} (Cuba); nationality Cuba."\r\n'
        for number in range(count)
    )  # fmt: skip
    add = "".join(f'{number},{number},"1 Street","Havana","Cuba",-0- \r\n' for number in range(count))
    alt = "".join(f'{number},{number},"aka","ALIAS {number}",-0- \r\n' for number in range(count))
    parts = {"sdn.csv": main, "add.csv": add, "alt.csv": alt, "sdn_comments.csv": ""}
    return {name: f"{text}\x1a".encode() for name, text in parts.items()}


def cells(files: Mapping[str, bytes]) -> int:
    """The floor of reading: every cell, and nothing made of it."""
    return sum(len(row) for data in files.values() for row in csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


def timed(what: object, *arguments: object) -> float:
    """The median of several runs, in seconds."""
    assert callable(what)
    found = []
    for _ in range(TIMES):
        begun = perf_counter()
        what(*arguments)
        found.append(perf_counter() - begun)
    return median(found)


def main() -> int:
    """Print the figures; 1 when one is missed."""
    old, new = published("2019-01"), published("2021-07")
    before, after = lists.read(old), lists.read(new)
    change = delta(before, after)
    lines = [set(rows(version.targets).splitlines()) for version in (before, after)]
    reading, floor = timed(lists.read, new), timed(cells, new)
    comparing, compared = timed(delta, before, after), timed(lambda: lines[0] ^ lines[1])
    applying = timed(apply, before.targets, change)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 2**20)
    counts = after.counts
    print(f"read:  {counts.targets:,} entries, {counts.aliases + counts.skipped:,} aliases in {reading:.2f} s, "
          f"{reading / floor:.0f} times the cells alone ({floor:.3f} s); wanted {WANTED_READ:.0f} s")  # fmt: skip
    print(f"delta: {len(change.added):,} added, {len(change.removed):,} removed, {len(change.amended):,} amended in "
          f"{comparing:.2f} s, {comparing / compared:.0f} times the rows as bytes ({compared:.4f} s); "
          f"wanted {WANTED_DELTA:.0f} s; applied and proved in {applying:.2f} s")  # fmt: skip
    print(f"memory: {peak:.0f} MB at most, with both versions and their delta")
    return int(reading > WANTED_READ or comparing > WANTED_DELTA)


if __name__ == "__main__":
    sys.exit(main())
