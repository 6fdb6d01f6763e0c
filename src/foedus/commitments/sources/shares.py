"""Who carries which share: euros and per cent of GDP, with and without the share in what the European Union gave.

A member's share of what the union gave is a transfer between funders, never new aid: with it, the union's organs no
longer stand in the list, and the sum stays the same. GDP is the source's own unless a table is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from foedus.commitments.sources import sheets
from foedus.commitments.sources.donors import INSTITUTIONS
from foedus.commitments.sources.model import Stage, Vintage
from foedus.commitments.sources.rates import dollars_to_the_euro
from foedus.commitments.sources.reading import Unread, euros, number, plain
from foedus.commitments.sources.totals import totals
from foedus.errors import Malformed

ZERO = Decimal(0)
AGREE = Decimal("0.0001")  # of the union's sum: shares are printed to six places of a billion


class Share(Struct, frozen=True):
    """One donor: euros, its GDP in euros, the percentage of it; the same with its share in what the union gave.

    None where the source gives no GDP, or no share: an organ of the union has neither.
    """

    donor: str
    eur: Decimal
    gdp: Decimal | None
    pct: Decimal | None
    eu_share: Decimal | None
    with_eu: Decimal | None
    pct_with_eu: Decimal | None


def default_stage(vintage: Vintage) -> Stage:
    """What the source measures: allocations where it has them, else commitments."""
    stages = {row.stage for row in vintage.rows if row.standing == "counted"}
    return "allocated" if "allocated" in stages else "committed"


def shares(vintage: Vintage, stage: Stage | None = None, gdp: Mapping[str, Decimal] | None = None) -> tuple[Share, ...]:
    """Every donor, the largest percentage first, then those without one.

    `gdp`: euros by donor. The share in the union's aid is shown where the shares that the source prints add up to
    what its rows say that the union's organs gave at this stage; of another stage they would be another sum.
    """
    chosen = stage or default_stage(vintage)
    given = {line.key[0]: line.eur for line in totals(vintage.rows, ("donor",)).lines if line.stage == chosen}
    products = vintage.by_donor("gdp") if gdp is None else gdp
    parts = {code: euros(value) for code, value in vintage.by_donor("eu_share").items() if value}
    union = sum((eur for code, eur in given.items() if code in INSTITUTIONS), ZERO)
    if not parts or abs(sum(parts.values(), ZERO) - union) > union * AGREE:
        parts = {}
    found = [
        _share(code, given.get(code, ZERO), products.get(code) or None, parts)
        for code in sorted(given.keys() | parts.keys())
    ]
    return tuple(sorted(found, key=lambda one: (one.pct is None, -(one.pct_with_eu or one.pct or ZERO), one.donor)))


def _share(code: str, eur: Decimal, product: Decimal | None, parts: Mapping[str, Decimal]) -> Share:
    state = code not in INSTITUTIONS
    with_eu = eur + parts.get(code, ZERO) if parts and state else None
    base = product if state else None
    return Share(
        donor=code,
        eur=eur,
        gdp=base,
        pct=_percent(eur, base),
        eu_share=parts.get(code, ZERO) if parts and state else None,
        with_eu=with_eu,
        pct_with_eu=_percent(with_eu, base),
    )


def _percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if part is None or not whole else part / whole * 100


def gdp_table(path: Path, year: int) -> dict[str, Decimal]:
    """GDP of a year in euros by ISO 3166 code, from a table in current US dollars as the World Bank publishes it.

    Dollars become euros at the mean of the year's daily reference rates of the European Central Bank. Raises
    Malformed when the year is not in the table.
    """
    wanted = {"code": ("Country Code",), "year": ("Year",), "value": ("Value",)}
    table = sheets.csv_table(path.name, sheets.bytes_of(path), wanted, tuple(wanted))
    rate = dollars_to_the_euro(year)
    found: dict[str, Decimal] = {}
    for at, cells in table.body():
        if plain(table.cell(cells, "year")) != str(year):
            continue
        try:
            value = table.read(cells, "value", number)
        except Unread as problem:
            raise Malformed("{place}: {what}", place=str(table.place(at, "value")), what=problem.what) from None
        if value is not None:
            found[plain(table.cell(cells, "code"))] = euros(value / rate)
    if not found:
        raise Malformed("{file} has no GDP of the year {year}", file=path.name, year=str(year))
    return found
