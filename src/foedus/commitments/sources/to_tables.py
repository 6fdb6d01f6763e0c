"""Rows as CSV and Parquet, in the columns of plain_table.py, which reads the CSV back as the same rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from foedus.commitments.sources.model import Row
from foedus.commitments.sources.plain_table import FIELDS

_HIGH = "CASE quantity_high WHEN '*' THEN NULL ELSE coalesce(quantity_high, quantity) END"
NUMBERS = ("amount", "eur", "rate", "quantity", "quantity_high")


def to_csv(rows: Iterable[Row]) -> bytes:
    """UTF-8 with a header, rows in the order given."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows(record(row).values() for row in rows)
    return out.getvalue().encode()


def record(row: Row) -> dict[str, str]:
    """One row as text by field. An open range ends in `*`; a row known only to lie before a day has only `until`."""
    money, quantity = row.money, row.quantity
    high = (
        "" if quantity is None or quantity.exact is not None else "*" if quantity.high is None else _text(quantity.high)
    )
    return {
        "id": row.id,
        "donor": row.donor,
        "kind": row.kind,
        "stage": row.stage,
        "date": row.first.isoformat() if row.first else "",
        "until": _until(row),
        "amount": _text(money.amount) if money else "",
        "currency": money.currency if money else "",
        "basis": money.basis if money else "",
        "eur": _text(row.eur),
        "rate": _text(row.rate),
        "item": row.item,
        "category": row.category,
        "quantity": _text(quantity.low) if quantity else "",
        "quantity_high": high,
        "quantity_said": quantity.said if quantity else "",
        "standing": row.standing,
    }


def _until(row: Row) -> str:
    if row.last is None:
        return "undated" if row.first else ""
    return "" if row.last == row.first else row.last.isoformat()


def _text(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def to_parquet(rows: Iterable[Row]) -> bytes:
    """Apache Parquet, zstd; money and units as decimals of 38 digits with six places, the rest as text.

    `quantity_high` is there for an exact number, too: a quantity without it has no upper bound.
    """
    import duckdb

    exact = ", ".join(f"CAST({_HIGH if field == 'quantity_high' else field} AS DECIMAL(38, 6)) AS {field}"
                      for field in NUMBERS)  # fmt: skip
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        source, target = Path(folder) / "rows.csv", Path(folder) / "rows.parquet"
        source.write_bytes(to_csv(rows))
        connection.execute(
            f"COPY (SELECT * REPLACE ({exact}) FROM read_csv($source, all_varchar = true, header = true))"  # noqa: S608  # field names are constants
            " TO $target (FORMAT parquet, COMPRESSION zstd)",
            {"source": str(source), "target": str(target)},
        )
        return target.read_bytes()
