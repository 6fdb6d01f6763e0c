"""Makes a long record for the other scripts: python -m bench.record FOLDER ENTRIES (kept, so that it is made once)."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from bench.mix import Mix, report_mix


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
    # The clock of the record goes on from where its acts end.
    mix.depositary.checkpoint()
    mix.depositary.save_state()
    return mix


if __name__ == "__main__":
    made = make(Path(sys.argv[1]), int(sys.argv[2]))
    report_mix(made)
    made.depositary.close()
