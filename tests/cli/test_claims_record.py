"""Claims of a record on the command line: acts written by commands, signed by `foedus act`, and all made again."""

from __future__ import annotations

import json

from foedus.claimed import put
from foedus.cli.opening import opened
from tests.claims.tables import claims, row, write

CODES = ("A2.1", "A3.1", "C3.1")


def signed(foedus, exercise, path, *seats):
    ran = foedus("act", exercise, path, *(word for seat in seats for word in ("--as", seat)))
    assert ran.status == 0, ran.err


def test_claims_go_from_a_file_to_a_run_and_are_made_again(foedus, exercise, tmp_path):
    given = [row(f"C-{number}", category=code) for number, code in enumerate(CODES, 1)]
    paths = [tmp_path / f"act{number}.json" for number in range(5)]
    bad = write(tmp_path / "bad.csv", [row("C-1", category="Z9"), row("C-2", cause_date="2021-01-01")])
    ran = foedus("claims", "deposit", exercise, bad, "--measure", "damage", "--out", paths[0])
    assert ran.status == 1
    assert "Row 1, C-1: there is no such category: 'Z9' [P12.claims]." in ran.out
    assert "Row 2, C-2: the day is before the first day that counts: '2021-01-01' [P12.claims]." in ran.out
    assert not paths[0].exists()
    batch = write(tmp_path / "batch.csv", given)
    assert foedus("claims", "deposit", exercise, batch, "--measure", "need", "--out", paths[0]).status == 2
    assert foedus("claims", "deposit", exercise, batch, "--measure", "loss", "--out", paths[0]).status == 0
    signed(foedus, exercise, paths[0], "UKR/foreign")
    table = claims(tmp_path / "decided.csv", [(id_, code, 120_050, "EUR") for id_, code, *_ in given])
    for to, path in (("recorded", paths[1]), ("assessed", paths[2]), ("awarded", paths[3])):
        said = ("--batch", "CB-2", "--to", to, "--instrument", "decision-1", "--out", path)
        assert foedus("claims", "decide", exercise, table, *said).status == 0
        signed(foedus, exercise, path, "UKR/foreign")
    ran = foedus("claims", "dry-run", exercise, "--fund", "9000.00", "--out", paths[4])
    assert ran.status == 0, ran.err
    assert "Fund 9000.00: paid 8550.00, reserve 450.00, left 0.00 EUR" in ran.out
    assert "nothing was written" not in ran.out, "the act was, and the run is in the archive"
    assert foedus("act", exercise, paths[4], "--as", "UKR/foreign").status == 1, "two offices decide"
    signed(foedus, exercise, paths[4], "UKR/foreign", "UKR/head")
    decided = json.loads(paths[4].read_bytes())
    run = tmp_path / "run.json"
    run.write_text(json.dumps({"act": "RecordRun", "distribution": "DS-2", "result": decided["result"], "rows": 27,
                               "paid": decided["paid"]}))  # fmt: skip
    signed(foedus, exercise, run, "UKR/foreign")
    found = foedus.json("claims", "verify", exercise)
    assert (found["findings"], found["missing"]) == ([], [])
    assert found["tables"] == 16
    assert "Findings: 0. Not held: 0." in foedus("claims", "verify", exercise).out
    assert "award/DS-2" in foedus("reparations", "ledger", exercise).out


def test_a_decision_that_is_none_is_malformed(foedus, exercise, tmp_path):
    table = claims(tmp_path / "decided.csv", [("C-1", "A2.1", 5, "EUR")])
    said = ("--batch", "CB-1", "--instrument", "x", "--out", tmp_path / "act.json")
    assert foedus("claims", "decide", exercise, table, "--to", "paid", *said).status == 2
    assert foedus("claims", "decide", exercise, table, "--to", "recorded", *said).status == 0


def test_an_act_that_says_otherwise_than_its_table_is_refused_at_the_door(foedus, exercise, tmp_path):
    """Whoever writes an act by hand, over a table that is in the archive, is held against it as the commands are."""
    batch, path = write(tmp_path / "batch.csv", [row("C-1", "A2.1", "100"), row("C-2", "A3.1", "50")]), tmp_path / "a"
    assert foedus("claims", "deposit", exercise, batch, "--measure", "damage", "--out", path).status == 0
    honest = json.loads(path.read_bytes())

    def tried(said, lang="en"):
        path.write_text(json.dumps(said), "utf-8")
        return foedus("act", exercise, path, "--as", "UKR/foreign", "--lang", lang)

    more = [{**honest["totals"][0], "amount": "100000.00"}, honest["totals"][1]]
    ran = tried({**honest, "totals": more})
    assert ran.status == 1
    assert "What CB-2 would be is not what its tables say: the table has other sums or rows than are stated" in ran.line
    assert "2: A2.1 EUR 1 10000; A3.1 EUR 1 5000 [P12.claims" in ran.line
    assert (
        "CB-2 було б не таким, як кажуть його таблиці: у таблиці інші суми чи рядки, ніж заявлено"
        in tried({**honest, "totals": more}, "uk").line
    )
    assert tried(honest).status == 0

    award = claims(tmp_path / "d.csv", [("C-1", "A2.1", 10_000, "EUR")])
    said = ("--batch", "CB-2", "--instrument", "x", "--out")
    for to, number in (("recorded", 1), ("assessed", 2)):
        assert foedus("claims", "decide", exercise, award, "--to", to, *said, tmp_path / f"{number}").status == 0
        signed(foedus, exercise, tmp_path / f"{number}", "UKR/foreign")
    other = claims(tmp_path / "o.csv", [("C-9", "A2.1", 10_000, "EUR")])
    assert foedus("claims", "decide", exercise, other, "--to", "awarded", *said, tmp_path / "3").status == 0
    ran = foedus("act", exercise, tmp_path / "3", "--as", "UKR/foreign")
    assert ran.status == 1
    assert "claims that had not been decided as this needs: 1: C-9" in ran.line
    assert foedus.json("claims", "verify", exercise)["findings"] == [], "and nothing of it is on record"


def test_a_distribution_and_a_payment_that_nobody_computed_are_refused_at_the_door(foedus, exercise, tmp_path):
    path = tmp_path / "act.json"
    assert foedus("claims", "dry-run", exercise, "--fund", "1000.00", "--out", path).status == 0
    honest = json.loads(path.read_bytes())
    generous = {**honest, "paid": "940.00", "left": "10.00"}
    path.write_text(json.dumps(generous), "utf-8")
    both = ("act", exercise, path, "--as", "UKR/foreign", "--as", "UKR/head")
    ran = foedus(*both)
    assert ran.status == 1
    assert "What DS-2 would be is not what its tables say: the table has other sums or rows" in ran.line
    assert "[P12.distribution" in ran.line
    path.write_text(json.dumps(honest), "utf-8")
    assert foedus(*both).status == 0

    with opened(str(exercise)) as found:  # one claimant of the exercise, paid more than is owed
        store = found.depositary.store
        digest = put(store, write(tmp_path / "paid.csv", [("EXERCISE-0002", 40_000)], ("id", "paid_cents")))
    said = {"act": "RecordPayment", "distribution": "DS-1", "table": digest, "rows": 1, "amount": "400.00",
            "currency": "EUR", "instrument": "order-2"}  # fmt: skip
    path.write_text(json.dumps(said), "utf-8")
    ran = foedus("act", exercise, path, "--as", "UKR/foreign")
    assert ran.status == 1
    assert "claims that were paid more than the run owes them: 1: EXERCISE-0002" in ran.line
    assert foedus.json("claims", "verify", exercise)["findings"] == []


def test_a_claim_of_an_earlier_batch_is_not_kept_again(foedus, exercise, tmp_path):
    batch = write(tmp_path / "batch.csv", [row("EXERCISE-0007", "A2.1", "100"), row("C-1", "A2.1", "1")])
    ran = foedus("claims", "deposit", exercise, batch, "--measure", "damage", "--out", tmp_path / "act.json")
    assert ran.status == 2
    assert "1 claims are in CB-1 already, the first is EXERCISE-0007" in ran.line
    assert not (tmp_path / "act.json").exists()


def test_decided_claims_are_checked_row_by_row(foedus, exercise, tmp_path):
    table = claims(tmp_path / "decided.csv", [("C-1", "A2.1", "12.5", "EUR"), ("C-2", "Z9", 5, "EUR")])
    said = ("--batch", "CB-1", "--to", "recorded", "--instrument", "x", "--out", tmp_path / "act.json")
    ran = foedus("claims", "decide", exercise, table, *said)
    assert ran.status == 1
    assert "Row 1, C-1: this is no whole number of cents: '12.5' [claims/form]." in ran.out
    assert "Row 2, C-2: there is no such category: 'Z9' [P12.claims]." in ran.out
    assert not (tmp_path / "act.json").exists()
