"""When each party that nobody plays answers: drawn from the plan's distributions. The same seed gives the same draw."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from foedus.compact.duration import Duration
from foedus.drills.plan import Answering, Plan


class Answers(Struct, frozen=True):
    """Seconds after the request; None: never."""

    acknowledges: float | None
    attends: float | None
    decides: float | None
    declines: bool


def answers(plan: Plan, parties: Sequence[str]) -> dict[str, Answers]:
    """One draw for each party."""
    draw = np.random.default_rng(plan.seed)
    found = {}
    for party in parties:
        manner = plan.manner(party)
        acknowledges, attends, decides = (_one(draw, one) for one in (manner.acknowledge, manner.attend, manner.decide))
        found[party] = Answers(acknowledges, attends, decides, bool(draw.random() < manner.declines))
    return found


def _one(draw: np.random.Generator, how: Answering) -> float | None:
    takes = draw.random() < how.share
    seconds = float(draw.lognormal(math.log(_median(how)), math.log(how.spread)))
    return seconds if takes else None


def attendances(plan: Plan, parties: Sequence[str], times: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """So many draws of when each party comes, in seconds after the request: a row for each draw; infinite: never."""
    return _draws(plan.seed, [plan.manner(party).attend for party in parties], times)


def decisions(plan: Plan, parties: Sequence[str], times: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The same of when each party would take its position, were it only for its people."""
    return _draws(plan.seed + 1, [plan.manner(party).decide for party in parties], times)


def _draws(seed: int, hows: Sequence[Answering], times: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    draw = np.random.default_rng(seed)
    found = np.empty((times, len(hows)))
    for place, how in enumerate(hows):
        found[:, place] = draw.lognormal(math.log(_median(how)), math.log(how.spread), times)
        found[draw.random(times) >= how.share, place] = np.inf
    return found


def _median(how: Answering) -> float:
    return float(Duration.parse(how.median).seconds)
