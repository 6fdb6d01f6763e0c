"""What a record says of claims, recomputed from its tables row for row: a true one fits, each lie is found."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from foedus import archive
from foedus.claimed import again, dry_run, keep, put, ruled, stated_of
from foedus.claims.rule import belongs
from foedus.compact.clauses import Clauses
from foedus.errors import Malformed
from foedus.history import Place
from foedus.recomputed import verify
from foedus.reparations import acts
from foedus.reparations.claims import account
from foedus.reparations.ledger import balances, beancount
from foedus.reparations.state import State, cents, evolve
from tests.claims.tables import claims, write
from tests.scenario_compacts import compact_named

CLAUSES = Clauses.of(compact_named("kyiv-2022"))
AT = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = [("C-1", "A2.1", 600_000, "EUR"), ("C-2", "A3.1", 250_000, "EUR"), ("C-3", "C3.1", 900_001, "EUR")]


class Kept:
    """An archive in memory."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.names: dict[str, bytes] = {}

    def put_blob(self, digest: str, data: bytes) -> None:
        self.blobs[digest] = data

    def get_blob(self, digest: str) -> bytes | None:
        return self.blobs.get(digest)

    def erase_blob(self, digest: str) -> bool:
        return self.blobs.pop(digest, None) is not None

    def setting(self, name: str) -> bytes | None:
        return self.names.get(name)

    def settings(self, prefix: str) -> list[str]:
        return sorted(name for name in self.names if name.startswith(prefix))

    def set_setting(self, name: str, value: bytes | None) -> None:
        self.names.pop(name, None) if value is None else self.names.__setitem__(name, value)


class Told:
    """Events about claims, one after another."""

    def __init__(self) -> None:
        self.store, self.state, self.number = Kept(), State(), 0

    def tell(self, event) -> None:
        self.number += 1
        at = AT + timedelta(hours=self.number)
        self.state = evolve(self.state, event, Place(at, at, self.number))

    def table(self, folder, rows) -> tuple[str, tuple[acts.Total, ...], int]:
        file = claims(folder / f"t{self.number}.csv", rows)
        return keep(self.store, file), *stated_of(file)

    def deposit(self, folder, rows=tuple(ROWS)) -> None:
        digest, totals, count = self.table(folder, rows)
        self.tell(acts.ClaimsDeposited("CB-1", "UKR", "register-of-damage", "damage", digest, count, totals))

    def decide(self, folder, to, rows=tuple(ROWS), corrects=None) -> None:
        digest, totals, count = self.table(folder, rows)
        id_ = f"CD-{self.state.decided + 1}"
        self.tell(acts.ClaimsDecided(id_, "CB-1", to, digest, count, totals, "act", corrects))

    def share_out(self, fund: int) -> str:
        body, _ = dry_run(self.store, CLAUSES, self.state, fund)
        id_ = f"DS-{len(self.state.distributions) + 1}"
        self.tell(
            acts.DistributionDecided(
                id_, "P12.distribution", body.rule, body.up_to, body.dry_run, body.result, body.rows, body.fund,
                body.currency, body.paid, body.reserve, body.left, body.instrument,
            )
        )  # fmt: skip
        self.tell(acts.RunRecorded(id_, body.paid, body.currency))
        return id_

    def pay(self, folder, id_, rows) -> None:
        file = write(folder / f"p{self.number}.csv", rows, ("id", "paid_cents"))
        amount = sum(paid for _, paid in rows)
        digest, text = put(self.store, file), f"{amount // 100}.{amount % 100:02}"
        self.tell(acts.PaymentRecorded(id_, digest, len(rows), text, "EUR", "order"))

    def found(self):
        return verify(self.store, CLAUSES, self.state)


@pytest.fixture
def told(tmp_path) -> Told:
    """Three claims, awarded."""
    here = Told()
    here.tell(acts.IncomeSetApart("AS-1", "20000.00", "EUR", "act"))
    here.deposit(tmp_path)
    for to in ("recorded", "assessed", "awarded"):
        here.decide(tmp_path, to)
    return here


def codes(told: Told) -> list[tuple[str, str]]:
    return [(one.subject, one.code) for one in told.found().findings]


def test_what_is_true_fits_and_the_run_is_made_again_to_the_byte(told, tmp_path):
    id_ = told.share_out(1_000_000)
    assert again(told.store, CLAUSES, told.state, id_).result == told.state.distributions[id_].result
    told.pay(tmp_path, id_, [("C-1", 100), ("C-2", 50)])
    found = told.found()
    assert (found.findings, found.missing) == ((), ())
    assert found.tables == 7
    assert account(told.state) == (acts.Account("EUR", "17500.01", "0.00", "1.50"),)


def test_the_next_run_counts_what_the_first_one_paid(told, tmp_path):
    first = told.share_out(1_000_000)
    told.decide(tmp_path, "appealed", ROWS[:1])
    told.decide(tmp_path, "awarded", [*ROWS[:2], ("C-3", "C3.1", 100, "EUR")], "CD-3")
    second = told.share_out(1_000_000)
    assert codes(told) == []
    paid = told.state.distributions[first].paid + told.state.distributions[second].paid
    assert sum(amount for (name, _), amount in balances(told.state).items() if name.startswith("award/")) == paid
    assert again(told.store, CLAUSES, told.state, second).earlier == (told.state.distributions[first].result,)


def test_each_lie_is_found(told, tmp_path):
    batch = told.state.batches["CB-1"]
    lied = replace(batch, totals=(replace(batch.totals[0], amount="1.00"), *batch.totals[1:]))
    honest = told.state
    told.state = replace(honest, batches=honest.batches.insert("CB-1", lied))
    assert codes(told) == [("CB-1", "sums")]
    told.state = honest
    told.decide(tmp_path, "awarded", [("C-9", "A2.1", 5, "EUR")])
    assert codes(told) == [("CD-4", "strangers")]
    told.state = honest
    id_ = told.share_out(1_000_000)
    one = told.state.distributions[id_]
    good = told.state
    told.state = replace(good, distributions=good.distributions.insert(id_, replace(one, fund=one.fund + 1)))
    assert ("DS-1", "run") in codes(told)
    told.state = good
    told.pay(tmp_path, id_, [("C-1", 10**9)])
    assert codes(told) == [("DS-1", "overpaid")]


def test_a_claim_is_decided_so_once_and_is_in_one_batch(told, tmp_path):
    """Awarded twice, or in two batches under one id, it would stop every distribution for good."""
    honest = told.state
    told.decide(tmp_path, "awarded", ROWS[1:])
    assert codes(told) == [("CD-4", "twice")]
    told.state = honest
    told.decide(tmp_path, "appealed", ROWS[:1])
    told.decide(tmp_path, "awarded", ROWS, "CD-3")
    assert codes(told) == [], "an award in the place of another is over the same claims"
    told.decide(tmp_path, "appealed", ROWS[:1])
    told.decide(tmp_path, "awarded", ROWS[:2], "CD-5")
    assert codes(told) == []
    told.state = honest
    digest, totals, count = told.table(tmp_path, [ROWS[2], ("C-4", "A2.1", 5, "EUR")])
    told.tell(acts.ClaimsDeposited("CB-2", "UKR", "register-of-damage", "loss", digest, count, totals))
    assert [(one.subject, one.code, one.found) for one in told.found().findings] == [("CB-2", "known", "1: C-3 …")]


def test_a_table_that_is_none_is_a_finding_and_no_fault_of_ours(told, tmp_path):
    heading = b"id,category,amount_cents,currency,cause_date,place,person\n"
    good = told.state
    for rows, found in (
        (b"C-1,A2.1,12.5,EUR,2022-03-16,UA,x\n", {"unreadable", "cents_form", "person_form"}),
        (b"C-1,A2.1,-5,EUR,never,PL,x\n", {"unreadable", "cents_form", "date_form", "place_outside", "person_form"}),
        (b"C-1,A2.1\n", {"unreadable"}),
        (b"", {"sums"}),
    ):
        digest = archive.put(told.store, heading + rows)
        told.tell(acts.ClaimsDecided("CD-4", "CB-1", "withdrawn", digest, 1, ROWS_OF_ONE, "act"))
        assert {code for subject, code in codes(told) if subject == "CD-4"} == found
        told.state = good


ROWS_OF_ONE = (acts.Total("A2.1", "EUR", 1, "0.05"),)


def test_a_row_before_the_first_day_is_found_with_its_clause(tmp_path):
    told = Told()
    heading = ("id", "category", "amount_cents", "currency", "cause_date", "place", "person")
    file = write(tmp_path / "old.csv", [("C-1", "A2.1", 5, "EUR", "2021-01-01", "UA-14", "ab" * 32)], heading)
    totals, count = stated_of(file)
    told.tell(acts.ClaimsDeposited("CB-1", "UKR", "r", "damage", keep(told.store, file), count, totals))
    (finding,) = told.found().findings
    assert (finding.code, finding.expected) == ("date_before", "P12.claims")
    assert finding.found.startswith("1 C-1: 2021-01-01")


def test_a_cause_later_than_the_day_of_the_act_is_found(tmp_path):
    told = Told()
    heading = ("id", "category", "amount_cents", "currency", "cause_date", "place", "person")
    file = write(tmp_path / "a.csv", [("C-1", "A2.1", 5, "EUR", "2026-01-02", "UA-14", "ab" * 32)], heading)
    totals, count = stated_of(file)
    told.tell(acts.ClaimsDeposited("CB-1", "UKR", "r", "damage", keep(told.store, file), count, totals))
    (finding,) = told.found().findings
    assert (finding.code, finding.expected) == ("date_after", "record/time")


def test_what_is_not_held_is_said_and_nothing_else_stops(told):
    told.share_out(1_000_000)
    award = told.state.batches["CB-1"].decisions[-1].table
    archive.erase(told.store, award)
    assert told.found().missing == (award,)
    assert codes(told) == [("DS-1", "unreadable")]


def test_a_table_out_of_order_or_with_personal_columns_is_not_kept(tmp_path):
    store = Kept()
    with pytest.raises(Malformed, match="in the order of ids"):
        keep(store, claims(tmp_path / "a.csv", [("C-2", "A2.1", 5, "EUR"), ("C-1", "A2.1", 5, "EUR")]))
    heading = ("id", "category", "amount_cents", "currency", "cause_date", "place", "person", "name")
    file = write(tmp_path / "b.csv", [("C-1", "A2.1", 5, "EUR", "2022-03-16", "UA", "ab" * 32, "Iryna")], heading)
    assert b"Iryna" not in archive.required(store, keep(store, file))


def test_the_rule_of_the_compact_is_the_rule_of_the_run():
    rule = ruled(CLAUSES).distribution
    assert (rule.clause, rule.currency, rule.reserve) == ("P12.distribution", "EUR", "1/20")
    assert [(one.fixed, one.cap, one.at_most) for one in rule.steps] == [
        ("5000.00", None, None), (None, "20000.00", "2/3"), (None, None, None)
    ]  # fmt: skip
    known = [one.code for one in ruled(CLAUSES).eligibility.categories]
    assert all(any(belongs(code, step.categories) for code in known) for step in rule.steps)


def test_beancount_reads_awards_and_payments(told, tmp_path):
    from beancount import loader

    id_ = told.share_out(1_000_000)
    told.pay(tmp_path, id_, [("C-1", 100)])
    entries, errors, _ = loader.load_string(beancount(told.state))
    assert errors == []
    accounts = {posting.account for entry in entries for posting in getattr(entry, "postings", ())}
    assert {"Assets:Fund", "Liabilities:Awards:XDS-1", "Expenses:Payments:XDS-1"} <= accounts
    assert sum(balances(told.state).values()) == 0
    assert cents("1.00") == 100


def test_dates_are_days():
    assert ruled(CLAUSES).eligibility.since == date(2022, 2, 24)
