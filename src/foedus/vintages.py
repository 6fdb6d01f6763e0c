"""Vintages of trackers, kept in a record's archive for ever: the publisher's file as it came, and what was read of it.

    entry = keep(store, at, files, vintage)      durable when it returns; the same again adds nothing
    vintage(store, entry.table)                  as it was read then, whatever an importer would read today

A vintage is no act: nobody of the compact says that it is right, and no rule reads it. What proves it is its digest:
whoever has the publisher's file reads it again and compares. Tables by which shares are measured (GDP, population,
defence spending) are kept in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from foedus import archive
from foedus.commitments.sources import sheets
from foedus.commitments.sources.model import Figure, Note, Place, Row, Vintage
from foedus.commitments.sources.rates import dollars_to_the_euro
from foedus.commitments.sources.reading import Unread, euros, number, plain
from foedus.compact.findings import Phrase
from foedus.errors import Malformed, Tampered

VINTAGES = "vintage/"  # of the settings that name what is kept; tables of a measure stand under its name


class Words(Struct, frozen=True, array_like=True):
    """A phrase as it is kept: its sentence, and what was put into it."""

    sentence: str
    found: dict[str, str]


class Remark(Struct, frozen=True, array_like=True):
    """A note as it is kept."""

    place: Place
    what: Words


class Table(Struct, frozen=True):
    """A vintage as it lies in the archive; its digest is the vintage's address."""

    publisher: str
    release: str
    form: str
    data_until: date | None
    files: dict[str, str]
    digest: str
    rows: tuple[Row, ...]
    figures: tuple[Figure, ...]
    members: tuple[str, ...]
    skipped: tuple[Remark, ...]
    doubts: tuple[Remark, ...]


class Entry(Struct, frozen=True):
    """What is told of a vintage before it is opened.

    `at`: when it was first imported, to the second; `table`: its digest here, and its address; `rows_digest`: the same
    in whatever form or order they came; `files`: the digests of what was published, by name; `licence`: as whoever
    imported it said, empty where nobody did; `taken` and `skipped`: how many rows.
    """

    at: datetime
    table: str
    publisher: str
    release: str
    form: str
    data_until: date | None
    rows_digest: str
    files: dict[str, str]
    licence: str
    taken: int
    skipped: int
    doubts: int


def files_of(path: Path) -> dict[str, bytes]:
    """What was published, by name: the file, or each CSV file of the folder. Raises Malformed."""
    try:
        if path.is_dir():
            return {one.name: one.read_bytes() for one in sorted(path.glob("*.csv"))}
        return {path.name: path.read_bytes()}
    except OSError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem.strerror) from None


def keep(
    store: archive.Keeps, at: datetime, files: Mapping[str, bytes], found: Vintage, licence: str = ""
) -> tuple[Entry, bool]:
    """Put the files and what was read of them into the archive; what is there, and whether it is new.

    The archive first, the entry that names it last: who is killed meanwhile has kept nothing. Raises Conflict when the
    store cannot be written.
    """
    table = _table(found, {name: archive.put(store, data) for name, data in sorted(files.items())})
    digest = archive.put(store, msgspec.json.encode(table))
    held = store.setting(VINTAGES + digest)
    if held is not None:
        return _entry(held, digest), False
    entry = Entry(
        at=at.replace(microsecond=0),
        table=digest,
        publisher=found.publisher,
        release=found.release,
        form=found.form,
        data_until=found.data_until,
        rows_digest=found.digest,
        files=table.files,
        licence=licence,
        taken=len(found.rows),
        skipped=len(found.skipped),
        doubts=len(found.doubts),
    )
    store.set_setting(VINTAGES + digest, msgspec.json.encode(entry))
    return entry, True


def _table(found: Vintage, files: dict[str, str]) -> Table:
    return Table(
        found.publisher, found.release, found.form, found.data_until, files, found.digest, found.rows, found.figures,
        tuple(sorted(found.members)), _remarks(found.skipped), _remarks(found.doubts),
    )  # fmt: skip


def _remarks(notes: Iterable[Note]) -> tuple[Remark, ...]:
    return tuple(
        Remark(one.place, Words(one.what.sentence, {name: str(value) for name, value in one.what.found.items()}))
        for one in notes
    )


def _notes(remarks: Iterable[Remark]) -> tuple[Note, ...]:
    return tuple(Note(one.place, Phrase.again(one.what.sentence, one.what.found)) for one in remarks)


def entries(store: archive.Keeps) -> list[Entry]:
    """Every vintage that is kept, newest first: by the day up to which it has data, then by when it came."""
    kept = store.settings(VINTAGES)
    found = [_entry(store.setting(name) or b"", name.removeprefix(VINTAGES)) for name in kept]
    return sorted(found, key=lambda one: (one.data_until or date.min, one.at, one.table), reverse=True)


def _entry(data: bytes, digest: str) -> Entry:
    try:
        return msgspec.json.decode(data, type=Entry)
    except msgspec.MsgspecError:
        raise Tampered("what is kept of the vintage {digest} is damaged: restore a backup", digest=digest) from None


def chosen(known: Sequence[Entry], digest: str) -> Entry:
    """The vintage of this digest, or of the only one that begins so. Raises Malformed."""
    found = [one for one in known if one.table.startswith(digest)]
    if len(found) != 1 or len(digest) < 8:
        raise Malformed(
            "no vintage here is {digest!r}; expected one of {known}",
            digest=digest[:64],
            known=", ".join(one.table[:12] for one in known) or "-",
        )
    return found[0]


def vintage(store: archive.Keeps, digest: str) -> Vintage:
    """A vintage as it was read. Raises Malformed when it is not held, Tampered when it is damaged."""
    try:
        table = msgspec.json.decode(archive.required(store, digest), type=Table)
    except msgspec.MsgspecError:
        raise Tampered("what is kept of the vintage {digest} is damaged: restore a backup", digest=digest) from None
    return Vintage(
        table.publisher, table.release, table.form, table.data_until, table.digest, table.rows, table.figures,
        frozenset(table.members), _notes(table.skipped), _notes(table.doubts),
    )  # fmt: skip


# --- what shares are measured by -------------------------------------------------------------------------------

Products = dict[str, dict[str, Decimal]]  # by year, by ISO 3166 code: euros, or heads
Measure = Literal["gdp", "population", "defence"]
MEASURES: tuple[Measure, ...] = ("gdp", "population", "defence")


class Kept(Struct, frozen=True):
    """A table that is kept: when it came, its digest, the file's, its licence, and its years."""

    at: datetime
    table: str
    file: str
    name: str
    licence: str
    years: tuple[str, ...]


def read_products(name: str, data: bytes, measure: Measure = "gdp") -> Products:
    """A measure by year and code, from a table as the World Bank publishes it: GDP and defence spending in current US
    dollars, population in heads.

    Dollars become euros at the mean of the year's daily reference rates; years before FIRST_YEAR are left out. Raises
    Malformed when nothing is left.
    """
    wanted = {"code": ("Country Code",), "year": ("Year",), "value": ("Value",)}
    table = sheets.csv_table(name, data, wanted, tuple(wanted))
    found: Products = {}
    for _at, cells in table.body():
        year = plain(table.cell(cells, "year"))
        if not year.isdecimal() or int(year) < FIRST_YEAR:
            continue
        try:
            value = table.read(cells, "value", number)
        except Unread:
            continue  # a state without a figure for that year has no share of it
        if value and value > 0:
            said = value if measure == "population" else euros(value / dollars_to_the_euro(int(year)))
            found.setdefault(year, {})[plain(table.cell(cells, "code"))] = said
    if not found:
        raise Malformed("{file} has no figure since {year}", file=name, year=str(FIRST_YEAR))
    return found


FIRST_YEAR = 2014


def keep_products(
    store: archive.Keeps, at: datetime, name: str, data: bytes, licence: str = "", measure: Measure = "gdp"
) -> tuple[Kept, bool]:
    """Put a table into the archive; what is there, and whether it is new. Raises Malformed, Conflict."""
    found = read_products(name, data, measure)
    digest = archive.put(store, msgspec.json.encode(found, order="sorted"))
    held = store.setting(f"{measure}/{digest}")
    if held is not None:
        return msgspec.json.decode(held, type=Kept), False
    kept = Kept(at.replace(microsecond=0), digest, archive.put(store, data), name, licence, tuple(sorted(found)))
    store.set_setting(f"{measure}/{digest}", msgspec.json.encode(kept))
    return kept, True


def newest_products(store: archive.Keeps, measure: Measure = "gdp", known: datetime | None = None) -> Kept | None:
    """The table of a measure that came last, by a moment where it is named; None where there is none."""
    found = [msgspec.json.decode(store.setting(name) or b"", type=Kept) for name in store.settings(f"{measure}/")]
    found = [one for one in found if known is None or one.at <= known]
    return max(found, key=lambda one: (one.at, one.table), default=None)


def products(store: archive.Keeps, digest: str) -> Products:
    """A table. Raises Malformed, Tampered."""
    return msgspec.json.decode(archive.required(store, digest), type=Products)
