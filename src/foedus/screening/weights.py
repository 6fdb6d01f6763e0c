"""How much a word of a name says: little when many names have it.

The weight falls with the logarithm of the number of names that have the word, from 1 (no name has it) to LEAST.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from foedus.screening.names import PARTICLES
from foedus.screening.spelling import COUNTED, NAMES

LEAST, FALL = 0.2, 0.9
PARTICLE, TITLE, INITIAL, NUMBER = 0.06, 0.1, 0.15, 0.6
# At most, of a given name of tables/names.txt, and of what is counted there. None is 1, by which other words are known.
KNOWN, KNOWN_COUNTED = 0.6, 0.8
_TITLES = """sheikh shaykh sheik shaikh cheikh scheich mullah mulla molla haji hajji hadji hajj alhaji sayyid sayid
seyyed seyed syed sayyed mufti ustadh"""
TITLES = frozenset(_TITLES.split())  # which some bear as a name
FEWEST_NAMES = 10_000  # a short list says nothing about how common a name is


def fixed(word: str) -> float:
    """The weight of a word whose frequency does not matter; 0 for others."""
    if word in PARTICLES:
        return PARTICLE
    if word in TITLES:
        return TITLE
    if len(word) == 1:
        return INITIAL
    return NUMBER if word.isdigit() else 0.0


def weight(word: str, names_with: int, names: int) -> float:
    """0 to 1 for a word that `names_with` of `names` names have."""
    if found := fixed(word):
        return found
    fall = FALL * math.log1p(names_with) / math.log1p(max(names, FEWEST_NAMES))
    return float(np.float32(max(LEAST, min(-bound(word), 1.0 - fall))))


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
    if found := fixed(word):
        return found
    if word in COUNTED:
        return -KNOWN_COUNTED
    return -KNOWN if word in NAMES else -1.0
