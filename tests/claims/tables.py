"""Tables of claims for tests, and the rule they are held against."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from foedus.claims.rule import Category, Distribution, Eligibility, Rates, Rules, Step

CODES = ("A2.1", "A3.1", "A3.3", "B1.1", "C3.1")
ELIGIBILITY = Eligibility("E.claims", date(2022, 2, 24), ("UA",), tuple(Category(code) for code in CODES))
RULE = Distribution(
    "E.distribution",
    "EUR",
    (Step(("A2",), fixed="5000.00"), Step(("A",), cap="20000.00"), Step(("A", "B", "C"))),
    "1/20",
)
RULES = Rules(ELIGIBILITY, RULE)
RATES = Rates({"UAH": 207_000_000, "USD": 9_000_000_000}, "0" * 64)
GIVEN = ("id", "category", "amount", "currency", "cause_date", "place", "person")
PERSON = "ab" * 32


def row(id_, category="A3.1", amount="1200.50", currency="EUR", cause_date="2022-03-16", place="UA-14", person=PERSON):
    return (id_, category, amount, currency, cause_date, place, person)


def write(path: Path, rows, heading=GIVEN) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *rows])
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def claims(path: Path, rows) -> Path:
    """A canonical table of (id, category, amount_cents, currency)."""
    heading = ("id", "category", "amount_cents", "currency", "cause_date", "place", "person")
    return write(path, [(*each, "2022-03-16", "UA-14", PERSON) for each in rows], heading)
