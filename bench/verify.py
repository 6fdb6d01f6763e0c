"""How fast, and in how much memory, a long record is verified. One run; every measurement in a process of its own.

    python -m bench.verify [--entries 100000] [--folder KEPT]

The floor is PyNaCl's bare verification of the record's own signatures, in turn with the work. Memory is the largest
resident size of a process that verifies and does nothing else.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.limits import TwoBare, raw_verify
from foedus.acts import decode_entry
from foedus.parties.state import key_id
from foedus.record.envelope import pae
from foedus.record.signatures import Job
from foedus.record.store import open_store

ROUNDS = 3


def signed(folder: Path, sample: int = 20_000) -> list[Job]:
    """Signatures of the record, keys and messages ready in memory."""
    keys: dict[str, bytes] = {}
    found: list[Job] = []
    store = open_store(folder)
    for number, data in enumerate(store.entries(0, min(sample, store.size()))):
        entry = decode_entry(data)
        for event in entry.events:
            for name in ("key", "depositary_key"):
                if key := getattr(event, name, None):
                    keys[key_id(key)] = bytes.fromhex(key)
        message = pae(entry.act.payloadType, entry.act.payload)
        found += [(number, keys[one.keyid], message, one.sig) for one in entry.act.signatures if one.keyid in keys]
    store.close()
    return found


def one(folder: str, state: bool, processes: int, rules: bool) -> None:
    """What a process of its own does: verify once, and print seconds, entries, memory and live subjects."""
    from foedus.verify import verify_record

    start = perf_counter()
    report = verify_record(folder, rules=rules, state=state, workers=processes)
    seconds = perf_counter() - start
    memory = peak()
    print(json.dumps({"seconds": seconds, "entries": report.size, "memory": memory}))


def peak() -> int:
    """The most memory of this process, in bytes. The kernel's count for a process begins with that of its parent."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def measured(folder: Path, *, state: bool = False, processes: int = 1, rules: bool = False) -> dict[str, float]:
    """The same, run in a fresh process."""
    call = f"from bench.verify import one; one({str(folder)!r}, {state}, {processes}, {rules})"
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def subjects(folder: Path) -> int:
    """Live subjects of the state: everything with an id of its own that acts can speak of."""
    from foedus.depositary import Depositary

    depositary = Depositary.open(folder)
    state = depositary.state
    maps = (
        state.response.incidents, state.response.responses, state.response.measures, state.response.ballots,
        state.parties.seats, state.parties.standings, state.parties.communications, state.commitments.obligations,
    )  # fmt: skip
    depositary.store.close()
    return sum(len(found) for found in maps)


def main() -> None:
    """Print rates as ratios to the floor, and memory."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--entries", type=int, default=100_000)
    ask.add_argument("--folder", type=Path, help="a record kept from an earlier run, made if it is not there")
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as room:
        folder = asked.folder or Path(room) / "record"
        if not folder.exists():
            from bench.record import make

            made = make(folder, asked.entries)
            made.depositary.close()
        rounds = []
        jobs = signed(folder)
        with TwoBare() as two_bare:
            for _ in range(ROUNDS):
                floor, plain = raw_verify(jobs), measured(folder)
                limit, two = two_bare.against_one(jobs), measured(folder, processes=2)
                rates = [one["entries"] / one["seconds"] for one in (plain, two)]
                rounds.append((floor, *rates, plain["memory"], limit))
        floors, ones, twos, memories, limits = (median(column) for column in zip(*rounds, strict=True))
        full = measured(folder, state=True)
        again = measured(folder, state=True, rules=True)
        live = subjects(folder)
        entries = int(full["entries"])
        print(f"{entries:,} entries · floor: PyNaCl verify {floors:,.0f}/s")
        print(
            f"full verify, one process: {ones:,.0f}/s = {median(r[1] / r[0] for r in rounds):.2f} x floor (wanted 0.60)"
        )
        print(
            f"two processes: {twos:,.0f}/s = {median(r[2] / r[1] for r in rounds):.2f} x one (wanted 1.30); "
            f"two bare verifying processes reach {limits:.2f} x one"
        )
        print(f"memory without State: {memories / 2**20:,.0f} MiB (wanted at most 300 MB)")
        allowed = 300e6 + 1000 * live
        print(
            f"with State: {full['memory'] / 1e6:,.0f} MB for {live:,} live subjects "
            f"(wanted at most {allowed / 1e6:,.0f} MB)"
        )
        print(
            f"with State: {entries / full['seconds']:,.0f}/s · "
            f"every event recomputed: {entries / again['seconds']:,.0f}/s"
        )


if __name__ == "__main__":
    main()
