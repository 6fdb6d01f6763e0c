"""Moments as people read them: UTC, the protected state's capital and the reader's own, each named.

Refuses to show a bare hour: every moment carries the zone it is given in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
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


def shown(moment: datetime, zone: str, form: str, lang: str) -> str:
    """The moment in a zone, in one of the forms time, day, date, long, weekday, full."""
    return str(format_datetime(moment.astimezone(zone_info(zone)), _PATTERNS[lang][form], locale=lang))


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
