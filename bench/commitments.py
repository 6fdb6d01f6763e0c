"""How long the questions of every day take among a million tranches: what is overdue, and the sums of an overview.

    python bench/commitments.py            in memory; about 3 GB

Ten thousand obligations of forty parties, a hundred tranches each over ten years, made by the events that the rules
record and added up by the state's own evolve. Half of the tranches lie before the day of the questions: of these nine
tenths came, and the rest is overdue. The floors are of the same run: for what is overdue, looking up as many tranches
by their ids; for an overview, one empty call for each sum kept. Beside them stands what the same overview takes when
every subject is looked at, and what changed since is taken back, as a question about a past day has to.
"""

from __future__ import annotations

import gc
import resource
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from time import process_time

from foedus.commitments import acts
from foedus.commitments.account import overdue, seen, totals
from foedus.commitments.acts import Quantity
from foedus.commitments.calendar import falls
from foedus.commitments.needs import gaps
from foedus.commitments.state import State, evolve, in_order_of_age
from foedus.history import Place

OBLIGATIONS, TRANCHES, PARTIES = 10_000, 100, 40
START, DAY = datetime(2027, 1, 1, tzinfo=UTC), timedelta(days=1)
NOW = START + 1826 * DAY
CAME = 0.9
KINDS: tuple[acts.Kind, ...] = ("arms_transfers", "air_missile_defence", "financial", "training", "technical")
UNITS = ("EUR", "USD", "howitzer", "battery", "person-trained", "vehicle")
TIMES = 21
NAMES = tuple(f"P{number:02}" for number in range(PARTIES))


def made(
    random: Random, parties: Sequence[str] = NAMES, obligations: int = OBLIGATIONS, tranches: int = TRANCHES
) -> State:
    """The state after every event, and after the clock of the day of the questions."""
    state, entry = State(), 0
    ten = {unit: Quantity(unit, "10") for unit in UNITS}
    for number in range(obligations):
        party, unit = parties[number % len(parties)], UNITS[number % len(UNITS)]
        id_, place = f"O-{number + 1}", Place(START, START, entry)
        owed = acts.ObligationUndertaken(
            id_, party, "bench", "P2.arms", KINDS[number % len(KINDS)], "units", Quantity(unit, str(10 * tranches)),
            "legal", "UKR", date(2027, 1, 1),
        )  # fmt: skip
        state = evolve(state, owed, place)
        for step in range(tranches):
            due = START + (step * 3652 // tranches + number % 36) * DAY
            tranche = f"{id_}/T-{step + 1}"
            state = evolve(state, acts.TrancheScheduled(tranche, id_, ten[unit], due, due), place)
            if due < NOW and random.random() < CAME:
                package, at = f"{tranche}/A-1", Place(due - DAY, due - DAY, entry)
                state = evolve(
                    state, acts.PackageAllocated(package, tranche, id_, ten[unit], "stock", party, party, party), at
                )
                came = acts.DeliveryReported(f"{package}/D-1", package, party, ten[unit], (due - DAY).date())
                state = evolve(state, came, at)
        entry += 1
    return needing(recorded(state, entry), entry)


def recorded(state: State, entry: int) -> State:
    """What the depositary's clock records until the day of the questions."""
    while state.agenda is not None and state.agenda.first.due_at <= NOW:
        deadline = state.agenda.first
        place = Place(deadline.due_at, deadline.due_at, entry)
        state = evolve(state, acts.TrancheOverdue(deadline.id.partition("/")[2]), place)
    return state


def needing(state: State, entry: int) -> State:
    """A requirement of one unit on each first of January to come."""
    for year in range(NOW.year + 1, NOW.year + 5):
        day = date(year, 1, 1)
        stated = acts.RequirementStated(f"Q-{year}", "artillery", "howitzer", "100000", "200000", day, 1)
        state = evolve(state, stated, Place(NOW, NOW, entry))
    return state


def timed(question: object, times: int = TIMES) -> float:
    """The median of so many answers, in milliseconds of this process: other work on the machine is not counted."""
    assert callable(question)
    taken = []
    for _ in range(times):
        start = process_time()
        question()
        taken.append((process_time() - start) * 1000)
    return median(taken)


def overview(state: State) -> int:
    """What a page of totals asks for: by stage and kind, by party, by year, and the month to come."""
    by_kind = totals(state, ("stage", "kind"))
    by_party = totals(state, ("stage", "party"))
    by_year = totals(state, ("stage", "year"))
    month = falls(state, NOW.date(), NOW.date() + 30 * DAY)
    return len(by_kind) + len(by_party) + len(by_year) + len(month)


def main() -> None:
    """Make the state, ask, and print each figure beside its floor."""
    gc.disable()
    start = process_time()
    state = made(Random(1))
    built = process_time() - start
    late = list(in_order_of_age(state.late))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{len(state.tranches):,} tranches, {len(state.deliveries):,} deliveries, {len(late):,} overdue, "
          f"{len(state.sums):,} sums; made in {built:.0f} s, {peak:.1f} GB")  # fmt: skip
    found = timed(lambda: overdue(state, NOW))
    lookups = timed(lambda: [state.tranches[id_] for id_ in late])
    assert len(overdue(state, NOW)) == len(late)
    print(f"overdue for all: {found:.1f} ms (50 allowed); looking up as many tranches: {lookups:.1f} ms")
    pages = timed(lambda: overview(state))
    calls = timed(lambda: [None for _ in state.sums])
    print(f"overview: {pages:.1f} ms (200 allowed); one empty step for each sum: {calls:.2f} ms")
    needs = timed(lambda: gaps(state, NOW), 5)
    print(f"gap of four requirements with the forecast over {len(state.tranches):,} tranches: {needs:.0f} ms")
    past = timed(lambda: overview(seen(state, NOW - 365 * DAY, NOW)), 1)
    print(f"the same overview of a past day, what changed since taken back: {past / 1000:.1f} s")


if __name__ == "__main__":
    main()
