"""How fast acts enter the record, all checks on, as ratios to what this machine allows. One run, medians of the rounds.

    python bench/perform.py                     a folder in the present one (SQLite)
    python bench/perform.py postgresql://…      an empty database

Two floors, measured in turn with the work so that a busy machine slows both: 4 KiB and fdatasync for one act at a time,
PyNaCl's bare Ed25519 verification of the same acts for 100 in one transaction. Deadlines that fall due in between are
recorded too and not counted as acts.

Signatures of many acts are checked by a second process meanwhile. How much of that a busy machine allows is what two
bare verifying processes reach against one, in the same rounds; and the time of a processor that an act takes in each of
the two does not depend on it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from bench.append import floor, rate
from bench.limits import TwoBare, raw_verify
from bench.mix import Mix, Ready, report_mix
from foedus.acts import decode_statement
from foedus.record.envelope import decode_envelope, pae
from foedus.record.signatures import Job

ROUNDS, SINGLE, BATCHES, SIZE = 9, 150, 6, 100


def signed(mix: Mix, acts: list[Ready]) -> list[Job]:
    """The first signature of each of these acts."""
    found: list[Job] = []
    for number, ready in enumerate(acts):
        envelope = decode_envelope(ready.envelope)
        seat = decode_statement(envelope.payload).seat
        message = pae(envelope.payloadType, envelope.payload)
        found.append((number, bytes.fromhex(mix.public_of(seat)), message, envelope.signatures[0].sig))
    return found


def single(mix: Mix, acts: list[Ready]) -> float:
    """Acts a second, each durable before the next is begun."""
    spent = 0.0
    for ready in acts:
        mix.now = ready.at
        start = perf_counter()
        mix.depositary.perform(ready.envelope)
        spent += perf_counter() - start
    return len(acts) / spent


def batched(mix: Mix, batches: list[list[Ready]]) -> tuple[float, float]:
    """Acts a second, each batch one transaction; and microseconds of a processor that an act takes in this process."""
    spent = busy = 0.0
    for batch in batches:
        mix.now = batch[0].at
        start, started = perf_counter(), process_time()
        done = mix.depositary.perform_all([ready.envelope for ready in batch])
        spent, busy = spent + perf_counter() - start, busy + process_time() - started
        assert not any(isinstance(one, Exception) for one in done), "the bench's acts are all allowed"
    acts = sum(len(batch) for batch in batches)
    return acts / spent, busy / acts * 1e6


def main() -> None:
    """Print each rate, and its ratio to the floor of the same round."""
    with tempfile.TemporaryDirectory(dir=".") as room:
        mix = Mix(Path(room) / "record", sys.argv[1] if len(sys.argv) > 1 else None)
        single(mix, mix.take(300))
        rows: list[tuple[float, ...]] = []
        sizes: list[int] = []
        with floor(Path(room)) as once, TwoBare() as two_bare:
            for _ in range(ROUNDS):
                acts = mix.take(SINGLE)
                syncs, alone = rate(100, once), single(mix, acts)
                batches = list(mix.batches(BATCHES * SIZE, SIZE))
                sizes += [len(batch) for batch in batches]
                jobs = signed(mix, [ready for batch in batches for ready in batch])
                rows.append((syncs, alone, raw_verify(jobs), *batched(mix, batches), two_bare.against_one(jobs)))
        report_mix(mix)
        syncs, alone, verified, together, busy, limit = (median(column) for column in zip(*rows, strict=True))
        one = median(row[1] / row[0] for row in rows)
        many = median(row[3] / row[2] for row in rows)
        print(f"floor: {syncs:,.0f} fdatasync/s · PyNaCl verify {verified:,.0f}/s")
        print(f"perform, one durable act: {alone:,.0f}/s = {one:.2f} x fdatasync (wanted 0.20)")
        print(
            f"perform_all, {median(sizes):.0f} acts in one transaction: "
            f"{together:,.0f}/s = {many:.2f} x verify (wanted 0.45)"
        )
        print(
            f"an act takes {busy:,.0f} µs of a processor here, {1e6 / verified:,.0f} µs in the process that verifies; "
            f"two bare verifying processes reach {limit:.2f} x one"
        )


if __name__ == "__main__":
    main()
