"""A file of customers screened against an index: hits out, row by row, to be taken up again where it was stopped.

Hits are written to `OUT.part` in batches; after each the place is written to `OUT.place`, so that after a stop or a
crash the whole batches stand and the run goes on behind them. A run that would answer otherwise (other lists, engine,
customers or threshold) does not go on with what another began.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

import msgspec

from foedus.collector import uncollected
from foedus.errors import Conflict, Malformed
from foedus.screened import Row, cells, row_of, rows_in
from foedus.screening import Match, Record
from foedus.screening.certificate import Certificate
from foedus.screening.index import asked_names

HEADING = ("query_id", "rank", "target_id", "score", "match", "reasons", "in_law")
_KINDS = ("VARCHAR", "INTEGER", "VARCHAR", "DOUBLE", "BOOLEAN", "VARCHAR", "VARCHAR")  # of HEADING
BATCH_ROWS = 1_000
TOGETHER = 250  # searched at once; more gain nothing
BAD_ROWS_NAMED = 1_000


class Bad(msgspec.Struct, frozen=True):
    """A row that could not be screened, and why: a sentence, and apart from it what was found, as an error has them."""

    row: int
    sentence: str
    found: dict[str, int | str] = {}


class Done(msgspec.Struct):
    """How far a run is. `run`: digest of what it depends on. `bad`: rows that could not be screened, the first of
    them by number.
    """

    run: str
    rows: int = 0
    bytes: int = 0
    hits: int = 0
    customers_hit: int = 0
    bad_rows: int = 0
    bad: list[Bad] = msgspec.field(default_factory=list)


Progress = Callable[[int, int], None]
Lot = list[tuple[Mapping[str, str], int]]  # rows as they stand in the file, with their numbers


class Searches(Protocol):
    """An index, or lists that change while they are searched."""

    def search_all(
        self, queries: Sequence[Record], limit: int | None, threshold: float, cutoff: float | None
    ) -> list[list[Match]]:
        """As Index.search_all."""


class Part(msgspec.Struct, frozen=True):
    """What came of some rows that stand one after another. `last`: the number of the last of them."""

    last: int
    hits: list[tuple[object, ...]]
    customers_hit: int
    bad: list[Bad]


Screens = Callable[[Iterator[Lot]], Iterator[Part]]


def by_index(index: Searches, certificate: Certificate, limit: int) -> Screens:
    """One process: each lot is searched when it is asked for."""

    def screens(lots: Iterator[Lot]) -> Iterator[Part]:
        return (screened(index, [row_of(*one) for one in lot], certificate, limit) for lot in lots)

    return screens


def screen_file(
    screens: Screens, certificate: Certificate, file: Path, out: Path, limit: int, progress: Progress | None = None
) -> Done:
    """Screen every customer of `file` and write the hits to `out`, a new CSV or Parquet file.

    Raises Malformed where a file is neither or `out` exists, Conflict where `OUT.part` was begun by another run.
    """
    for path in (file, out):
        if path.suffix not in (".csv", ".parquet"):
            raise Malformed("{path}: a file .csv or .parquet was expected", path=path)
    if out.exists():
        raise Malformed("{path} exists: name another file, nothing is overwritten", path=out)
    part, place = out.with_name(f"{out.name}.part"), out.with_name(f"{out.name}.place")
    done = _taken_up(part, place, _run(certificate, file, limit), out)
    total = rows_in(file) if progress else 0
    with part.open("r+b" if part.exists() else "w+b") as hits:
        hits.truncate(done.bytes)
        hits.seek(done.bytes)
        if not done.bytes:
            hits.write(_lines([HEADING]))
        for one in screens(_lots(cells(file), done.rows)):
            hits.write(_lines(one.hits))
            hits.flush()
            os.fsync(hits.fileno())
            _count(done, one)
            done.bytes = hits.tell()
            _put(place, msgspec.json.encode(done))
            if progress:
                progress(done.rows, total)
    _finish(part, out)
    place.unlink(missing_ok=True)
    return done


def _count(done: Done, one: Part) -> None:
    done.rows = one.last
    done.hits += len(one.hits)
    done.customers_hit += one.customers_hit
    done.bad_rows += len(one.bad)
    done.bad += one.bad[: max(0, BAD_ROWS_NAMED - len(done.bad))]


def _run(certificate: Certificate, file: Path, limit: int) -> str:
    """What a run depends on, as one digest."""
    whole = hashlib.sha256(msgspec.json.encode((certificate, limit)))
    with file.open("rb") as data:
        while chunk := data.read(2**20):
            whole.update(chunk)
    return whole.hexdigest()


def _taken_up(part: Path, place: Path, run: str, out: Path) -> Done:
    if not place.exists():
        return Done(run)
    try:
        done = msgspec.json.decode(place.read_bytes(), type=Done)
    except msgspec.DecodeError as problem:
        raise Malformed(
            "{path} is no place of a run: {problem}; remove it to begin anew", path=place, problem=problem
        ) from None
    if done.run != run or not part.exists():
        raise Conflict(
            "{path} was begun with other lists, customers or settings: remove it, or name another file than {out}",
            path=part,
            out=out,
        )
    return done


def _lots(rows: Iterator[Mapping[str, str]], skip: int) -> Iterator[Lot]:
    numbered = ((row, number) for number, row in enumerate(rows, 1) if number > skip)
    while lot := list(islice(numbered, BATCH_ROWS)):
        yield lot


def screened(index: Searches, rows: Sequence[Row], certificate: Certificate, limit: int) -> Part:
    """The hits of some rows, one at least; what could not be screened is noted and the rest goes on."""
    good: list[Record] = []
    bad: list[Bad] = []
    for row in rows:
        try:
            if row.record is None:
                raise row.problem or AssertionError("a row is a customer or has a problem")
            asked_names(row.record)
            good.append(row.record)
        except Malformed as problem:
            found = {name: value if isinstance(value, int) else str(value) for name, value in problem.found.items()}
            bad.append(Bad(row.number, problem.sentence, found))
    hits: list[tuple[object, ...]] = []
    customers_hit = 0
    for at in range(0, len(good), TOGETHER):
        some = good[at : at + TOGETHER]
        with uncollected():
            answers = index.search_all(some, limit, certificate.threshold, certificate.cutoff)
        for record, matches in zip(some, answers, strict=True):
            customers_hit += bool(matches)
            hits += [hit_of(record.id, rank, match) for rank, match in enumerate(matches, 1)]
    return Part(rows[-1].number, hits, customers_hit, bad)


def hit_of(query_id: str, rank: int, match: Match) -> tuple[object, ...]:
    """A hit as HEADING says; `in_law` is empty where it is not known."""
    score, called = f"{match.score:.4f}", str(match.match).lower()
    return query_id, rank, match.id, score, called, reasons_of(match), match.in_law or ""


def reasons_of(match: Match) -> str:
    """The reasons in one cell: each code with its points."""
    return "; ".join(f"{reason.code} {reason.points:+.4f}" for reason in match.reasons)


def _lines(rows: Iterable[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _put(path: Path, data: bytes) -> None:
    """In place of what stood there, whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(data)
    new.replace(path)


def _finish(part: Path, out: Path) -> None:
    """The hits under their name, as Parquet where that is asked for."""
    if out.suffix == ".csv":
        part.rename(out)
        return
    import duckdb

    new = out.with_name(f"{out.name}.new")
    new.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        rows = connection.read_csv(str(part), header=True, all_varchar=True)
        columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in zip(HEADING, _KINDS, strict=True))
        rows.project(columns).write_parquet(str(new))
    new.rename(out)
    part.unlink()
