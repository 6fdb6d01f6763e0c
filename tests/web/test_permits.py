"""Who may do what, as the page shows it: of a group, of one seat, under a marking; and the permits as they stand."""

from __future__ import annotations

import pytest

from foedus.exercise import build
from tests.web.live_record import console


@pytest.fixture(scope="module")
def exercise(tmp_path_factory):
    depositary = build(tmp_path_factory.mktemp("permits") / "exercise", seed=5)
    yield depositary
    depositary.close()


@pytest.fixture(scope="module")
def served(exercise):
    with console(exercise) as client:
        yield client


@pytest.fixture
def asked(served):
    """A reader who comes for the first time: the console remembers no language."""
    served.cookies.clear()
    return served


def test_the_table_of_permits_is_the_compact_s_own(asked, exercise):
    rows = asked.get("/parties/acts?format=json").json()["tables"]["permits"]
    for row in rows:
        permits = [pair for pair in exercise.clauses.permits(row["act"]) if pair[0].id == row["provision"]]
        assert any(
            by.group == row["group"] and (row["role"] in by.roles or row["role"] == "any")
            for _, permit in permits
            for by in permit.by
        )
    assert {row["act"] for row in rows} == set(exercise.clauses._permits)


def test_two_signatures_are_said_where_two_are_needed(asked):
    text = asked.get("/parties/acts").text
    assert "2 seats sign" in text
    core = asked.get("/parties/acts?group=core").text
    row = core.partition("Deposit a root key")[2].partition("</tr>")[0]
    assert 0 < row.count("2 seats sign") == core.count("2 seats sign") < text.count("2 seats sign")
    assert "Activate the guarantees" in core.partition("Denied to: ")[2]


def test_who_may_do_what_is_asked_of_a_group_a_seat_and_a_marking(asked, exercise):
    def table(query):
        return asked.get(f"/parties/acts?format=json{query}").json()

    of_seat = table("&seat=POL/duty")["tables"]["powers"]
    assert {row["role"] for row in of_seat} == {"duty"}
    core = [row for row in table("&group=core")["tables"]["powers"] if row["role"] == "duty"]
    assert of_seat == core
    may = {row["act"]: row["rule"] for row in core if row["may"]}
    assert may["Acknowledge"] == "P10.start"
    assert {row["rule"] for row in core if row["act"] == "Activate"} == {"P10.two-seats"}
    unsigned = {row["act"] for row in table("&group=named")["tables"]["powers"] if row["may"]}
    assert unsigned == {"SignText", "EnrolSeat", "RevokeSeat", "DepositRootKey"}
    above = table("&level=secret")
    assert above["view"]["ceiling"] == exercise.state.parties.record.ceiling
    assert {(row["may"], row["rule"]) for row in above["tables"]["powers"]} == {(False, "record/ceiling")}
    assert "holds nothing above" in asked.get("/parties/acts?level=secret").text
    assert asked.get("/parties/acts?format=csv").text.startswith("act,effect,role,may,rule,signatures")
    assert asked.get("/parties/acts?seat=POL/king").status_code == 400
