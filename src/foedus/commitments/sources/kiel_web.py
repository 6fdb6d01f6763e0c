"""The CSV files of the tracker's website: allocations by donor and month, and what lies beside them.

Only `data_explorer.csv` is counted. Weapons are part of military aid; shares, monthly totals and the file on
procurement are figures to compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.commitments.sources import sheets
from foedus.commitments.sources.donors import donor
from foedus.commitments.sources.kiel import PUBLISHER, Said
from foedus.commitments.sources.model import Figure, Kind, Money, Place, Quantity, Row, Stage
from foedus.commitments.sources.reading import Notes, Period, Progress, Unread, euros, number, of_month, plain
from foedus.commitments.sources.sheets import Table
from foedus.compact.findings import Phrase
from foedus.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.commitments.sources.reading import Cell

MAIN = "data_explorer.csv"
BILLION = 1_000_000_000
ONE = Decimal(1)
_EXPLORER = ("country", "year", "month", "total", "financial", "humanitarian", "military", "commitments", "gdp")
# What is counted of a line of the explorer: commitments are not told apart by kind there.
_COUNTED: tuple[tuple[str, Kind, Stage], ...] = (
    ("military", "military", "allocated"),
    ("financial", "financial", "allocated"),
    ("humanitarian", "humanitarian", "allocated"),
    ("commitments", "unspecified", "committed"),
)


def opened(path: Path, notes: Notes, progress: Progress | None = None) -> tuple[Said, Iterator[Row]]:
    """What the folder is, and its rows. `path`: the folder, or `data_explorer.csv` within it. Raises Malformed."""
    folder = path if path.is_dir() else path.parent
    if not (folder / MAIN).is_file():
        raise Malformed(
            "{path}: no file {expected} is there; expected the tracker’s CSV files", path=folder, expected=MAIN
        )
    tables = dict(_tables(folder))
    release, until = _release(folder)
    figures = tuple(_figures(tables, notes))
    members = frozenset(one.donor for one in figures if one.name == "eu_share")
    return Said(PUBLISHER, release, until, figures, members), _rows(tables, notes, progress)


def _tables(folder: Path) -> Iterator[tuple[str, Table]]:
    wanted = {
        MAIN: _EXPLORER,
        "eu_aid_shares.csv": ("country", "bilateral_pct_gdp", "eu_share_pct_gdp", "total_pct_gdp", "eu_share_bn"),
        "total_allocations.csv": ("year", "month", "total_allocations", "military", "financial", "humanitarian"),
        "procurement_trends.csv": ("year", "month", "stockpile", "procurement", "unspecified", "nato_purl"),
        "weapons.csv": ("donor", "category", "number_of_weapons", "monetary_value_eur"),
    }
    for name, columns in wanted.items():
        if (folder / name).is_file():
            yield name, sheets.csv_table(name, (folder / name).read_bytes(), {one: (one,) for one in columns}, columns)


def _release(folder: Path) -> tuple[str, date | None]:
    """The release, and the last day of the month up to which it has data."""
    name = "release_info.csv"
    if not (folder / name).is_file():
        return "", None
    table = sheets.csv_table(
        name, (folder / name).read_bytes(), {"release": ("release",), "period": ("period",)}, ("release", "period")
    )
    for _number, cells in table.body():
        month, _, year = plain(table.cell(cells, "period")).partition("/")
        known = year.isdecimal() and len(year) == 4 and month.isdecimal() and 1 <= int(month) <= 12
        return plain(table.cell(cells, "release")), of_month(int(year), int(month))[1] if known else None
    return "", None


def _rows(tables: Mapping[str, Table], notes: Notes, progress: Progress | None) -> Iterator[Row]:
    seen: dict[tuple[str, Period], int] = {}
    explorer = tables[MAIN]
    for number_, cells in explorer.body():
        try:
            explorer.fits(cells)
            whom, when = _whom(explorer, cells), _when(explorer, cells)
            if (before := seen.setdefault((whom, when), number_)) != number_:
                raise Unread(Phrase("the donor has this month in row {row} already", row=str(before)), "month")
            yield from _month(explorer, number_, cells, (whom, when))
        except Unread as problem:
            notes.skip(explorer.place(number_, problem.field), problem.what)
        if progress and number_ % 256 == 0:
            progress(number_, len(explorer.rows))
    if "weapons.csv" in tables:
        yield from _weapons(tables["weapons.csv"], notes)


def _whom(table: Table, cells: Sequence[Cell], field: str = "country") -> str:
    return table.read(cells, field, lambda cell: donor(plain(cell)))


def _when(table: Table, cells: Sequence[Cell]) -> Period:
    """The month. Raises Unread."""
    year, month = (table.read(cells, field, number) for field in ("year", "month"))
    if year is None or month is None or not 1 <= month <= 12 or not 1900 <= year <= 2200:
        raise Unread(Phrase("{year} and {month} are no year and month", year=str(year), month=str(month)), "month")
    return of_month(int(year), int(month))


def _month(table: Table, at: int, cells: Sequence[Cell], whose: tuple[str, Period]) -> Iterator[Row]:
    """What is counted of a line. All of it is read before any of it is given on: a line is taken whole or not."""
    whom, (first, last) = whose
    values = [(field, kind, stage, _billions(table, cells, field)) for field, kind, stage in _COUNTED]
    for field, kind, stage, value in values:
        if value:
            yield Row(
                id=f"{whom}/{first:%Y-%m}/{field}",
                donor=whom,
                kind=kind,
                stage=stage,
                first=first,
                last=last,
                money=Money(value, "EUR"),
                eur=value,
                rate=ONE,
                place=table.place(at, field),
            )


def _billions(table: Table, cells: Sequence[Cell], field: str) -> Decimal | None:
    """Euros of billions. Raises Unread."""
    value = table.read(cells, field, _exact)
    if value is not None and value < 0:
        raise Unread(Phrase("{found} is negative; expected what was allocated in the month", found=str(value)), field)
    return None if value is None else euros(value * BILLION)


def _not_negative(cell: Cell) -> Decimal | None:
    """Raises Unread."""
    value = number(cell)
    if value is not None and value < 0:
        raise Unread(Phrase("{found} is negative; expected how many there are", found=str(value)))
    return value


def _exact(cell: Cell) -> Decimal | None:
    """A number with all its places: six of a billion would lose euros. Raises Unread."""
    checked = number(cell)
    return None if checked is None else Decimal(plain(cell))


def _weapons(table: Table, notes: Notes) -> Iterator[Row]:
    for at, cells in table.body():
        try:
            table.fits(cells)
            many, value = (
                table.read(cells, field, _not_negative) for field in ("number_of_weapons", "monetary_value_eur")
            )
            whom, category = _whom(table, cells, "donor"), plain(table.cell(cells, "category"))
        except Unread as problem:
            notes.skip(table.place(at, problem.field), problem.what)
            continue
        yield Row(
            id=f"{whom}/weapons/{category}",
            donor=whom,
            kind="military",
            stage="allocated",
            money=None if value is None else Money(euros(value), "EUR", "price_list"),
            eur=None if value is None else euros(value),
            rate=ONE,
            category=category,
            quantity=None if many is None else Quantity(many, many),
            standing="detail",
            place=table.place(at),
        )


def _figures(tables: Mapping[str, Table], notes: Notes) -> Iterator[Figure]:
    """What the files print beside what is counted."""
    yield from _by_donor(tables[MAIN], {"gdp": "gdp"}, notes)
    if "eu_aid_shares.csv" in tables:
        names = {
            "pct_gdp": "bilateral_pct_gdp",
            "pct_gdp_eu_share": "eu_share_pct_gdp",
            "pct_gdp_with_eu": "total_pct_gdp",
            "eu_share": "eu_share_bn",
        }
        yield from _by_donor(tables["eu_aid_shares.csv"], names, notes)
    for name, fields in (
        ("total_allocations.csv", {"total": ("total_allocations",), "military": ("military",)}),
        ("procurement_trends.csv", {"military": ("stockpile", "procurement", "unspecified", "nato_purl")}),
    ):
        if name in tables:
            for figure, columns in fields.items():
                yield Figure(figure, "", _sum(tables[name], columns), Place(name))
    yield from _percentages(tables[MAIN])


def _by_donor(table: Table, names: Mapping[str, str], notes: Notes) -> Iterator[Figure]:
    """Figures that stand once for each donor, or the same on each of its lines."""
    done = set()
    for at, cells in table.body():
        try:
            whom = _whom(table, cells)
            values = {name: table.read(cells, field, _exact) for name, field in names.items()}
        except Unread as problem:
            if table.sheet != MAIN:  # of that the rows say it
                notes.skip(table.place(at, problem.field), problem.what)
            continue
        if whom in done:
            continue
        done.add(whom)
        for name, value in values.items():
            if value is not None:
                scale = 1 if name.startswith("pct_") else BILLION
                yield Figure(name, whom, value * scale, table.place(at, name))


def _sum(table: Table, fields: Sequence[str]) -> Decimal:
    total = Decimal(0)
    for _number, cells in table.body():
        for field in fields:
            try:
                total += _exact(table.cell(cells, field)) or 0
            except Unread:
                continue  # of the counted file each such cell is noted; this one is only compared
    return euros(total * BILLION)


def _percentages(table: Table) -> Iterator[Figure]:
    """The share of GDP of each donor, as the lines of the explorer add up: its own column of each month."""
    if "pct_gdp" not in [plain(cell) for cell in table.rows[table.header]]:
        return
    at = [plain(cell) for cell in table.rows[table.header]].index("pct_gdp")
    sums: dict[str, Decimal] = {}
    for _number, cells in table.body():
        try:
            whom = _whom(table, cells)
            sums[whom] = sums.get(whom, Decimal(0)) + (_exact(cells[at]) or 0)
        except Unread:
            continue  # the rows say it
    for whom, value in sums.items():
        yield Figure("pct_gdp", whom, value, Place(table.sheet, 0, "pct_gdp"))
