"""A drill of 73 hours with the forty-odd parties of the bundled text at 1,000 times, and ten thousand by lot.

    python -m bench.drills [--quick]

Both are the command as people give it, in a process of its own. Of the drill the record alone says afterwards whether
every deadline was recorded in its order, how late in the machine's time, and whether all of it can be recomputed.
Of those by lot the same seed must give the same figures twice.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

SPEED, PLAN, ATTACKS = 1_000.0, "night-attack", 10
# Attack upon attack in the first half hour, and so slow an answer that every deadline of each runs out.
SLOW = """
title: {en: Ten attacks, uk: Десять нападів}
starts: 2027-02-24T03:00:00Z
hours: 73
seed: 7
all: {acknowledge: {median: PT3H, share: 0.6}, attend: {median: P2D, share: 0.5}, decide: {median: PT60H}}
injects:
"""
ATTACK = """
  - at: PT%dM
    seat: UKR/duty
    evidence: 1
    body: {act: ReportIncident, kind: armed_attack, territory: UA, occurred_from: "2027-02-24T02:%02d:00Z"}
  - {at: PT%dM, seat: UKR/head, also: [UKR/foreign], body: {act: Activate, incident: I-%d}}
"""


class Size(NamedTuple):
    """`drawn`: drills by lot; `played`: whether one is played, which takes four and a half minutes."""

    drawn: int
    played: bool


FULL, QUICK = Size(10_000, True), Size(1_000, False)


class Took(NamedTuple):
    """Seconds on the wall and of the processor, and what the command answered."""

    wall: float
    cpu: float
    answer: dict[str, object]


def took(*arguments: str) -> Took:
    """One `foedus drill` in a process of its own."""
    before, begins = os.times(), time.perf_counter()
    command = [sys.executable, "-m", "foedus", "drill", *arguments, "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    wall, after = time.perf_counter() - begins, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Took(wall, cpu, json.loads(done.stdout))


def played(folder: Path) -> None:
    """One drill, and what its record says of its deadlines."""
    from foedus.acts import decode_entry, decode_statement
    from foedus.depositary import Depositary
    from foedus.rules import DEPOSITARY
    from foedus.verify import verify_record

    plan = folder / "plan.yaml"
    attacks = (ATTACK % (3 * n + 1, n, 3 * n + 2, n + 1) for n in range(ATTACKS))
    plan.write_text(SLOW + "".join(attacks), "utf-8")
    done = took(str(plan), str(folder / "drill"), "--speed", f"{SPEED:g}")
    depositary = Depositary.open(folder / "drill")
    response = depositary.state.response.responses[f"R-{ATTACKS}"]
    entries = [decode_entry(data) for data in depositary.store.entries(0, depositary.state.size)]
    lapses = [one for one in entries if decode_statement(one.act.payload).seat == DEPOSITARY and one.true_at]
    ats, trues = [one.at for one in entries], [one.true_at for one in lapses if one.true_at is not None]
    late = max(((one.at - one.true_at).total_seconds() for one in lapses if one.true_at), default=0.0) / SPEED
    ordered = ats == sorted(ats) and trues == sorted(trues)
    verified = verify_record(str(folder / "drill"), rules=True)
    depositary.close()
    how = f"{ATTACKS} attacks, {len(response.roll)} parties, {len(entries)} entries at {SPEED:g} x"
    print(f"a drill of 73 h, {how}: {done.wall:.0f} s, {done.cpu:.1f} s of the processor;")
    print(f"  {len(trues)} deadlines ran out, in order: {said(ordered)},")
    print(f"  recorded at most {late * 1000:.0f} ms late (machine); {verified.size} entries recomputed")


def drawn(folder: Path, times: int) -> None:
    """Many by lot, twice."""
    first, second = (took(PLAN, str(folder / name), "--simulate", str(times)) for name in ("one", "two"))
    same = first.answer == second.answer
    print(f"{times} drills by lot: {first.wall:.1f} s, {first.cpu:.1f} s of the processor; again {second.wall:.1f} s,")
    print(f"  {second.cpu:.1f} s; the same figures: {said(same)}")


def said(yes: bool) -> str:
    """Whether it holds, so that nobody overlooks what does not."""
    return "yes" if yes else "NO"


def main() -> None:
    """Both."""
    size = QUICK if "--quick" in sys.argv else FULL
    with tempfile.TemporaryDirectory() as name:
        drawn(Path(name), size.drawn)
        if size.played:
            played(Path(name))


if __name__ == "__main__":
    main()
