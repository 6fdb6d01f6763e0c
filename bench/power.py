"""How long exact voting power and smallest blocking sets take, beside the plain additions that they cannot do without.

    python bench/power.py

Weights up to 1,000, drawn once; the rule asks for 55 % of heads and 65 % of the weights. The floor, measured in turn
with the work: as many additions of whole numbers as there are places in the table of sizes and sums, once for each
player. Medians of the rounds.
"""

from __future__ import annotations

import random
from statistics import median
from time import perf_counter

import numpy as np

from foedus.check.blocking import blocking_sets
from foedus.check.power import least_sums, power
from foedus.check.voting import HEADS, AllOf, Game, Threshold, dual

ROUNDS = 9


def drawn(players: int) -> Game:
    """A game of so many players, the same in every run."""
    lot = random.Random(players)
    weights = tuple(lot.randint(1, 1000) for _ in range(players))
    rule = AllOf((Threshold(HEADS, -(-players * 55 // 100)), Threshold(0, -(-sum(weights) * 65 // 100))))
    return Game(tuple(map(str, range(players))), (weights,), rule)


def floor(game: Game) -> float:
    """Seconds for the additions of one table alone."""
    table = np.zeros((len(game.players) + 1, max(least_sums(dual(game)))), np.int64)
    start = perf_counter()
    for _ in game.players:
        table[1:] += table[:-1]
    return perf_counter() - start


def main() -> None:
    """Print the figures."""
    for players, wanted in ((35, 0.1), (50, 0.3), (60, None)):
        game = drawn(players)
        spent: dict[str, list[float]] = {"floor": [], "power": [], "blocking": []}
        for _ in range(ROUNDS):
            spent["floor"].append(floor(game))
            for name, work in (("power", power), ("blocking", blocking_sets)):
                start = perf_counter()
                work(game)
                spent[name].append(perf_counter() - start)
        least = median(spent["floor"])
        for name, goal in (("power", wanted), ("blocking", 0.5 if players == 35 else None)):
            found = median(spent[name])
            beside = f", wanted {goal} s" if goal else ""
            print(f"{players} parties, {name}: {found:.3f} s; floor {least:.3f} s; {found / least:.1f} times{beside}")


if __name__ == "__main__":
    main()
