"""Histories of commitments made by Hypothesis: events as the rules would record them, each at a place.

Ids are given by hand, so that the same events can be told in another order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from foedus.commitments import acts
from foedus.commitments.acts import Quantity
from foedus.commitments.state import State, evolve
from foedus.history import Place

PARTIES = ("EUE", "POL", "NOR", "DEU")
KINDS: tuple[acts.Kind, ...] = ("military", "financial", "training")
UNITS = ("EUR", "tank")
BINDINGS: tuple[acts.Binding, ...] = ("legal", "legal", "political", "intention")
BASES: tuple[acts.Basis, ...] = ("fixed", "at_least", "up_to")
START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
Told = tuple[Any, Place]


@st.composite
def quantities(draw: st.DrawFn, unit: str) -> Quantity:
    """An amount, a range, or undisclosed."""
    form = draw(st.sampled_from(("amount", "amount", "amount", "range", "undisclosed")))
    number = draw(st.integers(1, 50))
    if form == "amount":
        return Quantity(unit, str(number))
    return Quantity(unit, low=str(number), high=str(number + 3)) if form == "range" else Quantity(unit)


@st.composite
def obligations(draw: st.DrawFn, number: int, *, at_once: bool = False) -> list[Told]:
    """The life of one obligation, in order of time: undertaken, scheduled, allocated, delivered, answered, checked."""
    id_, party, unit = f"O-{number}", draw(st.sampled_from(PARTIES)), draw(st.sampled_from(UNITS))
    day = draw(st.integers(0, 30))
    told: list[Told] = []

    def at(event: Any, late: int = 0) -> None:
        nonlocal day
        day += draw(st.integers(0, 20))
        when = START + day * DAY
        known = when if at_once else when + late * DAY
        told.append((event, Place(when, max([known, *(place.known for _, place in told[-1:])]), 0)))

    binding = draw(st.sampled_from(BINDINGS))
    basis = draw(st.sampled_from(BASES))
    starts = draw(st.sampled_from((None, date(2026, 1, 1))))
    recurs: dict[str, Any] = {"every": "year", "ends_on": date(2028, 12, 31)} if starts and draw(st.booleans()) else {}
    kind, much = draw(st.sampled_from(KINDS)), draw(quantities(unit))
    at(
        acts.ObligationUndertaken(
            id_, party, "kyiv-2022", "P2.arms", kind, basis, much, binding, "UKR", starts, **recurs
        )
    )
    for place in range(draw(st.integers(0, 2))):
        tranche = f"{id_}/T-{place + 1}"
        due = START + (day + draw(st.integers(1, 60))) * DAY
        at(acts.TrancheScheduled(tranche, id_, draw(quantities(unit)), due, due + DAY))
        package, funder = f"{tranche}/A-1", draw(st.sampled_from(PARTIES))
        worth = draw(st.sampled_from((None, Quantity("EUR", "100"))))
        at(acts.PackageAllocated(package, tranche, id_, draw(quantities(unit)), "stock", funder, party, party, worth))
        if draw(st.booleans()):
            payer = draw(st.sampled_from(PARTIES))
            cost = Quantity("EUR", "10")
            ground: acts.TransferGround = "share" if funder == "EUE" and draw(st.booleans()) else "refund"
            at(acts.FundingTransferred(f"P-{number}-{place}", payer, funder, cost, ground, package))
        for step in range(draw(st.integers(0, 2))):
            delivery, much = f"{package}/D-{step + 1}", draw(quantities(unit))
            at(acts.DeliveryReported(delivery, package, party, much, START.date(), worth), draw(st.integers(0, 9)))
            _said(draw, at, delivery, unit, party)
    return told


def _said(draw: st.DrawFn, at: Any, delivery: str, unit: str, party: str) -> None:
    """What others say of a delivery."""
    said = draw(st.sampled_from(("nothing", "confirmed", "disputed", "verified", "returned", "corrected")))
    much = Quantity(unit, str(draw(st.integers(0, 20))))
    if said == "confirmed":
        at(acts.ReceiptConfirmed(delivery, "UKR", draw(st.sampled_from((None, much)))))
    elif said == "disputed":
        at(acts.ReceiptDisputed(delivery, "UKR", "short", draw(st.sampled_from((None, much)))))
    elif said == "verified":
        at(acts.DeliveryVerified(delivery, "NOR", "independent", (), draw(st.sampled_from((None, much)))))
    elif said == "returned":
        at(acts.DeliveryReturned(delivery, "UKR", much, "surplus"))
    elif said == "corrected":
        at(acts.FigureCorrected(delivery, party, much))


@st.composite
def histories(draw: st.DrawFn, *, at_once: bool = False) -> list[list[Told]]:
    """Several obligations, each with its own life. `at_once`: everything is known when it is so."""
    return [draw(obligations(number + 1, at_once=at_once)) for number in range(draw(st.integers(1, 4)))]


def in_order(lives: Iterable[list[Told]]) -> list[Told]:
    """All of them as one record would have them: by the time at which each was known, with entry numbers."""
    told = sorted((each for life in lives for each in life), key=lambda one: (one[1].known, one[1].at))
    return [(event, Place(place.at, place.known, number)) for number, (event, place) in enumerate(told)]


def with_clock(told: Iterable[Told]) -> list[Told]:
    """These with what the clock records between them of what falls due: entries like any others."""
    state, every = State(), list[Told]()
    for event, place in told:
        ticks = list(_ticks(state, place.at, place.entry))
        every += [*ticks, (event, place)]
        state = replayed([*ticks, (event, place)], state)
    return every


def recorded(told: Iterable[Told]) -> State:
    """The state after these, the clock recording what is overdue as it falls due."""
    return replayed(with_clock(told))


def replayed(told: Iterable[Told], state: State | None = None) -> State:
    """The state after exactly these."""
    state = state or State()
    for event, place in told:
        state = evolve(state, event, place)
    return state


def _ticks(state: State, at: datetime, entry: int) -> Iterator[Told]:
    while state.agenda is not None and state.agenda.first.due_at <= at:
        deadline = state.agenda.first
        told = acts.TrancheOverdue(deadline.id.partition("/")[2]), Place(deadline.due_at, at, entry)
        yield told
        state = evolve(state, *told)


def clocked(state: State, at: datetime, entry: int) -> State:
    """The state with everything recorded that is overdue at `at`."""
    return replayed(_ticks(state, at, entry), state)
