"""Tables of claims as files, CSV (UTF-8) or Parquet: read as they are, written in one canonical form.

A canonical table has its rows in the order of ids, each once, LF after each, amounts in whole cents; its digest is the
SHA-256 of it as CSV, heading included, whatever form the file has: `sha256sum` of such a CSV file is the same.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.errors import Malformed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CLAIMS = ("id", "category", "amount_cents", "currency", "cause_date", "place", "person")
MEMORY = "2500MB"


@contextmanager
def database() -> Iterator[DuckDBPyConnection]:
    """A database in memory, which goes on in a folder of its own where the memory allowed does not suffice."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="claims") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY, "temp_directory": folder, "autoinstall_known_extensions": "false",
        }  # fmt: skip
        with duckdb.connect(config=settings) as connection:
            yield connection


def quoted(text: object) -> str:
    """A text as SQL has it."""
    return "'" + str(text).replace("'", "''") + "'"


def named(column: str) -> str:
    """A column's name as SQL has it."""
    return '"' + column.replace('"', '""') + '"'


def reading(file: Path) -> str:
    """The expression by which the file is read, every value of a CSV file as its text. Raises Malformed."""
    if not file.is_file():
        raise Malformed("{path}: there is no such file", path=file)
    if file.suffix == ".parquet":
        return f"read_parquet({quoted(file)})"
    if file.suffix == ".csv":
        return (
            f"read_csv({quoted(file)}, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', "
            "nullstr = '', auto_detect = false, columns = " + _columns_of(file) + ")"
        )
    raise Malformed("{path}: a file .csv or .parquet was expected", path=file)


def _columns_of(file: Path) -> str:
    with file.open(encoding="utf-8-sig", newline="") as text:
        try:
            names = text.readline(1 << 16).rstrip("\r\n").split(",")
        except UnicodeDecodeError:
            raise Malformed("{path} is not UTF-8", path=file) from None
    if len(set(names)) < len(names):
        raise Malformed("{path}: a column stands twice in the heading", path=file)
    return "{" + ", ".join(f"{quoted(name.strip(chr(34)))}: 'VARCHAR'" for name in names) + "}"


def described(connection: DuckDBPyConnection, file: Path) -> dict[str, str]:
    """The columns of a file with their types. Raises Malformed."""
    import duckdb

    try:
        return {
            str(name): str(kind) for name, kind, *_ in connection.execute(f"DESCRIBE FROM {reading(file)}").fetchall()
        }
    except duckdb.Error as problem:
        raise unreadable(file, problem) from None


def unreadable(file: Path, problem: Exception) -> Malformed:
    """What a library said of a file that is no table."""
    said = " ".join(str(problem).split())[:300]
    return Malformed("{path} cannot be read as a table: {problem}", path=file, problem=said)


def have(found: Sequence[str], wanted: Sequence[str], file: Path) -> None:
    """Raises Malformed when a column is missing."""
    missing = [name for name in wanted if name not in found]
    if missing:
        raise Malformed(
            "{path}: the columns {missing} are missing, found {found}",
            path=file, missing=", ".join(missing), found=", ".join(found)[:200],
        )  # fmt: skip


def digest_of(file: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def shape_of(connection: DuckDBPyConnection, file: Path, columns: Sequence[str], out: Path) -> Path:
    """A canonical table as the CSV that its digest is of, to a new file, these columns alone.

    Raises Malformed where its rows are not in the order of ids, each once.
    """
    names = ", ".join(map(named, columns))
    connection.execute(f"CREATE TABLE rows AS SELECT {names} FROM {reading(file)}")
    bad = connection.execute("FROM (SELECT id, lag(id) OVER () AS last FROM rows) WHERE last >= id LIMIT 1").fetchone()
    if bad is not None:
        raise Malformed("{path}: rows in the order of ids, each once, were expected; {id} is not", path=file, id=bad[0])
    _copy(connection, f"SELECT {names} FROM rows", out, "FORMAT csv, HEADER true")
    return out


def canonical(connection: DuckDBPyConnection, table: str, columns: Sequence[str], out: Path | None) -> str:
    """Write a table whose rows are in order to a new file, whole or not at all; its digest. Without a file: only that.

    Raises Malformed when the file is there.
    """
    if out is not None and out.suffix not in (".csv", ".parquet"):
        raise Malformed("{path}: a file .csv or .parquet was expected", path=out)
    if out is not None and out.exists():
        raise Malformed("{path} exists: name another file, nothing is overwritten", path=out)
    names = ", ".join(map(named, columns))
    with tempfile.TemporaryDirectory(prefix=".claims", dir=out.parent if out else None) as folder:
        text = Path(folder) / "rows.csv"
        _copy(connection, f"SELECT {names} FROM {table}", text, "FORMAT csv, HEADER true")
        digest = digest_of(text)
        if out is not None and out.suffix == ".csv":
            text.rename(out)
        elif out is not None:
            made = Path(folder) / "rows.parquet"
            _copy(connection, f"SELECT {names} FROM {table}", made, "FORMAT parquet, COMPRESSION zstd")
            made.rename(out)
    return digest


def _copy(connection: DuckDBPyConnection, query: str, out: Path, form: str) -> None:
    connection.execute(f"COPY ({query}) TO {quoted(out)} ({form})")
