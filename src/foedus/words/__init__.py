"""The words of pages, answers and commands in the reader's language: English or Ukrainian.

`translator(language)` gives the one object that pages and commands need: gettext, and moments, dates,
numbers, durations and codes as that language writes them. What acts and events say is in `sentences`. It
translates nothing that a compact carries in both languages itself (`Words.of`), and never an id or a digest.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation, localcontext
from functools import cache, lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import Locale, get_global
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from foedus.errors import Malformed
from foedus.words.catalogue import catalogue

LANGUAGES = ("en", "uk")
NAMES = {"en": "English", "uk": "Українська"}  # each in its own words, for the choice of language
_LOCALES = {"en": "en_GB", "uk": "uk"}
Day = date  # the method of this name would hide the type
_MINUTE = timedelta(minutes=1)
_MANY_DAYS = 30


class InBoth(Protocol):
    """Words a compact carries in both languages: `compact.model.Words`."""

    @property
    def en(self) -> str: ...
    @property
    def uk(self) -> str: ...


class Span(Protocol):
    """A duration as clauses write it: `compact.duration.Duration`."""

    @property
    def months(self) -> int: ...
    @property
    def seconds(self) -> int: ...


def mark(message: str) -> str:
    """The message itself: marks words that stand in a table, so that catalogues must have them."""
    return message


def negotiate(accept: str | None, default: str = "en") -> str:
    """The one of our languages that an `Accept-Language` header (RFC 9110 section 12.5.4) weighs most."""
    best, weight = default, 0.0
    for item in (accept or "").split(","):
        tag, _, parameter = item.partition(";")
        language = tag.strip().lower().replace("_", "-").split("-")[0]
        try:
            quality = float(parameter.strip().removeprefix("q=")) if parameter.strip() else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and quality > weight:
            best, weight = language, quality
    return best


def from_environment(environment: Mapping[str, str] | None = None) -> str:
    """The language of a terminal, by the first of LC_ALL, LC_MESSAGES and LANG that is set; else English."""
    environment = os.environ if environment is None else environment
    chosen = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    language = chosen.replace(".", "_").split("_")[0].lower()
    return language if language in LANGUAGES else "en"


@cache
def translator(language: str) -> Words:
    """The words of a language: `en` or `uk`. Raises Malformed for another."""
    if language not in LANGUAGES:
        raise Malformed(
            "language {language!r}: expected one of {expected}", language=language[:20], expected=", ".join(LANGUAGES)
        )
    return Words(language)


class Words:
    """One language. Placeholders are `%(name)s`; they are filled only when values are given."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(_LOCALES[language])
        self._catalogue = catalogue(language)

    # --- messages -------------------------------------------------------------------------------------------

    def gettext(self, message: str, /, **values: object) -> str:
        """The message in this language."""
        said = self._catalogue.forms.get((None, message), (message,))[0]
        return said % values if values else said

    def pgettext(self, context: str, message: str, /, **values: object) -> str:
        """The message in this language where English uses one word for two things; `context` says which."""
        said = self._catalogue.forms.get((context, message), (message,))[0]
        return said % values if values else said

    def ngettext(self, singular: str, plural: str, number: int, /, **values: object) -> str:
        """The message in the form that follows the number, which `%(num)s` writes as this language does."""
        return self.form(singular, plural, number) % {"num": self.number(number), **values}

    def form(self, singular: str, plural: str, number: int) -> str:
        """The form of a message that follows the number, its placeholders not yet filled in."""
        forms = self._catalogue.forms.get((None, singular))
        return forms[self._catalogue.form_of(number)] if forms else (singular if number == 1 else plural)

    def of(self, pair: InBoth) -> str:
        """The compact's own words in this language."""
        return pair.uk if self.language == "uk" else pair.en

    def items(self, items: Iterable[str]) -> str:
        """A list as a sentence has it: `a, b and c`."""
        return format_list(list(items), locale=self._locale)

    # --- time -----------------------------------------------------------------------------------------------

    def moment(self, at: datetime, zone: str = "UTC", *, seconds: bool = False) -> str:
        """`10 October 2022, 14:05 UTC`, or in the zone named `10 October 2022, 17:05 UTC+3`."""
        return f"{self.date(local(at, zone))}, {self.clock(at, zone, seconds=seconds)}"

    def clock(self, at: datetime, zone: str = "UTC", *, seconds: bool = False) -> str:
        """The time of day with its offset: `14:05 UTC`."""
        there = local(at, zone)
        return f"{there:{'%H:%M:%S' if seconds else '%H:%M'}} {_offset(there)}"

    def date(self, day: Day) -> str:
        """`10 October 2022`; in Ukrainian `10.10.2022`."""
        return format_date(day, "dd.MM.yyyy" if self.language == "uk" else "d MMMM yyyy", self._locale)

    def day(self, day: Day) -> str:
        """With weekday and month in words: `Monday, 10 October 2022`; `понеділок, 10 жовтня 2022`."""
        return format_date(day, "EEEE, d MMMM yyyy", self._locale)

    def day_of_year(self, day: Day) -> str:
        """A day of every year: `15 March`; `15 березня`."""
        return format_date(day, "d MMMM", self._locale)

    def weekday(self, day: Day) -> str:
        """`Monday`."""
        return format_date(day, "EEEE", self._locale)

    def month(self, day: Day) -> str:
        """The month and year by themselves: `October 2022`; `жовтень 2022`."""
        return format_date(day, "LLLL yyyy", self._locale)

    def duration(self, length: timedelta) -> str:
        """Whole hours and minutes, because clauses count hours: `49 h 24 min`. Seconds are left out.

        Whole days from thirty on: nobody reads 2,560 hours.
        """
        hours, minutes = divmod(abs(length) // _MINUTE, 60)
        if (days := hours // 24) >= _MANY_DAYS:
            return self.ngettext("%(num)s day", "%(num)s days", days)
        if not hours:
            return self.gettext("%(minutes)s min", minutes=minutes)
        if not minutes:
            return self.gettext("%(hours)s h", hours=self.number(hours))
        return self.gettext("%(hours)s h %(minutes)s min", hours=self.number(hours), minutes=minutes)

    def left(self, due_at: datetime, now: datetime) -> str:
        """How long is left until a deadline, or how long ago it passed."""
        if now < due_at:
            if due_at - now < _MINUTE:
                return self.gettext("less than a minute left")
            return self.gettext("%(duration)s left", duration=self.duration(due_at - now))
        if now - due_at < _MINUTE:
            return self.gettext("just now")
        return self.gettext("%(duration)s ago", duration=self.duration(now - due_at))

    def span(self, span: Span) -> str:
        """A clause's duration in words: `24 hours`, `6 months`, `10 years`, `1 year 6 months`."""
        years, months = divmod(span.months, 12)
        hours, rest = divmod(span.seconds, 3600)
        days = 0
        if hours >= 24 * 7 and not rest and not hours % 24:
            days, hours = divmod(hours, 24)
        minutes, seconds = divmod(rest, 60)
        parts = (
            (years, self.ngettext("%(num)s year", "%(num)s years", years)),
            (months, self.ngettext("%(num)s month", "%(num)s months", months)),
            (days, self.ngettext("%(num)s day", "%(num)s days", days)),
            (hours, self.ngettext("%(num)s hour", "%(num)s hours", hours)),
            (minutes, self.ngettext("%(num)s minute", "%(num)s minutes", minutes)),
            (seconds, self.ngettext("%(num)s second", "%(num)s seconds", seconds)),
        )
        return " ".join(words for number, words in parts if number)

    # --- numbers and codes ----------------------------------------------------------------------------------

    def number(self, number: int | Decimal | str) -> str:
        """`1,234.50`; in Ukrainian `1 234,50`. Decimals given are kept, none is added."""
        if type(number) is str and len(number) <= 12 and number.isdecimal():
            number = int(number)
        if type(number) is int and abs(number) < 10**12:
            return _grouped(number, _LOCALES[self.language])
        try:
            exact = Decimal(number)
        except InvalidOperation:
            raise Malformed("a decimal number was expected, found {number!r}", number=str(number)[:40]) from None
        exponent = exact.as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        digits = max(exact.adjusted(), 0) + 1 + decimals
        with localcontext(prec=max(28, digits)):  # who asks for an entry may name a number of any length
            return format_decimal(exact, "#,##0" + "." * bool(decimals) + "0" * decimals, self._locale)

    def money(self, amount: str, currency: str) -> str:
        """An amount with its ISO 4217 code: `EUR 1,500,000`; in Ukrainian `1 500 000 EUR`."""
        parts = (currency, self.number(amount))
        return "\N{NO-BREAK SPACE}".join(reversed(parts) if self.language == "uk" else parts)

    def currency(self, code: str) -> str:
        """The name of an ISO 4217 currency; the code itself when it is none."""
        return str(self._locale.currencies.get(code, code))

    def country(self, code: str) -> str:
        """The name of an ISO 3166-1 country (two or three letters); the code itself when it is none."""
        two = get_global("territory_aliases").get(code, [code])[0] if len(code) == 3 else code
        return str(self._locale.territories.get("EU" if code == "EUE" else two, code))


@lru_cache(maxsize=1 << 14)
def _grouped(number: int, locale: str) -> str:
    return format_decimal(number, "#,##0", locale)  # entries, counts, hours and whole amounts are written over and over


def local(at: datetime, zone: str) -> datetime:
    """A UTC moment as the clocks of an IANA zone show it. Raises Malformed for an unknown zone."""
    if zone == "UTC":
        return at.astimezone(UTC)
    try:
        return at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Malformed("time zone {zone!r}: expected an IANA name such as Europe/Kyiv", zone=zone[:60]) from None


def _offset(there: datetime) -> str:
    """`UTC`, `UTC+3`, `UTC-3:30`."""
    minutes = (there.utcoffset() or timedelta()) // _MINUTE
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")
