"""How long eight million claims take to be paid by a rule and searched for duplicates, and a million to be taken in.

    python -m bench.claims              a folder of its own for the files, removed afterwards

Claims are drawn by a fixed rule, the same each time: nobody's. The distribution has a fixed sum for people, a cap, a
share of what is left and a reserve, three currencies, and writes a row for each claim. Floors: the same table read and
written out again in order with nothing computed; for the import, the same file read as text and nothing checked; for
the search, one grouping of the same rows by their number. Memory is the most that the process ever held. Beside each
figure stands how long processors worked: on a machine that is busy with something else the first says little.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

import duckdb

from foedus.claims.distribution import distribute
from foedus.claims.duplicates import search
from foedus.claims.intake import Stated, check
from foedus.claims.rule import Category, Distribution, Eligibility, Rates, Step
from foedus.claims.table import database, quoted

CLAIMS, IMPORTED = 8_000_000, 1_000_000
WANTED_RUN, WANTED_IMPORT, WANTED_SEARCH, WANTED_MB = 10.0, 10.0, 60.0, 4_096
CODES = ("A2.1", "A3.1", "A3.3", "A3.7", "B1.5", "C3.1")
ELIGIBILITY = Eligibility("bench", date(2022, 2, 24), ("UA",), tuple(Category(code) for code in CODES))
RULE = Distribution(
    "bench", "EUR", (Step(("A2",), fixed="5000.00"), Step(("A",), cap="20000.00"), Step(("A", "B", "C"))), "1/20"
)  # fmt: skip
RATES = Rates({"UAH": 207_000_000, "USD": 9_012_345_678}, "0" * 64)
T = TypeVar("T")


def made(folder: Path) -> tuple[Path, Path, Path]:
    """Claims as Parquet, what tells persons and objects apart as Parquet, and a batch as CSV."""
    claims, personal, batch = folder / "claims.parquet", folder / "personal.parquet", folder / "batch.csv"
    codes = ", ".join(quoted(code) for code in CODES)
    rows = (
        f"SELECT printf('C-%08d', n) AS id, ([{codes}])[1 + (hash(n) % 6)::INT] AS category, "
        "(1000 + hash(n + 1) % 9000000)::BIGINT AS amount_cents, "
        "(['EUR', 'UAH', 'USD'])[1 + (hash(n + 2) % 3)::INT] AS currency, "
        "DATE '2022-02-24' + (hash(n + 3) % 1000)::INT AS cause_date, "
        "printf('UA-%02d', hash(n + 4) % 60) AS place, sha256(n::VARCHAR) AS person "
        f"FROM range({CLAIMS}) numbers(n)"
    )
    with database() as connection:
        connection.execute(f"COPY ({rows}) TO {quoted(claims)} (FORMAT parquet)")
        connection.execute(
            "COPY (SELECT printf('C-%08d', n) AS id, printf('%010d', hash(n) % 4000000000) AS number, "
            f"printf('%d:%03d', hash(n + 9) % 100000000, n % 1000) AS cadastral FROM range({CLAIMS}) numbers(n)) "
            f"TO {quoted(personal)} (FORMAT parquet)"
        )
        connection.execute(
            "COPY (SELECT id, category, printf('%d.%02d', amount_cents // 100, amount_cents % 100) AS amount, "
            f"currency, cause_date, place, person FROM {quoted(claims)} LIMIT {IMPORTED}) "
            f"TO {quoted(batch)} (FORMAT csv)"
        )
    return claims, personal, batch


def timed(what: Callable[[], T]) -> tuple[float, float, T]:
    """How long it takes and how long processors worked on it, in seconds, and what comes of it."""
    begun, worked = perf_counter(), process_time()
    found = what()
    return perf_counter() - begun, process_time() - worked, found


def floor(query: str) -> float:
    """How long the database alone takes for it."""
    with database() as connection:
        taken, _, _ = timed(lambda: connection.execute(query).fetchall())
    return taken


def main() -> int:
    """Print the figures; 1 when one is missed."""
    with tempfile.TemporaryDirectory(prefix="claims") as name:
        folder = Path(name)
        claims, personal, batch = made(folder)
        alone = quoted(folder / "floor.csv")
        plain = floor(f"COPY (SELECT id, category, amount_cents, currency FROM {quoted(claims)}) TO {alone}")
        running, worked, run = timed(lambda: distribute([claims], RULE, 10**13, RATES, folder / "result.csv", []))
        assert run.paid_cents + run.reserve_cents + run.left_cents == 10**13
        print(f"run:    {run.rows:,} claims, {run.paid_cents / 100:,.2f} EUR in {running:.1f} s ({worked:.1f} s of "
              f"processors), {running / plain:.1f} times reading and writing them alone ({plain:.1f} s); "
              f"wanted {WANTED_RUN:.0f} s")  # fmt: skip
        text = floor(f"SELECT count(person), sum(length(amount)) FROM read_csv({quoted(batch)}, all_varchar = true)")
        stated = Stated(IMPORTED)
        money = RATES.known("EUR")
        taking, took, checked = timed(lambda: check(batch, ELIGIBILITY, money, stated, folder / "taken.parquet"))
        assert not checked.bad, checked.findings[:3]
        print(f"import: {checked.rows:,} claims in {taking:.1f} s ({took:.1f} s of processors), "
              f"{taking / text:.1f} times reading the text alone ({text:.1f} s); "
              f"wanted {WANTED_IMPORT:.0f} s")  # fmt: skip
        grouped = floor(
            f"SELECT count(*) FROM (SELECT number FROM {quoted(personal)} GROUP BY ALL HAVING count(*) > 1)"
        )
        by = {"person": "number", "object": "cadastral"}
        searching, sought, found = timed(lambda: search([(claims, personal)], by, folder / "duplicates.csv"))
        times = searching / grouped
        print(f"search: {found.claims:,} claims, {found.groups:,} groups in {searching:.1f} s ({sought:.1f} s of "
              f"processors), {times:.1f} times one grouping alone ({grouped:.1f} s); "
              f"wanted {WANTED_SEARCH:.0f} s")  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 2**20)
    print(f"memory: {peak:,.0f} MB at most; wanted {WANTED_MB:,} MB (DuckDB {duckdb.__version__})")
    return int(running > WANTED_RUN or taking > WANTED_IMPORT or searching > WANTED_SEARCH or peak > WANTED_MB)


if __name__ == "__main__":
    sys.exit(main())
