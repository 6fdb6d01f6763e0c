"""Durations as treaties count them: hours are hours, months and years are calendar months and years, all in UTC.

Refuses fractions, weeks and negative durations: no clause uses them, and each would need a rounding rule nobody agreed.
"""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta

from foedus.errors import Malformed

_PATTERN = re.compile(r"^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?\Z", re.ASCII)


class Duration:
    """An ISO 8601 duration: `P10Y`, `P6M`, `PT24H`. A value: equal durations are equal, nothing changes it.

    A plain class, because msgspec would read a tuple or a dataclass by its fields and never ask for the text.
    """

    __slots__ = ("months", "seconds")

    def __init__(self, months: int, seconds: int) -> None:
        self.months = months
        self.seconds = seconds

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duration) and (self.months, self.seconds) == (other.months, other.seconds)

    def __hash__(self) -> int:
        return hash((self.months, self.seconds))

    def __repr__(self) -> str:
        return f"Duration({str(self)!r})"

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read `P[nY][nM][nD][T[nH][nM][nS]]`. Raises Malformed on anything else, and on a duration of zero."""
        found = _PATTERN.match(text)
        if not found or text.endswith("T") or not any(found.groups()):
            raise Malformed("a duration was expected as in PT24H, P6M or P10Y; found {text!r}", text=text)
        years, months, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        if years > 100 or months > 1_200 or days > 36_525 or max(hours, minutes, seconds) > 876_600:
            raise Malformed("a duration of at most 100 years was expected; found {text!r}", text=text)
        duration = cls(years * 12 + months, days * 86_400 + hours * 3_600 + minutes * 60 + seconds)
        if not (duration.months or duration.seconds):
            raise Malformed("a duration longer than nothing was expected; found {text!r}", text=text)
        return duration

    def after(self, start: datetime) -> datetime:
        """The moment this long after `start` (UTC). A month from 31 January is the last day of February."""
        if self.months:
            total = start.year * 12 + start.month - 1 + self.months
            year, month = divmod(total, 12)
            day = min(start.day, calendar.monthrange(year, month + 1)[1])
            start = start.replace(year=year, month=month + 1, day=day)
        return start + timedelta(seconds=self.seconds)

    def __str__(self) -> str:
        """ISO 8601 again, in whole hours (49 h is PT49H, not P2DT1H), because clauses count hours."""
        years, months = divmod(self.months, 12)
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        days = 0
        if self.months or (hours >= 24 * 7 and not rest):
            days, hours = divmod(hours, 24)
        date = f"{years}Y" * bool(years) + f"{months}M" * bool(months) + f"{days}D" * bool(days)
        time = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes) + f"{seconds}S" * bool(seconds)
        return f"P{date}" + (f"T{time}" if time else "")
