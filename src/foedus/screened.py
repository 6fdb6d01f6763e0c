"""Published lists as records to screen against, and customers as records to screen: between `sanctions.lists` and
`screening`.

Neither of the two knows the other. Nothing is judged here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from foedus.country_names import country_code
from foedus.errors import Malformed
from foedus.sanctions.lists import ListVersion, Target, read
from foedus.screening import Record
from foedus.screening.certificate import ListUsed
from foedus.screening.record import KINDS

MOST_BREAKS = 3  # of lines in the cells of one row
UNREAD = ""  # of a row that is none: why
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_MANY = re.compile(r"\s*;\s*")
_RANGE_YEARS = 10  # a longer range says too little about when somebody was born
_BATCH = 10_000
COLUMNS = ("id", "name", "kind", "dates", "countries", "genders", "identifiers")
Progress = Callable[[int, int], None]


def record_of(target: Target, list_: str) -> Record:
    """A target of a list as a record; its id is the list's name and the publisher's id."""
    strong = tuple(dict.fromkeys(name.text for name in target.names if name.kind != "weak"))
    countries = (country_code(one) for one in (*target.countries, *(birth.country for birth in target.births)))
    return Record(
        id=f"{list_}:{target.id}",
        names=strong,
        kind="" if target.kind == "unknown" else target.kind,
        weak_names=tuple(dict.fromkeys(name.text for name in target.names if name.kind == "weak")),
        dates=tuple(dict.fromkeys(date for birth in target.births for date in _dates(birth.date))),
        countries=tuple(dict.fromkeys(code for code in countries if code)),
        genders=tuple(word for word in (target.gender.lower(),) if word in ("male", "female")),
        identifiers=tuple((one.kind, one.number) for one in target.identifiers),
        addresses=tuple(", ".join(filter(None, (one.text, one.city, one.country))) for one in target.addresses),
        lists=(list_,),
    )


def _dates(date: str) -> Iterator[str]:
    """A date, or each year of a short range."""
    first, _, last = date.partition("/")
    if not last:
        yield from filter(None, (first,))
    elif first[:4].isdigit() and last[:4].isdigit() and int(last[:4]) - int(first[:4]) <= _RANGE_YEARS:
        yield from map(str, range(int(first[:4]), int(last[:4]) + 1))


def records_of(version: ListVersion) -> tuple[list[Record], ListUsed]:
    """The targets of a list as records, and what a certificate says of it."""
    records = [record_of(target, version.list) for target in version.targets]
    as_of = version.as_of.isoformat() if version.as_of else ""
    return records, ListUsed(version.list, version.digest, as_of, len(records))


def read_lists(files: list[Path], progress: Progress | None = None) -> tuple[list[Record], list[ListUsed]]:
    """Every list in these files. Raises Malformed where one cannot be read, or two are the same list."""
    records: list[Record] = []
    used: list[ListUsed] = []
    for file in files:
        more, list_ = records_of(read(file, progress=progress))
        if any(one.name == list_.name for one in used):
            raise Malformed(
                "{file} is the list {list} again: each list is searched once, name one version",
                file=file,
                list=list_.name,
            )
        records += more
        used.append(list_)
    return records, used


class Row(NamedTuple):
    """A customer, or why a row is none. `number`: from 1, the heading left out."""

    number: int
    record: Record | None
    problem: Malformed | None = None


def customers(file: Path) -> Iterator[Row]:
    """The customers of a CSV file (UTF-8) or a Parquet file, with COLUMNS of which `name` must be there; `;` between
    several values.

    A row without `id` has its number as id. Raises Malformed where the file is neither, or has no column `name`.
    """
    for number, row in enumerate(cells(file), 1):
        yield row_of(row, number)


def cells(file: Path) -> Iterator[Mapping[str, str]]:
    """The rows of such a file as they stand there. Raises Malformed as `customers`."""
    return _parquet(file) if file.suffix == ".parquet" else _csv(file)


def row_of(row: Mapping[str, str], number: int) -> Row:
    """A row as a customer, or with what it lacks."""
    try:
        return Row(number, _customer(row, number))
    except Malformed as problem:
        return Row(number, None, problem)


def known_date(date: str) -> str:
    """A date that somebody asked for. Raises Malformed where it is none."""
    if not _DATE.fullmatch(date):
        raise Malformed("date {found!r}: 1975-04-21, 1975-04 or 1975 was expected", found=date[:80])
    return date


def rows_in(file: Path) -> int:
    """About how many rows there are, for a progress bar: a CSV file's lines. Raises Malformed."""
    if file.suffix == ".parquet":
        import duckdb

        with duckdb.connect() as connection:
            try:
                (counted,) = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(file)]).fetchone() or (0,)
            except duckdb.Error as problem:
                raise Malformed("{file} is no Parquet file: {problem}", file=file, problem=_first(problem)) from None
            return int(counted)
    with file.open("rb") as data:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: data.read(2**20), b""))


def _first(problem: Exception) -> str:
    """Its first line: what the library adds is of how it is built."""
    return str(problem).partition("\n")[0]


def _checked(columns: list[str], file: Path) -> None:
    if "name" not in columns:
        raise Malformed(
            "{file}: a column `name` was expected, found {found}", file=file, found=", ".join(columns)[:200] or "-"
        )


def _csv(file: Path) -> Iterator[Mapping[str, str]]:
    with file.open(encoding="utf-8-sig", newline="", errors="replace") as text:
        reader = csv.DictReader(text)
        try:
            _checked(list(reader.fieldnames or ()), file)
        except csv.Error as problem:
            raise Malformed("{file} is no CSV file: {problem}", file=file, problem=problem) from None
        while True:
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error as problem:  # what follows the line that the reader gave up on is read again
                yield {UNREAD: f"{problem} (line {reader.reader.line_num})"}


def _parquet(file: Path) -> Iterator[Mapping[str, str]]:
    import duckdb

    with duckdb.connect() as connection:
        try:
            names = [
                str(row[0])
                for row in connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(file)]).fetchall()
            ]
            _checked(names, file)
            there = [name for name in COLUMNS if name in names]
            columns = ", ".join(f"CAST({name} AS VARCHAR)" for name in there)
            rows = connection.execute(f"SELECT {columns} FROM read_parquet(?)", [str(file)])  # noqa: S608  # COLUMNS are constants
            while batch := rows.fetchmany(_BATCH):
                yield from (
                    dict(zip(there, ("" if value is None else value for value in row), strict=True)) for row in batch
                )
        except duckdb.Error as problem:
            raise Malformed("{file} is no Parquet file: {problem}", file=file, problem=_first(problem)) from None


def _customer(row: Mapping[str, str], number: int) -> Record:
    """A row as a record. Raises Malformed."""
    if UNREAD in row:
        raise Malformed(
            "row {row} cannot be read: {problem}; is a quote never closed?", row=number, problem=row[UNREAD]
        )
    text = "".join(row.get(name) or "" for name in COLUMNS)
    if "\ufffd" in text:
        raise Malformed("row {row} is no UTF-8: write the file as UTF-8", row=number)
    if text.count("\n") > MOST_BREAKS:
        raise Malformed(
            "row {row} has {found} line breaks in it: is a quote never closed?", row=number, found=text.count("\n")
        )
    many = {name: tuple(filter(None, _MANY.split((row.get(name) or "").strip()))) for name in COLUMNS}
    kind = (row.get("kind") or "").strip().lower()
    if kind not in KINDS:
        raise Malformed(
            "row {row}: kind {found!r}: one of {expected} was expected",
            row=number,
            found=kind[:80],
            expected=", ".join(KINDS[1:]),
        )
    identifiers = tuple(
        (kind.strip().lower(), value.strip()) for kind, _, value in (one.partition(":") for one in many["identifiers"])
    )
    if not all(kind and value for kind, value in identifiers):
        raise Malformed(
            "row {row}: identifiers {found!r}: `passport:AB123; imo:9150365` was expected",
            row=number,
            found=row["identifiers"][:80],
        )
    if not many["name"] and not identifiers:
        raise Malformed(
            "row {row}: neither a name nor an identifier was found; there is nothing to look for", row=number
        )
    for date in many["dates"]:
        if not _DATE.fullmatch(date):
            raise Malformed(
                "row {row}: date {found!r}: 1975-04-21, 1975-04 or 1975 was expected", row=number, found=date[:80]
            )
    for country in many["countries"]:
        if not country_code(country):
            raise Malformed(
                "row {row}: {found!r} is no country known here: its two letters were expected, as UA",
                row=number,
                found=country[:80],
            )
    return Record(
        (row.get("id") or "").strip() or str(number), many["name"], kind, dates=many["dates"],
        countries=tuple(map(country_code, many["countries"])),
        genders=tuple(map(str.lower, many["genders"])), identifiers=identifiers,
    )  # fmt: skip
