"""How one claim's figure came about, told from a result and its run; and what differs between two results.

It reads what was computed and computes every step of one claim again: what does not fit is Tampered.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import msgspec
from msgspec import Struct

from foedus.claims.distribution import RUN, Run, Taken, columns_of
from foedus.claims.rule import Step, belongs, cents
from foedus.claims.table import MOST_WORTH, database, described, have, load, reading, whole
from foedus.errors import Malformed, Tampered


class Because(Struct, frozen=True):
    """One step for one claim: its most, what it had already, what it might get, its exact share, what it got.

    `share`: of what it might get, as a fraction; 1 where the money sufficed. `rounded_up`: by the largest remainder.
    """

    step: int
    most_cents: int
    had_cents: int
    entitled_cents: int
    share: str
    rounded_up: bool
    paid_cents: int


class Why(Struct, frozen=True):
    """Everything about one claim in a run; `steps` are those that concern its category."""

    id: str
    category: str
    amount_cents: int
    currency: str
    worth_cents: int
    earlier_cents: int
    steps: tuple[Because, ...]
    paid_cents: int
    clause: str
    result: str


def read_run(result: Path) -> Run:
    """The run beside a result. Raises Malformed."""
    beside = result.with_name(result.name + RUN)
    try:
        return msgspec.json.decode(beside.read_bytes(), type=Run)
    except (OSError, msgspec.MsgspecError) as problem:
        raise Malformed("{path} is no run of a distribution: {problem}", path=beside, problem=problem) from None


def why(result: Path, id_: str) -> Why:
    """How the figure of a claim came about. Raises Malformed when it is not there, Tampered when it does not fit."""
    run = read_run(result)
    names = columns_of(run.rule)
    with database() as connection:
        have(described(connection, result), names, result)
        columns = ", ".join(whole(one) if one.endswith("_cents") else one for one in names)
        row = connection.execute(f"SELECT {columns} FROM {reading(result)} WHERE id = ?", [id_]).fetchone()
    if row is None:
        raise Malformed("there is no claim {id} in {path}", id=id_, path=result)
    if None in row:
        raise Malformed("claim {id}: {column} is missing", id=id_, column=names[row.index(None)])
    _, category, amount, currency, *numbers, paid = row
    worth, earlier, *each = map(int, numbers)
    steps, had = [], earlier
    for number, (step, taken, got) in enumerate(zip(run.rule.steps, run.steps, each, strict=True), 1):
        because = None
        expected = 0
        if belongs(str(category), step.categories):
            because = _step(number, step, taken, worth, had, got)
            expected = because.paid_cents
        if got != expected:
            raise _differs(id_, number, got, expected)
        had += got
        steps += [because] if because is not None else []
    if had - earlier != int(paid):
        raise _differs(id_, len(each), int(paid), had - earlier)
    return Why(
        id_, str(category), int(amount), str(currency), worth, earlier, tuple(steps), int(paid), run.rule.clause,
        run.result,
    )  # fmt: skip


def _step(number: int, step: Step, taken: Taken, worth: int, had: int, got: int) -> Because:
    """One step computed again for one claim; a cent more only where its remainder is large enough for one."""
    most = cents(step.fixed) if step.fixed else min(worth, cents(step.cap)) if step.cap else worth
    entitled = max(most - had, 0)
    if taken.entitled_cents <= taken.money_cents:
        return Because(number, most, had, entitled, "1", False, entitled)
    paid, over = divmod(entitled * taken.money_cents, taken.entitled_cents)
    up = got == paid + 1 and taken.extra > 0 and over >= taken.least
    share = Fraction(taken.money_cents, taken.entitled_cents)
    return Because(number, most, had, entitled, str(share), up, paid + up)


def _differs(id_: str, step: int, found: int, expected: int) -> Tampered:
    return Tampered(
        "claim {id}, step {step}: {found} cents stand in the result, {expected} by its run: make the run again",
        id=id_, step=step, found=found, expected=expected,
    )  # fmt: skip


class Change(Struct, frozen=True):
    """A claim that is paid otherwise in the second result; None: it is not in that one."""

    id: str
    category: str
    before_cents: int | None
    after_cents: int | None


class Difference(Struct, frozen=True):
    """How two results differ: rows alike, more, less, only in one of them; the first changes by id."""

    same: int
    more: int
    less: int
    only_before: int
    only_after: int
    before_cents: int
    after_cents: int
    changes: tuple[Change, ...]


def difference(before: Path, after: Path, named: int = 20) -> Difference:
    """What the second of two results pays otherwise. Raises Malformed."""
    with database() as connection:
        for name, file in (("a", before), ("b", after)):
            load(connection, name, [file], ("id", "category"), ("paid_cents",), MOST_WORTH)
        connection.execute(
            "CREATE TABLE both_ AS SELECT coalesce(a.id, b.id) AS id, coalesce(b.category, a.category) AS category, "
            "a.paid_cents AS before, b.paid_cents AS after FROM a FULL JOIN b ON a.id = b.id"
        )
        counted = connection.execute(
            "SELECT count(*) FILTER (before = after), count(*) FILTER (after > before), "
            "count(*) FILTER (after < before), count(*) FILTER (after IS NULL), count(*) FILTER (before IS NULL), "
            "CAST(coalesce(sum(before), 0) AS VARCHAR), CAST(coalesce(sum(after), 0) AS VARCHAR) FROM both_"
        ).fetchone()
        assert counted is not None, "an aggregate has one row"
        rows = connection.execute(
            f"FROM both_ WHERE before IS DISTINCT FROM after ORDER BY id LIMIT {int(named)}"
        ).fetchall()
    same, more, less, only_before, only_after, one_cents, other_cents = map(int, counted)
    changes = tuple(Change(*row) for row in rows)
    return Difference(same, more, less, only_before, only_after, one_cents, other_cents, changes)
