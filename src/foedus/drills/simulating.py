"""Many drills at once, by lot: how long until a quorum, how often in time, and on whom it hinges.

The quorum is the compact's own rule. Only attendance is drawn; what people would then say is nobody's to compute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

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
ASKED_LATER = 1_000  # drills of which it is asked how much later without each party
TOLD = 500  # drills between two words of how far it is
PARTS = (0.05, 0.25, 0.5, 0.75, 0.95)


class Hinge(Struct, frozen=True):
    """One party: in what share of drills its coming made the quorum, in how many fewer there is one in time if it never
    comes, and by how much later the quorum then is on average, where there is one still (of the first drills).
    """

    party: str
    makes_it: float
    lost_without: float
    later_minutes: float = 0.0


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


def simulate(
    plan: Plan, clauses: Clauses, times: int, progress: Callable[[int, int], None] = lambda done, of: None
) -> Simulated:
    """Draw so many drills, saying how far it is. Raises Malformed where the compact knows no quorum or no time to
    convene.
    """
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
        if number % TOLD == 0:
            progress(number, times)
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
        self._known: dict[int, bool] = {}  # by who is there, a bit for each: half a million sets would take 1 GB

    def enough(self, there: Sequence[int]) -> bool:
        """The compact's rule, asked once for each set."""
        key = 0
        for one in there:
            key |= 1 << one
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
        later = _later(place, whens, drawn, rule)
        hinges.append(Hinge(party, round(float(np.mean(pivots == place)), 4), round(lost / times, 4), later))
    hinges.sort(key=lambda one: (-one.lost_without, -one.later_minutes, -one.makes_it, one.party))
    return Simulated(
        times, len(parties), limit / 3600, float(np.mean(in_time)), float(np.mean(~np.isfinite(whens))), at,
        (*(int(one) for one in counted), int(times - counted.sum())), tuple(hinges),
    )  # fmt: skip


def _later(
    place: int, whens: np.ndarray[tuple[int], np.dtype[np.float64]],
    drawn: np.ndarray[tuple[int, int], np.dtype[np.float64]], rule: _Rule,
) -> float:  # fmt: skip
    """By how many minutes the quorum is later on average without this party, in the first drills still having one."""
    delays = []
    for number in range(min(len(whens), ASKED_LATER)):
        row = drawn[number]
        if not np.isfinite(whens[number]) or row[place] > whens[number]:
            delays.append(0.0)
            continue
        coming = [int(one) for one in np.argsort(row) if np.isfinite(row[one]) and one != place]
        enough = rule.first(coming)
        if enough is not None:
            delays.append(float(row[coming[enough]] - whens[number]))
    return round(float(np.mean(delays)) / 60, 1) if delays else 0.0


def shares(found: Simulated) -> list[tuple[float, float | None, int]]:
    """How many drills had their quorum from which hour until which; the last row: later, or never."""
    width = found.needed_hours / BINS
    rows: list[tuple[float, float | None, int]] = [
        (round(n * width, 3), round((n + 1) * width, 3), count) for n, count in enumerate(found.bins[:BINS])
    ]
    return [*rows, (found.needed_hours, None, found.bins[BINS])]


WIDE, HIGH, LEFT, TOP = 23, 200, 64, 26


def plot(found: Simulated, title: str, axes: Mapping[str, str]) -> str:
    """How many drills had their quorum in which part of the time, as SVG. `axes`: words for `later`, `hours` and
    `drills`. It says nothing that its table does not.
    """
    most = max((*found.bins, 1))
    bottom, right = TOP + HIGH, LEFT + (BINS + 2) * WIDE
    parts = []
    for step in range(5):
        y = bottom - HIGH * step // 4
        parts.append(
            f'<line x1="{LEFT}" x2="{right}" y1="{y}" y2="{y}" stroke="{"#0b0c0c" if not step else "#d8dde1"}"/>'
            f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{most * step // 4}</text>'
        )
    for n, count in enumerate(found.bins):
        x, tall = LEFT + (n + (n == BINS)) * WIDE, HIGH * count / most
        colour = "#123f66" if n < BINS else "#7b8794"
        parts.append(
            f'<rect x="{x + 2}" y="{bottom - tall:.1f}" width="{WIDE - 4}" height="{tall:.1f}" fill="{colour}">'
            f"<title>{count}</title></rect>"
        )
    for n in range(0, BINS + 1, 4):
        hour = found.needed_hours * n / BINS
        parts.append(f'<text x="{LEFT + n * WIDE}" y="{bottom + 18}" text-anchor="middle">{hour:g}</text>')
    later = LEFT + (BINS + 1) * WIDE + WIDE // 2
    parts += [
        f'<text x="{later}" y="{bottom + 18}" text-anchor="middle">›</text>',
        f'<text x="{LEFT}" y="{bottom + 40}">{escape(axes["hours"])}</text>',
        f'<text x="{right}" y="{bottom + 40}" text-anchor="end">› {escape(axes["later"])}</text>',
        f'<text x="{LEFT - 8}" y="14" text-anchor="end">{escape(axes["drills"])}</text>',
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right + 8} {bottom + 50}" width="{right + 8}"'
        f' height="{bottom + 50}" role="img" font-family="sans-serif" font-size="13" fill="#0b0c0c">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
