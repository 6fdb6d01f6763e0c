"""`claims …` on files: a batch taken in, paid, explained, compared, and a person erased."""

from __future__ import annotations

import pytest

from tests.claims.tables import row, write
from tests.claims.test_rule import GOOD


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "rates.csv").write_text("currency,rate\nUAH,0.02\n", "utf-8")
    write(tmp_path / "people.csv", [("C-1", "Olena", "77"), ("C-2", "Taras", "7-7")], ("id", "name", "number"))
    write(tmp_path / "batch.csv", [row("C-2", "A2.1", "900000", "UAH"), row("C-1", "A2.1", "100.50")])
    return tmp_path


def test_a_batch_is_checked_paid_and_explained(foedus, files):
    checked = foedus("claims", "check", "batch.csv", "--rules", "rules.yaml", "--rates", "rates.csv", "--rows", 2,
                     "--sum", "EUR=100.5", "--sum", "UAH=900000.00", "--out", "claims.parquet")  # fmt: skip
    assert checked.status == 0, checked.err
    assert "A2.1: claims 1, 900000.00 UAH" in checked.out
    assert foedus("claims", "totals", "claims.parquet").out in checked.out
    paying = ("claims", "distribute", "claims.parquet", "--rules", "rules.yaml", "--rates", "rates.csv")
    dry = foedus(*paying, "--fund", "30000.00")
    assert "Fund 30000.00: paid 23000.00, reserve 1500.00, left 5500.00 EUR" in dry.out
    assert "Dry run" in dry.out
    run = foedus.json(*paying, "--fund", "30000.00", "--out", "result.csv")
    assert run["result"] in dry.out
    why = foedus("claims", "why", "result.csv", "C-2").out
    assert "C-2, A2.1: 900000.00 UAH, worth 18000.00 EUR; paid earlier 0.00." in why
    assert "Step 2: at most 18000.00, had 5000.00, so 13000.00; of that 1: 13000.00." in why
    assert "Paid: 18000.00 EUR [P12.distribution]." in why
    assert foedus("claims", "why", "result.csv", "C-9").status == 2
    more = foedus.json(*paying, "--fund", "20000.00", "--earlier", "result.csv", "--out", "second.csv")
    assert more["paid_cents"] == 0, "everything owed was paid by the first run"
    changed = foedus("claims", "diff", "result.csv", "second.csv")
    assert "C-1, A2.1: 5000.00, then 0.00" in changed.out
    assert "Same 0, more 0, less 2, gone 0, new 0." in changed.out


def test_a_bad_batch_is_refused_with_row_and_clause(foedus, files):
    write(files / "bad.csv", [row("C-1", "A2.1", "1.005", cause_date="2022-02-23"), row("C-3", "B3", "5", "JPY")])
    ran = foedus("claims", "check", "bad.csv", "--rules", "rules.yaml", "--out", "no.csv")
    assert ran.status == 1
    assert "Row 1, C-1: the amount has more than two decimals: '1.005' [claims/form]." in ran.out
    assert "Row 1, C-1: the day is before the first day that counts: '2022-02-23' [P12.claims]." in ran.out
    assert "Row 2, C-3: the currency has no rate: 'JPY' [claims/form]." in ran.out
    assert not (files / "no.csv").exists()
    said = foedus("claims", "check", "bad.csv", "--rules", "rules.yaml", "--lang", "uk").out
    assert "Рядок 1, C-1" in said
    ran = foedus(
        "claims", "check", "batch.csv", "--rules", "rules.yaml", "--rates", "rates.csv", "--sum", "EUR=1", "--json"
    )
    assert ran.status == 1
    assert [one["code"] for one in ran.data["findings"]] == ["total_differs", "total_differs"]
    assert "an amount such as" in foedus("claims", "check", "batch.csv", "--rules", "rules.yaml", "--sum", "EUR=x").line


def test_a_person_is_erased_and_the_digests_stay(foedus, files):
    assert foedus.json("claims", "salt", "people.csv", "--out", "p.csv", "--digests", "d.csv")["rows"] == 2
    people = {one.split(",")[0]: one.split(",")[1] for one in (files / "d.csv").read_text("utf-8").splitlines()[1:]}
    write(files / "batch.csv", [row(id_, "A2.1", "5", person=digest) for id_, digest in people.items()])
    foedus.json("claims", "check", "batch.csv", "--rules", "rules.yaml", "--out", "claims.csv")
    found = foedus("claims", "duplicates", "--claims", "claims.csv", "--personal", "p.csv", "--person", "number")
    assert "the same person, A2.1: C-1, C-2" in found.out
    assert "Olena" not in found.out
    assert foedus("claims", "fits", "claims.csv", "p.csv").out == "Fit: 2. Erased: 0. Do not fit: 0. Of no claim: 0.\n"
    assert foedus("claims", "erase", "p.csv", "C-1").out == "Erased: 1. Rows left: 1.\n"
    assert "Olena" not in (files / "p.csv").read_text("utf-8")
    assert foedus.json("claims", "fits", "claims.csv", "p.csv") == {
        "fit": 1, "erased": 1, "differ": 0, "strangers": 0, "named": [],
    }  # fmt: skip
    assert foedus("claims", "erase", "p.csv", "C-1").status == 2
    (files / "p.csv").write_text((files / "p.csv").read_text("utf-8").replace("Taras", "Tamara"), "utf-8")
    assert foedus("claims", "fits", "claims.csv", "p.csv").status == 1


def test_what_the_search_needs(foedus, files):
    one = ("claims", "duplicates", "--claims", "a.csv", "--personal", "p.csv")
    assert "name a column with --person or --object" in foedus(*one).line
    assert "one of the other was expected" in foedus(*one, "--claims", "b.csv", "--person", "x").line
