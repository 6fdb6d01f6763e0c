"""Personal columns of claims, in a file apart with a salt in each row; the claims hold one salted digest per row.

The digest is SHA-256 over the salt in hex and every column as NAME=VALUE, in the order of names, each after the byte
1f. Erasing a person drops row and salt from this file: nothing in the claims changes and every other digest still fits,
and what is left of the one that went says nothing about anyone. A value never leaves the file.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from foedus.claims.table import database, described, have, named, quoted, reading
from foedus.errors import Malformed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SALT_BYTES = 32
ROWS_TOGETHER = 100_000


def digest_expression(columns: Collection[str]) -> str:
    """The salted digest of a row with these columns, as SQL."""
    values = (f"chr(31) || {quoted(name + '=')} || coalesce({named(name)}, '')"
              for name in sorted(set(columns) - {"id", "salt"}))  # fmt: skip
    return "sha256(" + " || ".join(("salt", *values)) + ")"


def _load(connection: DuckDBPyConnection, file: Path, table: str) -> dict[str, str]:
    """The rows of a file, every value as its text; its columns. Raises Malformed."""
    columns = described(connection, file)
    have(columns, ("id",), file)
    connection.execute(f"CREATE TABLE {table} AS FROM {reading(file)}")
    values = " OR ".join(f"regexp_matches({named(name)}, '[\\x00-\\x1f]')" for name in columns)
    bad = connection.execute(f"SELECT id FROM {table} WHERE {values} LIMIT 1").fetchone()
    if bad is not None:
        raise Malformed("{path}, id {id}: a control character was found; take it out", path=file, id=str(bad[0])[:64])
    twice = connection.execute(
        f"SELECT id FROM {table} GROUP BY id HAVING count(*) > 1 OR id IS NULL LIMIT 1"
    ).fetchone()
    if twice is not None:
        raise Malformed("{path}: id {id} is missing or stands more than once", path=file, id=str(twice[0])[:64])
    return columns


def salted(file: Path, out: Path, digests: Path) -> int:
    """Give every row a salt: the rows with their salts to `out`, id and digest to `digests`. How many rows.

    Raises Malformed when the file has salts already, or a file to be written is there.
    """
    for path in (out, digests):
        _new(path)
    with database() as connection:
        columns = _load(connection, file, "people")
        if "salt" in columns:
            raise Malformed("{path} has salts already: its rows keep them", path=file)
        (rows,) = connection.execute("SELECT count(*) FROM people").fetchone() or (0,)
        with tempfile.TemporaryDirectory(prefix=".salts", dir=out.parent) as folder:
            salts, new, public = (
                Path(folder) / "salts.csv",
                Path(folder) / out.name,
                Path(folder) / f"d{digests.suffix}",
            )
            _draw(salts, int(rows))
            connection.execute(
                "CREATE TABLE made AS FROM people POSITIONAL JOIN read_csv("
                f"{quoted(salts)}, header = false, auto_detect = false, columns = {{'salt': 'VARCHAR'}})"
            )
            _write(connection, "FROM made ORDER BY id", new)
            _write(connection, f"SELECT id, {digest_expression(columns)} AS person FROM made ORDER BY id", public)
            shutil.move(public, digests)
            _put(new, out)
    return int(rows)


def _draw(file: Path, rows: int) -> None:
    """So many salts from the system's own source of randomness, one a line."""
    with file.open("w", encoding="ascii") as lines:
        for start in range(0, rows, ROWS_TOGETHER):
            text = os.urandom(SALT_BYTES * min(ROWS_TOGETHER, rows - start)).hex()
            width = 2 * SALT_BYTES
            lines.writelines(f"{text[at : at + width]}\n" for at in range(0, len(text), width))


class Fits(Struct, frozen=True):
    """Claims held against the personal file: how many fit, are erased, or do not fit; ids of the first that do not.

    `strangers`: rows of the personal file that no claim has.
    """

    fit: int
    erased: int
    differ: int
    strangers: int
    named: tuple[str, ...]


def verify(claims: Path, personal: Path) -> Fits:
    """Whether each row that is still there is the one the claims have the digest of. Raises Malformed."""
    with database() as connection:
        have(described(connection, claims), ("id", "person"), claims)
        columns = _load(connection, personal, "people")
        have(columns, ("salt",), personal)
        connection.execute(
            f"CREATE TABLE joined AS SELECT c.id AS claim, p.id AS there, c.person, p.digest FROM {reading(claims)} c "
            f"FULL JOIN (SELECT id, {digest_expression(columns)} AS digest FROM people) p ON c.id = p.id"
        )
        counted = connection.execute(
            "SELECT count(*) FILTER (person = digest), count(*) FILTER (there IS NULL), "
            "count(*) FILTER (claim IS NOT NULL AND there IS NOT NULL AND person IS DISTINCT FROM digest), "
            "count(*) FILTER (claim IS NULL) FROM joined"
        ).fetchone()
        assert counted is not None, "an aggregate has one row"
        names = connection.execute(
            "SELECT coalesce(claim, there) FROM joined WHERE claim IS NULL "
            "OR (there IS NOT NULL AND person IS DISTINCT FROM digest) ORDER BY 1 LIMIT 20"
        ).fetchall()
    fit, erased, differ, strangers = map(int, counted)
    return Fits(fit, erased, differ, strangers, tuple(str(name) for (name,) in names))


def erase(personal: Path, ids: Sequence[str]) -> int:
    """Drop these rows and their salts from the file, in its place; how many rows are left.

    Raises Malformed when one is not there: then nothing is dropped. The file is written anew beside it and takes its
    place; what a disk, a backup or another copy still holds is not erased by this.
    """
    with database() as connection:
        columns = _load(connection, personal, "people")
        have(columns, ("salt",), personal)
        there = {
            id_
            for (id_,) in connection.execute("SELECT id FROM people WHERE list_contains(?, id)", [list(ids)]).fetchall()
        }
        missing = sorted(set(ids) - there)
        if missing:
            raise Malformed("{path} has no row {id}: nothing was erased", path=personal, id=missing[0])
        connection.execute("DELETE FROM people WHERE list_contains(?, id)", [list(ids)])
        with tempfile.TemporaryDirectory(prefix=".erase", dir=personal.parent) as folder:
            new = Path(folder) / f"rows{personal.suffix}"
            _write(connection, "FROM people ORDER BY id", new)
            _put(new, personal)
        (left,) = connection.execute("SELECT count(*) FROM people").fetchone() or (0,)
    return int(left)


def _put(new: Path, at: Path) -> None:
    """The file of personal columns, whole, in its place: its owner's alone."""
    new.chmod(0o600)
    new.replace(at)


def _new(path: Path) -> None:
    if path.suffix not in (".csv", ".parquet"):
        raise Malformed("{path}: a file .csv or .parquet was expected", path=path)
    if path.exists():
        raise Malformed("{path} exists: name another file, nothing is overwritten", path=path)


def _write(connection: DuckDBPyConnection, query: str, out: Path) -> None:
    form = "FORMAT csv, HEADER true" if out.suffix == ".csv" else "FORMAT parquet, COMPRESSION zstd"
    connection.execute(f"COPY ({query}) TO {quoted(out)} ({form})")
