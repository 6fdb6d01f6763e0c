"""A ledger that bean-check accepts: one commodity for each currency and each item, every row a balanced transaction.

Each donor has an account for each stage, against the equity that it comes from: a stage is a statement of its own, and
what is delivered is not taken off what was committed. What has no number is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256

from foedus.commitments import ledger
from foedus.commitments.ledger import Line
from foedus.commitments.sources.donors import donor_name
from foedus.commitments.sources.model import Row
from foedus.commitments.state import State

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


def from_account(state: State) -> bytes:
    """A record's account: every movement of its ledger as one transaction of two postings, in its own commodity.

    What is a range is posted at its least; what is above it is a comment.
    """
    every = sorted(_pairs(state), key=lambda one: (one[0].on, one[0].moved, one[0].account, one[0].unit, one[0].year))
    lines = ['option "title" "Commitments"', ""]
    units = {to.unit: _code(to.unit) for to, _ in every}
    lines += [f"{OPENED} commodity {code}\n  name: {_quoted(unit)}" for unit, code in sorted(units.items())]
    accounts = {_ledger_account(side): None for pair in every for side in pair}
    lines += [f"{OPENED} open {account}" for account in sorted(accounts)]
    for to, of in every:
        kept = [""] if to.amount.low else ["", f"; nothing at least of {_one_line(to.moved)}"]
        if to.amount.open or to.amount.high != to.amount.low:
            high = "no upper end" if to.amount.open else f"at most {to.amount.high:f}"
            kept.append(f"; {_link(to.moved)}: {high} {units[to.unit]}")
        if to.amount.low:
            kept.append(f"{to.on} * {_quoted(f'{to.party}: {to.kind}')} ^{_link(to.moved)}")
            kept += [f"  {_ledger_account(side)}  {side.amount.low:f} {units[side.unit]}" for side in (to, of)]
        lines += kept
    return ("\n".join(lines) + "\n").encode()


def _pairs(state: State) -> Iterator[tuple[Line, Line]]:
    every = iter(ledger.lines(state))
    return zip(every, every, strict=True)


def _code(unit: str) -> str:
    return unit if unit.isupper() else commodity(unit)


def _ledger_account(line: Line) -> str:
    kind = "Equity" if line.account in ("promised", "given") else "Assets"
    return f"{kind}:{line.account.capitalize()}:{_NOT_NAME.sub('-', line.party).strip('-') or 'None'}"


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
