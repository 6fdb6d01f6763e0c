"""A small tracker for tests of pages: a plain table in two releases, made here, and how publishers' own are kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from foedus.archive import Keeps
from foedus.commitments.sources import read
from foedus.vintages import Entry, files_of, keep, keep_products

HEAD = "id,donor,kind,stage,date,until,amount,currency,eur,category,quantity\n"
FIRST = HEAD + (
    "A,Latvia,military,committed,2024-02-01,,1500000000,EUR,,howitzer,6\n"
    "A,Latvia,military,delivered,2024-06-01,,500000000,EUR,,howitzer,undisclosed\n"
    "B,Germany,financial,committed,2024-07-01,,2000000000,EUR,,,\n"
    "C,Germany,humanitarian,committed,,,250000000,EUR,,,\n"
    "D,Poland,military,committed,2025-03-01,,,,,tank,14\n"
    "E,Poland,financial,committed,2025-04-01,,900,UAH,,,\n"
    "F,Freedonia,financial,committed,2025-04-01,,900,EUR,,,\n"
)
SECOND = FIRST.replace("1500000000", "1750000000") + "G,Estonia,military,committed,2025-05-01,,40000000,EUR,,,\n"
GDP = "Country Name,Country Code,Year,Value\n" + "".join(
    f"{name},{code},{year},{value * (year - 2000)}\n"
    for name, code, value in (("Latvia", "LVA", 2 * 10**9), ("Germany", "DEU", 2 * 10**11))
    for year in range(2020, 2026)
)


def kept(store: Keeps, at: datetime, folder: Path, text: str, name: str = "table.csv") -> Entry:
    """A release, kept."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return of_file(store, at, path)


def of_file(store: Keeps, at: datetime, path: Path, licence: str = "") -> Entry:
    """A publisher's file, kept."""
    return keep(store, at, files_of(path), read(path), licence)[0]


def with_products(store: Keeps, at: datetime) -> None:
    """A table of GDP."""
    keep_products(store, at, "gdp.csv", GDP.encode(), "made here")
