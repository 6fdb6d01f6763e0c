"""A batch of claims, checked row by row before any of it is taken in: all of it or nothing.

Every bad row is named with what is wrong and the clause it fails. It judges no claim: whether what is said in it is so
is for those who assess it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from foedus.claims.rule import Eligibility
from foedus.claims.table import CLAIMS, canonical, database, described, have, load, quoted, reading
from foedus.errors import Malformed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What a batch is made of: as canonical rows are, but with the amount as a decimal.
GIVEN = ("id", "category", "amount", "currency", "cause_date", "place", "person")
FORM, TIME = "claims/form", "record/time"
NAMED = 10_000  # bad rows that are named one by one; the others are counted
# What an amount may look like: of a batch, and in canonical rows.
_DECIMALS = r"[0-9]+\.[0-9]{3,}"
_AMOUNT = r"(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?"
_CENTS = "0|[1-9][0-9]{0,14}"


# What is wrong with a row, or with a batch, by its code.
WRONG = {
    "id_form": Malformed("the id is missing or has another form"),
    "id_twice": Malformed("the id stands more than once"),
    "category_missing": Malformed("the category is missing"),
    "category_unknown": Malformed("there is no such category"),
    "amount_decimals": Malformed("the amount has more than two decimals"),
    "amount_form": Malformed("this is no amount such as 1200.50"),
    "cents_form": Malformed("this is no whole number of cents"),
    "currency_unknown": Malformed("the currency has no rate"),
    "date_form": Malformed("this is no day such as 2022-03-16"),
    "date_before": Malformed("the day is before the first day that counts"),
    "date_after": Malformed("the day has not come yet"),
    "place_outside": Malformed("the place is outside the territory"),
    "person_form": Malformed("the digest of the personal row is missing or has another form"),
    "count_differs": Malformed("the batch says that it has another number of claims"),
    "total_differs": Malformed("the batch says that it comes to another sum, in cents"),
}


class Finding(Struct, frozen=True):
    """What is wrong, in which row (1 is the first after the heading; 0: the batch as a whole), by which clause.

    `found` is what stands there; never anything of a personal column.
    """

    row: int
    id: str
    code: str
    clause: str
    found: str
    expected: str = ""


class Total(Struct, frozen=True):
    """How many claims of a category in a currency, and what they come to."""

    category: str
    currency: str
    claims: int
    amount_cents: int


class Checked(Struct, frozen=True):
    """What a check found. `bad`: how many findings there are, of which the first are named. `digest`: of the canonical
    rows, when nothing was found.
    """

    rows: int
    bad: int
    findings: tuple[Finding, ...]
    totals: tuple[Total, ...]
    digest: str | None


class Stated(Struct, frozen=True):
    """What a batch says of itself: how many claims, and the sum in each currency, in cents."""

    rows: int | None = None
    sums: Mapping[str, int] = {}


def check(
    file: Path, rule: Eligibility, currencies: frozenset[str], stated: Stated | None = None, out: Path | None = None,
    *, by: date | None = None,
) -> Checked:  # fmt: skip
    """Check a batch, and write its canonical rows to `out` when nothing was found. `by`: no cause is of a later day.

    Raises Malformed where the file is no table of claims.
    """
    with database() as connection:
        _given(connection, file, GIVEN)
        checked = _judged(connection, rule, currencies, by)
        if checked.bad:
            return checked
        findings = _against(stated or Stated(), checked.rows, checked.totals)
        digest = None if findings else canonical(connection, "claims", CLAIMS, out)
        return replace(checked, bad=len(findings), findings=tuple(findings), digest=digest)


def recheck(file: Path, rule: Eligibility, digest: str | None = None, by: date | None = None) -> Checked:
    """A canonical table checked again as a batch is: nobody has to believe that it was. Currencies are for the rates.

    A finding `table_differs`: the rows in canonical form are not those of the digest, where one is named.
    """
    with database() as connection:
        _given(connection, file, CLAIMS)
        every = connection.execute("SELECT DISTINCT currency FROM given WHERE currency ~ '[A-Z]{3}'").fetchall()
        checked = _judged(connection, rule, frozenset(str(one) for (one,) in every), by, in_cents=True)
        if checked.bad:
            return checked
        found = canonical(connection, "claims", CLAIMS, None)
        findings = [] if digest in (None, found) else [Finding(0, "", "table_differs", FORM, found, digest or "")]
        return replace(checked, bad=len(findings), findings=tuple(findings), digest=found)


def _given(connection: DuckDBPyConnection, file: Path, columns: Sequence[str]) -> None:
    """The rows as they are, by number. Raises Malformed where there are none."""
    have(described(connection, file), columns, file)
    texts = ", ".join(columns).replace("amount_cents", "amount_cents AS amount")
    connection.execute(f"CREATE TABLE given AS SELECT row_number() OVER () AS row, {texts} FROM {reading(file)}")
    if not _one(connection, "SELECT count(*) FROM given"):
        raise Malformed("{path}: there is no claim in it", path=file)


def _judged(
    connection: DuckDBPyConnection, rule: Eligibility, currencies: frozenset[str], by: date | None,
    *, in_cents: bool = False,
) -> Checked:  # fmt: skip
    """What is wrong with the rows given; when nothing is, they are in the table of claims, with what they come to."""
    connection.execute(f"CREATE TABLE bad AS {_bad_rows(rule, currencies, by, in_cents=in_cents)}")
    found = connection.execute(f"FROM bad ORDER BY row, code LIMIT {NAMED}").fetchall()
    findings = tuple(Finding(int(row), id_ or "", code, clause, is_ or "") for row, id_, code, clause, is_ in found)
    bad, rows = _one(connection, "SELECT count(*) FROM bad"), _one(connection, "SELECT count(*) FROM given")
    if bad:
        return Checked(rows, bad, findings, (), None)
    amount = "CAST(amount AS BIGINT)" if in_cents else "CAST(CAST(amount AS DECIMAL(18, 2)) * 100 AS BIGINT)"
    connection.execute(
        f"CREATE TABLE claims AS SELECT id, category, {amount} AS amount_cents, currency, "
        "CAST(cause_date AS DATE) AS cause_date, place, person FROM given ORDER BY id"
    )
    return Checked(rows, 0, (), added_up(connection, "claims"), None)


def _one(connection: DuckDBPyConnection, query: str) -> int:
    (found,) = connection.execute(query).fetchone() or (0,)
    return int(found)


def _bad_rows(rule: Eligibility, currencies: frozenset[str], by: date | None, *, in_cents: bool) -> str:
    """Every row with each thing that is wrong with it, as a query."""
    clause, form = quoted(rule.clause), quoted(FORM)
    known = ", ".join(quoted(one.code) for one in rule.categories)
    money = ", ".join(quoted(one) for one in sorted(currencies)) or "NULL"
    inside = " OR ".join(f"place = {quoted(one)} OR starts_with(place, {quoted(one + '-')})" for one in rule.places)
    amount = _CENTS if in_cents else f"{_AMOUNT}|{_DECIMALS}"
    after = "false" if by is None else f"TRY_CAST(cause_date AS DATE) > DATE {quoted(by.isoformat())}"
    wrong = (
        ("id_form", form, "id", r"NOT coalesce(regexp_full_match(id, '[A-Za-z0-9][A-Za-z0-9._-]{0,63}'), false)"),
        ("id_twice", form, "id", "id IN (SELECT id FROM given GROUP BY id HAVING count(*) > 1)"),
        ("category_missing", clause, "category", "category IS NULL"),
        ("category_unknown", clause, "category", f"category NOT IN ({known})"),
        ("amount_decimals", form, "amount", (
            "false" if in_cents else f"regexp_full_match(amount, {quoted(_DECIMALS)})")),
        ("cents_form" if in_cents else "amount_form", form, "amount", (
            f"NOT coalesce(regexp_full_match(amount, {quoted(amount)}), false)")),
        ("currency_unknown", form, "currency", f"coalesce(currency NOT IN ({money}), true)"),
        ("date_form", form, "cause_date", (
            "NOT coalesce(regexp_full_match(cause_date, '[0-9]{4}-[0-9]{2}-[0-9]{2}'), false)"
            " OR TRY_CAST(cause_date AS DATE) IS NULL")),
        ("date_before", clause, "cause_date", f"TRY_CAST(cause_date AS DATE) < DATE {quoted(rule.since.isoformat())}"),
        ("date_after", quoted(TIME), "cause_date", after),
        ("place_outside", clause, "place", f"NOT coalesce({inside}, false)"),
        ("person_form", form, "''", "NOT coalesce(regexp_full_match(person, '[0-9a-f]{64}'), false)"),
    )  # fmt: skip
    return " UNION ALL ".join(
        f"SELECT row, left(id, 64) AS id, {quoted(code)} AS code, {by} AS clause, left({column}, 80) AS found "
        f"FROM given WHERE {condition}"
        for code, by, column, condition in wrong
    )


def added_up(connection: DuckDBPyConnection, table: str) -> tuple[Total, ...]:
    """Claims of each category and currency. Sums of different currencies are never added."""
    rows = connection.execute(
        "SELECT category, currency, count(*), CAST(sum(amount_cents) AS VARCHAR) "
        f"FROM {table} GROUP BY ALL ORDER BY category, currency"
    ).fetchall()
    return tuple(Total(category, currency, claims, int(amount)) for category, currency, claims, amount in rows)


def _against(stated: Stated, rows: int, totals: tuple[Total, ...]) -> list[Finding]:
    """What the batch says of itself and is not so."""
    found: list[Finding] = []
    if stated.rows is not None and stated.rows != rows:
        found.append(Finding(0, "", "count_differs", FORM, str(rows), str(stated.rows)))
    for currency in sorted({one.currency for one in totals} | set(stated.sums)) if stated.sums else ():
        is_, said = sum(one.amount_cents for one in totals if one.currency == currency), stated.sums.get(currency, 0)
        if is_ != said:
            found.append(Finding(0, "", "total_differs", FORM, f"{is_} {currency}", f"{said} {currency}"))
    return found


def first_cause(file: Path) -> str:
    """The earliest day on which a claim of a canonical table arose, as 2022-03-16."""
    with database() as connection:
        row = connection.execute(f"SELECT min(TRY_CAST(cause_date AS DATE))::VARCHAR FROM {reading(file)}").fetchone()
    return str(row[0]) if row is not None else ""


def totals(files: list[Path]) -> tuple[Total, ...]:
    """The same over canonical tables. Raises Malformed."""
    with database() as connection:
        for file in files:
            have(described(connection, file), CLAIMS, file)
        load(connection, "claims", files, ("id", "category", "currency"), ("amount_cents",))
        return added_up(connection, "claims")
