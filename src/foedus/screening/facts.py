"""What dates, countries, genders and identifiers say of two records: each from -1 (against) to 1 (for), and on what.

A fact that one of the two lacks says nothing.
"""

from __future__ import annotations

import re

from foedus.screening.record import KINDS, Record

Said = tuple[float, dict[str, str]]

# Of these a subject has one: two that differ are two subjects. Of a passport or a licence one may have several.
_ONLY_ONE = frozenset(["imo", "mmsi", "lei", "inn", "ogrn", "isin", "serial_number"])
_ALSO = {"id": "national_id", "identity": "national_id", "bic": "swift", "serial": "serial_number", "vat": "tax"}
_GENERAL = {"inn": "tax", "ogrn": "registration"}  # a list says `Tax ID` of what another calls INN
MOST_OF_COUNTRY = 0.3  # many share one
_KNOWN = frozenset(KINDS[1:])
_GENDERS = {"m": "male", "male": "male", "f": "female", "female": "female"}
_JOINS = re.compile(r"[^0-9A-Za-z]+")


def weak_name(_ours: Record, _theirs: Record, weak: bool) -> Said:
    """Against: the likest name is one that its publisher calls weak."""
    return (-1.0 if weak else 0.0), {}


def kind(ours: Record, theirs: Record, _weak: bool) -> Said:
    """Against: a person and a ship."""
    if not {ours.kind, theirs.kind} <= _KNOWN or ours.kind == theirs.kind:
        return 0.0, {}
    return -1.0, {"query": ours.kind, "record": theirs.kind}


def date(ours: Record, theirs: Record, _weak: bool) -> Said:
    """For: the same day, less for the same year. Against: other years, less where they are next to each other."""
    if not ours.dates or not theirs.dates:
        return 0.0, {}
    value, one, other = max((_date(one, other), one, other) for one in ours.dates for other in theirs.dates)
    return value, {"query": one, "record": other}


def _date(one: str, other: str) -> float:
    if one == other:
        return 1.0 if len(one) >= 10 else 0.5
    shorter = min(len(one), len(other))
    if shorter < 10 and one[:shorter] == other[:shorter]:
        return 0.5 if shorter >= 4 else 0.0
    if not (one[:4].isdigit() and other[:4].isdigit()):
        return 0.0
    apart = abs(int(one[:4]) - int(other[:4]))
    if apart == 0:
        if shorter < 10:
            return -0.15
        if one[5:7] == other[8:10] and one[8:10] == other[5:7]:
            return 0.4
        if "-01-01" in (one[4:], other[4:]):  # often written where the year alone is known
            return 0.3
        return -0.15 if one[5:7] == other[5:7] or one[8:10] == other[8:10] else -0.35
    same_day = len(one) >= 10 and one[5:] == other[5:]
    return -0.1 if apart == 1 or (same_day and apart == 10) else -0.4 if apart == 2 else -1.0


def country(ours: Record, theirs: Record, _weak: bool) -> Said:
    """For, a little: a country in common. Against: none in common."""
    mine, other = ({one.lower() for one in side.countries if one} for side in (ours, theirs))
    if not mine or not other:
        return 0.0, {}
    shared = mine & other
    found = {"query": ", ".join(ours.countries), "record": ", ".join(theirs.countries)}
    return (MOST_OF_COUNTRY if shared else -1.0), found


def gender(ours: Record, theirs: Record, _weak: bool) -> Said:
    """Against: a man and a woman. What is neither, or not known, says nothing."""
    mine, other = (
        {_GENDERS[one.lower()] for one in side.genders if one.lower() in _GENDERS} for side in (ours, theirs)
    )
    if not mine or not other or mine & other:
        return 0.0, {}
    return -1.0, {"query": ", ".join(ours.genders), "record": ", ".join(theirs.genders)}


def bare(value: str) -> str:
    """An identifier without spaces, dashes and case, and a ship's number without the word before it."""
    return _JOINS.sub("", value).upper().removeprefix("IMO")


def numbers(record: Record) -> set[tuple[str, str]]:
    """The identifiers as they are compared: kinds that may name one number as one, and each value bare."""
    found = set()
    for kind, value in record.identifiers:
        named, text = _ALSO.get(kind, kind), bare(value)
        if named == "swift" and len(text) == 11:
            text = text.removesuffix("XXX")  # the head office, as without it
        found.add((_GENERAL.get(named, named), text))
    return {one for one in found if one[1]}


def identifier(ours: Record, theirs: Record, _weak: bool) -> Said:
    """For: one in common, of one kind. Against: a ship's or a company's own number that differs."""
    if shared := sorted(numbers(ours) & numbers(theirs)):
        return 1.0, {"kind": shared[0][0], "value": shared[0][1]}
    mine, other = (
        {(_ALSO.get(kind, kind), bare(value)) for kind, value in side.identifiers if bare(value)}
        for side in (ours, theirs)
    )
    for kind in sorted(_ONLY_ONE & {kind for kind, _ in mine} & {kind for kind, _ in other}):
        values = [", ".join(sorted(value for its, value in side if its == kind)) for side in (mine, other)]
        return -0.35, {"kind": kind, "query": values[0], "record": values[1]}
    return 0.0, {}
