"""A fund shared out among claims by a rule: step by step in order of priority, exact to the cent.

The order of files and rows makes no difference, and the same input gives the same bytes: rows are in the order of ids,
which decides among equal remainders. It does not decide whether money is paid, and it asks no one.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from msgspec import Struct

from foedus.claims.rule import MOST_CENTS, RATE_DECIMALS, Distribution, Rates, belongs, cents
from foedus.claims.shares import Cents, Shared, converted, shared_out, summed
from foedus.claims.table import CLAIMS, MOST_WORTH, canonical, database, described, digest_of, have, load, quoted
from foedus.errors import Malformed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RUN = ".run.json"


class Taken(Struct, frozen=True):
    """What one step did: its claims, what they might have got, the money there was for them, what was paid.

    `extra`, `least`, `entitled_cents`: of the largest remainders, see `shares.Shared`.
    """

    claims: int
    entitled_cents: int
    money_cents: int
    paid_cents: int
    extra: int
    least: int


class Run(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole run, from which anyone can make it again: rule, money, inputs by digest; then what came of it.

    `fund_cents` is paid, reserved and left over, to the cent. `result`: digest of the canonical result.
    """

    rule: Distribution
    fund_cents: int
    claims: tuple[str, ...]
    earlier: tuple[str, ...]
    rates: str
    rows: int
    steps: tuple[Taken, ...]
    reserve_cents: int
    paid_cents: int
    left_cents: int
    result: str


def columns_of(rule: Distribution) -> tuple[str, ...]:
    """The columns of a result."""
    steps = (f"step_{number}_cents" for number in range(1, len(rule.steps) + 1))
    return ("id", "category", "amount_cents", "currency", "worth_cents", "earlier_cents", *steps, "paid_cents")


def distribute(
    claims: list[Path], rule: Distribution, fund_cents: int, rates: Rates, out: Path | None, earlier: list[Path]
) -> Run:
    """Share the fund out; the result to `out` and the run beside it. Without `out`: a dry run.

    `claims`: canonical tables; `earlier`: results of earlier runs, whose payments count. Raises Malformed with the
    claim, when an id stands twice, a currency has no rate, or a file is no such table.
    """
    if not 0 < fund_cents <= MOST_CENTS * 100:
        raise Malformed("a fund of {found} cents: 1 to {most} was expected", found=fund_cents, most=MOST_CENTS * 100)
    with database() as connection:
        _read(connection, claims, earlier)
        worth, before, numbers, categories = _arrays(connection, rule, rates)
        reserve = floor(fund_cents * Fraction(rule.reserve))
        taken, paid = _steps(rule, fund_cents - reserve, worth, before, (numbers, categories))
        total = np.zeros_like(worth)
        for each in paid:
            total += each
        arrays = {f"step_{number}_cents": each for number, each in enumerate(paid, 1)}
        arrays |= {"worth_cents": worth, "earlier_cents": before, "paid_cents": total}
        connection.register("arrays", arrays)
        spent = summed(total)
        inputs, counted = (tuple(sorted(map(digest_of, files))) for files in (claims, earlier))

        def made(digest: str) -> Run:
            return Run(rule, fund_cents, inputs, counted, rates.digest, int(worth.size), taken, reserve, spent,
                       fund_cents - reserve - spent, digest)  # fmt: skip

        # The run first: whoever is killed between the two leaves no result, and the same command makes both.
        digest = canonical(
            connection,
            "claims POSITIONAL JOIN arrays",
            columns_of(rule),
            out,
            lambda digest: _beside(out, made(digest)),
        )
    return made(digest)


def _beside(out: Path | None, run: Run) -> None:
    """Write the run beside the result that is to be."""
    assert out is not None, "a dry run has no result"
    beside = out.with_name(out.name + RUN)
    new = beside.with_name(beside.name + ".new")
    new.write_bytes(msgspec.json.format(msgspec.json.encode(run)) + b"\n")
    new.replace(beside)


def _read(connection: DuckDBPyConnection, claims: list[Path], earlier: list[Path]) -> None:
    """The claims in the order of ids, each once. Raises Malformed."""
    wanted = ("id", "category", "currency", "amount_cents")
    for file in claims:
        have(described(connection, file), CLAIMS, file)
    load(connection, "claims", claims, wanted[:3], wanted[3:])
    if connection.execute("FROM claims LIMIT 1").fetchone() is None:
        raise Malformed("{path}: there is no claim in it", path=claims[0])
    out_of_order, twice = _order(connection)
    if out_of_order:
        connection.execute(f"CREATE OR REPLACE TABLE claims AS SELECT {', '.join(wanted)} FROM claims ORDER BY id")
        _, twice = _order(connection)
    if twice is not None:
        raise Malformed("claim {id} stands more than once: `foedus claims check` names every such row", id=twice)
    load(connection, "paid", earlier, ("id",), ("paid_cents",), MOST_WORTH)
    connection.execute("CREATE TABLE earlier AS SELECT id, CAST(sum(paid_cents) AS BIGINT) AS paid_cents FROM paid "
                       "WHERE paid_cents > 0 GROUP BY id")  # fmt: skip


def _order(connection: DuckDBPyConnection) -> tuple[bool, str | None]:
    """Whether a claim comes after one of a higher id, and the first that stands twice in a row: read in one pass."""
    row = connection.execute(
        "SELECT bool_or(last > id), min(id) FILTER (last = id) FROM (SELECT id, lag(id) OVER () AS last FROM claims)"
    ).fetchone()
    assert row is not None, "an aggregate has one row"
    return bool(row[0]), row[1]


def _arrays(connection: DuckDBPyConnection, rule: Distribution, rates: Rates) -> tuple[Cents, Cents, Cents, list[str]]:
    """Of each claim in order: its worth in the fund's currency, what it got earlier, its category by number."""
    distinct = connection.execute("SELECT DISTINCT category FROM claims ORDER BY category").fetchall()
    categories = [str(name) for (name,) in distinct]
    moneys = [str(name) for (name,) in connection.execute("SELECT DISTINCT currency FROM claims ORDER BY 1").fetchall()]
    missing = [one for one in moneys if one not in rates.known(rule.currency)]
    if missing:
        raise Malformed(
            "{currency} has no rate in {into}: add it to the file of rates", currency=missing[0], into=rule.currency
        )
    listed = (f"CAST(list_position([{', '.join(map(quoted, names)) or 'NULL'}], {column}) AS BIGINT) AS {column}"
              for names, column in ((categories, "category"), (moneys, "currency")))  # fmt: skip
    found = connection.execute(f"SELECT amount_cents, {', '.join(listed)} FROM claims").fetchnumpy()
    worth = np.array(found["amount_cents"], dtype=np.int64)
    money = np.asarray(found["currency"])
    for number, currency in enumerate(moneys, 1):
        if currency != rule.currency:
            these = money == number
            worth[these] = converted(worth[these], rates.scaled[currency], 10**RATE_DECIMALS)
    return worth, _earlier(connection, worth.size), np.array(found["category"], dtype=np.int64), categories


def _earlier(connection: DuckDBPyConnection, size: int) -> Cents:
    if connection.execute("FROM earlier LIMIT 1").fetchone() is None:
        return np.zeros(size, dtype=np.int64)
    connection.execute("CREATE TABLE numbered AS SELECT row_number() OVER () - 1 AS row, id FROM claims")
    rows = connection.execute("SELECT row, paid_cents FROM numbered JOIN earlier USING (id)").fetchnumpy()
    before = np.zeros(size, dtype=np.int64)
    before[np.asarray(rows["row"], dtype=np.int64)] = rows["paid_cents"]
    return before


def _steps(
    rule: Distribution, money: int, worth: Cents, before: Cents, of: tuple[Cents, list[str]]
) -> tuple[tuple[Taken, ...], list[Cents]]:
    """Every step in order, each with what the ones before it left."""
    numbers, categories = of
    given, there, taken, paid = before.copy(), money, [], []
    for step in rule.steps:
        member = np.zeros(len(categories) + 1, dtype=bool)
        member[1:] = [belongs(code, step.categories) for code in categories]
        here = member[numbers]
        if step.fixed is not None:
            most: Cents | int = cents(step.fixed)
        elif step.cap is not None:
            most = np.minimum(worth, cents(step.cap))
        else:
            most = worth
        entitled = np.where(here, np.maximum(most - given, 0), 0)
        for_it = there if step.at_most is None else min(there, floor(money * Fraction(step.at_most)))
        done: Shared = shared_out(entitled, for_it)
        spent = min(done.total, for_it)
        taken.append(Taken(int(here.sum()), done.total, for_it, spent, done.extra, done.least))
        given += done.cents
        paid.append(done.cents)
        there -= spent
    return tuple(taken), paid
