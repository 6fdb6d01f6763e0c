"""Every table that a record names about claims, held against what its entries say: sums, rules, and who gets what.

Whoever holds the tables computes all of it again, row for row: batches by the clause of claims, decisions against what
was decided before, distributions from the awards to the cent, payments against the run. A table that is not held is
said, and stops nothing else.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from foedus import archive
from foedus.claimed import again, eligible, fetch, run_of, stated_of
from foedus.claims import intake
from foedus.claims.against import payments, repeated, shared, strangers
from foedus.claims.intake import recheck
from foedus.compact.clauses import Clauses
from foedus.errors import Malformed
from foedus.reparations.claims import number
from foedus.reparations.distributions import in_order
from foedus.reparations.state import Batch, Decision, Distribution, State, cents

# What a claim must have been before it could be decided so, and what is decided of a claim once.
BEFORE = {"assessed": "recorded", "awarded": "assessed"}
ONCE = ("recorded", "assessed", "awarded", "refused", "withdrawn")


# What does not fit, by its code: of a row, or of a table.
WRONG = intake.WRONG | {
    "sums": Malformed("the table has other sums or rows than are stated"),
    "unreadable": Malformed("a table cannot be read, or is not held"),
    "strangers": Malformed("claims that had not been decided as this needs"),
    "run": Malformed("made again, it comes to another result"),
    "overpaid": Malformed("claims that were paid more than the run owes them"),
    "table_differs": Malformed("its rows are not in canonical form"),
    "twice": Malformed("claims that were so decided already"),
    "known": Malformed("claims that an earlier batch has already"),
}


class Finding(Struct, frozen=True):
    """What does not fit: of which batch, decision or distribution, how, what was found and what the record says."""

    subject: str
    code: str
    found: str
    expected: str = ""


class Verified(Struct, frozen=True):
    """How many tables were held against the record, rows in them, and what does not fit; digests of those not held."""

    tables: int
    rows: int
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]


def verify(store: archive.Keeps, clauses: Clauses, state: State) -> Verified:
    """Everything, in the order of ids."""
    named = [*_tables(state)]
    missing = tuple(sorted({digest for digest, _ in named if not archive.holds(store, digest)}))
    found: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="claims") as name:
        held = Held(store, clauses, state, Path(name), frozenset(missing))
        for batch in sorted(state.batches.values(), key=lambda one: number(one.id)):
            found += held.batch(batch)
            for decision in batch.decisions:
                found += held.decision(batch, decision)
        found += held.batches()
        for distribution in in_order(state):
            found += held.distribution(distribution)
    looked = [(digest, rows) for digest, rows in named if digest not in missing]
    return Verified(len(looked), sum(rows for _, rows in looked), tuple(found), missing)


def _tables(state: State) -> Iterator[tuple[str, int]]:
    """Digest and rows of every table that the record names; of a run no rows."""
    for batch in state.batches.values():
        yield batch.table, batch.rows
        for decision in batch.decisions:
            yield decision.table, decision.rows
    for one in state.distributions.values():
        yield one.dry_run, 0
        yield one.result, one.rows
        for payment in one.payments:
            yield payment.table, payment.rows


class Held:
    """The tables that are here, as files while they are looked at."""

    def __init__(
        self, store: archive.Keeps, clauses: Clauses, state: State, folder: Path, missing: frozenset[str]
    ) -> None:
        self.store, self.clauses, self.state, self.folder, self.missing = store, clauses, state, folder, missing

    def file(self, digest: str) -> Path:
        """A table as a file."""
        return fetch(self.store, digest, self.folder)

    def _unreadable(self, id_: str, problem: Malformed) -> Finding:
        return Finding(id_, "unreadable", str(problem).replace(f"{self.folder}/", ""))

    def batch(self, one: Batch) -> Iterator[Finding]:
        """Sums as stated, and every row as the clause of claims wants it."""
        if one.table in self.missing:
            return
        yield from self._sums(one.id, one)
        yield from self._rows(one)

    def decision(self, batch: Batch, one: Decision) -> Iterator[Finding]:
        """Sums as stated, and of claims that had been decided so as the decision needs."""
        if one.table in self.missing:
            return
        yield from self._sums(one.id, one)
        yield from self._rows(one)
        wanted = BEFORE.get(one.to)
        earlier = [other.table for other in batch.decisions if other.to == wanted] if wanted else [batch.table]
        if self.missing.isdisjoint(earlier):
            yield from self._among(one.id, one.table, earlier)
        replaced = {other.corrects for other in batch.decisions if number(other.id) <= number(one.id)}
        so = [other for other in batch.decisions if other.to == one.to and number(other.id) < number(one.id)]
        yield from self._once(one, [other.table for other in so if other.id not in replaced])

    def _once(self, one: Decision, tables: list[str]) -> Iterator[Finding]:
        """No claim was decided so before, but for awards that this or another took the place of."""
        if one.to not in ONCE or not self.missing.isdisjoint(tables):
            return
        try:
            several, first = shared(self.file(one.table), [self.file(table) for table in tables])
        except Malformed:  # said of that table
            return
        if several:
            yield Finding(one.id, "twice", f"{several}: {first} …")

    def batches(self) -> Iterator[Finding]:
        """No claim is in two batches: under one id no fund could be shared out among both."""
        here = [one for one in self.state.batches.values() if one.table not in self.missing]
        here.sort(key=lambda one: number(one.id))
        try:
            several, first, last = repeated([self.file(one.table) for one in here])
        except Malformed:  # said of that table
            return
        if several:
            yield Finding(here[last].id, "known", f"{several}: {first} …")

    def _rows(self, one: Batch | Decision) -> Iterator[Finding]:
        """Every row as the clause of claims and the canonical form want it; a table that is none was said already."""
        try:
            by = one.place.at.date()
            checked = recheck(self.file(one.table), eligible(self.clauses), one.table, by)
        except Malformed:
            return
        for bad in checked.findings[:20]:
            yield Finding(one.id, bad.code, f"{bad.row} {bad.id}: {bad.found}", bad.clause)

    def _sums(self, id_: str, one: Batch | Decision) -> Iterator[Finding]:
        try:
            totals, rows = stated_of(self.file(one.table))
        except Malformed as problem:
            yield self._unreadable(id_, problem)
            return
        said = [(total.category, total.currency, total.claims, cents(total.amount)) for total in one.totals]
        found = [(total.category, total.currency, total.claims, cents(total.amount)) for total in totals]
        if rows != one.rows or said != found:
            yield Finding(id_, "sums", f"{rows}: {_said(found)}", f"{one.rows}: {_said(said)}")

    def _among(self, id_: str, table: str, others: list[str]) -> Iterator[Finding]:
        """Claims of a table are in one of the others, with the same category and currency."""
        try:
            several, first = strangers(self.file(table), [self.file(one) for one in others])
        except Malformed:  # said of that table
            return
        if several:
            yield Finding(id_, "strangers", f"{several}: {first} …")

    def distribution(self, one: Distribution) -> Iterator[Finding]:
        """The run made again comes to the same bytes, by the rule of the decision, with the sums that it states."""
        if one.dry_run in self.missing:
            return
        try:
            run, made = run_of(self.store, one.dry_run), again(self.store, self.clauses, self.state, one.id)
        except Malformed as problem:
            yield self._unreadable(one.id, problem)
            return
        if msgspec.json.encode(made) != msgspec.json.encode(run) or made.result != one.result:
            yield Finding(one.id, "run", made.result[:16], one.result[:16])
        sums = (made.rows, made.fund_cents, made.paid_cents, made.reserve_cents, made.left_cents)
        said = (one.rows, one.fund, one.paid, one.reserve, one.left)
        if sums != said:
            yield Finding(one.id, "sums", _said([sums]), _said([said]))
        tables = [payment.table for payment in one.payments]
        if tables and self.missing.isdisjoint((*tables, one.result)):
            yield from self.payments(one, tables)

    def payments(self, one: Distribution, tables: list[str]) -> Iterator[Finding]:
        """Payments are to claimants of the run, to each no more than it owes, and each table is what is stated."""
        try:
            paid = payments(self.file(one.result), [self.file(table) for table in tables])
        except Malformed as problem:
            yield self._unreadable(one.id, problem)
            return
        if paid.over:
            yield Finding(one.id, "overpaid", f"{paid.over}: {paid.first} …")
        for found, payment in zip(paid.tables, one.payments, strict=True):
            if found != (payment.rows, payment.amount):
                yield Finding(one.id, "sums", _said([found]), _said([(payment.rows, payment.amount)]))


def _said(several: Sequence[tuple[object, ...]]) -> str:
    return "; ".join(" ".join(map(str, one)) for one in several)
