"""The part of the exercise about claims: forty fictional ones, judged; one distribution, decided, run and paid in part.

EXERCISE. No claim is anybody's: ids say so, personal rows are of nobody, and amounts follow a fixed rule. That Ukraine
records what the register and the commission decided is what the compact's interpretation says; neither did any of it.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from foedus.claimed import dry_run, fetch, keep, put, run_of, stated_of
from foedus.claims.table import CLAIMS
from foedus.compact.model import Claims, Distribution
from foedus.exercise.commitments import Stage
from foedus.reparations import acts
from foedus.reparations.distributions import holds
from foedus.reparations.state import shown

HOUR = timedelta(hours=1)
COUNT = 40
SHARED_OUT = 1_500_000  # cents: less than the awards come to, so that a step is shared in proportion
Row = tuple[str, str, int, str, str, str, str]


def play(stage: Stage) -> None:
    """A batch of damage: recorded, some refused, assessed, awarded; a distribution; a payment; an appeal, corrected."""
    claims, sharing = stage.clauses.one(Claims), stage.clauses.one(Distribution)
    if claims is None or sharing is None:
        return
    clause, seat, head = claims[1], _seat(stage, "foreign"), _seat(stage, "head")
    every = _rows([one.id for one in clause.categories if one.confirmed])
    with tempfile.TemporaryDirectory(prefix="claims") as name:
        folder = Path(name)

        def judged(to: acts.Decided, rows: Sequence[Row], body: str, corrects: str | None = None) -> None:
            digest, totals, count = _kept(stage, folder, rows)
            stage.at += HOUR
            stage.do(seat, acts.DecideClaims("CB-1", to, body, digest, count, totals, f"exercise-{to}-1", corrects))

        digest, totals, count = _kept(stage, folder, every)
        register, commission = clause.register.id, clause.commission.id
        stage.do(seat, acts.DepositClaims(register, "damage", digest, count, date.fromisoformat(every[0][4]), totals))
        judged("recorded", every[:36], register)
        judged("refused", every[36:39], register)
        judged("assessed", every[:30], commission)
        awarded = [(*row[:2], row[2] * 9 // 10, *row[3:]) for row in every[:24]]
        judged("awarded", awarded, commission)
        _shared_out(stage, folder, (seat, head), sharing[1])
        judged("appealed", every[4:6], register)
        better = [(*row[:2], row[2] * 10 // 9, *row[3:]) if place in (4, 5) else row
                  for place, row in enumerate(awarded)]  # fmt: skip
        judged("awarded", better, commission, "CD-4")


def _seat(stage: Stage, role: str) -> str:
    return f"{stage.clauses.compact.protected}/{role}"


def _shared_out(stage: Stage, folder: Path, seats: tuple[str, str], clause: Distribution) -> None:
    """Half of what the fund holds, as a dry run shows; half of what claimants are owed is paid."""
    known = stage.depositary.state.reparations
    held, _ = holds(known, clause.currency)
    if held <= 1:
        return
    body, run = dry_run(stage.depositary.store, stage.clauses, known, min(held // 2, SHARED_OUT),
                        instrument="exercise-minutes-1")  # fmt: skip
    stage.at += HOUR
    stage.do(seats[0], body, seats[1])
    stage.do(seats[0], acts.RecordRun("DS-1", run.result, run.rows, body.paid))
    assert run_of(stage.depositary.store, body.dry_run).result == run.result, "what was decided is in the archive"
    paid = [row for row in _result(stage, folder, run.result) if int(row["paid_cents"])][::2]
    file = folder / "paid.csv"
    _written(file, ("id", "paid_cents"), [(row["id"], row["paid_cents"]) for row in paid])
    amount = sum(int(row["paid_cents"]) for row in paid)
    stage.at += HOUR
    table, order = put(stage.depositary.store, file), "exercise-order-1"
    stage.do(seats[0], acts.RecordPayment("DS-1", table, len(paid), shown(amount), clause.currency, order))


def _result(stage: Stage, folder: Path, digest: str) -> list[dict[str, str]]:
    with fetch(stage.depositary.store, digest, folder).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _rows(codes: Sequence[str]) -> list[Row]:
    """Claims of nobody, in the order of ids: a few euros to a few thousand, of the confirmed categories in turn."""
    return [
        (
            f"EXERCISE-{number:04}", codes[number % len(codes)], 40_000 + number * number * 317,
            "EUR", (date(2022, 3, 1) + timedelta(days=number)).isoformat(), "UA",
            sha256(f"exercise: nobody {number}".encode()).hexdigest(),
        )
        for number in range(1, COUNT + 1)
    ]  # fmt: skip


def _kept(stage: Stage, folder: Path, rows: Sequence[Row]) -> tuple[str, tuple[acts.Total, ...], int]:
    file = folder / f"{len(list(folder.iterdir()))}.csv"
    _written(file, CLAIMS, rows)
    return keep(stage.depositary.store, file), *stated_of(file)


def _written(file: Path, heading: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([heading, *rows])
