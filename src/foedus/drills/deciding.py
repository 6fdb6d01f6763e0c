"""Many drills at once: how many parties take a position in time, with the steps of their own law and without them.

Only times are drawn; what a party would say is nobody's to compute.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from foedus.compact.clauses import Clauses
from foedus.compact.model import Roll
from foedus.drills.lots import decisions
from foedus.drills.plan import Plan, after
from foedus.parties import mandates


class Deciding(Struct, frozen=True):
    """Measures of one kind: how many of `parties` on average take a position before the time to decide is over, how
    many would if no step of national law stood before it; `too_long`: whose steps alone take longer than that time.
    """

    kind: str
    parties: int
    in_time: float
    without_steps: float
    too_long: tuple[str, ...]


def deciding(plan: Plan, clauses: Clauses, times: int) -> tuple[Deciding, ...]:
    """One for each kind of measure for which the plan states a mandate; none without a time to decide."""
    roll, limit = clauses.one(Roll), mandates.within(clauses)
    kinds = dict.fromkeys(kind for stated in plan.mandates.values() for one in stated for kind in one.kinds)
    if roll is None or limit is None or not kinds:
        return ()
    parties = sorted(set().union(*(clauses.members(group) for group in roll[1].groups)))
    begins = after(plan, "PT0S")
    allowed = (limit.after(begins) - begins).total_seconds()
    drawn = decisions(plan, parties, times)
    free = float((drawn < allowed).sum(axis=1).mean())
    found = []
    for kind in kinds:
        steps = {party: one.steps for party in parties for one in plan.mandates.get(party, ()) if kind in one.kinds}
        held = np.array(
            [mandates.takes(mandates.ahead(steps.get(party, ()), begins, limit)).total_seconds() for party in parties]
        )
        in_time = float((np.maximum(drawn, held) < allowed).sum(axis=1).mean())
        late = tuple(party for party, seconds in zip(parties, held, strict=True) if seconds > allowed)
        found.append(Deciding(kind, len(parties), round(in_time, 2), round(free, 2), late))
    return tuple(found)
