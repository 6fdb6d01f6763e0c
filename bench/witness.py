"""What a witness costs: the first copy of a long record, and a cosignature for each batch of new entries. One run.

    python -m bench.witness [--entries 100000] [--rounds 30]

The record is served by another process on this machine; the witness asks it over HTTP, verifies and recomputes every
entry, keeps it, cosigns and hands in, through the functions that `foedus witness` calls. The floor is PyNaCl's bare
verification of as many signatures, measured in turn with the work.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from bench.console import answered, serving
from bench.limits import raw_verify
from bench.mix import Mix
from bench.record import describe, make
from bench.verify import signed
from foedus.desk.copy import Copy
from foedus.desk.published import Server
from foedus.desk.rounds import Rounds
from foedus.desk.witness import Keys, Witness
from foedus.remote import Remote
from foedus.settling import Settling

BATCH = 100
COPY_SECONDS, COSIGNATURE_MS, RATIO = 60.0, 50.0, 0.5


def perform(mix: Mix, at_least: int) -> int:
    """Record at least so many further entries; how many."""
    before = mix.depositary.state.size
    while mix.depositary.state.size < before + at_least:
        for batch in mix.batches(1, 1):
            mix.now = batch[0].at
            mix.depositary.perform_all([ready.envelope for ready in batch])
    return mix.depositary.state.size - before


def seen(port: int, size: int) -> None:
    """Wait until the serving process has added the entries up, as the one that recorded them would have."""
    while f'"size":{size}'.encode() not in answered(port, "/api/state"):
        time.sleep(0.01)


def first_copy(witness: Witness, folder: Path) -> None:
    """Print how long following from nothing takes, against bare verification before and after."""
    before = raw_verify(signed(folder))
    start = perf_counter()
    came = witness.follower.follow()
    seconds = perf_counter() - start
    floor = median((before, raw_verify(signed(folder))))
    rate = came / seconds
    wanted = COPY_SECONDS * came / 100_000
    print(
        f"first copy: {came:,} entries fetched, verified, recomputed and kept in {seconds:.1f} s (wanted {wanted:.1f}):"
        f" {rate:,.0f}/s, {rate / floor:.2f} of bare verification at {floor:,.0f}/s (wanted {RATIO})",
        flush=True,
    )


def cosignatures(mix: Mix, rounds: Rounds, port: int, folder: Path, how_many: int) -> None:
    """Print how long a cosignature takes from asking for the checkpoint to having handed it in."""
    taken, sizes, floors = [], [], []
    for _ in range(how_many):
        sizes.append(perform(mix, BATCH))
        seen(port, mix.depositary.state.size)
        start = perf_counter()
        done = rounds.once()
        taken.append((perf_counter() - start) * 1000)
        assert done.handed_in
        assert done.cosigned == mix.depositary.state.size
        floors.append(1000 * BATCH / raw_verify(signed(folder, 2_000)))
    floor, middle = median(floors), median(taken)
    print(
        f"cosignature of {median(sizes):.0f} new entries, {how_many} times: median {middle:.1f} ms (wanted"
        f" {COSIGNATURE_MS:.0f}), nine of ten within {quantiles(taken, n=10)[-1]:.1f} ms; {BATCH} bare verifications"
        f" take {floor:.1f} ms, so {middle / floor:.1f} times the floor"
    )


def main() -> None:
    """Print both."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--entries", type=int, default=100_000)
    ask.add_argument("--rounds", type=int, default=30)
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory(dir=".", prefix=".bench-") as room:
        folder = Path(room) / "record"
        mix = make(folder, asked.entries)
        mix.depositary.perform(mix.seat("POL", "witness").envelope)
        # The serving process stays behind the clock of the acts, so that it records nothing by itself.
        behind = mix.now - datetime.now(UTC) - timedelta(days=1)
        mix.depositary.store.set_setting("clock_offset_seconds", str(behind.total_seconds()).encode())
        describe(folder)
        with serving(folder) as port:
            copy = Copy.open(Path(room) / "witness")
            remote = Remote(f"http://127.0.0.1:{port}")
            witness = Witness(copy, Server(remote), Keys(mix.keys.witness_seed("POL/witness")), remote)
            first_copy(witness, folder)
            rounds = Rounds(witness)
            rounds.once()
            cosignatures(mix, rounds, port, folder, asked.rounds)
            stands = Settling(mix.depositary).stands()
            assert stands is not None
            assert stands.last["POL/witness"][0] == mix.depositary.state.size
            remote.close()
            copy.close()
        mix.depositary.close()


if __name__ == "__main__":
    main()
