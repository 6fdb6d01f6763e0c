"""Makes a long record for the other scripts: python -m bench.record FOLDER ENTRIES (kept, so that it is made once)."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from bench.mix import NEW_SUBJECT, Mix
from foedus.acts import decode_entry, decode_statement
from foedus.record.store import open_store


def make(folder: Path, entries: int) -> Mix:
    """A record of at least so many entries in an empty folder, performed in batches, with the progress on stderr."""
    mix = Mix(folder)
    start = perf_counter()
    while mix.depositary.state.size < entries:
        for batch in mix.batches(2_000, 500):
            mix.now = batch[0].at
            mix.depositary.perform_all([ready.envelope for ready in batch])
        done = mix.depositary.state.size
        rate = done / (perf_counter() - start)
        print(f"\r{done:,} of {entries:,} entries, {rate:,.0f}/s", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    # The clock of the record goes on from where its acts end, in whichever process.
    offset = mix.now - datetime.now(UTC)
    mix.depositary.store.set_setting("clock_offset_seconds", str(offset.total_seconds()).encode())
    mix.depositary.checkpoint()
    mix.depositary.save_state()
    return mix


def describe(folder: Path) -> None:
    """Print what a record is made of, because a figure on another mix is another figure."""
    counts: Counter[str] = Counter()
    new = 0
    store = open_store(folder)
    for data in store.entries(0):
        entry = decode_entry(data)
        counts[type(decode_statement(entry.act.payload).body).__name__] += 1
        new += any(type(event).__name__ in NEW_SUBJECT for event in entry.events)
    store.close()
    total = sum(counts.values())
    kinds = ", ".join(f"{name} {count}" for name, count in counts.most_common())
    print(f"record: {total:,} entries of {len(counts)} acts, {new / total:.0%} open a new subject: {kinds}", flush=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2])).depositary.close()
    describe(Path(sys.argv[1]))
