"""A ledger that bean-check accepts: one commodity for each currency and each item, every row a balanced transaction.

Each donor has an account for each stage, against the equity that it comes from: a stage is a statement of its own, and
what is delivered is not taken off what was committed. What has no number is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256

from foedus.commitments.sources.donors import donor_name
from foedus.commitments.sources.model import Row

OPENED = date(1900, 1, 1)
MOST = 24  # characters of a commodity
_NOT_LETTER = re.compile(r"[^A-Z0-9]+")
_NOT_NAME = re.compile(r"[^A-Za-z0-9]+")


def to_beancount(rows: Iterable[Row]) -> bytes:
    """Rows by day; those without one on the day of opening, tagged `undated`. Evidence and details are left out, units
    of details are kept."""
    kept = [row for row in rows if row.standing != "evidence"]
    lines = ['option "title" "Commitments"', ""]
    for code, name in sorted(_commodities(kept).items()):
        lines += [f"{OPENED} commodity {code}", f"  name: {_quoted(name)}"]
    for account in sorted({account for row in kept for account in _accounts(row)}):
        lines.append(f"{OPENED} open {account}")
    for row in sorted(kept, key=lambda one: (one.last or OPENED, one.id, one.stage, one.place.row)):
        lines += ["", *_transaction(row)]
    return ("\n".join(lines) + "\n").encode()


def commodity(item: str) -> str:
    """The code of an item: its letters in capitals, with a few of its digest where they would not tell two apart."""
    plain = _NOT_LETTER.sub("-", item.upper()).strip("-")
    if plain and plain[0].isalpha() and plain == item.upper() and len(plain) <= MOST:
        return f"X-{plain}"[:MOST] if len(plain) <= 3 else plain
    mark = sha256(item.encode()).hexdigest()[:6].upper()
    return f"X{plain[: MOST - 8].strip('-')}-{mark}"


def _item(row: Row) -> str:
    return row.category or row.item


def _commodities(rows: Iterable[Row]) -> dict[str, str]:
    found = {}
    for row in rows:
        if row.money:
            found[row.money.currency] = row.money.currency
        if row.quantity and _item(row):
            found[commodity(_item(row))] = _item(row)
    return found


def _accounts(row: Row) -> tuple[str, str]:
    """Where it stands, and where it comes from."""
    whom = _NOT_NAME.sub("-", row.donor).strip("-") or "None"
    whom = whom if whom[0].isupper() or whom[0].isdigit() else f"X{whom}"
    return f"Assets:{row.stage.capitalize()}:{whom}", f"Equity:{row.stage.capitalize()}:{whom}"


def _transaction(row: Row) -> Iterator[str]:
    to, of = _accounts(row)
    tag = "" if row.last else " #undated"
    said = f"{donor_name(row.donor)}: {row.item or row.kind}"
    postings = list(_postings(row, to, of))
    yield f"{'' if postings else '; '}{row.last or OPENED} * {_quoted(said)} ^{_link(row.id)}{tag}"
    if row.quantity and row.quantity.exact is None:
        high = "or more" if row.quantity.high is None else f"to {row.quantity.high}"
        yield f"{'  ' if postings else ''}; units: {row.quantity.low} {high} ({_one_line(row.quantity.said)})"
    yield from postings


def _postings(row: Row, to: str, of: str) -> Iterator[str]:
    if row.money and row.standing == "counted":
        yield f"  {to}  {row.money.amount:f} {row.money.currency}"
        yield f"  {of}  {-row.money.amount:f} {row.money.currency}"
    if row.quantity and row.quantity.exact is not None and _item(row):
        code = commodity(_item(row))
        yield f"  {to}  {row.quantity.low:f} {code}"
        yield f"  {of}  {-row.quantity.low:f} {code}"


def _link(id_: str) -> str:
    return re.sub(r"[^A-Za-z0-9\-_/.]+", "-", id_)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    return '"' + _one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
