"""`reparations assets` on an exercise: figures that contradict each other stand side by side, as of any day."""

from __future__ import annotations

import json
from decimal import Decimal

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


def next_asset(foedus, exercise):
    """The id of the next asset; the exercise has some of its own."""
    return f"AS-{len(foedus.json('reparations', 'assets', exercise)['assets']) + 1}"


def test_figures_stand_side_by_side(foedus, exercise, tmp_path):
    asset = next_asset(foedus, exercise)
    act(foedus, exercise, tmp_path, "XAA/foreign", "ReportAsset", holder="depository", kind="securities", owner="RUS",
        figure=value("180000000000", "193000000000", "EUR"))  # fmt: skip
    act(foedus, exercise, tmp_path, "XAB/foreign", "ValueAsset", asset=asset,
        figure=value("207000000000", "207000000000", "USD", split="currency", basis="press",
                     confidence="low"))  # fmt: skip
    act(foedus, exercise, tmp_path, "XAA/foreign", "MoveAsset", asset=asset, to="immobilised", instrument="order-1",
        effective_at="2022-03-01T00:00:00Z")  # fmt: skip
    act(foedus, exercise, tmp_path, "XAA/foreign", "RecordStay", asset=asset, case="T-9.26")
    said = foedus("reparations", "assets", exercise, "--asset", asset).out.splitlines()
    assert said[0].endswith("immobilised.")
    assert "180000000000 to 193000000000 EUR" in said[1]
    assert "by who holds it: depository (statement, sure)" in said[1]
    assert "207000000000 to 207000000000 USD" in said[2]
    assert "by currency: depository (press, unsure)" in said[2]
    assert said[3] == "   immobilised since 1 March 2022: order-1."
    assert said[4] == "   Stayed by a court: T-9.26."
    found = foedus.json("reparations", "assets", exercise, "--asset", asset)["assets"]
    assert [(one["party"], one["split"]) for one in found[0]["figures"]] == [("XAA", "custody"), ("XAB", "currency")]
    assert (found[0]["standing"], found[0]["stayed_by"], found[0]["target"]) == ("immobilised", ["T-9.26"], None)
    assert "знерухомлено" in foedus("reparations", "assets", exercise, "--lang", "uk").out
    assert foedus.json("reparations", "assets", exercise, "--at", "2026-01-01")["assets"] == []
    assert foedus("reparations", "assets", exercise, "--asset", "AS-99").status == 2


def test_what_an_asset_secures_stands_with_it(foedus, exercise):
    """The exercise's depository: a loan that its income has served, and a right to use its principal."""
    found = {one["holder"]: one for one in foedus.json("reparations", "assets", exercise)["assets"]}
    held = found["alder-depository"]
    assert [(one["loan"], one["part"], one["outstanding"]) for one in held["secures"]] == [
        ("exercise-loan-1", "income", "0.00"), ("exercise-loan-2", "principal", "500000000.00"),
    ]  # fmt: skip
    said = foedus("reparations", "assets", exercise, "--asset", held["id"]).out
    assert "   Secures exercise-loan-2 with its principal: 500000000.00 EUR outstanding.\n" in said
    assert found["port-of-mere"]["secures"] == []


def test_an_act_on_an_old_asset_is_drafted(foedus, exercise):
    """Euroclear's was reported before many others: its income serves a loan, of which all is outstanding."""
    drafted = foedus.json("act", "new", "RecordIncome", "--record", exercise, "--seat", "BEL/foreign",
                          "--about", "AS-2")  # fmt: skip
    assert (drafted["asset"], drafted["loan"], drafted["amount"]) == ("AS-2", "era-g7", "50000000000.00")
    assert "reference" not in drafted, "whoever pays says it"
    assert foedus("act", "new", "RecordIncome", "--record", exercise, "--seat", "BEL/foreign",
                  "--about", "AS-99").status == 1  # fmt: skip


def test_a_payment_is_recorded_once(foedus, exercise, tmp_path):
    asset, path = next_asset(foedus, exercise), tmp_path / "act.json"
    act(foedus, exercise, tmp_path, "XAA/foreign", "ReportAsset", holder="bank", kind="cash", owner="RUS",
        figure=value("5", "5", "USD"))  # fmt: skip
    act(foedus, exercise, tmp_path, "XAA/foreign", "MoveAsset", asset=asset, to="immobilised", instrument="order-1",
        effective_at="2022-03-01T00:00:00Z")  # fmt: skip
    rent = {"act": "RecordIncome", "asset": asset, "amount": "1", "currency": "USD", "instrument": "order-1"}

    def said(**more: str):
        path.write_text(json.dumps(rent | more), "utf-8")
        return foedus("act", exercise, path, "--as", "XAA/foreign")

    assert said().status == 0
    again = said(amount="1.00")
    assert (again.status, again.out) == (1, "")
    assert f"1.00 USD of {asset} by order-1 is recorded already, in entry" in again.err
    assert said(reference="statement-2").status == 0
    assert said(reference="statement-2").status == 1
    assert said(reference="").status == 2, "no reference is none, and is left out"
    assert said(reference="two words").status == 2
    ledger = foedus("reparations", "ledger", exercise).out.splitlines()
    assert ["-2.00", "USD", f"income/{asset}"] in [line.split() for line in ledger]


def before_transactions(foedus, exercise, tmp_path):
    """What the ledger of the exercise has by itself, as Beancount reads it."""
    out = tmp_path / "before.beancount"
    assert foedus("reparations", "ledger", exercise, "--beancount", out).status == 0
    return [one for one in loader.load_file(str(out))[0] if isinstance(one, data.Transaction)]


def test_the_ledger_adds_up_and_beancount_accepts_it(foedus, exercise, tmp_path):
    asset, before = next_asset(foedus, exercise), foedus("reparations", "ledger", exercise).out.splitlines()
    moved = len(before_transactions(foedus, exercise, tmp_path))
    act(foedus, exercise, tmp_path, "XAA/foreign", "ReportAsset", holder="depository", kind="securities", owner="RUS",
        figure=value("180", "193", "EUR"))  # fmt: skip
    act(foedus, exercise, tmp_path, "XAA/foreign", "MoveAsset", asset=asset, to="immobilised", instrument="order-1",
        effective_at="2022-03-01T00:00:00Z")  # fmt: skip
    money = {"asset": asset, "currency": "EUR", "instrument": "order-2"}
    act(foedus, exercise, tmp_path, "XAA/foreign", "RecordIncome", amount="4.40", **money)
    act(foedus, exercise, tmp_path, "XAA/foreign", "PledgeAsset", loan="era.1", part="income", amount="10", **money)
    act(foedus, exercise, tmp_path, "XAA/foreign", "RecordIncome", amount="2.50", loan="era.1", **money)
    out = tmp_path / "out.beancount"
    ran = foedus("reparations", "ledger", exercise, "--beancount", out)
    new = [line.split() for line in ran.out.splitlines() if line not in before]
    assert ["-6.90", "EUR", f"income/{asset}"] in new
    assert ["2.50", "EUR", "loan/era.1"] in new
    held = {line.split()[-1]: Decimal(line.split()[0]) for line in before if " EUR " in line}
    now = {line.split()[-1]: Decimal(line.split()[0]) for line in ran.out.splitlines() if " EUR " in line}
    assert now["fund"] - held["fund"] == Decimal("4.40")
    assert sum(now.values()) == 0
    entries, errors, _ = loader.load_file(str(out))
    assert errors == []
    assert sum(isinstance(one, data.Transaction) for one in entries) == moved + 2
    assert "nothing is overwritten" in foedus("reparations", "ledger", exercise, "--beancount", out).line
