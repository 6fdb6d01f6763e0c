"""Pages of claims and distributions: sums from the record, why an amount from tables, who may see which."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from foedus.claimed import dry_run, keep, put, stated_of
from foedus.reparations import acts
from foedus.web.moments import iso
from tests.claims.tables import claims, write
from tests.web.small_exercise import Small, console, view
from tests.web.test_reparations_pages import words

ROWS = [("C-1", "A2.4", 600_000, "EUR"), ("C-2", "A3.1", 250_000, "EUR"), ("C-3", "C3.1", 900_001, "EUR")]
KYIV, HEAD = "UKR/foreign", "UKR/head"


class Claims(Small):
    """Three claims, awarded, paid in part, one appealed and corrected, and a second distribution not yet run."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "record")
        self.folder, self.number = folder, 0
        self.do("POL/foreign", acts.ReportAsset("depository", "cash", "RUS", acts.Value(
            "5", "6", "EUR", date(2026, 9, 30), "statement", "bank", "high")))  # fmt: skip
        self.do("POL/foreign", acts.MoveAsset("AS-1", "immobilised", "law-1", self.at))
        self.do("POL/foreign", acts.RecordIncome("AS-1", "20000.00", "EUR", "coupon-1"))
        digest, totals, rows = self.table(ROWS)
        self.do(KYIV, acts.DepositClaims("register-of-damage", "damage", digest, rows, date(2022, 3, 16), totals))
        self.decide("recorded", ROWS)
        self.decide("assessed", ROWS)
        self.decide("awarded", ROWS)
        self.first = self.at
        self.share_out(1_000_000)
        self.at += timedelta(days=1)
        self.pay("DS-1", [("C-1", 500_000), ("C-2", 100)])
        self.decide("appealed", ROWS[1:2])
        self.decide("awarded", [ROWS[0], ("C-2", "A3.1", 300_000, "EUR"), ROWS[2]], "CD-3")
        self.share_out(500_000, run=False)

    def table(self, rows: Any) -> tuple[str, tuple[acts.Total, ...], int]:
        self.number += 1
        file = claims(self.folder / f"t{self.number}.csv", rows)
        return keep(self.depositary.store, file), *stated_of(file)

    def decide(self, to: acts.Decided, rows: Any, corrects: str | None = None) -> None:
        body = "register-of-damage" if to in ("recorded", "appealed") else "claims-commission"
        digest, totals, count = self.table(rows)
        self.do(KYIV, acts.DecideClaims("CB-1", to, body, digest, count, totals, "act-1", corrects))

    def share_out(self, fund: int, run: bool = True) -> None:
        state = self.depositary.state.reparations
        body, made = dry_run(self.depositary.store, self.depositary.clauses, state, fund)
        self.do(KYIV, body, HEAD)
        if run:
            id_ = f"DS-{len(self.depositary.state.reparations.distributions)}"
            self.do(KYIV, acts.RecordRun(id_, made.result, made.rows, body.paid))

    def pay(self, id_: str, rows: list[tuple[str, int]]) -> None:
        amount = sum(paid for _, paid in rows)
        table = put(self.depositary.store, write(self.folder / "paid.csv", rows, ("id", "paid_cents")))
        text = f"{amount // 100}.{amount % 100:02}"
        self.do(KYIV, acts.RecordPayment(id_, table, len(rows), text, "EUR", "order-1"))


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Iterator[Claims]:
    made = Claims(tmp_path_factory.mktemp("claims"))
    yield made
    made.depositary.close()


def test_claims_by_category_have_what_the_record_has(reader):
    found = {row["category"]: row for row in view(reader, "/reparations/claims")["tables"]["claims"]}
    assert found["A3.1"]["claimed"] == found["A3.1"]["awarded"] == found["A3.1"]["appealed"] == 1
    assert (found["A3.1"]["claimed_amount"], found["A3.1"]["awarded_amount"]) == ("2500.00", "3000.00")
    paid = view(reader, "/reparations/claims")["tables"]["paid"]
    assert [(row["category"], row["claims"], row["amount"]) for row in paid] == [
        ("A2.4", 1, "5000.00"), ("A3.1", 1, "1.00")
    ]  # fmt: skip
    text = reader.get("/reparations/claims?format=csv&table=decisions").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["to"] for row in rows] == ["recorded", "assessed", "awarded", "appealed", "awarded"]
    assert [row["stands"] for row in rows] == ["True", "True", "False", "True", "True"]


def test_the_commission_and_the_money_stand_each_as_it_is(reader):
    said = words(reader.get("/reparations/claims").text)
    assert "Signed by 36 as of" in said
    assert "in force after 25 ratifications and enough money for its own running" in said
    assert "neither stands for the other" in said
    assert "How many have ratified since is in no source that was found." in said
    assert "code not confirmed by a source" in said


@pytest.mark.parametrize("path", ["/claims", "/distributions", "/distributions/DS-1", "/distributions/DS-2?claim=C-2"])
def test_each_page_is_whole_in_both_languages(reader, path):
    for language in ("en", "uk"):
        sign = "&" if "?" in path else "?"
        answer = reader.get(f"/reparations{path}{sign}lang={language}")
        assert answer.status_code == 200, answer.text[:300]
        assert "<h1>" in answer.text


def test_why_an_amount_is_told_step_by_step(reader):
    found = view(reader, "/reparations/distributions/DS-2?claim=C-2")
    (people, all_) = found["tables"]["why"]
    assert (people["step"], people["at_most"]) == (2, "3000.00")
    first = view(reader, "/reparations/distributions/DS-1?claim=C-2")["view"]["why"]
    assert found["view"]["why"]["earlier_cents"] == first["paid_cents"] == 250_000
    assert found["view"]["why"]["paid_cents"] == 50_000
    assert all_["had"] == "3000.00"
    assert "There is no such claim here for you to see" in words(
        reader.get("/reparations/distributions/DS-1?claim=C-9").text
    )


def test_what_a_sensitive_claim_got_is_for_those_who_decide_claims(small):
    path = "/reparations/distributions/DS-1?claim=C-1"
    with console(small) as reader:
        for seat in ("", "POL/foreign"):
            assert view(reader.sits(seat), path)["tables"]["why"] == []
            assert "5,000" not in words(reader.get(path).text).partition("Why this amount")[2].partition("Payments")[0]
            none = reader.get(path.replace("C-1", "C-9")).text.replace("C-9", "C-1")
            assert words(reader.get(path).text) == words(none), "nor is it said that there is such a claim"
            changes = view(reader, "/reparations/distributions/DS-2")["tables"]["changes"]
            assert [row["claim"] for row in changes] == ["C-2", "C-3"]
        assert view(reader.sits("UKR/foreign"), path)["tables"]["why"][0]["paid"] == "5000.00"


def test_the_difference_from_the_last_run_and_the_state_of_each(reader):
    found = view(reader, "/reparations/distributions/DS-2")["view"]["difference"]
    assert found["more"] + found["less"] + found["same"] == 3
    rows = view(reader, "/reparations/distributions")["tables"]["distributions"]
    assert [(row["distribution"], row["state"]) for row in rows] == [("DS-2", "decided"), ("DS-1", "run")]
    assert "There was no run before it." in words(reader.get("/reparations/distributions/DS-1").text)


def test_a_past_day_shows_what_was_then(small, reader):
    at = iso(small.first)
    assert view(reader, f"/reparations/claims?at={at}")["tables"]["paid"] == []
    found = view(reader, f"/reparations/distributions/DS-1?at={at}")
    assert found["tables"]["payments"] == []
    assert found["view"]["distribution"]["outstanding"] == found["view"]["distribution"]["paid"]
    assert reader.get(f"/reparations/distributions/DS-2?at={at}").status_code == 404


def test_the_figure_is_a_file_too(reader):
    for form in ("svg", "png"):
        assert reader.get(f"/reparations/charts/claims-damage.{form}").status_code == 200
    assert reader.get("/reparations/charts/claims-loss.svg").status_code == 404
