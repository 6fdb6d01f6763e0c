"""Reference rates of the European Central Bank, from the package that carries them; nothing is fetched.

A source's own conversion stands: these are for rows that have none, and for setting GDP in dollars beside euros.
There is no rate of the hryvnia or the Taiwan dollar among them: such amounts stay in their currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from msgspec.structs import replace

from foedus.commitments.sources.model import Row
from foedus.commitments.sources.reading import euros
from foedus.errors import Malformed

WEEK = 7  # days back to the last rate: weekends and holidays have none


@cache
def _converter() -> Any:
    from currency_converter import CurrencyConverter

    return CurrencyConverter(decimal=True)


@cache
def rate_on(currency: str, day: date) -> Decimal | None:
    """Units of a currency to the euro on a day, or on the last day before it that has a rate; None without one."""
    from currency_converter import RateNotFoundError

    for back in range(WEEK):
        try:
            return Decimal(_converter().convert(1, "EUR", currency, date=day - timedelta(days=back)))
        except (RateNotFoundError, ValueError):  # ValueError: no such currency
            continue
    return None


@cache
def last_known() -> date:
    """The newest day of which rates are known here."""
    found: date = _converter().bounds["USD"].last_date
    return found


def at_event_date(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows, those without euros converted at the rate of the last day on which they can have happened."""
    for row in rows:
        rate = rate_on(row.money.currency, row.last) if row.eur is None and row.money and row.last else None
        if rate is None or row.money is None:
            yield row
        else:
            yield replace(row, eur=euros(row.money.amount / rate), rate=rate)


@cache
def dollars_to_the_euro(year: int) -> Decimal:
    """The mean of a year's daily reference rates. Raises Malformed for a year before the euro, or after the data."""
    from currency_converter import RateNotFoundError

    daily = []
    for number in range(366):
        try:
            daily.append(Decimal(_converter().convert(1, "EUR", "USD", date=date(year, 1, 1) + timedelta(days=number))))
        except (RateNotFoundError, ValueError):
            continue
    if not daily:
        raise Malformed("no reference rate of the year {year} is known", year=str(year))
    return sum(daily, Decimal(0)) / len(daily)
