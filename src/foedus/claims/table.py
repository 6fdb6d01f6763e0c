"""Tables of claims as files, CSV (UTF-8) or Parquet: read strictly, written in one canonical form.

A canonical table has its rows in the order of ids, each once, LF after each, amounts in whole cents; its digest is the
SHA-256 of it as CSV, heading included, whatever form the file has: `sha256sum` of such a CSV file is the same.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.claims.rule import MOST_CENTS
from foedus.errors import Malformed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CLAIMS = ("id", "category", "amount_cents", "currency", "cause_date", "place", "person")
MEMORY = "2500MB"
# What a result may say in cents: an amount at its rate, which has to be exact in floating point.
MOST_WORTH = 2**50
# Types of Parquet whose values have one text. Of 4 bytes, a float has lost the cents of 100,000.01 before it is read.
_TYPES = re.compile(r"VARCHAR|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(.*\)|DOUBLE|DATE|UUID|TIMESTAMP.*|BOOLEAN")


@contextmanager
def database() -> Iterator[DuckDBPyConnection]:
    """A database in memory, which goes on in a folder of its own where the memory allowed does not suffice.

    Raises Malformed where a file that is read in it turns out to be no table.
    """
    import duckdb

    ours = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)

    with tempfile.TemporaryDirectory(prefix="claims") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY, "temp_directory": folder, "autoinstall_known_extensions": "false",
        }  # fmt: skip
        with duckdb.connect(config=settings) as connection:
            try:
                yield connection
            except ours:
                raise
            except duckdb.Error as problem:
                raise unreadable(problem) from None


def quoted(text: object) -> str:
    """A text as SQL has it."""
    return "'" + str(text).replace("'", "''") + "'"


def named(column: str) -> str:
    """A column's name as SQL has it."""
    return '"' + column.replace('"', '""') + '"'


def reading(file: Path) -> str:
    """The expression by which the file is read, every value as its text. Raises Malformed."""
    if not file.is_file():
        raise Malformed("{path}: there is no such file", path=file)
    if file.suffix == ".parquet":
        return f"(SELECT COLUMNS(*)::VARCHAR FROM read_parquet({quoted(file)}))"
    if file.suffix == ".csv":
        return (
            f"read_csv({quoted(file)}, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', "
            "nullstr = '', auto_detect = false, columns = " + _columns_of(file) + ")"
        )
    raise Malformed("{path}: a file .csv or .parquet was expected", path=file)


def _columns_of(file: Path) -> str:
    with file.open(encoding="utf-8-sig", newline="") as text:
        try:
            names = [name.strip('"') for name in text.readline(1 << 16).rstrip("\r\n").split(",")]
        except UnicodeDecodeError:
            raise Malformed("{path} is not UTF-8", path=file) from None
    if not all(names):
        raise Malformed("{path}: a first line with the name of every column was expected", path=file)
    if len(set(names)) < len(names):
        raise Malformed("{path}: a column stands twice in the heading", path=file)
    return "{" + ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names) + "}"


def described(connection: DuckDBPyConnection, file: Path) -> dict[str, str]:
    """The columns of a file with their types. Raises Malformed."""
    import duckdb

    read = f"read_parquet({quoted(file)})" if file.suffix == ".parquet" and file.is_file() else reading(file)
    try:
        return {str(name): str(kind) for name, kind, *_ in connection.execute(f"DESCRIBE FROM {read}").fetchall()}
    except duckdb.Error as problem:
        raise unreadable(problem) from None


_LINE = re.compile(r"CSV Error on Line: ([0-9]+)")
_FILE = re.compile(r"^  file = (.+)$", re.MULTILINE)
_COLUMNS = re.compile(r"^Expected Number of Columns: ([0-9]+) Found: ([0-9]+)", re.MULTILINE)


def unreadable(problem: Exception) -> Malformed:
    """What a library said of a file that is no table, but for the row that it cites: that may be a person's."""
    said = str(problem)
    line, file = _LINE.search(said), _FILE.findall(said)
    if line is None:
        return Malformed("this cannot be read as a table: {problem}", problem=said.partition("\n")[0][:200])
    path, number = file[-1] if file else "–", line[1]
    if (columns := _COLUMNS.search(said)) is not None:
        return Malformed("{path}, line {line}: {expected} values were expected, found {found}",
                         path=path, line=number, expected=columns[1], found=columns[2])  # fmt: skip
    if "not utf-8" in said:
        return Malformed("{path}, line {line}: this is not UTF-8", path=path, line=number)
    return Malformed("{path}, line {line}: a quotation mark is not closed, or this is no row", path=path, line=number)


def have(found: Mapping[str, str], wanted: Sequence[str], file: Path) -> None:
    """Raises Malformed when a column is missing, or is of a type whose values have no text."""
    missing = [name for name in wanted if name not in found]
    if missing:
        raise Malformed(
            "{path}: the columns {missing} are missing, found {found}",
            path=file, missing=", ".join(missing), found=", ".join(found)[:200],
        )  # fmt: skip
    for name in wanted:
        if not _TYPES.fullmatch(found[name]):
            raise Malformed("{path}: column {column} is {kind}: texts, whole numbers or decimals were expected",
                            path=file, column=name, kind=found[name][:80])  # fmt: skip


def whole(column: str) -> str:
    """The whole number that a text is, in the one way to write it; NULL when it is none. 12.5 and 1e3 are none."""
    return f"CASE WHEN TRY_CAST({column} AS BIGINT)::VARCHAR = {column} THEN TRY_CAST({column} AS BIGINT) END"


def load(
    connection: DuckDBPyConnection, table: str, files: Sequence[Path], texts: Sequence[str], sums: Sequence[str] = (),
    most: int = MOST_CENTS,
) -> None:  # fmt: skip
    """The rows of all files as one new table: texts, and sums in whole cents up to `most`; no row of no files.

    Raises Malformed with the claim where a text is missing, or a sum is none or out of bounds.
    """
    for file in files:
        have(described(connection, file), (*texts, *sums), file)
    columns = ", ".join((*texts, *(f"{whole(one)} AS {one}" for one in sums)))
    none = ", ".join((*(f"''::VARCHAR AS {one}" for one in texts), *(f"0::BIGINT AS {one}" for one in sums)))
    each = [f"SELECT {columns} FROM {reading(file)}" for file in files] or [f"SELECT {none} WHERE false"]
    connection.execute(f"CREATE TABLE {table} AS " + " UNION ALL ".join(each))
    wrong = (*(f"{one} IS NULL" for one in texts),
             *(f"NOT coalesce({one} BETWEEN 0 AND {most}, false)" for one in sums))  # fmt: skip
    found = connection.execute(
        f"SELECT id, {', '.join(wrong)} FROM {table} WHERE {' OR '.join(wrong)} LIMIT 1"
    ).fetchone()
    if found is None:
        return
    id_, *each_wrong = found
    column = next(name for name, bad in zip((*texts, *sums), each_wrong, strict=True) if bad)
    if column in sums:
        raise Malformed("claim {id}: a whole number of cents from 0 to {most} was expected in {column}",
                        id=str(id_)[:64], most=most, column=column)  # fmt: skip
    raise Malformed("claim {id}: {column} is missing", id=str(id_ or "–")[:64], column=column)


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
    bad = connection.execute(
        "FROM (SELECT id, lag(id) OVER () AS last FROM rows) WHERE coalesce(last >= id, id IS NULL) LIMIT 1"
    ).fetchone()
    if bad is not None:
        raise Malformed("{path}: rows in the order of ids, each once, were expected; {id} is not", path=file, id=bad[0])
    _copy(connection, f"SELECT {names} FROM rows", out, "FORMAT csv, HEADER true")
    return out


def canonical(
    connection: DuckDBPyConnection, table: str, columns: Sequence[str], out: Path | None,
    first: Callable[[str], None] = lambda _: None,
) -> str:  # fmt: skip
    """Write a table whose rows are in order to a new file, whole or not at all; its digest. Without a file: only that.

    `first`: is told the digest before the file is there. Raises Malformed when the file is there.
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
        if out is not None:
            made = text if out.suffix == ".csv" else Path(folder) / "rows.parquet"
            if made != text:
                _copy(connection, f"SELECT {names} FROM {table}", made, "FORMAT parquet, COMPRESSION zstd")
            first(digest)
            made.rename(out)
    return digest


def _copy(connection: DuckDBPyConnection, query: str, out: Path, form: str) -> None:
    connection.execute(f"COPY ({query}) TO {quoted(out)} ({form})")
