"""`reparations assets` on an exercise: figures that contradict each other stand side by side, as of any day."""

from __future__ import annotations

import json

from beancount import loader
from beancount.core import data


def act(foedus, exercise, tmp_path, seat, name, **body):
    path = tmp_path / "act.json"
    path.write_text(json.dumps({"act": name, **body}), "utf-8")
    ran = foedus("act", exercise, path, "--as", seat)
    assert ran.status == 0, ran.err


def value(low, high, currency, **more):
    return {"low": low, "high": high, "currency": currency, "as_of": "2025-12-01", "basis": "statement",
            "discloser": "depository", "confidence": "high", **more}  # fmt: skip


def test_figures_stand_side_by_side(foedus, exercise, tmp_path):
    assert "No asset is on record." in foedus("reparations", "assets", exercise).out
    act(foedus, exercise, tmp_path, "XAA/foreign", "ReportAsset", holder="depository", kind="securities", owner="RUS",
        figure=value("180000000000", "193000000000", "EUR"))  # fmt: skip
    act(foedus, exercise, tmp_path, "XAB/foreign", "ValueAsset", asset="AS-1",
        figure=value("207000000000", "207000000000", "USD", split="currency", basis="press",
                     confidence="low"))  # fmt: skip
    act(foedus, exercise, tmp_path, "XAA/foreign", "MoveAsset", asset="AS-1", to="immobilised", instrument="order-1",
        effective_at="2022-03-01T00:00:00Z")  # fmt: skip
    act(foedus, exercise, tmp_path, "XAA/foreign", "RecordStay", asset="AS-1", case="T-9.26")
    said = foedus("reparations", "assets", exercise).out.splitlines()
    assert said[0].endswith("immobilised.")
    assert "180000000000 to 193000000000 EUR" in said[1]
    assert "by who holds it: depository (statement, sure)" in said[1]
    assert "207000000000 to 207000000000 USD" in said[2]
    assert "by currency: depository (press, unsure)" in said[2]
    assert said[3] == "   Stayed by a court: T-9.26."
    found = foedus.json("reparations", "assets", exercise, "--asset", "AS-1")["assets"]
    assert [(one["party"], one["split"]) for one in found[0]["figures"]] == [("XAA", "custody"), ("XAB", "currency")]
    assert (found[0]["standing"], found[0]["stayed_by"], found[0]["target"]) == ("immobilised", ["T-9.26"], None)
    assert "знерухомлено" in foedus("reparations", "assets", exercise, "--lang", "uk").out
    assert foedus.json("reparations", "assets", exercise, "--at", "2026-01-01")["assets"] == []
    assert foedus("reparations", "assets", exercise, "--asset", "AS-9").status == 2


def test_the_ledger_adds_up_and_beancount_accepts_it(foedus, exercise, tmp_path):
    assert "No money has moved." in foedus("reparations", "ledger", exercise).out
    act(foedus, exercise, tmp_path, "XAA/foreign", "ReportAsset", holder="depository", kind="securities", owner="RUS",
        figure=value("180", "193", "EUR"))  # fmt: skip
    act(foedus, exercise, tmp_path, "XAA/foreign", "MoveAsset", asset="AS-1", to="immobilised", instrument="order-1",
        effective_at="2022-03-01T00:00:00Z")  # fmt: skip
    money = {"asset": "AS-1", "currency": "EUR", "instrument": "order-2"}
    act(foedus, exercise, tmp_path, "XAA/foreign", "RecordIncome", amount="4.40", **money)
    act(foedus, exercise, tmp_path, "XAA/foreign", "PledgeAsset", loan="era.1", part="income", amount="10", **money)
    act(foedus, exercise, tmp_path, "XAA/foreign", "RecordIncome", amount="2.50", loan="era.1", **money)
    out = tmp_path / "out.beancount"
    ran = foedus("reparations", "ledger", exercise, "--beancount", out)
    assert [line.split() for line in ran.out.splitlines()] == [
        ["4.40", "EUR", "fund"], ["-6.90", "EUR", "income/AS-1"], ["2.50", "EUR", "loan/era.1"],
    ]  # fmt: skip
    entries, errors, _ = loader.load_file(str(out))
    assert errors == []
    assert sum(isinstance(one, data.Transaction) for one in entries) == 2
    assert "nothing is overwritten" in foedus("reparations", "ledger", exercise, "--beancount", out).line
