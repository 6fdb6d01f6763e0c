"""One table held against another: claims that are not among others, and payments that no run owes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from foedus.claims.table import database, described, have, reading


def strangers(table: Path, others: Sequence[Path]) -> tuple[int, str]:
    """How many claims of a table are in none of the others with their category and currency, and the first of them."""
    columns = ("id", "category", "currency")
    with database() as connection:
        for file in (table, *others):
            have(list(described(connection, file)), columns, file)
        every = [f"SELECT id, category, currency FROM {reading(file)}" for file in others]
        known = " UNION ALL ".join(every or ["SELECT '' AS id, '' AS category, '' AS currency WHERE false"])
        row = connection.execute(
            f"SELECT count(*), min(id) FROM {reading(table)} ANTI JOIN ({known}) USING (id, category, currency)"
        ).fetchone()
    return (int(row[0]), str(row[1] or "")) if row is not None else (0, "")


class Paid(NamedTuple):
    """Of each table of payments its rows and cents; claims that got more than the result owes, and the first."""

    tables: tuple[tuple[int, int], ...]
    over: int
    first: str


def payments(result: Path, tables: Sequence[Path]) -> Paid:
    """Payments, claim and `paid_cents`, of a result, taken together. Raises Malformed where a column is missing."""
    columns = ("id", "paid_cents")
    with database() as connection:
        for file in (result, *tables):
            have(list(described(connection, file)), columns, file)
        every = (
            f"SELECT id, CAST(paid_cents AS BIGINT) AS paid, {number} AS number FROM {reading(file)}"
            for number, file in enumerate(tables)
        )
        connection.execute("CREATE TABLE paid AS " + " UNION ALL ".join(every))
        over = connection.execute(
            "SELECT count(*), min(id) FROM (SELECT id, sum(paid) AS paid FROM paid GROUP BY id) LEFT JOIN "
            f"(SELECT id, CAST(paid_cents AS BIGINT) AS owed FROM {reading(result)}) USING (id) "
            "WHERE owed IS NULL OR paid > owed"
        ).fetchone()
        each = connection.execute(
            "SELECT number, count(*), CAST(sum(paid) AS BIGINT) FROM paid GROUP BY ALL"
        ).fetchall()
    found = {int(number): (int(rows), int(cents)) for number, rows, cents in each}
    every_table = tuple(found.get(number, (0, 0)) for number in range(len(tables)))
    return Paid(every_table, *((int(over[0]), str(over[1] or "")) if over is not None else (0, "")))


class Category(NamedTuple):
    """What claims of a category were paid."""

    category: str
    claims: int
    paid_cents: int


def paid_by_category(result: Path, tables: Sequence[Path]) -> tuple[Category, ...]:
    """Payments of a result by the category of their claims, each claim counted once. Raises Malformed."""
    with database() as connection:
        for file, columns in ((result, ("id", "category")), *((file, ("id", "paid_cents")) for file in tables)):
            have(list(described(connection, file)), columns, file)
        every = " UNION ALL ".join(
            f"SELECT id, CAST(paid_cents AS BIGINT) AS paid FROM {reading(one)}" for one in tables
        )
        rows = connection.execute(
            f"SELECT category, count(DISTINCT id), CAST(sum(paid) AS BIGINT) FROM ({every}) "
            f"JOIN (SELECT id, category FROM {reading(result)}) USING (id) GROUP BY category ORDER BY category"
        ).fetchall()
    return tuple(Category(str(code), int(claims), int(cents)) for code, claims, cents in rows)
