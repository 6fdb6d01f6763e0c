"""What a record's door looks into beside the rules: tables of claims, small ones, for those who may state such acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from foedus import archive, looked_into, recording
from foedus.claimed import keep, stated_of
from foedus.errors import Refused
from foedus.reparations import acts
from foedus.signing import sign, statement_for
from tests.claims.tables import claims
from tests.web.small_exercise import Small

KYIV = "UKR/foreign"


@pytest.fixture
def small(tmp_path) -> Iterator[Small]:
    made = Small(tmp_path / "record")
    made.depositary.look = looked_into.as_stated
    yield made
    made.depositary.close()


def deposit(small: Small, folder, number: int, amount: int = 100) -> acts.DepositClaims:
    file = claims(folder / f"{number}.csv", [(f"C-{number}", "A2.1", amount, "EUR")])
    totals, rows = stated_of(file)
    digest = keep(small.depositary.store, file)
    return acts.DepositClaims("register-of-damage", "damage", digest, rows, date(2022, 3, 16), totals)


def lied(body: acts.DepositClaims) -> acts.DepositClaims:
    total = acts.Total("A2.1", "EUR", 1, "999.00")
    return acts.DepositClaims(body.register, body.measure, body.table, body.rows, body.first_cause, (total,))


def test_a_seat_that_may_not_state_it_learns_nothing_of_the_table(small, tmp_path):
    false = lied(deposit(small, tmp_path, 1))
    with pytest.raises(Refused, match="other sums or rows than are stated") as refused:
        small.do(KYIV, false)
    assert "A2.1 EUR 1 100" in refused.value.because
    with pytest.raises(Refused, match="names others") as refused:
        small.do("POL/foreign", false)
    assert "100" not in refused.value.because


def test_what_is_large_or_lies_elsewhere_is_left_to_who_recomputes(small, tmp_path, monkeypatch):
    false = lied(deposit(small, tmp_path, 1))
    monkeypatch.setattr(looked_into, "MOST_BYTES", 10)
    small.do(KYIV, false)
    assert list(small.depositary.state.reparations.batches) == ["CB-1"]


def test_a_table_that_is_none_is_refused_and_nothing_else_stops(small, tmp_path):
    body = deposit(small, tmp_path, 1)
    digest = archive.put(small.depositary.store, b"id,name\nC-1,Olena\n")
    none = acts.DepositClaims(body.register, body.measure, digest, 1, body.first_cause, body.totals)
    with pytest.raises(Refused, match="cannot be read") as refused:
        small.do(KYIV, none)
    assert "Olena" not in refused.value.because
    assert "/" not in refused.value.because, "nor where it lay meanwhile"
    small.do(KYIV, body)


def test_so_many_are_looked_into_together(small, tmp_path):
    bodies = [deposit(small, tmp_path, number) for number in range(recording.MOST_LOOKED + 2)]
    state = small.depositary.state
    signed = [
        sign(statement_for(state, KYIV, body, small.at), [small.keys.key_of(KYIV)], exercise=True) for body in bodies
    ]
    done = small.depositary.perform_all(signed)
    refused = [isinstance(one, Refused) for one in done]
    assert refused == [False] * recording.MOST_LOOKED + [True, True]
    assert "10 acts that name tables of claims are taken together at most" in str(done[-1])
    assert not any(isinstance(one, Refused) for one in small.depositary.perform_all(signed[-2:])), "sent after them"
