"""How soon a console serves Home again after its process was killed, over a long record.

    python -m bench.restart [--entries 100000] [--folder KEPT]

Each start is `foedus serve` in a fresh process, timed from its beginning to the last byte of Home, and ended by
kill -9. What it finds beside the record is the state of all entries, the state of all but the newest 2,000 (those alone
are then verified and added), or nothing. The floor is a process that imports what serves and does nothing else. Files
are in the machine's memory.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.console import answered, free_port, record_asked_for, started
from foedus.cache import kept, sealing_key
from foedus.exercise.keys import ExerciseKeys
from foedus.record.record import Record
from foedus.record.store import open_store
from foedus.replay import checked_and_added
from foedus.state import State

STARTS, NEWER, WANTED = 5, 2_000, 2.0
IMPORTS = "import uvicorn, foedus.cli.console, foedus.depositary, foedus.web.app, foedus.exercise"


def start(folder: Path) -> float:
    """Seconds until Home is there."""
    port = free_port()
    begun = perf_counter()
    process = started(folder, port)
    try:
        answered(port)
        return perf_counter() - begun
    finally:
        process.kill()
        process.wait()


def imports() -> float:
    """Seconds that Python needs to start and import."""
    begun = perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)
    return perf_counter() - begun


def age(folder: Path, newer: int) -> None:
    """Leave beside the record the state that it had `newer` entries ago, as a killed process does."""
    store = open_store(folder)
    size = store.size() - newer
    state = State()
    for data in store.entries(0, size):
        state = checked_and_added(state, data)
    keys = ExerciseKeys.open(folder, state)
    assert keys is not None, "the record of a bench is an exercise"
    key = sealing_key(keys.depositary_seed)
    store.set_setting("state", kept(state, Record(store, "bench.example/mix").root(size), key))
    store.close()


def forget(folder: Path) -> None:
    """Leave no state beside the record."""
    store = open_store(folder)
    store.set_setting("state", None)
    store.close()


def report(what: str, spent: list[float], wanted: str = f"wanted at most {WANTED:g} s") -> None:
    """One line."""
    print(f"{what:46} {median(spent):6.2f} s   {min(spent):.2f} to {max(spent):.2f}   ({wanted})", flush=True)


def main() -> None:
    """Print the time of each kind of start."""
    with record_asked_for(__doc__ or "") as folder:
        start(folder)  # the code is compiled once, the files are read once
        report("floor: Python and its imports", [imports() for _ in range(STARTS)], "floor")
        report("state of every entry kept", [start(folder) for _ in range(STARTS)])
        age(folder, NEWER)
        report(f"{NEWER:,} entries newer than the state kept", [start(folder) for _ in range(STARTS)])
        forget(folder)
        report("no state kept: every entry verified", [start(folder)], "stated only")


if __name__ == "__main__":
    main()
