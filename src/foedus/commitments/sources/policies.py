"""Named policies by which amounts become euros: each is data with its source and day, none is built into a sum.

* `release_rate`: one rate for everything, whatever its day. Of a tracker its release's own; of a record those of a
  vintage that is kept, or the reference rates of one day.
* `event_date`: the reference rate of the European Central Bank of the day on which it happened.
* `budget_rate`: one rate a year, as a budget states it, from a table.
* `constant_prices`: as `event_date`, then in the prices of one year, by an index of prices from a table.

A table is CSV: `what,currency,year,value,source,stated_on`, where `what` is `budget_rate` (units of the currency to the
euro) or `price_index` (of the euro area, or of whom the source says; its currency is EUR).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from msgspec.structs import replace

from foedus.commitments.sources.model import Row
from foedus.commitments.sources.rates import last_known, rate_on
from foedus.commitments.sources.reading import euros
from foedus.commitments.valuing import Policy, Rate
from foedus.errors import Malformed

NAMES = ("release_rate", "event_date", "budget_rate", "constant_prices")
HEADS = ("what", "currency", "year", "value", "source", "stated_on")
WHATS = ("budget_rate", "price_index")
ECB = "ECB"
Table = Mapping[tuple[str, str, int], Rate]


def table(path: Path) -> Table:
    """A table of rates and indices. Raises Malformed with the line that is wrong."""
    try:
        lines = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    except (OSError, UnicodeDecodeError) as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=str(problem)) from None
    found: dict[tuple[str, str, int], Rate] = {}
    for number, line in enumerate(lines, 2):
        try:
            what, currency, source = (line[name].strip() for name in ("what", "currency", "source"))
            rate = Rate(Decimal(line["value"]), date.fromisoformat(line["stated_on"]), source)
            if what not in WHATS or not source or not rate.per_euro.is_finite() or rate.per_euro <= 0:
                raise ValueError
            key = what, currency, int(line["year"])
        except (KeyError, AttributeError, TypeError, ValueError, InvalidOperation):
            raise Malformed(
                "{path}, row {row}: expected {heads}, with a value above zero, a source, and a day such as 2026-01-31",
                path=path, row=str(number), heads=", ".join(HEADS),
            ) from None  # fmt: skip
        if key in found:
            raise Malformed("{path}, row {row}: {what} of {currency} in {year} is there already; expected it once",
                            path=path, row=str(number), what=what, currency=currency, year=str(key[2]))  # fmt: skip
        found[key] = rate
    return found


def event_date() -> Policy:
    """Reference rates of the day, or of the last one before it."""
    return Policy("event_date", ecb)


def ecb(currency: str, day: date) -> Rate | None:
    """The European Central Bank's rate of a day; None for what it does not quote."""
    if currency == "EUR":
        return Rate(Decimal(1), None, "")
    found = rate_on(currency, day)
    return None if found is None else Rate(found, day, ECB)


def of_one_day(day: date) -> Policy:
    """The reference rates of one day for everything: of the last that is known, where that is before it."""
    known = min(day, last_known())
    return Policy("release_rate", lambda currency, _day: ecb(currency, known))


def of_release(rows: Iterable[Row], day: date | None, release: str) -> Policy:
    """The rates that a release used itself: the first that it states for each currency."""
    known = {"EUR": Rate(Decimal(1), None, "")}
    for row in rows:
        if row.rate and row.money and row.money.currency not in known:
            known[row.money.currency] = Rate(row.rate, day, release)
    return Policy("release_rate", lambda currency, _day: known.get(currency))


def budget_rate(rates: Table) -> Policy:
    """The rate that a budget states for the year."""

    def rate(currency: str, day: date) -> Rate | None:
        return Rate(Decimal(1), None, "") if currency == "EUR" else rates.get(("budget_rate", currency, day.year))

    return Policy("budget_rate", rate)


def constant_prices(rates: Table, year: int) -> Policy:
    """In the prices of a year: what a euro of the day bought, by an index of prices."""
    base = rates.get(("price_index", "EUR", year))
    if base is None:
        raise Malformed("the table has no index of prices of the year {year}", year=str(year))

    def rate(currency: str, day: date) -> Rate | None:
        then, index = ecb(currency, day), rates.get(("price_index", "EUR", day.year))
        if then is None or index is None:
            return None
        return Rate(then.per_euro * index.per_euro / base.per_euro, index.on, index.source)

    return Policy("constant_prices", rate)


def converted(rows: Iterable[Row], policy: Policy) -> Iterable[Row]:
    """Rows of a tracker with the euros of a policy in place of its own; without a rate, or a day, without euros.

    A row that states euros alone is of no currency that could be converted, and stays.
    """
    for row in rows:
        if row.money is None or (row.money.currency == "EUR" and policy.name != "constant_prices"):
            yield row
            continue
        rate = policy.rate(row.money.currency, row.last) if row.last else None
        if rate is None:
            yield replace(row, eur=None, rate=None)
        else:
            yield replace(row, eur=euros(row.money.amount / rate.per_euro), rate=rate.per_euro)


def named(name: str, found: Table | None, day: date) -> Policy:
    """The policy of that name; prices of a year are `constant_prices:2021`. `day`: of the one rate for everything.

    Raises Malformed where there is none of that name, or where it lacks its table or its year.
    """
    word, _, year = name.partition(":")
    if word == "event_date":
        return event_date()
    if word == "release_rate":
        return of_one_day(day)
    if word not in NAMES:
        raise Malformed("{found!r} is no policy known; expected one of {expected}", found=name,
                        expected=", ".join(NAMES))  # fmt: skip
    if found is None:
        raise Malformed("{policy} needs a table of rates: name it with --table", policy=word)
    if word == "budget_rate":
        return budget_rate(found)
    if not year.isdecimal():
        raise Malformed("constant prices are those of a year: constant_prices:2021, say")
    return constant_prices(found, int(year))
