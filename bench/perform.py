"""How fast acts enter the record, all checks on, as ratios to what this machine allows. One run, medians of the rounds.

    python bench/perform.py                     a folder in the present one (SQLite)
    python bench/perform.py postgresql://…      an empty database

Two floors, measured in turn with the work so that a busy machine slows both: 4 KiB and fdatasync for one act at a time,
PyNaCl's bare Ed25519 verification of the same acts for 100 in one transaction. Deadlines that fall due in between are
recorded too and not counted as acts.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from nacl.bindings import crypto_sign_open

from bench.append import floor, rate
from bench.mix import Mix, Ready, report_mix
from foedus.acts import decode_statement
from foedus.record.envelope import decode_envelope, pae

ROUNDS, SINGLE, BATCHES, SIZE = 9, 150, 6, 100


def raw_verify(mix: Mix, acts: list[Ready]) -> float:
    """Bare verifications a second, of exactly the signatures that these acts carry."""
    signed = []
    for ready in acts:
        envelope = decode_envelope(ready.envelope)
        seat = decode_statement(envelope.payload).seat
        message = pae(envelope.payloadType, envelope.payload)
        signed.append((envelope.signatures[0].sig + message, bytes.fromhex(mix.keys.public_of(seat))))
    start = perf_counter()
    for message, public in signed:
        crypto_sign_open(message, public)
    return len(signed) / (perf_counter() - start)


def single(mix: Mix, acts: list[Ready]) -> float:
    """Acts a second, each durable before the next is begun."""
    spent = 0.0
    for ready in acts:
        mix.now = ready.at
        start = perf_counter()
        mix.depositary.perform(ready.envelope)
        spent += perf_counter() - start
    return len(acts) / spent


def batched(mix: Mix, batches: list[list[Ready]]) -> float:
    """Acts a second, each batch one transaction."""
    spent = 0.0
    for batch in batches:
        mix.now = batch[0].at
        start = perf_counter()
        done = mix.depositary.perform_all([ready.envelope for ready in batch])
        spent += perf_counter() - start
        assert not any(isinstance(one, Exception) for one in done), "the bench's acts are all allowed"
    return sum(len(batch) for batch in batches) / spent


def main() -> None:
    """Print each rate, and its ratio to the floor of the same round."""
    with tempfile.TemporaryDirectory(dir=".") as room:
        mix = Mix(Path(room) / "record", sys.argv[1] if len(sys.argv) > 1 else None)
        single(mix, mix.take(300))
        rows: list[tuple[float, float, float, float]] = []
        sizes: list[int] = []
        with floor(Path(room)) as once:
            for _ in range(ROUNDS):
                acts = mix.take(SINGLE)
                syncs, alone = rate(100, once), single(mix, acts)
                batches = list(mix.batches(BATCHES * SIZE, SIZE))
                sizes += [len(batch) for batch in batches]
                verified = raw_verify(mix, [ready for batch in batches for ready in batch])
                rows.append((syncs, alone, verified, batched(mix, batches)))
        report_mix(mix)
        syncs, alone, verified, together = (median(column) for column in zip(*rows, strict=True))
        one = median(row[1] / row[0] for row in rows)
        many = median(row[3] / row[2] for row in rows)
        print(f"floor: {syncs:,.0f} fdatasync/s · PyNaCl verify {verified:,.0f}/s")
        print(f"perform, one durable act: {alone:,.0f}/s = {one:.2f} x fdatasync (wanted 0.20)")
        print(
            f"perform_all, {median(sizes):.0f} acts in one transaction: "
            f"{together:,.0f}/s = {many:.2f} x verify (wanted 0.45)"
        )


if __name__ == "__main__":
    main()
