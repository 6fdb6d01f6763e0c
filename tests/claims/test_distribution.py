"""Laws of a distribution: conservation, exactness, independence of order, the same bytes again."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.claims.distribution import RUN, distribute
from foedus.claims.rule import NO_RATES, Distribution, Step, belongs, cents
from foedus.claims.why import difference, read_run, why
from foedus.errors import Malformed, Tampered
from tests.claims.tables import CODES, RATES, RULE, claims, read
from tests.claims.test_shares import plainly

ROWS = st.lists(
    st.tuples(st.sampled_from(CODES), st.integers(0, 10**8), st.sampled_from(("EUR", "UAH", "USD"))),
    min_size=1, max_size=30,
).map(lambda rows: [(f"C-{number:04}", *row) for number, row in enumerate(rows)])  # fmt: skip
MONEY = st.integers(1, 10**10)


def by_hand(rows, rule, fund, rates, earlier):
    """The rule as its text says, one claim after the other."""
    rows = sorted(rows)
    worth = [
        amount
        if currency == rule.currency
        else floor(Fraction(amount * rates.scaled[currency], 10**10) + Fraction(1, 2))
        for _, _, amount, currency in rows
    ]
    money = there = fund - floor(fund * Fraction(rule.reserve))
    had = [earlier.get(row[0], 0) for row in rows]
    paid = [0] * len(rows)
    for step in rule.steps:
        wanted = []
        for row, value, got in zip(rows, worth, had, strict=True):
            most = cents(step.fixed) if step.fixed else min(value, cents(step.cap)) if step.cap else value
            wanted.append(max(most - got, 0) if belongs(row[1], step.categories) else 0)
        for_it = min(there, floor(money * Fraction(step.at_most))) if step.at_most else there
        given_ = plainly(wanted, for_it)
        had = [one + more for one, more in zip(had, given_, strict=True)]
        paid = [one + more for one, more in zip(paid, given_, strict=True)]
        there -= sum(given_)
    return {row[0]: each for row, each in zip(rows, paid, strict=True)}


@settings(max_examples=25)
@given(ROWS, MONEY, st.randoms(use_true_random=False))
def test_every_cent_is_accounted_for_and_as_the_rule_says(rows, fund, random):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = distribute([claims(folder / "a.csv", rows)], RULE, fund, RATES, folder / "out.csv", [])
        found = {row["id"]: int(row["paid_cents"]) for row in read(folder / "out.csv")}
        assert found == by_hand(rows, RULE, fund, RATES, {})
        assert run.paid_cents == sum(found.values()) == sum(step.paid_cents for step in run.steps)
        assert run.paid_cents + run.reserve_cents + run.left_cents == fund
        assert run.left_cents >= 0

        mixed = rows[:]
        random.shuffle(mixed)
        half = len(mixed) // 2
        parts = [claims(folder / "b.csv", mixed[:half]), claims(folder / "c.csv", mixed[half:])]
        again = distribute(parts, RULE, fund, RATES, folder / "again.csv", [])
        assert again.result == run.result, "the order of rows and files makes no difference"
        assert (folder / "again.csv").read_bytes() == (folder / "out.csv").read_bytes()
        for id_ in (min(found), max(found)):
            told = why(folder / "out.csv", id_)
            assert told.paid_cents == found[id_] == sum(step.paid_cents for step in told.steps)


@settings(max_examples=25)
@given(ROWS, MONEY, MONEY)
def test_what_was_paid_earlier_counts(rows, first, second):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = claims(folder / "a.csv", rows)
        distribute([table], RULE, first, RATES, folder / "one.csv", [])
        before = {row["id"]: int(row["paid_cents"]) for row in read(folder / "one.csv")}
        distribute([table], RULE, second, RATES, folder / "two.csv", [folder / "one.csv"])
        after = {row["id"]: row for row in read(folder / "two.csv")}
        assert {id_: int(row["paid_cents"]) for id_, row in after.items()} == by_hand(rows, RULE, second, RATES, before)
        for id_, row in after.items():
            fixed = 500_000 if row["category"] == "A2.1" else 0
            assert before[id_] + int(row["paid_cents"]) <= max(int(row["worth_cents"]), fixed), "never more than owed"


def test_a_step_spends_at_most_its_share(tmp_path):
    rule = Distribution("E", "EUR", (Step(("A",), at_most="1/4"), Step(("B",))))
    rows = [("C-1", "A3.1", 90_000, "EUR"), ("C-2", "B1.1", 50_000, "EUR")]
    run = distribute([claims(tmp_path / "a.csv", rows)], rule, 100_000, NO_RATES, None, [])
    assert [step.paid_cents for step in run.steps] == [25_000, 50_000]
    assert (run.paid_cents, run.left_cents, run.reserve_cents) == (75_000, 25_000, 0)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.csv"], "a dry run writes nothing"


def test_equal_remainders_go_by_id(tmp_path):
    rule = Distribution("E", "EUR", (Step(("A",)),))
    rows = [(f"C-{number}", "A3.1", 100, "EUR") for number in (3, 1, 2)]
    distribute([claims(tmp_path / "a.csv", rows)], rule, 200, NO_RATES, tmp_path / "out.csv", [])
    assert [(row["id"], row["paid_cents"]) for row in read(tmp_path / "out.csv")] == [
        ("C-1", "67"), ("C-2", "67"), ("C-3", "66"),
    ]  # fmt: skip
    assert [step.rounded_up for step in why(tmp_path / "out.csv", "C-2").steps] == [True]
    assert [step.rounded_up for step in why(tmp_path / "out.csv", "C-3").steps] == [False]


def test_parquet_and_csv_have_one_digest(tmp_path):
    rows = [("C-1", "A2.1", 90_000, "USD"), ("C-2", "B1.1", 50_000, "EUR")]
    table = claims(tmp_path / "a.csv", rows)
    one = distribute([table], RULE, 100_000, RATES, tmp_path / "out.csv", [])
    other = distribute([table], RULE, 100_000, RATES, tmp_path / "out.parquet", [])
    assert one == other
    assert why(tmp_path / "out.parquet", "C-1") == why(tmp_path / "out.csv", "C-1")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("C-1", "A2.1", 5, "EUR"), ("C-1", "A2.1", 5, "EUR")], "C-1 stands more than once"),
        ([("C-1", "A2.1", 5, "JPY")], "JPY has no rate in EUR"),
        ([("C-1", "A2.1", 10**15 + 1, "EUR")], "C-1: a whole number of cents from 0 to"),
        ([("C-1", "A2.1", "12.5", "EUR")], "C-1: a whole number of cents from 0 to"),
        ([("C-1", "A2.1", -5, "EUR")], "C-1: a whole number of cents from 0 to"),
        ([("C-1", "", 5, "EUR")], "C-1: category is missing"),
        ([("", "A2.1", 5, "EUR")], "id is missing"),
        ([], "there is no claim in it"),
        ([("C-1", "A2.1", "", "EUR")], "C-1: a whole number of cents from 0 to"),
    ],
)
def test_nothing_is_half_done(tmp_path, rows, says):
    with pytest.raises(Malformed, match=says):
        distribute([claims(tmp_path / "a.csv", rows)], RULE, 100, RATES, tmp_path / "out.csv", [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv"]


def test_a_run_that_was_killed_is_made_again(tmp_path, monkeypatch):
    """Killed when the run stands there and its result does not: the same command makes both."""
    table = claims(tmp_path / "a.csv", [("C-1", "A2.1", 90_000, "EUR")])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            distribute([table], RULE, 100_000, RATES, tmp_path / "out.csv", [])
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.csv", f"out.csv{RUN}"], "no result without its run"
    first = read_run(tmp_path / "out.csv")
    again = distribute([table], RULE, 100_000, RATES, tmp_path / "out.csv", [])
    assert again == first == read_run(tmp_path / "out.csv")
    with pytest.raises(Malformed, match="exists: name another file"):
        distribute([table], RULE, 100_000, RATES, tmp_path / "out.csv", [])
    (tmp_path / f"out.csv{RUN}").unlink()
    with pytest.raises(Malformed, match="is no run of a distribution"):
        read_run(tmp_path / "out.csv")


def test_a_result_that_was_changed_is_found_out(tmp_path):
    out = tmp_path / "out.csv"
    rows = [("C-1", "A3.1", 90_000, "EUR"), ("C-2", "B1.1", 50_000, "EUR")]
    distribute([claims(tmp_path / "a.csv", rows)], RULE, 100_000, RATES, out, [])
    text = out.read_text("utf-8").splitlines()
    cells = text[1].split(",")
    cells[7] = str(int(cells[7]) + 7)
    out.write_text("\n".join([text[0], ",".join(cells), *text[2:], ""]), "utf-8")
    with pytest.raises(Tampered, match="claim C-1, step 2"):
        why(out, "C-1")
    with pytest.raises(Malformed, match="no claim C-9"):
        why(out, "C-9")


def test_what_differs_between_two_runs(tmp_path):
    """A correction after appeal: one claim was raised, one is new, and the same money is shared out again."""
    rule = Distribution("E", "EUR", (Step(("A",)),))
    before = claims(tmp_path / "a.csv", [("C-1", "A3.1", 100, "EUR"), ("C-2", "A3.1", 100, "EUR")])
    after = claims(
        tmp_path / "b.csv", [("C-1", "A3.1", 200, "EUR"), ("C-2", "A3.1", 100, "EUR"), ("C-3", "A3.1", 100, "EUR")]
    )
    distribute([before], rule, 100, NO_RATES, tmp_path / "one.csv", [])
    distribute([after], rule, 100, NO_RATES, tmp_path / "two.csv", [])
    found = difference(tmp_path / "one.csv", tmp_path / "two.csv")
    assert (found.same, found.more, found.less, found.only_before, found.only_after) == (1, 0, 1, 0, 1)
    assert (found.before_cents, found.after_cents) == (100, 100)
    assert [(one.id, one.before_cents, one.after_cents) for one in found.changes] == [
        ("C-2", 50, 25),
        ("C-3", None, 25),
    ]
