"""How much a word of a name says: little when many names have it.

The weight falls with the logarithm of the number of names that have the word, from 1 (no name has it) to LEAST.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.screening.names import PARTICLES
from foedus.screening.spelling import NAMES

LEAST, FALL = 0.2, 0.9
PARTICLE, INITIAL, NUMBER, KNOWN = 0.06, 0.15, 0.6, 0.6
FEWEST_NAMES = 10_000  # a short list says nothing about how common a name is


def fixed(word: str) -> float:
    """The weight of a word whose frequency does not matter; 0 for others."""
    if word in PARTICLES:
        return PARTICLE
    if len(word) == 1:
        return INITIAL
    return NUMBER if word.isdigit() else 0.0


def weight(word: str, names_with: int, names: int) -> float:
    """0 to 1 for a word that `names_with` of `names` names have."""
    if found := fixed(word):
        return found
    fall = FALL * math.log1p(names_with) / math.log1p(max(names, FEWEST_NAMES))
    known = KNOWN if word in NAMES else 1.0
    return float(np.float32(max(LEAST, min(known, 1.0 - fall))))


def weights(fixed_weights: NDArray[np.float32], names_with: NDArray[np.int32], names: int) -> NDArray[np.float32]:
    """The same for a whole vocabulary. `fixed_weights`: negative where it is the most a frequency may give, else what
    holds.
    """
    most = int(names_with.max(initial=0))
    fall = (FALL * np.log1p(np.arange(most + 1, dtype=np.float64)) / math.log1p(max(names, FEWEST_NAMES)))[names_with]
    by_frequency = np.maximum(LEAST, np.minimum(-fixed_weights.astype(np.float64), 1.0 - fall)).astype(np.float32)
    return np.where(fixed_weights > 0, fixed_weights, by_frequency)


def bound(word: str) -> float:
    """What `weights` takes for a word: its fixed weight, or minus the most that it may weigh."""
    return fixed(word) or (-KNOWN if word in NAMES else -1.0)
