"""Many drills at once, by lot: how long until a quorum, how often in time, and on whom it hinges.

The quorum is the compact's own rule. Only attendance is drawn; what people would then say is nobody's to compute.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from foedus.compact.clauses import Clauses
from foedus.compact.model import Quorum, Roll
from foedus.compact.operators import holds
from foedus.drills.deciding import Deciding, deciding
from foedus.drills.lots import attendances
from foedus.drills.plan import Plan
from foedus.errors import Malformed

BINS = 24
PARTS = (0.05, 0.25, 0.5, 0.75, 0.95)


class Hinge(Struct, frozen=True):
    """One party: in what share of drills its coming made the quorum, and in how many fewer there is one in time if it
    never comes.
    """

    party: str
    makes_it: float
    lost_without: float


class Simulated(Struct, frozen=True):
    """`within`: share of drills with a quorum before the time to convene is over. `hours`: of those that ever have one,
    the time at each of PARTS; `bins`: how many fall into each part of the time to convene, the last later or never.
    `deciding`: by kind of measure how many decide in time, where the plan states mandates.
    """

    drills: int
    parties: int
    needed_hours: float
    within: float
    never: float
    hours: tuple[float, ...]
    bins: tuple[int, ...]
    hinges: tuple[Hinge, ...]
    deciding: tuple[Deciding, ...] = ()


def simulate(plan: Plan, clauses: Clauses, times: int) -> Simulated:
    """Draw so many drills. Raises Malformed where the compact knows no quorum or no time to convene."""
    quorum, roll, clock = clauses.one(Quorum), clauses.one(Roll), clauses.clock("convene")
    if quorum is None or roll is None or clock is None:
        raise Malformed(
            "{compact} has no quorum and time to convene: there is nothing to simulate", compact=plan.compact
        )
    parties = sorted(set().union(*(clauses.members(group) for group in roll[1].groups)))
    limit = float(clock[1].within.seconds)
    rule = _Rule(clauses, quorum[1], parties)
    drawn = attendances(plan, parties, times)
    order = np.argsort(drawn, axis=1)
    whens, pivots = np.full(times, np.inf), np.full(times, -1)
    for number in range(times):
        row = drawn[number]
        coming = [int(one) for one in order[number] if np.isfinite(row[one])]
        enough = rule.first(coming)
        if enough is not None:
            pivots[number] = coming[enough]
            whens[number] = row[coming[enough]]
    found = _summed(parties, limit, whens, pivots, drawn, rule)
    return replace(found, deciding=deciding(plan, clauses, times))


class _Rule:
    """Whether those who have come are enough."""

    def __init__(self, clauses: Clauses, quorum: Quorum, parties: Sequence[str]) -> None:
        self._clauses, self._rule, self._parties = clauses, quorum.rule, parties
        self._roll = frozenset(parties)
        self._known: dict[frozenset[int], bool] = {}

    def enough(self, there: Sequence[int]) -> bool:
        """The compact's rule, asked once for each set."""
        key = frozenset(there)
        if key not in self._known:
            yes = {self._parties[one] for one in there}
            self._known[key] = holds(self._rule, self._clauses, self._roll, yes, set(), members=self._clauses.members)
        return self._known[key]

    def first(self, coming: Sequence[int]) -> int | None:
        """The place in the order of coming at which it is enough: who is there makes it hold no less."""
        if not self.enough(coming):
            return None
        low, high = 0, len(coming) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.enough(coming[: middle + 1]) else (middle + 1, high)
        return low


def _summed(
    parties: Sequence[str], limit: float,
    whens: np.ndarray[tuple[int], np.dtype[np.float64]], pivots: np.ndarray[tuple[int], np.dtype[np.int64]],
    drawn: np.ndarray[tuple[int, int], np.dtype[np.float64]], rule: _Rule,
) -> Simulated:  # fmt: skip
    times = len(whens)
    in_time = whens < limit
    ever = np.sort(whens[np.isfinite(whens)])
    at = tuple(round(float(np.quantile(ever, part)) / 3600, 3) for part in PARTS) if len(ever) else ()
    edges = np.linspace(0, limit, BINS + 1)
    counted = np.histogram(whens[in_time], edges)[0]
    hinges = []
    for place, party in enumerate(parties):
        # Without it there is a quorum in time only where the others who came in time are enough by themselves.
        made = in_time & (drawn[:, place] <= whens)
        lost = 0
        for number in np.nonzero(made)[0]:
            others = [int(one) for one in np.nonzero(drawn[number] < limit)[0] if one != place]
            lost += not rule.enough(others)
        hinges.append(Hinge(party, round(float(np.mean(pivots == place)), 4), round(lost / times, 4)))
    hinges.sort(key=lambda one: (-one.lost_without, -one.makes_it, one.party))
    return Simulated(
        times, len(parties), limit / 3600, float(np.mean(in_time)), float(np.mean(~np.isfinite(whens))), at,
        (*(int(one) for one in counted), int(times - counted.sum())), tuple(hinges),
    )  # fmt: skip


def plot(found: Simulated, title: str, later: str) -> str:
    """How many drills had their quorum in which part of the time, as SVG with its numbers in words."""
    most = max((*found.bins, 1))
    width, height, left = 24, 160, 8
    bars = "".join(
        f'<rect x="{left + n * width}" y="{height - count * (height - 20) // most}" width="{width - 4}"'
        f' height="{count * (height - 20) // most}" fill="{"#4c2c92" if n < BINS else "#b9c1c8"}">'
        f"<title>{count}</title></rect>"
        for n, count in enumerate(found.bins)
    )
    hours = "".join(
        f'<text x="{left + n * width}" y="{height + 16}" font-size="11">{found.needed_hours * n / BINS:.0f} h</text>'
        for n in range(0, BINS, 4)
    )
    last = f'<text x="{left + BINS * width - 10}" y="{height + 32}" font-size="11">{later}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + (BINS + 2) * width} {height + 40}" role="img"'
        f' aria-label="{title}"><title>{title}</title>{bars}{hours}{last}</svg>'
    )
