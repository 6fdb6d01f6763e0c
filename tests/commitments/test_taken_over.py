"""Of nobody more is taken over than it gave, for a package or for none; and nothing else is refused."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from foedus import rules
from foedus.acts import Act
from foedus.commitments import acts
from foedus.commitments.acts import Quantity
from foedus.commitments.options import COMMITMENTS
from foedus.commitments.state import State, bounds
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.signing import statement_for
from foedus.state import State as Whole
from tests.web.small_exercise import START, Small

PARTIES = ("POL", "GBR", "AUT")
WORTH = {"POL": Quantity("EUR", "100"), "GBR": Quantity("EUR", low="40", high="60")}
PACKAGES = {"O-1/A-1": "POL", "O-1/A-2": "GBR"}


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Iterator[tuple[Clauses, Whole]]:
    """Poland owes; it gave a package of 100 euros, and the United Kingdom one of 40 to 60. Austria gave nothing."""
    small = Small(tmp_path_factory.mktemp("taken") / "record")
    hundred = Quantity("EUR", "100")
    small.do("POL/defence", acts.UndertakeObligation(
        "kyiv-2022", "P2.arms", "arms_transfers", "fixed", hundred, "legal", "UKR"))  # fmt: skip
    for funder, worth in WORTH.items():
        origin: acts.Origin = "stock" if funder == "POL" else "third_party_funded"
        small.do("POL/defence", acts.Allocate("O-1", Quantity("shell", "8"), origin, funder, "POL", "POL", worth))
    yield small.depositary.clauses, small.depositary.state
    small.depositary.close()


def tried(clauses: Clauses, state: Whole, party: str, body: acts.TransferFunding) -> Whole:
    """The state after it. Raises Refused."""
    seat = f"{party}/foreign"
    statement = statement_for(state, seat, body, START)
    return rules.enact(clauses, state, Act(statement.id, seat, party, "foreign", (seat,), body, statement), START)[1]


def left(state: State, party: str) -> Decimal:
    """What a party gave in euros at most, with what it took over, less what was certainly taken over of it."""
    found = bounds(WORTH[party]).high if party in WORTH else Decimal()
    for one in state.transfers.values():
        found += (one.party == party) * bounds(one.quantity).high - (one.relieved == party) * bounds(one.quantity).low
    return found


def left_of(state: State, package: str | None) -> Decimal:
    """What of a package's cost was not certainly taken over yet; of no package, more than anything."""
    if package is None:
        return Decimal("Infinity")
    taken = sum(bounds(one.quantity).low for one in state.transfers.values() if one.allocation == package)
    return bounds(WORTH[PACKAGES[package]]).high - taken


def drawn(random: Random) -> Iterator[tuple[str, acts.TransferFunding]]:
    while True:
        party, relieved = random.sample(PARTIES, 2)
        low = random.choice((1, 5, 30, 60))
        much = random.choice((Quantity("EUR", str(low)), Quantity("EUR", low=str(low), high=str(low + 20))))
        package = random.choice((None, *(id_ for id_, funder in PACKAGES.items() if funder == relieved)))
        yield party, acts.TransferFunding(relieved, much, random.choice(("refund", "share")), package)


@settings(max_examples=30, phases=[Phase.generate])  # a play is one seed, and no smaller one is like it
@given(st.randoms(use_true_random=False))
def test_nobody_gives_less_than_nothing_and_nothing_else_is_refused(begun, random):
    clauses, state = begun
    for party, body in islice(drawn(random), 60):
        known = state.commitments
        fits = 0 < bounds(body.quantity).low <= min(left(known, body.relieved), left_of(known, body.allocation))
        try:
            state = tried(clauses, state, party, body)
        except Refused:
            was_taken = False
        else:
            was_taken = True
        assert was_taken == fits, body
        assert all(left(state.commitments, one) >= 0 for one in PARTIES)


def test_all_that_was_given_can_be_taken_over_and_then_nothing(begun):
    clauses, state = begun
    state = tried(clauses, state, "AUT", acts.TransferFunding("GBR", Quantity("EUR", "60"), "share"))
    for more in (Quantity("EUR", "0.01"), Quantity("EUR"), Quantity("EUR", low="0", high="5")):
        with pytest.raises(Refused, match=r"of what GBR gave, nothing is left in EUR that could be taken over"):
            tried(clauses, state, "POL", acts.TransferFunding("GBR", more, "share"))
    assert left(state.commitments, "GBR") == 0
    tried(clauses, state, "POL", acts.TransferFunding("AUT", Quantity("EUR", "60"), "refund"))
    with pytest.raises(Refused, match=r"61 EUR of AUT would be taken over, more than the 60 that it gave"):
        tried(clauses, state, "POL", acts.TransferFunding("AUT", Quantity("EUR", "61"), "refund"))


def test_a_package_whose_cost_was_taken_over_with_the_rest_is_not_taken_over_again(begun):
    clauses, state = begun
    state = tried(clauses, state, "AUT", acts.TransferFunding("POL", Quantity("EUR", "99"), "share"))
    with pytest.raises(Refused, match=r"101 EUR of POL would be taken over, more than the 100 that it gave"):
        tried(clauses, state, "GBR", acts.TransferFunding("POL", Quantity("EUR", "2"), "refund", "O-1/A-1"))


def test_how_much_is_not_disclosed_is_not_more_than_was_given(begun):
    clauses, state = begun
    state = tried(clauses, state, "AUT", acts.TransferFunding("GBR", Quantity("EUR"), "share"))
    state = tried(clauses, state, "GBR", acts.TransferFunding("AUT", Quantity("EUR", "500"), "share"))
    assert len(state.commitments.transfers) == 2, "what Austria took over may be any sum"
    assert state.commitments.transfers["P-1"].relieved == "GBR"


def test_a_form_is_offered_while_somebody_gave_something(begun):
    clauses, state = begun

    def offered(seat: str) -> set[tuple[str, str | None]]:
        found = [one.body for one in rules.options(clauses, state, seat, START, COMMITMENTS)]
        return {(one.relieved, one.allocation) for one in found if isinstance(one, acts.TransferFunding)}

    assert ("GBR", None) in offered("POL/foreign")
    assert offered("AUT/foreign") == {("GBR", None), ("POL", "O-1/A-1"), ("GBR", "O-1/A-2")}
    for party, funder, much in (("AUT", "GBR", "60"), ("AUT", "POL", "100")):
        state = tried(clauses, state, party, acts.TransferFunding(funder, Quantity("EUR", much), "share"))
    assert offered("POL/foreign") == {("AUT", None)}
    assert offered("AUT/foreign") == set(), "nothing is left of anybody else's"
