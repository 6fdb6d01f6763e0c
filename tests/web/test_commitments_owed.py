"""Pages over the account of a record: what is overdue first, one obligation to its evidence, the gap, what is due."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from foedus.commitments.account import seen
from foedus.commitments.acts import (
    Allocate,
    Basis,
    Binding,
    ConfirmReceipt,
    DisputeReceipt,
    Quantity,
    ReportDelivery,
    ScheduleTranche,
    StateRequirement,
    UndertakeObligation,
    VerifyDelivery,
)
from foedus.response.acts import Evidence
from foedus.signing import attach
from foedus.web import commitments_kept
from foedus.web.moments import iso
from tests.web.small_exercise import Small, console, view
from tests.web.test_ics import lines

UNIT = "howitzer"


def owes(basis: Basis, quantity: Quantity, binding: Binding, since: date) -> UndertakeObligation:
    """An obligation to transfer weapons under the text."""
    return UndertakeObligation("kyiv-2022", "P2.arms", "arms_transfers", basis, quantity, binding, "UKR", since)


def owe(made: Small) -> None:
    """Poland owes 30 howitzers in two tranches: of the first 15 of 20 came, verified by the United Kingdom; the
    second is to come. The United Kingdom only intends 40, and its money came as disputed. Ukraine needs 60.
    """
    day = made.at.date()
    first, second = day + timedelta(days=30), day + timedelta(days=120)
    made.do("POL/defence", owes("units", Quantity(UNIT, "30"), "legal", day))
    made.do("GBR/defence", owes("units", Quantity(UNIT, "40"), "intention", day))
    made.do("GBR/defence", owes("fixed", Quantity("EUR", "5000000"), "legal", day))
    made.do("POL/defence", ScheduleTranche("O-1", Quantity(UNIT, "20"), first, 10))
    made.do("POL/defence", ScheduleTranche("O-1", Quantity(UNIT, "10"), second))
    made.do("GBR/defence", ScheduleTranche("O-2", Quantity(UNIT, "40"), first))
    made.do("GBR/defence", ScheduleTranche("O-3", Quantity("EUR", "5000000"), first))
    made.do("POL/defence", Allocate("O-1/T-1", Quantity(UNIT, "20"), "stock", "POL", "POL", "POL"))
    made.do("GBR/defence", Allocate("O-3/T-1", Quantity("EUR", "5000000"), "stock", "GBR", "GBR", "GBR"))
    made.do("UKR/defence", StateRequirement("artillery", UNIT, "60", "80", second, 1))
    made.later(days=20)
    made.do("POL/defence", ReportDelivery("O-1/T-1/A-1", Quantity(UNIT, "15"), made.at.date()))
    made.do("GBR/defence", ReportDelivery("O-3/T-1/A-1", Quantity("EUR", "5000000"), made.at.date()))
    made.do("UKR/defence", ConfirmReceipt("O-1/T-1/A-1/D-1"))
    made.do("UKR/defence", DisputeReceipt("O-3/T-1/A-1/D-1", "short", Quantity("EUR", "4000000")))
    item = attach(b"a photograph of fifteen howitzers", "evidence")
    evidence = (Evidence(item[0].digest, "GBR/defence", made.at, "photograph"),)
    made.do("GBR/defence", VerifyDelivery("O-1/T-1/A-1/D-1", "independent", evidence), attachments=[item])
    made.later(days=30)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Iterator[Small]:
    made = Small(tmp_path_factory.mktemp("owed") / "record")
    owe(made)
    yield made
    made.depositary.close()


def test_what_is_overdue_stands_first_and_an_intention_never_is(reader):
    shown = view(reader, "/commitments/obligations")
    assert [row["tranche"] for row in shown["tables"]["overdue"]] == ["O-3/T-1", "O-1/T-1"]
    assert [Decimal(row["came_low"]) for row in shown["tables"]["overdue"]] == [4_000_000, 15]
    assert "3 obligations; 2 tranches are overdue" in reader.words("/commitments/obligations")
    one = view(reader, "/commitments/obligations?party=GBR")
    assert [row["tranche"] for row in one["tables"]["overdue"]] == ["O-3/T-1"]
    assert one["view"]["obligations"] == 2


def test_sums_are_by_stage_and_unit_and_never_across(reader):
    sums = {(row["stage"], row["unit"]): Decimal(row["low"])
            for row in view(reader, "/commitments/obligations?party=POL")["tables"]["sums"]}  # fmt: skip
    assert sums == {
        ("committed", UNIT): 30, ("scheduled", UNIT): 30, ("allocated", UNIT): 20, ("delivered", UNIT): 15,
        ("received", UNIT): 15, ("verified", UNIT): 15,
    }  # fmt: skip


def test_an_obligation_is_shown_from_its_clause_to_its_evidence(small, reader):
    said = reader.words("/commitments/obligations/O-1")
    for expected in ("Poland", "P2.arms", "O-1/T-1", "Overdue", "O-1/T-1/A-1", "3: independent evidence", "Evidence:"):
        assert expected in said, expected
    page = reader.get("/commitments/obligations/O-1").text
    entry = small.depositary.state.commitments.deliveries["O-1/T-1/A-1/D-1"].checks[0].place.entry
    assert f'href="/record/{entry}"' in page
    rows = view(reader, "/commitments/obligations/O-1")["tables"]
    assert [(row["tranche"], row["standing"]) for row in rows["tranches"]] == [
        ("O-1/T-1", "overdue"), ("O-1/T-2", "planned"),
    ]  # fmt: skip
    assert [(row["delivery"], row["level"]) for row in rows["deliveries"]] == [("O-1/T-1/A-1/D-1", 3)]
    assert "Disputed: less came" in reader.words("/commitments/obligations/O-3")
    assert reader.get("/commitments/obligations/O-99").status_code == 404


def test_the_past_is_shown_as_it_was(small, reader):
    then = iso(small.at - timedelta(days=29))
    assert view(reader, f"/commitments/obligations?at={then}")["tables"]["overdue"] == []
    rows = view(reader, f"/commitments/obligations/O-1?at={then}")["tables"]["tranches"]
    assert [row["standing"] for row in rows] == ["planned", "planned"]


def test_the_gap_is_against_what_is_due_and_not_what_is_intended(reader):
    (gap,) = view(reader, "/commitments/requirements")["tables"]["gaps"]
    assert [Decimal(gap[name]) for name in ("minimum", "came", "due", "intended", "missing")] == [60, 15, 15, 40, 30]
    said = reader.words("/commitments/requirements")
    assert "1 of 1 requirement is not met by what is due" in said
    assert "30 missing" in said
    assert 'class="drawn wide"' in reader.get("/commitments/requirements").text


def test_charts_of_the_record_are_there_as_files(reader):
    for name in ("gap-0.svg", "tranches.svg?obligation=O-1", "tranches.png?obligation=O-1"):
        answer = reader.get(f"/commitments/charts/{name}")
        assert answer.status_code == 200, name
        assert answer.content.startswith(b"\x89PNG" if ".png" in name else b"<svg")
    for name in ("gap-9.svg", "tranches.svg?obligation=O-99", "tranches.pdf?obligation=O-1"):
        assert reader.get(f"/commitments/charts/{name}").status_code == 404, name


def test_a_guarantor_has_its_agreements_what_is_due_next_and_what_is_overdue(reader):
    said = reader.words("/commitments/obligations?party=POL")
    assert said.split("Commitments")[1].count("Poland: 1 obligation; 1 tranche is overdue") or "Poland: 1" in said
    assert "Its agreements: ukr-pol-2024" in said
    assert "What is due next" in said


def test_what_nobody_has_promised_is_named(reader):
    shown = view(reader, "/commitments/coverage")
    rows = {row["kind"]: row for row in shown["tables"]["coverage"]}
    assert rows["arms_transfers"]["obligations"].split() == ["O-1", "O-2", "O-3"]
    assert shown["view"]["nobody"]
    first = shown["tables"]["coverage"][: len(shown["view"]["nobody"])]
    assert [row["provision"] for row in first] == shown["view"]["nobody"]  # what nobody has promised stands first


def test_coverage_is_a_grid_of_agreements_by_provisions_that_leads_to_the_obligations(reader):
    tables = view(reader, "/commitments/coverage")["tables"]
    grid = {row["agreement"]: row for row in tables["grid"]}
    assert grid["kyiv-2022"]["P2.arms"] == "binding"
    assert grid["ukr-pol-2024"]["P2.arms"] == "text"
    assert set(grid["ukr-bgr"].values()) == {"ukr-bgr", "nothing"}
    cells = {(row["provision"], row["agreement"]): row for row in tables["cells"]}
    assert len(cells) == len(tables["grid"]) * len(tables["coverage"])
    assert cells["P2.arms", "kyiv-2022"]["obligations"] == "O-1 O-2 O-3"
    for row in tables["coverage"]:
        for level in ("binding", "promised", "intention", "text"):
            assert row[level] == sum(line[row["provision"]] == level for line in tables["grid"])
    page = reader.get("/commitments/coverage").text
    assert 'href="/commitments/obligations?kind=arms_transfers"><svg' in page
    assert 'href="/compact/agreements/ukr-pol-2024"><svg' in page
    assert "3 obligations" in reader.words("/commitments/coverage")
    assert reader.get("/commitments/coverage?format=csv&table=grid").text.startswith("agreement,P2.")


def test_tranches_and_requirements_are_in_the_calendar_and_its_feed(small, reader):
    due = {row["id"]: row for row in view(reader, "/commitments/calendar")["tables"]["due"]}
    assert due["O-1/T-1"]["late"]
    assert not due["O-1/T-2"]["late"]
    assert due["Q-1"]["parties"] == "UKR"
    assert date.fromisoformat(due["O-1/T-2"]["due"]) == date.fromisoformat(due["Q-1"]["due"])
    assert len(due) == len(view(reader, "/commitments/calendar")["tables"]["due"])
    found = lines(reader.get("/commitments/calendar.ics?kind=tranche").content)
    assert sum(line.startswith("UID:O-") for line in found) == 3


@pytest.mark.parametrize("path", ["obligations", "obligations/O-1", "obligations/O-3", "requirements", "coverage"])
def test_every_page_is_there_in_ukrainian(reader, path):
    answer = reader.sits("", "uk").get(f"/commitments/{path}")
    assert answer.status_code == 200
    assert "style=" not in answer.text.split("<main")[1].split("</main>")[0]


def test_an_empty_record_says_so(tmp_path):
    empty = Small(tmp_path / "record")
    with console(empty) as reader:
        assert "Nobody owes anything in this record yet" in reader.sits("").words("/commitments/obligations")
        assert "No requirement is stated for a day to come" in reader.words("/commitments/requirements")
    empty.depositary.close()


def test_a_past_day_that_takes_long_says_so_asks_again_and_is_then_there(reader, small, monkeypatch):
    held = threading.Event()
    monkeypatch.setattr("foedus.web.commitments_kept.seen", lambda *asked: held.wait(30) and seen(*asked))
    reader.client.app.state["console"].pasts = commitments_kept.Pasts(0.05)
    then = f"{small.at:%Y-%m-%dT%H:%M:%SZ}"
    address = f"/commitments/obligations?at={then}"
    first = reader.get(address)
    assert first.status_code == 503
    assert first.headers["Retry-After"] == first.headers["Refresh"] == "2"
    assert "added up anew" in first.text
    assert reader.get(f"{address}&format=json").json()["error"] == "being_made"
    held.set()
    reader.client.app.state["console"].pasts._patience = 30
    answer = reader.get(address)
    assert answer.status_code == 200
    assert answer.text == reader.get(address).text
