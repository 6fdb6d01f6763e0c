"""One table held against another: claims that are not among others, and payments that no run owes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from foedus.claims.table import MOST_WORTH, database, load


def strangers(table: Path, others: Sequence[Path]) -> tuple[int, str]:
    """How many claims of a table are in none of the others with their category and currency, and the first of them."""
    return _counted(table, others, ("id", "category", "currency"), "ANTI")


def shared(table: Path, others: Sequence[Path]) -> tuple[int, str]:
    """How many claims of a table are in one of the others as well, and the first of them."""
    return _counted(table, others, ("id",), "SEMI")


def _counted(table: Path, others: Sequence[Path], columns: tuple[str, ...], join: str) -> tuple[int, str]:
    with database() as connection:
        load(connection, "these", [table], columns)
        load(connection, "known", others, columns)
        row = connection.execute(f"SELECT count(*), min(id) FROM these {join} JOIN known USING ({', '.join(columns)})")
        several, first = row.fetchone() or (0, None)
    return int(several), str(first or "")


def repeated(tables: Sequence[Path]) -> tuple[int, str, int]:
    """How many claims are in more than one of the tables, the first of them, and the place of the last that has it."""
    with database() as connection:
        connection.execute("CREATE TABLE every (number INTEGER, id VARCHAR)")
        for number, file in enumerate(tables):
            load(connection, f"table_{number}", [file], ("id",))
            connection.execute(f"INSERT INTO every SELECT DISTINCT {number}, id FROM table_{number}")
        row = connection.execute(
            "SELECT count(*), min(id), arg_min(last, id) FROM "
            "(SELECT id, max(number) AS last FROM every GROUP BY id HAVING count(*) > 1)"
        ).fetchone()
    several, first, last = row or (0, None, None)
    return int(several), str(first or ""), int(last or 0)


class Paid(NamedTuple):
    """Of each table of payments its rows and cents; claims that got more than the result owes, and the first."""

    tables: tuple[tuple[int, int], ...]
    over: int
    first: str


def payments(result: Path, tables: Sequence[Path]) -> Paid:
    """Payments, claim and `paid_cents`, of a result, taken together. Raises Malformed where a column is missing."""
    columns = (("id",), ("paid_cents",), MOST_WORTH)
    with database() as connection:
        load(connection, "owed", [result], *columns)
        connection.execute("CREATE TABLE paid (number INTEGER, id VARCHAR, paid BIGINT)")
        for number, file in enumerate(tables):
            load(connection, f"paid_{number}", [file], *columns)
            connection.execute(f"INSERT INTO paid SELECT {number}, id, paid_cents FROM paid_{number}")
        over = connection.execute(
            "SELECT count(*), min(id) FROM (SELECT id, sum(paid) AS paid FROM paid GROUP BY id) LEFT JOIN owed "
            "USING (id) WHERE paid_cents IS NULL OR paid > paid_cents"
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
        load(connection, "claims", [result], ("id", "category"))
        load(connection, "paid", tables, ("id",), ("paid_cents",), MOST_WORTH)
        rows = connection.execute(
            "SELECT category, count(DISTINCT id), CAST(sum(paid_cents) AS BIGINT) FROM paid JOIN claims USING (id) "
            "GROUP BY category ORDER BY category"
        ).fetchall()
    return tuple(Category(str(code), int(claims), int(cents)) for code, claims, cents in rows)
