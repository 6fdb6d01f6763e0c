"""Moments as people read them: UTC, the protected state's capital and the reader's own, each named.

Refuses to show a bare hour: every moment carries the zone it is given in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_month_names
from markupsafe import Markup
from msgspec import Struct

_PATTERNS = {
    "en": {
        "time": "HH:mm",
        "day": "d MMM",
        "date": "d MMM yyyy",
        "long": "EEEE d MMMM yyyy",
        "weekday": "EEE d MMM",
        "full": "EEEE d MMMM",
    },
    "uk": {
        "time": "HH:mm",
        "day": "dd.MM",
        "date": "dd.MM.yyyy",
        "long": "EEEE, d MMMM yyyy 'року'",
        "weekday": "EEE d MMMM",
        "full": "EEEE, d MMMM",
    },
}


class Zone(Struct, frozen=True):
    """A place whose time is shown: `label` is what stands beside the hour."""

    label: str
    name: str


@lru_cache(maxsize=64)
def zone_info(name: str) -> ZoneInfo:
    """The rules of an IANA zone; UTC for a name the machine does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


@lru_cache(maxsize=4)
def _months(lang: str) -> dict[int, str]:
    return dict(get_month_names("abbreviated", locale=lang))


@lru_cache(maxsize=65_536)
def shown(moment: datetime, zone: str, form: str, lang: str) -> str:
    """The moment in a zone, in one of the forms time, day, date, long, weekday, full. Kept: a page says the same
    moments again.
    """
    there = moment.astimezone(zone_info(zone))
    if form == "time":
        return f"{there:%H:%M}"
    if form in ("day", "date"):  # hundreds on a page: not through a pattern
        year = f" {there.year}" if form == "date" else ""
        if lang == "uk":
            return f"{there:%d.%m}{year.replace(' ', '.')}"
        return f"{there.day} {_months(lang)[there.month]}{year}"
    return str(format_datetime(there, _PATTERNS[lang][form], locale=lang))


@lru_cache(maxsize=65_536)
def line(moment: datetime, zones: tuple[Zone, ...], lang: str) -> str:
    """The moment in every zone, in one line."""
    return " · ".join(
        f"{shown(moment, z.name, 'day', lang)} {shown(moment, z.name, 'time', lang)} {z.label}" for z in zones
    )


@lru_cache(maxsize=65_536)
def short(moment: datetime, today: str, zones: tuple[Zone, ...], lang: str) -> Markup:
    """A `time` element: the hour in the first zone, with the day unless it is `today`; every zone on hovering."""
    date_ = (
        "" if shown(moment, zones[0].name, "date", lang) == today else f"{shown(moment, zones[0].name, 'day', lang)} "
    )
    hour = shown(moment, zones[0].name, "time", lang)
    return Markup('<time class="nowrap" datetime="{}" title="{}">{}{}</time>').format(
        iso(moment), line(moment, zones, lang), date_, hour
    )


def day(value: date, lang: str, form: str = "date") -> str:
    """A calendar day, which has no zone."""
    return str(format_date(value, _PATTERNS[lang][form], locale=lang))


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second where that is exact, else to the microsecond."""
    text = moment.astimezone(UTC).isoformat()
    return text.replace("+00:00", "Z")


class TimeLeft(Struct, frozen=True):
    """Time to a deadline in whole hours and minutes, as clauses count them; `gone` once it has passed."""

    hours: int
    minutes: int
    gone: bool
    urgent: bool
    spent: int

    @classmethod
    def until(cls, due: datetime, now: datetime, started: datetime) -> TimeLeft:
        """`urgent` under six hours; `spent` is the part of the whole time already used, in thousandths."""
        left = max(due - now, timedelta())
        minutes = -(-int(left.total_seconds()) // 60)
        whole = (due - started).total_seconds()
        used = (now - started).total_seconds()
        spent = 1000 if whole <= 0 else round(1000 * min(1.0, max(0.0, used / whole)))
        return cls(minutes // 60, minutes % 60, now >= due, left < timedelta(hours=6), spent)
